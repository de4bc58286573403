"""Journal des accès, for the data steward: who signed in, opened a reserved page, downloaded a table, accepted a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd

from data.access.roles import ROLE_LABEL
from data.journal import JournalUnavailable
from data.journal.entries import Access, AccessCount
from data.settings import PARIS
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import filters, links, lists, markup, tables
from pages.components import format as fr
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.blocks import kept
from pages.components.shell import frame, served, session
from pages.components.templating import render

PAGE = "acces/acces"
QUESTION = "Qui est entré, qu'est-ce qui a été ouvert ou emporté ?"
MOST = 5_000
ACTIONS = {
    "connexion": "Connexion",
    "refus": "Connexion refusée",
    "deconnexion": "Déconnexion",
    "page": "Page réservée ouverte",
    "export": "Table téléchargée",
    "acceptation": "Ligne acceptée",
    "nom": "Nom reconnu",
    "absent = 0": "Absent = 0 décidé",
    "retrait": "Décision retirée",
    "cotation": "Critère coté",
    "preparations": "Préparations magistrales saisies",
}
_COLUMNS = {
    "moment": "Moment",
    "login": "Personne",
    "role": "Rôle",
    "action": "Action",
    "target": "Sur quoi",
    "detail": "Précision",
}
# The codes that these actions keep are for the journal; their words stand beside.
_ON = {
    "acceptation": "Ligne à confirmer",
    "absent = 0": "Émetteur de fichiers",
    "retrait": "Décision sur une ligne ou un nom",
    "nom": "Nom reçu",
}
_ROLE: dict[str, str] = {str(role): label for role, label in ROLE_LABEL.items()}


def main() -> None:
    if not identity.identity().is_steward:
        raise NoAccess("Journal des accès réservé au gestionnaire des données.")
    try:
        counts = identity.journal().access_counts()
        frame.title_answer(QUESTION, sentence(counts))
        login, action = _chosen(counts)
        read = partial(identity.journal().accesses, login=login, action=action)
        lines = read(limit=lists.asked())
    except JournalUnavailable as error:
        frame.title_answer(QUESTION, "Le journal des accès ne peut pas être lu.")
        frame.empty_state("Journal indisponible.", str(error))
        return
    _draw(counts, lines, login, action)
    context = {"Action": ACTIONS.get(action or "", action or "toutes"), "Personne": login or "toutes"}
    tables.table_twin(_table(read), _COLUMNS, "journal-des-acces", context)


def sentence(counts: Sequence[AccessCount]) -> str:
    """Counts since the oldest line kept."""
    if not counts:
        return "Aucun accès n'a encore été enregistré."
    found = by_action(counts)
    parts = [
        fr.plural(len({count.login for count in counts}), "personne", "personnes"),
        fr.plural(found["page"], "page réservée ouverte", "pages réservées ouvertes"),
        fr.plural(found["export"], "table téléchargée", "tables téléchargées"),
        fr.plural(found["refus"], "connexion refusée", "connexions refusées"),
    ]
    since = min(count.since for count in counts)
    return f"Depuis le {fr.day(since.astimezone(PARIS))} : {', '.join(parts)}."


def by_action(counts: Sequence[AccessCount], login: str | None = None) -> Counter[str]:
    """Lines of each action; ``login``: of one person."""
    found: Counter[str] = Counter()
    for count in counts:
        if login in (None, count.login):
            found[count.action] += count.lines
    return found


def rows(lines: Sequence[Access]) -> list[dict[str, Any]]:
    """Lines as the reader sees them: medicines and sources by their names; the key of a sign-in is of no use to them."""
    named = _names() if lines else {}
    return [
        {
            "moment": f"{line.at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}",
            "login": line.login,
            "role": _ROLE.get(line.role, line.role or "Aucun"),
            "action": ACTIONS.get(line.action, line.action),
            "target": "" if line.target == "session" else _ON.get(line.action, line.target),
            "detail": "" if line.target == "session" else named.get(line.detail, line.detail),
        }
        for line in lines
    ]


@kept
def _names() -> dict[str, str]:
    """Medicines and sources by the identifier that the journal keeps; none before anything is published."""
    subjects, received = session.load(referential.subjects), session.load(sources.states)
    return {
        **dict(zip(subjects["subject_id"], subjects["label"].map(fr.capital), strict=True)),
        **dict(zip(received["source_key"], received["title"].map(fr.short_title), strict=True)),
    }


def _chosen(counts: Sequence[AccessCount]) -> tuple[str | None, str | None]:
    """Person and action of the address, when the journal knows them."""
    people = {login: login for login in sorted({count.login for count in counts})}
    login = filters.choose("Personne", people, "personne", optional=True, placeholder="Toutes", width=360)
    return login, filters.chosen("action", list(by_action(counts)))


def _draw(counts: Sequence[AccessCount], lines: Sequence[Access], login: str | None, action: str | None) -> None:
    found = by_action(counts, login)
    tabs = [("", "Tout", found.total())]
    tabs += [(key, ACTIONS.get(key, key), found[key]) for key in sorted(by_action(counts), key=_rank)]
    cut = lists.Cut(len(lines), found[action] if action else found.total())
    markup.show(
        render(
            "acces/lines",
            here=links.here(PAGE),
            tabs=tabs,
            action=action or "",
            rows=rows(lines),
            cut=cut,
            days=served.settings().access_log_days,
            most=MOST,
        )
    )


def _rank(action: str) -> int:
    known = list(ACTIONS)
    return known.index(action) if action in known else len(known)


def _table(read: Callable[..., list[Access]]) -> Callable[[], pd.DataFrame]:
    """The last lines, read when the box is opened."""
    return lambda: pd.DataFrame(rows(read(limit=MOST)), columns=list(_COLUMNS))


main()
