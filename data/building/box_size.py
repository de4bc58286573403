"""Units in a box, from the label of its presentation in the BDPM: « plaquette(s) PVC de 30 comprimé(s) » → 30 comprimés.

Labels are free text (7,555 wordings in 2026): how many containers, what they are made of, then « de » what each holds,
counted one by one or measured. « avec » brings accessories; « + » and « - » join a second item. A label that says no
quantity, or two that disagree, has no size: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from connectors.language.folding import unaccented_in_place as folded

# What is taken or applied one by one: its folded word and the one shown.
DOSES = {
    "comprime": "comprimé", "gelule": "gélule", "capsule": "capsule", "suppositoire": "suppositoire", "ovule": "ovule",
    "gomme": "gomme", "pastille": "pastille", "lyophilisat": "lyophilisat", "dose": "dose", "bouffee": "dose",
    "pulverisation": "dose", "dispositif": "dispositif", "patch": "dispositif", "film": "film", "emplatre": "emplâtre",
    "implant": "implant", "compresse": "compresse", "pansement": "pansement", "eponge": "éponge", "anneau": "anneau",
    "insert": "insert", "granule": "granule", "globule": "globule", "cachet": "cachet", "pate": "pâte",
    "creuset": "creuset", "bande": "bande", "tablette": "tablette", "unidose": "récipient", "recipient": "récipient",
}  # fmt: skip
PACKAGING = ("plaquette", "film", "bande")  # never what is counted: what they hold is, or nothing

# Containers, counted when the label does not state what they hold, or when they come with a second item.
CONTAINERS = {
    "flacon": "flacon", "ampoule": "ampoule", "seringue": "seringue", "sachet": "sachet", "tube": "tube",
    "poche": "poche", "recipient": "récipient", "bouteille": "bouteille", "cartouche": "cartouche", "pot": "pot",
    "stylo": "stylo", "auto": "stylo", "inhalateur": "inhalateur", "evaporateur": "évaporateur", "sac": "sac",
    "enveloppe": "enveloppe", "plaquette": "plaquette", "pilulier": "pilulier", "generateur": "générateur",
    "distributeur": "distributeur", "boite": "boîte", "traitement": "traitement", "fut": "fût", "film": "film",
    "bande": "bande", "dispositif": "dispositif",
}  # fmt: skip
MEASURES = {
    "ml": ("ml", 1.0), "mll": ("ml", 1.0), "millilitre": ("ml", 1.0), "l": ("ml", 1000.0), "litre": ("ml", 1000.0),
    "microlitre": ("ml", 0.001), "g": ("g", 1.0), "gramme": ("g", 1.0), "kg": ("g", 1000.0), "mg": ("g", 0.001),
    "milligramme": ("g", 0.001), "microgramme": ("g", 1e-6), "ui": ("UI", 1.0), "u": ("UI", 1.0),
    "mbq": ("MBq", 1.0), "gbq": ("MBq", 1000.0),
}  # fmt: skip
WORDS = {"un": "1", "une": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "dix": "10"}

_WHOLE = r"\d{1,3}(?: \d{3})+(?![\d,.])|\d+(?![\d,.])"
_AMOUNT = r"\d{1,3}(?: \d{3})+(?:[,.]\d+)?|\d+(?:[,.]\d+)?"
_THINGS = "|".join(sorted({*CONTAINERS, *DOSES}, key=len, reverse=True))
_REMARKS = re.compile(
    r"\([^()]*(?:abrog|distribut|calendaire|unitaire|semainier)[^()]*\)"
    r"|avec (?:systeme de )?fermeture(?: de securite| inviolable)?(?: enfants?)?"
    r"|[.,] ?(?:palier|entretien|etui|systeme|specifique|conditionnement) .*|^conditionnements? multiples?(?: \([^)]*\))?(?: de| ?:)? "
    r"|\bpre ?-?remplie?s?\b"
)
_PLURAL = re.compile(r"\((?:s|es|aux|se)\)")
_GLUED = re.compile(r"\bplaquettes?(?=pvc|opa)|\b(?:sachets|flacons)(?=[a-z])|\bde(?=\d)")
_BOX = re.compile(r"^(?:boite|emballage|etui)s? (?:de )?(?=\d)")
_LEAD = re.compile(
    rf"(?P<packs>{_WHOLE}) (?:boite|etui|pack)s? de (?P<count>{_WHOLE}) (?P<noun>[a-z]+)"
    rf"|(?P<total>{_WHOLE}) ?\([^()]*\) ?(?P<counted>[a-z]+)"
    rf"|(?P<number>{_WHOLE}) ?(?P<thing>[a-z]+)"
    r"|(?P<alone>[a-z]+)"
)
_HELD = re.compile(
    rf"(?:\bde |\bd'|\bcontenant )(?:(?P<total>{_WHOLE}) ?\([^()]*\) ?|(?P<times>{_WHOLE}) ?x ?)?"
    rf"(?P<amount>{_AMOUNT})? ?(?P<word>[a-z]+)"
)
_MORE = re.compile(rf"(?:, ?|\bet )(?:de )?(?P<amount>{_WHOLE}) (?P<word>[a-z]+)")
_ITEMS = re.compile(rf" (?:\+ ?|- |-(?=\d))(?=(?:\d|(?:{_THINGS})s?\b)(?![^()]*\)))")
_ACCESSORIES = re.compile(
    r"\b(?:avec|munie?s?|dans|sous|en (?:sachet|boite)s?|(?:sur(?:emballe|poche)|conditionne)\w*|et opercule) .*"
)
_MEASURING = re.compile(r"doseu|cuill|gobelet|pipette|godet|mesure|solvant|administration|flacon|seringue")
_TIMES = re.compile(r"\((?:[^()]*[ :])?(\d+) ?x ?(\d+)(?! ?(?:cm|mm|ml|mg|[\d,.]))[^()]*\)")
_VAGUE = re.compile(
    rf"\b(?:maximum|minimum|plusieurs|pour chacun)\b|(?:{_AMOUNT})(?: [a-z]+)? ?(?:a|-|,) (?:{_AMOUNT}) ?(?:[mg]bq|ml|microlitre)"
)


@dataclass(frozen=True)
class BoxSize:
    """``units`` of ``unit_word`` in the box, and its ``containers``, when the label counts them.

    ``content``: what one container holds (ml, g, UI, doses); None when the label does not state it.
    """

    units: float
    unit_word: str
    containers: float | None = None
    container_word: str | None = None
    content: float | None = None


@dataclass(frozen=True)
class _Item:
    count: float | None
    container: str | None
    content: float | None
    content_unit: str | None
    is_dose: bool


@lru_cache(maxsize=32_768)
def box_size(label: str) -> BoxSize | None:
    """Size of the box, or None when its label does not say it."""
    text = _plain(label)
    parts = [_item(part, first=not rank) for rank, part in enumerate(_ITEMS.split(text))]
    items = [item for item in parts if item]
    if not items:
        return None
    size = _alone(items[0], text) if len(items) == 1 else _together(items)
    return size if size and _agrees(size, items[0], text) else None


def _plain(label: str) -> str:
    """Folded, without signs of plural nor remarks, one space between words."""
    text = folded(label.lower()).replace("×", "x").replace("*", "x").replace("’", "'").replace("µg", "microgramme")
    text = _REMARKS.sub(" ", " ".join(_PLURAL.sub("", text).split()))
    text = " ".join(_GLUED.sub(lambda found: f"{found[0]} ", text).split())
    first, _, rest = text.partition(" ")
    return _BOX.sub("", f"{WORDS[first]} {rest}" if first in WORDS else text)


def _item(part: str, *, first: bool) -> _Item | None:
    """One joined part; None for an accessory (needles, swabs…), or for how boxes are packed."""
    lead = _LEAD.match(part.strip())
    if lead is None:
        return None
    noun, rest = lead["noun"] or lead["counted"] or lead["thing"] or lead["alone"], part.strip()[lead.end() :]
    count = _count(lead)
    word, container = _named(noun, DOSES), _named(noun, CONTAINERS)
    content, unit, is_dose = _held(rest)
    if word and count is not None and not (container and (is_dose or word == "récipient")):
        return _Item(None, None, count, word, is_dose=True)
    if container is None or (container == "boîte" and not first):
        return None
    return _Item(count, container, content, unit, is_dose)


def _count(lead: re.Match[str]) -> float | None:
    if lead["packs"]:
        return _number(lead["packs"]) * _number(lead["count"])
    figure = lead["total"] or lead["number"]
    return None if figure is None else _number(figure)


def _held(rest: str) -> tuple[float | None, str | None, bool]:
    """What one container holds: (amount, unit, whether counted); read after « avec » only where it is not the accessory's."""
    plain = rest if re.search(r"\d ?\(", rest) else re.sub(r"\([^()]*\)", " ", rest)
    before = _ACCESSORIES.sub("", plain)
    for text in (before, plain):
        found = [held for held in map(_quantity, _HELD.finditer(text)) if held]
        if not found or (text is plain and _is_of_accessory(found[0], plain[len(before) :])):
            continue
        amount, unit, is_dose = found[0]
        if is_dose:
            amount += sum(_number(one["amount"]) for one in _MORE.finditer(text) if _named(one["word"], DOSES) == unit)
        return amount, unit, is_dose
    return None, None, False


def _is_of_accessory(held: tuple[float, str, bool], accessories: str) -> bool:
    _, unit, is_dose = held
    return unit == "récipient" or (not is_dose and bool(_MEASURING.search(accessories)))


def _quantity(held: re.Match[str]) -> tuple[float, str, bool] | None:
    figure = held["amount"] or held["total"]
    if figure is None:
        return None
    amount = _number(held["total"] or figure) * (_number(held["times"]) if held["times"] else 1)
    word = held["word"]
    dose = _named(word, DOSES)
    if dose:
        return amount, dose, True
    measure = MEASURES.get(word) or MEASURES.get(word.removesuffix("s"))
    return (amount * measure[1], measure[0], False) if measure else None


def _alone(item: _Item, text: str) -> BoxSize | None:
    """A box of one kind of container; without a number, « plaquette(s) de 30 comprimé(s) » is 30 for the whole box."""
    count = item.count
    if item.content and item.content_unit and (item.is_dose or (item.container and not _VAGUE.search(text))):
        if not item.is_dose and count is None:
            count = 1.0
        times = 1 if count is None or "chaque plaquette contient" in text else count
        units = round(item.content * times, 9)
        return BoxSize(units, item.content_unit, count, item.container, item.content)
    if count and item.container and item.container not in PACKAGING:
        return BoxSize(count, item.container, count, item.container)
    return None


def _together(items: list[_Item]) -> BoxSize | None:
    """Several items: doses of one kind add up; otherwise the first one is counted, the others serve it (solvent…)."""
    sizes = [_alone(item, "") for item in items]
    if all(item.is_dose for item in items) and all(sizes):
        units = {size.unit_word for size in sizes if size}
        return BoxSize(sum(size.units for size in sizes if size), units.pop()) if len(units) == 1 else None
    first = items[0]
    if first.container is None or first.container in PACKAGING:
        return sizes[0] if first.is_dose else None
    count = 1 if first.count is None else first.count
    return BoxSize(count, first.container, count, first.container, first.content)


def _agrees(size: BoxSize, first: _Item, text: str) -> bool:
    """False when the label states a product, « (2 x 56) », that matches none of its own figures."""
    figures = {size.units, size.containers, first.content, first.count}
    for left, right in _TIMES.findall(text):
        if int(left) * int(right) not in figures and not {int(left), int(right)} <= figures:
            return False
    return size.units > 0


def _named(word: str, names: dict[str, str]) -> str | None:
    return names.get(word) or names.get(word.removesuffix("s")) or names.get(word.removesuffix("x"))


def _number(figure: str) -> float:
    return float(figure.replace(" ", "").replace(",", "."))
