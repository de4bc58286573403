"""Earlier downloads of a public file, kept for ever as what changed since the one before: a day costs a few kilobytes.

``raw/<source>/.packed/<name>.xz`` stands for the copy ``raw/<source>/<name>``, whose record stays where it was. Every
``WHOLE_EVERY``-th one is whole, so that what is damaged takes few others with it.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from data.files import whole_file

FOLDER, SUFFIX = ".packed", ".xz"
WHOLE_EVERY = 14
LARGEST = 50_000_000  # bytes: a file is packed in memory
TEXT = "latin-1"  # every byte is a character: what is unpacked is the file, byte for byte

Piece = str | tuple[int, int]  # lines of its own, or lines of the one before: from, how many


class Unreadable(ValueError):
    """A packed copy, or one it depends on, is damaged."""


def packed(folder: Path) -> Iterator[Path]:
    """Copies of a source that are packed, by the path of the file they stand for."""
    for path in sorted((folder / FOLDER).glob(f"*{SUFFIX}")):
        if not path.name.startswith("."):
            yield folder / path.name.removesuffix(SUFFIX)


def pack(copies: Sequence[tuple[Path, str]]) -> int:
    """Pack copies of one published name, oldest first, each with its hash; how many were. Nothing is removed unread.

    A copy goes once what stands for it has been read back from the disk and is the same bytes.
    """
    done = 0
    for rank, (path, digest) in enumerate(copies):
        if not path.exists() or path.stat().st_size > LARGEST:
            continue
        place = _place(path)
        if not place.exists():
            before = copies[rank - 1][0] if rank % WHOLE_EVERY else None
            _write(place, before, path.read_bytes())
        if sha256(unpack(path, from_pack=True)).hexdigest() == digest:
            path.unlink()
            done += 1
        else:
            place.unlink()
    return done


def unpack(path: Path, *, from_pack: bool = False) -> bytes:
    """Bytes of a copy, packed or not; ``from_pack``: as packed. Raises Unreadable, OSError."""
    if path.exists() and not from_pack:
        return path.read_bytes()
    try:
        found = json.loads(lzma.decompress(_place(path).read_bytes()))
        before = _lines(unpack(path.with_name(found["before"]))) if found["before"] else []
        return "".join(
            piece if isinstance(piece, str) else "".join(before[piece[0] : piece[0] + piece[1]])
            for piece in found["pieces"]
        ).encode(TEXT)
    except (lzma.LZMAError, ValueError, KeyError, TypeError, EOFError) as damage:
        raise Unreadable(f"{_place(path).name} : {damage}") from damage


@contextmanager
def whole(path: Path, scratch: Path) -> Iterator[Path]:
    """A file with the bytes of a copy: itself, or one written in ``scratch`` for as long as it is read."""
    if path.exists() or not _place(path).exists():
        yield path
        return
    place = scratch / path.name
    try:
        with whole_file(place, durable=False) as handle:
            handle.write(unpack(path))
        yield place
    finally:
        place.unlink(missing_ok=True)


def _place(path: Path) -> Path:
    return path.parent / FOLDER / f"{path.name}{SUFFIX}"


def _write(place: Path, before: Path | None, content: bytes) -> None:
    try:
        earlier = _lines(unpack(before)) if before else []
    except (Unreadable, OSError):
        before, earlier = None, []
    pieces = differences(earlier, _lines(content))
    manifest = {"before": before.name if before else "", "pieces": pieces}
    with whole_file(place) as handle:
        handle.write(lzma.compress(json.dumps(manifest, separators=(",", ":")).encode()))


def _lines(content: bytes) -> list[str]:
    """Lines with their ends, cut at the line feed alone: other separators are bytes like others."""
    *ended, last = content.decode(TEXT).split("\n")
    return [*(f"{line}\n" for line in ended), last]


def differences(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    """``after`` as runs of lines of ``before``, taken in whatever order they come, and lines of its own."""
    places: dict[str, int] = {}
    for number, line in enumerate(before):
        places.setdefault(line, number)
    pieces: list[Piece] = []
    own: list[str] = []
    at = 0
    while at < len(after):
        start = places.get(after[at], -1)
        if start < 0:
            own.append(after[at])
            at += 1
            continue
        if own:
            pieces.append("".join(own))
            own = []
        length = 1
        while (
            at + length < len(after) and start + length < len(before) and after[at + length] == before[start + length]
        ):
            length += 1
        pieces.append((start, length))
        at += length
    return [*pieces, "".join(own)] if own else pieces
