"""A week given twice, by its label and by a day: when both disagree, the row is quarantined."""

from __future__ import annotations

from datetime import timedelta

from connectors.base import Row
from connectors.reading.french import BadValue
from connectors.reading.periods import label


def day_in_week(row: Row) -> None:
    """Raises ``BadValue`` when ``counted_on`` is outside ``week``."""
    day, monday = row["counted_on"], row["week"]
    if day is None or 0 <= (day - monday).days < 7:
        return
    if day == monday - timedelta(days=1):
        counted = label(monday - timedelta(weeks=1))
        raise BadValue(
            f"le dimanche {day:%d/%m/%Y} clôt la semaine {counted}, et la semaine annoncée ({label(monday)}) commence le"
            f" lendemain : sans doute {counted}",
            "week",
        )
    raise BadValue(f"le {day:%d/%m/%Y} n'est pas dans la semaine {label(monday)}", "counted_on")
