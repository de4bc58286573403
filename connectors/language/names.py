"""One identity for a name or a number, however it is typed: what is the same, what is probably the same.

``identity_key`` folds typography only (case, accents, spaces, hyphens, punctuation, invisible characters): names that
share it are one. ``is_probably_same`` also ignores legal forms and one typing slip: a person decides.
``firm_key`` ignores all that never distinguishes two companies: only the rule of secrecy uses it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale

from connectors.language.folding import unaccented

_PIECE = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")  # « S.A.S. », « S.A.S », read as one word
# Legal forms, and words that every laboratory may or may not write.
_IGNORED = frozenset(
    (
        *("ab", "ag", "as", "bv", "bvba", "co", "corp", "eurl", "gie", "gmbh", "inc", "kg", "kgaa", "limited", "llc"),
        *("lp", "ltd", "nv", "oy", "oyj", "plc", "sa", "sarl", "sas", "sasu", "sca", "se", "selarl", "snc", "spa"),
        *(
            "sprl",
            "srl",
            "ste",
            "societe",
            "labo",
            "labos",
            "laboratoire",
            "laboratoires",
            "laboratories",
            "laboratory",
        ),
    )
)
# What companies of one firm add to its name in the public referential: « ROCHE REGISTRATION (ALLEMAGNE) », « ROCHE ».
_BRANCH = frozenset((
    "france", "europe", "europeen", "international", "holding", "holdings", "group", "groupe", "benelux", "hollande",
    "uk", "usa", "anonyme", "aps", "asa", "cie", "company", "corporation", "corporations", "dac", "doo", "eeig", "ehf",
    "ets", "etablissement", "etablissements", "geie", "gesmbh", "incorporated", "kft", "ks", "lab", "labs", "lda",
    "les", "pte", "pty", "publ", "selas", "sl", "slu", "spol", "sro", "uab", "uc", "unlimited", "zrt",
    "arzneimittel", "biologicals", "distribution", "farmaceutica", "farmaceutici", "generics", "generique",
    "generiques", "health", "healthcare", "industrie", "industries", "industry", "manufacturing", "medical",
    "medicament", "medicaments", "operations", "pharma", "pharmaceutica", "pharmaceutical", "pharmaceuticals",
    "pharmaceutique", "pharmaceutiques", "registration", "sante", "services", "technology", "trading",
))  # fmt: skip
_PHRASES = (
    *("société anonyme", "société par actions simplifiée", "à responsabilité limitée", "et cie", "sp z oo"),
    *("république tchèque", "pay bas"),
)
# In which a country is written: « (PAYS-BAS) », « Deutschland ».
_LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pt")
# What is between brackets, and what the referential writes before a name it gave up.
_IGNORED_PART = re.compile(r"\([^()]*\)?|\bne pas utiliser\b")
_SLIP_FROM = 5  # letters of a word in which one slip is probable: « A » and « B », « 1 » and « 2 » are two names
# Letters of other alphabets drawn like Latin ones.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХабеѕіјкмнорстухΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ",
    "ABESIJKMHOPCTYXabesijkmhopctyxABEZHIKMNOPTYXaiknoptyx",
)


@lru_cache(maxsize=65_536)
def identity_key(text: str) -> str:
    """Letters and digits in lower case: « Grossiste  A. » → « grossistea »; a text without any is its own key.

    A separator between two digits stays: « 2026-1-11 » is not « 2026-11-1 ». A number alone
    loses its first zeros, as spreadsheets drop them.
    """
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    key = ""
    for piece in _PIECE.findall(unaccented(visible.casefold()).casefold()):
        key += f"-{piece}" if key[-1:].isdigit() and piece[0].isdigit() else piece
    return (key.lstrip("0") or "0") if key.isdecimal() else key or text


def is_mixed_script(text: str) -> bool:
    """Letters of several alphabets, or all of another one and drawn like Latin: a Cyrillic « А » passes for a Latin one."""
    letters = [letter for letter in unicodedata.normalize("NFKC", text) if letter.isalpha()]
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in letters}
    return len(scripts) > 1 or (
        scripts > set() and scripts != {"LATIN"} and all(ord(letter) in _LOOKALIKES for letter in letters)
    )


def in_latin(text: str) -> str:
    """The Latin name that a reader sees, whatever the alphabets."""
    return text.translate(_LOOKALIKES)


@lru_cache(maxsize=16_384)
def firm_key(text: str) -> str:
    """The company that a name is of: « Laboratoires Durand  Pharma (Irlande), S. A. » → « durand »; "" when no letter identifies it.

    Look-alike letters are read as Latin. Two companies of one key are counted as one, which can only make secrecy stricter.
    """
    compatible = unicodedata.normalize("NFKC", text)
    seen = "".join(
        " " if character.isspace() else character for character in compatible if not _is_invisible(character)
    )
    latin = in_latin(unaccented(in_latin(seen)).casefold())
    words = _words(latin)
    return "".join(_kept(_words(_IGNORED_PART.sub(" ", latin))) or _kept(words) or words)


def _words(text: str) -> list[str]:
    return _whole_forms(_PIECE.findall(_DOTTED.sub(lambda match: match[0].replace(".", "") + " ", text)))


def _kept(words: list[str]) -> list[str]:
    """Words that identify the company: neither a country, after the first word, nor a form nor an activity."""
    kept, start = [], 0
    phrases = _phrases()
    while start < len(words):
        ends = range(len(words), start, -1) if start else ()
        end = next((end for end in ends if " ".join(words[start:end]) in phrases), start)
        if end == start:
            kept.append(words[start])
        start = max(end, start + 1)
    return [word for word in kept if word not in _IGNORED | _BRANCH]


@cache
def _phrases() -> frozenset[str]:
    """Countries in the languages in which companies are named, and forms of several words."""
    places = (place for language in _LANGUAGES for place in Locale(language).territories.values())
    return frozenset(" ".join(_PIECE.findall(unaccented(phrase).casefold())) for phrase in (*places, *_PHRASES))


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc", "Cn", "Co") and not character.isspace()


def _whole_forms(words: list[str]) -> list[str]:
    """Letters one by one at the end of a name that make a legal form: « s », « a » → « sa »."""
    start = len(words)
    while start and len(words[start - 1]) == 1 and words[start - 1].isalpha():
        start -= 1
    named = next((at for at, word in enumerate(words) if word not in _IGNORED), len(words))
    ends = range(max(start, named + 1), len(words) - 1)
    form = next((at for at in ends if "".join(words[at:]) in _IGNORED), len(words))
    return [*words[:form], *(["".join(words[form:])] if form < len(words) else [])]


@lru_cache(maxsize=16_384)
def core_words(text: str) -> tuple[str, ...]:
    """Words of a name without legal form: « LABORATOIRES DURAND S.A.S. » → ``("durand",)``; all of them if none is left."""
    joined = _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", text)
    words = tuple(_PIECE.findall(unaccented(joined.casefold())))
    return tuple(word for word in words if word not in _IGNORED) or words


def is_probably_same(one: str, other: str) -> bool:
    """The same without legal forms, or but for one letter of a long word."""
    mine, theirs = core_words(one), core_words(other)
    if "".join(mine) == "".join(theirs):
        return True
    different = [pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]]
    return len(mine) == len(theirs) and len(different) == 1 and _is_slip(*different[0])


def _is_slip(one: str, other: str) -> bool:
    """One letter added, left out, changed, or two swapped, in a word without digits."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SLIP_FROM or not all(letter.isalpha() for letter in (*one, *other)) or len(long) - len(short) > 1:
        return False
    start = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if len(short) == len(long):
        swapped = short[start : start + 2] == long[start : start + 2][::-1]
        return short[start + 1 :] == long[start + 1 :] or (swapped and short[start + 2 :] == long[start + 2 :])
    return short[start:] == long[start + 1 :]
