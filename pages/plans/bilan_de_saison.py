"""Bilan de saison: what was declared, how long medicines were under their band, what was decided, over one season."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from metrics.plans import queries as plans
from metrics.referential import queries as referential
from pages.components import blocks, filters, links, states, tables
from pages.components import format as fr
from pages.components.blocks import Drawn, block, chart
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.plans import bilan_de_saison_sheet, board, season, season_chart

QUESTION = "Qu'a été cette saison, et qu'a-t-on fait ?"
METHODS = (
    ("Jours sous la borne", "season_link"),
    ("Déclarations", "season_declaration"),
    ("Mesures", "season_measure"),
)
_DAYS = {"medicine": "Médicament suivi", "label": "Maillon", "season_days": "Jours comptés",
         "insufficient_days": "Jours sous la borne", "fair_days": "Jours acceptables", "good_days": "Jours satisfaisants",
         "unknown_days": "Jours sans chiffre", "masked_days": "Dont masqués", "estimated_days": "Jours estimés ou incomplets",
         "lowest_days": "Plus basse couverture (jours)", "lowest_week": "Semaine de la plus basse"}  # fmt: skip
_DECLARED = {"kind": "Nature", "medicine": "Médicament suivi", "declarations": "Ouvertes un jour au moins", "opened": "Déclarées",
             "closed": "Closes", "still_open": "Encore ouvertes", "median_days": "Durée médiane (jours)"}  # fmt: skip
_MEASURES = {"measure": "Mesure", "declarations": "Déclarations", "started": "Commencées dans la saison",
             "medicines": "Médicaments suivis", "undated": "Sans début écrit"}  # fmt: skip
_CHANGES = {"changed_on": "Jour", "level_label": "Niveau", "reason": "Raison"}


def main() -> None:
    """The choices of the address, the answer, the time axis, one row per medicine, measures and levels."""
    titles = {str(row["plan"]): str(row["title"]) for row in figures.records(session.load(plans.plans))}
    if not titles:
        frame.title_answer(QUESTION, "Aucun plan n'est configuré.")
        frame.empty_state("Aucun plan à lire.", "Ajouter un fichier dans « data/reference/plans ».")
        return
    plan_id = filters.chosen("plan", list(titles)) or next(iter(titles))
    names = [str(name) for name in session.load(plans.seasons, plan_id)["season"]]
    name = filters.chosen("saison", names) or names[0]
    frame.name_tab(titles[plan_id], name)
    head.show(plan_id, name, tuple(titles.items()), tuple(names), links.here("plans/bilan_de_saison"))
    bilan_de_saison_sheet.offer(plan_id, name)
    time.show("bilan", plan_id, name, frame.scale())
    blocks.show(medicines(plan_id, name), decided(plan_id, name))
    plan = session.load(plans.plan, plan_id) or {}
    _twins(plan, name)
    frame.sources_footer([*board.sources_of(plan)], METHODS)


@block
def head(plan_id: str, name: str, titles: Sequence[tuple[str, str]], names: Sequence[str], here: Here) -> Markup:
    """Way back, choices, answer in one sentence, five facts."""
    found = season.read(session.load, plan_id, name)
    lead, answer = season.answer(found)
    return render(
        "plans/season_head",
        question=QUESTION,
        plan=found.plan,
        season=found.season,
        lead=lead,
        answer=answer,
        facts=season.facts(found),
        titles=titles,
        names=[(key, key) for key in names],
        here=here,
        state=states.of("season_declaration"),
    )


@chart
def time(plan_id: str, name: str, scale: float) -> Drawn:
    """Levels, medicines under their band by link, and the surveillance beside them, on one time axis."""
    return season_chart.draw(session.load, season.read(session.load, plan_id, name), scale=scale)


@block
def medicines(plan_id: str, name: str) -> Markup:
    """One row per medicine: its days by link, its declarations; the longest under its band first."""
    found = season.read(session.load, plan_id, name)
    rows = season.rows(found)
    return render(
        "plans/season", season=found.season, links=season.heads(found), rows=rows, is_declared=found.is_declared
    )


@block
def decided(plan_id: str, name: str) -> Markup:
    """Changes of level, and measures by type."""
    found = season.read(session.load, plan_id, name)
    return render(
        "plans/season_decided",
        season=found.season,
        is_declared=found.is_declared,
        changes=figures.records(found.changes),
        measures=figures.records(found.measures),
    )


def _twins(plan: Mapping[str, Any], name: str) -> None:
    """The four tables to take away."""
    plan_id = str(plan["plan"])
    as_of = session.load(referential.snapshot)["as_of"]
    context = {"Plan": str(plan["title"]), "Saison": name, "Données au": fr.day(as_of)}
    found = season.read(session.load, plan_id, name)
    declared = found.declarations.assign(medicine=found.declarations["medicine"].fillna("Plan entier"))
    for table, columns, what, source in (
        (found.links, _DAYS, "jours", "season_link"),
        (declared, _DECLARED, "declarations", "season_declaration"),
        (found.measures, _MEASURES, "mesures", "season_measure"),
        (found.changes, _CHANGES, "niveaux", "plan_change"),
    ):
        if not table.empty:
            label = f"Tableau : {season.TABLES[what]}"
            tables.table_twin(table, columns, f"bilan-{plan_id}-{name}-{what}", context, source=source, label=label)


main()
