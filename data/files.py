"""File helpers of the pipeline: write then rename, read JSON that may be torn, report disk failures."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parents[1]
# Left by a process killed while writing, beside the file it meant to write.
PART = re.compile(r"^\..+\.\d+\.part$")
_REFUSALS = {
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "quota de disque atteint",
    errno.EROFS: "disque en lecture seule",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EFBIG: "fichier plus gros que la limite du système",
    errno.EIO: "erreur du disque",
    errno.ENOMEM: "mémoire insuffisante",
    errno.EMFILE: "trop de fichiers ouverts",
    errno.ENOENT: "fichier ou dossier absent",
    errno.ENOTDIR: "un fichier est à la place d'un dossier",
    errno.EEXIST: "un fichier ou un lien est à la place d'un dossier",
    errno.EISDIR: "un dossier est à la place d'un fichier",
    errno.ELOOP: "liens symboliques en boucle",
    errno.ENAMETOOLONG: "nom trop long",
}


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[IO[bytes]]:
    """A file that takes its name once complete: readers see the old one or the new one, never a part.

    ``durable``: synced before the rename (2 ms). The partial file is removed on failure. Raises OSError that names
    ``path``.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as handle:
            yield handle
            handle.flush()
            if durable:
                os.fsync(handle.fileno())
        part.replace(path)
        if durable:
            sync(path.parent)
    except OSError as failure:
        raise located(failure, path) from failure
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Readers see the old file or the new one, even after a power cut."""
    with whole_file(path) as handle:
        handle.write(content)


def sync(path: Path) -> None:
    """Sync a file, or the names of a folder: a rename is on the disk only once its folder is."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_parts(folder: Path) -> None:
    """Remove partial files of killed processes; call it only when no other process writes here."""
    for path in folder.rglob(".*.part"):
        if PART.match(path.name):
            path.unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """SHA-256 of a file read by chunks, 1.2 GB per second."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def located(failure: OSError, path: Path) -> OSError:
    """The same failure with its path: a full disk does not name it."""
    return OSError(failure.errno or errno.EIO, failure.strerror or str(failure), str(path))


def disk_sentence(failure: OSError, home: Path) -> str:
    """What the disk refused and where, in French."""
    why = _REFUSALS.get(failure.errno or 0) or failure.strerror or str(failure)
    return f"Lecture ou écriture impossible ({why}) : {failure.filename or home}."


def write_json(path: Path, value: object) -> None:
    """Dates and paths as text, accents as they are."""
    write_atomically(path, json.dumps(value, ensure_ascii=False, indent=1, default=str).encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """The object of a JSON file, or None when it is absent or not readable."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
