"""The inbox: yields regular files under the size limit; reports everything else."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from connectors.language.folding import unaccented

# Uploads in progress and leftovers of desktop tools.
PASSING = (".*", "~$*", "*.part", "*.tmp", "*.filepart", "Thumbs.db", "desktop.ini", "LISEZMOI*")
LONGEST_NAME = 100  # characters of a stored name, to which a moment, a hash and an extension are added: 255 at most
PIECE_BYTES = 1 << 20


class IntakeError(Exception):
    """Something in the inbox that cannot be taken in and stays there. The message says why, in French."""


@dataclass(frozen=True)
class Dropped:
    """A path of the inbox. ``demo``: it lies in a folder named ``demo``."""

    path: Path
    demo: bool

    @property
    def name(self) -> str:
        return shown_name(self.path.name)


def dropped(folder: Path, refused: list[str]) -> Iterator[Dropped]:
    """Everything under ``inbox/<source>/``, in the order of their paths; no link is followed.

    A folder that cannot be listed is added to ``refused``.
    """

    def unlisted(failure: OSError) -> None:
        refused.append(f"{shown_name(Path(failure.filename).name)} : dossier illisible, ses fichiers ne sont pas pris.")

    entries: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=unlisted if folder.is_dir() else None):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        entries += [Path(parent) / name for name in [*names, *links] if not _is_passing(name)]
    for path in sorted(entries):
        yield Dropped(path, "demo" in path.relative_to(folder).parts[:-1])


def _is_passing(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in PASSING)


@contextmanager
def opened(path: Path, max_bytes: int) -> Iterator[IO[bytes]]:
    """The file, opened for reading. Raises IntakeError for a link, a pipe, a device, a file too big or not readable."""
    try:
        # Without O_NONBLOCK opening a named pipe waits for a writer for ever.
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as failure:
        raise IntakeError(_why_closed(path)) from failure
    with os.fdopen(number, "rb") as handle:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise IntakeError("ce n'est pas un fichier (tube, périphérique ou dossier).")
        if status.st_size > max_bytes:
            raise IntakeError(too_big(max_bytes))
        yield handle


def _why_closed(path: Path) -> str:
    if path.is_symlink():
        return "lien symbolique, jamais suivi : déposer le fichier lui-même."
    if path.is_socket():
        return "ce n'est pas un fichier (tube, périphérique ou dossier)."
    return "fichier illisible : vérifier les droits de lecture."


def pieces(handle: IO[bytes], max_bytes: int) -> Iterator[bytes]:
    """The content, chunk by chunk. Raises IntakeError when it grows beyond the limit or cannot be read."""
    read = 0
    try:
        while piece := handle.read(PIECE_BYTES):
            read += len(piece)
            if read > max_bytes:
                raise IntakeError(too_big(max_bytes))
            yield piece
    except OSError as failure:
        raise IntakeError("fichier illisible : le disque ne le rend pas.") from failure


def too_big(max_bytes: int) -> str:
    """Sentence for a file over the limit."""
    return f"fichier trop gros (plus de {max_bytes // 1_000_000} Mo), laissé dans l'inbox : le découper en plusieurs fichiers."


def shown_name(name: str) -> str:
    """A name fit for a screen: no control character, no direction mark, no broken byte."""
    return "".join("_" if unicodedata.category(letter).startswith("C") else letter for letter in name)


def stored_name(name: str) -> str:
    """A name fit for any file system: ASCII letters, no separator, cut at its start."""
    return re.sub(r"[^A-Za-z0-9_.\-]+", "_", unaccented(shown_name(name)))[-LONGEST_NAME:]
