"""What a reader who may not see laboratories sees of a page of laboratories: lines by DCI, and why no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectors.language.folding import fold_words
from metrics.referential import queries as referential
from pages.components import format as fr
from pages.components import links, lists, markup, tables
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render

REASON = (
    "Lignes par DCI, sans laboratoire, spécialité ni volume (secret des affaires) : le détail est réservé à l'ANSM. "
    "Une ligne peut ne tenir qu'à un laboratoire : elle n'est pas publique."
)
Written = Callable[[Any], str]


def draw(
    question: str,
    answer: str,
    table: pd.DataFrame,
    columns: Mapping[str, str],
    source: str,
    *,
    choices: str = "",
    chosen: Mapping[str, str] | None = None,
    written: Mapping[str, Written] | None = None,
) -> None:
    """The answer, then the lines, each opening its molecule, and their files.

    columns: column → heading, in order. source: shared table the lines come from. choices: links above the lines;
    chosen: what they chose, for the notice of the files.
    written: how the values of a column are written, when not as usual.
    """
    as_of = session.load(referential.snapshot)["as_of"]
    here = links.here(session.page())
    lines = board(table, columns, here, st.query_params.get("tri", ""), lists.asked(), written or {})
    markup.show(
        render(
            "components/by_dci",
            question=question,
            answer=answer,
            as_of=as_of,
            reason=REASON,
            choices=choices,
            lines=lines,
        )
    )
    if not table.empty:
        context = {**(chosen or {}), "Données au": fr.day(as_of), "Réserve": REASON}
        tables.table_twin(table, columns, source.replace("_", "-"), context, source=source)


def board(
    table: pd.DataFrame, columns: Mapping[str, str], here: Here, wanted: str, most: int, written: Mapping[str, Written]
) -> Markup:
    """The first lines in the order asked for; that of the table when none is."""
    shown = [name for name in columns if name in table]
    order = wanted if wanted.removeprefix("-") in shown else ""
    ordered = _ordered(table, order) if order else table
    rows = figures.records(ordered.head(most))
    cells = [
        {
            "dci": row.get("dci"),
            "dci_key": row.get("dci_key"),
            "cells": [
                (columns[name], written.get(name, _plain)(row[name]), _is_number(table[name]), name == "dci")
                for name in shown
            ],
        }
        for row in rows
    ]
    heads = [(name, columns[name], _is_number(table[name])) for name in shown]
    return render("components/by_dci_lines", here=here, heads=heads, rows=cells, order=order,
                  cut=lists.Cut(len(rows), len(table)))  # fmt: skip


def _ordered(table: pd.DataFrame, order: str) -> pd.DataFrame:
    """By one column, accents and case ignored; unknown values last."""
    return table.sort_values(
        order.removeprefix("-"),
        ascending=not order.startswith("-"),
        kind="stable",
        na_position="last",
        key=lambda column: column.map(lambda text: fold_words(text) if isinstance(text, str) else text),
    )


def _is_number(column: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _plain(value: Any) -> str:
    if fr.missing(value):
        return fr.UNKNOWN
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        return fr.number(value)
    return fr.day(value) if isinstance(value, date) else str(value)
