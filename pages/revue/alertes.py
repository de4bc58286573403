"""Alerts of the review: what this role has not seen, under the molecule concerned; one click marks it as seen.

They change with those who see them: not a block, but a fragment that runs alone after a click.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st
from markupsafe import Markup

from data.alerts import life
from data.alerts.life import Episode, Seen
from data.alerts.reading import Alert, Audience, heard
from data.journal import JournalUnavailable
from metrics.alerts import queries as alerts
from metrics.alerts.queries import Subject
from pages.components import format as fr
from pages.components import lists, markup, templating
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.links import Here
from pages.components.once import Once
from pages.components.shell import errors, session
from pages.revue import alert_lists, cards
from pages.revue.cards import Call

TEMPLATE = "revue/alerts"
KEPT_S = 30
_EPISODES: Once[Mapping[str, Episode]] = Once(64)
FOLDED = 8  # under a card
SHOWN = 10  # of one group, with their buttons
ALL, BY_RULE, RULE = "toutes", "regle", "regle:"
FAILURE, NOTE = "vigistock-alert-failure", "alertes-note"
_LEVELS = ((3, "grave", "graves"), (2, "importante", "importantes"), (1, "à suivre", "à suivre"))


@dataclass(frozen=True)
class View:
    """What this run shows: the alerts of an audience sorted by what it has seen; ``may_answer``: its buttons are drawn."""

    audience: Audience
    seen: Seen
    episodes: Mapping[str, Episode]
    may_answer: bool
    failure: str = ""


class Group(NamedTuple):
    """Alerts that are read together: of one molecule, or of one rule; gravest first."""

    key: str
    label: str
    alerts: Sequence[Alert]


class Choice(NamedTuple):
    """What the address asks of the alerts: the group opened, and how they are grouped."""

    opened: str
    by: str
    most: int


def choice() -> Choice:
    by = st.query_params.get("par", "")
    return Choice(st.query_params.get("alertes", ""), by if by == BY_RULE else "molecule", lists.asked())


@st.fragment
def draw(here: Here, calls: Sequence[Call], region: str, asked: Choice, context: Mapping[str, str]) -> None:
    """Cards with their alerts. Runs again after a click: has its own boundary, and sends who lost access to the closed page."""
    try:
        identity.identity()
    except NoAccess:
        st.rerun(scope="app")
    session.begin()
    errors.contained(lambda: _block(here, calls, region, asked, context))


def _block(here: Here, calls: Sequence[Call], region: str, asked: Choice, context: Mapping[str, str]) -> None:
    seen = view()
    failure = st.session_state.pop(FAILURE, "") or seen.failure
    if failure:
        st.warning(failure)
    subjects = session.load(alerts.subjects) if seen.seen.unseen else {}
    groups = by_subject(seen.seen.unseen, subjects, calls)
    drawn = [_card(call, groups.get(call.subject_id), seen, region) for call in calls if call.has_card]
    place = next((at + 1 for at, item in enumerate(drawn) if item["subject"] == asked.opened), 0)
    if place:
        _cards(here, drawn[:place], seen, asked)
        _answer(here, groups.get(asked.opened), seen)
        _cards(here, drawn[place:], seen, asked)
    else:
        _cards(here, drawn, seen, asked)
    rest = cards.others(tuple(call.subject_id for call in calls if not call.has_card), region)
    is_open = bool(asked.opened) and not place
    head = headline(seen.seen.unseen, are_sorted=seen.may_answer)
    markup.show(templating.macro(TEMPLATE, "beneath", here, rest, head, is_open))
    if is_open:
        _list(here, groups, seen, asked, context)


def view() -> View:
    """Alerts of this person's role. A shared screen shows all of them: what a role has seen is its own business."""
    audience = Audience.of(identity.identity())
    mine = heard(session.load(alerts.in_force), audience)
    if session.projected() or session.is_open():
        return View(audience, Seen(tuple(mine), (), frozenset()), {}, may_answer=False)
    try:
        found, known = _sorted_out(audience, mine)
    except JournalUnavailable as error:
        words = f"Toutes les alertes sont montrées, même déjà vues. {error}"
        return View(audience, Seen(tuple(mine), (), frozenset()), {}, may_answer=False, failure=words)
    return View(audience, found, known, may_answer=True)


def _sorted_out(audience: Audience, mine: Sequence[Alert]) -> tuple[Seen, Mapping[str, Episode]]:
    """As ``life.seen_by``; what was seen is read at each run, when each alert began only changes with the snapshot."""
    journal, keys = identity.journal(), [audience.journal_key(alert.key) for alert in mine]
    # A snapshot is published a little before the journal says what appeared with it: not kept for long.
    key = audience.name, session.view(), time.monotonic() // KEPT_S
    ongoing = _EPISODES.get(key, lambda: life.under_way(journal, session.artefact(), mine))
    return life.sort_out(mine, audience, journal.acknowledgements(audience.role, keys), ongoing), ongoing


def headline(unseen: Sequence[Alert], *, are_sorted: bool) -> str:
    """« 61 alertes non vues : 2 graves, 40 importantes, 19 à suivre »; « ouvertes » where what was seen is not asked."""
    if not unseen:
        return "Aucune alerte non vue" if are_sorted else "Aucune alerte"
    counts = Counter(alert.level for alert in unseen)
    parts = [fr.plural(counts[level], one, many) for level, one, many in _LEVELS if counts[level]]
    one, many = ("alerte non vue", "alertes non vues") if are_sorted else ("alerte ouverte", "alertes ouvertes")
    return f"{fr.plural(len(unseen), one, many)} : {', '.join(parts)}"


# ---- groups


def by_subject(unseen: Sequence[Alert], subjects: Mapping[str, Subject], calls: Sequence[Call]) -> dict[str, Group]:
    """By molecule, those of a DCI with the first card of that DCI; gravest first, then the most numerous."""
    cards_of = {call.subject_id for call in calls if call.has_card}
    first_of: dict[str, str] = {}
    for call in calls:
        if call.has_card:
            first_of.setdefault(call.dci_key, call.subject_id)
    found: dict[str, list[Alert]] = {}
    labels: dict[str, str] = {}
    for alert in unseen:
        about = subjects.get(alert.key, Subject(f"alerte:{alert.key}", alert.label, ""))
        key = about.subject_id if about.subject_id in cards_of else first_of.get(about.dci_key, about.subject_id)
        found.setdefault(key, []).append(alert)
        labels.setdefault(key, about.label)
    groups = [Group(key, labels[key], items) for key, items in found.items()]
    return {group.key: group for group in sorted(groups, key=_gravity)}


def by_rule(unseen: Sequence[Alert]) -> dict[str, Group]:
    found: dict[str, list[Alert]] = {}
    for alert in unseen:
        found.setdefault(f"{RULE}{alert.rule}", []).append(alert)
    groups = [Group(key, items[0].title, items) for key, items in found.items()]
    return {group.key: group for group in sorted(groups, key=_gravity)}


def _gravity(group: Group) -> tuple[int, int, str]:
    return -max(alert.level for alert in group.alerts), -len(group.alerts), group.label


# ---- drawing


def _cards(here: Here, drawn: Sequence[Mapping[str, Any]], seen: View, asked: Choice) -> None:
    if drawn:
        markup.show(templating.macro(TEMPLATE, "cards", here, drawn, seen.may_answer, asked.opened))


def _card(call: Call, group: Group | None, seen: View, region: str) -> dict[str, Any]:
    mine = group.alerts if group else ()
    lines = [_line(alert, group, seen) for alert in mine[:FOLDED]] if group else []
    return {"body": cards.body(call.subject_id, region), "subject": call.subject_id, "alerts": lines, "count": len(mine),
            "graves": mine and mine[0].level > 1, "worst": mine[0] if mine else None}  # fmt: skip


def _displayed(alert: Alert) -> dict[str, Any]:
    """What a template reads of an alert."""
    names = ("key", "level", "level_label", "title", "sentence", "page", "label")
    return {**{name: getattr(alert, name) for name in names}, "target": dict(alert.parameters)}


def _line(alert: Alert, group: Group, seen: View) -> Markup:
    """Its label is that of its group: its rule leads there instead."""
    label = "" if alert.label == group.label else alert.label
    return templating.macro(TEMPLATE, "line", _displayed(alert), label, alert.key in seen.seen.worsened)


def _answer(here: Here, group: Group | None, seen: View) -> None:
    """The alerts of one group, each with its button; one note goes with whichever is clicked."""
    if group is None:
        return
    shown = group.alerts[:SHOWN]
    with st.container(key="vs-alerts", gap=None):
        markup.show(templating.macro(TEMPLATE, "group_head", here, group.label, len(group.alerts), len(shown)))
        if seen.may_answer:
            _whole(group, seen)
        for alert in shown:
            columns = st.columns([11, 1], vertical_alignment="center", gap="small") if seen.may_answer else [st]
            markup.show(_line(alert, group, seen), box=columns[0])
            if seen.may_answer:
                keys = [(seen.audience.journal_key(alert.key), alert.level)]
                columns[1].button("Vu", key=f"vu-{alert.key}", on_click=see, args=(keys, True), width="stretch")


def _whole(group: Group, seen: View) -> None:
    left, right = st.columns([6, 2], vertical_alignment="bottom", gap="small")
    left.text_input(
        "Note jointe à ce qui est marqué comme vu", key=NOTE, max_chars=500, placeholder="Note jointe (facultative)",
        label_visibility="collapsed",
    )  # fmt: skip
    keys = [(seen.audience.journal_key(alert.key), alert.level) for alert in group.alerts]
    words = "Marquer comme vue" if len(keys) == 1 else "Tout marquer comme vu"
    right.button(words, key=f"vu-tout-{group.key}", on_click=see, args=(keys, True), width="stretch")


def see(keys: Sequence[tuple[str, int]], with_note: bool = False) -> None:
    """Keys of the journal with the level seen (0: not seen after all); the note typed goes with them, then is gone."""
    noted = str(st.session_state.get(NOTE, "")) if with_note else ""
    try:
        identity.journal().acknowledge_all(identity.identity(), keys, noted)
    except JournalUnavailable as error:
        st.session_state[FAILURE] = str(error)
        return
    except NoAccess:  # the run that follows shows the closed page
        return
    if with_note:
        st.session_state[NOTE] = ""


def _list(here: Here, subjects: Mapping[str, Group], seen: View, asked: Choice, context: Mapping[str, str]) -> None:
    """Every alert by molecule or by rule, the group opened first; then files, and what was already seen."""
    is_by_rule = asked.by == BY_RULE
    rules = by_rule(seen.seen.unseen)
    _answer(here, subjects.get(asked.opened) or rules.get(asked.opened), seen)
    groups = list((rules if is_by_rule else subjects).values())
    if groups:
        kept, cut = lists.cut(groups, asked.most)
        rows = [{"key": group.key, "label": group.label, "count": len(group.alerts), "worst": _displayed(group.alerts[0]),
                 "words": _words(group, is_by_rule=is_by_rule)} for group in kept]  # fmt: skip
        markup.show(templating.macro(TEMPLATE, "groups", here, rows, cut, asked.by, asked.opened))
    alert_lists.draw(seen, see, context)


def _words(group: Group, *, is_by_rule: bool) -> str:
    """Rules of a molecule, or the first molecules of a rule."""
    titles = dict.fromkeys(alert.label if is_by_rule else alert.title for alert in group.alerts)
    names = list(titles)[:3]
    return ", ".join(names) + ("…" if len(titles) > len(names) else "")
