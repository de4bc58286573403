"""Stays in the public list: bars by code on a time axis, dated by the photographs that saw them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

import plotly.graph_objects as go

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures, legend
from pages.components.charts.figures import Stack
from pages.components.charts.legend import Mark

ROW_PX, BAR_AT = 34, 0.24  # bars under names: a bar may start at the left edge
DAY_MS = 86_400_000
LEAST_DAYS = 6  # width of what one photograph alone saw
NAME_FITS = 52
# Fill and outline; each is also written beside its bar.
COLOURS = {
    "1": (tokens.INK, tokens.INK),
    "2": (tokens.HATCH, tokens.HATCH),
    "3": (tokens.WHITE, tokens.INK),
    "4": (tokens.RAMP[3], tokens.RAMP[3]),
}
KEY = (
    *legend.areas(
        zip(
            ("rupture", "tension", "arrêt", "remise à disposition"), (fill for fill, _ in COLOURS.values()), strict=True
        )
    ),
    Mark("unseen", "début publié, pas encore vu"),
)

Line = dict[str, Any]


def timeline(lines: Sequence[Sequence[Line]], days: Sequence[date], as_of: date, scale: float = 1.0) -> go.Figure:
    """Bars from the first to the last photograph of each code; a thin line from the published start to the first one."""
    if not lines or not days:
        return figures.empty("Jamais vue dans les photographies reçues.", scale=scale)
    stack = Stack(scale=scale)
    plain = {"showgrid": False, "zeroline": False, "showticklabels": False}
    axis = stack.panel(len(lines) * ROW_PX + 8, "", {"range": [len(lines) - 0.4, -0.6], **plain})
    starts = [published_start(line) for line in lines]
    first = max(min([days[0], *[day for day in starts if day]]), days[0] - timedelta(days=2 * 365))
    for place, line in enumerate(lines):
        for begin, seen in unseen(line, as_of):
            _before(stack, axis, place, (begin, seen), first)
        for stretch in line:
            _bar(stack, axis, place, stretch)
        _name(stack, axis, place, line)
    for day in days if len(days) <= 8 else (days[0], days[-1]):
        _photograph(stack, day)
    last = days[-1] + timedelta(days=30)
    span = (first - (last - first) * 0.02, last)
    return stack.figure(
        "", {"type": "date", "range": list(span), **figures.month_ticks(*span, most=6)}, {"l": 10, "t": 8}
    )


def published_start(line: Sequence[Line]) -> date | None:
    """Start published under codes 1 to 3: under code 4 it is overwritten by the return."""
    start = next((row["started_on"] for row in line if str(row["code"]) != "4"), None)
    return fr.as_date(start)


def unseen(line: Sequence[Line], as_of: date) -> list[tuple[date, date]]:
    """From the start published of each stay to the first photograph that saw it, never over what was seen before."""
    spans, seen_until = [], date.min
    for spell in dict.fromkeys(row["spell_no"] for row in line):
        own = [row for row in line if row["spell_no"] == spell]
        start, seen = published_start(own), figures.as_day(own[0]["first_seen_on"], as_of)
        if start is not None and max(start, seen_until) < seen:
            spans.append((max(start, seen_until), seen))
        seen_until = figures.as_day(own[-1]["last_seen_on"], as_of)
    return spans


def _before(stack: Stack, axis: str, place: int, when: tuple[date, date], first: date) -> None:
    start, seen = when
    stack.traces.append(
        figures.scatter(
            x=figures.days([max(start, first), seen]),
            y=[place + BAR_AT, place + BAR_AT],
            yaxis=axis,
            mode="lines",
            line={"color": tokens.SECONDARY, "width": 1.4, "dash": "dot"},
            hovertext=[f"début publié le {fr.day(start)}, avant la photographie du {fr.day(seen)}"] * 2,
        )
    )


def _bar(stack: Stack, axis: str, place: int, row: Line) -> None:
    begin, end = figures.as_day(row["first_seen_on"], date.min), figures.as_day(row["last_seen_on"], date.min)
    fill, outline = COLOURS.get(str(row["code"]), COLOURS["3"])
    hover = f"<b>{escape(str(row['status_label']))}</b><br>vue du {fr.day(begin)} au {fr.day(end)}"
    if not fr.missing(row["return_last_on"]):
        hover += f"<br>retour annoncé le {fr.day(row['return_last_on'])}"
    stack.traces.append(
        figures.bar(
            base=figures.days([begin]),
            x=[max((end - begin).days, LEAST_DAYS) * DAY_MS],
            y=[place],
            yaxis=axis,
            orientation="h",
            width=0.3,
            offset=BAR_AT - 0.15,
            marker={"color": fill, "line": {"color": outline, "width": 1.2}},
            hovertext=[hover],
        )
    )


def _name(stack: Stack, axis: str, place: int, line: Sequence[Line]) -> None:
    last = line[-1]
    name = f"CIS {last['cis']}, hors référentiel" if fr.missing(last["denomination"]) else str(last["denomination"])
    state = str(last["status_label"]).lower() if last["is_current"] else f"sortie avant le {fr.day(last['until_on'])}"
    put_off = sum(int(row["times_put_off"] or 0) for row in line if row["spell_no"] == last["spell_no"])
    more = f", retour repoussé {fr.plural(put_off, 'fois', 'fois')}" if put_off else ""
    text = f"<b>{escape(state)}</b>{more} · {escape(_shorter(name))}"
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": place - 0.22, "yref": axis, "yanchor": "middle"}
    stack.text(text, size=12, **figures.HALO, **where)


def _photograph(stack: Stack, day: date) -> None:
    line = {"color": tokens.LINES, "width": 1}
    stack.shapes.append(
        {
            "type": "line",
            "name": legend.PHOTOGRAPH.words,
            "xref": "x",
            "x0": day,
            "x1": day,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": line,
            "layer": "below",
        }
    )


def _shorter(name: str) -> str:
    return name if len(name) <= NAME_FITS else name[: NAME_FITS - 1].rsplit(" ", 1)[0] + "…"
