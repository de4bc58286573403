"""Reimbursed boxes in words: the months when a medicine is most reimbursed."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pages.components import format as fr
from pages.components.charts import figures


def high_months(season: pd.DataFrame, *, short: bool = False) -> str:
    """« novembre à février », « mars, septembre »: calendar months clearly above the mean one (*reimbursed_season*)."""
    if season.empty:
        return ""
    runs = _runs(
        {
            int(row["calendar_month"])
            for row in figures.records(season)
            if not fr.missing(row["is_high"]) and row["is_high"]
        }
    )
    return ", ".join(
        " à ".join(_name(month, short=short) for month in dict.fromkeys((run[0], run[-1]))) for run in runs
    )


def _runs(months: set[int]) -> list[list[int]]:
    """Months in a row; a season that crosses the new year starts where it starts: 11, 12, 1, 2."""
    starts = sorted(month for month in months if (month - 2) % 12 + 1 not in months)
    if not starts:
        return [[1, 12]] if months else []
    return [_from(start, months) for start in starts]


def _from(start: int, months: set[int]) -> list[int]:
    run = [start]
    while run[-1] % 12 + 1 in months and run[-1] % 12 + 1 != start:
        run.append(run[-1] % 12 + 1)
    return run


def _name(month: int, *, short: bool) -> str:
    day = date(2000, month, 1)
    return (fr.month(day) if short else fr.long_month(day)).split()[0]
