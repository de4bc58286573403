"""The weakest link: the gravest status, then the furthest under its own bound, the same wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from data import sqlfiles
from data.building.snapshot import MACROS
from data.warehouse import Artefact, Writer
from tests.conftest import Home

SQL = """
    SELECT subject_id, link, gravity, share, weakness_rank(subject_id, gravity, share, order_no) AS weakness_rank
    FROM (
        SELECT
            subject_id, link, order_no, status_gravity(coverage_status(days, high, low)) AS gravity,
            bound_share_pct(days, high, low) AS share
        FROM typed
    ) AS t
"""


@dataclass(frozen=True)
class Link:
    """Coverage in days against the bounds; unknown when None."""

    link: str
    order_no: int
    days: float | None
    high: float
    low: float


def makers(days: float | None) -> Link:
    return Link("exploitants", 1, days, 30, 15)


def wholesalers(days: float | None) -> Link:
    return Link("grossistes", 2, days, 10, 3)


def pharmacies(days: float | None) -> Link:
    return Link("officines", 3, days, 7, 3)


CASES: dict[str, tuple[tuple[Link, ...], str | None, str | None]] = {
    # 12 of 15 days is 80 % of the bound, 2.7 of 3 is 90 %; against the upper bounds 40 % and 39 % gave the opposite order.
    "own bound": ((makers(12), pharmacies(2.7)), "exploitants", "80"),
    "gravest first": ((makers(15), pharmacies(2.9)), "officines", "96.666667"),
    "acceptable, by the lower bound": ((makers(16), pharmacies(4)), "exploitants", "106.666667"),
    "satisfied, by the upper bound": ((makers(33), pharmacies(7)), "officines", "100"),
    "at the bound": ((makers(15), pharmacies(3)), "exploitants", "100"),
    # 11.5 / 15 = 2.3 / 3 = 76.67 %: in binary the second is smaller; a tie goes to the first of the chain.
    "tie": ((pharmacies(2.3), makers(11.5)), "exploitants", "76.666667"),
    "empty": ((makers(0), pharmacies(0.1)), "exploitants", "0"),
    "unknown beside": ((makers(None), pharmacies(8)), "officines", "114.285714"),
    "all unknown": ((makers(None), pharmacies(None)), None, None),
    "three links": ((makers(14), wholesalers(2.1), pharmacies(2.9)), "grossistes", "70"),
    "a bound of nought has no share": ((Link("exploitants", 1, 0, 30, 0), pharmacies(4)), "officines", "133.333333"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_weakest_is_the_furthest_under_its_own_bound(tmp_path: Path, name: str) -> None:
    links, expected, share = CASES[name]
    writer = Writer(tmp_path / "w.duckdb")
    try:
        writer.run(sqlfiles.load(MACROS).sql)
        writer.table("typed", pa.Table.from_pylist([{"subject_id": "s", **vars(link)} for link in links]))
        rows = writer.rows(SQL)
    finally:
        writer.close()
    first = [row for row in rows if row["weakness_rank"] == 1]
    assert [row["link"] for row in first] == ([expected] if expected else [])
    assert [row["share"] for row in first] == ([Decimal(share)] if share else [])
    assert all(row["weakness_rank"] is None for row in rows if row["gravity"] == 3)


@pytest.mark.parametrize("artefact", ["restricted", "shared"])
def test_plans_alerts_and_links_grade_alike(built_demo: Path, artefact: Artefact) -> None:
    """The weakest insatisfaisant link of a group raises the gravest of its alerts: what is missing to its bound."""
    reader = Home(built_demo).reader(artefact)
    gravity = {row["alert_key"]: row["gravity"] for row in reader.rows("SELECT * FROM alert WHERE rule = 'link'")}
    first = {row["subject_id"]: row["link"] for row in reader.rows("SELECT * FROM link_status WHERE weakness_rank = 1")}
    checked = 0
    for row in reader.rows("SELECT * FROM plan_status"):
        assert row["weakest_link"] == first.get(row["group_id"])
        mine = {key: value for key, value in gravity.items() if key.startswith(f"link:{row['group_id']}:")}
        if mine:
            checked += 1
            weakest = f"link:{row['group_id']}:{row['weakest_link']}"
            assert mine[weakest] == max(mine.values()) == pytest.approx(100 - float(row["weakest_bound_pct"]))
    assert checked


def test_a_link_without_a_figure_is_named(built_demo: Path) -> None:
    reader = Home(built_demo).reader()
    for row in reader.rows("SELECT * FROM plan_status"):
        links = reader.rows("SELECT * FROM link_status WHERE subject_id = $g ORDER BY order_no", g=row["group_id"])
        unknown = [link["label"] for link in links if link["weakness_rank"] is None]
        assert row["unknown_links"] == (", ".join(unknown) or None)
