"""Workbooks received from partners: cheap checks of the zip, then a guarded child process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from connectors.base import RefusedFile
from connectors.reading.workbook_child import EXITS

ROOT = Path(__file__).resolve().parents[2]
WORKBOOK_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}
OLE = b"\xd0\xcf\x11\xe0"  # old .xls, or a workbook with a password

Grid = list[list[object]]


@dataclass(frozen=True)
class WorkbookLimits:
    """What a workbook may cost. A year of 60 000 rows × 20 columns needs 1.2 M cells and under 300 MB."""

    file_bytes: int = 50_000_000
    entries: int = 2_000
    expanded_bytes: int = 300_000_000
    ratio: float = 200.0  # expanded ÷ compressed; real workbooks stay under 40, a bomb is near 1 000
    ratio_from_bytes: int = 10_000_000  # below, the ratio says nothing
    cells: int = 5_000_000
    memory_bytes: int = 1 << 30
    cpu_seconds: int = 60
    output_bytes: int = 500_000_000
    timeout_seconds: float = 90.0


LIMITS = WorkbookLimits()


def read_workbook(path: Path, limits: WorkbookLimits = LIMITS) -> dict[str, Grid]:
    """Sheets of the workbook by name; line ``i`` of a sheet is its element ``i - 1``.

    Cells are str, int, float, bool, date, datetime or None. Raises ``RefusedFile`` on anything that is not a
    readable workbook within ``limits``.
    """
    _check_container(path, limits)
    with tempfile.TemporaryFile() as output:
        _run_child(path, limits, output)
        output.seek(0)
        return _sheets(output)


def _check_container(path: Path, limits: WorkbookLimits) -> None:
    if path.stat().st_size > limits.file_bytes:
        raise RefusedFile(f"Fichier trop gros\u00a0: plus de {limits.file_bytes // 1_000_000} Mo.")
    if not zipfile.is_zipfile(path):
        raise RefusedFile(_what_it_is(path))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise RefusedFile("Classeur abîmé\u00a0: l'archive est illisible.") from error
    if not {part.filename for part in parts} >= WORKBOOK_PARTS:
        raise RefusedFile("Ce n'est pas un classeur Excel\u00a0: enregistrez-le au format .xlsx.")
    _check_size(parts, limits)


def _check_size(parts: list[zipfile.ZipInfo], limits: WorkbookLimits) -> None:
    expanded = sum(part.file_size for part in parts)
    compressed = max(1, sum(part.compress_size for part in parts))
    too_dense = expanded > limits.ratio_from_bytes and expanded / compressed > limits.ratio
    if len(parts) > limits.entries or expanded > limits.expanded_bytes or too_dense:
        raise RefusedFile("Classeur anormalement compressé ou trop grand une fois ouvert\u00a0: il n'est pas lu.")


def _what_it_is(path: Path) -> str:
    """Sentence for a file that is not a zip, from its first bytes."""
    with path.open("rb") as handle:
        head = handle.read(512)
    if not head:
        return "Fichier vide."
    if head.startswith(OLE):
        return (
            "Ancien format .xls ou classeur protégé par mot de passe\u00a0: enregistrez-le en .xlsx sans mot de passe."
        )
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return "Page web ou XML renommé en classeur\u00a0: ouvrez-le dans un tableur et enregistrez-le en .xlsx."
    if head.startswith(b"PK"):
        return "Classeur tronqué\u00a0: le fichier est incomplet, redéposez-le."
    return "Ce n'est pas un classeur Excel\u00a0: enregistrez-le au format .xlsx."


def _run_child(path: Path, limits: WorkbookLimits, output: IO[bytes]) -> None:
    numbers = (limits.memory_bytes, limits.cpu_seconds, limits.output_bytes, limits.cells)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "connectors.reading.workbook_child", str(path.resolve()), *map(str, numbers)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={"PYTHONUTF8": "1"},  # no secret of the parent reaches it
            timeout=limits.timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedFile("Classeur trop long à lire\u00a0: lecture abandonnée.") from error
    if child.returncode:
        raise RefusedFile(_why_it_ended(child.returncode))


def _why_it_ended(code: int) -> str:
    reasons = {
        EXITS["unreadable"]: "Classeur abîmé\u00a0: une de ses parties est illisible.",
        EXITS["password"]: "Classeur protégé par mot de passe\u00a0: enregistrez-le sans mot de passe.",
    }
    if code < 0 or code in (EXITS["memory"], EXITS["cells"]):  # a signal: memory or processor limit
        return (
            "Classeur trop grand\u00a0: trop de cellules, ou une cellule remplie très loin. Supprimez ce qui est vide."
        )
    return reasons.get(code, f"Classeur illisible\u00a0: la lecture s'est arrêtée (code {code}).")


def _sheets(output: IO[bytes]) -> dict[str, Grid]:
    decode = json.JSONDecoder(object_hook=_decoded).decode
    sheets: dict[str, Grid] = {}
    grid: Grid = []
    for line in output:
        item = decode(line.decode())
        if isinstance(item, list):
            grid.append(item)
        else:
            grid = sheets.setdefault(item["sheet"], [])
    return sheets


def _decoded(item: dict[str, Any]) -> object:
    if "instant" in item:
        return datetime.fromisoformat(item["instant"])
    return date.fromisoformat(item["day"]) if "day" in item else item
