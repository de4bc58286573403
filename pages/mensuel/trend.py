"""Declarations month by month, as stacked bars."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures, legend
from pages.components.charts.figures import Stack
from pages.mensuel import words

HEIGHT = 190
MOST_TICKS = 6  # of two years, on the narrowest screen
_KINDS = (("ruptures", "rupture", "ruptures"), ("risks", "risque", "risques de rupture"))
KEY = legend.areas((name, tokens.KIND_COLOUR[kind]) for _, kind, name in _KINDS)


def chart(past: pd.DataFrame, *, scale: float = 1.0) -> go.Figure:
    """``past``: month, ruptures, risks, declarations, source_key. The month shown is the last one, outlined."""
    stack = Stack(scale=scale)
    top = max(float(past["declarations"].max()), 1.0) * 1.15
    axis = stack.panel(HEIGHT, "", {"range": [0, top]})
    for column, kind, name in _KINDS:
        stack.traces.append(_bars(past, column, kind, name, axis))
    last = past.iloc[-1]
    stack.text(
        f"<b>{fr.number(last['declarations'])}</b>", x=_place(last["month"]), xref="x", y=float(last["declarations"]),
        yref=axis, yanchor="bottom", yshift=1,
    )  # fmt: skip
    first, end = (pd.Timestamp(past["month"].iloc[place]) for place in (0, -1))
    half = pd.Timedelta(days=17)
    ticks = figures.month_ticks(first.date(), end.date(), most=MOST_TICKS)
    axis_x = {"type": "date", "range": [first - half, end + half], **ticks, "showgrid": False}
    return stack.figure("", axis_x).update_layout(barmode="stack")


def title(past: pd.DataFrame) -> str:
    """« Déclarations par mois : 38 en octobre 2026 »."""
    last = past.iloc[-1]
    return f"Déclarations par mois : {fr.number(last['declarations'])} en {fr.long_month(last['month'])}"


def _bars(past: pd.DataFrame, column: str, kind: str, name: str, axis: str) -> dict[str, Any]:
    hover = [
        f"<b>{fr.number(row[column])} {name}</b><br>{fr.long_month(row['month'])}, sur {fr.number(row['declarations'])} "
        f"déclarations<br>source : {words.SOURCE[row['source_key']]}"
        for row in figures.records(past)
    ]
    return figures.bar(
        x=[_place(month) for month in past["month"]], y=[int(value) for value in past[column]], yaxis=axis, name=name,
        marker={"color": tokens.KIND_COLOUR[kind]}, hovertext=hover,
    )  # fmt: skip


def _place(month: Any) -> str:
    return f"{pd.Timestamp(month):%Y-%m-%d}"
