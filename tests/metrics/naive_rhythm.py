"""Rhythm of a series of weeks, from the words of the method: in how many weeks the next measurement is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

Dues = dict[date, int | None]  # by week measured; None: an isolated point, nothing is due after it


def dues(weeks: Sequence[date], sender: Sequence[date], newest: date, parameters: dict[str, float]) -> Dues:
    """``weeks`` of one presentation at one reporter, ``sender`` all the weeks of that reporter; both in order.

    ``newest``: the last week read by anybody on the link.
    """
    mine, theirs = read(weeks, parameters), read(sender, parameters)
    result: Dues = {}
    for week, following in zip(weeks, [*weeks[1:], None], strict=True):
        gaps = mine[week]
        if gaps:
            result[week] = _due(gaps, parameters)
            continue
        due = _due(theirs[week], parameters) if theirs[week] else None
        silent = ((following - week).days // 7 - 1) if following else (newest - week).days // 7
        is_isolated = due is not None and silent - due + 1 > parameters["carry_weeks"]
        result[week] = None if is_isolated else due
    return result


def read(weeks: Sequence[date], parameters: dict[str, float]) -> dict[date, list[int]]:
    """The last intervals before each week, in weeks; none after a silence longer than anybody waits."""
    result: dict[date, list[int]] = {}
    gaps: list[int] = []
    last: date | None = None
    before = 0
    for week in weeks:
        if last:
            gap = (week - last).days // 7
            gaps = [] if gap > parameters["expected_weeks"] and gap > 2 * before + 1 else [*gaps, gap]
            before = gap
        result[week] = gaps[-int(parameters["rhythm_gaps"]) :]
        last = week
    return result


def _due(gaps: list[int], parameters: dict[str, float]) -> int | None:
    month = int(parameters["rhythm_month_weeks"])
    middle = sorted(gaps)[(len(gaps) - 1) // 2]
    if middle <= 1:
        return 1
    agreeing = sum(abs(gap - middle) <= 1 for gap in gaps)
    if middle > month or 2 * agreeing <= len(gaps):
        return None
    return month if middle >= month - 1 else middle


def words(due: int | None, parameters: dict[str, float]) -> str:
    if due is None:
        return "ponctuel"
    known = {1: "hebdomadaire", int(parameters["rhythm_month_weeks"]): "mensuel"}
    return known.get(due, f"toutes les {due} semaines")
