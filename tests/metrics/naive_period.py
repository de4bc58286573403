"""Sales of a year of laboratories recomputed with loops: the mean week of each, for the weeks it was there. Boxes."""

from __future__ import annotations

from datetime import date, timedelta

from tests.metrics.naive import Held, _held, _is_excluded, _mean
from tests.metrics.naive_files import Inputs

WEEK = timedelta(days=7)
Lines = dict[tuple[str, str], Held]  # by presentation and laboratory: its last holding of the year


def period(inputs: Inputs) -> tuple[Lines, date, date]:
    """Holdings of the year, its first and last weeks: those read by anybody."""
    held = _held(inputs, "exploitants")
    last = max(held)
    first = max(min(held), last - (int(inputs.parameters["legal_weeks"]) - 1) * WEEK)
    return {(h.cip13, h.participant): h for week in sorted(held) if week >= first for h in held[week]}, first, last


def sales(inputs: Inputs, subject: str) -> dict[tuple[str, str], float]:
    """By presentation and laboratory, the presentations of a subject."""
    lines, first, last = period(inputs)
    own = {key: [week for week in h.reported if first <= week] for key, h in lines.items()}
    result = {}
    for (cip13, who), holding in lines.items():
        if cip13 not in inputs.subjects[subject] or not own[cip13, who]:
            continue
        others = [weeks for key, weeks in own.items() if key[0] == cip13 and key[1] != who and weeks]
        mine = own[cip13, who]
        since = min(mine) if any(max(weeks) < min(mine) for weeks in others) else first
        is_gone = holding.week < last or any(min(weeks) > max(mine) for weeks in others)
        until = max(mine) if is_gone else last
        result[cip13, who] = _weekly(inputs, subject, holding) * ((until - since).days // 7 + 1)
    return result


def _weekly(inputs: Inputs, subject: str, holding: Held) -> float:
    """As the reference of a coverage: usual sales of a spaced report, else the mean of its own weeks."""
    if holding.usual is not None:
        return holding.usual
    length = inputs.parameters["legal_weeks"]
    mean = _mean(holding, holding.week, length, lambda week: _is_excluded(inputs, subject, week))
    return (_mean(holding, holding.week, length) if mean is None else mean) or 0.0
