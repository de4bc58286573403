"""Open data: the map of public figures, and beside it a ranking or the place chosen."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from pages.components import answers, blocks, states, tables
from pages.components.blocks import block
from pages.components.charts import figures, maps
from pages.components.links import Here
from pages.components.lists import asked, cut
from pages.components.open_limits import limits
from pages.components.shell import frame
from pages.components.templating import macro, render
from pages.territoires import choices, open_choices, open_layers, open_words
from pages.territoires.open_choices import BOXES, OpenChoice
from pages.territoires.open_layers import view

QUESTION = "Où en est-on, région par région ?"
METHODS = {"reimbursed_region_yearly": "Boîtes par région", "epidemic_weekly": "Épidémies", "incidence_weekly": "Incidence",
           "regional_alert": "Alertes régionales", "vigilance_daily": "Vigilance canicule"}  # fmt: skip
UNSAID = (
    "Où une boîte manque : aucun stock d'officine n'est public. La région est celle du bénéficiaire, pas celle de la pharmacie.",
    "Open Medic est annuel et publié l'été suivant : il ne dit rien de la semaine. Outre-mer réuni, sans taux par habitant.",
    "Les taux d'urgences portent sur les passages codés, ceux de Sentinelles sur les habitants : ils ne se comparent pas.",
)


def draw() -> None:
    choice = open_choices.read()
    if choice is None:
        frame.title_answer(QUESTION, "Aucun plan n'est suivi.")
        frame.empty_state("Aucun plan configuré.", "Ajouter un fichier dans « data/reference/plans ».")
        return
    frame.name_tab(*choices.named(choice, open_choices.LAYERS))
    with st.container(key="vs-where", horizontal=True, vertical_alignment="center"):
        blocks.show(macro("territoires/answer", "question", QUESTION))
        if choice.layer == BOXES:
            choices.medicine(choice)
        choices.region(choice)
        offered.show(choice)
    answer.show(choice)
    left, right = st.columns(2, gap="medium")
    with left:
        epidemics.show(choice)
        maps.show(_map(choice), view(choice).legend)
        under.show(choice)
    with right:
        blocks.show(*([place(choice)] if choice.department or choice.region else []), ranking(choice, asked()))
    shown = view(choice)
    places.show(choice)
    blocks.show(limits(UNSAID))
    context = {"Plan": choice.plan_title, "Médicament": choice.label or "tous", "Carte": f"{shown.title}, {shown.note}"}
    tables.table_twin(shown.table, shown.columns, f"territoires-{choice.layer}", context, source=shown.methods[0])
    frame.sources_footer(shown.sources, [(METHODS[name], name) for name in shown.methods])


@block
def offered(choice: OpenChoice) -> Markup:
    """Layers received, as links."""
    layers = open_choices.received() or {choice.layer: open_choices.LAYERS[choice.layer]}
    known = open_choices.indicators(choice.layer)
    here = choice.here if not known else _without_indicator(choice)
    return macro("territoires/filters", "layers", here, list(layers.items()), choice.layer)


@block
def epidemics(choice: OpenChoice) -> Markup:
    """Those of the layer shown, as links over the map."""
    known = open_choices.indicators(choice.layer)
    if len(known) < 2:
        return Markup()
    return macro("territoires/filters", "indicators", choice.here, list(known.items()), choice.indicator)


def _without_indicator(choice: OpenChoice) -> Here:
    return replace(choice, indicator="").here


@block
def answer(choice: OpenChoice) -> Markup:
    return macro("territoires/answer", "sentence", "", open_words.sentence(choice), None)


@block
def under(choice: OpenChoice) -> Markup:
    shown = view(choice)
    return macro("territoires/answer", "under", shown.title, shown.note, states.of(*shown.methods), "")


def _map(choice: OpenChoice) -> Markup:
    title = view(choice).title
    words = f"Carte des départements, {title}, {choice.where}. Les mêmes départements sont en liste plus bas."
    only = maps.of_region(choice.region)
    leave = choice.here.but(**{maps.PARAMETER: None})
    return maps.drawing(links(choice), words, selected=choice.department, leave=leave, only=only)


@block
def links(choice: OpenChoice) -> Markup:
    return maps.departments(view(choice).layer, choice.near, maps.of_region(choice.region))


@block
def ranking(choice: OpenChoice, most: int) -> Markup:
    """Regions or departments, the most touched first."""
    shown, here = view(choice), choice.here
    if open_layers.regional(choice):
        lines = [
            (row["region_name"], here.but(**{maps.REGION: row["region"], maps.PARAMETER: None}), mark)
            for row, mark in shown.regions
        ]
        nouns = ("région", "régions")
    else:
        table = shown.table[shown.table[shown.known].notna()]
        table = table[table["region"] == choice.region] if choice.region else table
        lines = [
            (r["name"], here.but(**{maps.PARAMETER: r["department"]}), shown.mark(r)) for r in figures.records(table)
        ]
        nouns = ("département", "départements")
    rows, left = cut([{"name": name, "href": href, "mark": mark} for name, href, mark in lines], most)
    where = "France entière" if open_layers.regional(choice) else choice.where
    heading = "Du plus au moins remboursé" if choice.layer == BOXES else "Du plus au moins touché"
    return render("territoires/ranking", heading=heading, nothing=shown.nothing, where=where, here=here, rankings=[], ranking="", rows=rows,
                  left=left, nouns=nouns)  # fmt: skip


@block
def place(choice: OpenChoice) -> Markup:
    """Everything public of the place chosen."""
    name = maps.department_names()[choice.department] if choice.department else choice.region_name
    return render(
        "territoires/region",
        name=name,
        label=choice.region_name if choice.department and choice.region_name != name else "",
        leave=choice.here.but(**{maps.PARAMETER: None, maps.REGION: None}),
        facts=answers.lines(open_words.facts(choice)),
    )


@block
def places(choice: OpenChoice) -> Markup:
    """Every department by name, with what the map shows of it: the map by keyboard."""
    shown = view(choice)
    if shown.is_empty:
        return Markup()
    table = shown.table if choice.region is None else shown.table[shown.table["region"] == choice.region]
    rows = [
        {
            "name": r["name"],
            "href": choice.near.but(**{maps.PARAMETER: r["department"]}),
            "mark": shown.mark(r),
            "code": r["department"],
        }
        for r in figures.records(table.sort_values("department"))
    ]
    return render("territoires/places", rows=rows, title=shown.title, where=choice.region_name)
