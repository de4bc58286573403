"""HTML on its way to the screen: texts written with ordinary spaces get their French typography here."""

from __future__ import annotations

from typing import Any

import streamlit as st

from connectors.language.typography import french_html


def show(markup: str, *, box: Any = None, **options: Any) -> None:
    """Draw HTML already escaped, in ``box`` or where the page is; ``options`` are those of ``st.html``."""
    (st if box is None else box).html(french_html(markup), **options)
