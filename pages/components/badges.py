"""Status signs: symbol, word, figure, date and the last eight weeks, as Markup (``templates/signs.html.j2``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from pages.components import format as fr
from pages.components import templating, tokens

SPARK_WIDTH, SPARK_HEIGHT = 84, 22
SIGNS = "components/templates/signs"


def symbol(name: tokens.Symbol) -> Markup:
    """Drawing in the colour of the text around it; hidden from screen readers, which read the word beside it."""
    return templating.macro(SIGNS, "symbol", name)


def _address(svg: str) -> str:
    """Drawing as an address that carries it: nothing is fetched."""
    return "data:image/svg+xml," + quote(svg.replace('"', "'"), safe=" ='/:.,;()-")


def pill(status: str | None, figure_state: str | None = "a_jour", *, days: float | None = None) -> Markup:
    """Compact sign: symbol, word and, when given, days. For lists and headings."""
    return templating.macro(SIGNS, "pill", status, figure_state, days)


def state_tag(figure_state: str | None, age_days: float | None = None) -> Markup:
    """« En retard (12 j) » or « Estimé »; empty for a figure without reservation."""
    return templating.macro(SIGNS, "state_tag", figure_state, age_days)


def of_link(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of *link_status* as it is drawn: the row, then ``is_hidden`` (no figure may stand), ``reason`` and ``curve``."""
    is_hidden = row["figure_state"] in tokens.REPLACING
    status = None if fr.missing(row["status"]) else str(row["status"])
    return {
        **row,
        "status": status,
        "is_hidden": is_hidden,
        "reason": "" if fr.missing(row.get("state_reason")) else str(row["state_reason"]),
        "curve": Markup() if is_hidden else _curve(row, tokens.look(status, row["figure_state"]).colour),
    }


def _curve(row: Mapping[str, Any], colour: str) -> Markup:
    spark = [] if fr.missing(row.get("spark")) else list(row["spark"])
    return sparkline(spark, colour, bounds=(float(row["acceptable_days"]), float(row["satisfactory_days"])))


def sparkline(
    values: Sequence[float | None],
    colour: str,
    written: Callable[[float | None], str] = fr.days,
    bounds: tuple[float, float] | None = None,
) -> Markup:
    """Last weeks as a small line from zero; an unknown week breaks it, a lone week is a dot.

    written: value in words. bounds: acceptable and satisfactory days, whose bands are painted behind.
    """
    known = [float(v) for v in values if v is not None and not fr.missing(v)]
    if not known:
        return Markup()
    top = max(*known, bounds[1] * 1.25 if bounds else 0.0) or 1.0
    points = list(_positions(values, top))
    summary = f"{len(values)} dernières semaines : de {written(known[0])} à {written(known[-1])}"
    last = next(p for p in reversed(points) if p)
    drawing = templating.macro(
        SIGNS, "spark", SPARK_WIDTH, SPARK_HEIGHT, _bands(bounds, top), _runs(points), last, colour
    )
    return templating.macro(SIGNS, "spark_image", _address(str(drawing)), summary)


def _bands(bounds: tuple[float, float] | None, top: float) -> list[tuple[float, float, str]]:
    """Upper and lower edge of the two lower bands, and their colour."""
    if bounds is None:
        return []
    low, high = (_height(bound, top) for bound in bounds)
    return [
        (high, low, tokens.STATUS["acceptable"].soft),
        (low, float(SPARK_HEIGHT), tokens.STATUS["insatisfaisante"].soft),
    ]


def _height(value: float, top: float) -> float:
    return round(SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 6) * value / top, 1)


def _positions(values: Sequence[float | None], top: float) -> list[tuple[float, float] | None]:
    step = (SPARK_WIDTH - 8) / max(len(values) - 1, 1)
    return [
        None if v is None or fr.missing(v) else (round(4 + i * step, 1), _height(float(v), top))
        for i, v in enumerate(values)
    ]


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def chip(text: str, *, strong: bool = False) -> Markup:
    """Neutral label: kind of a declaration, tension, « à valider »."""
    return templating.macro(SIGNS, "chip", text, strong)
