"""Préparations magistrales of a plan's medicines, beside the last sales known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.preparations import queries as preparations
from pages.components import format as fr
from pages.components import states, tables
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render

ORIGINS = {"saisie": "saisie de l'ANSM", "fichier": "fichier des semaines passées"}
_TWIN = {"label": "Médicament suivi ou DCI", "week": "Dernière semaine comptée", "preparations": "Préparations magistrales",
         "pharmacies": "Officines", "recommendation_on": "Recommandation du", "year_preparations": "Préparations, 52 semaines",
         "weeks": "Semaines comptées", "sales_boxes": "Boîtes dispensées (OpenHealth)", "sales_week": "Semaine de ces boîtes",
         "origin_label": "Source", "state_label": "État"}  # fmt: skip


@block
def prepared(plan_id: str) -> Markup:
    """One row per medicine or DCI that was prepared; nothing at all for a plan without preparations."""
    rows = figures.records(session.load(preparations.of_plan, plan_id))
    if not rows:
        return Markup()
    return render(
        "plans/preparations",
        rows=[row | {"origin_label": ORIGINS[row["origin"]]} for row in rows],
        state=states.of("sales_weekly"),
    )


@kept
def is_prepared(plan_id: str) -> bool:
    return bool(len(session.load(preparations.of_plan, plan_id)))


def twin(plan: Mapping[str, Any], as_of: object) -> None:
    """The rows to take away."""
    plan_id = str(plan["plan"])
    if is_prepared(plan_id):
        context = {"Plan": str(plan["title"]), "Données au": fr.day(as_of)}
        tables.table_twin(partial(_rows, plan_id), _TWIN, f"preparations-{plan_id}", context, source="preparation_weekly",
                          label="Préparations magistrales : table et téléchargement")  # fmt: skip


def _rows(plan_id: str) -> pd.DataFrame:
    table = session.load(preparations.of_plan, plan_id)
    state_words = ["en retard" if state == "en_retard" else "à jour" for state in table["figure_state"]]
    return table.assign(origin_label=table["origin"].map(ORIGINS), state_label=state_words)
