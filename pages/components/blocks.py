"""What a page shows of a published snapshot: pure functions, made once for every session, each sent as one element.

A block is a function of its arguments and of the snapshot shown. Whatever else it depends on (a role, a snapshot to
compare with, a choice of the reader) is one of its arguments; what changes between two refreshes (comments,
acknowledgements) is not a block.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from inspect import getfile
from typing import Any, Generic, ParamSpec, TypeVar

import plotly.graph_objects as go
from markupsafe import Markup

from connectors.language.typography import french_html
from pages.components import markup
from pages.components.charts import legend, simple
from pages.components.once import Once
from pages.components.shell import session

P = ParamSpec("P")
Made = TypeVar("Made")
Drawn = tuple[go.Figure, str, legend.Legend]
_STORE: Once[Any] = Once(3000)  # some 10 kB each


class _Kept(Generic[P, Made]):
    """A function whose results are kept by snapshot, artefact, projection and arguments."""

    def __init__(self, make: Callable[P, Made]) -> None:
        self._make = make
        # By its file: the script of a page is always the module __main__, whichever page it is.
        self._name = f"{getfile(make)}:{make.__qualname__}"
        update_wrapper(self, make)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Made:
        """The result, never to be changed: every session is given the same. Raises LookupError without a snapshot."""
        key = self._name, session.view(), args, tuple(sorted(kwargs.items()))
        made: Made = _STORE.get(key, lambda: self._finished(*args, **kwargs))
        return made

    def _finished(self, *args: P.args, **kwargs: P.kwargs) -> Made:
        return self._make(*args, **kwargs)


class Block(_Kept[P, Markup]):
    """HTML of a part of a page, with its French typography."""

    def _finished(self, *args: P.args, **kwargs: P.kwargs) -> Markup:
        return Markup(french_html(str(self._make(*args, **kwargs))))  # noqa: S704 – spaces only

    def show(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Draw it where the page is."""
        show(self(*args, **kwargs))


class Chart(_Kept[P, Drawn]):
    """A figure, what it says in words, its legend."""

    def _finished(self, *args: P.args, **kwargs: P.kwargs) -> Drawn:
        figure, words, key_of_marks = self._make(*args, **kwargs)
        return simple.Finished(figure), words, key_of_marks

    def show(self, key: str, *args: P.args, **kwargs: P.kwargs) -> None:
        """Draw it under its legend, with a key that is its own on the page."""
        figure, words, key_of_marks = self(*args, **kwargs)
        show(legend.html(key_of_marks))
        simple.show(figure, key, alt=words)


def kept(make: Callable[P, Made]) -> _Kept[P, Made]:
    """Decorator of a function arguments → anything that nobody changes: what several blocks are made of."""
    return _Kept(make)


def block(make: Callable[P, Markup]) -> Block[P]:
    """Decorator of a function arguments → Markup; the arguments are hashable."""
    return Block(make)


def chart(make: Callable[P, Drawn]) -> Chart[P]:
    """Decorator of a function arguments → (figure, words, legend)."""
    return Chart(make)


def show(*parts: Markup) -> None:
    """Draw blocks as one element, in the order given; empty ones draw nothing."""
    if drawn := Markup("").join(parts):
        markup.draw(str(drawn))
