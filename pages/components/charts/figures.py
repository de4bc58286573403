"""Common ground of the charts: stacked panels on one time axis, bands, direct labels, French texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from itertools import compress, pairwise
from os.path import commonprefix
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from connectors.language.typography import french, french_html
from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import legend
from pages.components.charts.template import template

_TEXTS = ("name", "text", "hovertext", "hovertemplate")
# Text over lines: the ground behind it is that of the page.
HALO: dict[str, Any] = {"bgcolor": "rgba(255,255,255,0.86)", "borderpad": 1}
End = tuple[Any, float, str, str]  # day, value, text and colour of the end of a line
_RESERVED = {"size": 8, "color": tokens.WHITE, "line": {"width": 1.6, "color": tokens.INK}, "opacity": 1}
_ALONE = {"size": 5, "color": tokens.INK, "line": {"width": 0, "color": tokens.INK}, "opacity": 1}
WEEK, DAY = "%{x|S%V · semaine du %d/%m/%Y}", "%{x|%d/%m/%Y}"
NEAR_DAYS = 35  # between the end of a line and today
GUTTER = 0.18  # share of the axis kept before the first week for the names of the bands
LABEL_PX = 18  # height of one 13 px label with its ground; closer labels are pushed apart
YEAR_PX = 14  # a year under its month
WEEK_MS = 7 * 86_400_000
MARGIN = {"l": 64, "r": 16, "t": 58, "b": 34}


@dataclass
class Stack:
    """Panels one above the other, sizes in pixels (before ``scale``), all on the axis ``x``."""

    scale: float = 1.0
    gap: int = 40
    today: date | None = None
    panels: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    traces: list[Any] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)

    def panel(self, height: int, heading: str, axis: dict[str, Any]) -> str:
        """Add a panel under the others; returns its axis name for traces and shapes (``y``, ``y2``…)."""
        self.panels.append((height, axis))
        name = "y" if len(self.panels) == 1 else f"y{len(self.panels)}"
        if heading:
            self.text(
                heading, x=0, xref="paper", y=1, yref=f"{name} domain", xanchor="left", yanchor="bottom", yshift=4
            )
        return name

    def text(self, text: str, **place: Any) -> None:
        """Annotation without arrow, 13 px in ink unless ``size`` or ``color`` say otherwise."""
        font = {name: place.pop(name) for name in ("size", "color") if name in place}
        if "size" in font:
            font["size"] *= self.scale
        place.update({side: place[side] * self.scale for side in ("xshift", "yshift") if side in place})
        self.annotations.append({"text": french_html(text), "font": font, **place})

    def figure(self, title: str, x_axis: dict[str, Any], margin: dict[str, int] | None = None) -> go.Figure:
        """Assemble: one x axis under the last panel, one y axis a panel, none overlaid."""
        margins = {**MARGIN, **(margin or {})}
        if not title:
            margins["t"] = min(margins["t"], 28)
        if any("<br>" in text for text in x_axis.get("ticktext", ())):
            margins["b"] += YEAR_PX
        inner = sum(h for h, _ in self.panels) + self.gap * (len(self.panels) - 1)
        layout = {
            "template": template(self.scale),
            "title": _title(title),
            "margin": {side: value * self.scale for side, value in margins.items()},
            "height": (inner + margins["t"] + margins["b"]) * self.scale,
            "xaxis": {**x_axis, "anchor": f"y{len(self.panels)}".replace("y1", "y")},
            **self._axes(inner),
        }
        traces = [_written(_enlarged(trace, self.scale)) for trace in self.traces]
        return go.Figure(traces, {**layout, "shapes": self.shapes, "annotations": self.annotations})

    def _axes(self, inner: int) -> dict[str, Any]:
        axes, top = {}, float(inner)
        for index, (height, axis) in enumerate(self.panels, start=1):
            domain = [max((top - height) / inner, 0.0), top / inner]
            axes[f"yaxis{index if index > 1 else ''}"] = {**axis, "domain": domain}
            top -= height + self.gap
        return axes


def _enlarged(trace: dict[str, Any], scale: float) -> dict[str, Any]:
    """Trace with its strokes and marks at the scale of the text; widths of bars are data and stay."""
    if scale == 1:
        return trace
    strokes = [(part, name) for part, name in (("line", "width"), ("marker", "size")) if name in trace.get(part, {})]
    return {**trace, **{part: {**trace[part], name: _times(trace[part][name], scale)} for part, name in strokes}}


def _written(trace: dict[str, Any]) -> dict[str, Any]:
    """Trace with its texts in French typography."""
    return {**trace, **{name: _each(trace[name]) for name in _TEXTS if name in trace}}


def _each(text: Any) -> Any:
    if isinstance(text, list):
        return [_each(item) for item in text]
    return french_html(text) if isinstance(text, str) else text


def _times(value: Any, scale: float) -> Any:
    return [_times(item, scale) for item in value] if isinstance(value, list) else value * scale


def heading(name: str, rest: str = "") -> str:
    """Of a panel: what it shows in bold, then the rest."""
    return f"<b>{escape(name)}</b>{escape(rest)}"


def _title(text: str) -> dict[str, Any]:
    return {"text": f"<b>{escape(french(text))}</b>"}


def month_ticks(start: date, end: date, most: int = 7) -> dict[str, Any]:
    """First days of months written in French (« nov. » over « 2026 » when the year is new, else « déc. »), never aslant.

    most: as many as a phone holds side by side.
    """
    months = [m.date() for m in pd.date_range(start, end, freq="MS")]
    months = months[:: max(1, -(-len(months) // most))]
    years = [None, *(m.year for m in months)]
    written = [fr.month(m).rsplit(" ", 1) for m in months]
    texts = [
        "<br>".join(parts) if m.year != years[i] else parts[0]
        for i, (m, parts) in enumerate(zip(months, written, strict=True))
    ]
    return {"tickmode": "array", "tickvals": months, "ticktext": texts, "tickangle": 0}


def bands(stack: Stack, axis: str, top: float, satisfactory: float, acceptable: float, height: int) -> None:
    """Three soft areas from zero, each named with its bound at the left edge of the panel."""
    edges = [
        ("insatisfaisante", 0.0, acceptable, f"Insatisfaisante < {fr.number(acceptable)} j"),
        ("acceptable", acceptable, satisfactory, f"Acceptable ≥ {fr.number(acceptable)} j"),
        ("satisfaisante", satisfactory, top, f"Satisfaisante ≥ {fr.number(satisfactory)} j"),
    ]
    middles = [(low + high) / 2 for _, low, high, _ in edges]
    places = spread(middles, LABEL_PX * top / height, top)
    for (status, low, high, name), place in zip(edges, places, strict=True):
        area = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "yref": axis, "y0": low, "y1": high}
        stack.shapes.append({**area, "layer": "below", "line_width": 0, "fillcolor": tokens.STATUS[status].soft})
        where = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": 6, "y": place, "yref": axis}
        ground = {"bgcolor": tokens.STATUS[status].soft, "borderpad": 1}
        stack.text(name, color=tokens.INK, size=12, yanchor="middle", **ground, **where)


def before(first: date, last: date) -> date:
    """Where the axis begins: before the first week, so that the names of the bands stand over no line."""
    return first - (last - first) * GUTTER


def spread(places: Sequence[float], least: float, top: float) -> list[float]:
    """Same order, pushed apart to at least ``least`` and kept under ``top``; for labels that would overlap."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [0.0] * len(places)
    floor = least / 2
    for index in order:
        moved[index] = max(places[index], floor)
        floor = moved[index] + least
    ceiling = top - least / 2
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - least
    return moved


def scatter(**trace: Any) -> dict[str, Any]:
    """Line or marks as a plain mapping: checked once with the whole figure, twice as fast as one object each."""
    return {"type": "scatter", **trace}


def bar(**trace: Any) -> dict[str, Any]:
    """Bars as a plain mapping; their text goes to the hover only unless ``textposition`` says otherwise."""
    return {"type": "bar", **trace}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain mappings by column name."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def numbers(values: Iterable[Any]) -> list[float | None]:
    """Values for a trace, to the hundredth: an unknown one is None, so that the line breaks there."""
    return [None if fr.missing(v) else round(float(v), 2) for v in values]


def days(values: Iterable[Any]) -> list[str]:
    """Days as short ISO texts, a third of the weight of timestamps."""
    return [pd.Timestamp(value).strftime("%Y-%m-%d") for value in values]


def along(values: Iterable[Any]) -> dict[str, Any]:
    """Place of a trace on the axis of time: the first day and the step where weeks follow one another, else every day."""
    steps = {later - earlier for earlier, later in pairwise(pd.to_datetime(list(values)))}
    if steps == {pd.Timedelta(weeks=1)}:
        return {"x0": days(values)[0], "dx": WEEK_MS}
    return {"x": days(values)}


def days_of(trace: Mapping[str, Any]) -> list[Any]:
    """Days of a trace, however it says them (``along``)."""
    if trace.get("x0") is None:
        return list(trace["x"])
    first, step = pd.Timestamp(trace["x0"]), pd.Timedelta(milliseconds=trace["dx"])
    return days(first + step * place for place in range(len(trace["y"])))


def weekly(table: pd.DataFrame, column: str = "week") -> pd.DataFrame:
    """Table on unbroken weeks: a week without row becomes a row of unknowns, so that the gap is drawn as a gap."""
    if table.empty:
        return table
    known = table.assign(**{column: pd.to_datetime(table[column])}).set_index(column).sort_index()
    every = pd.date_range(known.index.min(), known.index.max(), freq="7D", name=column)
    return known.reindex(every.union(pd.DatetimeIndex(known.index))).reset_index(names=column)


def as_day(value: object, otherwise: date) -> date:
    """Day of a value, or ``otherwise`` when it is unknown."""
    return fr.as_date(value) or otherwise


def vertical(stack: Stack, day: date, text: str, color: str = tokens.SECONDARY) -> None:
    """Thin line across every panel, named at its top."""
    line = {"color": color, "width": 1, "dash": "dot"}
    place = {"xref": "x", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1}
    stack.shapes.append({"type": "line", "name": legend.DAY.words, "line": line, **place})
    where = {"x": day, "xref": "x", "xanchor": "left", "xshift": 4}
    stack.text(text, y=1, yref="paper", yanchor="bottom", yshift=4, color=color, **HALO, **where)


def empty(message: str, height: int = 160, scale: float = 1.0) -> go.Figure:
    """A figure that says in words that there is nothing to draw."""
    layout = {"template": template(scale), "title": _title("")}
    note = {"text": french(message), "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5}
    note["font"] = {"size": 16 * scale, "color": tokens.SECONDARY}
    hidden = {"visible": False, "fixedrange": True}
    return go.Figure(
        layout={**layout, "height": height * scale, "annotations": [note], "xaxis": hidden, "yaxis": hidden}
    )


def within(table: pd.DataFrame, column: str, start: date, end: date) -> pd.DataFrame:
    """Rows whose day is in the span, both ends included; an empty table is given back."""
    if table.empty:
        return table
    when = pd.to_datetime(table[column])
    return table[(when >= pd.Timestamp(start)) & (when <= pd.Timestamp(end))]


def hover_of(name: str, words: list[str], source: str = "", when: str = WEEK) -> dict[str, Any]:
    """Hover of a trace on the axis of time: value in words, name, moment, source. What does not vary is written once.

    when: the moment in words, which the library writes from the place of the point.
    """
    last = f"<br>source : {escape(source)}" if source else ""
    end = _shared_end(words)
    texts = [word.removesuffix(end) if word != fr.UNKNOWN else "" for word in words]
    return {"text": texts, "hovertemplate": f"<b>%{{text}}{end}</b><br>{escape(name)}<br>{when}{last}<extra></extra>"}


def _shared_end(words: list[str]) -> str:
    """The end, from a space on, that all but unknown values share (« j », « pour 100 000 »)."""
    shared = commonprefix([word[::-1] for word in words if word != fr.UNKNOWN])[::-1]  # noqa: RUF071 – letters, not folders
    spaces = [place for place, letter in enumerate(shared) if letter.isspace()]
    return shared[spaces[0] :] if spaces else ""


def weekly_line(
    table: pd.DataFrame,
    column: str,
    axis: str,
    name: str,
    words: list[str],
    line: dict[str, Any],
    *,
    hover: str = "",
    when: str = WEEK,
    source: str = "",
    **trace: Any,
) -> dict[str, Any]:
    """Line of ``column`` by week. ``hover``: its name there, and ``when`` its weeks, when they are not those drawn."""
    hover_text = hover_of(hover or name, words, source, when)
    place = {**along(table["week"]), "y": numbers(table[column]), "yaxis": axis}
    return scatter(**place, **{"mode": "lines", "name": name, "line": line, **hover_text, **trace})


def marks(stack: Stack, axis: str, table: pd.DataFrame, column: str) -> None:
    """Over a line: hollow on a figure with a reserve, a dot on a week alone, which draws no line."""
    states = table["figure_state"] if "figure_state" in table else [None] * len(table)
    weeks, values = days(table["week"]), numbers(table[column])
    reserved = [bool(reserve(state)) and value is not None for state, value in zip(states, values, strict=True)]
    alone = [is_lone and not is_reserved for is_lone, is_reserved in zip(_lone(values), reserved, strict=True)]
    for picked, mark, name in ((reserved, _RESERVED, legend.RESERVE), (alone, _ALONE, "")):
        if any(picked):
            places = {"x": list(compress(weeks, picked)), "y": list(compress(values, picked)), "yaxis": axis}
            stack.traces.append(scatter(**places, name=name, mode="markers", hoverinfo="skip", marker=mark))


def reserve(state: object) -> str:
    """« estimé » or « en retard »; empty for a figure without reserve."""
    return tokens.QUALIFYING[str(state)][0].lower() if state in tokens.QUALIFYING else ""


def _lone(values: list[float | None]) -> list[bool]:
    """A known week between two unknown ones."""
    around = [None, *values, None]
    return [v is not None and around[i] is None and around[i + 2] is None for i, v in enumerate(values)]


def end_labels(stack: Stack, axis: str, ends: Sequence[End], top: float, height: int) -> None:
    """Direct labels at the last point of lines, pushed apart when they would overlap; none stands on the line of today."""
    places = spread([value for _, value, _, _ in ends], LABEL_PX * top / height, top)
    for (day, _, text, color), place in zip(ends, places, strict=True):
        where = {"x": stack.today, "xshift": 5} if is_near(stack, day) else {"x": day, "xshift": 12}
        stack.text(text, xref="x", xanchor="left", y=place, yref=axis, yanchor="middle", color=color, **HALO, **where)


def is_near(stack: Stack, day: object) -> bool:
    """Whether what is written at the end of a line would stand on the line of today."""
    return stack.today is not None and 0 <= (stack.today - as_day(day, stack.today)).days <= NEAR_DAYS


def last_known(table: pd.DataFrame, column: str) -> pd.Series | None:
    """Last row where the column holds something."""
    known = table[table[column].notna()] if not table.empty else table
    return None if known.empty else known.iloc[-1]
