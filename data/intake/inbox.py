"""The inbox: yields regular files under the size limit; reports everything else.

Partners may rename what they dropped at any moment: below its root every folder is opened from the one above it, never by
a path, so that a folder swapped for a link leads nowhere.
"""

from __future__ import annotations

import errno
import fnmatch
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import IO

from connectors.language.folding import unaccented
from connectors.language.names import identity_key
from data.files import located
from data.intake.own_date import saved_at

# Uploads in progress and leftovers of desktop tools.
PASSING = (".*", "~$*", "*.part", "*.tmp", "*.filepart", "Thumbs.db", "desktop.ini", "LISEZMOI*")
LONGEST_NAME = 100  # characters of a stored name, to which a moment, a hash and an extension are added: 255 at most
PIECE_BYTES = 1 << 20
DEMO_RECORD = "demo.json"  # left at the root of the inbox by the demo
MOST_NAMES = 5  # of files in a sentence


class IntakeError(Exception):
    """Something in the inbox that cannot be taken in and stays there. The message says why, in French."""


@dataclass(frozen=True)
class Dropped:
    """Something in the inbox: its folders and its name, from ``inbox``."""

    inbox: Path
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        return shown_name(self.parts[-1])

    @property
    def demo(self) -> bool:
        """Whether it lies in a folder named ``demo`` of its source."""
        return "demo" in self.parts[1:-1]


@dataclass(frozen=True)
class Seen:
    """A file of the inbox as read once: ``path`` from the inbox, its content's hash, its own dates (``modified_at`` ISO 8601, UTC)."""

    item: Dropped
    path: str
    sha256: str
    size_bytes: int
    modified_at: str
    saved_at: datetime | None


def see(item: Dropped, max_bytes: int) -> Seen:
    """Hash a file, a chunk at a time. Raises IntakeError."""
    with opened(item, max_bytes) as handle:
        digest = hashlib.sha256()
        for piece in pieces(handle, max_bytes):
            digest.update(piece)
        size = handle.tell()
        modified = datetime.fromtimestamp(os.fstat(handle.fileno()).st_mtime, UTC)
        saved = None if item.demo else saved_at(handle)
        path = os.fsencode(Path(*item.parts)).decode("utf-8", "backslashreplace")
        return Seen(item, path, digest.hexdigest(), size, modified.isoformat(), saved)


def same_moment(one: str, other: str) -> bool:
    """Of two dates of a file; some archives keep whole seconds only."""
    return one == other or (one[:19] == other[:19] and ("." not in one) != ("." not in other))


def source_folders(inbox: Path, key: str) -> list[str]:
    """Names of the folder of a source, and of those whose name differs from it by typography only: ``PointStock``, ``point-stock``."""
    names = sorted(path.name for path in inbox.iterdir() if path.is_dir()) if inbox.is_dir() else []
    alike = [name for name in names if name != key and identity_key(name) == identity_key(key)]
    return [key, *(name for name in alike if not (inbox / name).is_symlink())]


def misplaced(inbox: Path, known: Iterable[str], disabled: Iterable[str] = ()) -> list[str]:
    """A sentence for each file or folder of the inbox that no source reads. ``known``: sources that are read."""
    keys, off = sorted(known), {identity_key(key) for key in disabled}
    try:
        entries = sorted(inbox.iterdir()) if inbox.is_dir() else []
    except OSError:
        return ["inbox/ : dossier illisible, rien n'est pris."]
    read = {identity_key(key) for key in keys}
    found = []
    for path in entries:
        key = identity_key(path.name)
        is_folder = path.is_dir() and (not path.is_symlink() or path.name in keys)
        if _is_passing(path.name) or path.name == DEMO_RECORD or (is_folder and key in read):
            continue
        where = ", ".join(f"inbox/{name}/" for name in keys)
        likely = _likely_source(key, keys)
        then = f" Sans doute inbox/{likely}/." if likely else ""
        if is_folder:
            files = sorted(item.name for item in dropped(inbox, path.name, []))
            if files and key in off:
                found.append(f"inbox/{shown_name(path.name)}/ : source désactivée, {_some_names(files)} non lus.")
            elif files:
                notice = f"inbox/{shown_name(path.name)}/ : dossier d'aucune source, {_some_names(files)} non lus."
                found.append(f"{notice}{then} Dossiers lus : {where}.")
        else:
            notice = f"{shown_name(path.name)} : déposé dans inbox/, hors du dossier d'une source : il n'est pas lu."
            found.append(f"{notice}{then} Dossiers lus : {where}.")
    return found


def _some_names(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    more = f" et {len(names) - MOST_NAMES} autres" if len(names) > MOST_NAMES else ""
    return f"{len(names)} fichier(s) ({shown}{more})"


def _likely_source(key: str, keys: list[str]) -> str | None:
    """The source that a name contains, or nearly spells."""
    inside = (source for source in keys if identity_key(source) in key)
    return next(inside, None) or next(iter(get_close_matches(key, keys, 1)), None)


def dropped(inbox: Path, source: str, refused: list[str]) -> Iterator[Dropped]:
    """Everything under ``inbox/<source>/``, in the order of their paths; no link is followed.

    A folder that cannot be listed is added to ``refused``.
    """
    found: list[tuple[str, ...]] = []
    folders: list[tuple[str, ...]] = [(source,)]
    while folders:
        parts = folders.pop()
        try:
            with _folder(inbox, parts) as number, os.scandir(number) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append((*parts, entry.name))
                    elif not _is_passing(entry.name):
                        found.append((*parts, entry.name))
        except FileNotFoundError:
            continue
        except OSError as failure:
            refused.append(f"{shown_name(parts[-1])} : {_why_unlisted(failure)}")
    for path in sorted(found):
        yield Dropped(inbox, path)


@contextmanager
def _folder(inbox: Path, parts: tuple[str, ...], *, make: bool = False) -> Iterator[int]:
    """Descriptor of a folder of the inbox, opened from its root one step at a time. Raises OSError at a link."""
    number = os.open(inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in parts:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=number)
            inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=number)
            os.close(number)
            number = inner
        yield number
    finally:
        os.close(number)


def deposit(inbox: Path, parts: tuple[str, ...], content: bytes) -> None:
    """Write a file of the inbox, its folders made if need be, as it is read: no link is followed. Raises IntakeError."""
    *folders, name = parts
    inbox.mkdir(parents=True, exist_ok=True)
    try:
        with _folder(inbox, tuple(folders), make=True) as parent:
            _replace(parent, name, content)
    except OSError as failure:
        if failure.errno not in {errno.ELOOP, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}:
            raise located(failure, inbox.joinpath(*parts)) from failure
        raise IntakeError(_why_unlisted(failure)) from failure


def _replace(parent: int, name: str, content: bytes) -> None:
    if _mode(parent, name) is not None and not stat.S_ISREG(_mode(parent, name) or 0):
        raise IntakeError("lien, tube ou dossier à la place d'un fichier : rien n'y est écrit, l'enlever.")
    part = f".{name}.{os.getpid()}.part"
    with suppress(FileNotFoundError):
        os.unlink(part, dir_fd=parent)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666, dir_fd=parent)
    with os.fdopen(number, "wb") as handle:
        handle.write(content)
    os.rename(part, name, src_dir_fd=parent, dst_dir_fd=parent)  # a name swapped meanwhile is replaced, not followed


def _mode(parent: int, name: str) -> int | None:
    """Type and rights of what has this name, None when nothing has."""
    try:
        return os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None


def _why_unlisted(failure: OSError) -> str:
    if failure.errno in {errno.ELOOP, errno.ENOTDIR}:
        return "lien symbolique ou fichier à la place d'un dossier, jamais suivi : y mettre un vrai dossier."
    return "dossier illisible, ses fichiers ne sont pas pris."


def _is_passing(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in PASSING)


@contextmanager
def opened(item: Dropped, max_bytes: int) -> Iterator[IO[bytes]]:
    """The file, opened for reading. Raises IntakeError for a link, a pipe, a device, a file too big or not readable."""
    *folders, name = item.parts
    try:
        with _folder(item.inbox, tuple(folders)) as parent:
            number = _opened_in(parent, name)
    except OSError as failure:
        raise IntakeError("son dossier a été déplacé ou remplacé par un lien, jamais suivi : à relancer.") from failure
    status = os.fstat(number)
    if not stat.S_ISREG(status.st_mode):  # a folder cannot even be opened as a file
        os.close(number)
        raise IntakeError("ce n'est pas un fichier (tube, périphérique ou dossier).")
    with os.fdopen(number, "rb") as handle:
        if status.st_size > max_bytes:
            raise IntakeError(too_big(max_bytes))
        yield handle


def _opened_in(parent: int, name: str) -> int:
    """Descriptor of a file of an open folder. Raises IntakeError."""
    try:
        # Without O_NONBLOCK opening a named pipe waits for a writer for ever.
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    except OSError as failure:
        raise IntakeError(_why_closed(parent, name)) from failure


def _why_closed(parent: int, name: str) -> str:
    try:
        mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
    except OSError:
        mode = 0
    if stat.S_ISLNK(mode):
        return "lien symbolique, jamais suivi : déposer le fichier lui-même."
    if stat.S_ISSOCK(mode):
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
