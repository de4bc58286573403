"""Beside the map: the department chosen (or the region), its four answers, its history, its medicines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from markupsafe import Markup

from metrics import methods
from metrics.plans import queries as plans
from metrics.review import answers as reading
from metrics.territory import queries as territory
from pages.components import answers, tables, tokens
from pages.components import format as fr
from pages.components.blocks import Drawn, block, chart, kept
from pages.components.charts import figures, legend, maps, simple
from pages.components.charts.legend import Legend, Mark
from pages.components.links import Here
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.territoires import field_panel
from pages.territoires.choices import COUNTRY, Choice
from pages.territoires.layers import readings

SHOWN_WEEKS = 53
NAME_FITS = 12  # letters of a name beside the last point of the chart; a longer one is replaced by its code
MEDICINES = 4  # rows under the history; the others open beneath
HISTORY_PX, LEVELS_PX, END_PX = 84, 130, 118
NAMES_SHARE = 0.3  # of the weeks drawn, left to the names of the bands: the chart is half a page wide
Row = Mapping[str, Any]
_WEEKS = {
    "week": "Semaine du",
    "coverage_days": "Couverture (jours)",
    "coverage_days_france": "Couverture en France (jours)",
    "share_none_pct": "Officines sans boîte (%)",
    "share_low_pct": "niveau bas (%)",
    "share_medium_pct": "niveau moyen (%)",
    "share_high_pct": "niveau haut (%)",
    "pharmacies": "Officines du panel",
    "sales_boxes": "Ventes (boîtes par semaine)",
}
_MEDICINES = {
    "label": "Médicament",
    "word": "État",
    "coverage_days": "Couverture (jours)",
    "lowest_share_pct": "Officines au plus bas (%)",
    "alert_readings": "Relevés insatisfaisants",
    "alert_window": "sur relevés",
    "trend": "Tendance",
    "tension_label": "Tension en France",
    "pharmacies": "Officines du panel",
    "last_measured_on": "Dernier relevé",
    "state_reason": "Motif",
}


def draw(choice: Choice) -> None:
    """The part of the page that follows a click on the map."""
    code = str(choice.department)
    shown = medicine_shown(choice.plan, code, choice.subject)
    head.show(choice.plan, code, shown, choice.here, choice.region_name)
    if shown is None or not has_history(choice.plan, shown, code):
        field_panel.beside.show(choice)
        return
    history.show("territoires-historique", choice.plan, shown, code)
    medicines.show(choice.plan, code, shown, choice.here)
    field_panel.beside.show(choice)


@kept
def medicine_shown(plan: str, code: str, subject: str | None) -> str | None:
    """The medicine chosen, else the gravest of the department; None when nothing was measured there."""
    followed = _followed(plan, code)
    if followed.empty or followed["week"].isna().all():
        return None
    chosen = followed[followed["subject_id"] == subject]
    return str((followed if chosen.empty else chosen)["subject_id"].iloc[0])


@kept
def has_history(plan: str, subject: str, code: str) -> bool:
    """Whether there are weeks to draw, and bands to draw them against."""
    return _band(plan) is not None and not session.load(territory.history, subject, code).empty


def _followed(plan: str, code: str) -> pd.DataFrame:
    """Medicines of the plan in the department, gravest first."""
    found = session.load(territory.medicines, code)
    return found[found["plan"] == plan]


@block
def head(plan: str, code: str, shown: str | None, here: Here, region_name: str) -> Markup:
    """Name, the way back to the map without it, and the answers; what is missing when nothing was measured."""
    followed = _followed(plan, code)
    local = session.load(reading.answers_in, shown, reading.DEPARTMENT, code) if shown else None
    facts = answers.facts_in(local) if local else ()
    now = local.here.now if local else None
    is_measured = now is not None and not fr.missing(now["coverage_days"])
    return render(
        "territoires/department",
        name=maps.department_names()[code],
        code=code,
        region=local.region.name if local else "",
        label=local.subject["label"] if local else "",
        leave=here.but(departement=None),
        wider=region_name or "France entière",
        facts=facts,
        now={**now, "status": _text(now["status"])} if now is not None and is_measured else None,
        is_empty=followed.empty,
        is_silent=shown is None,
    )


def _text(value: object) -> str | None:
    return None if fr.missing(value) else str(value)


def _row(followed: pd.DataFrame, subject: str) -> Row:
    return figures.records(followed[followed["subject_id"] == subject])[0]


def _band(plan: str) -> Row | None:
    bands = session.load(plans.bands, plan)
    return next(iter(figures.records(bands[bands["link"] == "officines"])), None)


@chart
def history(plan: str, subject: str, code: str) -> Drawn:
    """A year at a glance, against the country, which goes on where the department stopped answering."""
    recent = session.load(territory.history, subject, code).tail(SHOWN_WEEKS)
    national = session.load(territory.national, subject)
    name, band = maps.department_names()[code], _band(plan) or {}
    figure = simple.territory_history(
        recent,
        national=national[national["week"] >= recent["week"].min()],
        satisfactory_days=float(band["satisfactory_days"]),
        acceptable_days=float(band["acceptable_days"]),
        name=name if len(name) <= NAME_FITS else code,
        scale=frame.scale(),
        height=HISTORY_PX,
    )
    words = f"Couverture des officines en jours par semaine, {_label(plan, code, subject)}, {name} et France"
    lines = (Mark("measured", name), legend.COUNTRY)
    return _with_months(figure, recent), words, Legend("couverture en jours", (*lines, *legend.on(figure)))


@chart
def levels(plan: str, subject: str, code: str) -> Drawn:
    """How its pharmacies are spread over the four levels, the same weeks."""
    recent = session.load(territory.history, subject, code).tail(SHOWN_WEEKS)
    title = "Officines du panel selon leur niveau"
    figure = simple.level_distribution(recent, title=title, scale=frame.scale(), height=LEVELS_PX)
    name, label = maps.department_names()[code], _label(plan, code, subject)
    words = f"Part des officines par niveau de couverture et par semaine, {label}, {name}"
    return _with_months(figure, recent), words, Legend("part des officines, en %", legend.areas(simple.level_colours()))


def _label(plan: str, code: str, subject: str) -> str:
    return str(_row(_followed(plan, code), subject)["label"])


def _with_months(figure: go.Figure, recent: pd.DataFrame) -> go.Figure:
    first, last = recent["week"].min().date(), recent["week"].max().date()
    figure.update_xaxes(**figures.month_ticks(first, last, most=4), range=[first - (last - first) * NAMES_SHARE, last])
    # Names of the last points stand in the margin: they are whole at any width.
    return figure.update_layout(
        margin={"r": round(END_PX * frame.scale()), "b": round((26 + figures.YEAR_PX) * frame.scale()), "t": 10}
    )


@block
def medicines(plan: str, code: str, shown: str, here: Here) -> Markup:
    """One line per medicine: to its page, and its state here, to its map."""
    followed = _followed(plan, code)
    notes = [
        readings(row) if not fr.missing(row["coverage_days"]) else _text(row["state_reason"]) or ""
        for row in figures.records(followed)
    ]
    return _medicine_lines(followed.assign(note=notes), shown, here, reliability(_row(followed, shown), _floors()))


def _medicine_lines(followed: pd.DataFrame, shown: str, here: Here, reliability: str) -> Markup:
    rows = [
        {
            "note": "",
            **row,
            "status": _text(row["status"]),
            "on_map": here.but(sujet=row["subject_id"], couche=None, indicateur=None),
            "is_shown": row["subject_id"] == shown,
        }
        for row in figures.records(followed)
    ]
    first, others = rows[:MEDICINES], rows[MEDICINES:]
    fine = bool(others) and all(row["status"] == "satisfaisante" for row in others)
    week = next((row["week"] for row in rows if not fr.missing(row["week"])), None)
    return render("territoires/medicines", first=first, others=others, fine=fine, week=week, reliability=reliability)


@block
def region_head(choice: Choice) -> Markup:
    """Name of the region, the way back to the country, the answers of the medicine chosen, else of its gravest."""
    shown = region_medicine(choice)
    local = session.load(reading.answers_in, shown, reading.REGION, choice.region) if shown else None
    return render(
        "territoires/region",
        name=choice.region_name,
        label=local.subject["label"] if local else "",
        leave=choice.here.but(**{maps.REGION: COUNTRY}),
        facts=answers.lines(answers.facts_in(local)) if local else "",
    )


@block
def region_list(choice: Choice) -> Markup:
    """Medicines followed in the region."""
    shown = region_medicine(choice)
    if shown is None:
        return Markup()
    return _medicine_lines(session.load(territory.region_medicines, choice.plan, choice.region), shown, choice.here, "")


def region_medicine(choice: Choice) -> str | None:
    """The medicine chosen, else the gravest of the region; None when nothing was measured there."""
    found = session.load(territory.region_medicines, choice.plan, choice.region)
    measured = found[found["coverage_days"].notna()]
    return choice.subject or (None if measured.empty else str(measured["subject_id"].iloc[0]))


def detail(choice: Choice) -> None:
    """Closed box: levels of the pharmacies of the department, tables of its medicines and of the weeks of the one shown."""
    code = str(choice.department)
    shown = medicine_shown(choice.plan, code, choice.subject)
    if shown is None:
        return
    name = maps.department_names()[code]
    box = st.expander(f"{name} : niveaux des officines et tables", key=f"territoires-detail-{code}", on_change="rerun")
    if not box.open:
        return
    followed, place = _followed(choice.plan, code), {"Département": f"{code} {name}"}
    with box:
        if has_history(choice.plan, shown, code):
            levels.show("territoires-niveaux", choice.plan, shown, code)
            _history_table(shown, code, {"Médicament": _label(choice.plan, code, shown), **place})
        _medicines_table(followed, code, {"Plan": choice.plan_title, **place})


def _history_table(subject: str, code: str, context: dict[str, str]) -> None:
    found, national = session.load(territory.history, subject, code), session.load(territory.national, subject)
    table = found.merge(national[["week", "coverage_days"]], on="week", how="left", suffixes=("", "_france"))
    filename = f"territoires-historique-{code}"
    tables.table_with_downloads(table.iloc[::-1], _WEEKS, filename, context, source="department_coverage")


def _medicines_table(followed: pd.DataFrame, code: str, context: dict[str, str]) -> None:
    states = zip(followed["status"], followed["figure_state"], strict=True)
    table = followed.assign(
        word=[tokens.look(status, state).word for status, state in states],
        tension_label=followed["tension"].map({**tokens.TENSION_LABEL, "aucune": "Aucune"}),
    )
    weeks = followed["week"].dropna()
    named = {**context, "Semaine": fr.week(weeks.max(), year=True) if len(weeks) else "aucune mesure"}
    filename = f"territoires-medicaments-{code}"
    tables.table_with_downloads(table, _MEDICINES, filename, named, source="department_status")


def _floors() -> dict[str, float]:
    table = session.load(methods.thresholds)
    return dict(zip(table["name"], table["value"], strict=True))


def reliability(row: Row, floors: Mapping[str, float]) -> str:
    """« Fiabilité : 62 officines du panel et 430 boîtes vendues en S46 … » with the floors beside."""
    if fr.missing(row["pharmacies"]):
        return f"Fiabilité : {_lower(row['state_reason'] or 'Département hors du panel.')}"
    least = f"plancher : {fr.plural(floors.get('floor_pharmacies'), 'officine', 'officines')}"
    least += f" et {fr.boxes(floors.get('floor_sales_boxes'))} par semaine"
    sold = "ventes masquées" if fr.missing(row["sales_boxes"]) else f"{fr.boxes(row['sales_boxes'])} vendues"
    panel = f"{fr.plural(row['pharmacies'], 'officine', 'officines')} du panel et {sold}"
    verdict = "mesure non fiable" if fr.missing(row["coverage_days"]) else "mesure fiable"
    return f"Fiabilité : {panel} en {fr.week(row['week'], year=True)} ({least}) : {verdict}."


def _lower(reason: object) -> str:
    return str(reason)[:1].lower() + str(reason)[1:]
