"""Ten days of bad luck in the demo: the faults a reader is most likely to meet, made by files and by a real refresh."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from rich.console import Console

from data import demo
from data.refresh import refresh
from data.settings import Settings, SourceSettings
from tests.browser import homes

ANCHOR, DAY = homes.DAYS[-1], date(2026, 12, 2)
OPEN_DATA = ("bdpm", "medicam", "openmedic", "retrocedam", "sentinelles", "spf", "vigilance")
NOWHERE = "http://donnees-ouvertes.exemple.invalid"
MISSING = "grossiste-c"
TYPED_WRONG = "hebdo_grossiste-d_2026-S48.xlsx"
OTHER_LAYOUT = "tracstocks_2026-S47_corrigé.xlsx"
STOCK, WRONG_TITLE = "Stock (boîtes)", "Stock net palettes"


def befall(folder: Path) -> None:
    """After the small demo: a wholesaler stays silent, a stock is typed a hundred times too big, a file comes in an
    unknown layout, and no open-data host answers any more."""
    inbox = folder / "inbox"
    written = demo.generate(inbox, DAY, scale="small", anchor=ANCHOR, previous=ANCHOR)
    for path in written:
        if path.parent.parent.name in OPEN_DATA or MISSING in path.name:
            path.unlink()
    _mistype(inbox / "grossistes" / "demo" / TYPED_WRONG)
    _rename_column(inbox / "tracstocks" / "demo" / "tracstocks_2026-S47.xlsx")
    os.environ["NO_PROXY"] = "*"
    settings = homes.settings(folder, DAY)
    report = refresh(_cut_off(settings), console=Console(quiet=True))
    if report.exit_code:
        raise RuntimeError(report.error)


def _cut_off(settings: Settings) -> Settings:
    nowhere = {key: SourceSettings(base_url=NOWHERE) for key in OPEN_DATA}
    return settings.model_copy(update={"sources": nowhere})


def _mistype(path: Path) -> None:
    """The stock of one medicine with two zeros too many."""
    book = openpyxl.load_workbook(path)
    sheet = book["Stocks"]
    line, column = _titles(sheet) + 3, 5
    cell = sheet.cell(line, column)
    assert isinstance(cell.value, int | float)
    cell.value *= 100
    book.save(path)


def _rename_column(path: Path) -> None:
    """The same file sent again by somebody who changed a title."""
    book = openpyxl.load_workbook(path)
    sheet = book["Stocks"]
    (cell,) = [cell for cell in sheet[_titles(sheet)] if cell.value == STOCK]
    cell.value = WRONG_TITLE
    book.save(path.with_name(OTHER_LAYOUT))


def _titles(sheet: Worksheet) -> int:
    return next(cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value in ("Semaine", "Sem.", "Semaine ISO"))
