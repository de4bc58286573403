#!/usr/bin/env bash
# The two commands of the README on a bare machine: a Debian 12 made for the occasion, with git, make, python3 and nothing else.
#   .ci/bare.sh [run|test]        both by default; as root; what is committed is tried, not what is being edited
# TESTS="tests/deploy …" chooses tests, DEBIAN_MIRROR=… where Debian's packages come from. What each command printed stays in
# build/bare/. Package registries are reached as this machine reaches them: same names, certificates, proxies and mirrors.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly PACKAGES=git,make,python3,ca-certificates
readonly LOGS=$PWD/build/bare
# Names of the variables by which a machine says how its network is reached.
readonly NETWORK='^((https?|no|all)_proxy|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE|PIP_(CERT|PROXY|INDEX_URL|EXTRA_INDEX_URL)|UV_(DEFAULT_INDEX|INDEX|NATIVE_TLS|SYSTEM_CERTS)|NODE_EXTRA_CA_CERTS|(npm_config|NPM_CONFIG)_.*)$'
# Files that say the same.
readonly SETTINGS=(/etc/hosts /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt /etc/apt/apt.conf /etc/pip.conf /etc/uv/uv.toml ~/.npmrc)

main() {
    local part
    case ${1:-both} in both | run | test) ;; *) sed -n '2,5p' "$0" >&2 && exit 2 ;; esac
    ((EUID == 0)) || { echo "Root only: a file system is made and entered (chroot)." >&2 && exit 1; }
    mkdir -p "$LOGS"
    ROOT=$(mktemp -d -t vigistock-bare-XXXXXX)
    chmod 755 "$ROOT" # PostgreSQL and nginx give up root's rights
    # Mounts exist only in the namespace of each command and die with it: the folder can always be removed.
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    timed system new_system
    for part in run test; do
        [[ ${1:-both} != both && ${1:-both} != "$part" ]] || timed "make $part" "make_$part"
    done
}

new_system() {
    unshare --mount --fork --kill-child debootstrap --variant=minbase --include="$PACKAGES" bookworm "$ROOT" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
    local file
    for file in "${SETTINGS[@]}" $(grep -ls '^ *Acquire' /etc/apt/apt.conf.d/*) $(network | cut -d= -f2-); do
        [[ ! -f $file ]] || install -D -m 644 "$file" "$ROOT$file"
    done
    git clone -q --no-hardlinks . "$ROOT/vigistock"
}

make_run() {
    local port
    port=$(python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
    # The page is visited from inside, once the environment is there; stopping is what Ctrl+C does.
    inside "cd /vigistock
        trap 'cat /printed' EXIT
        setsid make run PORT=$port >/printed 2>&1 & run=\$!
        until test -e .venv/.installed; do kill -0 \$run || exit 1; sleep 1; done
        .venv/bin/python .ci/first_page.py $port & page=\$!
        while kill -0 \$page 2>/dev/null; do kill -0 \$run || exit 1; sleep 1; done
        wait \$page; seen=\$?
        kill -INT -- -\$run; wait \$run
        exit \$seen"
    ! grep -iE 'warning|error|traceback' "$ROOT/printed"
}

make_test() {
    inside "cd /vigistock && make test ${TESTS:+TESTS='$TESTS'}"
}

# A shell in the new system: its own processes and mounts, all gone when it ends; the environment of a first login.
inside() {
    local variables
    mapfile -t variables < <(network)
    unshare --mount --pid --fork --kill-child bash -ec '
        mount -t proc proc "$1/proc"
        mount --bind /dev "$1/dev"
        mount -t tmpfs -o mode=1777 shm "$1/dev/shm"
        exec chroot "$1" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${@:3}" bash -c "$2"
    ' bash "$ROOT" "$1" "${variables[@]}"
}

network() {
    local name
    for name in $(compgen -e); do
        [[ ! $name =~ $NETWORK ]] || printf '%s=%s\n' "$name" "${!name}"
    done
}

# timed NAME FUNCTION: runs it, its output kept and shown when it fails; prints how long it took.
timed() {
    local start=$SECONDS log="$LOGS/$1.log" code=0
    echo "$1…"
    # A group of its own: stopping this script stops all of it at once.
    set -m
    ("$2") >"$log" 2>&1 </dev/null &
    RUNNING=$!
    set +m
    wait "$RUNNING" || code=$?
    if ((code)); then
        tail -n 60 "$log" >&2
        echo "$1: FAILED after $(minutes "$start"), all of it in $log" >&2
        exit 1
    fi
    tail -n 3 "$log"
    echo "$1: passed in $(minutes "$start")"
}

clean_up() {
    kill -KILL -- "-$RUNNING" 2>/dev/null || true
    wait 2>/dev/null
    rm -rf --one-file-system "$ROOT"
}

minutes() { printf '%d min %02d s' $(((SECONDS - $1) / 60)) $(((SECONDS - $1) % 60)); }

main "$@"; exit
