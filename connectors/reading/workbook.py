"""Workbooks received from partners: cheap checks of the zip, then a sandboxed child process."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from connectors.base import RefusedFile
from connectors.reading.container import ContainerLimits, check_container, is_old
from connectors.reading.lines import Hidden, Line, Lines, Percent
from connectors.reading.sheet_facts import MOST_COLUMNS
from connectors.reading.workbook_child import EXITS

ROOT = Path(__file__).resolve().parents[2]
SHEET_MARK = b"{"  # a sheet opens with an object, its lines are lists


@dataclass(frozen=True)
class WorkbookLimits(ContainerLimits):
    """What reading a workbook may cost. The biggest accepted (385 000 rows × 9) keeps the process that reads it under
    1 GB, its child under 640 MB. A text repeated by reference in every cell grows the output, which is limited too.
    """

    cells: int = 3_500_000
    memory_bytes: int = 640_000_000
    cpu_seconds: int = 60
    output_bytes: int = 200_000_000
    timeout_seconds: float = 90.0


LIMITS = WorkbookLimits()


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet: ``lines`` are read from disk each time, one sheet at a time, while the workbook is open."""

    name: str
    lines: Lines
    hidden: bool = False


@contextmanager
def open_workbook(path: Path, limits: WorkbookLimits = LIMITS, *, old: bool = False) -> Iterator[list[WorkbookSheet]]:
    """Sheets of the workbook, in order; lines are numbered from 1, as in the file.

    Cells are str, int, float (``Percent`` when shown so), bool, date, datetime or None. Raises ``RefusedFile`` on anything that is not a
    readable workbook within ``limits``. ``old``: an ``.xls`` is one, for what a producer still publishes so.
    """
    if not (old and is_old(path)):
        check_container(path, limits)
    elif path.stat().st_size > limits.file_bytes:
        raise RefusedFile(f"Fichier trop gros : plus de {limits.file_bytes // 1_000_000} Mo.")
    with tempfile.TemporaryFile() as output:
        _run_child(path, limits, output)
        yield list(_sheets(output))


def _run_child(path: Path, limits: WorkbookLimits, output: IO[bytes]) -> None:
    numbers = (limits.memory_bytes, limits.cpu_seconds, limits.output_bytes, limits.cells)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "connectors.reading.workbook_child", str(path.resolve()), *map(str, numbers)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={"PYTHONUTF8": "1"},  # the parent's secrets do not reach it
            timeout=limits.timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedFile("Classeur trop long à lire : lecture abandonnée.") from error
    if child.returncode == EXITS["disk"]:  # our fault, not the file's: it must be read again
        raise OSError(errno.ENOSPC, "Disque plein pendant la lecture d'un classeur", tempfile.gettempdir())
    if child.returncode:
        raise RefusedFile(_why_it_ended(child.returncode))


def _why_it_ended(code: int) -> str:
    reasons = {
        EXITS["unreadable"]: "Classeur abîmé : une de ses parties est illisible.",
        EXITS["password"]: "Classeur protégé par mot de passe : enregistrez-le sans mot de passe.",
    }
    if code < 0 or code in (EXITS["memory"], EXITS["cells"], EXITS["output"]):  # a signal: memory or processor limit
        return "Classeur trop grand : trop de cellules, ou une cellule remplie très loin. Supprimez ce qui est vide."
    return reasons.get(code, f"Classeur illisible : la lecture s'est arrêtée (code {code}).")


def _sheets(output: IO[bytes]) -> Iterator[WorkbookSheet]:
    """Where each sheet begins in ``output``, and how many lines it has."""
    opened: list[tuple[dict[str, Any], int, int]] = []
    place = lines = 0
    output.seek(0)
    for line in output:
        place += len(line)
        if line.startswith(SHEET_MARK):
            opened.append((json.loads(line), place, 0))
            lines = 0
        else:
            lines += 1
            opened[-1] = (*opened[-1][:2], lines)
    for meta, start, count in opened:
        hidden = Hidden(_spread(meta["lines"], count), _spread(meta["columns"], MOST_COLUMNS))
        yield WorkbookSheet(meta["sheet"], Lines(partial(_lines, output, start, count), hidden), meta["hidden"])


def _spread(ranges: list[tuple[int, int]], last: int) -> frozenset[int]:
    """Every number of the ranges, up to ``last``."""
    return frozenset(number for low, high in ranges for number in range(low, min(high, last) + 1))


def _lines(output: IO[bytes], start: int, count: int) -> Iterator[Line]:
    decode = json.JSONDecoder(object_hook=_decoded).decode
    output.seek(start)
    for number, line in enumerate(islice(output, count), start=1):
        yield number, decode(line.decode())


def _decoded(item: dict[str, Any]) -> object:
    if "instant" in item:
        return datetime.fromisoformat(item["instant"])
    if "percent" in item:
        return Percent(item["percent"])
    return date.fromisoformat(item["day"]) if "day" in item else item
