"""The legend of every chart and every map, by one rule: right above the drawing, on its left, read from left to right.

First what is counted and in which unit, then the marks in the order of ``ORDER``: what is measured, what it is compared
with, what is announced, what has a reserve, what is hidden, what is not reported, the day of the data. A mark says the same
thing everywhere; bounds are named on the bands themselves, never here. Reserves are named only where one is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from markupsafe import Markup

from pages.components import templating, tokens

TEMPLATE = "components/charts/legend"
# Kinds of marks, as they follow one another; how each is drawn is in the style sheet (``.vs-mark-…``).
ORDER = (
    "measured",
    "legal",
    "sold",
    "area",
    "striped",
    "ramp",
    "season",
    "country",
    "due",
    "sign",
    "reserved-point",
    "reserved",
    "masked",
    "unseen",
    "gap",
    "unknown",
    "photograph",
    "day",
)


@dataclass(frozen=True)
class Mark:
    """A drawing and its words. ``colour``: of an area or of a sign; ``sign``: the letter drawn."""

    kind: str
    words: str
    colour: str = ""
    sign: str = ""


@dataclass(frozen=True)
class Legend:
    """``unit``: what is counted. ``ends``: of a ramp, in words."""

    unit: str
    marks: tuple[Mark, ...] = ()
    ends: tuple[str, str] | None = None


RESERVE = ", ".join(word.lower() for word, _ in (tokens.QUALIFYING["estime"], tokens.QUALIFYING["incomplet"]))
RESERVE += f" ou {tokens.QUALIFYING['en_retard'][0].lower()}"
SEASON = Mark("season", "saison précédente")
COUNTRY = Mark("country", "France")
RESERVED, RESERVED_POINT = Mark("reserved", RESERVE), Mark("reserved-point", RESERVE)
MASKED = Mark("masked", tokens.REPLACING["masque"].word.lower())
GAP = Mark("gap", "sans relevé : trait interrompu")
# Promised dates of a declaration: the one that holds is filled, one put off or withdrawn is hollow.
PROMISES = (
    Mark("sign", "retour annoncé", tokens.ACCENT, "◆"),
    Mark("sign", "approvisionnement annoncé", tokens.ACCENT, "▼"),
    Mark("sign", "date repoussée ou retirée", tokens.ACCENT, "◇"),
)
DAY = Mark("day", "jour des données")
PHOTOGRAPH = Mark("photograph", "photographie de la liste")
STATUSES = (
    Mark("area", tokens.STATUS["satisfaisante"].word, tokens.STATUS["satisfaisante"].colour),
    Mark("area", tokens.STATUS["acceptable"].word, tokens.STATUS["acceptable"].colour),
    Mark("striped", tokens.STATUS["insatisfaisante"].word),
)


def unknown(words: str) -> Mark:
    """What is not reported, hatched: « sans relevé ou hors panel », « hors saison »."""
    return Mark("unknown", words)


def areas(named: Iterable[tuple[str, str]]) -> tuple[Mark, ...]:
    """Words and colours of classes, in the order given."""
    return tuple(Mark("area", words, colour) for words, colour in named)


def on(figure: go.Figure) -> tuple[Mark, ...]:
    """What a figure draws besides its series: figures with a reserve, weeks without report, the day of the data."""
    names = {trace.name for trace in figure.data} | {shape.name for shape in figure.layout.shapes}
    marked = {RESERVED_POINT.words: RESERVED_POINT, DAY.words: DAY, PHOTOGRAPH.words: PHOTOGRAPH}
    found = [mark for words, mark in marked.items() if words in names]
    is_broken = any(
        _is_broken(trace.y) for trace in figure.data if trace.type == "scatter" and "lines" in str(trace.mode)
    )
    return (*found, *([GAP] if is_broken else []))


def _is_broken(values: Sequence[Any] | None) -> bool:
    known = [place for place, value in enumerate(values if values is not None else ()) if value is not None]
    return bool(known) and known[-1] - known[0] >= len(known)


def of_map(layer: Iterable[Mapping[str, Any]]) -> tuple[Mark, ...]:
    """Reserves and secrets that the departments of a map carry."""
    rows = list(layer)
    found = [RESERVED] if reserves_are_few(rows) and any(row.get("reserved") for row in rows) else []
    return (*found, *([MASKED] if any(row.get("colour") == tokens.MASKED for row in rows) else []))


def reserves_are_few(rows: Collection[Mapping[str, Any]]) -> bool:
    """Whether a border singles something out: beyond a quarter of the map the words under it say so for all."""
    return sum(bool(row.get("reserved")) for row in rows) <= len(rows) // 4


def html(legend: Legend) -> Markup:
    """The line itself; empty when there is nothing to say."""
    if not (legend.unit or legend.marks or legend.ends):
        return Markup()
    marks = sorted(legend.marks, key=lambda mark: ORDER.index(mark.kind))
    return templating.macro(TEMPLATE, "legend", legend.unit, marks, legend.ends)
