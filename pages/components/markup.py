"""HTML on its way to the screen: texts written with ordinary spaces get their French typography here."""

from __future__ import annotations

from typing import Any

import streamlit as st

from connectors.language.typography import french_html


class _Written:
    """HTML as it is sent: the framework looks for a common indentation in whatever it is given as text, line by line."""

    def __init__(self, html: str) -> None:
        self._html = html

    def _repr_html_(self) -> str:
        return self._html


def show(markup: str, *, box: Any = None, **options: Any) -> None:
    """Draw HTML already escaped, in ``box`` or where the page is; ``options`` are those of ``st.html``."""
    draw(french_html(str(markup)), box=box, **options)


def draw(html: str, *, box: Any = None, **options: Any) -> None:
    """The same of HTML that has its typography."""
    (st if box is None else box).html(_Written(html), **options)
