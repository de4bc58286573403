"""What this session writes in the access log: sign-ins and refusals, reserved pages opened, files exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import streamlit as st

from data.access.roles import Identity
from data.access.table import read as read_access_table
from data.journal import Journal, JournalSilent
from pages.components.access import identity
from pages.components.access.identity import NoAccess, Visit
from pages.components.access.sign_ins import Memory, memory
from pages.components.shell import served

_ENTRY, _OPENED = "vigistock-entry", "vigistock-opened"


@dataclass
class _Opened:
    """A page in one run: by whom, on which subjects; ``before``: those of the run before, already logged."""

    page: str
    who: Identity | None
    before: frozenset[str] = frozenset()
    subjects: set[str] = field(default_factory=set)

    def read(self, subject: str) -> None:
        is_new = subject not in self.subjects | self.before
        self.subjects.add(subject)
        if is_new and self.who:
            identity.log("page", self.page, subject, self.who)


def entry(seen: Visit) -> None:
    """Sign-in, or refusal of somebody whom the table does not know: once per sign-in."""
    if not seen.key or st.session_state.get(_ENTRY) == (seen.key, seen.state):
        return
    st.session_state[_ENTRY] = (seen.key, seen.state)
    if seen.state == "open" and not identity.recorded("connexion", seen.key):
        identity.log("connexion", "session", seen.key)
    elif seen.state == "no_access" and not identity.recorded("refus", seen.key):
        identity.quietly(lambda: identity.journal().record_refusal(seen.login, "session", seen.key))


@contextmanager
def opening(page: str, *, reserved: bool) -> Iterator[None]:
    """Around a page (its title in the menu). When reserved: logged once, not at each run, under what it reads."""
    last: _Opened | None = st.session_state.get(_OPENED)
    before = frozenset(last.subjects) if last and last.page == page else frozenset[str]()
    now = _Opened(page, identity.identity() if reserved else None, before)
    st.session_state[_OPENED] = now
    is_whole = False
    try:
        yield
        is_whole = True
    finally:
        if not now.subjects and (is_whole or not before):
            now.read("")
        # Interrupted by a click before it read anything: it is still open on what it was.
        now.subjects = now.subjects or set(before)


def reading(subject: object) -> None:
    """By a page, as soon as it knows what it reads of one medicine, declaration, company: what it loads, not what was asked."""
    opened: _Opened | None = st.session_state.get(_OPENED)
    if opened is not None:
        opened.read(str(subject))


def exporting(page: str, name: str) -> Callable[[], None]:
    """To call when a file is about to leave: checks the right again, and records the export.

    Prepared in the run that draws the button, called later in a thread that knows no session. With sign-in, an export
    that cannot be recorded is not made.
    """
    opened: list[Journal] = []
    seen = identity.visit()
    if seen.kind != "open":
        identity.quietly(lambda: opened.append(identity.journal()))
    what = f"{page} : {name}" if page else name
    return partial(_export, seen, opened, served.settings().access_table, memory(), what)


def _export(seen: Visit, opened: list[Journal], table: Path, known: Memory, what: str) -> None:
    who = seen.identity
    if who is None or seen.is_over or known.is_ended(seen.key, partial(_has_signed_out, opened, seen)):
        raise NoAccess("Session expirée.")
    if seen.kind == "sign_in" and read_access_table(table).identity(seen.claims) != who:
        raise NoAccess("Droits modifiés.")
    if seen.kind == "open":
        return
    if seen.kind != "sign_in":
        identity.quietly(lambda: _record(opened, who, what))
        return
    _record(opened, who, what)


def _has_signed_out(opened: list[Journal], seen: Visit) -> bool:
    """Nothing is exported without the journal: no answer is an error here."""
    return seen.kind == "sign_in" and _answering(opened).has_signed_out(seen.key)


def _record(opened: list[Journal], who: Identity, what: str) -> None:
    _answering(opened).record_access(who, "export", what)


def _answering(opened: list[Journal]) -> Journal:
    if not opened:
        raise JournalSilent("Le journal ne répond pas.")
    return opened[0]
