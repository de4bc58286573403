"""The frame above every page: mark and menu, then one strip (what the data are, whom one looks as); below, when the
screen is projected, the bar of the meeting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

import streamlit as st
from markupsafe import Markup

from data.access.roles import ROLE_LABEL, Identity
from data.departments import region_names
from data.settings import PARIS
from pages.components import format as fr
from pages.components import links, markup, templating
from pages.components.access import identity, view_as
from pages.components.access.identity import Visit
from pages.components.exports import scripts, stamp
from pages.components.markdown import plain
from pages.components.search import box
from pages.components.shell import browser, frame, style
from pages.components.shell.menu import Entry

FRAME = frame.FRAME
Asked = tuple[tuple[str, str], ...]  # parameters of the address
WATCH_S = 20.0  # an open page asks whether its session goes on
_DEMO = (stamp.INVENTED.name, "laboratoires et stocks inventés · sans authentification")
_DEMO_SIGNED = (stamp.INVENTED.name, "laboratoires et stocks inventés")
_OPEN = (stamp.PUBLIC.name, stamp.PUBLIC.words)
_UNGUARDED = (
    "Données réservées servies sans authentification",
    "Quiconque atteint cette adresse voit tout, secret des affaires compris.",
)


def draw(
    seen: Visit,
    entries: Sequence[Entry],
    current: Entry | None,
    info: Mapping[str, Any] | None,
    late: Sequence[str] = (),
) -> None:
    """Everything around the page, as two elements and the menu of the person signed in.

    entries: those the role may open. info: row of *snapshot_info* (None when nothing was published yet). late: titles
    of late sources.
    """
    kind = stamp.kind_of(info)
    style.inject(projection=frame.projected(), kind=kind)
    printed = scripts.printed(current.title if current else "", published(info), kind)
    if frame.projected():
        markup.show(meeting(entries, current, info) + printed)
    else:
        markup.show(menu(tuple(entries), current) + strip(seen, info, late) + scripts.buttons() + printed)
        if info is not None:
            box.draw(entries)
        if seen.kind == "sign_in" and seen.identity is not None:
            _person(seen, seen.identity)
    with st.container(key="vs-scripts"):
        browser.run(scripts.LEAVING)
        if seen.kind == "open":
            _watch(seen.identity)
        if seen.ends_at is not None:
            browser.end_in((seen.ends_at - datetime.now(UTC)).total_seconds())
            browser.go_back()
            _watch(seen.identity)


@st.fragment(run_every=WATCH_S)
def _watch(who: Identity | None) -> None:
    """On a page that nobody touches: signed out elsewhere, out of the table, another role, it changes without a click."""
    if identity.visit().identity != who:
        st.rerun()


@lru_cache(maxsize=512)
def menu(entries: tuple[Entry, ...], current: Entry | None) -> Markup:
    """Mark and pages, those of one section together, in the order of the entries."""
    shown = [entry for entry in entries if not entry.hidden]
    sections = [
        (section, [(entry.title, links.path(entry.page, entry.variant), entry == current) for entry in together])
        for section, together in groupby(shown, key=lambda entry: entry.section)
    ]
    return templating.macro(FRAME, "bar", style.logo(), links.path(links.HOME), sections)


def strip(seen: Visit, info: Mapping[str, Any] | None, late: Sequence[str]) -> Markup:
    """What the data are, when they were published, what is late, whom one looks as."""
    is_demo = bool(info and info["is_demo"])
    is_open = bool(info and info.get("is_open"))
    notices = [_DEMO if seen.kind == "demo" else _DEMO_SIGNED] if is_demo else []
    notices += [_OPEN] if is_open else []
    notices += [_UNGUARDED] if seen.kind == "without_sign_in" else []
    looks = (_asked(), view_as.chosen()) if seen.kind == "demo" and is_demo else None
    tone = "danger" if seen.kind == "without_sign_in" else "open" if is_open else ""
    return _strip(tuple(notices), published(info), tuple(late), looks, tone, signed_in=seen.kind == "sign_in")


@lru_cache(maxsize=512)
def _strip(
    notices: tuple[tuple[str, str], ...],
    day: str,
    late: tuple[str, ...],
    looks: tuple[Asked, str] | None,
    tone: str,
    *,
    signed_in: bool,
) -> Markup:
    roles = _roles(*looks) if looks else []
    return templating.macro(FRAME, "strip", notices, day, late, roles, tone, signed_in)


def published(info: Mapping[str, Any] | None) -> str:
    """« Données du 22/11/2026 06:10 »."""
    return f"Données du {fr.moment(info.get('built_at') or info.get('as_of'))}" if info else "Aucune donnée publiée"


def meeting(entries: Sequence[Entry], current: Entry | None, info: Mapping[str, Any] | None) -> Markup:
    """Pages of a projected screen, and the way out of it."""
    pages = [
        (entry.title, links.path(entry.page, entry.variant), entry == current) for entry in entries if entry.in_meeting
    ]
    words = published(info) + "".join(
        f" · {strong}" for key, (strong, _) in (("is_demo", _DEMO), ("is_open", _OPEN)) if info and info.get(key)
    )
    quit_ = links.here(current.page if current else links.HOME, current.variant if current else "").but(projection="0")
    return templating.macro(FRAME, "meeting", pages, quit_, words)


def _asked() -> Asked:
    return tuple(sorted(st.query_params.to_dict().items()))


def _roles(asked: Asked, chosen: str) -> list[tuple[str, str, bool]]:
    """Whom a demo can be looked at as, each an address of the page that is open."""
    here = links.Here("", asked)
    return [(label, here.but(role=role), role == chosen) for role, label in view_as.choices().items()]


def _person(seen: Visit, who: Identity) -> None:
    with st.container(key="vs-person"), st.popover(plain(who.name), width="content"):
        markup.show(templating.macro(FRAME, "person", who.login, role(who), _until(seen)))
        st.button("Se déconnecter", on_click=identity.sign_out, key="vs-sign-out")


def role(who: Identity) -> str:
    """« Agence régionale de santé, Bretagne »."""
    return ", ".join(part for part in (ROLE_LABEL[who.role], region_names().get(who.region or "", "")) if part)


def _until(seen: Visit) -> str:
    if seen.ends_at is None:
        return ""
    return f"Session ouverte jusqu'au {seen.ends_at.astimezone(PARIS):%d/%m/%Y à %H:%M}."
