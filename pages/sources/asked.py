"""What waits for the data steward: one line per question, and the form of the one the address opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

import streamlit as st

from data.journal import JournalUnavailable
from pages.components import format as fr
from pages.components import links, lists, markup
from pages.components.access import identity
from pages.components.shell import frame, session
from pages.components.templating import macro, render

Decisions = TypeVar("Decisions")
PAGE, OPENED = "sources/sources", "ligne"


@dataclass(frozen=True)
class Line:
    """A question: its head in bold and what follows, why, where it was read, what was decided."""

    head: str
    rest: str
    why: str
    where: str
    decided: str


def may_answer() -> bool:
    """The steward alone, not on a shared screen, not about public data only (a decision is reserved); each decision asks again."""
    return identity.identity().is_steward and not frame.projected() and not session.is_open()


def mark(key: str) -> str:
    """How the address names a line, without revealing who sent it."""
    return blake2b(key.encode(), digest_size=6).hexdigest()


def heading(title: str, waiting: int, note: str, nothing: str) -> None:
    """How many wait; ``nothing``: shown when none does."""
    frame.section(f"{title} : {fr.number(waiting)}", note)
    if nothing and not waiting:
        markup.show(macro(frame.PARTS, "empty_line", nothing))


def decided(read: Callable[[], Decisions], unreadable: str) -> Decisions | None:
    """Decisions of the journal; None, after showing ``unreadable``, when it cannot be read."""
    try:
        return read()
    except JournalUnavailable as error:
        frame.empty_state(unreadable, str(error))
        return None


def draw(
    keys: Sequence[str],
    line: Callable[[str], Line],
    form: Callable[[str], None],
    unit: tuple[str, str],
) -> None:
    """The first lines, each built when it is shown, and under the opened one its form.

    keys: of the lines, in order. unit: what they are called, one and several.
    """
    may, asked = may_answer(), st.query_params.get(OPENED)
    opened = next((rank for rank, key in enumerate(keys) if mark(key) == asked), None) if may and asked else None
    shown, cut = lists.cut(keys, max(lists.asked(), -1 if opened is None else opened + 1))
    here = links.here(PAGE)
    rows = [{"line": line(key), "mark": mark(key), "is_open": rank == opened} for rank, key in enumerate(shown)]
    split = len(rows) if opened is None else opened + 1
    parts = [part for part in (rows[:split], rows[split:]) if part]
    for part in parts:
        is_last = part is parts[-1]
        markup.show(render("sources/asked", here=here, rows=part, may=may, cut=cut if is_last else None, unit=unit))
        if opened is not None and part is parts[0]:
            with st.container(key="vs-answer-form", horizontal=True, vertical_alignment="bottom"):
                form(keys[opened])
