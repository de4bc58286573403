"""Alertes of the review: what this role has not seen yet, gravest first; one click says it was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from data.alerts import life
from data.alerts.life import Seen
from data.alerts.reading import Alert, Audience, heard
from data.journal import JournalUnavailable
from metrics.alerts import queries as alerts
from pages.components import format as fr
from pages.components import markup
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.shell import errors, frame, session
from pages.revue import alert_lists
from pages.revue.alert_line import FAILURE, STYLE, View, line

SHOWN, MOST_OF_ONE_RULE = 6, 2
_LEVELS = ((3, "grave", "graves"), (2, "importante", "importantes"), (1, "à suivre", "à suivre"))


@st.fragment
def draw(context: Mapping[str, str]) -> None:
    """The block alone runs again after a click: it has its own boundary, and sends who lost access back to the closed page."""
    try:
        identity.identity()
    except NoAccess:
        st.rerun(scope="app")
    if session.load(alerts.are_evaluated):
        errors.guarded(partial(_block, context))


def _block(context: Mapping[str, str]) -> None:
    seen = view()
    unseen = seen.seen.unseen
    frame.section("Alertes", headline(unseen, are_sorted=seen.may_answer))
    failure = st.session_state.pop(FAILURE, "") or seen.failure
    if failure:
        st.warning(failure)
    with st.container(key="alertes", gap=None):
        markup.show(STYLE)
        for alert in first(unseen):
            line(alert, seen)
    with st.container(key="alertes-listes"):
        alert_lists.draw(seen, context)


def view() -> View:
    """Alerts of this person's role. A shared screen shows all of them: what a role has seen is its own business."""
    audience = Audience.of(identity.identity())
    mine = heard(session.load(alerts.in_force), audience)
    if frame.projected():
        return View(audience, Seen(tuple(mine), (), frozenset()), {}, may_answer=False)
    try:
        found, known = life.seen_by(identity.journal(), audience, session.artefact(), mine)
    except JournalUnavailable as error:
        words = f"Toutes les alertes sont montrées, même déjà vues. {error}"
        return View(audience, Seen(tuple(mine), (), frozenset()), {}, may_answer=False, failure=words)
    return View(audience, found, known, may_answer=True)


def headline(unseen: Sequence[Alert], *, are_sorted: bool) -> str:
    """« 61 non vues : 2 graves, 40 importantes, 19 à suivre »; « ouvertes » where what was seen is not asked."""
    if not unseen:
        return "aucune non vue" if are_sorted else "aucune"
    counts = Counter(alert.level for alert in unseen)
    parts = [fr.plural(counts[level], one, many) for level, one, many in _LEVELS if counts[level]]
    one, many = ("non vue", "non vues") if are_sorted else ("ouverte", "ouvertes")
    return f"{fr.plural(len(unseen), one, many)} : {', '.join(parts)}"


def first(unseen: Sequence[Alert]) -> list[Alert]:
    """The gravest, and no more than two of one rule: forty dates of one kind must not hide a tension."""
    told: Counter[str] = Counter()
    kept = []
    for alert in unseen:
        told[alert.rule] += 1
        if told[alert.rule] <= MOST_OF_ONE_RULE:
            kept.append(alert)
    return kept[:SHOWN]
