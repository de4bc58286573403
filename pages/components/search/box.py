"""The box at the right of the bar and the list under it. Its keys are a script of ours (``shell/browser.py``)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from pages.components import markup, templating
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.search import index
from pages.components.shell import errors, menu, session

LABEL, PLACEHOLDER = "Rechercher", "Molécule, spécialité, CIP, n°…"
LONGEST = 80
PAUSE = "120ms"
TYPED, _AT = "vs-search-typed", "vs-search-at"


def draw(entries: Sequence[menu.Entry]) -> None:
    """Empty again on each page that is opened. entries: pages that the role may open."""
    at = (session.page(), tuple(sorted(st.query_params.to_dict().items())))
    if st.session_state.get(_AT) != at:
        st.session_state[_AT] = at
        st.session_state[TYPED] = ""
    with st.container(key="vs-search"):
        _search(tuple(entries))


@st.fragment
def _search(entries: tuple[menu.Entry, ...]) -> None:
    """Alone runs again while somebody types; who lost access meanwhile is sent back to the closed page."""
    try:
        identity.identity()
    except NoAccess:
        st.rerun(scope="app")
    errors.contained(lambda: _drawn(entries))


def _drawn(entries: tuple[menu.Entry, ...]) -> None:
    typed = st.text_input(
        LABEL,
        placeholder=PLACEHOLDER,
        key=TYPED,
        max_chars=LONGEST,
        autocomplete="off",
        label_visibility="collapsed",
        live=PAUSE,
    )
    if typed and typed.strip():
        session.begin()
        markup.show(listed(typed.strip(), entries))


def listed(typed: str, entries: Sequence[menu.Entry]) -> Markup:
    """The answers as links, and the line above them."""
    found = index.find(typed, entries)
    rows = [entry.row for entry in found.entries]
    is_shared = session.artefact() == "shared"
    return templating.render("components/search/listed", typed=typed, rows=rows, found=found, is_shared=is_shared)
