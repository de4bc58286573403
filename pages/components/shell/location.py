"""The address bar after a link to the page already open."""

from __future__ import annotations

import streamlit as st


def keep() -> None:
    """Say the query parameters of this run to the browser: a link from a page to itself changes them without a word.

    The client changes its address only when it differs, and keeps its history when the reader goes back.
    """
    st.query_params.from_dict(st.query_params.to_dict())
