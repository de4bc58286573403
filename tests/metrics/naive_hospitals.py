"""Hospital pharmacies recomputed with loops from the files of e-Dispostock and GERS, from the words of the method.

Quantities are UCD; only what the demo and the tests write is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.metrics.naive import DAYS_A_YEAR, WEEK, Coverage, Figure, Weeks, status
from tests.metrics.naive_files import Inputs, _received, _sheet
from tests.metrics.naive_subjects import Band, _tells, plain, plan_files

LINK = "pui"
UCD = re.compile(r"9\d{6}")
WHOLE_DCI, WITH_FORM, UNIT = 1, 2, 3  # of one hospital only the widest counts


@dataclass(frozen=True)
class Line:
    """What one establishment writes of one product in one week. ``use``: a day's, None when not given."""

    week: date
    finess: str
    product: str
    form: str | None
    stock: float
    use: float | None

    @property
    def key(self) -> tuple[date, str, str, str]:
        """A UCD is itself whatever its label; a DCI is told apart by its form."""
        return self.week, self.finess, plain(self.product), "" if _is_ucd(self.product) else plain(self.form or "")


@dataclass
class Hospitals:
    """Files by natural key, the last one received winning, and the labels of units."""

    lines: dict[tuple[date, str, str, str], Line] = field(default_factory=dict)
    bought: dict[tuple[date, str], tuple[str, float]] = field(default_factory=dict)  # month, UCD → label, units
    reimbursed: dict[str, str] = field(default_factory=dict)  # UCD → label of Rétroced'AM

    def label(self, code: str) -> str | None:
        """That of Rétroced'AM, else the first in the alphabet of those that partners write."""
        if code in self.reimbursed:
            return self.reimbursed[code]
        written = {line.form for line in self.lines.values() if line.product == code and line.form}
        return min(written | {label for (_, its), (label, _) in self.bought.items() if its == code}, default=None)


def read(raw: Path) -> Hospitals:
    found = Hospitals()
    for path, _ in _received(raw / "dispostock"):
        for line in _stocks(path):
            found.lines[line.key] = line
    for path, _ in _received(raw / "gers"):
        for month, code, circuit, label, _, _, units in _under(path, "Sell-in", "Mois"):
            if circuit == "Hôpital":
                found.bought[month.date().replace(day=1), str(code)] = str(label), float(units)
    for path, _ in _received(raw / "retrocedam"):
        for code, label, *_ in _under(path, "UCD", "Code UCD"):
            if isinstance(code, int | float):
                found.reimbursed[str(int(code))] = str(label)
    return found


def _stocks(path: Path) -> Iterator[Line]:
    """Lines that can be believed: one whose stock is not a number is left aside."""
    for week, finess, _, product, form, stock, use in _under(path, "Stocks PUI", "Semaine"):
        if isinstance(stock, int | float):
            monday = (
                week.date() if isinstance(week, datetime) else date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
            )
            monday -= timedelta(days=monday.weekday())
            yield Line(monday, str(finess), str(product), form, float(stock), None if use is None else float(use))


def _under(path: Path, title: str, head: str) -> Iterator[tuple[Any, ...]]:
    """Lines under the header that begins with ``head``."""
    is_under = False
    for cells in _sheet(path, title):
        if is_under and any(cell is not None for cell in cells):
            yield cells
        is_under = is_under or cells[0] == head


def _is_ucd(product: str) -> bool:
    return UCD.fullmatch(product) is not None


class Names:
    """Which subjects a hospital's words are about."""

    def __init__(self, inputs: Inputs, hospitals: Hospitals) -> None:
        self._hospitals = hospitals
        self._dcis = {plain(name): key for key, name in inputs.dcis.items()}
        self._groups = [group for plan in plan_files() for group in plan["groups"]]
        self._kept: dict[tuple[str, str | None], tuple[int, set[str]]] = {}

    def of(self, product: str, form: str | None) -> tuple[int, set[str]]:
        """How wide the words are, and the DCI and followed groups they are about."""
        asked = product, form
        if asked not in self._kept:
            self._kept[asked] = self._find(product, form)
        return self._kept[asked]

    def _find(self, product: str, form: str | None) -> tuple[int, set[str]]:
        is_unit = _is_ucd(product)
        detail = UNIT if is_unit else WHOLE_DCI if form is None else WITH_FORM
        label = self._hospitals.label(product) if is_unit else None
        dci = self._beginning(label or "") if is_unit else plain(product)
        if dci not in self._dcis:
            return detail, set()
        words = form or label
        groups = {g["id"] for g in self._groups if plain(g["dci"]) == dci and _fits(g, words)}
        return detail, {self._dcis[dci], *groups}

    def _beginning(self, label: str) -> str:
        """The longest DCI that begins a label; none for the label of a brand."""
        return max((dci for dci in self._dcis if f"{plain(label)} ".startswith(f"{dci} ")), key=len, default="")


def _fits(group: dict[str, Any], words: str | None) -> bool:
    """A line without a form counts for the whole DCI, and for no group that asks for one."""
    if words is None:
        return not (group.get("form") or group.get("form_out") or group.get("strengths"))
    return (
        re.search(group.get("form", ""), plain(words)) is not None
        and not (group.get("form_out") and re.search(group["form_out"], plain(words)))
        and (not group.get("strengths") or any(_tells(words, text) for text in group["strengths"]))
    )


@dataclass(frozen=True)
class Answer:
    """A hospital, a week, a subject."""

    stock: float
    use: float | None


Answers = dict[date, dict[str, Answer]]  # week → establishment → answer


def pui_week(inputs: Inputs, hospitals: Hospitals) -> dict[tuple[str, date], Figure]:
    """Every figure of hospital pharmacies, by subject and week."""
    names = Names(inputs, hospitals)
    answers, demand = _answers(hospitals, names), _demand(hospitals, names)
    result = {}
    for subject, weeks in answers.items():
        band = next((band for band in inputs.bands[subject] if band.link == LINK), None)
        if band is None:
            continue
        for week, mine in weeks.items():
            silent = _silent(weeks, week, int(inputs.parameters["expected_weeks"]))
            result[subject, week] = _figure(inputs, band, list(mine.values()), silent, demand.get(subject))
    return result


def _answers(hospitals: Hospitals, names: Names) -> dict[str, Answers]:
    """Lines of the widest kind only; a use that one of them leaves out is unknown."""
    every: dict[tuple[str, date, str], dict[int, list[Line]]] = {}
    for line in hospitals.lines.values():
        detail, subjects = names.of(line.product, line.form)
        for subject in subjects:
            every.setdefault((subject, line.week, line.finess), {}).setdefault(detail, []).append(line)
    result: dict[str, Answers] = {}
    for (subject, week, finess), by_detail in every.items():
        lines = by_detail[min(by_detail)]
        uses = [line.use for line in lines]
        use = None if None in uses else sum(value for value in uses if value is not None)
        answer = Answer(sum(line.stock for line in lines), use)
        result.setdefault(subject, {}).setdefault(week, {})[finess] = answer
    return result


def _silent(weeks: Answers, week: date, expected: int) -> list[float]:
    """Last use of each establishment that answered less than ``expected`` weeks before, and not this week."""
    found = []
    for finess in {name for mine in weeks.values() for name in mine} - weeks[week].keys():
        before = [day for day, mine in weeks.items() if finess in mine and day < week]
        if before and week < max(before) + expected * WEEK:
            found.append(weeks[max(before)][finess].use or 0.0)
    return found


def _demand(hospitals: Hospitals, names: Names) -> dict[str, tuple[float, date, int]]:
    """What all hospitals buy in a day, over the last twelve months known; the last month, and how many."""
    months = {month for month, _ in hospitals.bought}
    if not months:
        return {}
    last = max(months)
    year = {month for month in months if (month.year, month.month) > (last.year - 1, last.month)}
    total: dict[str, float] = {}
    for (month, code), (label, units) in hospitals.bought.items():
        if month in year:
            for subject in names.of(code, label)[1]:
                total[subject] = total.get(subject, 0.0) + units
    return {subject: (units * 12 / DAYS_A_YEAR / len(year), last, len(year)) for subject, units in total.items()}


def _figure(
    inputs: Inputs, band: Band, answers: list[Answer], silent: list[float], demand: tuple[float, date, int] | None
) -> Figure:
    both = [answer for answer in answers if answer.use is not None]
    stock, use = sum(answer.stock for answer in answers), sum(answer.use or 0.0 for answer in both)
    bought = demand[0] if demand else None
    is_floor = not both and bool(bought)
    held, daily = (sum(answer.stock for answer in both), use) if both else (stock, bought)
    days = held / daily if daily else None
    counted = len(answers) if is_floor else len(both)
    expected = use + sum(silent)
    answered = 100 * use / expected if both and expected else None
    if days is None or (is_floor and days < band.satisfactory) or counted < inputs.parameters["floor_pui"]:
        state = "non_pertinente"
    elif is_floor or (answered is not None and answered < inputs.parameters["pui_answer_pct"]):
        state = "incomplet"
    else:
        state = "a_jour"
    origin = "consommation donnée par les PUI" if both else None
    if is_floor and demand:
        origin = f"achats de tous les hôpitaux, {demand[2]} mois jusqu'au {demand[1]:%m/%Y} (GERS)"
    return {
        "establishments": len(answers),
        "establishments_counted": len(both),
        "establishments_silent": len(silent),
        "stock_units": stock,
        "daily_use_units": use if both else None,
        "hospital_daily_units": bought,
        "coverage_days": days,
        "figure_state": state,
        "denominator": band.denominator,
        "demand_origin": origin,
    }


def coverage(inputs: Inputs, figures: dict[tuple[str, date], Figure]) -> Coverage:
    """The link of hospital pharmacies as the chain shows it: no days where they are not relevant."""
    result: Coverage = {}
    for (subject, week), figure in figures.items():
        band = next(band for band in inputs.bands[subject] if band.link == LINK)
        weeks: Weeks = result.setdefault((subject, LINK), {})
        is_relevant = figure["figure_state"] != "non_pertinente"
        days = figure["coverage_days"] if is_relevant else None
        weeks[week] = {
            **dict.fromkeys(("stock_boxes", "sales_boxes", "legal_daily_boxes", "current_daily_boxes", "legal_origin")),
            **dict.fromkeys(("coverage_legal_days", "coverage_members_days", "missing_share_pct", "missing_names")),
            "coverage_current_days": figure["coverage_days"],
            "coverage_days": days,
            "status": status(band, days) if is_relevant else "non_pertinente",
            "figure_state": figure["figure_state"],
            "denominator": figure["denominator"],
            "current_origin": figure["demand_origin"],
            "participants": figure["establishments"],
        }
    return result
