"""The date a workbook gives itself: when it was last saved, wherever it was copied since."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from typing import IO

CORE = "docProps/core.xml"
MODIFIED = re.compile(rb"<dcterms:modified[^>]*>\s*([0-9T:.Z+-]{10,35})\s*<")
DIRECTORY_END = b"PK\x05\x06"
END_WITHIN = 66_000  # bytes: the last record of a zip and its longest comment
MOST_DIRECTORY = 1_000_000  # bytes: a workbook has a few dozen parts; a longer list would be opened at a cost
MOST_CORE = 100_000  # bytes of the properties, once expanded


def saved_at(handle: IO[bytes]) -> datetime | None:
    """Moment of the last saving, UTC; None for what is not a workbook, or has no date. The file is not judged here."""
    try:
        if not _is_small_zip(handle):
            return None
        with zipfile.ZipFile(handle) as archive, archive.open(CORE) as part:
            match = MODIFIED.search(part.read(MOST_CORE))
        moment = datetime.fromisoformat(match[1].decode()) if match else None
        return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, OverflowError, RuntimeError, OSError, EOFError):
        return None


def _is_small_zip(handle: IO[bytes]) -> bool:
    """Whether its directory is short, as read from the end of the file."""
    handle.seek(0)
    if handle.read(2) != b"PK":
        return False
    size = handle.seek(0, 2)
    handle.seek(max(0, size - END_WITHIN))
    end = handle.read(END_WITHIN)
    at = end.rfind(DIRECTORY_END)
    if at < 0 or len(end) < at + 22:
        return False
    (directory_bytes,) = struct.unpack_from("<I", end, at + 12)
    return bool(directory_bytes <= MOST_DIRECTORY)
