"""Local, diffuse or national: the class of a tension on panels that can be counted by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from data.reference.plans import plans
from data.settings import PROJECT
from tests.conftest import Home
from tests.connectors.partner_files import titles

PANEL = 96  # departments, so that a quarter of them is 24
HIGH, LOW = 9.0, 2.5
GROUPS = [group.id for group in plans()[0].groups]


@dataclass(frozen=True)
class Case:
    """Coverage of the country in days, departments that are short, boxes they sell; the class expected."""

    national: float
    low: int
    tension: str | None
    sales_where_low: int = 400

    @property
    def counted(self) -> bool:
        return self.sales_where_low >= 20


CASES = (
    Case(LOW, 0, "nationale"),
    Case(LOW, 60, "nationale"),
    Case(5.0, 25, "diffuse"),
    Case(5.0, 24, "localisee"),  # a quarter is not more than a quarter
    Case(HIGH, 60, "diffuse"),  # most departments are short, though the country has enough
    Case(HIGH, 24, "localisee"),  # a question of distribution
    Case(HIGH, 1, "localisee"),
    Case(5.0, 0, None),  # none known: nobody measured the laboratories nor the wholesalers
    Case(HIGH, 0, None),
    Case(5.0, 40, None, sales_where_low=19),  # under the floor: not measured
)


def _departments() -> list[str]:
    with (PROJECT / "data" / "reference" / "departements.csv").open(encoding="utf-8", newline="") as handle:
        return [line["code"] for line in csv.DictReader(handle)][:PANEL]


def _lines(group: str, case: Case) -> Iterator[str]:
    yield _line(group, "National", "FR", case.national, 400)
    for number, code in enumerate(_departments()):
        short = number < case.low
        yield _line(group, "Département", code, LOW if short else HIGH, case.sales_where_low if short else 400)


def _line(group: str, level: str, code: str, days: float, sales: int) -> str:
    return f"2026-S46;{group};{level};{code};40;{sales};;{days:.1f};;;;".replace(".", ",")


@pytest.fixture(scope="module")
def plan_groups(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The status of each followed group: one case per group, in the order of the plan."""
    home = Home(tmp_path_factory.mktemp("tension") / "home")
    lines = [line for group, case in zip(GROUPS, CASES, strict=False) for line in _lines(group, case)]
    home.drop_text("iqvia", "panel.csv", "\n".join([";".join(titles("iqvia", "iqvia_coverage")), *lines]) + "\n")
    assert home.refresh().error == ""
    return {row["group_id"]: row for row in home.reader().rows("SELECT * FROM plan_status")}


@pytest.mark.parametrize(("group", "case"), list(zip(GROUPS, CASES, strict=False)))
def test_class_of_a_tension(plan_groups: dict[str, dict[str, Any]], group: str, case: Case) -> None:
    row = plan_groups[group]
    assert row["tension"] == case.tension
    assert row["departments_insufficient"] == (case.low if case.counted else 0)
    assert row["departments_measured"] == (PANEL if case.counted else PANEL - case.low)
    assert row["unknown_links"] == "Exploitants, Grossistes-répartiteurs"


def test_a_group_without_measurement_has_no_class(plan_groups: dict[str, dict[str, Any]]) -> None:
    row = plan_groups[GROUPS[len(CASES)]]
    assert (row["tension"], row["weakest_link"], row["departments_measured"]) == (None, None, 0)
