#!/bin/sh
# Copies what cannot be rebuilt, the files received and the journal: backup.sh DESTINATION
# Settings are those of the refresh (VIGISTOCK_HOME, VIGISTOCK_CONFIG, VIGISTOCK_JOURNAL_URL, PGPASSFILE). Needs rsync, and
# pg_dump when the journal is on PostgreSQL. Journals older than KEEP_DAYS (35) go; received files never do.
set -eu
umask 077
destination=$(realpath -m "${1:?destination}")
cd "$(dirname "$(realpath "$0")")/../.."
python=${VIGISTOCK_PYTHON:-.venv/bin/python}
settings=$("$python" -c 'from data.settings import Settings; s = Settings(); print(s.home.resolve(), s.journal, sep="\n")')
home=$(echo "$settings" | sed -n 1p)
journal=$(echo "$settings" | sed -n 2p)
target="$destination/journal/$(date -u +%Y%m%dT%H%M%SZ)"
mkdir -p "$destination/raw" "$destination/journal"

# A file once copied is never written again: one that was altered here does not replace its good copy.
rsync -rt --ignore-existing --include='.packed/' --exclude='.*' "$home/raw/" "$destination/raw/"
# Days on which a public file was read unchanged: a list that only grows.
rsync -rt --include='*/' --include='.looks.json' --exclude='*' "$home/raw/" "$destination/raw/"

case $journal in
sqlite:///*)
    # SQLite's own copy: whole even while somebody writes; a plain cp is not.
    "$python" - "${journal#sqlite:///}" "$target.db.part" <<'PYTHON'
import sqlite3, sys
source, copy = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True), sqlite3.connect(sys.argv[2])
source.backup(copy)
copy.execute("PRAGMA journal_mode = DELETE")
assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
PYTHON
    mv "$target.db.part" "$target.db" ;;
postgresql*)
    pg_dump --format=custom --no-owner --no-privileges --file="$target.dump.part" "postgresql${journal#postgresql+psycopg}"
    pg_restore --list "$target.dump.part" >/dev/null
    mv "$target.dump.part" "$target.dump" ;;
*)  echo "backup.sh: unknown kind of journal" >&2; exit 2 ;;
esac
find "$destination/journal" -type f -mtime +"${KEEP_DAYS:-35}" -delete
echo "backup.sh: $(find "$destination/raw" -type f | wc -l) files received, journal $(basename "$target")"
