"""Safety stocks recomputed with loops, from the files and the words of the method. Units, months, days.

Sizes of boxes come from ``box_size``, whose own tests type labels; what is recomputed here is what is done with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from data.building.box_size import box_size
from tests.metrics.naive import _is_excluded, missed, stays
from tests.metrics.naive_files import Inputs, Reading, _received
from tests.metrics.naive_rhythm import Dues, dues
from tests.metrics.naive_subjects import _lines

WEEK = timedelta(days=7)
A_MONTH = 365.25 / 12 / 7  # weeks
Row = dict[str, Any]


@dataclass(frozen=True)
class Owed:
    """Months owed from a day on, and why."""

    since: date
    months: float
    why: str


@dataclass(frozen=True)
class Market:
    """Boxes of the specialities that owe a stock: speciality and size (units, unit) by CIP13; duties by speciality."""

    speciality: dict[str, str]
    size: dict[str, tuple[float, str]]
    owed: dict[str, list[Owed]]


def market(raw: Path) -> Market:
    """Boxes still marketed of what is listed; the strongest reason first."""
    files = {name: path for path, name in _received(raw / "bdpm")}
    reasons: dict[str, list[Owed]] = {}
    for line in _lines(files["CIS_MITM.txt"], "cp1252"):
        reasons.setdefault(line[0], []).append(Owed(date.min, 2, "règle générale"))
    for name, cis, months, since in _listed(raw):
        decided = name == "Décision de stock"
        own = Owed(since, months if decided else 4, "décision" if decided else "liste 4 mois")
        reasons.setdefault(cis, [Owed(date.min, 2, "règle générale")]).append(own)
    order = ("décision", "liste 4 mois", "règle générale")
    lines = [
        line for line in _lines(files["CIS_CIP_bdpm.txt"], "utf-8") if line[0] in reasons and "arrêt" not in line[4]
    ]
    return Market(
        {line[6]: line[0] for line in lines},
        {line[6]: (size.units, size.unit_word) for line in lines if (size := box_size(line[2]))},
        {line[0]: sorted(reasons[line[0]], key=lambda owed: order.index(owed.why)) for line in lines},
    )


def _listed(raw: Path) -> list[tuple[str, str, Any, date]]:
    """Lines of the last file that name a speciality on one of the two lists of stocks."""
    path, _ = _received(raw / "listes")[-1]
    with path.open("rb") as handle:  # copies have no extension that openpyxl knows
        sheet = load_workbook(handle, read_only=True, data_only=True)["Listes"]
        kept = [
            cells for cells in sheet.iter_rows(values_only=True) if cells[0] in ("Stock 4 mois", "Décision de stock")
        ]
    return [(str(cells[0]), str(cells[1]), cells[4], _day(cells[5])) for cells in kept]


def _day(cell: Any) -> date:
    return cell.date() if isinstance(cell, datetime) else date.min


def weekly(inputs: Inputs, known: Market) -> dict[tuple[str, str, date], Row]:
    """By speciality, company and week of the period."""
    weeks = sorted({week for link, week, _, _ in inputs.readings if link == "exploitants"})
    first = weeks[-1] - (int(inputs.parameters["safety_period_weeks"]) - 1) * WEEK
    mine: dict[tuple[str, str], dict[str, dict[date, Reading]]] = {}
    for (link, week, cip13, who), reading in inputs.readings.items():
        if link == "exploitants" and cip13 in known.speciality:
            mine.setdefault((known.speciality[cip13], who), {}).setdefault(cip13, {})[week] = reading
    result = {}
    sent: dict[str, set[date]] = {}
    for link, week, _, who in inputs.readings:
        if link == "exploitants":
            sent.setdefault(who, set()).add(week)
    for (cis, who), boxes in mine.items():
        rhythms = {
            cip13: dues(sorted(read), sorted(sent[who]), weeks[-1], inputs.parameters) for cip13, read in boxes.items()
        }
        for week in weeks:
            there = {cip13: read for cip13, read in boxes.items() if week >= max(first, min(read))}
            if there:
                lines = [_box(inputs, cip13, read, week, rhythms[cip13]) for cip13, read in there.items()]
                factors = _factors(known, list(boxes), list(there))
                result[cis, who, week] = _week(lines, factors, known.owed[cis], week)
    return result


def _factors(known: Market, boxes: list[str], there: list[str]) -> list[float]:
    """Units per box; boxes as they are when the company reports one only."""
    if len(boxes) == 1:
        return [1.0]
    assert len({known.size[cip13][1] for cip13 in boxes}) == 1  # the demo has no speciality whose boxes do not add
    return [known.size[cip13][0] for cip13 in there]


def _box(inputs: Inputs, cip13: str, read: dict[date, Reading], week: date, rhythm: Dues) -> Row:
    last = max(monday for monday in read if monday <= week)
    age = (week - last).days // 7
    gap = missed(rhythm[last], age)
    subjects = [subject for subject, boxes in inputs.subjects.items() if cip13 in boxes]
    year = [
        monday
        for monday in read
        if week - 51 * WEEK <= monday <= week and not any(_is_excluded(inputs, subject, monday) for subject in subjects)
    ]
    monthly: float | None = read[last].usual
    covered = [_covered(read[monday], rhythm[monday]) for monday in year]
    weeks = sum(length for _, length in covered)
    if weeks >= inputs.parameters["legal_min_weeks"]:
        monthly = sum(boxes for boxes, _ in covered) / weeks * A_MONTH
    expected = age <= stays(inputs, rhythm[last])
    before = [monday for monday in read if monday <= week]
    excluded = {monday for subject in subjects for monday in before if _is_excluded(inputs, subject, monday)}
    sold = any(_covered(read[monday], rhythm[monday])[0] > 0 for monday in before if monday not in excluded)
    return {
        "expected": expected, "late": gap > inputs.parameters["carry_weeks"], "age": age, "stock": read[last].stock, "monthly": monthly,
        "sold": sold or any((read[monday].usual or 0) > 0 for monday in before),
    }  # fmt: skip


def _covered(reading: Reading, due: int | None) -> tuple[float, int]:
    """Boxes and weeks of sales that a reading tells: its week, or of a spaced one the four weeks it declares."""
    if due == 1 or reading.four is None:
        return reading.sales, 1
    length = min(due or 4, 4)
    return reading.four * length / 4, length


def _week(lines: list[Row], factors: list[float], owed: list[Owed], week: date) -> Row:
    counted = [(line, factor) for line, factor in zip(lines, factors, strict=True) if line["expected"]]
    late = not counted or any(line["late"] for line, _ in counted)
    known = all(line["monthly"] is not None for line, _ in counted)
    monthly = sum(line["monthly"] * factor for line, factor in counted) if known else 0
    stock = sum(line["stock"] * factor for line, factor in counted)
    empty = any(line["sold"] for line, _ in counted) and not stock
    months = None if late or not (monthly or empty) else stock / (monthly or 1)
    due = next(reason for reason in owed if reason.since <= week + timedelta(days=6))
    carried = any(line["age"] for line, _ in counted)
    return {
        "months": months,
        "duty_months": due.months,
        "duty_origin": due.why,
        "is_under": None if months is None else months < due.months,
        "figure_state": "en_retard"
        if late
        else "non_pertinente"
        if months is None
        else "estime"
        if carried
        else "a_jour",
    }


def standing(weeks: dict[tuple[str, str, date], Row]) -> dict[tuple[str, str], Row]:
    """By speciality and company: days under and known, and since when it is under without a break."""
    result: dict[tuple[str, str], Row] = {}
    for (cis, who, week), row in sorted(weeks.items()):
        kept = result.setdefault((cis, who), {"days_under": 0, "days_known": 0, "days_unknown": 0, "since": None})
        kept["days_unknown" if row["months"] is None else "days_known"] += 7
        kept["days_under"] += 7 if row["is_under"] else 0
        if row["is_under"] is False:
            kept["since"] = None
        elif row["is_under"] and kept["since"] is None:
            kept["since"] = week
        kept["last"] = row
    return result
