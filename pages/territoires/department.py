"""Under the map: the department chosen, its medicines, the history of one of them, how reliable it is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from metrics import methods
from metrics.plans import queries as plans
from metrics.territory import queries as territory
from pages.components import badges, markup, tables, tokens
from pages.components import format as fr
from pages.components.charts import figures, maps, simple
from pages.components.grid import Grid
from pages.components.shell import frame, session
from pages.territoires.choices import Choice
from pages.territoires.layers import readings

SHOWN_WEEKS = 53
NAME_FITS = 12  # letters of a name beside the last point of the chart; a longer one gives way to its code
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
    if followed["week"].isna().all():
        frame.section(name)
        frame.empty_state(
            "Aucune mesure du panel d'officines reçue.",
            "Déposer le fichier du panel dans « inbox/iqvia », puis lancer « make refresh ».",
        )
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        frame.section(f"{name} ({choice.department})", str(shown["region_name"]))
        _history(choice, shown, name)
    with right:
        _medicines(choice, followed, name)


def _history(choice: Choice, row: Mapping[str, Any], name: str) -> None:
    subject, label = str(row["subject_id"]), str(row["label"])
    history = session.load(territory.history, subject, choice.department)
    national = session.load(territory.national, subject)
    bands = session.load(plans.bands, choice.plan)
    band = bands[bands["link"] == "officines"]
    markup.show(f'<p class="vs-note">{reliability(row, _floors())}</p>')
    # A year reads at a glance; the table keeps every week received.
    recent = history.tail(SHOWN_WEEKS)
    # The country goes on where the department stopped answering.
    country = national[national["week"] >= recent["week"].min()] if not recent.empty else national
    if not band.empty and not history.empty:
        first, last = recent["week"].min().date(), recent["week"].max().date()
        figure = simple.territory_history(
            recent,
            national=country,
            satisfactory_days=float(band["satisfactory_days"].iloc[0]),
            acceptable_days=float(band["acceptable_days"].iloc[0]),
            name=name if len(name) <= NAME_FITS else str(choice.department),
            title=f"{label} : {name} et France",
            scale=frame.scale(),
        )
        levels = simple.level_distribution(recent, title="Officines du panel selon leur niveau", scale=frame.scale())
        for drawn, key, said in (
            (
                figure,
                "territoires-historique",
                f"Couverture des officines en jours par semaine, {label}, {name} et France",
            ),
            (
                levels,
                "territoires-niveaux",
                f"Part des officines par niveau de couverture et par semaine, {label}, {name}",
            ),
        ):
            drawn.update_xaxes(**figures.month_ticks(first, last, most=6))
            simple.show(drawn, key, alt=said)
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
    tables.table_twin(
        table.iloc[::-1], columns, f"territoires-historique-{choice.department}", context, source="department_coverage"
    )


def _floors() -> dict[str, float]:
    table = session.load(methods.thresholds)
    return dict(zip(table["name"], table["value"], strict=True))


def reliability(row: Mapping[str, Any], floors: Mapping[str, float]) -> str:
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


def _medicines(choice: Choice, followed: pd.DataFrame, name: str) -> None:
    rows = figures.records(followed)
    week = next((fr.week(row["week"], year=True) for row in rows if not fr.missing(row["week"])), "aucune mesure")
    frame.section("Médicaments suivis ici", week)
    _rows(choice, rows)
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
        "last_measured_on": "Dernier relevé",
        "state_reason": "Motif",
    }
    table = followed.assign(
        word=[tokens.look(row["status"], row["figure_state"]).word for row in rows],
        tension_label=followed["tension"].map({**tokens.TENSION_LABEL, "aucune": "Aucune"}),
    )
    context = {"Plan": choice.plan_title, "Département": f"{choice.department} {name}", "Semaine": week}
    tables.table_twin(
        table, columns, f"territoires-medicaments-{choice.department}", context, source="department_status"
    )


def _rows(choice: Choice, rows: list[dict[str, Any]]) -> None:
    """One line a medicine: to its page, its state here, to this map."""
    lines = Grid("medicaments", "minmax(9rem,1fr) auto auto")
    for row in rows:
        lines.link(str(row["label"]), _MOLECULE, {"sujet": str(row["subject_id"])})
        note = readings(row) if not fr.missing(row["coverage_days"]) else str(row["state_reason"] or "")
        sign = badges.pill(row["status"], row["figure_state"], days=row["coverage_days"])
        lines.cells(f'<span title="{escape(note, quote=True)}">{sign}</span>')
        lines.link("carte", _HERE, choice.link(sujet=str(row["subject_id"]), couche="couverture", indicateur=None))
