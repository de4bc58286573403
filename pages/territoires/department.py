"""Under the map: the department chosen, its medicines, the history of one of them, how reliable it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from metrics import methods, plans, territory
from pages.components import badges, charts, figures, frame, maps, session, tables, tokens
from pages.components import format as fr
from pages.territoires.choices import Choice
from pages.territoires.layers import readings

_MOLECULE = "pages/molecules/molecule.py"
_HERE = "pages/territoires/territoires.py"
_LEVELS = {
    "share_none_pct": "Officines sans boîte (%)",
    "share_low_pct": "niveau bas (%)",
    "share_medium_pct": "niveau moyen (%)",
    "share_high_pct": "niveau haut (%)",
}


def draw(choice: Choice) -> None:
    """The part of the page that follows a click on the map."""
    if choice.department is None:
        frame.section("Un département")
        frame.empty_state(
            "Aucun département choisi.",
            "Cliquer sur la carte ou choisir dans la liste : ses médicaments et leur historique s'affichent ici.",
        )
        return
    found = session.load(territory.medicines, choice.department)
    followed = found[found["plan"] == choice.plan]
    name = maps.department_names()[choice.department]
    if followed.empty:
        frame.section(name)
        frame.empty_state("Aucun médicament suivi dans ce plan.", "Choisir un autre plan.")
        return
    # Gravest first in the table: without a medicine chosen, the first one is the one to look at.
    chosen = followed[followed["subject_id"] == choice.subject]
    shown = figures.records(followed if chosen.empty else chosen)[0]
    frame.section(f"{name} ({choice.department})", str(shown["region_name"]))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _history(choice, shown, name)
    with right:
        _medicines(choice, followed, name)


def _history(choice: Choice, row: Mapping[str, Any], name: str) -> None:
    subject, label = str(row["subject_id"]), str(row["label"])
    history = session.load(territory.history, subject, choice.department)
    national = session.load(territory.national, subject)
    bands = session.load(plans.bands, choice.plan)
    band = bands[bands["link"] == "officines"]
    st.html(f'<p class="vs-note">{reliability(row, _floors())}</p>')
    if not band.empty and not history.empty:
        charts.show(
            charts.territory_history(
                history,
                national=national,
                satisfactory_days=float(band["satisfactory_days"].iloc[0]),
                acceptable_days=float(band["acceptable_days"].iloc[0]),
                name=name,
                title=f"{label} : {name} et France",
                scale=frame.scale(),
            ),
            "territoires-historique",
            alt=f"Couverture des officines en jours par semaine, {label}, {name} et France",
        )
        charts.show(
            charts.level_distribution(history, title="Officines du panel selon leur niveau", scale=frame.scale()),
            "territoires-niveaux",
            alt=f"Part des officines par niveau de couverture et par semaine, {label}, {name}",
        )
    _history_twin(choice, history, national, {"Médicament": label, "Département": f"{choice.department} {name}"})


def _history_twin(choice: Choice, history: pd.DataFrame, national: pd.DataFrame, context: dict[str, str]) -> None:
    table = history.merge(national[["week", "coverage_days"]], on="week", how="left", suffixes=("", "_france"))
    columns = {
        "week": "Semaine du",
        "coverage_days": "Couverture (jours)",
        "coverage_days_france": "Couverture en France (jours)",
        **_LEVELS,
        "pharmacies": "Officines du panel",
        "sales_boxes": "Ventes (boîtes par semaine)",
    }
    tables.table_twin(table.iloc[::-1], columns, f"territoires-historique-{choice.department}", context)


def _floors() -> dict[str, float]:
    table = session.load(methods.thresholds)
    return dict(zip(table["name"], table["value"], strict=True))


def reliability(row: Mapping[str, Any], floors: Mapping[str, float]) -> str:
    """« Fiabilité : 62 officines du panel et 430 boîtes vendues en S46 … » with the floors beside."""
    if row["figure_state"] == "hors_panel":
        return f"Fiabilité : {str(row['state_reason'] or 'Département hors du panel.').lower()}"
    least = f"plancher : {fr.plural(floors.get('floor_pharmacies'), 'officine', 'officines')}"
    least += f" et {fr.boxes(floors.get('floor_sales_boxes'))} par semaine"
    panel = f"{fr.plural(row['pharmacies'], 'officine', 'officines')} du panel et {fr.boxes(row['sales_boxes'])} vendues"
    verdict = "mesure non fiable" if fr.missing(row["coverage_days"]) else "mesure fiable"
    return f"Fiabilité : {panel} en {fr.week(row['week'], year=True)} ({least}) : {verdict}."


def _medicines(choice: Choice, followed: pd.DataFrame, name: str) -> None:
    rows = figures.records(followed)
    week = next((fr.week(row["week"], year=True) for row in rows if not fr.missing(row["week"])), "aucune mesure")
    st.html(f'<h3 class="vs-section">Médicaments suivis dans ce département <span class="vs-note">{week}</span></h3>')
    for row in rows:
        _medicine(choice, row)
    columns = {
        "label": "Médicament",
        "word": "État",
        "coverage_days": "Couverture (jours)",
        "lowest_share_pct": "Officines au plus bas (%)",
        "alert_readings": "Relevés insatisfaisants",
        "alert_window": "sur relevés",
        "trend": "Tendance",
        "tension_label": "Tension en France",
        "pharmacies": "Officines du panel",
        "state_reason": "Motif",
    }
    table = followed.assign(
        word=[tokens.look(row["status"], row["figure_state"]).word for row in rows],
        tension_label=followed["tension"].map(tokens.TENSION_LABEL),
    )
    context = {"Plan": choice.plan_title, "Département": f"{choice.department} {name}", "Semaine": week}
    tables.table_twin(table, columns, f"territoires-medicaments-{choice.department}", context)


def _medicine(choice: Choice, row: Mapping[str, Any]) -> None:
    line = st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"medicament-{row['subject_id']}")
    projected = {"projection": "1"} if frame.projected() else {}
    line.page_link(_MOLECULE, label=str(row["label"]), query_params={"sujet": row["subject_id"], **projected}, width="stretch")
    note = readings(row) if not fr.missing(row["coverage_days"]) else ""
    sign = badges.pill(row["status"], row["figure_state"], days=row["coverage_days"])
    line.html(f'<span title="{note}">{sign}</span>', width="content")
    to_map = choice.link(sujet=str(row["subject_id"]), couche="couverture", indicateur=None)
    line.page_link(_HERE, label="carte", query_params=to_map, width="content")
