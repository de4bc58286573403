"""Other charts, each a pure function table → figure with one message in its title."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.components import figures, tokens
from pages.components import format as fr
from pages.components.figures import Stack
from pages.components.panels import coverage_panels as coverage_panels

_EMPTY = pd.DataFrame()

# Column, name, place in the ramp: the emptier the pharmacy, the darker.
_LEVELS = (
    ("share_none_pct", "sans boîte", 8),
    ("share_low_pct", "bas", 5),
    ("share_medium_pct", "moyen", 3),
    ("share_high_pct", "haut", 1),
)


def show(figure: go.Figure, key: str, *, alt: str = "") -> None:
    """Draw a figure on the page with the project's own look and a French download button only."""
    config = {**figures.CONFIG, "toImageButtonOptions": {"format": "png", "filename": f"vigistock-{key}", "scale": 2}}
    st.plotly_chart(figure, key=key, theme=None, config=config, width="stretch", alt=alt or None)


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
    if shown.empty or shown["coverage_days"].notna().sum() == 0:
        return figures.empty("Aucune mesure pour ce département.", scale=scale)
    country = figures.weekly(national)
    values = [v for table in (shown, country) if not table.empty for v in table["coverage_days"] if not fr.missing(v)]
    top = max(satisfactory_days * 1.6, max(values) * 1.1)
    stack = Stack(scale=scale)
    axis = stack.panel(height, "couverture en jours", {"range": [0, top]})
    figures.bands(stack, axis, top, satisfactory_days, acceptable_days, height)
    lines = [(country, "France", tokens.GHOST, 1.4), (shown, name or "département", tokens.INK, 2.2)]
    drawn = [line for line in lines if not line[0].empty]
    for table, label, color, width in drawn:
        _history_line(stack, table, label, color, width, axis)
    _history_ends(stack, drawn, axis, top, height)
    first, last = shown["week"].min().date(), shown["week"].max().date()
    extent = (last - first) + timedelta(days=7)
    span = [first - extent * 0.18, last + extent * 0.16]
    return stack.figure(title, {"type": "date", "range": span, **figures.month_ticks(first, last)})


def _reliable(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty or "figure_state" not in table:
        return table
    kept = ~table["figure_state"].isin(list(tokens.REPLACING))
    return table.assign(coverage_days=table["coverage_days"].where(kept))


def _history_line(stack: Stack, table: pd.DataFrame, name: str, color: str, width: float, axis: str) -> None:
    panel = table["pharmacies"] if "pharmacies" in table else pd.Series(None, index=table.index, dtype="object")
    hover = [
        f"<b>{fr.days(v)}</b> · {escape(name)}<br>{fr.week(w)} · semaine du {fr.day(w)}"
        + ("" if fr.missing(n) else f"<br>{fr.plural(n, 'officine', 'officines')} du panel")
        for w, v, n in zip(table["week"], table["coverage_days"], panel, strict=True)
    ]
    stack.traces.append(
        figures.scatter(
            x=list(table["week"]), y=figures.numbers(table["coverage_days"]), yaxis=axis, mode="lines+markers",
            name=name, line={"color": color, "width": width}, marker={"size": 4, "color": color},
            text=hover,
        )
    )  # fmt: skip


def _history_ends(
    stack: Stack, drawn: list[tuple[pd.DataFrame, str, str, float]], axis: str, top: float, height: int
) -> None:
    ends = [table[table["coverage_days"].notna()].iloc[-1] for table, _, _, _ in drawn]
    places = figures.spread([float(e["coverage_days"]) for e in ends], figures.LABEL_PX * top / height, top)
    for end, place, (_, name, color, _) in zip(ends, places, drawn, strict=True):
        ink = tokens.SECONDARY if color == tokens.GHOST else color
        stack.text(f"<b>{fr.days(end['coverage_days'])}</b> {escape(name)}", x=end["week"], xref="x", y=place,
                   yref=axis, xanchor="left", xshift=10, yanchor="middle", color=ink)  # fmt: skip


def market_share_bars(shares: pd.DataFrame, *, title: str = "", scale: float = 1.0) -> go.Figure:
    """Share of each laboratory, largest first; those under an open declaration are dark and say so.

    shares: *market_share* of one subject (laboratory, share_pct, is_declared).
    """
    if shares.empty:
        return figures.empty("Aucune part de marché connue.", scale=scale)
    rows = shares.sort_values("share_pct", ascending=False).to_dict("records")
    stack = Stack(scale=scale)
    axis = stack.panel(len(rows) * 30, "part de marché", {
        "range": [len(rows) - 0.5, -0.5], "tickvals": list(range(len(rows))), "showgrid": False, "zeroline": False,
        "ticktext": [escape(str(r["laboratory"])) for r in rows], "tickfont": {"size": 14 * scale}, "automargin": True,
    })  # fmt: skip
    declared = [bool(r["is_declared"]) for r in rows]
    words = [fr.percent(r["share_pct"]) + (" sous déclaration" if d else "") for r, d in zip(rows, declared, strict=True)]
    hover = [f"<b>{escape(str(r['laboratory']))}</b><br>{w}" for r, w in zip(rows, words, strict=True)]
    stack.traces.append(
        figures.bar(
            x=[float(r["share_pct"]) for r in rows], y=list(range(len(rows))), yaxis=axis, orientation="h", width=0.6,
            marker={"color": [tokens.ACCENT if d else tokens.RAMP[2] for d in declared]},
            text=words, textposition="outside", cliponaxis=False, hovertext=hover,
            textfont={"size": 13 * scale, "color": tokens.INK},
        )
    )  # fmt: skip
    top = max(float(r["share_pct"]) for r in rows)
    return stack.figure(title, {"range": [0, top * 1.7], "visible": False}, {"l": 12, "b": 8})


def level_distribution(levels: pd.DataFrame, *, title: str = "", scale: float = 1.0, height: int = 200) -> go.Figure:
    """Share of pharmacies in each of the four coverage levels by week, the emptiest at the bottom and darkest.

    levels: week, share_none_pct, share_low_pct, share_medium_pct, share_high_pct (percent, one row a week).
    """
    if levels.empty:
        return figures.empty("Aucune répartition connue.", scale=scale)
    table = figures.weekly(levels)
    stack = Stack(scale=scale)
    axis = stack.panel(height, "part des officines selon leur niveau de couverture", {
        "range": [0, 100], "ticksuffix": f"{fr.NBSP}%", "tickvals": [0, 50, 100],
    })  # fmt: skip
    for column, name, shade in _LEVELS:
        hover = [f"<b>{fr.percent(v)}</b> des officines : niveau {name}<br>{fr.week(w)} · semaine du {fr.day(w)}"
                 for w, v in zip(table["week"], table[column], strict=True)]  # fmt: skip
        stack.traces.append(
            figures.bar(
                x=list(table["week"]), y=figures.numbers(table[column]), yaxis=axis, name=name,
                marker={"color": tokens.RAMP[shade], "line": {"width": 0}}, text=hover,
                hoverinfo="text", width=6 * 86_400_000,
            )
        )  # fmt: skip
    _level_names(stack, table, axis, height)
    first, last = table["week"].min().date(), table["week"].max().date()
    span = [first - timedelta(days=4), last + (last - first) * 0.2 + timedelta(days=4)]
    figure = stack.figure(title, {"type": "date", "range": span, **figures.month_ticks(first, last)})
    return figure.update_layout(barmode="stack")


def _level_names(stack: Stack, table: pd.DataFrame, axis: str, height: int) -> None:
    last = table[table[[c for c, _, _ in _LEVELS]].notna().any(axis=1)].iloc[-1]
    shares = [0.0 if fr.missing(last[c]) else float(last[c]) for c, _, _ in _LEVELS]
    middles = [sum(shares[:i]) + share / 2 for i, share in enumerate(shares)]
    for (_, name, _), share, place in zip(
        _LEVELS, shares, figures.spread(middles, figures.LABEL_PX * 100 / height, 100), strict=True
    ):
        stack.text(f"<b>{fr.percent(share)}</b> {name}", x=last["week"], xref="x", xanchor="left", xshift=12, y=place,
                   yref=axis, yanchor="middle")  # fmt: skip


def promise_timeline(promises: pd.DataFrame, *, as_of: date, title: str = "", scale: float = 1.0) -> go.Figure:
    """What was promised, each time it was said: one row a statement, the date kept filled, the slipped ones hollow.

    promises: *promise* of one declaration (promise, stated_on, planned_on, version_no, is_latest, slip_days, boxes).
    """
    if promises.empty:
        return figures.empty("Aucune date promise.", scale=scale)
    rows = promises.sort_values(["promise", "stated_on", "planned_on"], ascending=[False, True, True]).to_dict("records")
    stack = Stack(scale=scale)
    axis = stack.panel(len(rows) * 30, "", {
        "range": [len(rows) - 0.5, -0.5], "tickvals": list(range(len(rows))), "showgrid": False, "zeroline": False,
        "ticktext": [f"{_PROMISE[str(r['promise'])][1]}, dit le {fr.day(r['stated_on'])}" for r in rows],
        "automargin": True,
    })  # fmt: skip
    for place, row in enumerate(rows):
        _promise_row(stack, row, place, axis, scale)
    when = [figures.as_day(r[c], as_of) for r in rows for c in ("stated_on", "planned_on")]
    first, last = min([*when, as_of]), max([*when, as_of])
    figures.vertical(stack, as_of, fr.day(as_of))
    margin = (last - first) * 0.05 + timedelta(days=3)
    span = [first - margin, last + margin * 4]
    return stack.figure(title, {"type": "date", "range": span, **figures.month_ticks(span[0], span[1])}, {"l": 12})


_PROMISE = {"retour": ("diamond", "Retour"), "approvisionnement": ("triangle-down", "Approvisionnement")}


def _promise_row(stack: Stack, row: dict[str, Any], place: int, axis: str, scale: float) -> None:
    slip = row.get("slip_days")
    late = "" if fr.missing(slip) or int(slip) == 0 else f"  ({fr.change(slip, digits=0)})"
    amount = "" if fr.missing(row.get("boxes")) else f"  {fr.boxes(row['boxes'])}"
    label = f"<b>{fr.day(row['planned_on'])}</b>{late}{amount}"
    fill = tokens.ACCENT if row["is_latest"] else tokens.WHITE
    stack.traces.append(
        figures.scatter(
            x=[row["stated_on"], row["planned_on"]], y=[place, place], yaxis=axis, mode="lines+markers+text",
            line={"color": tokens.RAMP[3], "width": 1.4}, text=["", label], textposition="middle right",
            textfont={"size": 13 * scale}, cliponaxis=False, hovertext=[f"dit le {fr.day(row['stated_on'])}", label],
                        marker={"symbol": ["circle", _PROMISE[str(row["promise"])][0]], "size": [5, 12],
                    "color": [tokens.RAMP[3], fill], "line": {"color": tokens.ACCENT, "width": [0, 1.5]}},
        )
    )  # fmt: skip
