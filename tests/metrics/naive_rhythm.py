"""Rhythm of a series of weeks, from the words of the method: in how many weeks the next measurement is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

Dues = dict[date, int | None]  # by week measured; None: an isolated point, nothing is due after it


def dues(weeks: Sequence[date], sender: Sequence[date], parameters: dict[str, float]) -> Dues:
    """``weeks`` of one presentation at one reporter, ``sender`` all the weeks of that reporter; both in order."""
    mine, theirs = read(weeks, parameters), read(sender, parameters)
    result: Dues = {}
    for week, following in pairwise([*weeks, None]):
        gaps = mine[week]
        if gaps:
            result[week] = _due(gaps, parameters)
            continue
        left_out = [k for k in sender if k > week and (following is None or k < following)]
        is_isolated = len(left_out) > parameters["carry_weeks"]
        result[week] = None if is_isolated or not theirs[week] else _due(theirs[week], parameters)
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
