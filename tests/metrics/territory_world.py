"""A plan of pharmacies alone and a panel typed by hand: what a test needs to count departments."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.strict import reading
from tests.conftest import Home
from tests.connectors.partner_files import titles

LAST = date(2026, 11, 9)  # Monday of 2026-S46
HIGH, LOW = 9.0, 2.5  # days, over the bound of 7 and under the one of 3
# In Auvergne-Rhône-Alpes: Ain, Allier, Ardèche. Elsewhere: Aisne, Alpes-de-Haute-Provence, Hautes-Alpes, Alpes-Maritimes, Ardennes.
CODES = ("01", "02", "03", "04", "05", "06", "07", "08")

PLAN = """
id = "essai"
title = "Plan d'essai"
question = "Les médicaments sont-ils disponibles ?"
order = 0
season = "2026"
starts = "01-01"
ends = "12-31"
level = 0
levels = ["Veille"]
denominator = "current"
surveillance = "none"
origin = "Liste écrite pour ce test"
to_validate = true

[[links]]
link = "officines"
label = "Officines"
satisfactory_days = 7
acceptable_days = 3
origin = "Bornes écrites pour ce test"
to_validate = true
"""
GROUP = """
[[groups]]
id = "{0}"
label = "{0}"
dci = "{0}"
"""


@dataclass
class Panel:
    """Readings of the panel: (group, territory, weeks back) → days and boxes sold.

    A territory is the country (FR), a region (R84) or a department (01).
    """

    lines: dict[tuple[str, str, int], tuple[float | None, int]] = field(default_factory=dict)

    def add(self, group: str, territory: str, days: float | None, back: int = 0, sales: int = 400) -> None:
        self.lines[group, territory, back] = days, sales

    def history(self, group: str, territory: str, days: list[float], last: int = 0) -> None:
        """Weekly readings that end ``last`` weeks before the last one."""
        for number, value in enumerate(reversed(days)):
            self.add(group, territory, value, last + number)

    def text(self) -> str:
        """The CSV of the panel."""
        return "\n".join([";".join(titles("iqvia", "iqvia_coverage")), *self._lines()]) + "\n"

    def _lines(self) -> Iterator[str]:
        for (group, territory, back), (days, sales) in self.lines.items():
            year, week, _ = (LAST - timedelta(weeks=back)).isocalendar()
            level = {"F": "National", "R": "Région"}.get(territory[0], "Département")
            code = territory.removeprefix("R")
            shown = "" if days is None else f"{days:g}".replace(".", ",")
            yield f"{year}-S{week:02};{group};{level};{code};40;{sales};;{shown};;;;"


def home_with(path: Path, groups: list[str], monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose only plan follows ``groups``, at the link of pharmacies."""
    reference = shutil.copytree(reading.REFERENCE, path / "reference")
    for file in (reference / "plans").glob("*.toml"):
        file.unlink()
    written = PLAN + "".join(GROUP.format(group) for group in groups)
    (reference / "plans" / "essai.toml").write_text(written, encoding="utf-8")
    monkeypatch.setattr(reading, "REFERENCE", reference)
    return Home(path / "home")
