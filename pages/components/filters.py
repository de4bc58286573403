"""Choices of the reader, kept in the URL: a link reopens the same view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from connectors.language.folding import fold_words


def choose(
    label: str,
    options: Mapping[str, str],
    parameter: str,
    *,
    default: str | None = None,
    placeholder: str = "Choisir…",
    optional: bool = False,
    width: int | None = None,
) -> str | None:
    """Select box tied to the query parameter ``parameter``; returns the key chosen.

    options: key (what the URL carries) → French text, in order. ``optional`` allows no choice (returns None) and
    starts on it unless ``default`` is given. An unknown key in the URL is ignored. Typing in a select box finds nothing when an
    accent is left out: for long lists use ``search``.
    """
    keys = list(options)
    if not keys:
        return None
    current = chosen(parameter, keys, default if default in options or optional else keys[0])
    key = _widget(parameter, current)
    return st.selectbox(
        label,
        keys,
        index=None if optional else 0,
        format_func=lambda k: options[k],
        placeholder=placeholder,
        key=key,
        on_change=_keep,
        args=(parameter, key),
        width=width or "stretch",
    )


def chosen(parameter: str, keys: Sequence[str], default: str | None = None) -> str | None:
    """Value of the query parameter when it is one of ``keys``, else ``default``."""
    value = st.query_params.get(parameter)
    return value if value in keys else default


def search(label: str, parameter: str = "q", *, placeholder: str = "", width: int | None = None) -> str:
    """Free text tied to the query parameter; returns it as typed."""
    current = st.query_params.get(parameter, "")
    key = _widget(parameter, current)
    typed = st.text_input(
        label,
        placeholder=placeholder,
        key=key,
        on_change=_keep,
        args=(parameter, key),
        max_chars=120,
        width=width or "stretch",
    )
    return str(typed or "").strip()


def matching(query: str, text: str) -> bool:
    """Every word of ``query`` is in ``text``, accents and case ignored."""
    folded = fold_words(text)
    return all(word in folded for word in fold_words(query).split())


def write(parameter: str, value: str | None) -> None:
    """Put one choice in the URL (a department clicked on the map); None removes it."""
    if value is None:
        st.query_params.pop(parameter, None)
    elif st.query_params.get(parameter) != value:
        st.query_params[parameter] = value


def _widget(parameter: str, current: str | None) -> str:
    """Key of the widget, set to what the URL says: a link to the same page with another value moves the widget."""
    key = f"choix-{parameter}"
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    return key


def _keep(parameter: str, key: str) -> None:
    value = st.session_state.get(key)
    write(parameter, str(value) if value else None)


def notice(*chosen: tuple[str, str]) -> dict[str, str]:
    """What a reader chose, for the notice of a file: label and text; a filter left open is omitted."""
    return {label: words for label, words in chosen if words}
