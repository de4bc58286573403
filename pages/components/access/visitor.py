"""The line above every page: how the data are served, who is signed in, how to leave; in a demo, whom to look as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import streamlit as st

from connectors.language.typography import french
from data.access.roles import ROLE_LABEL, Identity
from data.departments import region_names
from data.settings import PARIS
from pages.components import markup, tokens
from pages.components.access import identity, view_as
from pages.components.access.identity import Visit
from pages.components.grid import plain
from pages.components.shell import browser, frame

WATCH_S = 20.0  # an open page asks whether its session goes on
_DEMO = "Sans authentification : données fictives seulement"
_UNGUARDED = "Données réservées servies sans authentification"
_UNGUARDED_NOTE = "Quiconque atteint cette adresse voit tout, secret des affaires compris."
_STYLE = f"""<style>
.vs-banners {{ display: flex; flex-wrap: wrap; background: {tokens.SURFACE}; font-size: .875rem; }}
.vs-banners > div {{ flex: 0 1 auto; }}
.vs-banners .vs-danger {{ flex: 1 1 auto; border-left: 4px solid {tokens.STATUS["insatisfaisante"].colour};
  background: {tokens.STATUS["insatisfaisante"].soft}; padding: .3rem .75rem; }}
.st-key-vs-visitor {{ flex-wrap: nowrap; min-height: 2rem; }}
.st-key-vs-visitor button {{ min-height: 2rem; padding: .1rem .6rem; white-space: nowrap; }}
.st-key-vs-scripts {{ display: none; }}
@media (max-width: 640px) {{ .st-key-vs-visitor {{ flex-wrap: wrap; }}
  .st-key-vs-visitor > div:first-child {{ flex: 1 1 100%; }} .vs-banners > div {{ flex: 1 1 100%; }} }}
</style>"""


def draw(seen: Visit, info: Mapping[str, Any] | None, late: Sequence[str] = ()) -> None:
    """Banners to the left; the state of the data and the person to the right. A projected screen shows no name.

    info: row of *snapshot_info* (None when nothing was published yet). late: titles of late sources.
    """
    is_demo = bool(info and info["is_demo"])
    markup.show(_STYLE)
    with st.container(horizontal=True, vertical_alignment="center", key="vs-visitor"):
        markup.show(f'<div class="vs-banners">{banners(seen, is_demo=is_demo)}</div>')
        markup.show(frame.header(info, late), width="content")
        if not frame.projected():
            _person(seen, is_demo=is_demo)
    if seen.ends_at is not None:
        with st.container(key="vs-scripts"):
            browser.end_in((seen.ends_at - datetime.now(UTC)).total_seconds())
            browser.go_back()
            _watch(seen.identity)


@st.fragment(run_every=WATCH_S)
def _watch(who: Identity | None) -> None:
    """On a page that nobody touches: signed out elsewhere, out of the table, another role, it changes without a click."""
    if identity.visit().identity != who:
        st.rerun()


def banners(seen: Visit, *, is_demo: bool) -> str:
    """Permanent marks: invented data, no sign-in."""
    found = [frame.demo_banner()] if is_demo else []
    if seen.kind == "demo" and is_demo:
        found.append(_banner("vs-demo", _DEMO))
    elif seen.kind == "without_sign_in":
        found.append(_banner("vs-danger", _UNGUARDED, _UNGUARDED_NOTE))
    return "".join(found)


def _banner(kind: str, strong: str, words: str = "") -> str:
    return f'<div class="{kind}" role="note"><b>{escape(strong)}</b> {escape(words)}</div>'


def _person(seen: Visit, *, is_demo: bool) -> None:
    who = seen.identity
    if who is None or seen.kind != "sign_in":
        if seen.kind == "demo" and is_demo:
            _view_as()
        return
    with st.popover(plain(who.name), width="content"):
        markup.show(f'<div class="vs-note">{escape(who.login)}</div><div>{escape(role(who))}</div>{_until(seen)}')
        st.button("Se déconnecter", on_click=identity.sign_out, key="vs-sign-out")


def role(who: Identity) -> str:
    """« Agence régionale de santé, Bretagne »."""
    return ", ".join(part for part in (ROLE_LABEL[who.role], region_names().get(who.region or "", "")) if part)


def _until(seen: Visit) -> str:
    if seen.ends_at is None:
        return ""
    return f'<div class="vs-note">Session ouverte jusqu\'au {seen.ends_at.astimezone(PARIS):%d/%m/%Y à %H:%M}.</div>'


def _view_as() -> None:
    options = view_as.choices()
    st.session_state["vs-view-as"] = view_as.chosen()
    with st.popover(french(f"Voir comme : {options[view_as.chosen()]}"), width="content"):
        st.selectbox(
            "Voir comme",
            list(options),
            format_func=lambda value: options.get(value, value),  # a browser may send any value
            key="vs-view-as",
            on_change=lambda: view_as.choose(st.session_state["vs-view-as"]),
            help="Démonstration : ce que chaque rôle voit, et ce qui lui est masqué.",
        )
