"""From a substance name of the BDPM to its DCI: salts, hydrates and spellings must not split a molecule.

Every rule is a row of ``reference/salts.csv``: ``salt`` (« chlorhydrate de … »), ``counter_ion`` (« … sodique »),
``qualifier`` (« … monohydraté »), ``carrier`` (a salt of it keeps its name: « chlorure de sodium »), ``synonym`` (a
whole name), ``beginning`` (the start of a name) and ``moiety`` (see ``names_a_dci``). What is left may still be one of
several names of a DCI: ``reference/dci_synonyms.csv`` joins them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape

from connectors.language.folding import slug
from connectors.language.folding import unaccented_in_place as _folded
from data.reference import dci_synonyms
from data.reference import salts as reference

HOMEOPATHIC = "homeopathique"  # a stock for dilutions is not a dose of its substance: its name is kept
INVERTED = re.compile(r"(?P<head>[^()]+?) ?\((?P<first>[^()]+ de|[^()]+ du|[^()]+ d'|acide|alcool)\)(?P<tail>.*)")
SEPARATOR = " / "
KEY_SEPARATOR = "--"
LONGEST_KEY = 60  # of one substance: keys go into addresses, and a vaccine has up to nine long antigens


@dataclass(frozen=True)
class _Rules:
    """Folded names by kind of rule; ``leading`` matches « sel de … » with the rest in its group 1."""

    salts: frozenset[str]
    counter_ions: tuple[str, ...]
    qualifiers: tuple[str, ...]
    carriers: frozenset[str]
    moieties: frozenset[str]
    synonyms: dict[str, str]
    beginnings: dict[str, str]
    leading: re.Pattern[str]


@lru_cache(maxsize=16_384)
def dci_name(substance: str) -> str:
    """The DCI in lower case with its accents: « CHLORHYDRATE DE NICARDIPINE » → « nicardipine »."""
    rules, name = _rules(), _clean(substance)
    if HOMEOPATHIC in _folded(name):
        return name
    name = _straightened(name)
    while (synonym := rules.synonyms.get(_folded(name))) is None:
        shorter = _without_end(name, rules) or _without_salt(name, rules)
        if shorter is None:
            return _joined(_by_beginning(name, rules))
        name = shorter
    return _joined(synonym)


def names_a_dci(substance: str) -> bool:
    """False for a therapeutic fraction common to different medicines: « IODE » for every contrast agent.

    The substance line then names the DCI instead of the fraction line.
    """
    return _folded(_clean(substance)) not in _rules().moieties


def dci_label(names: Iterable[str]) -> str:
    """The association as a set in the order of its keys: « acide clavulanique / amoxicilline »."""
    return SEPARATOR.join(sorted(set(names), key=lambda name: (dci_key(name), name)))


def dci_key(label: str) -> str:
    """ASCII key of a label for addresses and joins: « acide-clavulanique--amoxicilline ».

    The key of an association is the keys of its parts joined, so that SQL may build it from them.
    """
    return KEY_SEPARATOR.join(_short_slug(name) for name in label.split(SEPARATOR))


def _clean(substance: str) -> str:
    """Lower case, one space between words, straight apostrophes, accents composed."""
    text = unicodedata.normalize("NFC", unescape(substance.lower())).replace("’", "'")
    return " ".join(text.split())


def _short_slug(name: str) -> str:
    """``slug``; the end of a long name is replaced by a hash."""
    key = slug(name)
    if len(key) <= LONGEST_KEY:
        return key
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{key[: LONGEST_KEY - 9].rstrip('-')}-{mark}"


def _straightened(name: str) -> str:
    """« nicardipine (chlorhydrate de) » → « chlorhydrate de nicardipine », as often as needed."""
    while match := INVERTED.fullmatch(name):
        name = _linked(match["first"], match["head"]) + match["tail"]
    return name


def _linked(first: str, head: str) -> str:
    """« extrait de » + « opium » → « extrait d'opium »."""
    if first.endswith(" de") and _folded(head[0]) in "aeiou":
        return f"{first[:-1]}'{head}"
    return f"{first}{head}" if first.endswith("'") else f"{first} {head}"


def _without_end(name: str, rules: _Rules) -> str | None:
    """``name`` without its last qualifier, counter-ion or salt; ``None`` when it has none."""
    folded = _folded(name)
    for end in rules.qualifiers:
        if folded.endswith((f" {end}", f" {end}e")):
            return name[: folded.rindex(f" {end}")].rstrip(" ,")
    for end in rules.counter_ions:
        rest = name[: -len(end) - 1]
        if folded.endswith(f" {end}") and not rest.endswith(" de") and _folded(rest) not in rules.salts:
            return rest
    rest, _, last = name.rpartition(" ")
    if rest and _folded(last) in rules.salts and _first_word(rest) not in rules.carriers:
        return rest
    return None


def _without_salt(name: str, rules: _Rules) -> str | None:
    """The base of « sel de base », unless the salt is the medicine: sodium chloride."""
    match = rules.leading.fullmatch(_folded(name))
    if match is None or _first_word(match[1]) in rules.carriers:
        return None
    return name[match.start(1) :]


def _by_beginning(name: str, rules: _Rules) -> str:
    folded = _folded(name)
    return next((dci for start, dci in rules.beginnings.items() if folded.startswith(start)), name)


def _joined(name: str) -> str:
    """The DCI that ``name`` is split from."""
    exact, beginnings = _synonyms()
    folded = _folded(name)
    return exact.get(folded) or next((dci for start, dci in beginnings.items() if folded.startswith(start)), name)


def _first_word(name: str) -> str:
    return re.split(r"[ ,(\[]", _folded(name), maxsplit=1)[0]


@cache
def _synonyms() -> tuple[dict[str, str], dict[str, str]]:
    """Folded whole names, and folded beginnings of names, each with its DCI."""
    lines = dci_synonyms.synonyms()
    exact, beginnings = (
        {_folded(line.name): line.dci for line in lines if line.match == kind} for kind in ("exact", "beginning")
    )
    return exact, beginnings


@cache
def _rules() -> _Rules:
    lines = [(word.kind, _folded(word.name), word.dci) for word in reference.words()]
    names = {kind: [name for its_kind, name, _ in lines if its_kind == kind] for kind in {kind for kind, _, _ in lines}}
    salts = sorted(names["salt"], key=len, reverse=True)
    return _Rules(
        salts=frozenset(salts),
        counter_ions=tuple(names["counter_ion"]),
        qualifiers=tuple(names["qualifier"]),
        carriers=frozenset(names["carrier"]),
        moieties=frozenset(names["moiety"]),
        synonyms={name: dci for kind, name, dci in lines if kind == "synonym"},
        beginnings={name: dci for kind, name, dci in lines if kind == "beginning"},
        leading=re.compile(rf"(?:{'|'.join(map(re.escape, salts))}) (?:de l'(?=acide)|de |du |d')(.+)"),
    )
