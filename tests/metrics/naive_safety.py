"""Safety stocks recomputed with loops, from the files and the words of the method. Boxes, months, days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

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


def duties(raw: Path) -> dict[str, list[Owed]]:
    """By CIP13 still marketed, the strongest reason first."""
    files = {name: path for path, name in _received(raw / "bdpm")}
    reasons: dict[str, list[Owed]] = {}
    for line in _lines(files["CIS_MITM.txt"], "cp1252"):
        reasons.setdefault(line[0], []).append(Owed(date.min, 2, "règle générale"))
    for name, cis, months, since in _listed(raw):
        decided = name == "Décision de stock"
        own = Owed(since, months if decided else 4, "décision" if decided else "liste 4 mois")
        reasons.setdefault(cis, [Owed(date.min, 2, "règle générale")]).append(own)
    order = ("décision", "liste 4 mois", "règle générale")
    return {
        line[6]: sorted(reasons[line[0]], key=lambda owed: order.index(owed.why))
        for line in _lines(files["CIS_CIP_bdpm.txt"], "utf-8")
        if line[0] in reasons and "arrêt" not in line[4]
    }


def _listed(raw: Path) -> list[tuple[str, str, float, date]]:
    """Lines of the last file that name a speciality on one of the two lists of stocks."""
    path, _ = _received(raw / "listes")[-1]
    with path.open("rb") as handle:  # copies have no extension that openpyxl knows
        sheet = load_workbook(handle, read_only=True, data_only=True)["Listes"]
        kept = [
            cells for cells in sheet.iter_rows(values_only=True) if cells[0] in ("Stock 4 mois", "Décision de stock")
        ]
    return [(cells[0], str(cells[1]), cells[4], _day(cells[5])) for cells in kept]


def _day(cell: Any) -> date:
    return cell.date() if isinstance(cell, datetime) else date.min


def weekly(inputs: Inputs, owed: dict[str, list[Owed]]) -> dict[tuple[str, str, date], Row]:
    """By presentation, company and week of the period."""
    weeks = sorted({week for link, week, _, _ in inputs.readings if link == "exploitants"})
    first = weeks[-1] - (int(inputs.parameters["safety_period_weeks"]) - 1) * WEEK
    mine: dict[tuple[str, str], dict[date, Reading]] = {}
    for (link, week, cip13, who), reading in inputs.readings.items():
        if link == "exploitants" and cip13 in owed:
            mine.setdefault((cip13, who), {})[week] = reading
    result = {}
    sent: dict[str, set[date]] = {}
    for link, week, _, who in inputs.readings:
        if link == "exploitants":
            sent.setdefault(who, set()).add(week)
    for (cip13, who), read in mine.items():
        rhythm = dues(sorted(read), sorted(sent[who]), weeks[-1], inputs.parameters)
        subjects = [subject for subject, boxes in inputs.subjects.items() if cip13 in boxes]
        exceptional = {week for week in weeks if any(_is_excluded(inputs, subject, week) for subject in subjects)}
        for week in weeks:
            if week >= max(first, min(read)):
                result[cip13, who, week] = _week(inputs, read, week, owed[cip13], exceptional, rhythm)
    return result


def _week(
    inputs: Inputs, read: dict[date, Reading], week: date, owed: list[Owed], exceptional: set[date], rhythm: Dues
) -> Row:
    last = max(monday for monday in read if monday <= week)
    age = (week - last).days // 7
    gap, is_known = missed(rhythm[last], age), age <= stays(inputs, rhythm[last])
    year = [monday for monday in read if week - 51 * WEEK <= monday <= week and monday not in exceptional]
    sales = sum(read[monday].sales for monday in year)
    monthly: float | None
    if len(year) >= inputs.parameters["legal_min_weeks"]:
        monthly = sales / len(year) * A_MONTH
    else:
        monthly = read[last].usual if is_known else None
    late = gap > inputs.parameters["carry_weeks"] or not is_known
    months = None if late or not monthly else read[last].stock / monthly
    due = next(reason for reason in owed if reason.since <= week + timedelta(days=6))
    return {
        "months": months,
        "duty_months": due.months,
        "duty_origin": due.why,
        "is_under": None if months is None else months < due.months,
        "figure_state": "en_retard" if late else "non_pertinente" if months is None else "estime" if gap else "a_jour",
    }


def standing(weeks: dict[tuple[str, str, date], Row]) -> dict[tuple[str, str], Row]:
    """By presentation and company: days under and known, and since when it is under without a break."""
    result: dict[tuple[str, str], Row] = {}
    for (cip13, who, week), row in sorted(weeks.items()):
        kept = result.setdefault((cip13, who), {"days_under": 0, "days_known": 0, "days_unknown": 0, "since": None})
        kept["days_unknown" if row["months"] is None else "days_known"] += 7
        kept["days_under"] += 7 if row["is_under"] else 0
        if row["is_under"] is False:
            kept["since"] = None
        elif row["is_under"] and kept["since"] is None:
            kept["since"] = week
        kept["last"] = row
    return result
