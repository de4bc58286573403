#!/bin/sh
# Puts a backup back into an empty home: restore.sh SOURCE [JOURNAL COPY, by default the newest]
# Settings are those of the refresh and name the new home and, for PostgreSQL, a new empty database. Nothing is
# overwritten: a home that already holds files or a journal is refused. Then: python -m data.build
set -eu
umask 027
source=$(realpath "${1:?source}")
copy=$(realpath "${2:-$(find "$source/journal" -type f ! -name '*.part' | sort | tail -n 1)}")
cd "$(dirname "$(realpath "$0")")/../.."
python=${VIGISTOCK_PYTHON:-.venv/bin/python}
settings=$("$python" -c 'from data.settings import Settings; s = Settings(); print(s.home.resolve(), s.journal, sep="\n")')
home=$(echo "$settings" | sed -n 1p)
journal=$(echo "$settings" | sed -n 2p)

if [ -n "$(ls -A "$home/raw" 2>/dev/null)" ]; then echo "restore.sh: $home/raw is not empty" >&2; exit 2; fi
case $journal in
sqlite:///*)
    file=${journal#sqlite:///}
    if [ -e "$file" ]; then echo "restore.sh: $file exists" >&2; exit 2; fi
    mkdir -p "$(dirname "$file")"
    cp "$copy" "$file" ;;
postgresql*)
    pg_restore --no-owner --no-privileges --exit-on-error --single-transaction \
        --dbname="postgresql${journal#postgresql+psycopg}" "$copy" ;;
*)  echo "restore.sh: unknown kind of journal" >&2; exit 2 ;;
esac
mkdir -p "$home/raw"
rsync -rt "$source/raw/" "$home/raw/"

# Each file against the hash taken when it was received.
"$python" - <<'PYTHON'
import hashlib
from data.intake import packing, raw
from data.settings import Settings

def is_whole(path, digest):
    try:
        return hashlib.sha256(packing.unpack(path)).hexdigest() == digest
    except packing.Unreadable:
        return False

folder = Settings().raw
sources = [path.name for path in sorted(folder.iterdir())]
files = [item for source in sources for item in raw.received(folder, source)]
wrong = [path for path, record in files if not is_whole(path, record.sha256)]
lost = [sentence for source in sources for sentence in raw.unrecorded(folder, source)]
print(f"restore.sh: {len(files)} files received, {len(wrong)} altered", *wrong, *lost, sep="\n  ")
raise SystemExit(1 if wrong else 0)
PYTHON
