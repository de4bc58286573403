"""The month as a workbook: one sheet per block, and the notice that travels with it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from data.warehouse import Reader
from metrics.monthly.queries import Monthly
from pages.components import tables
from pages.mensuel import columns, words

# Columns of each sheet, and the table that says what they are.
_MEANINGS = (
    (columns.PAST, "monthly_count"),
    (columns.LEVELS, "monthly_level"),
    (columns.CLASSES, "monthly_class"),
    (columns.DCIS, "monthly_dci"),
    (columns.LABORATORIES, "monthly_laboratory"),
    (columns.CLOSED, "monthly_count"),
    (columns.MOVEMENTS, "monthly_movement"),
)


def content(shown: Monthly, context: Mapping[str, str], reader: Reader | None = None) -> bytes:
    """Bytes of the workbook; formulas are neutralised as in every export. reader: describes its columns."""
    return tables.to_book(sheets(shown), context, meanings(reader) if reader else None)


def meanings(reader: Reader) -> dict[str, str]:
    """Heading → what the column says, for the notice."""
    return {
        title: meaning
        for names, table in _MEANINGS
        for title, meaning in tables.described(reader, names, table).items()
    }


def sheets(shown: Monthly) -> dict[str, pd.DataFrame]:
    """Seven tables under the names of their sheets; the fifth names laboratories only where they may be."""
    year = columns.this_year(shown)
    named = shown.laboratories
    declaring = (
        tables.select(columns.declarants(shown), columns.DECLARANTS)
        if named is None
        else tables.select(named, columns.LABORATORIES)
    )
    return {
        "1 Déclarations": tables.select(year, columns.PAST),
        "2 Niveaux": tables.select(columns.levels(shown), columns.LEVELS),
        "3 Classes ATC": tables.select(columns.classes(shown), columns.CLASSES),
        "4 DCI": tables.select(columns.dcis(shown), columns.DCIS),
        "5 Laboratoires": declaring,
        "6 Clôtures": tables.select(year, columns.CLOSED),
        "7 Mouvements": _comments(shown),
    }


def _comments(shown: Monthly) -> pd.DataFrame:
    """The comment on the whole, then the rises with their figures."""
    rises = columns.movements(shown)
    if rises.empty:
        (sentence,) = words.rises(shown, shared=shown.laboratories is None)
        rises = pd.DataFrame([{"text": sentence}])
    both = pd.concat(
        [pd.DataFrame([{"scope_name": "Ensemble", "text": words.overall(shown)}]), rises], ignore_index=True
    )
    return tables.select(both, columns.MOVEMENTS)
