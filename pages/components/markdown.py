"""Texts shown as they are where Streamlit reads Markdown: labels of buttons, of choices."""

from __future__ import annotations

import re

from connectors.language.typography import french

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
# Read by Streamlit after Markdown, so that a backslash does not stop them: icons, signs, addresses made into links.
_AFTER_MARKDOWN = re.compile(r"(?<=:)(?=material/|streamlit:|//)|(?=<->|->|<-|--|>=|<=|~=)|(?<=www)(?=\.)|(?<=@)")
_WORD_JOINER = "\u2060"  # has no width and breaks no line


def plain(text: str) -> str:
    """Text shown as it is, on one line, where Streamlit reads Markdown (labels of buttons, of choices)."""
    one_line = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")
    return _MARKDOWN.sub(r"\\\1", _AFTER_MARKDOWN.sub(_WORD_JOINER, french(one_line)))
