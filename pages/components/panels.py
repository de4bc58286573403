"""The figure of a molecule: coverage by link, sales, outside pressure and declarations on one time axis."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from pages.components import figures, tokens
from pages.components import format as fr
from pages.components.figures import Stack
from pages.components.panel_declarations import declarations_panel

COVERAGE_PX, SALES_PX, PRESSURE_PX = 132, 112, 92
BACK_WEEKS, AHEAD_WEEKS = 52, 14
SEASON = pd.Timedelta(weeks=52)
_EMPTY = pd.DataFrame()

# Name in the table, name on the chart, dash: the two denominators are told apart without colour.
_DENOMINATORS = (
    ("coverage_current_days", "demande courante", "solid"),
    ("coverage_legal_days", "référence légale", "dash"),
)
_PRESSURE_LINES = ((tokens.ACCENT, "solid"), ("#6C88B8", "solid"), (tokens.SECONDARY, "dot"), (tokens.HATCH, "dash"))


def coverage_panels(
    coverage: pd.DataFrame,
    links: pd.DataFrame,
    *,
    as_of: date,
    sales: pd.DataFrame = _EMPTY,
    supplies: pd.DataFrame = _EMPTY,
    pressure: pd.DataFrame = _EMPTY,
    pressure_kind: Literal["epidemic", "vigilance"] = "epidemic",
    declarations: pd.DataFrame = _EMPTY,
    promises: pd.DataFrame = _EMPTY,
    source_label: dict[str, str] | None = None,
    title: str = "",
    back_weeks: int = BACK_WEEKS,
    ahead_weeks: int = AHEAD_WEEKS,
    scale: float = 1.0,
) -> go.Figure:
    """Stacked panels sharing x; a table that is empty leaves its panel out, a link without row says so.

    coverage: *coverage_weekly* of one subject, every week kept (last season is read from it).
    links: *plan_link* (link, label, order_no, satisfactory_days, acceptable_days); one panel a row.
    sales: *sales_weekly*. supplies: *planned_supply*. declarations: *declaration*. promises: *promise*.
    pressure: epidemic → label, week, value (visits per 100 000 coded); vigilance → day, colour_id, departments.
    source_label: link → name of the source shown on hover. Days are days of demand, boxes are boxes.
    """
    start, end = as_of - timedelta(weeks=back_weeks), as_of + timedelta(weeks=ahead_weeks)
    stack = Stack(scale=scale)
    # Names of the bands sit in a gutter before the first week, never over a line.
    gutter = start - (end - start) * 0.16
    for link in links.sort_values("order_no").to_dict("records"):
        rows = coverage[coverage["link"] == link["link"]] if not coverage.empty else coverage
        _coverage(stack, rows, link, (start, as_of), (source_label or {}).get(str(link["link"]), ""))
    if not (sales.empty and supplies.empty):
        _sales(stack, sales, supplies, (start, end))
    if not pressure.empty:
        (_vigilance if pressure_kind == "vigilance" else _epidemic)(stack, pressure, start)
    if not declarations.empty:
        declarations_panel(stack, declarations, promises, (start, end), as_of)
    figures.vertical(stack, as_of, fr.day(as_of))
    ticks = figures.month_ticks(start, end)
    return stack.figure(title, {"type": "date", "range": [gutter, end], **ticks})


def _coverage(stack: Stack, rows: pd.DataFrame, link: dict[str, Any], span: tuple[date, date], source: str) -> None:
    satisfactory, acceptable = float(link["satisfactory_days"]), float(link["acceptable_days"])
    table = figures.weekly(rows)
    shown = _within(table, "week", *span)
    series = _series(shown)
    top = _top([v for column, _, _ in series for v in shown[column]], satisfactory)
    heading = f"<b>{link['label']}</b>  couverture en jours"
    axis = stack.panel(COVERAGE_PX, heading, {"range": [0, top], "tickvals": [0, acceptable, satisfactory, *_more(top)]})
    figures.bands(stack, axis, top, satisfactory, acceptable, COVERAGE_PX)
    if not series:
        stack.text("aucune mesure", x=0.5, xref="paper", y=top / 2, yref=axis, size=14, color=tokens.SECONDARY)
        return
    _last_season(stack, table, series[0][0], axis, span)
    for column, name, dash in series:
        _denominator(stack, shown, column, name, dash, axis, source)
    _line_ends(stack, shown, series, axis, top)


def _series(shown: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Columns that hold something; where the coverage is given and not computed, the measure itself."""
    if shown.empty:
        return []
    known = [entry for entry in _DENOMINATORS if shown[entry[0]].notna().any()]
    given = "coverage_days" in shown and shown["coverage_days"].notna().any()
    return known or ([("coverage_days", "mesure du panel", "solid")] if given else [])


def _within(table: pd.DataFrame, column: str, start: date, end: date) -> pd.DataFrame:
    if table.empty:
        return table
    when = pd.to_datetime(table[column])
    return table[(when >= pd.Timestamp(start)) & (when <= pd.Timestamp(end))]


def _top(values: list[Any], satisfactory: float) -> float:
    known = [float(v) for v in values if not fr.missing(v)]
    return max(satisfactory * 1.8, max(known, default=0.0) * 1.12)


def _more(top: float) -> list[float]:
    """One round tick near the top, if it stays clear of the bounds."""
    step = next(s for s in (10, 20, 50, 100, 200, 500, 1000, 10000) if top / s < 5)
    return [float(int(top // step) * step)]


def _last_season(stack: Stack, table: pd.DataFrame, column: str, axis: str, span: tuple[date, date]) -> None:
    season = _within(table.assign(week=table["week"] + SEASON), "week", *span)
    stack.traces.append(
        figures.scatter(
            x=figures.days(season["week"]), y=figures.numbers(season[column]), yaxis=axis, mode="lines",
            name="saison précédente", line={"color": tokens.GHOST, "width": 1.2},
            **_hover("saison précédente", [w - SEASON for w in season["week"]], [fr.days(v) for v in season[column]]),
        )
    )  # fmt: skip


def _denominator(
    stack: Stack, shown: pd.DataFrame, column: str, name: str, dash: str, axis: str, source: str
) -> None:
    reserve = [_reserve(state) for state in shown["figure_state"]]
    words = [fr.days(v) + (f" ({note})" if note else "") for v, note in zip(shown[column], reserve, strict=True)]
    values = figures.numbers(shown[column])
    lone = _lone(values)
    sizes = [7 if note else 4 if alone else 0.1 for note, alone in zip(reserve, lone, strict=True)]
    stack.traces.append(
        figures.scatter(
            x=list(shown["week"]), y=values, yaxis=axis, mode="lines+markers", name=name,
            line={"color": tokens.INK, "width": 2.2 if dash == "solid" else 1.6, "dash": dash},
            marker={
                "size": sizes, "symbol": ["circle-open" if n else "circle" for n in reserve], "color": tokens.INK,
                "line": {"width": 1.6, "color": tokens.INK},
            },
            text=hover,
        )
    )  # fmt: skip


def _reserve(state: object) -> str:
    """« estimé » or « en retard »: drawn hollow; empty for a figure without reserve."""
    return tokens.QUALIFYING[str(state)][0].lower() if state in tokens.QUALIFYING else ""


def _lone(values: list[float | None]) -> list[bool]:
    """A known week between two unknown ones draws no line: it needs a dot to be seen."""
    around = [None, *values, None]
    return [v is not None and around[i] is None and around[i + 2] is None for i, v in enumerate(values)]


def _pairs(table: pd.DataFrame, column: str) -> list[tuple[Any, Any]]:
    return list(zip(table["week"], table[column], strict=True))


def _hover(name: str, when: Any, value: str, source: str = "", note: str = "") -> str:
    lines = [f"<b>{value}</b>" + (f" ({note})" if note else ""), name, f"{fr.week(when)} · semaine du {fr.day(when)}"]
    return "<br>".join([*lines, f"source : {source}"] if source else lines)


def _line_ends(
    stack: Stack, shown: pd.DataFrame, series: list[tuple[str, str, str]], axis: str, top: float
) -> None:
    """Direct labels: name and value at the last known week of each line."""
    ends = [shown[shown[column].notna()].iloc[-1] for column, _, _ in series]
    places = figures.spread([float(e[c]) for e, (c, _, _) in zip(ends, series, strict=True)],
                            figures.LABEL_PX * top / COVERAGE_PX, top)  # fmt: skip
    for end, place, (column, name, _) in zip(ends, places, series, strict=True):
        text = f"<b>{fr.days(end[column])}</b> {name}"
        stack.text(text, x=end["week"], xref="x", xanchor="left", xshift=12, y=place, yref=axis, yanchor="middle")


def _sales(stack: Stack, sales: pd.DataFrame, supplies: pd.DataFrame, span: tuple[date, date]) -> None:
    heading = "<b>Ventes</b>  boîtes par semaine" + ("" if supplies.empty else ", approvisionnements prévus en barres")
    axis = stack.panel(SALES_PX, heading, {"nticks": 4})
    planned = _within(supplies, "planned_on", *span)
    if not planned.empty:
        _supply_bars(stack, planned, axis)
    shown = _within(figures.weekly(sales), "week", *span)
    styles = (("last_season_boxes", "saison précédente", tokens.GHOST, 1.2), ("boxes", "ventes", tokens.ACCENT, 2.2))
    for column, name, color, width in styles:
        if shown.empty or shown[column].notna().sum() == 0:
            continue
        hover = [_hover(name, w, fr.boxes(v)) for w, v in _pairs(shown, column)]
        stack.traces.append(
            figures.scatter(
                x=list(shown["week"]), y=figures.numbers(shown[column]), yaxis=axis, mode="lines", name=name,
                line={"color": color, "width": width}, text=hover,
            )
        )  # fmt: skip
    _sales_labels(stack, shown, axis)


def _sales_labels(stack: Stack, shown: pd.DataFrame, axis: str) -> None:
    """The line of the year is named at its end, the ghost at the start, so that the two never meet."""
    if shown.empty:
        return
    place = {"xref": "x", "yref": axis, "yanchor": "middle"}
    known, ghost = shown[shown["boxes"].notna()], shown[shown["last_season_boxes"].notna()]
    if not known.empty:
        end = known.iloc[-1]
        text = f"<b>{fr.number(end['boxes'])}</b> ventes"
        stack.text(text, x=end["week"], y=float(end["boxes"]), xanchor="left", xshift=12, color=tokens.ACCENT, **place)
    if not ghost.empty:
        first = ghost.iloc[0]
        stack.text("saison précédente", x=first["week"], y=float(first["last_season_boxes"]), xanchor="right",
                   xshift=-6, size=12, color=tokens.SECONDARY, **place)  # fmt: skip


def _supply_bars(stack: Stack, planned: pd.DataFrame, axis: str) -> None:
    names = planned["laboratory"] if "laboratory" in planned else pd.Series("", index=planned.index)
    hover = [
        f"<b>{fr.boxes(b)}</b><br>approvisionnement prévu le {fr.day(d)}<br>{'' if fr.missing(n) else n}"
        for b, d, n in zip(planned["boxes"], planned["planned_on"], names, strict=True)
    ]
    stack.traces.append(
        figures.bar(
            x=list(pd.to_datetime(planned["planned_on"])), y=figures.numbers(planned["boxes"]), yaxis=axis,
            width=5 * 86_400_000, name="approvisionnement prévu", text=hover,
            marker={"color": tokens.RAMP[2], "line": {"color": tokens.ACCENT, "width": 1}},
        )
    )  # fmt: skip


def _epidemic(stack: Stack, pressure: pd.DataFrame, start: date) -> None:
    axis = stack.panel(PRESSURE_PX, "<b>Épidémies</b>  passages aux urgences pour 100 000 codés", {"nticks": 4})
    shown = pressure[pd.to_datetime(pressure["week"]) >= pd.Timestamp(start)]
    ends: list[tuple[Any, float, str, str]] = []
    for (name, rows), (color, dash) in zip(shown.groupby("label", sort=False), _PRESSURE_LINES, strict=False):
        table = figures.weekly(rows)
        hover = [_hover(str(name), w, f"{fr.number(v)} pour 100 000", "Santé publique France")
                 for w, v in _pairs(table, "value")]  # fmt: skip
        stack.traces.append(
            figures.scatter(
                x=list(table["week"]), y=figures.numbers(table["value"]), yaxis=axis, mode="lines", name=str(name),
                line={"color": color, "width": 2, "dash": dash}, text=hover,
            )
        )  # fmt: skip
        known = table[table["value"].notna()]
        if not known.empty:
            ends.append((known["week"].iloc[-1], float(known["value"].iloc[-1]), str(name), color))
    top = max([float(v) for v in shown["value"] if not fr.missing(v)], default=1.0) * 1.1
    places = figures.spread([e[1] for e in ends], figures.LABEL_PX * top / PRESSURE_PX, top)
    for (week, value, name, color), place in zip(ends, places, strict=True):
        text = f"<b>{fr.number(value)}</b> {name}"
        stack.text(text, x=week, xref="x", y=place, yref=axis, xanchor="left", xshift=12, yanchor="middle", color=color)
    stack.panels[-1][1]["range"] = [0, top]


def _vigilance(stack: Stack, heat: pd.DataFrame, start: date) -> None:
    """Departments under heat vigilance each day, Météo-France's colours, named in the heading."""
    names = ", ".join(tokens.VIGILANCE[c][0].lower() for c in (2, 3, 4))
    axis = stack.panel(PRESSURE_PX, f"<b>Vigilance canicule</b>  départements en {names}", {"nticks": 4})
    shown = heat[(pd.to_datetime(heat["day"]) >= pd.Timestamp(start)) & (heat["colour_id"] >= 2)]
    for colour_id in (2, 3, 4):
        word, color, _ = tokens.VIGILANCE[colour_id]
        rows = shown[shown["colour_id"] == colour_id]
        hover = [f"<b>{fr.plural(n, 'département', 'départements')}</b> en {word.lower()}<br>{fr.day(d)}<br>"
                 "source : Météo-France" for n, d in zip(rows["departments"], rows["day"], strict=True)]  # fmt: skip
        stack.traces.append(
            figures.bar(
                x=list(pd.to_datetime(rows["day"])), y=figures.numbers(rows["departments"]), yaxis=axis, name=word,
                width=86_400_000, marker={"color": color, "line": {"width": 0}}, text=hover,
                            )
        )  # fmt: skip
