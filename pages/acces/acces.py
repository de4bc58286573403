"""Journal des accès, for the data steward: who came in, opened a reserved page, took a table away, accepted a line."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.access.roles import ROLE_LABEL
from data.journal import JournalUnavailable
from data.journal.entries import Access
from data.settings import PARIS
from pages.components import filters, markup, tables
from pages.components import format as fr
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.shell import frame, served

QUESTION = "Qui est entré, qu'est-ce qui a été ouvert ou emporté ?"
MOST = 5_000
ACTIONS = {
    "connexion": "Connexion",
    "refus": "Connexion refusée",
    "deconnexion": "Déconnexion",
    "page": "Page réservée ouverte",
    "export": "Table téléchargée",
    "acceptation": "Ligne acceptée",
    "cotation": "Critère coté",
}
_COLUMNS = {
    "moment": "Moment",
    "login": "Personne",
    "role": "Rôle",
    "action": "Action",
    "target": "Sur quoi",
    "detail": "Précision",
}
_ROLE: dict[str, str] = {str(role): label for role, label in ROLE_LABEL.items()}
_EVERYTHING = "tout"


def main() -> None:
    if not identity.identity().is_steward:
        raise NoAccess("Journal des accès réservé au gestionnaire des données.")
    try:
        lines = identity.journal().accesses(limit=MOST)
    except JournalUnavailable as error:
        frame.title_answer(QUESTION, "Le journal des accès ne peut pas être lu.")
        frame.empty_state("Journal indisponible.", str(error))
        return
    frame.title_answer(QUESTION, sentence(lines))
    chosen, context = _filtered(lines)
    table = rows(chosen)
    tables.draw_table(table, _COLUMNS)
    tables.downloads(table, _COLUMNS, "journal-des-acces", context)
    days = served.settings().access_log_days
    markup.show(f'<p class="vs-note">Conservation : {fr.number(days)} jours, puis effacement à l\'actualisation suivante '
            f"des données. {fr.number(MOST)} dernières lignes au plus sont lues ici.</p>")  # fmt: skip


def sentence(lines: list[Access]) -> str:
    """Counts since the oldest line shown."""
    if not lines:
        return "Aucun accès n'a encore été enregistré."
    found = pd.Series([line.action for line in lines]).value_counts()
    people = len({line.login for line in lines})
    parts = [
        fr.plural(people, "personne", "personnes"),
        fr.plural(int(found.get("page", 0)), "page réservée ouverte", "pages réservées ouvertes"),
        fr.plural(int(found.get("export", 0)), "table téléchargée", "tables téléchargées"),
        fr.plural(int(found.get("refus", 0)), "connexion refusée", "connexions refusées"),
    ]
    return f"Depuis le {fr.day(lines[-1].at.astimezone(PARIS))} : {', '.join(parts)}."


def rows(lines: list[Access]) -> pd.DataFrame:
    """Lines as the reader sees them; the key of a passage by the provider is of no use to them."""
    return pd.DataFrame(
        [
            {
                "moment": f"{line.at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}",
                "login": line.login,
                "role": _ROLE.get(line.role, line.role or "Aucun"),
                "action": ACTIONS.get(line.action, line.action),
                "target": "" if line.target == "session" else line.target,
                "detail": "" if line.target == "session" else line.detail,
            }
            for line in lines
        ],
        columns=list(_COLUMNS),
    )


def _filtered(lines: list[Access]) -> tuple[list[Access], dict[str, str]]:
    left, right = st.columns(2)
    known = {line.action: ACTIONS.get(line.action, line.action) for line in lines}
    with left:
        action = filters.choose("Action", {_EVERYTHING: "Toutes", **known}, "action")
    with right:
        people = {_EVERYTHING: "Toutes", **{login: login for login in sorted({line.login for line in lines})}}
        login = filters.choose("Personne", people, "personne")
    kept = [line for line in lines if action in {_EVERYTHING, line.action} and login in {_EVERYTHING, line.login}]
    context = {"Action": known.get(action or "", "toutes"), "Personne": people.get(login or "", "Toutes")}
    return kept, context


main()
