"""A table to read and to take away, under a figure or on its own. Nothing is computed until it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import links, lists, markup, templating
from pages.components.access import access_log
from pages.components.exports import notice
from pages.components.exports.cells import columns_of, rows_of, select
from pages.components.exports.csv_file import to_csv
from pages.components.exports.stamp import Stamp, carried, kind_of
from pages.components.exports.workbook import XLSX, to_xlsx
from pages.components.shell import session

LABEL = "Table et téléchargement"
TEMPLATE = "components/exports/table"


Rows = pd.DataFrame | Sequence[Mapping[str, Any]]


def offer(
    table: Rows | Callable[[], Rows],
    columns: Mapping[str, str],
    filename: str,
    context: Mapping[str, str],
    *,
    source: str = "",
    label: str = LABEL,
    opened: bool = False,
    stands_on: Collection[str] = (),
) -> None:
    """Closed box: the table's first rows, and its CSV and XLSX. Nothing is computed until it is opened or downloaded.

    table: rows in the order of the screen, or a function that gives them, called when the box is open.
    columns: column of ``table`` → French heading with its unit, in order; other columns are left out.
    filename: without extension, unique on the page. context: what the reader chose, as French words (« Molécule »…);
    the dates, the sources and the mark of invented or public data are added. source: table of the snapshot the columns come from,
    whose descriptions and method go to the notice. stands_on: keys of its sources, those of the page when not given.
    """
    asked = parameter(filename) in st.query_params
    box = st.expander(label, expanded=opened or asked, key=f"table-{filename}", on_change="rerun")
    if not box.open:
        return
    rows = table_of(table() if callable(table) else table)
    with box:
        draw_table(rows, columns, name=filename)
        downloads(rows, columns, filename, context, source=source, stands_on=stands_on)


@dataclass(frozen=True)
class Twin:
    """A table of a box that holds several, with what ``offer`` is given. ``label``: its heading in the box."""

    label: str
    table: Callable[[], Rows]
    columns: Mapping[str, str]
    filename: str
    context: Mapping[str, str]
    source: str = ""


def offer_together(twins: Sequence[Twin]) -> None:
    """One closed box for the tables of a part of a page: a reader's browser pays for each box it draws, opened or not."""
    if not twins:
        return
    names = [twins[0].label, *(f"{twin.label[:1].lower()}{twin.label[1:]}" for twin in twins[1:])]
    asked = any(parameter(twin.filename) in st.query_params for twin in twins)
    box = st.expander(
        f"{', '.join(names)} : {'tables' if len(twins) > 1 else 'table'} et téléchargement",
        expanded=asked,
        key=f"tables-{twins[0].filename}",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        for twin in twins:
            if len(twins) > 1:
                markup.show(templating.macro("components/templates/parts", "section", twin.label))
            rows = table_of(twin.table())
            draw_table(rows, twin.columns, name=twin.filename)
            downloads(rows, twin.columns, twin.filename, twin.context, source=twin.source)


def table_of(rows: Rows) -> pd.DataFrame:
    """Rows as a table, whichever way a page holds them."""
    return rows if isinstance(rows, pd.DataFrame) else pd.DataFrame([dict(row) for row in rows])


def downloads(
    table: Rows,
    columns: Mapping[str, str],
    filename: str,
    context: Mapping[str, str],
    *,
    source: str = "",
    stands_on: Collection[str] = (),
) -> None:
    """The two buttons; each file is recorded, then written, when its button is clicked; the page does not run again."""
    line = st.container(horizontal=True, gap="small")
    stamp, reader, rows = stamp_of_page(stands_on), session.reader(), table_of(table)
    _button(
        line, "Télécharger (CSV)", f"{filename}.csv", "text/csv", stamp, lambda: to_csv(select(rows, columns), context)
    )
    _button(
        line,
        "Télécharger (XLSX)",
        f"{filename}.xlsx",
        XLSX,
        stamp,
        lambda: to_xlsx(select(rows, columns), context, notice.meaning(reader, columns, source)),
    )


def table_with_downloads(
    table: Rows, columns: Mapping[str, str], filename: str, context: Mapping[str, str], *, source: str = ""
) -> None:
    """The rows, and their two files."""
    draw_table(table, columns, name=filename)
    downloads(table, columns, filename, context, source=source)


def download_book(label: str, filename: str, write: Callable[[], bytes]) -> None:
    """One button for a workbook of several sheets (``to_book``), written when it is clicked."""
    _button(st.container(horizontal=True), label, f"{filename}.xlsx", XLSX, stamp_of_page(), write)


def download_file(label: str, name: str, mime: str, write: Callable[[], bytes]) -> None:
    """One button for a file of any kind, recorded, then written, when it is clicked."""
    _button(st.container(horizontal=True, width="content"), label, name, mime, stamp_of_page(), write)


def _button(line: Any, label: str, name: str, mime: str, stamp: Stamp, write: Callable[[], bytes]) -> None:
    line.download_button(
        label,
        data=_recorded(access_log.exporting(session.page_title(), name), write, stamp),
        file_name=f"vigistock-{stamp.file_name(name)}",
        mime=mime,
        key="-".join(name.rsplit(".", 1)),
        on_click="ignore",
    )


def _recorded(record: Callable[[], None], write: Callable[[], bytes], stamp: Stamp) -> Callable[[], bytes]:
    def written() -> bytes:
        record()
        with carried(stamp):
            return write()

    return written


def stamp_of_page(stands_on: Collection[str] = ()) -> Stamp:
    """What files of this run say of themselves. The sources are those given, else those the page says it stands on."""
    try:
        info = session.load(referential.snapshot)
    except LookupError:
        return Stamp()
    reader = session.reader()
    asked = st.query_params.to_dict()
    return Stamp(
        kind_of(info),
        fr.as_date(info["as_of"]),
        info["built_at"],
        session.page_title(),
        f"{session.settings().alerts.public_url.rstrip('/')}/{session.page()}{'?' if asked else ''}{urlencode(asked)}",
        lambda: sources.received(reader),
        list(stands_on) or session.page_sources(),
    )


def parameter(name: str) -> str:
    """Of the address: how many rows of this table are shown."""
    return f"{lists.PARAMETER}-{name}" if name else lists.PARAMETER


def draw_table(rows: Rows, columns: Mapping[str, str], *, name: str = "", height: int | None = None) -> None:  # noqa: ARG001
    """The first rows, written as in the files, and the way to more. ``name``: of the table, unique on the page."""
    table = table_of(rows)
    if table.empty:
        markup.show(templating.macro("components/templates/parts", "empty_line", "Aucune ligne."))
        return
    shown, cut = lists.cut(range(len(table)), lists.asked(parameter(name)))
    drawn = columns_of(select(table.head(len(shown)), columns), on_screen=True)
    texts = [[c.text(cell, fr.UNKNOWN) for c, cell in zip(drawn, row, strict=True)] for row in rows_of(drawn)]
    heads = [(column.title, column.kind not in ("text", "day", "moment")) for column in drawn]
    here = links.Here("", tuple(sorted(st.query_params.to_dict().items())))
    more = here.but(**{parameter(name): cut.following}) if cut.following else ""
    markup.show(templating.macro(TEMPLATE, "table", heads, texts, cut, more))
