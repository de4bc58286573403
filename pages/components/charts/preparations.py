"""Préparations magistrales beside what is sold of the same subject, on one axis of weeks; each panel has its own unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures
from pages.components.charts.figures import Stack

SALES_PX, PREPARATIONS_PX = 150, 110
BACK_WEEKS = 52
WEEK_BAR_MS = 6 * 86_400_000
MOST_TICKS = 7
COUNTED = "préparations"
ZERO = "zéro compté"
# Curve of sales → its line. Words and sources: ``SALES`` below.
LINES: dict[str, dict[str, Any]] = {
    "openhealth": {"color": tokens.ACCENT, "width": 2.2},
    "exploitants": {"color": tokens.INK, "width": 1.8},
    "officines": {"color": tokens.INK, "width": 1.4, "dash": "dash"},
}
SALES = {
    "openhealth": ("officines (OpenHealth)", "OpenHealth"),
    "exploitants": ("exploitants", "TracStocks"),
    "officines": ("panel d'officines (IQVIA)", "IQVIA"),
}


def preparations_panels(
    counted: pd.DataFrame, sales: Mapping[str, pd.DataFrame], *, as_of: date, scale: float = 1.0
) -> go.Figure:
    """Sales above, preparations below, over the last year. A week that nobody counted has no bar; a zero has its mark.

    counted: *preparation_weekly* of one subject. sales: curve of ``SALES`` → week, boxes.
    """
    span = (as_of - timedelta(weeks=BACK_WEEKS), as_of)
    stack = Stack(scale=scale, today=as_of)
    shown = {name: figures.within(figures.weekly(table), "week", *span) for name, table in sales.items()}
    shown = {name: table for name, table in shown.items() if not table.empty and table["boxes"].notna().any()}
    if shown:
        _sales(stack, shown)
    _counts(stack, figures.within(counted, "week", *span), span[0])
    figures.vertical(stack, as_of, fr.day(as_of))
    axis = {"type": "date", "range": list(span), **figures.month_ticks(*span, most=MOST_TICKS)}
    return stack.figure("", axis, {"l": 64, "r": 84, "t": 24})


def _sales(stack: Stack, shown: Mapping[str, pd.DataFrame]) -> None:
    top = max(float(table["boxes"].max()) for table in shown.values()) * 1.15 or 1.0
    axis = stack.panel(SALES_PX, figures.heading("Ventes", "  boîtes par semaine"), {"nticks": 4, "range": [0, top]})
    for name, table in shown.items():
        words = [fr.boxes(value) for value in table["boxes"]]
        title, source = SALES[name]
        stack.traces.append(figures.weekly_line(table, "boxes", axis, title, words, LINES[name], source=source))


def _counts(stack: Stack, counted: pd.DataFrame, since: date) -> None:
    top = float(counted["preparations"].max() if not counted.empty else 0) * 1.2 or 1.0
    heading = figures.heading("Préparations magistrales", "  par semaine")
    axis = stack.panel(PREPARATIONS_PX, heading, {"nticks": 4, "range": [0, top]})
    if counted.empty:
        stack.text("Aucune semaine comptée depuis un an", x=0.5, xref="paper", y=top / 2, yref=axis, size=14, color=tokens.SECONDARY)  # fmt: skip
        return
    stack.traces.append(
        figures.bar(
            x=figures.days(pd.to_datetime(counted["week"]) + pd.Timedelta(days=3)),
            y=figures.numbers(counted["preparations"]),
            yaxis=axis,
            width=WEEK_BAR_MS,
            name=COUNTED,
            marker={"color": tokens.RAMP[4], "line": {"width": 0}},
            **figures.hover_of("", [_words(row) for row in figures.records(counted)], source="ANSM"),
        )
    )
    zeros = counted[counted["preparations"] == 0]
    if not zeros.empty:
        where = {
            "x": figures.days(pd.to_datetime(zeros["week"]) + pd.Timedelta(days=3)),
            "y": [0.0] * len(zeros),
            "yaxis": axis,
        }
        mark = {"size": 7, "color": tokens.RAMP[4], "symbol": "line-ew-open", "line": {"width": 2}}
        stack.traces.append(figures.scatter(**where, name=ZERO, mode="markers", hoverinfo="skip", marker=mark))
    for day in sorted(
        {day for day in map(fr.as_date, counted["recommendation_on"]) if day is not None and day >= since}
    ):
        place = {"xref": "x", "x0": day, "x1": day, "yref": f"{axis} domain", "y0": 0, "y1": 1}
        stack.shapes.append({"type": "line", "line": {"color": tokens.SECONDARY, "width": 1}, **place})
        where = {"x": day, "xref": "x", "y": 1, "yref": f"{axis} domain", "xanchor": "right", "yanchor": "top"}
        stack.text("recommandation", xshift=-3, size=12, color=tokens.SECONDARY, **figures.HALO, **where)


def _words(row: Mapping[str, Any]) -> str:
    """« 120 préparations, 35 officines »."""
    words = fr.plural(row["preparations"], "préparation", "préparations")
    return (
        words if fr.missing(row["pharmacies"]) else f"{words}, {fr.plural(row['pharmacies'], 'officine', 'officines')}"
    )
