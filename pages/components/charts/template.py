"""The project's look as Plotly templates, one per scale; a figure then says only what is its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from connectors.language.typography import SEPARATORS
from pages.components import tokens

LABEL_SIZE = 13


@cache
def template(scale: float) -> str:
    """Name of the template whose texts are ``scale`` times their size on an ordinary screen."""
    name = f"vigistock-{scale:g}"
    pio.templates[name] = go.layout.Template(layout=_layout(scale), data=_DATA)
    return name


_DATA: dict[str, Any] = {
    "scatter": [{"connectgaps": False, "hoverinfo": "text", "marker": {"line": {"width": 0}}}],
    "bar": [{"hoverinfo": "text", "textposition": "none"}],
}


def _layout(scale: float) -> dict[str, Any]:
    """White, one family, French separators, title on the left; nothing moves, nothing is overlaid."""
    ink = {"family": tokens.FONT, "color": tokens.INK}
    place = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
    return {
        "title": {**place, "pad": {"t": 8 * scale}, "font": {"size": 18 * scale, "color": tokens.INK}},
        "font": {**ink, "size": LABEL_SIZE * scale},
        "annotationdefaults": {"showarrow": False, "font": {"size": LABEL_SIZE * scale, "color": tokens.INK}},
        "paper_bgcolor": tokens.WHITE,
        "plot_bgcolor": tokens.WHITE,
        "showlegend": False,
        "separators": SEPARATORS,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": tokens.WHITE,
            "bordercolor": tokens.LINES,
            "align": "left",
            "font": {**ink, "size": 14 * scale},
        },
        "bargap": 0.25,
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": tokens.SECONDARY, "activecolor": tokens.ACCENT},
        "xaxis": _x_axis(scale),
        "yaxis": _y_axis(scale),
    }


def _x_axis(scale: float) -> dict[str, Any]:
    """Time axis: quiet vertical lines, labels in secondary ink."""
    return {
        "showgrid": True,
        "gridcolor": tokens.SURFACE,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "outside",
        "ticklen": 4,
        "ticklabelstandoff": 2,
        "tickcolor": tokens.LINES,
        "showline": True,  # which Plotly would guess from the colour, were it not in a template
        "linecolor": tokens.LINES,
        "tickfont": {"size": LABEL_SIZE * scale, "color": tokens.SECONDARY},
    }


def _y_axis(scale: float) -> dict[str, Any]:
    """Value axis: from zero, few ticks, no line."""
    return {
        "rangemode": "tozero",
        "showgrid": True,
        "gridcolor": tokens.SURFACE,
        "zeroline": True,
        "zerolinecolor": tokens.LINES,
        "zerolinewidth": 1,
        "fixedrange": True,
        "nticks": 5,
        "ticklabelstandoff": 6,
        "tickformat": ",~f",
        "tickfont": {"size": LABEL_SIZE * scale, "color": tokens.SECONDARY},
    }


def written_out(figure: dict[str, Any]) -> None:
    """A figure, as it is sent, takes what its template says in its own layout, annotations and traces; the template goes."""
    layout = figure["layout"]
    look = layout.pop("template", None) or {}
    whole, kinds = dict(look.get("layout", {})), look.get("data", {})
    notes = whole.pop("annotationdefaults", {})
    axes = {name: whole.pop(name, {}) for name in ("xaxis", "yaxis")}
    for name in {*axes, *(key for key in layout if key.startswith(tuple(axes)))}:
        layout[name] = _under(axes[name[:5]], layout.get(name, {}))
    layout.update(_under(whole, layout))
    if "annotations" in layout:
        layout["annotations"] = [_under(notes, note) for note in layout["annotations"]]
    figure["data"] = [_under(next(iter(kinds.get(trace.get("type"), ())), {}), trace) for trace in figure["data"]]


def _under(usual: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What is usual, but where something of its own is said."""
    return {
        **usual,
        **{
            key: _under(usual[key], value)
            if isinstance(value, Mapping) and isinstance(usual.get(key), Mapping)
            else value
            for key, value in own.items()
        },
    }
