"""Strengths written in a denomination, read as exact numbers: « 60 mg/2 ml » is « 30 mg/ml », « 0,1 mg/ml » is not « 1 mg/ml ».

A denomination may state its strength in several ways (« 8 000 UI (80 mg)/0,8 mL »): each one is a ``Strength``. What is
written on a volume, a mass or a time has two names: its concentration, and the amount in that volume. A bottle to drink
from is known by the first, a syringe by the second: « 2 000 UI/0,2 ml » is not « 4 000 UI/0,4 ml ». What is written per
dose is the amount of one tablet. A percentage is 10 mg per ml and 10 mg per g.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from connectors.language.folding import unaccented_in_place as _unaccented

# Amount of each unit in the one its kind is compared in: mg, UI, mmol, MBq, mEq, ml, h.
_THOUSAND, _MILLION = Fraction(1000), Fraction(1_000_000)
_UNITS: tuple[tuple[str, str, Fraction], ...] = (
    (r"kg", "mg", _MILLION),
    (r"mg|milligrammes?", "mg", Fraction(1)),
    (r"microgrammes?|µg|mcg|ug", "mg", 1 / _THOUSAND),
    (r"nanogrammes?|ng", "mg", 1 / _MILLION),
    (r"g(?:rammes?)?", "mg", _THOUSAND),
    (r"unites allergan", "unités Allergan", Fraction(1)),
    (r"unites speywood", "unités Speywood", Fraction(1)),
    (r"u\.? ?ceip", "U. CEIP", Fraction(1)),
    (r"millions? (?:d')?(?:unites(?: internationales)?|u\.?i\.?|u)", "UI", _MILLION),
    (r"m\.? ?u\.? ?i\.?|mu", "UI", _MILLION),
    (r"k\.? ?u\.? ?i\.?", "UI", _THOUSAND),
    (r"unites?(?: internationales?)?|u\. ?[il]\.?|u[il]|iu|u", "UI", Fraction(1)),
    (r"mmol|millimoles?", "mmol", Fraction(1)),
    (r"µmol|micromoles?", "mmol", 1 / _THOUSAND),
    (r"mol(?:es?)?", "mmol", _THOUSAND),
    (r"gbq", "MBq", _THOUSAND),
    (r"mbq", "MBq", Fraction(1)),
    (r"kbq", "MBq", 1 / _THOUSAND),
    (r"meq", "mEq", Fraction(1)),
    (r"%|pour ?cent", "%", Fraction(1)),
    (r"‰|pour ?mille", "%", Fraction(1, 10)),
    (r"ml|millilitres?", "ml", Fraction(1)),
    (r"cl", "ml", Fraction(10)),
    (r"microlitres?|µl", "ml", 1 / _THOUSAND),
    (r"l|litres?", "ml", _THOUSAND),
    (r"heures?|h", "h", Fraction(1)),
    (r"jours?|j", "h", Fraction(24)),
    (r"gouttes?", "goutte", Fraction(1)),
    (r"cm2|cm²", "cm²", Fraction(1)),
)
# One of them is what a patient takes: an amount per dose is that amount.
_TAKEN = (
    "dose",
    "pulverisation",
    "pulv",
    "bouffee",
    "inhalation",
    "actionnement",
    "pression",
    "comprime",
    "gelule",
    "sachet",
)
_SIZED = ("ml", "mg")  # an amount in a volume or a mass may be all there is in it; a rate is a rate
_BELOW_UNITS = ("ml", "h", "goutte", "cm²")
_GRAMS = next(f"u{index}" for index, (pattern, _, _) in enumerate(_UNITS) if pattern.startswith("g("))
_NUMBER = r"\d{1,3}(?:[ .]\d{3})+(?:,\d+)?(?![\d])|\d+(?:[.,]\d+)?"
_UNIT = "|".join(f"(?P<u{index}>{pattern})" for index, (pattern, _, _) in enumerate(_UNITS))
_TAKEN_UNIT = f"(?:{'|'.join(_TAKEN)})s?"
_END = r"(?![a-z0-9µ²])"
_QUANTITY = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER}) ?(?:{_UNIT}){_END}")
_BELOW = re.compile(rf"(?:(?P<number>{_NUMBER}) ?)?(?:{_UNIT}|(?P<taken>{_TAKEN_UNIT})){_END}")
_BARE_BEFORE = re.compile(rf"(?<![\w.,/])(?P<number>{_NUMBER}) ?/ ?$")
# « Mixtard 30 100 UI/ml »: the share of rapid insulin comes before the strength, which is not 30 100.
_RAPID_SHARE = re.compile(r"\b[1-7]\d (?=100 ?(?:ui|u|unites)\b)")
_LINK = re.compile(r"\)? ?(?P<link>/ ?par\b|[/+]|\b(?:par|pour|dans|et|a)\b) ?")
# « mg d'iode/ml », « UI anti-Xa/0,3 ml »: words of the unit, before what it is written on.
_SOME = r"(?:[\d.,]+ ?)?(?:ml|l|g|dose)\b"
_WORDS = re.compile(rf"(?: [a-z'’\-]+){{1,3}}? ?(?=/ ?{_SOME}| (?:par|dans) {_SOME})")
_WRITTEN_TWICE = re.compile(
    rf"(?P<first>(?:{_NUMBER}) ?[^\d,;/()]{{1,24}}?) ?\((?P<second>(?:{_NUMBER}) ?[^\d,;/()]{{1,24}})\)(?= ?/| dans| par)"
)


@dataclass(frozen=True)
class Amount:
    """A quantity of one substance, per unit of ``below`` (``ml``, ``mg``, ``h``…; empty for what is taken at once).

    ``size``: how much of ``below`` it was written on, None for one unit of it: 5 for « 250 mg/5 ml ».
    """

    value: Fraction
    unit: str
    below: str = ""
    size: Fraction | None = None

    @property
    def key(self) -> str:
        """« 50 mg/ml »: the same for every way of writing it."""
        return f"{self.value} {self.unit}" + (f"/{self.below}" if self.below else "")

    @property
    def written_key(self) -> str:
        """« 250 mg in 5 ml »; ``key`` where no size is written."""
        if self.size is None or self.below not in _SIZED:
            return self.key
        return f"{self.value * self.size} {self.unit} in {self.size} {self.below}"

    @property
    def label(self) -> str:
        """As a reader expects it: « 50 mg/ml »."""
        value, unit, below = self.value, self.unit, self.below
        if below == "mg":
            value, below = value * _THOUSAND, "g"
        if unit == "mg" and value >= _THOUSAND and not below:
            value, unit = value / _THOUSAND, "g"
        elif unit == "mg" and value <= Fraction(1, 10):
            value, unit = value * _THOUSAND, "µg"
        return f"{_decimal(value)} {unit}" + (f"/{below}" if below else "")


@dataclass(frozen=True)
class Strength:
    """One statement of the strength: an amount for each substance, in the order written."""

    amounts: tuple[Amount, ...]

    @property
    def keys(self) -> frozenset[str]:
        """As concentrations: two strengths are the same when they share one of these."""
        written = {" + ".join(amount.key for amount in self.amounts)}
        if any(amount.unit == "%" for amount in self.amounts):
            for below in _SIZED:
                written.add(" + ".join(_of_percent(amount, below).key for amount in self.amounts))
        return frozenset(written)

    @property
    def written_key(self) -> str:
        """The amounts in the volumes they are written on."""
        return " + ".join(amount.written_key for amount in self.amounts)

    @property
    def is_sized(self) -> bool:
        """Written on a volume or a mass other than one: « 250 mg/5 ml »."""
        return any(amount.written_key != amount.key for amount in self.amounts)

    @property
    def label(self) -> str:
        """« 100 mg/ml + 12,5 mg/ml »."""
        return " + ".join(amount.label for amount in self.amounts)


class UnreadableStrength(ValueError):
    """A strength of a rule that is not an amount with its unit. The message is French."""


def strength(text: str, *, is_association: bool = False) -> Strength:
    """The one strength that ``text`` is, from the first letter to the last. Raises UnreadableStrength."""
    plain = _plain(text)
    for found, start, end in _chains(plain, is_association):
        if start == 0 and end == len(plain):
            return found
    raise UnreadableStrength(
        f"dosage illisible, « {text} » : écrire une quantité et son unité, comme « 250 mg/5 ml », « 1 g », « 2,4 % »"
        " ou « 100 mg/12,5 mg par ml »"
    )


@lru_cache(maxsize=32_768)
def strengths(denomination: str, *, is_association: bool = False) -> tuple[Strength, ...]:
    """Every strength a denomination states, in its order; none when it names no amount.

    Of one substance, « 5 g/100 g » is an amount in a mass; of an association, « 2 g/0,5 g » is two amounts, and amounts
    written apart (« 0,3 % et chlorure de sodium 0,9 % ») are also one strength.
    """
    found: list[Strength] = []
    for text in _readings(_plain(denomination)):
        chains = [chain for chain, _, _ in _chains(text, is_association)]
        found += chains
        if is_association and len(chains) > 1:
            found.append(Strength(tuple(amount for chain in chains for amount in chain.amounts)))
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    """Lower case without accents, one space between words; both micro signs are one."""
    return _RAPID_SHARE.sub("", " ".join(_unaccented(text.lower().replace("μ", "µ")).split()))


def _readings(text: str) -> list[str]:
    """« 8 000 ui (80 mg)/0,8 ml » → the text with « 8 000 ui/0,8 ml », and with « 80 mg/0,8 ml »."""
    match = _WRITTEN_TWICE.search(text)
    if match is None:
        return [text]
    return [text[: match.start()] + match[side] + text[match.end() :] for side in ("first", "second")]


def _chains(text: str, is_association: bool) -> Iterator[tuple[Strength, int, int]]:
    """Amounts that follow each other, each chain with the place it takes."""
    position = 0
    while match := _QUANTITY.search(text, position):
        before, start = _bare_before(text, match, position)
        amounts, end = _chain(text, match, before, is_association)
        if any(amount.below or amount.unit not in _BELOW_UNITS for amount in amounts):
            yield Strength(tuple(amounts)), start, end
        position = end


def _bare_before(text: str, match: re.Match[str], position: int) -> tuple[list[Amount], int]:
    """« 100/6 microgrammes »: numbers whose unit is written once, after the last; where they start."""
    amounts: list[Amount] = []
    start = match.start()
    while before := _BARE_BEFORE.search(text[position:start]):
        amounts.insert(0, _amount(before["number"], match))
        start = position + before.start()
    return amounts, start


def _chain(text: str, match: re.Match[str], before: list[Amount], is_association: bool) -> tuple[list[Amount], int]:
    """``before`` and what follows: one more amount, or what all of them are written on."""
    amounts, end = [*before, _amount(match["number"], match)], match.end()
    while True:
        if words := _WORDS.match(text, end):
            end = words.end()
        link = _LINK.match(text, end)
        following = _BELOW.match(text, link.end()) if link else None
        if link is None or following is None:
            return amounts, end
        if following["taken"]:
            pass
        elif _is_below(following, link["link"], amounts, is_association):
            amounts = [amount if amount.below else _on(amount, following) for amount in amounts]
        elif following["number"]:
            amounts.append(_amount(following["number"], following))
        else:
            return amounts, end
        end = following.end()


def _is_below(following: re.Match[str], link: str, amounts: list[Amount], is_association: bool) -> bool:
    """Whether a quantity is what the amounts before it are written on, rather than one more amount."""
    unit = _unit(following)[0]
    if all(amount.below for amount in amounts) or link in {"+", "et"}:
        return False
    if unit in _BELOW_UNITS:
        return True
    if unit != "mg":
        return False
    is_mass_of_all = following[_GRAMS] is not None and len(amounts) == 1 and not is_association
    return following["number"] is None or link in {"pour", "par", "dans", "/ par"} or is_mass_of_all


def _on(amount: Amount, following: re.Match[str]) -> Amount:
    """« 250 mg » on « 5 ml » is 50 mg/ml, written on 5."""
    unit, scale = _unit(following)
    written = _value(following["number"] or "1")
    return Amount(amount.value / (written * scale), amount.unit, unit, None if written == 1 else written * scale)


def _amount(number: str, match: re.Match[str]) -> Amount:
    unit, scale = _unit(match)
    return Amount(_value(number) * scale, unit)


def _unit(match: re.Match[str]) -> tuple[str, Fraction]:
    return next((unit, scale) for index, (_, unit, scale) in enumerate(_UNITS) if match[f"u{index}"] is not None)


def _value(written: str) -> Fraction:
    """« 1 000 », « 750.000 » and « 12,5 » as exact numbers: a dot before three digits separates thousands."""
    plain = written.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        plain = plain.replace(".", "")
    return Fraction(plain.replace(",", "."))


def _of_percent(amount: Amount, below: str) -> Amount:
    """1 % is 10 mg per ml of a liquid, 10 mg per g of a cream."""
    if amount.unit != "%":
        return amount
    return Amount(amount.value * 10 / (_THOUSAND if below == "mg" else 1), "mg", below)


def _decimal(value: Fraction) -> str:
    """At most six digits after the comma: only for reading, never compared."""
    text = f"{float(value):.6f}".rstrip("0").rstrip(".")
    whole, _, rest = text.partition(".")
    whole = f"{int(whole):,}".replace(",", " ")
    return f"{whole},{rest}" if rest else whole
