"""One stop: the facts, where its demand goes, box by box, and what is already open on the DCI."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.stops import queries as stops
from pages.anticiper import stop_rows
from pages.anticiper import stop_words as words
from pages.components import declaration_rows, links, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import frame, session
from pages.components.templating import render

QUESTION = "Si cette présentation s'arrête, qui reprend la demande ?"
MOST_DECLARATIONS = MOST_STOPS = 15

Row = dict[str, Any]


def draw(stop_no: str) -> None:
    """From the sentence down to the declarations of the DCI."""
    frame.name_tab(words.name(_row(stop_no)))
    head.show(stop_no)
    transfer.show(stop_no, links.here("anticiper/arrets"), lists.asked())
    table = session.load(stops.transfer, stop_no)
    if not table.empty:
        as_of = session.load(referential.snapshot)["as_of"]
        context = {"Dossier": stop_no, "Ce qui s'arrête": words.name(_row(stop_no)), "Données au": fr.day(as_of)}
        tables.table_twin(table, words.TRANSFER, f"report-{stop_no}", context, source="stop_transfer")
    beside.show(stop_no)


def _row(stop_no: str) -> Row:
    found = session.load(stops.one, stop_no)
    if found is None:
        raise LookupError(stop_no)
    return found


@block
def head(stop_no: str) -> Markup:
    """Way back, answer, what the register says, what the laboratory wrote."""
    row = _row(stop_no)
    lead, rest = words.answer(row)
    items = session.load(declarations.alternatives, row["alternatives"])
    return render(
        "anticiper/stop",
        question=QUESTION,
        lead=lead,
        rest=rest,
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("stop_register"),
        row=row,
        reason=words.REASON.get(str(row["reason"]), str(row["reason"])),
        alternatives=" ; ".join(map(declaration_rows.alternative, items)) or row["alternatives"],
    )


@block
def transfer(stop_no: str, here: Here, most: int) -> Markup:
    """The calculation, then each presentation that remains and is measured."""
    row, table = _row(stop_no), session.load(stops.transfer, stop_no)
    measured = figures.records(table[table["daily_boxes"].notna()])
    shown, cut = lists.cut(measured, most)
    return render(
        "anticiper/stop_transfer",
        here=here,
        is_empty=table.empty,
        arithmetic=words.arithmetic(row),
        rows=shown,
        cut=cut,
        reserves="" if table.empty else words.reserves(len(table) - len(measured), str(row["unit_word"])),
    )


@block
def beside(stop_no: str) -> Markup:
    """Open declarations and other stops of the DCI; nothing without a DCI."""
    row = _row(stop_no)
    if fr.missing(row["dci_key"]):
        return Markup()
    linked: pd.DataFrame = session.load(declarations.of_dci, str(row["dci_key"]))
    opened = figures.records(linked[linked["status"] == "ouverte"])
    as_of = fr.as_date(session.load(referential.snapshot)["as_of"])
    others = [stop for stop in session.load(stops.of_dci, str(row["dci_key"])) if stop["stop_no"] != stop_no]
    return render(
        "anticiper/stop_beside",
        row=row,
        opened=len(opened),
        shown=min(MOST_DECLARATIONS, len(opened)),
        table=declaration_rows.table(opened[:MOST_DECLARATIONS], as_of, caption="Déclarations ouvertes sur la DCI")
        if as_of
        else "",
        others=stop_rows.displayed(others[:MOST_STOPS]),
        stops=len(others),
    )
