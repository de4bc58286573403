"""An old ``.xls`` (BIFF8 in a compound file), as the health insurance still publishes them: texts and numbers, nothing else."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence

SECTOR, SMALLEST_STREAM = 512, 4096
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MOST_TABLES = 109  # sectors of the table that the header alone can name: 7 MB of workbook
GLOBALS, WORKSHEET = 0x0005, 0x0010

Cell = str | float | int | None


def old_workbook(sheets: Mapping[str, Iterable[Sequence[Cell]]]) -> bytes:
    """The bytes of a workbook of these sheets; the same content gives the same bytes. Raises ``ValueError`` beyond 7 MB."""
    bodies = {name: _sheet(rows) for name, rows in sheets.items()}
    names = {name: name.encode("utf-16-le") for name in sheets}
    first = _start(GLOBALS) + _record(0x0042, struct.pack("<H", 1200))
    place = len(first) + sum(4 + 8 + len(name) for name in names.values()) + 4
    index = b""
    for name, encoded in names.items():
        index += _record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name), 1) + encoded)
        place += len(bodies[name])
    return _compound(first + index + _record(0x000A) + b"".join(bodies.values()))


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _start(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _sheet(rows: Iterable[Sequence[Cell]]) -> bytes:
    parts, height, width = [], 0, 0
    for row, cells in enumerate(rows):
        height, width = row + 1, max(width, len(cells))
        parts += [_cell(row, column, cell) for column, cell in enumerate(cells) if cell is not None]
    size = _record(0x0200, struct.pack("<IIHHH", 0, height, 0, width, 0))
    return _start(WORKSHEET) + size + b"".join(parts) + _record(0x000A)


def _cell(row: int, column: int, cell: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        return _record(0x0204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x0203, place + struct.pack("<d", cell))


def _compound(stream: bytes) -> bytes:
    """A compound file of one stream: its sectors, the directory, then the table of sectors."""
    stream = stream.ljust(SMALLEST_STREAM, b"\0")
    size, sectors = len(stream), -(-len(stream) // SECTOR)
    tables = 1
    while sectors + 1 + tables > tables * SECTOR // 4:
        tables += 1
    if tables > MOST_TABLES:
        raise ValueError("workbook too large for this writer")
    chain = [*range(1, sectors), END, END, *([TABLE] * tables)]
    chain += [FREE] * (tables * SECTOR // 4 - len(chain))
    directory = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 0, size)
    header = struct.pack("<8s16xHHHHH6xIII4xIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, tables,
        sectors, SMALLEST_STREAM, END, 0, END, 0)  # fmt: skip
    places = [*range(sectors + 1, sectors + 1 + tables)]
    header += struct.pack(f"<{MOST_TABLES}I", *places, *[FREE] * (MOST_TABLES - tables))
    return b"".join(
        (
            header,
            stream.ljust(sectors * SECTOR, b"\0"),
            directory.ljust(SECTOR, b"\0"),
            struct.pack(f"<{len(chain)}I", *chain),
        )
    )


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16xI8x8xIII", encoded, len(encoded), kind, 1, FREE, FREE, child, 0, start, size, 0)
