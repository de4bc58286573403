"""Decisions of the data steward: the right is asked again at each, and a silent journal is shown on the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.access.roles import Identity
from data.journal import JournalUnavailable
from pages.components.access import identity
from pages.components.shell import frame, session


def steward(refusal: str) -> Identity:
    """The signed-in data steward; raises ``NoAccess`` with ``refusal`` for anybody else and on a shared screen."""
    who = identity.identity()
    if not who.is_steward or frame.projected() or session.is_open():
        raise identity.NoAccess(refusal)
    return who


def written(record: Callable[[], None]) -> bool:
    """Whether the journal took the record; when it does not answer, the page says so."""
    try:
        record()
    except JournalUnavailable as error:
        st.toast(str(error))
        return False
    return True
