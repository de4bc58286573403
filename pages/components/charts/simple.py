"""Other charts, each a pure function table → figure with one message in its title; and how a figure is shown."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from connectors.language.typography import french
from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures, legend
from pages.components.charts.figures import Stack
from pages.components.charts.panels import coverage_panels, link_panel
from pages.components.charts.template import written_out
from pages.components.exports.offering import stamp_of_page

__all__ = [
    "coverage_panels",
    "level_distribution",
    "link_panel",
    "promise_timeline",
    "show",
    "territory_history",
]

ROW_PX = 30
WEEK_BAR_MS = 6 * 86_400_000
_EMPTY = pd.DataFrame()

# Column, name, place in the ramp: the emptier the pharmacy, the darker.
_LEVELS = (
    ("share_none_pct", "sans boîte", 8),
    ("share_low_pct", "bas", 5),
    ("share_medium_pct", "moyen", 3),
    ("share_high_pct", "haut", 1),
)
_PROMISE = {"retour": ("diamond", "Retour"), "approvisionnement": ("triangle-down", "Approvisionnement")}

_DAYS = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"]
_MONTHS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]

# The one button kept is the download; the library's French is given here, since nothing is fetched.
_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "scrollZoom": False,
    "doubleClick": False,
    "showAxisDragHandles": False,
    "locale": "fr",
    "locales": {
        "fr": {
            "dictionary": {
                "Download plot as a PNG": "Télécharger l'image (PNG)",
                "Download plot as a png": "Télécharger l'image (PNG)",
                "Download plot": "Télécharger l'image",
                "Taking snapshot - this may take a few seconds": "Préparation de l'image…",
                "Snapshot succeeded": "Image enregistrée",
            },
            "format": {"days": _DAYS, "shortDays": [d[:3] for d in _DAYS], "months": _MONTHS, "shortMonths": _MONTHS},
        }
    },
}


class Finished(go.Figure):  # type: ignore[misc]
    """A figure that nobody changes any more: the dictionary it is sent as, a deep copy, is made once.

    The framework gives each chart to Plotly twice, the second time as a copy with its width. Plotly draws a copy again when
    it has a template or data without a revision: the look is written out, and the data are given a number of their own.
    """

    def __init__(self, figure: go.Figure) -> None:
        super().__init__(figure)
        self._sent: dict[str, Any] = super().to_dict()
        written_out(self._sent)
        self._sent["layout"]["datarevision"] = f"{zlib.crc32(str(super().to_json()).encode()):08x}"

    def to_dict(self) -> dict[str, Any]:
        return self._sent


def show(figure: go.Figure, key: str, *, alt: str = "") -> None:
    """Draw a figure on the page with the project's own look and a French download button only.

    The image is made by ``exports/leaving.js``: title, day, sources and mark inside, in the font of the screen.
    """
    image = {"format": "png", "filename": f"vigistock-{key}", "scale": 2, "stamp": image_words(key, alt)}
    config = {**_CONFIG, "toImageButtonOptions": image}
    st.plotly_chart(figure, key=key, theme=None, config=config, width="stretch", alt=alt or None)


def image_words(key: str, title: str) -> dict[str, str]:
    """What the image of a chart says around it, and the name of its file."""
    stamp = stamp_of_page()
    return {
        "file": f"vigistock-{stamp.file_name(f'{key}.png')}",
        "title": french(title),
        "mark": stamp.mark,
        "date": french(f"Données au {fr.day(stamp.as_of)} · Vigistock"),
    }


def territory_history(
    history: pd.DataFrame,
    *,
    satisfactory_days: float,
    acceptable_days: float,
    national: pd.DataFrame = _EMPTY,
    name: str = "",
    title: str = "",
    scale: float = 1.0,
    height: int = 240,
) -> go.Figure:
    """Coverage of one department by week against the bands, the country as a thin grey line.

    history: *department_coverage* of one department (week, coverage_days, figure_state, pharmacies).
    national: week, coverage_days. Weeks off panel or unreliable are left as gaps.
    """
    shown = _reliable(figures.weekly(history))
    if figures.last_known(shown, "coverage_days") is None:
        return figures.empty("Aucune mesure pour ce département.", scale=scale)
    country = {"color": tokens.SECONDARY, "width": 1.4, "dash": "dot"}
    lines = [
        (figures.weekly(national), legend.COUNTRY.words, country),
        (shown, name or "Département", {"color": tokens.INK, "width": 2.2}),
    ]
    drawn = [line for line in lines if figures.last_known(line[0], "coverage_days") is not None]
    values = [float(v) for table, *_ in drawn for v in table["coverage_days"] if not fr.missing(v)]
    top = max(satisfactory_days * 1.6, max(values) * 1.1)
    stack = Stack(scale=scale)
    axis = stack.panel(height, "", {"range": [0, top]})
    figures.bands(stack, axis, top, satisfactory_days, acceptable_days, height)
    for table, label, line in drawn:
        _history_line(stack, axis, table, label, line)
    figures.end_labels(stack, axis, [_history_end(t, label, line) for t, label, line in drawn], top, height)
    first, last = shown["week"].min().date(), shown["week"].max().date()
    extent = (last - first) + timedelta(days=7)
    span = [figures.before(first, last + timedelta(days=7)), last + extent * 0.16]
    return stack.figure(title, {"type": "date", "range": span, **figures.month_ticks(first, last)})


def _reliable(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty or "figure_state" not in table:
        return table
    kept = ~table["figure_state"].isin(list(tokens.REPLACING))
    return table.assign(coverage_days=table["coverage_days"].where(kept))


def _history_line(stack: Stack, axis: str, table: pd.DataFrame, name: str, line: dict[str, Any]) -> None:
    panel = list(table["pharmacies"]) if "pharmacies" in table else [None] * len(table)
    words = [
        fr.days(v) + ("" if fr.missing(n) else f" ({fr.plural(n, 'officine', 'officines')} du panel)")
        for v, n in zip(table["coverage_days"], panel, strict=True)
    ]
    stack.traces.append(figures.weekly_line(*(table, "coverage_days", axis, name, words, line)))
    figures.marks(stack, axis, table, "coverage_days")


def _history_end(table: pd.DataFrame, name: str, line: Mapping[str, Any]) -> tuple[Any, float, str, str]:
    end = table[table["coverage_days"].notna()].iloc[-1]
    text = f"<b>{fr.days(end['coverage_days'])}</b> {escape(name)}"
    return end["week"], float(end["coverage_days"]), text, str(line["color"])


def _rows_axis(labels: list[str], scale: float) -> dict[str, Any]:
    """Axis of named rows, the first on top."""
    return {
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": [escape(label) for label in labels],
        "tickfont": {"size": 14 * scale, "color": tokens.INK},
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
    }


def _share_words(row: Mapping[str, Any]) -> str:
    """« 58 %, dont 8 % sous déclaration »: the presentations declared, not all those of the laboratory."""
    share = fr.percent(row["share_pct"])
    if not row["declared_presentations"]:
        return share
    if row["declared_presentations"] == row["presentations"]:
        return f"{share}, sous déclaration"
    return f"{share}, dont {fr.percent(row['declared_share_pct'])} sous déclaration"


def level_distribution(levels: pd.DataFrame, *, title: str = "", scale: float = 1.0, height: int = 200) -> go.Figure:
    """Share of pharmacies in each of the four coverage levels by week, the emptiest at the bottom and darkest.

    levels: week, share_none_pct, share_low_pct, share_medium_pct, share_high_pct (percent, one row per week).
    """
    columns = [column for column, _, _ in _LEVELS]
    if levels.empty or not levels[columns].notna().any().any():
        return figures.empty("Aucune répartition connue.", scale=scale)
    table = figures.weekly(levels)
    stack = Stack(scale=scale)
    ticks = {"tickvals": [0, 50, 100], "ticktext": [fr.percent(v) for v in (0, 50, 100)]}
    axis = stack.panel(height, "", {"range": [0, 100], **ticks})
    for column, name, shade in _LEVELS:
        words = [f"{fr.percent(v)} des officines" for v in table[column]]
        stack.traces.append(
            figures.bar(
                **figures.along(table["week"]),
                y=figures.numbers(table[column]),
                yaxis=axis,
                name=name,
                width=WEEK_BAR_MS,
                marker={"color": tokens.RAMP[shade], "line": {"width": 0}},
                **figures.hover_of(f"niveau {name}", words),
            )
        )
    _level_names(stack, table, axis, height)
    first, last = table["week"].min().date(), table["week"].max().date()
    span = [first - timedelta(days=4), last + (last - first) * 0.24 + timedelta(days=4)]
    figure = stack.figure(title, {"type": "date", "range": span, **figures.month_ticks(first, last)})
    return figure.update_layout(barmode="stack")


def level_colours() -> list[tuple[str, str]]:
    """Words and colours of the levels, the emptiest first."""
    return [(name, tokens.RAMP[shade]) for _, name, shade in _LEVELS]


def _level_names(stack: Stack, table: pd.DataFrame, axis: str, height: int) -> None:
    last = table[table[[column for column, _, _ in _LEVELS]].notna().any(axis=1)].iloc[-1]
    shares = [0.0 if fr.missing(last[column]) else float(last[column]) for column, _, _ in _LEVELS]
    ends = [
        (last["week"], sum(shares[:i]) + share / 2, f"<b>{fr.percent(share)}</b> {name}", tokens.INK)
        for i, (share, (_, name, _)) in enumerate(zip(shares, _LEVELS, strict=True))
    ]
    figures.end_labels(stack, axis, ends, 100, height)


def promise_timeline(promises: pd.DataFrame, *, as_of: date, title: str = "", scale: float = 1.0) -> go.Figure:
    """Every promised date, one row per statement: the date that holds is filled, the slipped ones are hollow.

    promises: *promise* of one declaration (promise, stated_on, planned_on, version_no, is_latest, slip_days, boxes).
    """
    known = promises[promises["planned_on"].notna()] if not promises.empty else promises
    if known.empty:
        return figures.empty("Aucune date promise.", scale=scale)
    order = known.sort_values(["promise", "stated_on", "planned_on"], ascending=[False, True, True])
    rows = figures.records(order)
    names = [f"{_PROMISE[str(row['promise'])][1]}, dit le {fr.day(row['stated_on'])}" for row in rows]
    stack = Stack(scale=scale)
    axis = stack.panel(len(rows) * ROW_PX, "", _rows_axis(names, scale))
    figures.vertical(stack, as_of, fr.day(as_of))
    for place, row in enumerate(rows):
        _promise_row(stack, axis, place, row, as_of)
    when = [figures.as_day(row[column], as_of) for row in rows for column in ("stated_on", "planned_on")]
    first, last = min([*when, as_of]), max([*when, as_of])
    margin = (last - first) * 0.05 + timedelta(days=3)
    span = (first - margin, last + margin * 4)
    return stack.figure(title, {"type": "date", "range": list(span), **figures.month_ticks(*span)}, {"l": 12})


def _promise_row(stack: Stack, axis: str, place: int, row: dict[str, Any], as_of: date) -> None:
    stated, label = f"dit le {fr.day(row['stated_on'])}", _promise_label(row)
    fill = tokens.ACCENT if row["is_latest"] else tokens.WHITE
    ends = figures.days([figures.as_day(row["stated_on"], as_of), row["planned_on"]])
    stack.traces.append(
        figures.scatter(
            x=ends,
            y=[place, place],
            yaxis=axis,
            mode="lines+markers",
            line={"color": tokens.RAMP[3], "width": 1.4},
            hovertext=[stated, label],
            marker={
                "symbol": ["circle", _PROMISE[str(row["promise"])][0]],
                "size": [5, 12],
                "color": [tokens.RAMP[3], fill],
                "line": {"color": tokens.ACCENT, "width": [0, 1.5]},
                "opacity": 1,
            },
        )
    )
    where = {"x": ends[1], "xref": "x", "y": place, "yref": axis, "xanchor": "left", "yanchor": "middle"}
    stack.text(label, xshift=10, bgcolor=tokens.WHITE, borderpad=1, **where)


def _promise_label(row: dict[str, Any]) -> str:
    slip, amount = row.get("slip_days"), row.get("boxes")
    late = "" if slip is None or fr.missing(slip) or int(slip) == 0 else f"  ({fr.change(slip, digits=0)})"
    gone = "" if fr.missing(row.get("withdrawn_on")) else f"  retirée le {fr.day(row['withdrawn_on'])}"
    return f"<b>{fr.day(row['planned_on'])}</b>{late}" + ("" if fr.missing(amount) else f"  {fr.boxes(amount)}") + gone
