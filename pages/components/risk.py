"""Risk of a declaration in words: its level with its points, and what a version changed."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures

_LEVEL = {
    "haut": (tokens.STATUS["insatisfaisante"].ink, tokens.STATUS["insatisfaisante"].colour),
    "important": (tokens.STATUS["acceptable"].ink, tokens.STATUS["acceptable"].colour),
    "moyen": (tokens.INK, tokens.SURFACE),
    "faible": (tokens.SECONDARY, "#fff"),
}


def level(row: Mapping[str, Any]) -> str:
    """Level in words on its ground, with the points over the maximum: never colour alone."""
    ink, fill = _LEVEL[str(row["level"])]
    pill = (
        f'<span class="vs-pill" style="color:{ink};background:{fill};border-color:{ink}">{escape(str(row["level"]).capitalize())}'
        "</span>"
    )
    return f'{pill} <span class="vs-num">{fr.number(row["points"])} / {fr.number(row["most_points"])}</span>'


def before_and_after(table: pd.DataFrame) -> pd.DataFrame:
    """Values before and after as a person reads them."""
    return table.assign(
        before_text=[_value(row, "before") for row in figures.records(table)],
        after_text=[_value(row, "after") for row in figures.records(table)],
    )


def _value(row: Mapping[str, Any], side: str) -> str:
    if not fr.missing(row[f"date_{side}"]):
        return fr.day(row[f"date_{side}"])
    return f"{fr.number(row[side], 1 if row['unit'] == '%' else 0)} {row['unit']}"
