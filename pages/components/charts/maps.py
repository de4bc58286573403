"""The department map: one offline view of the 101 departments, overseas and inner Paris in frames.

The geometry is turned to JSON text once a process; a map is that text with one colour a department slipped in, which
keeps a rerun near 2 ms and the message under 150 kB (pydeck's own writing: 1.29 MB and 49 ms).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st

from connectors.language.typography import french
from data.reference import maps
from pages.components import filters, tokens
from pages.components.charts import figures

LAYER = "departements"
COLUMNS = ("department", "colour", "hatched", "reserved", "word", "figure", "detail")
# Metropolitan France, the overseas frames on the west and the Paris frame on the east at 736 × 590 px.
VIEW = {"latitude": 46.4, "longitude": 0.75, "zoom": 4.68}
VIEW_PX = (736, 590)
# What pydeck writes when no basemap is asked for. Without it Streamlit fetches one from a third party.
NO_BASEMAP = "__MAP_STYLE__"
FADED = 60

_TOOLTIP = {
    "html": "<b>{nom}</b> ({code})<br>{word}<br>{figure}<br><span style='color:#5B616B'>{detail}</span>",
    "style": {
        "backgroundColor": "#FFFFFF",
        "color": tokens.INK,
        "border": f"1px solid {tokens.LINES}",
        "borderRadius": "4px",
        "padding": "8px 10px",
        "fontSize": "0.875rem",
        "maxWidth": "20rem",
        "fontFamily": "inherit",
    },
}


class CompactDeck(pdk.Deck):  # type: ignore[misc]
    """A deck whose JSON is already written: Streamlit sends it as it is."""

    def __init__(self, text: str, tooltip: Mapping[str, Any], height_px: int) -> None:
        super().__init__(layers=[], map_provider=None, tooltip=dict(tooltip))
        self.text = text
        self.height_px = height_px

    def to_json(self) -> str:
        """Compact JSON of the whole deck."""
        return self.text


@dataclass(frozen=True)
class Shape:
    """One polygon of the map, its geometry as JSON text. ``key`` ends in ``-zoom`` in the Paris frame."""

    key: str
    code: str
    name: str
    region: str
    geometry: str
    rings: str
    box: tuple[float, float, float, float]


@cache
def shapes() -> tuple[Shape, ...]:
    """The 105 polygons (101 departments, four of them twice)."""
    return tuple(_shape(feature) for feature in maps.department_map().features)


def _shape(feature: maps.Feature) -> Shape:
    about, geometry = feature.properties, feature.geometry
    polygons = geometry.coordinates if isinstance(geometry, maps.MultiPolygon) else (geometry.coordinates,)
    rings = [ring for polygon in polygons for ring in polygon]
    points = [point for ring in rings for point in ring]
    longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
    box = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    outline = _compact(geometry.model_dump())
    return Shape(feature.id, about.code, about.name, about.region, outline, _compact(rings), box)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def _hatches() -> dict[str, str]:
    """Per polygon, its 45° segments as the inside of a JSON array."""
    return {key: _compact(segments)[1:-1] for key, segments in maps.hatches().root.items()}


def department_names() -> dict[str, str]:
    """Code → name of the 101 departments, in the order of the map file."""
    return {shape.code: shape.name for shape in shapes()}


def department_map(
    values: pd.DataFrame,
    *,
    selected: str | None = None,
    only: Collection[str] | None = None,
    scale: float = 1.0,
) -> CompactDeck:
    """Map of one layer (see ``map_layers`` for ready tables).

    values: one row a department: department (code), colour (#RRGGBB), hatched and reserved (bool: late or estimated,
    dark border), word, figure, detail (texts of the tooltip). A department without row is hatched « Aucune donnée ».
    ``selected`` is outlined. ``only`` (codes) fades the others and frames the map on them.
    """
    rows = {str(row["department"]): row for row in figures.records(values)}
    layers = [
        _fill_layer(rows, only),
        _path_layer("hachures", _hatch_paths(rows), tokens.HATCH, 1.0),
        _path_layer("contours-hachures", _few_edges(lambda s: _is_hatched(s, rows)), tokens.HATCH, 1.0),
        _path_layer("contours-reserve", _few_edges(lambda s: _is_reserved(s, rows)), tokens.INK, 1.6),
        _path_layer("cadres", _compact(maps.department_map().frames)[1:-1], tokens.LINES, 1.2),
        _path_layer("selection", _edges(s for s in shapes() if s.code == selected), tokens.INK, 3.0 * scale),
        _caption_layer(scale),
    ]
    view = _compact(_zoomed(_framed(only) if only else VIEW, scale))
    text = (
        f'{{"initialViewState":{view},"mapStyle":"{NO_BASEMAP}","layers":[{",".join(layers)}],'
        '"views":[{"@@type":"MapView","controller":{"dragRotate":false,"touchRotate":false,"scrollZoom":false}}]}'
    )
    return CompactDeck(text, _TOOLTIP, round(VIEW_PX[1] * scale))


def _fill_layer(rows: Mapping[str, Mapping[str, Any]], only: Collection[str] | None) -> str:
    # Borders are left out of picking: without a graphics card they made a press last 500 ms, and the browser then
    # no longer takes it for a click (limit 250 ms).
    features = ",".join(_feature(shape, rows.get(shape.code), only) for shape in shapes())
    return (
        f'{{"@@type":"GeoJsonLayer","id":"{LAYER}","pickable":true,"stroked":true,"filled":true,'
        '"data":{"type":"FeatureCollection","features":[' + features + "]},"
        '"getFillColor":"@@=properties.fill","getLineColor":[255,255,255],"getLineWidth":1,'
        '"lineWidthUnits":"pixels","lineWidthMinPixels":1,"autoHighlight":true,"highlightColor":[30,32,36,40],'
        '"_subLayerProps":{"polygons-stroke":{"pickable":false}}}'
    )


def _feature(shape: Shape, row: Mapping[str, Any] | None, only: Collection[str] | None) -> str:
    known = row or {"colour": tokens.WHITE, "word": tokens.NO_DATA.word, "figure": "", "detail": ""}
    inside = only is None or shape.code in only
    # Neutral outside the region: a pale colour of the ramp would read as a low value.
    fill = [*_rgb(str(known["colour"])), 255] if inside else [*_rgb(tokens.HATCH), FADED]
    texts = {key: escape(french(str(known.get(key) or ""))) for key in ("word", "figure", "detail")}
    properties = {"code": shape.code, "nom": escape(shape.name), "fill": fill, **texts}
    return f'{{"type":"Feature","geometry":{shape.geometry},"properties":{_compact(properties)}}}'


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _is_hatched(shape: Shape, rows: Mapping[str, Mapping[str, Any]]) -> bool:
    return shape.code not in rows or bool(rows[shape.code].get("hatched"))


def _hatch_paths(rows: Mapping[str, Mapping[str, Any]]) -> str:
    return ",".join(filter(None, (_hatches().get(s.key, "") for s in shapes() if _is_hatched(s, rows))))


def _is_reserved(shape: Shape, rows: Mapping[str, Mapping[str, Any]]) -> bool:
    return shape.code in rows and bool(rows[shape.code].get("reserved"))


def _few_edges(marked: Callable[[Shape], bool]) -> str:
    """Borders that single out some departments; none when they are so many that nothing is singled out."""
    chosen = [shape for shape in shapes() if marked(shape)]
    return _edges(chosen) if len(chosen) <= len(shapes()) // 4 else ""


def _edges(chosen: Iterable[Shape]) -> str:
    return ",".join(shape.rings[1:-1] for shape in chosen)


def _path_layer(name: str, paths: str, colour: str, width: float) -> str:
    return (
        f'{{"@@type":"PathLayer","id":"{name}","data":[{paths}],"getPath":"@@=-","getColor":{_rgb(colour)},'
        f'"getWidth":{width},"widthUnits":"pixels","widthMinPixels":{width},"jointRounded":true,"pickable":false}}'
    )


def _caption_layer(scale: float) -> str:
    captions = [{"t": item.text, "p": [item.lon, item.lat]} for item in maps.department_map().captions]
    return (
        f'{{"@@type":"TextLayer","id":"legendes","data":{_compact(captions)},"getText":"@@=t","getPosition":"@@=p",'
        f'"getSize":{13 * scale},"getColor":{_rgb(tokens.SECONDARY)},"characterSet":"auto",'
        '"fontFamily":"Source Sans, sans-serif","pickable":false}'
    )


def _framed(only: Collection[str]) -> dict[str, float]:
    """View on the chosen departments with some air; the whole map when none is known."""
    boxes = [s.box for s in shapes() if s.code in only and not s.key.endswith("-zoom")]
    if not boxes:
        return VIEW
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
    return _fit((west, south, east, north))


def _zoomed(view: Mapping[str, float], scale: float) -> dict[str, float]:
    return {**view, "zoom": round(view["zoom"] + math.log2(scale), 3), "minZoom": 4, "maxZoom": 9}


def _fit(box: tuple[float, float, float, float]) -> dict[str, float]:
    width, height = max(box[2] - box[0], 0.5) * 1.3, max(box[3] - box[1], 0.5) * 1.9
    zoom = min(math.log2(VIEW_PX[0] * 360 / (512 * width)), math.log2(VIEW_PX[1] * 360 / (512 * height)), 6.8)
    return {"longitude": (box[0] + box[2]) / 2, "latitude": (box[1] + box[3]) / 2, "zoom": round(max(zoom, 4.6), 2)}


def choose_department(deck: CompactDeck, key: str, *, alt: str, parameter: str = "departement") -> None:
    """Draw the map; a click puts the department in the URL and runs the page again, a second click takes it out.

    The map is re-keyed by the department in the URL: Streamlit fades the other polygons while its own selection
    lasts, and a new key forgets it. The outline comes from ``department_map(selected=…)``. ``key`` must change with
    the layer shown.
    """
    current = st.query_params.get(parameter)
    picked = show(deck, f"{key}-{current or 'aucun'}", alt=alt)
    if picked is not None:
        filters.write(parameter, None if picked == current else picked)
        st.rerun()


def show(deck: CompactDeck, key: str, *, alt: str) -> str | None:
    """Draw the map; returns the department clicked in this run, else None."""
    state = st.pydeck_chart(
        deck, height=deck.height_px, key=key, on_select="rerun", selection_mode="single-object", alt=alt
    )
    return clicked(state)


def clicked(state: Any) -> str | None:
    """Department code in a selection state of the map, None when nothing is selected."""
    objects = (state or {}).get("selection", {}).get("objects", {}).get(LAYER, [])
    return str(objects[0]["properties"]["code"]) if objects else None
