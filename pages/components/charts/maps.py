"""The department map: a drawing of plain links, one a department, overseas and inner Paris in frames.

Outlines are turned to SVG paths once a process, a map is made once by layer: a click only sends the drawing again with
another outline. Streamlit strips SVG out of ``st.html`` and lets it through in ``st.markdown``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectors.language.typography import french
from data.reference import maps
from pages.components import templating, tokens
from pages.components.charts import figures, legend
from pages.components.links import Here

TEMPLATE = "components/charts/map"
PARAMETER, REGION = "departement", "region"
COLUMNS = ("department", "colour", "hatched", "striped", "reserved", "word", "figure", "detail")
# Fills that read without colour: unknown, and insatisfaisante.
HATCHED, STRIPED = "url(#vs-hatched)", "url(#vs-striped)"
UNITS = 100  # of the drawing, by degree of longitude: a third of a pixel on a screen of 1280
_MARGIN = 12
_ASPECT = 1.28

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Shape:
    """One polygon of the map, its outline as an SVG path. ``key`` ends in ``-zoom`` in the Paris frame."""

    key: str
    code: str
    name: str
    region: str
    path: str
    box: Box


@cache
def shapes() -> tuple[Shape, ...]:
    """The 105 polygons (101 departments, four of them twice)."""
    return tuple(_shape(feature) for feature in maps.department_map().features)


def of_region(region: str | None) -> frozenset[str] | None:
    """Departments of a region; None when none is chosen: every one."""
    return None if region is None else frozenset(shape.code for shape in shapes() if shape.region == region)


def _shape(feature: maps.Feature) -> Shape:
    about, geometry = feature.properties, feature.geometry
    polygons = geometry.coordinates if isinstance(geometry, maps.MultiPolygon) else (geometry.coordinates,)
    rings = [_placed(ring) for polygon in polygons for ring in polygon]
    path = "".join(_path(ring) for ring in rings)
    return Shape(feature.id, about.code, about.name, about.region, path, _around(rings))


def place(longitude: float, latitude: float) -> tuple[int, int]:
    """Point of the drawing (Web Mercator)."""
    north = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))
    return round(longitude * UNITS), round(-north * UNITS)


def _placed(ring: Iterable[maps.Point]) -> list[tuple[int, int]]:
    return [place(longitude, latitude) for longitude, latitude in ring]


def _path(ring: list[tuple[int, int]]) -> str:
    """« M12 40l3-2 5 1z »: steps from point to point; a ring too small to be drawn is left out."""
    steps = [f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(ring[:-1]) if (a, b) != (x, y)]
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps).replace(' -', '-')}z" if steps else ""


def _around(rings: Iterable[list[tuple[int, int]]]) -> Box:
    points = [point for ring in rings for point in ring]
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


@cache
def department_names() -> dict[str, str]:
    """Code → name of the 101 departments, in the order of the map file."""
    return {shape.code: shape.name for shape in shapes()}


def departments(values: pd.DataFrame, here: Here, only: Collection[str] | None = None) -> Markup:
    """Links of one layer (see ``map_layers`` for ready tables), each to its department in the view ``here``.

    values: one row per department: department (code), colour (#RRGGBB), hatched (unknown), striped (insatisfaisante) and
    reserved (bool: late or estimated, dark border), word, figure, detail. A department without row is « Aucune donnée ».
    ``only`` (codes) fades the others, whose links leave the region.
    """
    rows = {str(row["department"]): row for row in figures.records(values)}
    few = legend.reserves_are_few(rows.values())
    drawn = [_drawn(s, rows.get(s.code), here, not only or s.code in only, few) for s in shapes()]
    # A dark border is drawn over those of its neighbours.
    return templating.macro(TEMPLATE, "departments", sorted(drawn, key=lambda item: bool(item["is_reserved"])))


def _drawn(shape: Shape, row: Mapping[str, Any] | None, here: Here, is_inside: bool, few: bool) -> dict[str, Any]:
    known = row or {"hatched": True, "word": tokens.NO_DATA.word}
    parts = [f"{shape.name} ({shape.code})", *(str(known.get(key) or "") for key in ("word", "figure", "detail"))]
    changes = {PARAMETER: shape.code} | ({} if is_inside else {REGION: None})
    return {
        "path": shape.path,
        "href": here.but(**changes),
        "title": french(" · ".join(filter(None, parts))),
        "fill": _fill(known),
        "is_outside": not is_inside,
        "is_reserved": few and bool(known.get("reserved")),
    }


def _fill(row: Mapping[str, Any]) -> str:
    if row.get("hatched"):
        return HATCHED
    return STRIPED if row.get("striped") else str(row["colour"])


def drawing(
    links: Markup, words: str, *, selected: str | None = None, leave: str = "", only: Collection[str] | None = None
) -> Markup:
    """The whole map around its links: ``selected`` outlined (pressed again, it leads to ``leave``), framed on ``only``."""
    view = _view(frozenset(only) if only else None)
    outline = "".join(shape.path for shape in shapes() if shape.code == selected)
    return templating.macro(TEMPLATE, "drawing", view, links, french(words), outline, leave, *_frames())


@cache
def _frames() -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """Frames as one path, and the words under each."""
    around = maps.department_map()
    paths = "".join(_path(_placed(ring)) for ring in around.frames)
    return paths, tuple((item.text, *place(item.lon, item.lat)) for item in around.captions)


@cache
def _view(only: frozenset[str] | None) -> tuple[float, float, float, float]:
    """Left, top, width, height of what is shown: all of it, or the departments of a region with some air."""
    inside = [shape.box for shape in shapes() if only and shape.code in only and not shape.key.endswith("-zoom")]
    boxes = inside or [shape.box for shape in shapes()] + [
        _around([_placed(ring)]) for ring in maps.department_map().frames
    ]
    west, north = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, south = max(box[2] for box in boxes), max(box[3] for box in boxes)
    if not inside:
        return west - _MARGIN, north - _MARGIN, east - west + 2 * _MARGIN, south - north + 6 * _MARGIN
    height = max(south - north, (east - west) / _ASPECT, UNITS) * 1.25
    return (
        round((west + east - height * _ASPECT) / 2),
        round((north + south - height) / 2),
        round(height * _ASPECT),
        round(height),
    )


def show(map_drawn: Markup, key: legend.Legend) -> None:
    """Draw it under its legend, where the page is: ``st.html`` would take the drawing away."""
    st.html(str(legend.html(key)))
    st.markdown(str(map_drawn), unsafe_allow_html=True)
