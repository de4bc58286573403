"""Revue du jour: which molecules call for an action this morning, and what changed since the reference."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from metrics import methods
from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.review import queries as review
from metrics.sources import queries as sources
from pages.components import filters, markup
from pages.components import format as fr
from pages.components import states as figure_states
from pages.components.shell import frame, session
from pages.components.shell.session import Reference
from pages.revue import alertes, declaration_lines, movement_lines, reception_lines, sentence
from pages.revue.movement_lines import Section

QUESTION = "Quelles molécules demandent une action ce matin ?"
CHOSEN = "date"
NO_COMMITTEE = "Date du dernier comité inconnue : choisir une date, ou la faire inscrire dans les réglages."
METHODS = (
    ("Maillon le plus faible", "plan_status"),
    ("Changements de statut", "review_status"),
    ("Alertes", "alert"),
    ("Département en alerte", "department_status"),
)


def reference() -> Reference | None:
    """The snapshot to compare with, kept in the URL (``?depuis=``); None when there is no earlier one."""
    current = session.snapshot() or ""
    known = {item.key: item for item in session.references(current)}
    labels = {key: f"{item.label} ({fr.short_day(item.as_of)})" for key, item in known.items()}
    days = session.comparable_days(current)
    picked = filters.choose("Depuis", {**labels, CHOSEN: "une date à choisir"} if days else labels, "depuis")
    if picked == CHOSEN:
        return session.reference_on(current, _chosen_day(days))
    if known and not session.settings().committee.dates:
        markup.show(f'<p class="vs-note">{NO_COMMITTEE}</p>')
    return known.get(picked or "")


def _chosen_day(days: list[date]) -> date:
    """The day typed, kept in the URL (``?le=``): the last one published before today until another is chosen."""
    try:
        asked = date.fromisoformat(st.query_params.get("le", ""))
    except ValueError:
        asked = days[-1]
    day = min(max(asked, days[0]), days[-1])
    answer = st.date_input("Comparer au", day, min_value=days[0], max_value=days[-1], format="DD/MM/YYYY")
    typed = answer if isinstance(answer, date) else day
    if typed != asked:
        filters.write("le", typed.isoformat())
    return typed


def sections(moved: review.Review, since: Reference | None, states: pd.DataFrame, last: pd.DataFrame) -> list[Section]:
    """What changed, gravest kind first; kinds of the same gravity keep this order."""
    visible = session.load(declarations.is_visible)
    bound = float(session.load(methods.thresholds).set_index("name")["value"].get("tipping_uncovered_pct", 0))
    known = reception_lines.sources(states, session.last_run(), visible=visible)
    public = declaration_lines.public(moved.public, last, visible=visible)
    confirm = reception_lines.to_confirm(states)
    waiting = [confirm] if visible and not confirm.rows.empty else []
    if since is None:
        tipping = declaration_lines.tipping(
            session.load(declarations.tipping_all), bound, compared=False, visible=visible
        )
        return [*waiting, tipping, public, known]
    found = [
        movement_lines.statuses(moved.status),
        movement_lines.departments(moved.departments),
        declaration_lines.declarations(moved.declarations, moved.summary, visible=visible),
        declaration_lines.tipping(moved.tipping, bound, compared=True, visible=visible),
        declaration_lines.promises(moved.promises, visible=visible),
        public,
        *waiting,
        known,
    ]
    return sorted(found, key=lambda section: section.gravity)


def draw(found: list[Section], context: dict[str, str]) -> None:
    """Kinds with movements, then one quiet line for each kind without any."""
    for section in found:
        if not section.rows.empty:
            movement_lines.draw(section, context)
    quiet = [f"<li>{escape(section.quiet)}</li>" for section in found if section.rows.empty]
    if quiet:
        markup.show(f'<ul class="vs-note" style="margin:0;padding-left:1.1rem">{"".join(quiet)}</ul>')


def main() -> None:
    markup.show(movement_lines.STYLE)
    info: dict[str, Any] = session.load(referential.snapshot)
    left, right = st.columns([4, 1.15], vertical_alignment="bottom")
    with right:
        since = reference()
    moved = session.load(review.review, reference=since.snapshot if since else None)
    followed, last = session.load(review.followed), session.load(review.last_public_events)
    states = session.load(sources.states)
    shown = moved.public if not moved.public.empty else last
    with left:
        frame.title_answer(
            QUESTION, sentence.answer(sentence.in_season(followed), moved.status, since, shown), info["as_of"]
        )
    context = {
        "Depuis": f"{since.label} ({fr.day(since.as_of)})" if since else "—",
        "Données au": fr.day(info["as_of"]),
    }
    alertes.draw(context)
    if followed["weakest_status"].notna().any():
        draw([movement_lines.today(followed)], context)
    if since is None:
        markup.show(
            '<p class="vs-note">Premier instantané : les changements se liront dès le prochain rafraîchissement.</p>'
        )
    else:
        frame.section("Ce qui a changé", f"depuis {context['Depuis']}, du plus grave au moins grave")
    figure_states.note("declaration", "promise", "public_shortage")
    draw(sections(moved, since, states, last), context)
    used = states[states["state"] != "absent"] if not states.empty else states
    frame.footer(used.to_dict("records"), methods=METHODS)


main()
