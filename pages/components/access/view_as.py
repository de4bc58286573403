"""Demo only: look at the tool as each role does (``?role=ars-53``). Real data never come here."""

from __future__ import annotations

import streamlit as st

from data.access.roles import ROLE_LABEL, ROLES, Identity, Role
from data.departments import region_names

PARAMETER = "role"
DEFAULT: Role = "ansm_steward"
_LOGIN = "demonstration"


def identity() -> Identity:
    """The visitor of a demo, who sees everything unless the address asks to see less; links carry the role along."""
    return _parse(st.query_params.get(PARAMETER, DEFAULT)) or Identity(_LOGIN, "Démonstration", DEFAULT)


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


def _parse(asked: str) -> Identity | None:
    """None when the URL names no role, or a region that does not go with it."""
    role, _, region = asked.partition("-")
    found = next((known for known in ROLES if known == role), None)
    if found is None or (region not in region_names() if found == "ars" else region != ""):
        return None
    return Identity(_LOGIN, "Démonstration", found, region or None)
