"""The line above every page: how the data are served, who is signed in, how to leave; in a demo, whom to look as."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import streamlit as st

from data.access import ROLE_LABEL, Identity
from data.access_table import regions
from data.settings import PARIS
from pages.components import browser, frame, identity, view_as
from pages.components.grid import plain
from pages.components.identity import Visit

_DEMO = ("Sans authentification : données fictives seulement", "Chacun voit tout ; « Voir comme » montre chaque rôle.")
_UNGUARDED = (
    "Données réservées servies sans authentification",
    "Quiconque atteint cette adresse voit tout, secret des affaires compris.",
)
_STYLE = """<style>
.st-key-vs-visitor .vs-banners { display: flex; flex-wrap: wrap; gap: .4rem .75rem; }
.st-key-vs-visitor .vs-banners > div { flex: 1 1 auto; }
.st-key-vs-visitor .vs-danger { border-left: 4px solid #B2182B; background: #F7DFE2; padding: .3rem .75rem;
  font-size: .875rem; }
.st-key-vs-visitor button, .st-key-vs-visitor-alone button { min-height: 2rem; padding: .1rem .6rem; }
.st-key-vs-scripts { display: none; }
.st-key-vs-visitor-alone { height: 0; min-height: 0; overflow: visible; position: relative; z-index: 3; }
.st-key-vs-visitor-alone > div { pointer-events: none; }
.st-key-vs-visitor-alone button { pointer-events: auto; background: #fff; }
</style>"""


def draw(seen: Visit, *, is_demo: bool) -> None:
    """Banners to the left, the person to the right; a projected screen shows no name."""
    told = banners(seen, is_demo=is_demo)
    st.html(_STYLE)
    line = st.container(horizontal=True, vertical_alignment="center", key="vs-visitor" if told else "vs-visitor-alone")
    with line:
        st.html(f'<div class="vs-banners">{told}</div>')
        if not frame.projected():
            _person(seen, is_demo=is_demo)
    if seen.ends_at is not None:
        with st.container(key="vs-scripts"):
            browser.end_in((seen.ends_at - datetime.now(UTC)).total_seconds())
            browser.go_back()


def banners(seen: Visit, *, is_demo: bool) -> str:
    """Permanent marks: invented data, no sign-in."""
    found = [frame.demo_banner()] if is_demo else []
    if seen.kind == "demo" and is_demo:
        found.append(_banner("vs-demo", *_DEMO))
    elif seen.kind == "unguarded":
        found.append(_banner("vs-danger", *_UNGUARDED))
    return "".join(found)


def _banner(kind: str, strong: str, plain: str) -> str:
    return f'<div class="{kind}" role="note"><b>{escape(strong)}</b> {escape(plain)}</div>'


def _person(seen: Visit, *, is_demo: bool) -> None:
    who = seen.identity
    if who is None or seen.kind != "sign_in":
        if seen.kind == "demo" and is_demo:
            _view_as()
        return
    with st.popover(plain(who.name), width="content"):
        st.html(f'<div class="vs-note">{escape(who.login)}</div><div>{escape(role(who))}</div>{_until(seen)}')
        st.button("Se déconnecter", on_click=identity.sign_out, key="vs-sign-out")


def role(who: Identity) -> str:
    """« Agence régionale de santé, Bretagne »."""
    return ", ".join(part for part in (ROLE_LABEL[who.role], regions().get(who.region or "", "")) if part)


def _until(seen: Visit) -> str:
    if seen.ends_at is None:
        return ""
    return f'<div class="vs-note">Session ouverte jusqu\'au {seen.ends_at.astimezone(PARIS):%d/%m/%Y à %H:%M}.</div>'


def _view_as() -> None:
    options = view_as.choices()
    st.session_state["vs-view-as"] = view_as.chosen()
    with st.popover(f"Voir comme : {options[view_as.chosen()]}", width="content"):
        st.selectbox(
            "Voir comme",
            list(options),
            format_func=lambda value: options[value],
            key="vs-view-as",
            on_change=lambda: view_as.choose(st.session_state["vs-view-as"]),
            help="Démonstration : ce que chaque rôle voit, et ce qui lui est masqué.",
        )
