"""Discontinuations recomputed with loops: what is announced, what remains, who takes up the demand. Boxes and days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from data.building.box_size import box_size
from tests.metrics import naive_period
from tests.metrics.naive import Held, _current, _held
from tests.metrics.naive_files import Inputs, _received
from tests.metrics.naive_subjects import _lines, plain

Row = dict[str, Any]
KINDS = (
    (("inject", "perfusion"), "injectable"),
    (("inhal",), "à inhaler"),
    (("buvable", "sirop", "goutte"), "orale liquide"),
    (("dispersible", "effervescent", "granul", "poudre orale"), "orale facile à avaler"),
    (("liberation prolongee", "liberation modifiee"), "orale solide, à libération modifiée"),
    (("comprime", "gelule", "capsule"), "orale solide"),
)


@dataclass(frozen=True)
class Box:
    """A presentation of the referential: its speciality, its DCI, how it is taken."""

    cis: str
    dci: str
    routes: frozenset[str]
    kind: str
    marketed: bool


def boxes(raw: Path, inputs: Inputs) -> dict[str, Box]:
    """By CIP13, those with a DCI."""
    files = {name: path for path, name in _received(raw / "bdpm")}
    dci = {cip13: name for name, mine in inputs.subjects.items() if name.startswith("dci:") for cip13 in mine}
    named = {line[0]: line for line in _lines(files["CIS_bdpm.txt"], "cp1252")}
    return {
        line[6]: Box(
            line[0],
            dci[line[6]],
            frozenset(named[line[0]][3].split(";")),
            kind(named[line[0]][2]),
            "arrêt" not in line[4],
        )
        for line in _lines(files["CIS_CIP_bdpm.txt"], "utf-8")
    }


def kind(form: str) -> str:
    return next((name for words, name in KINDS if any(word in plain(form) for word in words)), form)


def announced(raw: Path) -> dict[str, tuple[Any, ...]]:
    """Last line received of each number: number, declared, laboratory, cis, cip13, stop, reason, town, hospital, review."""
    last = {}
    for path, _ in _received(raw / "arrets"):
        with path.open("rb") as handle:
            for cells in load_workbook(handle, read_only=True, data_only=True)["Arrêts"].iter_rows(values_only=True):
                if str(cells[0]).startswith("A-"):
                    last[str(cells[0])] = cells
    return last


def stopped(line: tuple[Any, ...], boxes_by_code: dict[str, Box]) -> set[str]:
    if line[4]:
        return {str(line[4])} & set(boxes_by_code)
    return {cip13 for cip13, box in boxes_by_code.items() if box.cis == str(line[3])}


@dataclass(frozen=True)
class Market:
    """What companies hold and sell today: stock and boxes a day of each presentation reported at the latest a week ago."""

    stock: dict[str, float]
    daily: dict[str, float]
    year: dict[str, float]


def market(inputs: Inputs) -> Market:
    """Stock and current demand of each box, as in coverage, unless a laboratory is late with it."""
    result = Market({}, {}, {})
    for subject in (name for name in inputs.subjects if name.startswith("dci:")):
        for (cip13, _), boxes_sold in naive_period.sales(inputs, subject).items():
            result.year[cip13] = result.year.get(cip13, 0) + boxes_sold
    held = _held(inputs, "exploitants")
    newest = max(held)
    lines: dict[str, list[Held]] = {}
    for holding in held[newest]:
        lines.setdefault(holding.cip13, []).append(holding)
    for cip13, mine in lines.items():
        if max(holding.missed for holding in mine) <= inputs.parameters["carry_weeks"]:
            result.stock[cip13] = sum(holding.reading.stock for holding in mine)
            result.daily[cip13] = sum(_current(inputs, holding, newest, is_out=False) for holding in mine) / 7
    return result


def remaining(number: str, lines: dict[str, tuple[Any, ...]], boxes_by_code: dict[str, Box]) -> set[str]:
    """Same DCI, a route in common, the same kind of form, marketed, and not stopping by that day."""
    gone = set(_gone_by(lines[number][5], lines, boxes_by_code))
    mine = [boxes_by_code[cip13] for cip13 in stopped(lines[number], boxes_by_code)]
    return {
        cip13
        for cip13, box in boxes_by_code.items()
        if box.marketed
        and cip13 not in gone
        and any(box.dci == one.dci and box.kind == one.kind and box.routes & one.routes for one in mine)
    }


def _gone_by(day: date, lines: dict[str, tuple[Any, ...]], boxes_by_code: dict[str, Box]) -> Iterator[str]:
    for line in lines.values():
        if line[5] <= day:
            yield from stopped(line, boxes_by_code)


def sizes(raw: Path) -> dict[str, tuple[float, str]]:
    """Units of a box by CIP13, tablets and capsules alike."""
    files = {name: path for path, name in _received(raw / "bdpm")}
    found = {line[6]: box_size(line[2]) for line in _lines(files["CIS_CIP_bdpm.txt"], "utf-8")}
    solid = ("comprimé", "gélule", "capsule")
    return {
        cip13: (size.units, "solide" if size.unit_word in solid else size.unit_word)
        for cip13, size in found.items()
        if size
    }


def transfer(
    mine: set[str], others: set[str], market_today: Market, known: dict[str, tuple[float, str]]
) -> tuple[float | None, dict[str, tuple[float, float, float]]]:
    """Load in units a day; for each other box measured: boxes it takes up, its days before and after."""
    measured = [cip13 for cip13 in mine | others if cip13 in market_today.daily]
    same = len({known.get(cip13, (0, cip13))[1] for cip13 in measured}) == 1 and all(
        cip13 in known for cip13 in measured
    )
    units = {cip13: known[cip13][0] if same else 1 for cip13 in measured}
    sold = [market_today.daily[cip13] * units[cip13] for cip13 in mine if cip13 in market_today.daily]
    load = sum(sold) if sold else None
    total = sum(market_today.daily[cip13] * units[cip13] for cip13 in others if cip13 in market_today.daily)
    result = {}
    for cip13 in others:
        if market_today.daily.get(cip13):
            daily, stock = market_today.daily[cip13], market_today.stock[cip13]
            moved = (load or 0) * daily / total
            result[cip13] = (moved, stock / daily, stock / (daily + moved))
    return load, result


@dataclass(frozen=True)
class Public:
    """What the referential says of specialities, for the rules of the medical review."""

    procedure: dict[str, str]
    generics: set[str]
    conditions: dict[str, str]


def public(raw: Path) -> Public:
    files = {name: path for path, name in _received(raw / "bdpm")}
    groups: dict[str, set[str]] = {}
    for line in _lines(files["CIS_GENER_bdpm.txt"], "cp1252") if "CIS_GENER_bdpm.txt" in files else ():
        groups.setdefault(line[2], set()).add(line[3])
    conditions: dict[str, str] = {}
    for line in _lines(files["CIS_CPD_bdpm.txt"], "cp1252") if "CIS_CPD_bdpm.txt" in files else ():
        conditions[line[0]] = f"{conditions.get(line[0], '')} {plain(line[1])}"
    named = {line[0]: plain(line[5]) for line in _lines(files["CIS_bdpm.txt"], "cp1252")}
    return Public(named, {cis for cis, kinds in groups.items() if "0" not in kinds}, conditions)


def rule(
    line: tuple[Any, ...], lines: dict[str, tuple[Any, ...]], boxes_by_code: dict[str, Box], known: Public
) -> str | None:
    """« soumis », « écarté », or None when the market decides (IGAS, § 293–294)."""
    mine = stopped(line, boxes_by_code)
    box = boxes_by_code[next(iter(mine))]
    conditions = known.conditions.get(box.cis, "")
    free = known.conditions and not any(
        word in conditions for word in ("liste i", "stupefiant", "prescription", "ordonnance")
    )
    gone = set(_gone_by(line[5], lines, boxes_by_code))
    left = [code for code, one in boxes_by_code.items() if one.cis == box.cis and one.marketed and code not in gone]
    if "paracetamol" in plain(box.dci):
        return "soumis"
    is_out = "homeo" in known.procedure[box.cis] or "phyto" in known.procedure[box.cis] or free
    is_one_of_several = bool(line[4]) and bool(left)
    is_out = is_out or is_one_of_several or box.cis in known.generics or "acetylsalicylique" in plain(box.dci)
    return "écarté" if is_out else None
