"""Panels under the coverage: sales with the supplies planned, then the epidemic or the heat outside."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures
from pages.components.charts.figures import Stack

SALES_PX, SURVEILLANCE_PX = 116, 96
DAY_MS = 86_400_000

# Line, text of the label (dark enough to be read), dash.
_SURVEILLANCE_LINES = (
    (tokens.ACCENT, tokens.ACCENT, "solid"),
    (tokens.RAMP[5], tokens.RAMP[6], "solid"),
    (tokens.SECONDARY, tokens.SECONDARY, "dot"),
    (tokens.HATCH, tokens.SECONDARY, "dash"),
)
_SALES_LINES = (("last_season_boxes", "saison précédente", tokens.GHOST, 1.2), ("boxes", "ventes", tokens.ACCENT, 2.2))


def sales_panel(
    stack: Stack, sales: pd.DataFrame, supplies: pd.DataFrame, span: tuple[date, date], height: int = SALES_PX
) -> None:
    """Boxes sold a week, last season as a ghost; supplies planned as bars on the same axis (boxes too)."""
    shown = figures.within(figures.weekly(sales), "week", *span)
    planned = figures.within(supplies, "planned_on", *span)
    lines = [line for line in _SALES_LINES if not shown.empty and shown[line[0]].notna().any()]
    heading = "<b>Ventes</b>  boîtes par semaine" + ("" if planned.empty else ", apports prévus en barres")
    axis = stack.panel(height, heading, {"nticks": 4, "range": [0, _sales_top(shown, planned)]})
    if not planned.empty:
        _supply_bars(stack, planned, axis)
    for column, name, color, width in lines:
        stack.traces.append(
            figures.weekly_line(
                *(shown, column, axis, name, [fr.boxes(v) for v in shown[column]]), {"color": color, "width": width}
            )
        )
    if lines:
        _sales_labels(stack, shown, axis)


def _sales_top(shown: pd.DataFrame, planned: pd.DataFrame) -> float:
    columns = [shown[c] for c in ("boxes", "last_season_boxes") if c in shown]
    columns += [planned["boxes"]] if not planned.empty else []
    known = [float(v) for values in columns for v in values if not fr.missing(v)]
    return max(known, default=1.0) * 1.25 or 1.0


def _sales_labels(stack: Stack, shown: pd.DataFrame, axis: str) -> None:
    """The current year above its last week, where no bar stands; the page names the grey line."""
    end = figures.last_known(shown, "boxes")
    if end is not None:
        text = f"<b>{fr.number(end['boxes'])}</b> ventes"
        place = {"x": end["week"], "y": float(end["boxes"]), "xref": "x", "yref": axis}
        stack.text(text, xanchor="right", yanchor="bottom", yshift=5, color=tokens.ACCENT, **figures.HALO, **place)


def _supply_bars(stack: Stack, planned: pd.DataFrame, axis: str) -> None:
    names = planned["laboratory"] if "laboratory" in planned else pd.Series([None] * len(planned), index=planned.index)
    words = [
        f"<b>{fr.boxes(b)}</b><br>approvisionnement prévu le {fr.day(d)}"
        + ("" if fr.missing(n) else f"<br>{escape(n)}")
        for b, d, n in zip(planned["boxes"], planned["planned_on"], names, strict=True)
    ]
    stack.traces.append(
        figures.bar(
            x=figures.days(planned["planned_on"]),
            y=figures.numbers(planned["boxes"]),
            yaxis=axis,
            width=5 * DAY_MS,
            name="approvisionnement prévu",
            hovertext=words,
            marker={"color": tokens.RAMP[2], "line": {"color": tokens.ACCENT, "width": 1}},
        )
    )


def epidemic_panel(stack: Stack, surveillance: pd.DataFrame, span: tuple[date, date]) -> None:
    """Weekly rates, one line per indicator (at most four), named at its end."""
    shown = figures.within(surveillance, "week", *span)
    known = [float(v) for v in shown["value"] if not fr.missing(v)]
    top = max(known, default=1.0) * 1.1 or 1.0
    heading = "<b>Épidémies</b>  urgences, pour 100 000 passages codés"
    axis = stack.panel(SURVEILLANCE_PX, heading, {"nticks": 4, "range": [0, top]})
    ends: list[tuple[Any, float, str, str]] = []
    for (name, rows), (color, ink, dash) in zip(shown.groupby("label", sort=False), _SURVEILLANCE_LINES, strict=False):
        table = figures.weekly(rows)
        words = [f"{fr.number(v)} pour 100 000" for v in table["value"]]
        stack.traces.append(
            figures.weekly_line(
                *(table, "value", axis, str(name), words),
                {"color": color, "width": 2, "dash": dash},
                source="Santé publique France",
            )
        )
        end = figures.last_known(table, "value")
        if end is not None:
            text = f"<b>{fr.number(end['value'])}</b> {escape(str(name))}"
            ends.append((end["week"], float(end["value"]), text, ink))
    figures.end_labels(stack, axis, ends, top, SURVEILLANCE_PX)


def vigilance_panel(stack: Stack, heat: pd.DataFrame, span: tuple[date, date]) -> None:
    """Departments under heat vigilance each day, stacked in Météo-France's colours, named in the heading."""
    names = ", ".join(_named(colour_id) for colour_id in (2, 3, 4))
    shown = figures.within(heat, "day", *span)
    top = float(shown[shown["colour_id"] >= 2].groupby("day")["departments"].sum().max() or 1) if len(shown) else 1.0
    axis = stack.panel(
        SURVEILLANCE_PX, f"<b>Vigilance canicule</b>  départements en {names}", {"nticks": 4, "range": [0, top * 1.1]}
    )
    below = pd.Series(0.0, index=pd.to_datetime(shown["day"]).unique())
    for colour_id in (2, 3, 4):
        below = _vigilance_bars(stack, shown[shown["colour_id"] == colour_id], colour_id, axis, below)


def _named(colour_id: int) -> str:
    word, color, _ = tokens.VIGILANCE[colour_id]
    return f'<span style="color:{color}">■</span> {word.lower()}'


def _vigilance_bars(stack: Stack, rows: pd.DataFrame, colour_id: int, axis: str, below: pd.Series) -> pd.Series:
    word, color, _ = tokens.VIGILANCE[colour_id]
    counts = rows.groupby(pd.to_datetime(rows["day"]))["departments"].sum()
    drawn = counts[counts > 0]
    words = [fr.plural(n, "département", "départements") for n in drawn]
    stack.traces.append(
        figures.bar(
            x=figures.days(drawn.index),
            y=[int(n) for n in drawn],
            base=[int(n) for n in below.reindex(drawn.index).fillna(0)],
            yaxis=axis,
            name=word,
            width=DAY_MS,
            marker={"color": color, "line": {"width": 0}},
            **figures.hover_of(f"en {word.lower()}", words, source="Météo-France", when=figures.DAY),
        )
    )
    return below.add(counts, fill_value=0)
