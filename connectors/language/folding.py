"""Texts compared, searched and turned into keys without their accents. The rules of Unicode are here and nowhere else.

SQL has its own (``strip_accents``), for columns of the warehouse.
"""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})


class _Marks(dict[int, int | None]):
    """Of each character met, itself, or nothing for a mark that combines with the letter before it."""

    def __missing__(self, code: int) -> int | None:
        return self.setdefault(code, None if unicodedata.combining(chr(code)) else code)


_WITHOUT_MARKS = _Marks()


def unaccented(text: str) -> str:
    """``text`` without accents nor ligatures, its case kept: « Cœur à l'État » → « Coeur a l'Etat »."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKD", text.translate(_LIGATURES)).translate(_WITHOUT_MARKS)


def fold(text: str) -> str:
    """Letters and digits only, in lower case: two spellings of a header or of a choice are the same."""
    return "".join(character for character in unaccented(text.casefold().replace("°", "")) if character.isalnum())


def fold_words(text: str) -> str:
    """Words in lower case, one space between them: what a person searches is found whatever the accents."""
    return " ".join(unaccented(text).casefold().split())


def slug(text: str) -> str:
    """ASCII words in lower case joined by « - », for addresses and names of files."""
    ascii_only = unaccented(text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def unaccented_in_place(text: str) -> str:
    """One character for one, ligatures included: a position found here is the same in ``text``."""
    if text.isascii():  # most texts are, and thousands are folded at each refresh
        return text
    return "".join(unicodedata.normalize("NFD", character)[0] for character in text)
