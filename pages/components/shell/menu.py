"""The menu of a role: its pages, and a sentence in the place of those it may not open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from data.access.roles import ROLE_LABEL, ROLES, Identity, Role
from pages.components.once import Once
from pages.components.shell import frame

EVERYBODY: frozenset[Role] = frozenset(ROLES)
STEWARD: frozenset[Role] = frozenset({"ansm_steward"})
ANYBODY: frozenset[Role] = EVERYBODY | {"public"}
_DECLARED: Once[st.Page] = Once(64)


@dataclass(frozen=True)
class Entry:
    """A page of the dashboard. ``reserved``: it shows more to those who may see laboratories, so its opening is logged.

    ``page``: section and script, ``risque/dates_promises``. ``variant``: one script, several pages (a plan each).
    ``section``: the list of the top bar that holds it; none for the pages of the daily review, which stand in the bar.
    ``in_meeting``: shown on a projected screen, where nothing names a laboratory. ``open_to``: roles that open it in a
    snapshot of public data only, whatever ``roles`` says; none where those give no answer.
    """

    page: str
    title: str
    variant: str = ""
    roles: frozenset[Role] = EVERYBODY
    hidden: bool = False
    reserved: bool = True
    section: str = ""
    is_home: bool = False
    in_meeting: bool = False
    open_to: frozenset[Role] = frozenset()

    @property
    def script(self) -> str:
        """Path of the script from the root of the project."""
        return f"pages/{self.page}.py"

    @property
    def path(self) -> str:
        """Address of the page, which is the name of its script: ``dates-promises``; empty for the home page."""
        name = self.page.rpartition("/")[2].replace("_", "-")
        return "" if self.is_home else "-".join(part for part in (name, self.variant) if part)


def pages(entries: Sequence[Entry], who: Identity, *, is_open: bool = False) -> dict[str, st.Page]:
    """Pages by path. The script of a page that the role may not open is not declared: nothing can run it.

    is_open: the snapshot is made of public data only.
    """
    return {entry.path: _page(entry, who, is_open=is_open) for entry in entries}


def allowed(entries: Sequence[Entry], who: Identity, *, is_open: bool = False) -> list[Entry]:
    """Those the role may open."""
    return [entry for entry in entries if _may_open(entry, who, is_open=is_open)]


def _may_open(entry: Entry, who: Identity, *, is_open: bool) -> bool:
    return who.role in (entry.open_to if is_open else entry.roles)


def closed(entries: Sequence[Entry], draw: Callable[[], Any]) -> list[st.Page]:
    """Every address shows the same closed page, so that a link asked for before sign-in is not « introuvable »."""
    return [_stand_in(entry, draw, "Vigistock") for entry in entries]


def _page(entry: Entry, who: Identity, *, is_open: bool) -> st.Page:
    if not _may_open(entry, who, is_open=is_open):
        draw = partial(_without_answer, entry) if is_open else partial(_forbidden, entry, who)
        return _stand_in(entry, draw, entry.title)
    # Each run has its own, which the framework marks; what they are made of is looked up on the disk once.
    return copy(_DECLARED.get(entry, lambda: _declared(entry)))


def _declared(entry: Entry) -> st.Page:
    return st.Page(
        entry.script,
        title=entry.title,
        url_path=entry.path or None,
        default=not entry.path,
        visibility="hidden" if entry.hidden else "visible",
    )


def _stand_in(entry: Entry, draw: Callable[[], Any], title: str) -> st.Page:
    def shown() -> None:
        draw()

    return st.Page(shown, title=title, url_path=entry.path or None, default=not entry.path, visibility="hidden")


def _without_answer(entry: Entry) -> None:
    frame.title_answer(entry.title, "Les données ouvertes ne répondent pas à cette question.")
    frame.empty_state(
        "Page absente des données ouvertes.",
        "Elle se calcule sur des fichiers réservés (stocks, ventes, déclarations en cours) que cette installation n'a pas "
        "reçus. Les autres pages sont dans le menu.",
    )


def _forbidden(entry: Entry, who: Identity) -> None:
    allowed = " ; ".join(ROLE_LABEL[role] for role in ROLES if role in entry.roles)
    frame.title_answer(entry.title, "Cette page n'est pas ouverte à votre rôle.")
    frame.empty_state(
        f"Page réservée : {allowed}.",
        f"Vous consultez Vigistock comme « {ROLE_LABEL[who.role]} ». Les autres pages sont dans le menu.",
    )
