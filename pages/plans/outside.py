"""Surveillance beside the chain: national epidemics beside last season, or the heat vigilance; chosen by the plan's file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from markupsafe import Markup

from metrics.surveillance import queries as surveillance
from pages.components import format as fr
from pages.components import states, tables, tokens
from pages.components.blocks import Drawn, block, chart, kept
from pages.components.charts import figures, legend
from pages.components.charts.figures import Stack
from pages.components.charts.legend import Legend, Mark
from pages.components.epidemics import EPIDEMIC_LABEL
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.plans import incidence

UNIT = "passages aux urgences pour 100 000 passages codés, France entière "
WEEKS, HEIGHT = 26, 110
SEASON = timedelta(weeks=52)
HEAT = (2, 3, 4)  # yellow, orange, red
STALE_DAYS = 3  # a heat map older than this is not today's


def draw(plan: Mapping[str, Any], as_of: object) -> None:
    """What the plan's file asks for; nothing when it asks for nothing."""
    if plan["surveillance"] == "epidemic":
        _epidemics(plan)
    elif plan["surveillance"] == "vigilance":
        _heat(plan, fr.as_date(as_of) or date.min)


def _epidemics(plan: Mapping[str, Any]) -> None:
    wanted = tuple(str(name) for name in plan["indicators"])
    known = _known(wanted)
    _epidemic_head.show(is_empty=not known)
    if known:
        _rates_drawn(plan, wanted, known)
    incidence.show(str(plan["plan"]), incidence.followed(wanted))


def _rates_drawn(plan: Mapping[str, Any], wanted: tuple[str, ...], known: tuple[str, ...]) -> None:
    for column, name in zip(st.columns(len(known)), known, strict=True):
        with column:
            _epidemic_words.show(name)
            _epidemic_chart.show(f"epidemie-{name}", name, frame.scale())
    columns = {"indicator": "Indicateur", "week": "Semaine du", "er_rate": "Passages aux urgences (pour 100 000 codés)",
               "hospital_rate": "Hospitalisations (pour 100 000 codées)", "sos_rate": "Actes SOS Médecins (pour 100 000 codés)"}  # fmt: skip
    tables.table_twin(partial(_rates, wanted), columns, f"pression-{plan['plan']}", {"Territoire": "France entière"})


@kept
def _known(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Indicators that have rates, in the order asked for."""
    found = set(session.load(surveillance.epidemics, wanted)["indicator"])
    return tuple(name for name in wanted if name in found)


def _rates(wanted: tuple[str, ...]) -> pd.DataFrame:
    table = session.load(surveillance.epidemics, wanted)
    return table.assign(indicator=table["indicator"].map(label))


@block
def _epidemic_head(*, is_empty: bool) -> Markup:
    return render("plans/epidemics", unit=UNIT, state=states.of("epidemic_weekly"), is_empty=is_empty)


@block
def _epidemic_words(indicator: str) -> Markup:
    words = epidemic_words(session.load(surveillance.epidemics, (indicator,)), label(indicator))
    return render("plans/epidemic", words=words, places=places(session.load(surveillance.epidemic_map, indicator)))


@chart
def _epidemic_chart(indicator: str, scale: float) -> Drawn:
    rows = session.load(surveillance.epidemics, (indicator,))
    figure = epidemic_figure(rows, scale=scale)
    key = Legend("pour 100 000", (Mark("sold", "cette saison"), legend.SEASON, *legend.on(figure)))
    return figure, epidemic_words(rows, label(indicator)), key


def places(rows: pd.DataFrame) -> str:
    """« Départements les plus touchés (S46) : Nord 512, Aisne 480, Oise 466 » ; every one is on the map of Territoires."""
    known = rows[rows["er_rate"].notna()].sort_values("er_rate", ascending=False).head(3)
    if known.empty:
        return "Aucun taux par département."
    named = ", ".join(f"{row['name']} {fr.number(row['er_rate'])}" for row in figures.records(known))
    return f"Départements les plus touchés ({fr.week(known.iloc[0]['week'])}) : {named}"


def label(indicator: object) -> str:
    return EPIDEMIC_LABEL.get(str(indicator), str(indicator).capitalize())


def epidemic_words(rows: pd.DataFrame, name: str) -> str:
    """« Grippe : 191, en hausse (S46 ; 96 la semaine d'avant, 80 un an plus tôt) »."""
    known = rows[rows["er_rate"].notna()].sort_values("week")
    if known.empty:
        return f"{name} : aucun taux"
    last = known.iloc[-1]
    earlier = [
        (_rate_on(known, last["week"] - timedelta(weeks=1)), "la semaine d'avant"),
        (_rate_on(known, last["week"] - SEASON), "un an plus tôt"),
    ]
    beside = ", ".join(f"{fr.number(value)} {when}" for value, when in earlier if value is not None)
    return f"{name} : {fr.number(last['er_rate'])} en {fr.week(last['week'])}" + (f" ({beside})" if beside else "")


def _rate_on(rows: pd.DataFrame, week: Any) -> float | None:
    found = rows.loc[rows["week"] == week, "er_rate"]
    return None if found.empty else float(found.iloc[0])


def epidemic_figure(rows: pd.DataFrame, *, scale: float = 1.0) -> go.Figure:
    """Last half year of one indicator, the same weeks of last season as a thin grey line moved forward by 52 weeks."""
    weeks = figures.weekly(rows[["week", "er_rate"]])
    last = weeks["week"].max()
    start = last - timedelta(weeks=WEEKS)
    now = weeks[weeks["week"] >= start]
    ghost = weeks.assign(week=weeks["week"] + SEASON)
    ghost = ghost[(ghost["week"] >= start) & (ghost["week"] <= last + timedelta(weeks=8))]
    top = max([float(v) for t in (now, ghost) for v in t["er_rate"].dropna()], default=1.0) * 1.15 or 1.0
    stack = Stack(scale=scale)
    axis = stack.panel(HEIGHT, "", {"range": [0, top], "nticks": 3})
    for table, name, color, width in (
        (ghost, legend.SEASON.words, tokens.GHOST, 1.4),
        (now, "cette saison", tokens.ACCENT, 2.2),
    ):
        words = [f"{fr.number(v)} pour 100 000" for v in table["er_rate"]]
        stack.traces.append(
            figures.weekly_line(
                *(table, "er_rate", axis, name, words),
                {"color": color, "width": width},
                source="Santé publique France",
            )
        )
    span = [start.date(), (last + timedelta(weeks=9)).date()]
    ticks = figures.month_ticks(span[0], span[1], most=5)
    return stack.figure("", {"type": "date", "range": span, **ticks}, {"l": 46, "t": 10, "b": 26, "r": 8})


def _heat(plan: Mapping[str, Any], as_of: date) -> None:
    history = session.load(surveillance.vigilance_history)
    _heat_words.show(as_of)
    if history.empty:
        return
    _heat_chart.show("vigilance", frame.scale())
    columns = {
        "day": "Jour",
        "departments": "Départements couverts",
        "yellow": "Jaune",
        "orange": "Orange",
        "red": "Rouge",
    }
    tables.table_twin(history, columns, f"pression-{plan['plan']}", {"Phénomène": "Canicule"})


@block
def _heat_words(as_of: date) -> Markup:
    return heat_words(session.load(surveillance.vigilance), as_of)


@chart
def _heat_chart(scale: float) -> Drawn:
    history = session.load(surveillance.vigilance_history)
    season = history[pd.to_datetime(history["day"]).dt.year == pd.Timestamp(history["day"].max()).year]
    colours = legend.areas((word, fill) for word, fill, _ in (tokens.VIGILANCE[colour] for colour in HEAT))
    key = Legend("départements en vigilance, par jour", colours)
    return heat_figure(season, scale=scale), "Départements en vigilance canicule par jour", key


def heat_words(today: pd.DataFrame, as_of: date) -> Markup:
    """Departments by colour today; « Hors saison » when no recent map speaks of heat."""
    last = None if today.empty else fr.as_date(today["day"].max())
    is_old = last is not None and (as_of - last).days > STALE_DAYS
    counts = Counter[int]() if last is None or is_old else Counter(map(int, today["colour_id"].dropna()))
    state = states.of("vigilance_daily")
    return render("plans/heat", last=last, is_old=is_old, counts=sorted(counts.items(), reverse=True), state=state)


def heat_figure(history: pd.DataFrame, *, scale: float = 1.0) -> go.Figure:
    """Departments in yellow, orange and red by day, stacked from zero, each colour named in the hover."""
    stack = Stack(scale=scale)
    top = float(history[["yellow", "orange", "red"]].sum(axis=1).max()) or 1.0
    axis = stack.panel(HEIGHT + 20, "", {"range": [0, top * 1.1], "nticks": 4})
    for column, colour in (("red", 4), ("orange", 3), ("yellow", 2)):
        word, fill, _ = tokens.VIGILANCE[colour]
        drawn = history[history[column] > 0]
        words = [fr.plural(n, "département", "départements") for n in drawn[column]]
        stack.traces.append(
            figures.bar(
                x=figures.days(drawn["day"]),
                y=figures.numbers(drawn[column]),
                yaxis=axis,
                name=word,
                **figures.hover_of(f"en {word.lower()}", words, when=figures.DAY),
                marker={"color": fill, "line": {"width": 0}},
            )
        )
    first, last = figures.as_day(history["day"].min(), date.min), figures.as_day(history["day"].max(), date.max)
    figure = stack.figure("", {"type": "date", "range": [first, last], **figures.month_ticks(first, last)})
    return figure.update_layout(barmode="stack", bargap=0)
