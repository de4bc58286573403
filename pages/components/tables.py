"""The table behind every figure, to read, sort and take away as CSV or XLSX with its filters and date."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st
import xlsxwriter

from connectors.language.typography import french
from metrics import methods
from pages.components import format as fr
from pages.components import markup
from pages.components.access import access_log
from pages.components.shell import session

LABEL = "Table et téléchargement"
# A spreadsheet runs a cell that starts with one of these.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN_ROWS = 5_000


def table_twin(
    table: pd.DataFrame | Callable[[], pd.DataFrame],
    columns: Mapping[str, str],
    filename: str,
    context: Mapping[str, str],
    *,
    source: str = "",
    label: str = LABEL,
    opened: bool = False,
) -> None:
    """Closed box under a figure: its table and two downloads. Nothing is computed until it is opened or downloaded.

    table: or a function that gives it, called when the box is open.
    columns: column of ``table`` → French heading with its unit, in order; other columns are left out.
    filename: without extension, unique on the page. context: what the reader chose and the dates, as French words
    (« Molécule », « Données au »…); written in both files. source: table of the snapshot the columns come from, whose
    descriptions go to the notice of the workbook.
    """
    box = st.expander(label, expanded=opened, key=f"table-{filename}", on_change="rerun")
    if not box.open:
        return
    with box:
        table_with_downloads(table() if callable(table) else table, columns, filename, context, source=source)


def downloads(
    table: pd.DataFrame, columns: Mapping[str, str], filename: str, context: Mapping[str, str], *, source: str = ""
) -> None:
    """The two buttons; each file is recorded, then written, when its button is clicked; the page does not run again."""
    line = st.container(horizontal=True, gap="small")
    chosen, meanings = select(table, columns), described(columns, source)
    _button(line, "Télécharger (CSV)", f"{filename}.csv", "text/csv", lambda: to_csv(chosen, context))
    _button(line, "Télécharger (XLSX)", f"{filename}.xlsx", XLSX, lambda: to_xlsx(chosen, context, meanings))


def table_with_downloads(
    table: pd.DataFrame, columns: Mapping[str, str], filename: str, context: Mapping[str, str], *, source: str = ""
) -> None:
    """The rows, and their two files."""
    draw_table(table, columns)
    downloads(table, columns, filename, context, source=source)


def download_book(label: str, filename: str, write: Callable[[], bytes]) -> None:
    """One button for a workbook of several sheets (``to_book``), written when it is clicked."""
    _button(st.container(horizontal=True), label, f"{filename}.xlsx", XLSX, write)


def download_file(label: str, name: str, mime: str, write: Callable[[], bytes]) -> None:
    """One button for a file of any kind, recorded, then written, when it is clicked."""
    _button(st.container(horizontal=True, width="content"), label, name, mime, write)


def _button(line: Any, label: str, name: str, mime: str, write: Callable[[], bytes]) -> None:
    line.download_button(
        label,
        data=_recorded(access_log.exporting(session.page_title(), name), write),
        file_name=f"vigistock-{name}",
        mime=mime,
        key="-".join(name.rsplit(".", 1)),
        on_click="ignore",
    )


def _recorded(record: Callable[[], None], write: Callable[[], bytes]) -> Callable[[], bytes]:
    def written() -> bytes:
        record()
        return write()

    return written


def draw_table(table: pd.DataFrame, columns: Mapping[str, str], *, height: int | None = None) -> None:
    """The rows in French: dates 16/11/2026, decimal commas; sorting stays on the values."""
    chosen = select(table, columns).head(_SHOWN_ROWS)
    if chosen.empty:
        markup.show('<p class="vs-empty-line">Aucune ligne.</p>')
        return
    writers: dict[Any, Any] = {name: w for name in chosen.columns if (w := _writer(chosen[name])) is not None}
    st.dataframe(
        chosen.style.format(writers, na_rep=fr.UNKNOWN),
        hide_index=True,
        height=height or "auto",
        placeholder=fr.UNKNOWN,
    )
    if len(table) > _SHOWN_ROWS:
        markup.show(f'<p class="vs-note">{fr.number(_SHOWN_ROWS)} premières lignes sur {fr.number(len(table))} ; '
                "les fichiers les contiennent toutes.</p>")  # fmt: skip


def select(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Columns asked for, in order, under their French heading; a missing one is left out."""
    kept = [name for name in columns if name in table.columns]
    return table[kept].rename(columns=dict(columns)).reset_index(drop=True)


def described(columns: Mapping[str, str], source: str) -> dict[str, str]:
    """French heading → what the column of the table ``source`` says, and what its empty cells mean."""
    known = {row["column_name"]: row for row in session.load(methods.columns, source)} if source else {}
    found = {title: known.get(name) or known.get(name.removesuffix("_label")) for name, title in columns.items()}
    return {title: _meaning(row) for title, row in found.items() if row}


def _meaning(row: Mapping[str, Any]) -> str:
    return f"{row['description']}." + (f" Case vide : {row['empty']}." if row["empty"] else "")


def _writer(values: pd.Series) -> Callable[[Any], str] | None:
    if pd.api.types.is_bool_dtype(values):
        return lambda v: "oui" if v else "non"
    if pd.api.types.is_integer_dtype(values):
        return fr.number
    if pd.api.types.is_float_dtype(values):
        whole = values.dropna().mod(1).eq(0).all()
        return fr.number if whole else lambda v: fr.number(v, 1)
    if pd.api.types.is_datetime64_any_dtype(values):
        return fr.day
    first = next((v for v in values if not fr.missing(v)), None)
    if isinstance(first, date):
        return fr.day
    return None if first is None or isinstance(first, str) else fr.listing


def notice(context: Mapping[str, str]) -> list[tuple[str, str]]:
    """Lines that travel with the data: what was chosen, the date, what the tool is."""
    return [("Vigistock", "export de la table affichée"), *((str(k), french(str(v))) for k, v in context.items())]


def to_csv(chosen: pd.DataFrame, context: Mapping[str, str]) -> bytes:
    """UTF-8 with BOM, ``;``, decimal comma: what French spreadsheets open. The notice comes first, lines in « # »."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([f"# {name}", harmless(value)] for name, value in notice(context))
    writer.writerow([harmless(name) for name in chosen.columns])
    writer.writerows([_csv_cell(value) for value in row] for row in chosen.itertuples(index=False, name=None))
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "oui" if plain else "non"
    if isinstance(plain, float):
        return f"{plain:.10g}".replace(".", ",")
    if isinstance(plain, datetime):
        return fr.moment(plain)
    if isinstance(plain, date):
        return fr.day(plain)
    return str(plain)


def _plain(value: Any) -> bool | int | float | date | str | None:
    """Cell as a simple value; texts made harmless, lists joined, midnight timestamps as dates."""
    if fr.missing(value):
        return None
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value.replace(tzinfo=None)
    if isinstance(value, bool | int | float | date):
        return value
    return harmless(value if isinstance(value, str) else fr.listing(value, empty=""))


def harmless(text: object) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before an active first character."""
    written = str(text)
    return f"'{written}" if written.startswith(_ACTIVE) else written


def to_xlsx(chosen: pd.DataFrame, context: Mapping[str, str], meanings: Mapping[str, str] | None = None) -> bytes:
    """Workbook with the sheets *Données* (real numbers and dates) and *Notice*; ``meanings``: what each column says."""
    return to_book({"Données": chosen}, context, meanings)


def to_book(
    sheets: Mapping[str, pd.DataFrame], context: Mapping[str, str], meanings: Mapping[str, str] | None = None
) -> bytes:
    """Workbook of several tables, one a sheet, and the sheet *Notice*."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        for name, chosen in sheets.items():
            _data_sheet(book, name, chosen)
        sheet = book.add_worksheet("Notice")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 90)
        columns = [(f"Colonne « {title} »", meaning) for title, meaning in (meanings or {}).items()]
        for line, (label, value) in enumerate([*notice(context), *columns]):
            sheet.write_string(line, 0, harmless(label), book.add_format({"bold": True}))
            sheet.write_string(line, 1, harmless(value))
    return out.getvalue()


def _data_sheet(book: Any, name: str, chosen: pd.DataFrame) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats: dict[type, Any] = {date: book.add_format({"num_format": "dd/mm/yyyy"}),
               datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"})}  # fmt: skip
    for column, title in enumerate(chosen.columns):
        sheet.write_string(0, column, harmless(title), head)
        sheet.set_column(column, column, min(max(len(str(title)), 12), 40))
    for line, row in enumerate(chosen.itertuples(index=False, name=None), start=1):
        for column, value in enumerate(row):
            _write(sheet, line, column, _plain(value), formats)
    sheet.freeze_panes(1, 0)
    if len(chosen):
        sheet.autofilter(0, 0, len(chosen), len(chosen.columns) - 1)


def _write(sheet: Any, line: int, column: int, value: Any, formats: Mapping[type, Any]) -> None:
    if value is None or (isinstance(value, float) and value in (float("inf"), float("-inf"))):
        return
    if isinstance(value, bool):
        sheet.write_string(line, column, "oui" if value else "non")
    elif isinstance(value, date):
        sheet.write_datetime(line, column, value, formats[type(value)])
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value)
    else:
        sheet.write_string(line, column, value)
