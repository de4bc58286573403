"""What the access log says of this session: who came in or was refused, which reserved page opened, what left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from data.access.table import read as read_access_table
from data.journal import Journal, JournalUnavailable
from pages.components.access import identity
from pages.components.access.identity import NoAccess, Visit
from pages.components.access.sign_ins import Memory, memory
from pages.components.shell import served

LONGEST_SUBJECT = 200
_SUBJECTS = ("numero", "sujet", "source", "indicateur", "departement")
_ENTRY, _OPENED = "vigistock-entry", "vigistock-opened"


def entry(seen: Visit) -> None:
    """Sign-in, or refusal of somebody whom the table does not know: once for each passage by the provider."""
    if not seen.key or st.session_state.get(_ENTRY) == (seen.key, seen.state):
        return
    st.session_state[_ENTRY] = (seen.key, seen.state)
    if seen.state == "open" and not identity.recorded("connexion", seen.key):
        identity.log("connexion", "session", seen.key)
    elif seen.state == "no_access" and not identity.recorded("refus", seen.key):
        identity.quietly(lambda: identity.journal().record_refusal(seen.login, "session", seen.key))


def opening(page: str, *, reserved: bool) -> None:
    """A reserved page opened (its title in the menu), or opened on something else: once, not at each run."""
    subject = next((value for name in _SUBJECTS if (value := st.query_params.get(name))), "")
    if st.session_state.get(_OPENED) == (page, subject):
        return
    st.session_state[_OPENED] = (page, subject)
    if reserved:
        identity.log("page", page, subject[:LONGEST_SUBJECT])


def exporting(page: str, name: str) -> Callable[[], None]:
    """To call when a file is about to leave: checks the right again, and records the export.

    Prepared in the run that draws the button, called later in a thread that knows no session. With sign-in, an export
    that cannot be recorded is not made.
    """
    opened: list[Journal] = []
    identity.quietly(lambda: opened.append(identity.journal()))
    what = f"{page} : {name}" if page else name
    return partial(_export, identity.visit(), opened, served.settings().access_table, memory(), what)


def _export(seen: Visit, opened: list[Journal], table: Path, known: Memory, what: str) -> None:
    who = seen.identity
    if who is None or seen.is_over or known.is_ended(seen.key):
        raise NoAccess("Session expirée.")
    if seen.kind == "sign_in" and read_access_table(table).identity(seen.claims) != who:
        raise NoAccess("Droits modifiés.")
    if seen.kind != "sign_in":
        identity.quietly(lambda: _record(opened, seen, what))
        return
    _record(opened, seen, what)


def _record(opened: list[Journal], seen: Visit, what: str) -> None:
    if not opened or seen.identity is None:
        raise JournalUnavailable("Le journal ne répond pas.")
    opened[0].record_access(seen.identity, "export", what)
