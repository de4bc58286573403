"""The figure of a molecule: coverage by link, sales, surveillance beside it and declarations on one time axis."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from html import escape
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures, legend
from pages.components.charts.figures import Stack
from pages.components.charts.panel_context import SALES_PX, epidemic_panel, sales_panel, vigilance_panel
from pages.components.charts.panel_declarations import declarations_panel

COVERAGE_PX = 132
LONE_PX = 178  # of a panel alone on its figure: the page keeps it above the fold of a small screen
BACK_WEEKS, AHEAD_WEEKS = 52, 14
SEASON = pd.Timedelta(weeks=52)
MOST_TICKS = 7  # months named under a chart: as many as a phone holds side by side
_EMPTY = pd.DataFrame()

# Column, name on the chart, dash: the two denominators are distinguished without colour.
_DENOMINATORS = (
    ("coverage_current_days", "demande courante", "solid"),
    ("coverage_legal_days", "référence légale", "dash"),
)
_GIVEN = ("coverage_days", "mesure du panel", "solid")
# On the chart itself, where a phone leaves a few centimetres; the page gives the whole names above it.
_AT_THE_END = {"demande courante": "courante", "référence légale": "légale", "mesure du panel": "panel"}


def coverage_panels(
    coverage: pd.DataFrame,
    links: pd.DataFrame,
    *,
    as_of: date,
    sales: pd.DataFrame = _EMPTY,
    supplies: pd.DataFrame = _EMPTY,
    surveillance: pd.DataFrame = _EMPTY,
    surveillance_kind: Literal["epidemic", "vigilance"] = "epidemic",
    declarations: pd.DataFrame = _EMPTY,
    promises: pd.DataFrame = _EMPTY,
    source_label: Mapping[str, str] | None = None,
    title: str = "",
    back_weeks: int = BACK_WEEKS,
    ahead_weeks: int = AHEAD_WEEKS,
    sales_px: int = SALES_PX,
    named_above: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Stacked panels sharing x; a table that is empty leaves its panel out, a link without row says so.

    coverage: *coverage_weekly* of one subject, every week kept (last season is read from it).
    links: *plan_link* (link, label, order_no, satisfactory_days, acceptable_days); one panel a row.
    sales: *sales_weekly*. supplies: *planned_supply*. declarations: *declaration*. promises: *promise*.
    surveillance: epidemic → label, week, value (visits per 100 000 coded); vigilance → day, colour_id, departments.
    named_above: the page names the lines above the figure: their ends say it in one word, a phone leaves no more room.
    source_label: link → name of the source shown on hover. Days are days of demand, boxes are boxes.
    """
    span = (as_of - timedelta(weeks=back_weeks), as_of + timedelta(weeks=ahead_weeks))
    stack = Stack(scale=scale, today=as_of)
    for link in figures.records(links.sort_values("order_no")):
        rows = coverage[coverage["link"] == link["link"]] if not coverage.empty else coverage
        source = (source_label or {}).get(str(link["link"]), "")
        _coverage(stack, rows, link, (span[0], as_of), source, _AT_THE_END if named_above else {})
    if not (sales.empty and supplies.empty):
        sales_panel(stack, sales, supplies, span, sales_px)
    if not surveillance.empty:
        (vigilance_panel if surveillance_kind == "vigilance" else epidemic_panel)(stack, surveillance, span)
    if not declarations.empty:
        declarations_panel(stack, declarations, promises, span, as_of)
    if not stack.panels:
        return figures.empty("Aucune mesure pour ce sujet.", scale=scale)
    figures.vertical(stack, as_of, fr.day(as_of))
    return stack.figure(
        title,
        {"type": "date", "range": [figures.before(*span), span[1]], **figures.month_ticks(*span, most=MOST_TICKS)},
        {"r": 64},
    )


def link_panel(
    coverage: pd.DataFrame,
    link: Mapping[str, Any],
    *,
    as_of: date,
    source: str = "",
    back_weeks: int = BACK_WEEKS,
    height: int = LONE_PX,
    scale: float = 1.0,
) -> go.Figure:
    """One link alone until today, its last figures in the right margin: nothing stands over a line.

    coverage: its rows of *coverage_weekly*, every week kept. link: its row of *link_status*. Heading and names of the lines are
    those of the page.
    """
    stack = Stack(scale=scale, today=as_of)
    span = (as_of - timedelta(weeks=back_weeks), as_of)
    axis, top, labels = _coverage_lines(stack, coverage, dict(link), span, source, height, "")
    recent = [label for label in labels if figures.is_near(stack, label[0])]
    places = figures.spread([value for _, value, _, _ in recent], figures.LABEL_PX * top / height, top)
    for (_, _, text, color), place in zip(recent, places, strict=True):
        where = {"x": 1, "xref": "paper", "xanchor": "left", "y": place, "yref": axis, "yanchor": "middle"}
        stack.text(text.split(" ")[0], xshift=6, color=color, **where)
    figures.end_labels(stack, axis, [label for label in labels if label not in recent], top, height)
    axis_of_time = {
        "type": "date",
        "range": [figures.before(*span), span[1]],
        **figures.month_ticks(*span, most=MOST_TICKS),
    }
    return stack.figure("", axis_of_time, {"l": 36, "r": 52, "t": 8, "b": 26})


def _coverage(
    stack: Stack,
    rows: pd.DataFrame,
    link: dict[str, Any],
    span: tuple[date, date],
    source: str,
    short: Mapping[str, str],
) -> None:
    heading = f"<b>{escape(str(link['label']))}</b>  en jours"
    axis, top, labels = _coverage_lines(stack, rows, link, span, source, COVERAGE_PX, heading)
    for name, word in short.items():
        labels = [(day, value, text.replace(name, word), ink) for day, value, text, ink in labels]
    figures.end_labels(stack, axis, labels, top, COVERAGE_PX)


def _coverage_lines(
    stack: Stack,
    rows: pd.DataFrame,
    link: dict[str, Any],
    span: tuple[date, date],
    source: str,
    height: int,
    heading: str,
) -> tuple[str, float, list[figures.End]]:
    """Bands and lines of one link; its axis, the top of it, and what to write at the ends of its lines."""
    satisfactory, acceptable = float(link["satisfactory_days"]), float(link["acceptable_days"])
    table = figures.weekly(rows)
    shown = figures.within(table, "week", *span)
    series = _series(shown)
    top = _top([v for column, _, _ in series for v in shown[column]], satisfactory)
    ticks = sorted({0.0, acceptable, satisfactory, *_more(top, satisfactory)})
    axis = stack.panel(height, heading, {"range": [0, top], "tickvals": ticks})
    figures.bands(stack, axis, top, satisfactory, acceptable, height)
    if not series:
        stack.text("Aucune mesure", x=0.5, xref="paper", y=top / 2, yref=axis, size=14, color=tokens.SECONDARY)
        return axis, top, []
    _last_season(stack, table, series[0][0], axis, span)
    for column, name, dash in series:
        _denominator(stack, shown, (column, name, dash), axis, source)
    ends = [(figures.last_known(shown, column), column, name) for column, name, _ in series]
    return (
        axis,
        top,
        [(e["week"], float(e[c]), f"<b>{fr.days(e[c])}</b> {n}", tokens.INK) for e, c, n in ends if e is not None],
    )


def _series(shown: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Columns that hold something; where the coverage is given and not computed, the measure itself."""
    known = [entry for entry in _DENOMINATORS if _holds(shown, entry[0])]
    return known or ([_GIVEN] if _holds(shown, _GIVEN[0]) else [])


def _holds(table: pd.DataFrame, column: str) -> bool:
    return not table.empty and column in table and bool(table[column].notna().any())


def _top(values: list[Any], satisfactory: float) -> float:
    known = [float(v) for v in values if not fr.missing(v)]
    return max(satisfactory * 1.8, max(known, default=0.0) * 1.12)


def _more(top: float, satisfactory: float) -> list[float]:
    """One round tick near the top, unless it would touch the bound's own."""
    step = next(s for s in (5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 1_000_000) if top / s < 6)
    tick = float(int(top // step) * step)
    return [tick] if tick - satisfactory > 0.12 * top else []


def _last_season(stack: Stack, table: pd.DataFrame, column: str, axis: str, span: tuple[date, date]) -> None:
    season = figures.within(table.assign(week=table["week"] + SEASON), "week", *span)
    words = [fr.days(v) for v in season[column]]
    stack.traces.append(
        figures.weekly_line(
            *(season, column, axis, legend.SEASON.words, words),
            {"color": tokens.GHOST, "width": 1.2},
            when=f"52 semaines avant {figures.WEEK}",
        )
    )


def _denominator(stack: Stack, shown: pd.DataFrame, series: tuple[str, str, str], axis: str, source: str) -> None:
    column, name, dash = series
    notes = [figures.reserve(state) for state in shown["figure_state"]]
    words = [fr.days(v) + (f" ({note})" if note else "") for v, note in zip(shown[column], notes, strict=True)]
    stack.traces.append(
        figures.weekly_line(
            *(shown, column, axis, name, words),
            {"color": tokens.INK, "width": 2.2 if dash == "solid" else 1.6, "dash": dash},
            hover=f"couverture, {name}",
            source=source,
        )
    )
    figures.marks(stack, axis, shown, column)
