"""What the journal's columns accept: whatever is typed, sent or claimed becomes text that both databases can store.

Free text is cleaned; names too, but different ones stay different; a reference is kept exactly or refused.
"""

from __future__ import annotations

import hashlib
import re

from sqlalchemy import Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator

from connectors.language.visible import HIDDEN, picture
from data.command import Stopped

LONGEST_TEXT = 4000  # characters of a comment or of a reason
LARGEST_NUMBER = 2**31 - 1  # of a column of PostgreSQL
_DIGEST = 16  # characters that tell two names apart once cut
_NOT_KEPT = re.compile(r"[\x00\ud800-\udfff]")  # refused by PostgreSQL, by UTF-8
_KEPT_IN_WORDS = {"\n", "\t", "\u200c", "\u200d"}  # joiners: of pictures, of other languages


class JournalUnavailable(Stopped):
    """The journal cannot be read or written, with a sentence in French."""


class JournalSilent(JournalUnavailable):
    """It cannot be reached, or went away: asking again at once would only wait again."""


class JournalRefused(JournalUnavailable):
    """It answers, but refuses this."""


def clean(text: str, *, lines: bool = False) -> str:
    """What no reader sees is shown: a picture of each ASCII control, U+FFFD for the rest. ``lines``: several are kept."""
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return HIDDEN.sub(lambda found: found[0] if lines and found[0] in _KEPT_IN_WORDS else picture(found[0]), text)


def cut(text: str, most: int) -> str:
    """At most ``most`` characters; an ellipsis says that some are missing."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def name(text: str, most: int) -> str:
    """Clean and bounded, and never that of another: one that had to change ends with its digest."""
    cleaned = clean(text)
    if cleaned == text and len(text) <= most:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{cleaned[: most - _DIGEST - 1]}…{digest}"


class Line(TypeDecorator[str]):
    """One line for a reader."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else cut(clean(value), self._most)

    @property
    def _most(self) -> int:
        return getattr(self.impl_instance, "length", None) or LONGEST_TEXT


class LongLine(Line):
    """The same, without a length of its own."""

    impl = Text
    cache_ok = True


class Name(Line):
    """Who or what a record is about, compared in the database only."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else name(value, self._most)


class Words(TypeDecorator[str]):
    """What a person typed, on several lines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else cut(clean(value, lines=True).strip(), LONGEST_TEXT)


class Reference(Line):
    """What ties a decision to a row of the warehouse: altered, it would tie it to nothing, or to another."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None or (len(value) <= self._most and not _NOT_KEPT.search(value)):
            return value
        shown = cut(clean(value), 60)
        raise JournalRefused(
            f"Le journal ne peut pas garder la référence « {shown} » ({len(value)} caractères, au plus {self._most}, "
            "sans caractère illisible) : rien n'a été enregistré."
        )


class Number(TypeDecorator[int]):
    """A level or points."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None or abs(value) <= LARGEST_NUMBER:
            return value
        raise JournalRefused(
            f"Le journal ne peut pas garder un nombre au-delà de {LARGEST_NUMBER} : rien n'a été enregistré."
        )
