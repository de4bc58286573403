"""Demo only: look at the tool as each role does (``?role=ars-53``). Real data never come here."""

from __future__ import annotations

import streamlit as st

from data.access.roles import ROLE_LABEL, ROLES, Identity
from data.departments import region_names

PARAMETER, DEFAULT = "role", "ansm_steward"
_KEPT = "vigistock-view-as"
_LOGIN = "demonstration"


def keep() -> None:
    """Called by the frame: the role stays while one goes from page to page, and is back in the URL of each."""
    asked = st.query_params.get(PARAMETER)
    if asked is not None:
        st.session_state[_KEPT] = asked if _parse(asked) else DEFAULT
    kept = st.session_state.get(_KEPT, DEFAULT)
    if kept not in {DEFAULT, asked}:
        st.query_params[PARAMETER] = kept


def identity() -> Identity:
    """The visitor of a demo, who sees everything unless they ask to see less."""
    asked = st.query_params.get(PARAMETER) or st.session_state.get(_KEPT, DEFAULT)
    return _parse(asked) or Identity(_LOGIN, "Démonstration", "ansm_steward")


def choices() -> dict[str, str]:
    """What the menu offers: value of the parameter → French words."""
    found: dict[str, str] = {}
    for role in ROLES:
        if role == "ars":
            found |= {f"ars-{code}": f"ARS {name}" for code, name in sorted(region_names().items(), key=lambda r: r[1])}
        else:
            found[role] = ROLE_LABEL[role]
    return dict(sorted(found.items(), key=lambda item: item[0].startswith("ars-")))


def chosen() -> str:
    who = identity()
    return f"ars-{who.region}" if who.role == "ars" else who.role


def choose(value: str) -> None:
    if not _parse(value):
        return
    st.session_state[_KEPT] = value
    if value == DEFAULT:
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = value


def _parse(asked: str) -> Identity | None:
    """None when the URL names no role, or a region that does not go with it."""
    role, _, region = asked.partition("-")
    found = next((known for known in ROLES if known == role), None)
    if found is None or (region not in region_names() if found == "ars" else region != ""):
        return None
    return Identity(_LOGIN, "Démonstration", found, region or None)
