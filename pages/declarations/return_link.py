"""The way back to the list as the reader left it."""

from __future__ import annotations

import streamlit as st

_KEY = "declarations-filtres"
_OURS = ("numero", "projection")


def restore() -> None:
    """Called by the list: remember its filters; give them back when the browser comes back from a declaration.

    Opening a declaration by a click leaves its number on the address of the list, in place of the filters.
    """
    if "numero" in st.query_params:
        st.query_params.from_dict(filters())
    st.session_state[_KEY] = {k: v for k, v in st.query_params.to_dict().items() if k not in _OURS}


def filters() -> dict[str, str]:
    """Filters of the list when it was last seen in this session."""
    return dict(st.session_state.get(_KEY, {}))
