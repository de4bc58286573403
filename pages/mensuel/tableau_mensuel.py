"""Tableau de bord mensuel: the declarations of a month and since January, for DGS and ARS."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st
from markupsafe import Markup

from metrics.monthly.queries import Monthly
from pages.components import filters, links, tables
from pages.components.blocks import block
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.mensuel import board, columns, printed, view, workbook
from pages.mensuel.view import PAGE, QUESTION, RANKINGS, Calendar

METHODS = (
    ("Comptes", "monthly_count"),
    ("Situations", "monthly_situation"),
    ("Réitération", "monthly_dci"),
    ("Mouvements", "monthly_movement"),
)


def main() -> None:
    """One month, on screen or on one printed page."""
    calendar = view.calendar()
    ranking = filters.chosen("classement", list(RANKINGS), "mois") or "mois"
    if calendar is None:
        nothing.show()
    elif st.query_params.get("impression") == "1":
        month = filters.chosen("mois", list(calendar.names)) or calendar.default
        frame.name_tab(calendar.names[month])
        printed.draw(month, ranking)
        return
    else:
        _draw(calendar, ranking)
    frame.sources_footer(view.received(), METHODS)


def _draw(calendar: Calendar, ranking: str) -> None:
    left, right = st.columns([3.6, 1])
    with right:
        month = filters.choose("Mois", calendar.names, "mois", default=calendar.default) or calendar.default
        frame.name_tab(calendar.names[month])
        shown, context = view.of(month, ranking).shown, view.context(month)
        write = partial(workbook.content, shown, context, session.reader())
        tables.download_book("Télécharger le classeur (XLSX)", f"tableau-mensuel-{month}", write)
    with left:
        board.answer.show(month, ranking, links.here(PAGE))
    board.counts.show(month)
    twin = partial(_twin, shown, context)
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        board.history.show("mensuel", month, frame.scale())
        twin(columns.past_of, columns.PAST, "mensuel-mois", "monthly_count")
    with right:
        board.comments.show(month)
        twin(columns.movements, columns.MOVEMENTS, "mensuel-mouvements", "monthly_movement")
    left, right = st.columns(2, gap="large")
    with left:
        board.classes.show(month)
        twin(columns.classes, columns.CLASSES, "mensuel-classes", "monthly_class")
        board.laboratories.show(month, ranking)
        if shown.laboratories is not None:
            twin(columns.named, columns.LABORATORIES, "mensuel-laboratoires", "monthly_laboratory")
    with right:
        board.levels.show(month)
        twin(columns.levels, columns.LEVELS, "mensuel-niveaux", "monthly_level")
        board.dcis.show(month, ranking)
        twin(columns.dcis, columns.DCIS, "mensuel-dci", "monthly_dci")


def _twin(
    shown: Monthly, context: Mapping[str, str], make: columns.Make, names: dict[str, str], filename: str, source: str
) -> None:
    """The table behind a block, made when it is asked for."""
    tables.table_twin(partial(make, shown), names, filename, context, source=source)


@block
def nothing() -> Markup:
    return render("mensuel/nothing", question=QUESTION)


main()
