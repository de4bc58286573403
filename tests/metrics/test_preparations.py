"""Préparations magistrales typed and imported meet in one table, on numbers that can be checked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.journal import Journal
from data.journal.preparations import Counted
from metrics.preparations import queries as preparations
from metrics.sources import queries as sources
from tests.conftest import Home
from tests.journal.conftest import EVALUATOR, STEWARD
from tests.referential import files, simple

pytestmark = pytest.mark.computes("preparation_weekly", "sales_weekly", "unmatched_key", "source_state")

AMOX = simple("90000001", "AMOXICILLINE LABORATOIRE A 500 mg/5 ml, poudre pour suspension buvable", "AMOXICILLINE")
GROUP, DCI = "amoxicilline-susp-500", "dci:amoxicilline"
S44, S45, S46 = date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)
DAY = date(2026, 11, 18)
RECOMMENDED = date(2026, 10, 20)


@pytest.fixture
def known(home: Home) -> Home:
    for name, content in files([AMOX]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


@pytest.fixture
def journal(known: Home) -> Journal:
    opened = Journal(known.settings(DAY).journal)
    opened.migrate()
    return opened


def imported(home: Home, lines: list[tuple[date, str, int, int | None]], name: str = "passe.xlsx") -> None:
    rows = [[week, subject, count, pharmacies, RECOMMENDED, "tension"] for week, subject, count, pharmacies in lines]
    home.drop("preparations", name, {"preparations_week": rows})


def weeks(home: Home, subject: str = GROUP, day: date = DAY) -> list[tuple[Any, ...]]:
    assert home.refresh(day).error == ""
    table = preparations.weekly(home.reader(), subject)
    return [
        (row["week"].date(), int(row["preparations"]), row["origin"], row["figure_state"])
        for row in table.to_dict("records")
    ]


def test_a_typed_week_wins_over_the_file_and_fills_its_gaps(known: Home, journal: Journal) -> None:
    # File: S44 100, S45 90. Typed: S45 95 then 97 (the correction holds), S46 80. S43 is nowhere: unknown, no row.
    imported(known, [(S44, GROUP, 100, 30), (S45, GROUP, 90, 28)])
    journal.count_preparations(EVALUATOR, Counted(GROUP, S45, 95, 20, RECOMMENDED, "tension"), DAY)
    journal.count_preparations(STEWARD, Counted(GROUP, S45, 97, 21, RECOMMENDED, "tension"), DAY)
    journal.count_preparations(EVALUATOR, Counted(GROUP, S46, 80), DAY)
    assert weeks(known) == [
        (S44, 100, "fichier", "a_jour"),
        (S45, 97, "saisie", "a_jour"),
        (S46, 80, "saisie", "a_jour"),
    ]
    last = preparations.weekly(known.reader(), GROUP).to_dict("records")[-1]
    assert pd.isna(last["pharmacies"])  # not counted: unknown, not zero
    assert [item.preparations for item in journal.preparation_history([GROUP])] == [95, 97, 80]


def test_a_typed_week_taken_back_leaves_the_file(known: Home, journal: Journal) -> None:
    imported(known, [(S45, GROUP, 90, 28)])
    journal.count_preparations(EVALUATOR, Counted(GROUP, S45, 95), DAY)
    journal.count_preparations(EVALUATOR, Counted(GROUP, S46, 12), DAY)
    assert weeks(known) == [(S45, 95, "saisie", "a_jour"), (S46, 12, "saisie", "a_jour")]
    assert journal.withdraw_preparations(EVALUATOR, GROUP, S45)
    assert journal.withdraw_preparations(EVALUATOR, GROUP, S46)
    assert weeks(known) == [(S45, 90, "fichier", "a_jour")]


def test_a_zero_is_a_count(known: Home, journal: Journal) -> None:
    journal.count_preparations(EVALUATOR, Counted(GROUP, S46, 0, 0), DAY)
    assert weeks(known) == [(S46, 0, "saisie", "a_jour")]


def test_a_subject_is_written_in_several_ways_and_an_unknown_one_is_counted(known: Home) -> None:
    imported(known, [(S44, "Amoxicilline", 1, None), (S45, DCI, 2, None), (S46, "AMOXICILINE", 3, None),
                     (S46, "amoxicilline susp. buv. 500 mg/5 ml", 4, None)])  # fmt: skip
    assert weeks(known, DCI) == [(S44, 1, "fichier", "a_jour"), (S45, 2, "fichier", "a_jour")]
    assert weeks(known, GROUP) == [(S46, 4, "fichier", "a_jour")]
    (row,) = sources.unmatched(known.reader(), "preparations").to_dict("records")
    assert (row["key"], row["likely_label"], row["reason"]) == (
        "AMOXICILINE",
        "Amoxicilline",
        "ni groupe suivi, ni DCI du référentiel public",
    )


def test_a_subject_written_in_two_ways_with_two_counts_is_unknown(known: Home) -> None:
    # S44: 5 then 7 of one DCI, neither holds. S45: twice 4, no contradiction.
    imported(
        known,
        [(S44, "Amoxicilline", 5, None), (S44, DCI, 7, None), (S45, "Amoxicilline", 4, None), (S45, DCI, 4, None)],
    )
    assert weeks(known, DCI) == [(S45, 4, "fichier", "a_jour")]
    found = sources.unmatched(known.reader(), "preparations").to_dict("records")
    reason = "sujet écrit de deux façons dans le fichier, et compté différemment pour la même semaine"
    assert [(row["key"], row["rows"], row["reason"]) for row in found] == [
        ("Amoxicilline", 1, reason),
        (DCI, 1, reason),
    ]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 11, 29), "a_jour"),  # S46 ended on 15/11: fourteen days, the bound
        (date(2026, 11, 30), "en_retard"),
    ],
)
def test_the_last_week_is_late_two_weeks_after_its_end(known: Home, journal: Journal, day: date, state: str) -> None:
    journal.count_preparations(EVALUATOR, Counted(GROUP, S45, 5), DAY)
    journal.count_preparations(EVALUATOR, Counted(GROUP, S46, 6), DAY)
    assert weeks(known, day=day) == [(S45, 5, "saisie", "a_jour"), (S46, 6, "saisie", state)]


@pytest.mark.computes
def test_other_roles_get_counts_without_who_nor_why(known: Home, journal: Journal) -> None:
    known.receive_reserved()
    journal.count_preparations(EVALUATOR, Counted(GROUP, S46, 6, 3, RECOMMENDED, "LABORATOIRE A à l'arrêt"), DAY)
    assert weeks(known) == [(S46, 6, "saisie", "a_jour")]
    shared = known.reader("shared")
    (row,) = preparations.weekly(shared, GROUP).to_dict("records")
    assert (int(row["preparations"]), int(row["pharmacies"]), row["recommendation_on"].date()) == (6, 3, RECOMMENDED)
    assert "reason" not in row
    content = Path(known.path / "snapshots").glob("*/shared.duckdb")
    for file in content:
        held = file.read_bytes()
        assert EVALUATOR.login.encode() not in held
        assert "à l'arrêt".encode() not in held


def test_a_plan_adds_the_weeks_counted_and_keeps_a_group_apart_from_its_dci(known: Home, journal: Journal) -> None:
    # 10 + 20 = 30 of the group over two weeks; the DCI has its own 100, never added to them.
    for week, count in ((S45, 10), (S46, 20)):
        journal.count_preparations(EVALUATOR, Counted(GROUP, week, count), DAY)
    journal.count_preparations(EVALUATOR, Counted(DCI, S46, 100), DAY)
    region = "84"
    known.drop("openhealth", "v.xlsx", {"openhealth_sales": [["2026-S45", AMOX.cip13, region, 55, None]]})
    assert known.refresh(DAY).error == ""
    rows = preparations.of_plan(known.reader(), "hivernal").to_dict("records")
    shown = [(r["subject_id"], int(r["preparations"]), int(r["year_preparations"]), int(r["weeks"])) for r in rows]
    assert shown == [(GROUP, 20, 30, 2), (DCI, 100, 100, 1)]
    assert [(int(row["sales_boxes"]), row["sales_week"].date()) for row in rows] == [(55, S45), (55, S45)]
    assert [row["subject_id"] for row in preparations.elsewhere(known.reader(), GROUP)] == [DCI]
