"""Rows whose cells line up in columns and whose name is a real link of the application: two elements a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from connectors.language.typography import french
from pages.components import markup, tokens

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
# Read by Streamlit after Markdown, so that a backslash does not stop them: icons, signs, addresses made into links.
_AFTER_MARKDOWN = re.compile(r"(?<=:)(?=material/|streamlit:|//)|(?=<->|->|<-|--|>=|<=|~=)|(?<=www)(?=\.)|(?<=@)")
_WORD_JOINER = "\u2060"  # has no width and breaks no line


class Grid:
    """One CSS grid. Each row is filled left to right with ``link`` (one cell) and ``cells`` (any number of cells).

    columns: a ``grid-template-columns`` value. head: one heading a column, none for a list without headings.
    """

    def __init__(self, key: str, columns: str, head: Sequence[str] = ()) -> None:
        self._box = st.container(key=f"grid-{key}", gap=None)
        heading = "".join(f'<div class="vs-gh">{escape(name)}</div>' for name in head)
        markup.show(
            f"<style>{_sheet(f'.st-key-grid-{key}', columns, headed=bool(head))}</style>{heading}", box=self._box
        )

    def link(self, label: str, page: Any, parameters: Mapping[str, str]) -> None:
        """A cell that opens a page of the application with its parameters."""
        self._box.page_link(page, label=plain(label), icon="", query_params=dict(parameters), width="stretch")

    def cells(self, *contents: str) -> None:
        """Cells of HTML already escaped, written as one element."""
        markup.show("".join(f'<div class="vs-gc">{content}</div>' for content in contents), box=self._box)


def plain(text: str) -> str:
    """Text shown as it is, on one line, where Streamlit reads Markdown (labels of links, of buttons, of choices)."""
    one_line = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")
    return _MARKDOWN.sub(r"\\\1", _AFTER_MARKDOWN.sub(_WORD_JOINER, french(one_line)))


def _sheet(box: str, columns: str, *, headed: bool) -> str:
    """The wrappers of an HTML element vanish, so that each of its blocks is a cell beside the links."""
    item = f'{box} > [data-testid="stElementContainer"]'
    padding = "padding:.4rem .9rem .4rem 0"
    line = f"border-bottom:1px solid {tokens.LINES}"
    top = "" if headed else f"border-top:1px solid {tokens.LINES};"
    return (
        f"{box}{{display:grid !important;grid-template-columns:{columns};gap:0 !important;align-items:stretch;{top}}}"
        f"{item}:has(> .stHtml),{item} > .stHtml{{display:contents}}"
        f"{item}{{width:auto !important;min-width:0;margin:0 !important;display:flex;align-items:center;{padding};{line}}}"
        f'{box} [data-testid="stPageLink-NavLink"] *{{white-space:normal;font-weight:600;font-size:1rem;line-height:1.3}}'
        f"{box} .vs-gc{{{padding};{line};display:flex;align-items:center;flex-wrap:wrap;gap:.15rem .5rem}}"
        f"{box} .vs-gh{{padding:0 .9rem .3rem 0;border-bottom:1px solid {tokens.INK};font-size:.875rem;font-weight:600;"
        f"color:{tokens.SECONDARY};align-self:end}}"
        f"{box} .vs-cell{{min-width:0;flex:1;max-width:17rem}}"
    )
