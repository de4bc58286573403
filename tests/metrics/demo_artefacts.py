"""Shared artefacts of a home as an attacker sees them; the boxes behind them, read from the lake, to keep scores."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from data import warehouse
from tests.metrics.attacker import Key, Published

Row = dict[str, Any]


def shared_artefacts(home: Path, since: timedelta) -> list[Published]:
    """Every snapshot that is kept, the oldest first, attacked on the weeks ``since`` before the last one."""
    snapshots = home / "snapshots"
    truth, owner = _boxes(home / "lake")
    first = max(week for _, week, _ in truth) - since
    return [_artefact(warehouse.reader(snapshots, name, "shared", None, 512, 2), truth, owner, first,
                      _excluded(home / "lake", name.partition("-")[0]))
            for name in warehouse.published(snapshots)]  # fmt: skip


def _artefact(
    shared: warehouse.Reader,
    truth: dict[Key, float],
    owner: dict[str, str],
    first: date,
    excluded: dict[str, frozenset[date]],
) -> Published:
    subjects: dict[str, set[str]] = defaultdict(set)
    for row in shared.rows("SELECT 'dci:' || dci_key AS subject, cip13 FROM presentation WHERE dci_key IS NOT NULL"
                           " UNION ALL SELECT group_id, cip13 FROM group_presentation"):  # fmt: skip
        subjects[row["subject"]].add(row["cip13"])
    coverage = shared.rows("SELECT * FROM coverage_weekly WHERE link <> 'officines'")
    links = shared.rows("SELECT * FROM link_status WHERE link <> 'officines'")
    newest = {(row["subject_id"], row["link"]): row["week"] for row in sorted(coverage, key=lambda row: row["week"])}
    sales = shared.rows("SELECT * FROM sales_weekly")
    return Published(
        {name: frozenset(boxes) for name, boxes in subjects.items()},
        owner,
        coverage,
        sales,
        truth,
        [row | {"newest_week": newest[key]} for row in links if (key := (row["subject_id"], row["link"])) in newest],
        first,
        excluded,
    )


def _excluded(lake: Path, moment: str) -> dict[str, frozenset[date]]:
    """Weeks of the months that the agency had left out of a subject's yearly demand by then: its decisions are public."""
    weeks: dict[str, set[date]] = defaultdict(set)
    for row in _rows(lake / "references_excluded") if (lake / "references_excluded").exists() else []:
        if row["load_id"].partition("-")[0] <= moment:
            day = row["month_on"].replace(day=1)
            monday = day - timedelta(days=day.weekday())
            while monday < day or (monday.year, monday.month) == (day.year, day.month):
                weeks[row["subject_id"]].add(monday)
                monday += timedelta(weeks=1)
    return {subject: frozenset(days) for subject, days in weeks.items()}


def _boxes(lake: Path) -> tuple[dict[Key, float], dict[str, str]]:
    """The line received last for each week, presentation and reporter; whose each presentation is."""
    truth: dict[Key, float] = defaultdict(float)
    owner: dict[str, str] = {}
    for table, who, stock, sales in (
        ("tracstocks_stock", "laboratory", "stock", "ventes"),
        ("grossistes_stock", "wholesaler", "stock grossistes", "ventes grossistes"),
    ):
        last = {(row["week"], row["cip13"], row[who]): row for row in _rows(lake / table)}
        for (week, cip13, name), row in last.items():
            truth[stock, week, cip13] += row["stock_boxes"]
            truth[sales, week, cip13] += row["sales_boxes"]
            if who == "laboratory":
                owner[cip13] = name
    totals = (row for row in _rows(lake / "openhealth_sales") if (row["age"], row["sex"], row["origin"]) == (None,) * 3)
    dispensed = {(row["week"], row["cip13"], row["region"]): row for row in totals}
    for (week, cip13, _), row in dispensed.items():
        truth["dispensation", week, cip13] += row["boxes"]
    return dict(truth), owner


def _rows(folder: Path) -> list[Row]:
    table = ds.dataset(sorted(folder.rglob("*.parquet")), format="parquet").to_table()
    return sorted(table.to_pylist(), key=lambda row: (row["load_id"], row["line"]))
