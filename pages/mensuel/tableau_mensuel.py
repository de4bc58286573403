"""Tableau de bord mensuel: the declarations of a month and since January, for DGS and ARS."""

from __future__ import annotations

from datetime import date
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from metrics.monthly import queries as monthly
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import filters, markup, tables
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.mensuel import blocks, printed, words, workbook
from pages.mensuel.blocks import View

QUESTION = "Que disent les déclarations du mois, et de l'année ?"
PAGE = "pages/mensuel/tableau_mensuel.py"
RANKINGS = {"mois": "du mois", "cumul": "depuis janvier"}
METHODS = [
    ("Comptes", "monthly_count"),
    ("Situations", "monthly_situation"),
    ("Réitération", "monthly_dci"),
    ("Mouvements", "monthly_movement"),
]  # fmt: skip
_STYLE = (
    "<style>ul.vs-moves{margin:.25rem 0;padding-left:1.1rem}ul.vs-moves li{margin:.2rem 0;line-height:1.45}</style>"
)


def main() -> None:
    """One month, on screen or on one printed page."""
    known = session.load(monthly.months)
    if not known:
        _nothing()
        return
    if st.query_params.get("impression") == "1":
        month = _month(known, filters.chosen("mois", [_key(row["month"]) for row in known]))
        view = _view(month, filters.chosen("classement", list(RANKINGS)) or "mois")
        printed.draw(view, _notes(view))
        return
    head = st.container()
    month, ranking = _choose(known)
    view = _view(month, ranking)
    with head:
        frame.title_answer(QUESTION, words.sentence(view.shown))
    _draw(view)


def _key(month: date) -> str:
    return f"{month:%Y-%m}"


def _month(known: list[dict[str, Any]], chosen: str | None) -> date:
    days = {_key(row["month"]): row["month"] for row in known}
    return days.get(chosen or "") or monthly.default(known) or known[0]["month"]


def _choose(known: list[dict[str, Any]]) -> tuple[date, str]:
    """Month and ranking, both in the URL; then the ways to take the month away."""
    left, middle, right = st.columns([1.4, 1.4, 3], vertical_alignment="bottom")
    names = {_key(row["month"]): words.title(row) for row in known}
    with left:
        month = _month(known, filters.choose("Mois", names, "mois", default=_key(_month(known, None))))
    with middle:
        ranking = filters.segmented("Classer DCI et laboratoires", RANKINGS, "classement")
    with right:
        _ways_out(_view(month, ranking))
    return month, ranking


def _ways_out(view: View) -> None:
    line = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    key = _key(view.shown.month["month"])
    with line:
        write = partial(workbook.content, view.shown, view.context, session.reader())
        tables.download_book("Télécharger le classeur (XLSX)", f"tableau-mensuel-{key}", write)
        wanted = {"mois": key, "classement": view.ranking, "impression": "1"}
        st.page_link(PAGE, label="Version à imprimer (une page A4)", icon="", query_params=wanted)


def _view(month: date, ranking: str) -> View:
    shown = session.load(monthly.dashboard, month)
    context = {
        "Tableau": QUESTION,
        "Mois": words.title(shown.month),
        "Cumul": words.since(shown),
        "Contenu": "sans nom de laboratoire" if shown.laboratories is None else "avec les noms des laboratoires",
        "Laboratoires susceptibles de déclarer": words.base(shown.month),
        "Données au": fr.day(session.load(referential.snapshot)["as_of"]),
    }
    notes = _reserves(shown) + ([] if shown.is_scored else [words.NOT_SCORED])
    dated = [f"{row['title']} ({row['producer']}), {fr.day(_dated(row))}" for row in _sources()]
    numbered = {f"Réserve {place}": text for place, text in enumerate(notes, start=1)}
    return View(shown, ranking, context | numbered | {f"Source {n}": text for n, text in enumerate(dated, start=1)})


def _reserves(shown: monthly.Monthly) -> list[str]:
    return words.reserves(shown, is_demo=bool(session.load(referential.snapshot)["is_demo"]))


def _notes(view: View) -> list[str]:
    """Foot of the printed page: reserves, then sources with their dates."""
    dated = [f"{row['title']}, {fr.day(_dated(row))}" for row in _sources()]
    published = session.load(referential.snapshot)["as_of"]
    return [*_reserves(view.shown), f"Sources : {' ; '.join(dated)}. Vigistock, données au {fr.day(published)}."]


def _dated(row: dict[Any, Any]) -> object:
    return row["last_received_at"] if fr.missing(row["last_period_on"]) else row["last_period_on"]


def _draw(view: View) -> None:
    markup.show(f'{_STYLE}<p class="vs-note">{escape(" ".join(_reserves(view.shown)))}</p>')
    blocks.counts(view)
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        blocks.history(view)
    with right:
        blocks.comments(view)
    left, right = st.columns([1, 1], gap="large")
    with left:
        blocks.classes(view)
        blocks.laboratories(view)
    with right:
        blocks.levels(view)
        blocks.dcis(view)
    frame.footer(_sources(), methods=METHODS)


def _sources() -> list[dict[Any, Any]]:
    states = session.load(sources.states)
    wanted = states[states["source_key"].isin(["trustmed", "historique", "bdpm"]) & (states["files"] > 0)]
    return figures.records(wanted)


def _nothing() -> None:
    frame.title_answer(QUESTION, "Aucune déclaration n'a encore été reçue.")
    frame.empty_state(
        "Aucun mois à montrer.",
        "Déposer l'export TrustMed dans « inbox/trustmed », ou la diffusion publique des déclarations closes dans "
        "« inbox/historique », puis lancer « make refresh ».",
    )
    frame.footer(_sources(), methods=METHODS)


main()
