"""A week given twice, by its label and by a day: when both disagree, the row is quarantined."""

from __future__ import annotations

from connectors.base import Row
from connectors.reading.french import BadValue


def day_in_week(row: Row) -> None:
    """Raises ``BadValue`` when ``counted_on`` is outside ``week``."""
    day, monday = row["counted_on"], row["week"]
    if day is not None and not 0 <= (day - monday).days < 7:
        year, week, _ = monday.isocalendar()
        raise BadValue(f"le {day:%d/%m/%Y} n'est pas dans la semaine {year}-S{week:02}", "counted_on")
