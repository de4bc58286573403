"""Méthode: what each indicator measures and how, as written at the head of its query; thresholds, bands, signs."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from data.sqlfiles import SqlFile
from metrics import methods
from metrics.plans import queries as plans
from pages.components import format as fr
from pages.components import markup, tables
from pages.components.charts import figures
from pages.components.grid import plain
from pages.components.shell import frame, session
from pages.methode import entry, signs

QUESTION = "Que mesure chaque indicateur, et comment ?"
_HERE = "pages/methode/methode.py"


def main() -> None:
    """List of indicators on the left, the one opened on the right; then thresholds, bands and signs."""
    known, thresholds = methods.methods(), session.load(methods.thresholds)
    frame.title_answer(QUESTION, sentence(len(known), thresholds))
    left, right = st.columns([1, 2], gap="large")
    name = opened(known)
    with left:
        _contents(known, name)
    with right:
        markup.show(entry.html(known[name], thresholds, session.load(methods.columns, name)))
    _thresholds(thresholds)
    _bands()
    frame.section("Signes", "comment lire l'état d'un chiffre")
    markup.show(signs.html())


def sentence(indicators: int, thresholds: pd.DataFrame) -> str:
    """How many indicators, and how much of what they rest on is still to be validated."""
    waiting = int(thresholds["to_validate"].sum()) if not thresholds.empty else 0
    return (
        f"{fr.plural(indicators, 'indicateur', 'indicateurs')}, chacun avec sa question, sa formule et ce que veut dire "
        f"une case vide ; {waiting} seuils sur {len(thresholds)} ne reposent sur rien de public et restent à valider."
    )


def opened(known: dict[str, SqlFile]) -> str:
    """Indicator of the URL, else the first one of the list."""
    asked = st.query_params.get("indicateur", "")
    return asked if asked in known else next(name for names in methods.families().values() for name in names)


def _contents(known: dict[str, SqlFile], chosen: str) -> None:
    with st.container(key="methode-sommaire", gap=None):
        for family, names in methods.families().items():
            markup.show(f'<h3 class="vs-family">{family}</h3>')
            for name in names:
                question = known[name].question
                if name == chosen:
                    markup.show(f'<p class="vs-here" aria-current="true">{escape(question)}</p>')
                else:
                    st.page_link(_HERE, label=plain(question), query_params={"indicateur": name})
    markup.show(entry.STYLE)


def _thresholds(thresholds: pd.DataFrame) -> None:
    frame.section("Seuils", "une seule table, lue par tous les calculs")
    rows = [entry.threshold_row(row) for row in figures.records(thresholds)]
    markup.show(entry.table(("Seuil", "Valeur", "Origine", ""), rows))
    columns = {"label": "Seuil", "value": "Valeur", "unit": "Unité", "origin": "Origine", "to_validate": "À valider"}
    tables.table_twin(thresholds, columns, "methode-seuils", {"Table": "seuils de calcul"}, source="threshold")


def _bands() -> None:
    frame.section("Bornes des plans", "jours de couverture, bornes incluses")
    followed = figures.records(session.load(plans.plans))
    if not followed:
        frame.empty_state("Aucun plan configuré.", "Ajouter un fichier dans « data/reference/plans ».")
        return
    bands = pd.concat([session.load(plans.bands, row["plan"]) for row in followed], ignore_index=True)
    titles = {row["plan"]: row["title"] for row in followed}
    for row in followed:
        markup.show(entry.plan_html(row, figures.records(bands[bands["plan"] == row["plan"]])))
    columns = {
        "title": "Plan",
        "label": "Maillon",
        "satisfactory_days": "Satisfaisante à partir de (jours)",
        "acceptable_days": "Acceptable à partir de (jours)",
        "origin": "Origine",
        "to_validate": "À valider",
    }
    table = bands.assign(title=bands["plan"].map(titles))
    tables.table_twin(table, columns, "methode-bornes", {"Table": "bornes des plans"}, source="plan_link")


main()
