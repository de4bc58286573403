"""Entry of the molecules: search over followed groups then DCI, what is followed, what is most declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.review import queries as review
from pages.components import badges, declaration_rows, filters, markup, tension
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.grid import Grid
from pages.components.search import index
from pages.components.shell import frame, session
from pages.molecules.view import PAGE, capital, shorten

QUESTION = "Quelle molécule ouvrir ?"
MOST_FOUND, MOST_DECLARED = 20, 15


def box() -> str:
    """The search, kept in the URL."""
    return filters.search("Chercher une molécule", placeholder="amoxicilline, spécialité, CIP, classe ATC…")


def draw(unknown: str | None = None) -> None:
    """The page without a subject; ``unknown`` is a subject asked for that does not exist."""
    subjects = session.load(referential.subjects)
    frame.title_answer(QUESTION, _sentence(subjects))
    if unknown:
        frame.empty_state(
            f"Aucun sujet « {shorten(unknown, 60)} » dans ces données.", "Chercher la molécule par son nom."
        )
    if not (subjects["kind"] == "dci").any():
        frame.empty_state(
            "Le référentiel n'a pas encore été reçu.",
            "Lancer « make refresh » avec un accès à la Base de données publique des médicaments, ou déposer ses fichiers "
            "dans « inbox/bdpm ».",
        )
    results(box())
    left, right = st.columns([3, 2], gap="large")
    with left:
        _followed()
    with right:
        _declared()


def _sentence(subjects: pd.DataFrame) -> str:
    groups = int((subjects["kind"] == "groupe").sum())
    others = len(subjects) - groups
    if not others:
        return f"{fr.plural(groups, 'groupe suivi', 'groupes suivis')} par les plans ; aucune DCI n'est encore connue."
    return (
        f"{fr.plural(groups, 'groupe suivi', 'groupes suivis')} par les plans et {fr.plural(others, 'DCI', 'DCI')} du "
        "référentiel : chercher par nom, dosage ou forme, sans se soucier des accents."
    )


def results(typed: str) -> None:
    """Subjects that answer what was typed: groups first, then DCI."""
    if not typed:
        return
    subjects = session.load(referential.subjects)
    known = {str(row["subject_id"]): row for row in figures.records(subjects)}
    order, found = index.subjects(typed)
    corrected = f"aucune pour « {typed} » ; vouliez-vous dire « {found.corrected} » ?" if found.corrected else ""
    frame.section("Résultats", corrected or _found_words(len(order)))
    if not order:
        frame.empty_state(
            f"Aucune molécule ne répond à « {typed} ».", "Essayer un mot plus court, le nom de la DCI ou un code."
        )
        return
    grid = Grid("resultats", "minmax(14rem,2fr) 9rem minmax(10rem,1fr)")
    for key in order[:MOST_FOUND]:
        row = known[key]
        grid.link(shorten(row["label"]), PAGE, {"sujet": key})
        grid.cells(
            badges.chip("Groupe suivi" if row["kind"] == "groupe" else "DCI", strong=row["kind"] == "groupe"),
            _open(row),
        )


def _found_words(count: int) -> str:
    words = fr.plural(count, "molécule", "molécules")
    return words if count <= MOST_FOUND else f"{MOST_FOUND} premières sur {words} : préciser la recherche"


def _open(row: Mapping[str, Any]) -> str:
    count = row["open_declarations"]
    if fr.missing(count) or not int(count):
        return ""
    return declaration_rows.note(fr.plural(count, "déclaration ouverte", "déclarations ouvertes"))


def _followed() -> None:
    """Followed groups by plan with their weakest link."""
    followed = session.load(review.followed)
    for title, groups in followed.groupby("title", sort=False):
        frame.section(str(title), "maillon le plus faible")
        grid = Grid(f"plan-{groups.iloc[0]['plan']}", "minmax(13rem,2fr) 12.2rem minmax(8rem,1fr) 4.5rem")
        for row in figures.records(groups):
            grid.link(str(row["label"]), PAGE, {"sujet": str(row["group_id"])})
            grid.cells(*_weakest(row))


def _weakest(row: Mapping[str, Any]) -> list[str]:
    if fr.missing(row["weakest_status"]):
        return [badges.pill(None, "absent"), "", ""]
    pill = badges.pill(str(row["weakest_status"]), str(row["weakest_state"]), days=row["weakest_days"])
    names = ", ".join(filter(None, [str(row["weakest_label"]), tension.unknown(row)]))
    return [
        pill,
        declaration_rows.note(names),
        declaration_rows.note(fr.short_day(row["weakest_on"])),
    ]


def _declared() -> None:
    counted = session.load(declarations.summary)
    opened = counted[counted["open_declarations"] > 0].head(MOST_DECLARED) if not counted.empty else counted
    frame.section("DCI les plus déclarées", "déclarations ouvertes")
    if opened.empty:
        markup.show('<p class="vs-empty-line">Aucune déclaration ouverte.</p>')
        return
    grid = Grid("plus-declarees", "minmax(10rem,2fr) auto auto")
    for row in figures.records(opened):
        grid.link(capital(str(row["dci"])), PAGE, {"sujet": f"dci:{row['dci_key']}"})
        ruptures = fr.plural(row["open_ruptures"], "rupture", "ruptures")
        grid.cells(f"<b>{fr.number(row['open_declarations'])}</b>", declaration_rows.note(f"dont {ruptures}"))
    st.page_link("pages/declarations/declarations.py", label="Toutes les déclarations", icon="")
