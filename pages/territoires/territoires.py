"""Territoires: is it only here, or everywhere? The map, and beside it a ranking or the department chosen."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from markupsafe import Markup

from pages.components import blocks, states, tables
from pages.components.blocks import block
from pages.components.charts import maps, simple
from pages.components.exports import scripts
from pages.components.lists import asked
from pages.components.shell import frame, session
from pages.components.templating import macro
from pages.territoires import choices, field_panel, lists, open_view, panel, sentences
from pages.territoires.choices import FIELD, Choice
from pages.territoires.layers import view

QUESTION = "Est-ce seulement ici, ou partout ?"
METHODS = {
    "plan_status": "Locale, diffuse ou nationale",
    "department_status": "Alerte et tendance d'un département",
    "department_coverage": "Couverture par département",
    "department_count": "Nombre de médicaments insatisfaisants",
    "epidemic_weekly": "Épidémies",
    "vigilance_daily": "Vigilance canicule",
    "pharmacy_alert_place": "Alertes DP-Ruptures",
    "agency_signal_place": "Signalements des ARS",
}


def main() -> None:
    if session.is_open():
        open_view.draw()
        return
    choice = choices.read()
    if choice is None:
        frame.title_answer(QUESTION, "Aucun plan n'est suivi.")
        frame.empty_state("Aucun plan configuré.", "Ajouter un fichier dans « data/reference/plans ».")
        return
    frame.name_tab(*choices.named(choice))
    with st.container(key="vs-where", horizontal=True, vertical_alignment="center"):
        blocks.show(macro("territoires/answer", "question", QUESTION))
        choices.medicine(choice)
        choices.region(choice)
        layers.show(choice)
    sentence.show(choice)
    left, right = st.columns(2, gap="medium")
    with left:
        indicators.show(choice)
        maps.show(_map(choice), view(choice).legend)
        subject = f"{choice.label}, " if choice.label else ""
        title = f"{view(choice).title}, {subject}{choice.where}"
        blocks.show(under(choice), scripts.images(simple.image_words(f"carte-{choice.layer}", title)))
    with right:
        if choice.layer in FIELD and (choice.department or choice.region):
            blocks.show(
                field_panel.place(choice, asked()), *([] if choice.department else [lists.ranking(choice, asked())])
            )
        elif choice.department:
            panel.draw(choice)
        elif choice.region:
            blocks.show(panel.region_head(choice), lists.ranking(choice, asked()), panel.region_list(choice),
                        field_panel.beside(choice))  # fmt: skip
        else:
            lists.ranking.show(choice, asked())
    lists.places.show(choice.anywhere)
    _twin(choice)
    shown = view(choice)
    frame.sources_footer(
        tuple(dict.fromkeys((*shown.sources, *field_panel.sources(choice)))),
        [(METHODS[name], name) for name in shown.methods],
    )


@block
def layers(choice: Choice) -> Markup:
    """What the map shows, as links."""
    offered = list(choices.layers_of(choice.subject).items())
    return macro("territoires/filters", "layers", choice.here, offered, choice.layer)


@block
def indicators(choice: Choice) -> Markup:
    """Which epidemic, over its map."""
    if choice.layer != "epidemie":
        return Markup()
    return macro("territoires/filters", "indicators", choice.here, list(choices.INDICATORS.items()), choice.indicator)


@block
def sentence(choice: Choice) -> Markup:
    """The answer, with its date."""
    return macro("territoires/answer", "sentence", *sentences.of(choice)[:3])


@block
def under(choice: Choice) -> Markup:
    """What the map shows and when, what the answer leaves out."""
    shown = view(choice)
    late = states.of(*shown.methods)
    return macro("territoires/answer", "under", shown.title, shown.note, late, sentences.of(choice).rest)


def _map(choice: Choice) -> Markup:
    title = view(choice).title
    words = f"Carte des départements, {title}, {choice.where}. Les mêmes départements sont en liste plus bas."
    leave = choice.here.but(**{maps.PARAMETER: None})
    return maps.drawing(
        links(choice.anywhere), words, selected=choice.department, leave=leave, only=maps.of_region(choice.region)
    )


@block
def links(choice: Choice) -> Markup:
    """The departments of the map, each a link; the same for all sessions, whatever department is chosen."""
    return maps.departments(view(choice).layer, choice.near, maps.of_region(choice.region))


def _twin(choice: Choice) -> None:
    shown = view(choice)
    context = {"Plan": choice.plan_title, "Médicament": choice.label or "tous", "Carte": f"{shown.title}, {shown.note}"}
    context["Région"] = choice.where
    tables.table_twin(lambda: _near(shown.table, choice.region), shown.columns, f"territoires-{choice.layer}", context)
    if choice.department and choice.layer not in FIELD:
        panel.detail(choice)


def _near(table: pd.DataFrame, region: str | None) -> pd.DataFrame:
    return table if region is None else table[table["region"] == region]


main()
