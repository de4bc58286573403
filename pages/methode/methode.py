"""Méthode: what each indicator measures and how, as written at the head of its query; thresholds, bands, signs."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from metrics import methods
from metrics.plans import queries as plans
from pages.components import links, lists, tables
from pages.components.shell import frame, session
from pages.methode import entry

PAGE = "methode/methode"


def main() -> None:
    """The tab of the address: an indicator beside the list of all, or the tables that all of them rest on."""
    view = st.query_params.get("vue", entry.INDICATORS)
    view = view if view in entry.VIEWS else entry.INDICATORS
    here = links.here(PAGE)
    entry.head.show(here, view)
    asked = st.query_params.get("indicateur", "")
    frame.name_tab(entry.question_of(asked) if view == entry.INDICATORS else entry.VIEWS[view])
    if view == entry.INDICATORS:
        entry.indicator.show(entry.opened(asked))
    elif view == entry.THRESHOLDS:
        entry.thresholds.show(here, lists.asked())
        columns = {
            "label": "Seuil",
            "value": "Valeur",
            "unit": "Unité",
            "origin": "Origine",
            "to_validate": "À valider",
        }
        context = {"Table": "seuils de calcul"}
        tables.table_twin(_thresholds, columns, "methode-seuils", context, source="threshold")
    elif view == entry.BANDS:
        entry.bands.show()
        tables.table_twin(_bands, _BANDS, "methode-bornes", {"Table": "bornes des plans"}, source="plan_link")
    else:
        entry.signs.show()


_BANDS = {
    "title": "Plan",
    "label": "Maillon",
    "satisfactory_days": "Satisfaisante à partir de (jours)",
    "acceptable_days": "Acceptable à partir de (jours)",
    "origin": "Origine",
    "to_validate": "À valider",
}


def _thresholds() -> pd.DataFrame:
    return session.load(methods.thresholds)


def _bands() -> Any:
    followed = session.load(plans.plans)
    titles = dict(zip(followed["plan"], followed["title"], strict=True))
    found = pd.concat([session.load(plans.bands, plan) for plan in titles], ignore_index=True)
    return found.assign(title=found["plan"].map(titles))


main()
