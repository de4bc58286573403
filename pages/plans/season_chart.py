"""A season on one time axis: levels of the plan, medicines under their band by link, the surveillance beside them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from metrics.plans import queries as plans
from metrics.surveillance import queries as surveillance
from pages.components import format as fr
from pages.components import tokens
from pages.components.blocks import Drawn
from pages.components.charts import figures, legend
from pages.components.charts.figures import Stack
from pages.components.charts.legend import Legend
from pages.plans.outside import label
from pages.plans.season import Found, Load

LEVELS, LINES, OUTSIDE = 54, 150, 110
DASHES = ("solid", "dash", "dot", "dashdot")
COLOURS = (tokens.INK, tokens.ACCENT, tokens.SECONDARY, tokens.RISK["important"].colour)
AFTER = 0.24  # of the axis, kept after the last day for the names of lines
UNIT = "urgences, pour 100 000 passages"
VIGILANCE = "départements en orange ou rouge"
# At the end of a line, where a phone leaves a quarter of the axis.
_SHORT = {"Grossistes-répartiteurs": "Grossistes", "Pharmacies hospitalières": "Hôpitaux"}
_LATE = 0.6  # of the season, from which the name of a level stands before its day


def draw(load: Load, found: Found, *, scale: float) -> Drawn:
    """The figure, what it says in words, its legend."""
    first, last = _span(found)
    stack = Stack(scale=scale)
    if not found.changes.empty:
        _levels(stack, found, first, last)
    weeks = load(plans.season_weeks, str(found.plan["plan"]), str(found.season["season"]))
    _low(stack, weeks)
    _outside(stack, load, found, first, last)
    span = [first, last + timedelta(days=max(14, round((last - first).days * AFTER)))]
    axis = {"type": "date", "range": span, **figures.month_ticks(first, last)}
    figure = stack.figure("", axis, {"l": 46, "t": 28, "b": 28, "r": 8})
    return figure, _words(weeks), Legend("chaque bandeau dit ce qu'il compte", legend.on(figure))


def _span(found: Found) -> tuple[date, date]:
    """From the first change or day of the season to the last day counted, or the last change."""
    changed = [fr.as_date(day) or date.max for day in found.changes["changed_on"]]
    first, last = fr.as_date(found.season["starts_on"]), fr.as_date(found.season["through_on"])
    return min([first or date.min, *changed]), max([last or date.max, *changed])


def _levels(stack: Stack, found: Found, first: date, last: date) -> None:
    """A step by change: the level until the next one."""
    rows = figures.records(found.changes)
    top = max(int(row["level"]) for row in rows) + 1
    axis = stack.panel(
        LEVELS, figures.heading("Niveau du plan"), {"range": [-0.4, top], "showticklabels": False, "nticks": 3}
    )
    until = [*(row["changed_on"] for row in rows[1:]), last]
    steps = [(day, row) for row, end in zip(rows, until, strict=True) for day in (row["changed_on"], end)]
    stack.traces.append(
        figures.scatter(
            x=figures.days(day for day, _ in steps),
            y=[float(row["level"]) for _, row in steps],
            yaxis=axis,
            mode="lines",
            name="niveau",
            line={"color": tokens.INK, "width": 2},
            **figures.hover_of("niveau du plan", [str(row["level_label"]) for _, row in steps], when=figures.DAY),
        )
    )
    for row in rows:
        short = str(row["level_label"]).split(" – ")[0]
        where = {"x": row["changed_on"], "xref": "x", "y": float(row["level"]), "yref": axis}
        is_late = (figures.as_day(row["changed_on"], last) - first).days > _LATE * (last - first).days
        side = {"xanchor": "right", "xshift": -3} if is_late else {"xanchor": "left", "xshift": 3}
        stack.text(short, yanchor="bottom", size=12, **side, **figures.HALO, **where)


def _low(stack: Stack, weeks: pd.DataFrame) -> None:
    top = max([float(v) for v in weeks["low"].dropna()], default=1.0) * 1.25 or 1.0
    heading = figures.heading("Médicaments sous leur borne", ", par maillon")
    axis = stack.panel(LINES, heading, {"range": [0, top], "dtick": max(1, round(top / 4))})
    ends = []
    for place, (name, rows) in enumerate(weeks.groupby("label", sort=False)):
        words = [f"{fr.number(low)} sur {fr.number(measured)} mesurés" for low, measured in zip(rows["low"], rows["measured"], strict=True)]  # fmt: skip
        colour = COLOURS[place % len(COLOURS)]
        line = {"color": colour, "width": 2.2, "dash": DASHES[place % len(DASHES)]}
        table = figures.weekly(rows[["week", "low"]])
        stack.traces.append(figures.weekly_line(table, "low", axis, str(name), words, line))
        if (end := figures.last_known(table, "low")) is not None:
            ends.append((end["week"], float(end["low"]), _SHORT.get(str(name), str(name)), colour))
    figures.end_labels(stack, axis, ends, top, LINES)


def _outside(stack: Stack, load: Load, found: Found, first: date, last: date) -> None:
    """The surveillance that the plan's file asks for; no panel when it asks for none."""
    if found.plan["surveillance"] == "epidemic":
        _epidemics(stack, load(surveillance.epidemics, tuple(found.plan["indicators"])), first, last)
    elif found.plan["surveillance"] == "vigilance":
        _heat(stack, load(surveillance.vigilance_history), first, last)


def _epidemics(stack: Stack, table: pd.DataFrame, first: date, last: date) -> None:
    shown = figures.within(table, "week", first, last)
    top = max([float(v) for v in shown["er_rate"].dropna()], default=1.0) * 1.2 or 1.0
    axis = stack.panel(OUTSIDE, figures.heading("Épidémies", f", {UNIT}"), {"range": [0, top], "nticks": 3})
    ends = []
    for place, (indicator, rows) in enumerate(shown.groupby("indicator", sort=False)):
        weeks = figures.weekly(rows[["week", "er_rate"]])
        words = [f"{fr.number(value)} pour 100 000" for value in weeks["er_rate"]]
        colour = COLOURS[place % len(COLOURS)]
        line = {"color": colour, "width": 1.8, "dash": DASHES[place % len(DASHES)]}
        stack.traces.append(figures.weekly_line(weeks, "er_rate", axis, label(indicator), words, line, source="Santé publique France"))  # fmt: skip
        if (end := figures.last_known(weeks, "er_rate")) is not None:
            ends.append((end["week"], float(end["er_rate"]), label(indicator), colour))
    figures.end_labels(stack, axis, ends, top, OUTSIDE)


def _heat(stack: Stack, table: pd.DataFrame, first: date, last: date) -> None:
    shown = figures.within(table, "day", first, last)
    high = shown["orange"] + shown["red"] if not shown.empty else pd.Series(dtype=float)
    top = max([float(v) for v in high], default=1.0) * 1.2 or 1.0
    axis = stack.panel(
        OUTSIDE, figures.heading("Vigilance canicule", f", {VIGILANCE}"), {"range": [0, top], "nticks": 3}
    )
    words = [fr.plural(count, "département", "départements") for count in high]
    trace: dict[str, Any] = {
        "x": figures.days(shown["day"]) if not shown.empty else [],
        "y": figures.numbers(high),
        "marker": {"color": tokens.VIGILANCE[3][1], "line": {"width": 0}},
        **figures.hover_of("en orange ou rouge", words, "Météo-France", figures.DAY),
    }
    stack.traces.append(figures.bar(yaxis=axis, name="orange ou rouge", **trace))


def _words(weeks: pd.DataFrame) -> str:
    """« Médicaments sous leur borne, au plus : 3 chez les grossistes-répartiteurs »."""
    known = weeks.dropna(subset=["low"])
    if known.empty:
        return "Aucun chiffre de couverture pendant la saison"
    parts = [
        f"{fr.number(rows['low'].max())} ({str(name)[:1].lower()}{str(name)[1:]})"
        for name, rows in known.groupby("label", sort=False)
    ]
    return f"Médicaments sous leur borne, au plus : {', '.join(parts)}"
