"""A figure of ours (panels one above the other on one time axis) drawn on paper as lines and letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import unescape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from fpdf import FPDF

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures
from pages.components.charts.template import LABEL_SIZE

POINTS = 72 / 25.4  # in a millimetre
TICK_PX, ASCENT = 4, 0.34  # of a letter, above the middle of its line
_DASHES = {"dash": (1.2, 1.0), "dot": (0.4, 0.7)}
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
Point = tuple[float, float]


class Drawing:
    """``box``: left, top and width in millimetres; the figure is drawn as if it were ``pixels`` wide."""

    def __init__(self, pdf: FPDF, figure: go.Figure, box: tuple[float, float, float], pixels: float) -> None:
        self._pdf, content = pdf, figure.to_dict()
        self._layout: dict[str, Any] = content["layout"]
        self._traces: Sequence[Mapping[str, Any]] = content["data"]
        self._mm = box[2] / pixels
        margin = {side: float(self._layout["margin"].get(side, 0)) * self._mm for side in "lrtb"}
        self.height = float(self._layout["height"]) * self._mm
        self._left, self._top = box[0] + margin["l"], box[1] + margin["t"]
        self._wide = box[2] - margin["l"] - margin["r"]
        self._tall = self.height - margin["t"] - margin["b"]

    def draw(self) -> float:
        """Draw it; its height in millimetres."""
        below = [shape for shape in self._layout.get("shapes", ()) if shape.get("layer") == "below"]
        above = [shape for shape in self._layout.get("shapes", ()) if shape.get("layer") != "below"]
        for shape in below:
            self._shape(shape)
        self._axes()
        # The outer context is what remembers colours: a clip of its own leaves the library mistaken about them.
        with self._pdf.local_context(), self._pdf.rect_clip(self._left, self._top, self._wide, self._tall):
            for trace in self._traces:
                (self._bars if trace["type"] == "bar" else self._line)(trace)
        for shape in above:
            self._shape(shape)
        for note in self._layout.get("annotations", ()):
            self._annotation(note)
        return self.height

    # ---- places

    def _x(self, value: Any, reference: str = "x") -> float:
        if reference == "paper":
            return self._left + float(value) * self._wide
        first, last = (_moment(end) for end in self._layout["xaxis"]["range"])
        return self._left + (_moment(value) - first) / (last - first) * self._wide

    def _y(self, value: Any, reference: str) -> float:
        name = reference.removesuffix(" domain")
        low, high = (0.0, 1.0) if name == "paper" else self._axis(name)["domain"]
        if reference != name or name == "paper":
            share = float(value)
        else:
            first, last = self._axis(name)["range"]
            share = (float(value) - first) / (last - first)
        return self._top + self._tall * (1 - low - share * (high - low))

    def _axis(self, name: str) -> Mapping[str, Any]:
        return self._layout[f"yaxis{name.removeprefix('y')}"]  # type: ignore[no-any-return]

    # ---- marks

    def _shape(self, shape: Mapping[str, Any]) -> None:
        xs = [self._x(shape[end], shape["xref"]) for end in ("x0", "x1")]
        ys = [self._y(shape[end], shape["yref"]) for end in ("y0", "y1")]
        if shape["type"] == "rect":
            self._pdf.set_fill_color(shape["fillcolor"])
            self._pdf.rect(min(xs), min(ys), abs(xs[1] - xs[0]), abs(ys[1] - ys[0]), style="F")
        else:
            self._stroke(shape["line"])
            self._pdf.line(xs[0], ys[0], xs[1], ys[1])
            self._pdf.set_dash_pattern()

    def _axes(self) -> None:
        names = [key.replace("yaxis", "y") for key in self._layout if key.startswith("yaxis")]
        self._stroke({"color": tokens.LINES, "width": 1})
        for name in names:
            base = self._y(self._axis(name)["domain"][0], "paper")
            self._pdf.line(self._left, base, self._left + self._wide, base)
            for value in self._ticks(self._axis(name)):
                self._write(fr.number(value), (self._left - 6 * self._mm, self._y(value, name)), ("right", "middle"))
        bottom, axis = self._top + self._tall, self._layout["xaxis"]
        for value, text in zip(
            axis.get("tickvals", ()), (words.replace("<br>", " ") for words in axis.get("ticktext", ())), strict=True
        ):
            place = self._x(value)
            if place >= self._left:
                self._pdf.line(place, bottom, place, bottom + TICK_PX * self._mm)
                self._write(str(text), (place, bottom + (TICK_PX + 3) * self._mm), ("center", "top"))

    @staticmethod
    def _ticks(axis: Mapping[str, Any]) -> list[float]:
        if axis.get("showticklabels") is False:
            return []
        if axis.get("tickvals") is not None:
            return [float(value) for value in axis["tickvals"]]
        top = float(axis["range"][1])
        step = next(s for p in range(-2, 12) for s in (10.0**p, 2 * 10.0**p, 5 * 10.0**p) if top / s < 4)
        return [step * n for n in range(int(top / step) + 1)]

    def _line(self, trace: Mapping[str, Any]) -> None:
        points = [
            None if y is None or fr.missing(y) else (self._x(x), self._y(y, trace["yaxis"]))
            for x, y in zip(figures.days_of(trace), trace["y"], strict=True)
        ]
        if "lines" in trace["mode"]:
            self._stroke(trace["line"])
            for run in _runs(points):
                self._pdf.polyline(run)
            self._pdf.set_dash_pattern()
        if "markers" in trace["mode"]:
            self._markers(points, trace["marker"])

    def _markers(self, points: Sequence[Point | None], marker: Mapping[str, Any]) -> None:
        line = marker.get("line", {})
        for place, point in enumerate(points):
            size = float(_nth(marker.get("size", 0), place))
            if point is None or not size:
                continue
            width = float(_nth(line.get("width", 0), place))
            self._pdf.set_fill_color(_nth(marker["color"], place))
            self._stroke({"color": _nth(line.get("color", marker["color"]), place), "width": width or 0.5})
            wide = size * self._mm
            self._pdf.ellipse(point[0] - wide / 2, point[1] - wide / 2, wide, wide, style="DF")

    def _bars(self, trace: Mapping[str, Any]) -> None:
        """Upright bars on dates; their width is in milliseconds."""
        if trace.get("orientation") == "h":
            raise NotImplementedError("Barres horizontales.")
        half = pd.Timedelta(milliseconds=trace["width"] / 2)
        bases = trace.get("base") or [0] * len(trace["y"])
        self._pdf.set_fill_color(trace["marker"]["color"])
        self._stroke(trace["marker"]["line"])
        for day, value, base in zip(figures.days_of(trace), trace["y"], bases, strict=True):
            if value is None:
                continue
            left, right = self._x(pd.Timestamp(day) - half), self._x(pd.Timestamp(day) + half)
            bottom, top = self._y(base, trace["yaxis"]), self._y(base + value, trace["yaxis"])
            self._pdf.rect(
                left, top, right - left, bottom - top, style="DF" if trace["marker"]["line"]["width"] else "F"
            )

    def _stroke(self, line: Mapping[str, Any]) -> None:
        self._pdf.set_draw_color(line.get("color", tokens.INK))
        self._pdf.set_line_width(float(line.get("width", 1)) * self._mm)
        dash = _DASHES.get(str(line.get("dash", "solid")))
        if dash:
            self._pdf.set_dash_pattern(*dash)

    # ---- letters

    def _annotation(self, note: Mapping[str, Any]) -> None:
        font = note.get("font", {})
        place = (
            self._x(note["x"], note.get("xref", "paper")) + note.get("xshift", 0) * self._mm,
            self._y(note["y"], note.get("yref", "paper")) - note.get("yshift", 0) * self._mm,
        )
        anchor = (note.get("xanchor", "center"), note.get("yanchor", "middle"))
        self._write(note["text"], place, anchor, font.get("size", LABEL_SIZE), font.get("color", tokens.INK))

    def _write(
        self,
        text: str,
        place: Point,
        anchor: tuple[str, str],
        size: float = LABEL_SIZE,
        color: str = tokens.SECONDARY,
    ) -> None:
        points = size * self._mm * POINTS
        parts = list(_parts(text))
        wide = sum(self._width(part, points, bold=bold) for part, bold in parts)
        left = place[0] - {"left": 0.0, "center": 0.5, "right": 1.0}[anchor[0]] * wide
        line = size * self._mm
        base = place[1] + {"top": line * 0.8, "middle": line * ASCENT, "bottom": -line * 0.2}[anchor[1]]
        self._pdf.set_text_color(color)
        for part, bold in parts:
            self._width(part, points, bold=bold)
            self._pdf.text(left, base, part)
            left += self._pdf.get_string_width(part)

    def _width(self, text: str, points: float, *, bold: bool) -> float:
        self._pdf.set_font(style="B" if bold else "", size=points)
        return self._pdf.get_string_width(text)


def _parts(markup: str) -> Iterator[tuple[str, bool]]:
    """Texts of an annotation, and whether each is bold; other tags go."""
    bold, at = False, 0
    for tag in _TAG.finditer(markup):
        if tag.start() > at:
            yield unescape(markup[at : tag.start()]), bold
        bold = (not tag[1]) if tag[2] == "b" else bold
        at = tag.end()
    if at < len(markup):
        yield unescape(markup[at:]), bold


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """A line breaks where nothing is known."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]


def _nth(value: Any, place: int) -> Any:
    return value[place] if isinstance(value, list | tuple) else value


def _moment(value: Any) -> float:
    return pd.Timestamp(value).timestamp() if isinstance(value, str | date | datetime) else float(value)
