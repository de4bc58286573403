"""The form of préparations magistrales: an agent types a week, the journal keeps it, the next refresh publishes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from connectors.language.typography import french
from data.access.roles import SEES_LABORATORIES, Identity
from data.journal import JournalUnavailable
from data.journal.entries import Preparation
from data.journal.preparations import MOST_PHARMACIES, MOST_PREPARATIONS, Counted
from data.warehouse import Reader
from metrics.preparations import queries as preparations
from pages.components import format as fr
from pages.components import markup, templating
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.charts import figures
from pages.components.shell import errors, frame, served, session

TEMPLATE = "molecules/counted"
WEEKS = 104  # offered; older ones are imported
_HISTORY = 12  # of what was typed, under the form
AWAITED = "en attente du prochain rafraîchissement"

Row = dict[str, Any]


@st.fragment
def draw(subject_id: str) -> None:
    """What waits for a refresh, then the form, for agents of the ANSM alone; alone runs again when a week is typed.

    A shared screen shows none, nor does an open snapshot.
    """
    if frame.projected() or session.is_open():
        return
    try:
        who = identity.identity()
    except NoAccess:
        st.rerun(scope="app")
    if who.role not in SEES_LABORATORIES:
        return
    session.begin()
    errors.contained(partial(_section, subject_id))


def _section(subject_id: str) -> None:
    place = st.container()
    box = st.expander(french("Saisir des préparations magistrales"), key=f"preparer-{subject_id}", on_change="rerun")
    if box.open:
        with box:
            _form(subject_id)
    with place:
        _waiting(subject_id)
    if box.open:
        with box:
            _history(subject_id)


def weeks_over(today: date) -> list[date]:
    """Mondays of the weeks that are over, the last one first."""
    last = today - timedelta(days=today.weekday() + (0 if today.weekday() == 6 else 7))
    return [last - timedelta(weeks=back) for back in range(WEEKS)]


def _form(subject_id: str) -> None:
    last = _last(subject_id)
    with st.form(f"preparer-{subject_id}-semaine", border=False, clear_on_submit=True):
        first, second, third = st.columns(3)
        week = first.selectbox("Semaine", weeks_over(served.settings().today), format_func=week_words)
        count = second.number_input("Préparations", 0, MOST_PREPARATIONS, value=None, step=1)
        pharmacies = third.number_input(french("Officines (vide : inconnu)"), 0, MOST_PHARMACIES, value=None, step=1)
        day = first.date_input(
            "Recommandation du (jour/mois/année)",
            value=last.get("recommendation_on"),
            format="DD/MM/YYYY",
            min_value=date(2000, 1, 3),
        )
        reason = st.text_input("Motif de la recommandation", value=str(last.get("reason") or ""), max_chars=400)
        sent = st.form_submit_button("Enregistrer la semaine")
        taken_back = st.form_submit_button("Retirer la saisie de cette semaine")
    if sent:
        _write(partial(_count, subject_id, week, count, pharmacies, _one(day), reason))
    elif taken_back:
        _write(partial(_withdraw, subject_id, week))


def week_words(week: date) -> str:
    """« S46 2026, du 09/11 au 15/11 »."""
    return french(f"{fr.week(week, year=True)}, du {fr.short_day(week)} au {fr.short_day(week + timedelta(days=6))}")


def _one(day: object) -> date | None:
    return day if isinstance(day, date) else None


def _last(subject_id: str) -> Row:
    """Recommendation and reason last typed: they hold for weeks on end."""
    found = sorted(in_force(subject_id), key=lambda item: item.week)
    if found:
        return {"recommendation_on": found[-1].recommendation_on, "reason": found[-1].reason}
    rows = session.load(_published, subject_id)
    return {"recommendation_on": rows[-1]["recommendation_on"], "reason": rows[-1]["reason"] or ""} if rows else {}


def _write(write: Callable[[Identity], str]) -> None:
    """The right and the bounds are those of the journal, whatever the form let through."""
    try:
        st.success(french(write(identity.identity())))
    except ValueError as error:
        st.warning(french(str(error)))
    except JournalUnavailable as error:
        st.error(french(str(error)))


def _count(
    subject_id: str,
    week: date,
    count: int | None,
    pharmacies: int | None,
    day: date | None,
    reason: str,
    who: Identity,
) -> str:
    if count is None:
        raise ValueError("Le nombre de préparations est vide (0 : aucune). Rien n'a été enregistré.")
    counted = Counted(subject_id, week, count, pharmacies, day, reason)
    identity.journal().count_preparations(who, counted, served.settings().today)
    return f"{fr.week(week, year=True)} enregistrée, {AWAITED}."


def _withdraw(subject_id: str, week: date, who: Identity) -> str:
    if not identity.journal().withdraw_preparations(who, subject_id, week):
        raise ValueError(f"Aucune saisie à retirer pour {fr.week(week, year=True)}.")
    return f"Saisie de {fr.week(week, year=True)} retirée, {AWAITED}."


def in_force(subject_id: str) -> list[Preparation]:
    """Empty when the journal does not answer: the page stands without it."""
    found: list[Preparation] = []
    identity.quietly(lambda: found.extend(identity.journal().preparations([subject_id])))
    return found


def awaited(published: Sequence[Row], typed: Sequence[Preparation]) -> list[Row]:
    """Weeks that the next refresh will change: typed since, corrected, taken back. The last week first."""
    known = {row["week"]: row for row in published}
    changed = [
        {"week": item.week, "item": item, "is_back": False}
        for item in typed
        if item.week not in known or not _is_same(known[item.week], item)
    ]
    held = {item.week for item in typed}
    changed += [
        {"week": week, "item": None, "is_back": True}
        for week, row in known.items()
        if row["origin"] == "saisie" and week not in held
    ]
    return sorted(changed, key=lambda row: row["week"], reverse=True)


def _is_same(row: Row, item: Preparation) -> bool:
    shown = tuple(row[name] for name in ("preparations", "pharmacies", "recommendation_on", "reason"))
    typed = (item.preparations, item.pharmacies, item.recommendation_on, item.reason or None)
    return row["origin"] == "saisie" and shown == typed


def _published(reader: Reader, subject_id: str) -> list[Row]:
    """Weeks of the snapshot with plain days, numbers and None."""
    rows = figures.records(preparations.weekly(reader, subject_id))
    return [
        row
        | {
            "week": fr.as_date(row["week"]),
            "preparations": int(row["preparations"]),
            "pharmacies": None if fr.missing(row["pharmacies"]) else int(row["pharmacies"]),
            "recommendation_on": fr.as_date(row["recommendation_on"]),
            "reason": None if fr.missing(row.get("reason")) else row["reason"],
        }
        for row in rows
    ]


def _waiting(subject_id: str) -> None:
    """Nothing when the journal does not answer: what it holds is unknown, not taken back."""
    found: list[list[Preparation]] = []
    identity.quietly(lambda: found.append(identity.journal().preparations([subject_id])))
    if found and (changed := awaited(session.load(_published, subject_id), found[0])):
        markup.show(waiting_html(changed))


def waiting_html(changed: Sequence[Row]) -> Markup:
    return templating.macro(TEMPLATE, "waiting", changed, AWAITED)


def _history(subject_id: str) -> None:
    try:
        typed = identity.journal().preparation_history([subject_id])
    except JournalUnavailable:
        return
    markup.show(templating.macro(TEMPLATE, "history", typed[::-1][:_HISTORY], max(len(typed) - _HISTORY, 0)))
