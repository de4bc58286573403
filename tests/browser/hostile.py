"""A home in which whatever somebody else wrote carries an attack: files of partners, public lists, the journal."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import Cell, MergedCell

from data.access.roles import Identity
from data.journal import Journal
from data.journal.preparations import Counted
from data.refresh import refresh
from tests.browser import homes

# What a browser would run or fetch, what Markdown and Streamlit would turn into something else, what Excel would compute.
HTML = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><a href="//intrus.example/a">a</a> &copy'
MARKDOWN = (
    "[l](javascript:window.pwned=1) ![i](http://intrus.example/i.png) :red[r] :material/home: :smile: $x^2$ **g**"
)
FORMULA = "=1+1+cmd|'/c calc'!A1"
REVERSED = "\u202e12\u202c"
TEXT = f"{HTML} {MARKDOWN} {REVERSED}"
FILE = "<img src=x onerror=window.pwned=1> =1+1.xlsx"
SUBJECT = "amoxicilline-susp-500"
AUTHOR = Identity(f"{FORMULA}<b>@intrus.example", TEXT, "ansm_steward")

Cells = list[list[openpyxl.cell.cell.Cell]]


def build(demo: Path, folder: Path) -> None:
    """The small demo received once more, every free text of it hostile."""
    shutil.copytree(demo / "inbox", folder / "inbox")
    inbox = folder / "inbox"
    for path in inbox.glob("trustmed/demo/*.xlsx"):
        _workbook(path, _declarations)
    _workbook(inbox / "tracstocks/demo/tracstocks_2026-S46.xlsx", _stocks)
    _workbook(inbox / "grossistes/demo/hebdo_grossiste-a_2026-S46.xlsx", _wholesaler)
    _workbook(inbox / "references/demo/references_2026-11-02.xlsx", _references)
    _refused(inbox / "grossistes/demo" / FILE, "Stocks")
    _refused(inbox / "tracstocks/demo" / FILE, "<b onclick=pwned()>")
    for path in inbox.glob("bdpm/demo/*.txt"):
        _public_list(path)
    _journal(folder)
    report = refresh(homes.settings(folder, homes.DAYS[-1]), demo_only=True, console=homes.QUIET)
    assert report.exit_code == 0, report.error


def _workbook(path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"  # typed as a text by the sender, not as a formula
    book.save(path)


def _write(rows: Iterable[tuple[Cell | MergedCell, ...]], columns: dict[int, str]) -> None:
    """``{}`` in a text is what the cell held."""
    for row in rows:
        for column, text in columns.items():
            row[column].value = text.replace("{}", str(row[column].value or ""))


def _declarations(book: openpyxl.Workbook) -> None:
    rows = list(book["Déclarations"].iter_rows(min_row=4))
    _write(rows, {3: f"{FORMULA} {{}} {TEXT}", 7: f"{{}} ; {FORMULA} {TEXT}", 17: TEXT, 18: f"@{TEXT}", 19: f"+{TEXT}"})
    rows[-1][2].value = TEXT  # not a date: the line is quarantined with this value
    _write(list(book["Mesures"].iter_rows(min_row=4)), {8: f"-{TEXT}"})


def _stocks(book: openpyxl.Workbook) -> None:
    rows = list(book["Stocks"].iter_rows(min_row=4))
    _write(rows, {1: f"{FORMULA} {{}} {TEXT}", 3: TEXT})
    rows[0][4].value, rows[1][2].value = TEXT, FORMULA


def _wholesaler(book: openpyxl.Workbook) -> None:
    _write(list(book["Stocks"].iter_rows(min_row=4)), {1: f"GROSSISTE A {TEXT}", 3: FORMULA})


def _references(book: openpyxl.Workbook) -> None:
    _write([row for row in book["Références"].iter_rows(min_row=4) if row[0].value], {5: TEXT, 6: f"{FORMULA} {TEXT}"})


def _refused(path: Path, sheet: str) -> None:
    """A file whose sheet, or whose titles, are not those of the template: they are quoted in the reason."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        lines = book.add_worksheet(sheet)
        lines.write_row(0, 0, [TEXT, FORMULA, "[x](javascript:pwned=1)"])
        lines.write_row(1, 0, [TEXT, FORMULA, 1])


# Columns of free text by file of the public list; the last one is an address that a page may link to.
_PUBLIC = {"CIS_bdpm": (1, 10), "CIS_CIP_bdpm": (2,), "CIS_MITM": (2,), "Dispo_Spec": (3,), "CIS_CPD": (1,)}


def _public_list(path: Path) -> None:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    columns = next((found for name, found in _PUBLIC.items() if name in path.stem), ())
    lines = []
    for line in text.splitlines():
        cells = line.split("\t")
        for column in (at for at in columns if at < len(cells)):
            cells[column] = f"{cells[column]} {TEXT}"
        if cells[-1].startswith("https:"):
            cells[-1] = "javascript:window.pwned=1"
        lines.append("\t".join(cells).replace("METFORMINE", "METFORMINE <i onclick=pwned()>**x**"))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _journal(folder: Path) -> None:
    journal = Journal(f"sqlite:///{folder.resolve()}/journal.db")
    journal.migrate()
    journal.add_comment(AUTHOR, SUBJECT, TEXT, ("ansm", "ars"))
    journal.record_access(AUTHOR, "page", TEXT, FORMULA)
    journal.accept_row(AUTHOR, HTML, "tracstocks", TEXT, FORMULA)  # a reference with hidden characters is refused
    for week in (date(2026, 11, 2), date(2026, 11, 9)):
        journal.count_preparations(AUTHOR, Counted(SUBJECT, week, 12, 3, None, f"{FORMULA} {TEXT}"), date(2026, 11, 22))
    journal.close()
