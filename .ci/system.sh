#!/usr/bin/env bash
# System packages (Debian) that a command needs: .ci/system.sh PACKAGE…
# Those already here are left alone. Root installs what is missing; anybody else reads what to ask for.
set -euo pipefail

# Whether what a package brings is here, wherever it came from.
is_here() {
    case $1 in
        python3-venv) python3 -c "import ensurepip, venv" ;;
        libatomic1) python3 -c "import ctypes; ctypes.CDLL('libatomic.so.1')" ;;
        nginx) command -v nginx || test -x /usr/sbin/nginx ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

missing=()
for package in "$@"; do
    is_here "$package" || missing+=("$package")
done
((${#missing[@]})) || exit 0

advice="Il manque ${missing[*]} : « apt-get install --no-install-recommends ${missing[*]} » (root), puis relancer la commande."
if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    echo "$advice" >&2
    exit 1
fi
echo "Installation de paquets du système : ${missing[*]}…"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "$advice" >&2
    exit 1
fi
rm -f "$log"
