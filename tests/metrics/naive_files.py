"""The partner files read the plain way: openpyxl and csv, one loop, no code of the product.

Only what the demo and the tests write is understood; anything else is an error here, never a guess.
"""

from __future__ import annotations

import csv
import json
import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.metrics.naive_subjects import REFERENCE, Subjects, fill_subjects, referential

TITLES = {
    "week": {"Semaine", "Sem.", "Semaine ISO"},
    "participant": {"Grossiste", "Grossiste-répartiteur", "Etablissement répartiteur", "Laboratoire"},
    "cip13": {"CIP13", "Code CIP13", "Code CIP"},
    "stock": {"Stock (boîtes)", "Stock"},
    "sales": {"Ventes de la semaine (boîtes)", "Ventes semaine", "Ventes de la dernière semaine (boîtes)"},
    "usual": {"Ventes mensuelles habituelles (boîtes)"},
    "four": {"Ventes des 4 dernières semaines (boîtes)"},
    "reference": {
        "Ventes de référence de tous les adhérents (boîtes)",
        "Ventes de référence (boîtes)",
        "Ventes des adhérents (boîtes)",
    },
    "from": {"Début de la période de référence", "Référence du"},
    "until": {"Fin de la période de référence", "Référence au"},
}
SOURCES = ("tracstocks", "pointstock", "grossistes", "iqvia", "references")
ReadingKey = tuple[str, date, str, str]  # link, week, cip13, participant


@dataclass(frozen=True)
class Reading:
    """Boxes of one presentation at one participant at the end of one week."""

    stock: float
    sales: float
    usual: float | None = None
    four: float | None = None  # sales of the last four weeks, as declared


@dataclass(frozen=True)
class Panel:
    """What the pharmacy panel says of a group in a territory."""

    pharmacies: int
    sales: float
    days: float | None


@dataclass(frozen=True)
class Decision:
    """A reference decided by hand, in boxes a month, for every day from ``since`` to ``until``."""

    subject: str
    link: str
    monthly: float
    since: date
    until: date
    reason: str


def parameters() -> dict[str, float]:
    document = tomllib.loads((REFERENCE / "thresholds.toml").read_text(encoding="utf-8"))
    return {name: item["value"] for name, item in document.items()}


@dataclass(kw_only=True)
class Inputs(Subjects):
    """Everything the triple suivi is made of, by its natural key."""

    as_of: date
    parameters: dict[str, float] = field(default_factory=parameters)
    readings: dict[ReadingKey, Reading] = field(default_factory=dict)
    panel: dict[tuple[str, str, str, date], Panel] = field(default_factory=dict)
    manual: list[Decision] = field(default_factory=list)
    excluded: list[tuple[str, date]] = field(default_factory=list)
    members: dict[str, float] = field(default_factory=dict)  # by cip13, boxes a day of all wholesalers


def read(raw: Path, as_of: date, sources: tuple[str, ...] = SOURCES) -> Inputs:
    """Every file of ``raw/`` in the order of reception, so that the last one received wins."""
    inputs = Inputs(as_of=as_of)
    readers = {
        "tracstocks": partial(_stocks, inputs, "exploitants"),
        "pointstock": partial(_stocks, inputs, "grossistes"),
        "grossistes": partial(_stocks, inputs, "grossistes"),
        "iqvia": partial(_panel, inputs),
        "references": partial(_references, inputs),
    }
    for path, _ in _received(*(raw / source for source in sources)):
        readers[path.parent.name](path)
    fill_subjects(inputs, *referential({name: path for path, name in _received(raw / "bdpm")}))
    return inputs


def _received(*folders: Path) -> list[tuple[Path, str]]:
    """Copies and their own names, oldest first; two of the same second go by their hash."""
    every = [path for folder in folders for path in folder.glob("*.json.prov")]
    records = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in every]
    records.sort(key=lambda item: (item[1]["received_at"], item[1]["sha256"]))
    return [(path.with_name(path.name.removesuffix(".json.prov")), record["name"]) for path, record in records]


def _stocks(inputs: Inputs, link: str, path: Path) -> None:
    """A file that says two things of one key is believed for neither."""
    places: dict[str, int] = {}
    values_by_key: dict[ReadingKey, set[Reading]] = {}
    for cells in _sheet(path, "Stocks"):
        if not places:
            places = _places(cells)
        elif reading := _stock_line(cells, places):
            (week, cip13, participant), values = reading
            if daily := _members(cells, places):
                inputs.members[cip13] = daily
            values_by_key.setdefault((link, week, cip13, participant), set()).add(values)
    inputs.readings.update({key: values.pop() for key, values in values_by_key.items() if len(values) == 1})


def _sheet(path: Path, title: str) -> Iterator[tuple[Any, ...]]:
    with path.open("rb") as handle:
        book = load_workbook(handle, read_only=True, data_only=True)
        yield from book[title].iter_rows(values_only=True)
        book.close()


def _places(cells: tuple[Any, ...]) -> dict[str, int]:
    """Columns of a header line; nothing for the lines of title above it."""
    document = {what: k for k, cell in enumerate(cells) for what, names in TITLES.items() if cell in names}
    return document if "cip13" in document else {}


def _stock_line(cells: tuple[Any, ...], places: dict[str, int]) -> tuple[tuple[date, str, str], Reading] | None:
    """A line that can be believed; None for a blank line, a total or a mistyped one."""
    filled = [cell for cell in cells if cell not in (None, "")]
    if not filled or str(filled[0]).lower().startswith("total"):
        return None
    week, cip13 = _week(cells[places["week"]]), _cip13(cells[places["cip13"]])
    stock, sales = _boxes(cells[places["stock"]]), _boxes(cells[places["sales"]])
    usual, four = (cells[places[name]] if name in places else None for name in ("usual", "four"))
    if week is None or cip13 is None or stock is None or sales is None:
        return None
    return (week, cip13, str(cells[places["participant"]])), Reading(
        stock, sales, None if usual is None else float(usual), None if four is None else float(four)
    )


def _members(cells: tuple[Any, ...], places: dict[str, int]) -> float | None:
    """Boxes a day that all members sold over the period, both days of it included."""
    cells_read: list[Any] = [cells[places[name]] for name in ("reference", "from", "until") if name in places]
    return (
        float(cells_read[0]) / ((cells_read[2] - cells_read[1]).days + 1)
        if cells_read and cells_read[0] is not None
        else None
    )


def _week(cell: Any) -> date | None:
    """Monday of ``2026-S46`` or of a real date; None outside 1990–2100."""
    if isinstance(cell, datetime):
        return cell.date() - timedelta(days=cell.weekday())
    year, week = (int(part) for part in str(cell).split("-S"))
    return date.fromisocalendar(year, week, 1) if 1990 <= year <= 2100 else None


def _cip13(cell: Any) -> str | None:
    code = str(int(cell)) if isinstance(cell, float | int) else str(cell).strip()
    if not re.fullmatch(r"34009\d{8}", code):
        return None
    weighted = sum(int(digit) * (1, 3)[position % 2] for position, digit in enumerate(code[:12]))
    return code if (10 - weighted % 10) % 10 == int(code[12]) else None


def _boxes(cell: Any) -> float | None:
    if not isinstance(cell, int | float) or not math.isfinite(cell) or cell < 0:
        return None
    return float(cell)


def _panel(inputs: Inputs, path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for line in csv.DictReader(handle, delimiter=";"):
            week = _week(line["Semaine"])
            days = line["Couverture moyenne (jours)"].replace(",", ".")
            if week:
                sales = float(line["Ventes (boîtes)"].replace(",", "."))
                panel = Panel(int(line["Officines du panel"]), sales, float(days) if days else None)
                inputs.panel[line["Groupe"], line["Niveau"], line["Territoire"], week] = panel


def _references(inputs: Inputs, path: Path) -> None:
    for cells in _sheet(path, "Références"):
        if cells[0] and str(cells[1]).startswith(("Exploitants", "Grossistes")):
            subject, link, monthly, since, until, reason, *_ = cells
            decided = (since.date(), until.date() if until else date.max)
            inputs.manual.append(Decision(subject, str(link).lower(), float(monthly), *decided, reason))
    for cells in _sheet(path, "Mois exclus"):
        if len(cells) > 1 and isinstance(cells[1], datetime):
            inputs.excluded.append((cells[0], cells[1].date()))
