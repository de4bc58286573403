"""The way back to the list as the reader left it."""

from __future__ import annotations

import streamlit as st

_KEY = "declarations-filtres"
_NOT_OURS = ("projection", "role")


def remember() -> None:
    """Called by the list: what its address asks for."""
    st.session_state[_KEY] = {k: v for k, v in st.query_params.to_dict().items() if k not in _NOT_OURS}


def filters() -> dict[str, str]:
    """What the list asked for when it was last seen in this session."""
    return dict(st.session_state.get(_KEY, {}))
