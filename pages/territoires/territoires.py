"""Territoires: is it only here, or everywhere? Map, ranking, then one department."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from metrics import methods
from metrics.plans import queries as plans
from metrics.sources import queries as sources
from metrics.territory import queries as territory
from pages.components import markup, states, tables
from pages.components.charts import figures, maps
from pages.components.grid import Grid
from pages.components.shell import frame, session
from pages.territoires import answer, choices, department, layers
from pages.territoires.choices import Choice
from pages.territoires.layers import View

QUESTION = "Est-ce seulement ici, ou partout ?"
RANKED = 13
_HERE = "pages/territoires/territoires.py"
# A link to this very page is not painted as the current one.
_STYLE = """<style>
.st-key-grid-departements [data-testid="stPageLink"] a, .st-key-grid-medicaments [data-testid="stPageLink"] a {
  background: none; }
</style>"""
_METHODS = {
    "plan_status": "Locale, diffuse ou nationale",
    "department_status": "Alerte et tendance d'un département",
    "department_coverage": "Couverture par département",
    "department_count": "Nombre de médicaments insatisfaisants",
    "epidemic_weekly": "Épidémies",
    "vigilance_daily": "Vigilance canicule",
}


def main() -> None:
    """Title and answer come first on the screen; the filters they depend on are read before."""
    head = st.container()
    choice = choices.choose(session.load(plans.plans))
    if choice is None:
        with head:
            frame.title_answer(QUESTION, "Aucun plan n'est suivi.")
        frame.empty_state("Aucun plan configuré.", "Ajouter un fichier dans « data/reference/plans ».")
        return
    sentence, measured_on = _answer(choice)
    with head:
        frame.title_answer(QUESTION, sentence, measured_on)
    shown = layers.view(choice)
    _map_and_ranking(choice, shown, sentence)
    department.draw(choice)
    _footer(shown)
    markup.show(_STYLE)


def _answer(choice: Choice) -> tuple[str, object]:
    groups = session.load(plans.groups, choice.plan)
    if choice.subject is None:
        table = session.load(territory.counts, choice.plan)
        return answer.of_plan(groups, table, choice.region_name), _measured_on(table)
    table = session.load(territory.departments, choice.subject)
    row = figures.records(groups[groups["group_id"] == choice.subject])[0]
    limits = session.load(methods.thresholds).set_index("name")["value"]
    bounds = [float(limits.get("diffuse_share_pct", 0))]
    return answer.of_group(row, table, choice.region_name, bounds), _measured_on(table)


def _measured_on(table: pd.DataFrame) -> object:
    """Last day of the latest week of the panel."""
    week = table["week"].max() if not table.empty else None
    return None if week is None or pd.isna(week) else week + pd.Timedelta(days=6)


def _map_and_ranking(choice: Choice, shown: View, sentence: str) -> None:
    left, right = st.columns([2, 1], gap="large")
    inside = shown.table[shown.table["region"] == choice.region]["department"] if choice.region else None
    only = None if inside is None else frozenset(inside)
    with left:
        frame.section(choice.label or shown.title, f"{shown.title} : {shown.note}" if choice.label else shown.note)
        states.note(*shown.methods)
        deck = maps.department_map(shown.layer, selected=choice.department, only=only, scale=frame.scale())
        key = f"carte-{choice.plan}-{choice.subject}-{choice.layer}-{choice.indicator}-{choice.region}"
        maps.choose_department(deck, key, alt=f"Carte des départements, {shown.title}. {sentence}")
        markup.show(shown.legend)
    with right:
        _ranking(choice, shown)
    context = {"Plan": choice.plan_title, "Médicament": choice.label or "tous", "Carte": f"{shown.title}, {shown.note}"}
    context["Région"] = choice.where
    table = shown.table if only is None else shown.table[shown.table["department"].isin(only)]
    tables.table_twin(table, shown.columns, f"territoires-{choice.layer}", context)


def _ranking(choice: Choice, shown: View) -> None:
    table = layers.ranked(shown, choice.region)
    frame.section("Du plus au moins touché", choice.where)
    if table.empty:
        markup.show('<p class="vs-empty-line">Aucun département mesuré.</p>')
        return
    ranking = Grid("departements", "minmax(6.5rem,1fr) auto")
    for row in figures.records(table.head(RANKED)):
        ranking.link(str(row["name"]), _HERE, choice.link(departement=str(row["department"])))
        sign, note = shown.mark(row)
        words = f'<br><span class="vs-note">{escape(note)}</span>' if note else ""
        ranking.cells(f'<div style="text-align:right;width:100%">{sign}{words}</div>')
    if len(table) > RANKED:
        markup.show(f'<p class="vs-note">et {len(table) - RANKED} autres départements mesurés, dans la table</p>')


def _footer(shown: View) -> None:
    known = figures.records(session.load(sources.states))
    links = [(_METHODS[name], name) for name in shown.methods]
    frame.footer([row for row in known if row["source_key"] in shown.sources], methods=links)


main()
