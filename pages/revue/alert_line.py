"""One alert on the review: a link to where it is explained, its words, and the buttons that say it was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from data.alerts.life import Episode, Seen
from data.alerts.reading import Alert, Audience
from data.journal import JournalUnavailable
from pages.components import badges, markup, tokens
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.grid import plain

WIDTHS = [3.4, 0.95, 5.4, 0.6, 0.8]
PAGES = {
    "basculement": "pages/risque/basculement.py",
    "molecule": "pages/molecules/molecule.py",
    "territoires": "pages/territoires/territoires.py",
    "declaration": "pages/declarations/declaration.py",
    "sources": "pages/sources/sources.py",
    "stocks-de-securite": "pages/anticiper/stocks_de_securite.py",
}
FAILURE = "vigistock-alert-failure"
_BOX = '[class*="st-key-alertes"]'
STYLE = (
    f"<style>{_BOX} [data-testid='stHorizontalBlock']{{border-bottom:1px solid {tokens.LINES};padding:.2rem 0;gap:.9rem}}"
    f"{_BOX} [data-testid='stVerticalBlock']{{gap:0}}"
    f"{_BOX} [data-testid='stPageLink-NavLink'] *{{white-space:normal;font-weight:600;font-size:1rem;line-height:1.3}}"
    f"{_BOX} [data-testid='stHorizontalBlock'] button{{min-height:1.9rem;padding:.05rem .4rem}}</style>"
)


@dataclass(frozen=True)
class View:
    """What this run shows: the alerts of an audience sorted by what it has seen; ``may_answer``: its buttons are drawn."""

    audience: Audience
    seen: Seen
    episodes: Mapping[str, Episode]
    may_answer: bool
    failure: str = ""


def line(alert: Alert, seen: View, place: str = "premières") -> None:
    """Subject as a link to where it is explained, its words, and the two ways to say it was seen."""
    columns = st.columns(WIDTHS if seen.may_answer else WIDTHS[:3], vertical_alignment="center", gap="small")
    columns[0].page_link(
        PAGES[alert.page], label=plain(alert.label), icon="", query_params=dict(alert.parameters), width="stretch"
    )
    markup.show(badges.chip(alert.level_label.capitalize(), strong=alert.level > 1), box=columns[1])
    markup.show(words(alert, is_worse=alert.key in seen.seen.worsened), box=columns[2])
    if not seen.may_answer:
        return
    told = [(seen.audience.journal_key(alert.key), alert.level)]
    columns[3].button("Vu", key=f"vu-{place}-{alert.key}", on_click=see, args=(told,), width="stretch")
    note = f"note-{place}-{alert.key}"
    with columns[4].popover("Note", width="stretch"):
        st.text_input("Note jointe (facultative)", key=note, max_chars=500)
        st.button("Marquer comme vue", key=f"vu-{note}", on_click=see, args=(told, note))


def words(alert: Alert, *, is_worse: bool = False) -> str:
    """Rule and sentence as HTML, escaped."""
    worse = f"{badges.chip('Aggravée', strong=True)} " if is_worse else ""
    return f'{worse}<span class="vs-note">{escape(alert.title)}.</span> {escape(alert.sentence)}'


def see(told: Sequence[tuple[str, int]], note: str | None = None) -> None:
    """Keys of the journal with the level seen (0: not seen after all); ``note``: key of the field it was typed in."""
    words_noted = str(st.session_state.get(note, "")) if note else ""
    try:
        identity.journal().acknowledge_all(identity.identity(), told, words_noted)
    except JournalUnavailable as error:
        st.session_state[FAILURE] = str(error)
    except NoAccess:  # the run that follows shows the closed page
        return
