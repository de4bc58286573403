"""Time of the demo world: its weeks, and which of them a source has published by a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

# Three seasons before the anchor, and a little after it so that a demo can continue day after day.
SEASON_WEEKS = 52
SEASONS = 3
HORIZON_WEEKS = 8

# Days between the Monday that follows a week and the publication of that week.
WHOLESALERS_DELAY = 1
POINTSTOCK_DELAY = 3
TRACSTOCKS_DELAY = 2
SPF_DELAY = 2
IQVIA_DELAY = 3
OPENHEALTH_DELAY = 3
DISPOSTOCK_DELAY = 2


@dataclass(frozen=True)
class Timeline:
    """Weeks of a world. ``offset`` 0 is the last week the wholesalers have published on the anchor day."""

    anchor: date
    past_weeks: int = SEASONS * SEASON_WEEKS

    @property
    def weeks(self) -> int:
        """Weeks generated, horizon included."""
        return self.past_weeks + HORIZON_WEEKS

    @property
    def last_monday(self) -> date:
        """Monday of the week at offset 0: on a Monday, last week's files have not arrived yet."""
        monday = self.anchor - timedelta(days=self.anchor.weekday())
        return monday - timedelta(weeks=1 if self.anchor.weekday() >= WHOLESALERS_DELAY else 2)

    def offset(self, week: int) -> int:
        return week - (self.past_weeks - 1)

    def index(self, offset: int) -> int:
        return offset + self.past_weeks - 1

    def monday(self, week: int) -> date:
        return self.last_monday + timedelta(weeks=self.offset(week))

    def label(self, week: int) -> str:
        """``2026-S46``."""
        return self._labels[week]

    @cached_property
    def _labels(self) -> list[str]:
        calendar = (self.monday(week).isocalendar() for week in range(self.weeks))
        return [f"{day.year}-S{day.week:02d}" for day in calendar]

    @property
    def last_day(self) -> date:
        """Last day of this world."""
        return self.anchor + timedelta(weeks=HORIZON_WEEKS)


@dataclass(frozen=True)
class Span:
    """What a call must write: everything published after ``previous`` (None = from the beginning) and by ``day``."""

    timeline: Timeline
    previous: date | None
    day: date

    def covers(self, on: date) -> bool:
        return on <= self.day and (self.previous is None or on > self.previous)

    def published(self, week: int, delay: int) -> date:
        return self.timeline.monday(week) + timedelta(days=7 + delay)

    def batches(self, delay: int) -> list[list[int]]:
        """Weeks to write, one list per file: one file per season for the history, then one per week."""
        weeks = [week for week in range(self.timeline.weeks) if self.covers(self.published(week, delay))]
        if self.previous is not None:
            return [[week] for week in weeks]
        seasons: dict[int, list[int]] = {}
        for week in weeks:
            seasons.setdefault((self.timeline.past_weeks - 1 - week) // SEASON_WEEKS, []).append(week)
        return list(seasons.values())

    def title(self, weeks: list[int]) -> str:
        """``2026-S46`` or ``2025-S47_2026-S46``, for file names."""
        first, last = self.timeline.label(weeks[0]), self.timeline.label(weeks[-1])
        return first if first == last else f"{first}_{last}"
