"""Reads one workbook in a process of its own, with little memory: a hostile file can only kill this process.

Writes JSON lines on its standard output: ``{"sheet": name, "hidden": bool, "lines": …, "columns": …}`` opens a sheet (ranges
of hidden lines and columns), then one list per line from line 1; a day or an instant is ``{"day": iso}`` or
``{"instant": iso}``, a number shown as a percentage ``{"percent": 0.125}``. Ends with 0, or with a code of ``EXITS``.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, TextIO

from connectors.reading.sheet_facts import MOST_COLUMNS, Facts, facts_of

EXITS = {"memory": 3, "unreadable": 4, "password": 5, "cells": 6, "output": 7, "disk": 8}


def main(path: str, memory_bytes: int, cpu_seconds: int, output_bytes: int, cells: int) -> int:
    """Limits first, library next, file last. Returns the exit code."""
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, output_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    import python_calamine  # under the limits, and never in the parent

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        return _write(workbook, facts_of(path) if zipfile.is_zipfile(path) else {}, cells, sys.stdout)
    except MemoryError:
        return EXITS["memory"]
    except python_calamine.PasswordError:
        return EXITS["password"]
    except OSError as error:  # of the file, or of a standard output beyond its limit
        return {errno.EFBIG: EXITS["output"], errno.ENOSPC: EXITS["disk"]}.get(error.errno or 0, EXITS["unreadable"])
    except (python_calamine.CalamineError, ValueError):
        return EXITS["unreadable"]


def _write(workbook: Any, facts: dict[str, Facts], cells: int, out: TextIO) -> int:
    encode = json.JSONEncoder(ensure_ascii=False, default=_encoded).encode
    for meta in workbook.sheets_metadata:
        if str(meta.typ).rpartition(".")[2] != "WorkSheet":
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        (top, left), (bottom, right) = sheet.start or (0, 0), sheet.end or (0, 0)
        cells -= (bottom + 1) * (right + 1)
        if cells < 0:
            return EXITS["cells"]
        hidden = not str(meta.visible).endswith(".Visible")
        known = facts.get(meta.name) or Facts()
        opened = {"sheet": meta.name, "hidden": hidden, "lines": known.lines, "columns": known.columns}
        out.write(encode(opened) + "\n")
        out.write("[]\n" * top)  # blank lines above and columns before keep the positions of the file
        margin: list[object] = [None] * left
        rows = (margin + row for row in sheet.to_python(skip_empty_area=True))
        out.writelines(encode(row) + "\n" for row in _with_percents(rows, top, known))
    out.flush()
    return 0


def _with_percents(rows: Iterator[list[object]], top: int, facts: Facts) -> Iterator[list[object]]:
    """Rows in which the numbers shown as percentages say so."""
    at, count = 0, len(facts.percents)
    for line, row in enumerate(rows, start=top + 1):
        while at < count and facts.percents[at] < (line + 1) * MOST_COLUMNS:
            on, column = divmod(facts.percents[at], MOST_COLUMNS)
            at += 1
            if on == line and column < len(row) and type(row[column]) in (int, float):
                row[column] = {"percent": row[column]}
        yield row


def _encoded(value: object) -> object:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value)


if __name__ == "__main__":
    # At once: what a full disk refused is still in the buffer, and failing on it again would exit with another code.
    os._exit(main(sys.argv[1], *(int(argument) for argument in sys.argv[2:6])))
