"""Weak signals on numbers that can be checked by hand: a DCI outside the plans and a followed group."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data import sqlfiles
from data.building import snapshot
from metrics.signals import queries as signals
from tests.conftest import Home
from tests.referential import files, simple

pytestmark = pytest.mark.computes("weak_signal", "weak_signal_presentation")

A = simple("90000011", "METFORMINE LABORATOIRE A 1000 mg, comprimé", "METFORMINE", form="comprimé")
B = simple("90000012", "METFORMINE LABORATOIRE B 500 mg, comprimé", "METFORMINE", "LABORATOIRE B", "comprimé")
AMOX = simple("90000001", "AMOXICILLINE LABORATOIRE A 500 mg/5 ml, poudre pour suspension buvable", "AMOXICILLINE")
DCI, GROUP = "dci:metformine", "amoxicilline-susp-500"
LAST = date(2026, 11, 9)  # Monday of S46, known to Sunday 15/11
DAY = date(2026, 11, 18)


@pytest.fixture
def known(home: Home) -> Home:
    for name, content in files([A, B, AMOX]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def presence(home: Home, lines: list[tuple[int, str, float]], name: str = "csrp.xlsx", *place: str) -> None:
    """``lines``: weeks before the last one, code, share of the agencies."""
    level, territory = place or ("National", "FR")
    rows = [[LAST - timedelta(weeks=back), code, None, share, 170, level, territory] for back, code, share in lines]
    home.drop("csrp", name, {"csrp_presence": rows})


def tension(home: Home, lines: list[tuple[int, str, str | None, float | None]]) -> None:
    """``lines``: weeks before Monday 16/11, code, level, days."""
    rows = [[LAST + timedelta(weeks=1 - back), code, None, level, days, None] for back, code, level, days in lines]
    home.drop("vigirupture", "v.xlsx", {"vigirupture_tension": rows})


def one(home: Home, subject: str, source: str, day: date = DAY) -> dict[str, Any]:
    assert home.refresh(day).error == ""
    (row,) = [row for row in signals.of_subject(home.reader(), subject) if row["source_key"] == source]
    return row


def test_presence_is_that_of_the_presentation_best_served(known: Home) -> None:
    # 40 % of the agencies hold A, 30 % hold B: at least 40 % hold a box. Four weeks before, 90 %: 50 points lost, two
    # and a half times the bound of 20.
    presence(known, [(4, A.cip13, 90), (4, B.cip13, 60), (0, A.cip13, 40), (0, B.cip13, 30)])
    row = one(known, DCI, "csrp")
    assert (row["presence_pct"], row["lowest_presence_pct"], row["presentations"]) == (40, 30, 2)
    assert (row["presence_change_points"], row["worsening"], row["is_worse"]) == (-50, 2.5, True)
    assert (row["read_on"], row["before_on"], row["figure_state"]) == (date(2026, 11, 15), date(2026, 10, 18), "a_jour")
    assert signals.worsened(known.reader())["subject_id"].tolist() == [DCI]


def test_tension_and_days_are_medians(known: Home) -> None:
    # Days: (2 + 4) / 2 = 3, against (8 + 10) / 2 = 9: −66.7 %. Levels 2 and 3: the lower of the two middle ones.
    tension(
        known,
        [(4, A.cip13, "Faible", 10), (4, B.cip13, "Faible", 8), (0, A.cip13, "Moyenne", 4), (0, B.cip13, "Forte", 2)],
    )
    row = one(known, DCI, "vigirupture")
    assert (row["coverage_days"], row["lowest_days"], row["highest_days"]) == (3, 2, 4)
    assert (row["tension_rank"], row["strong"], row["tension_change"]) == (2, 1, 1)
    assert row["days_change_pct"] == pytest.approx(-66.666667)
    assert row["is_worse"]


def test_without_days_a_level_that_rises_is_worse(known: Home) -> None:
    tension(known, [(4, A.cip13, "Faible", None), (0, A.cip13, "Forte", None)])
    row = one(known, DCI, "vigirupture")
    assert (row["days_change_pct"], row["tension_change"], row["is_worse"]) == (None, 2, True)


@pytest.mark.parametrize(("lost", "is_worse"), [(19.9, False), (20, True)])
def test_the_bound_is_included(known: Home, lost: float, is_worse: bool) -> None:
    presence(known, [(4, A.cip13, 90), (0, A.cip13, 90 - lost)])
    assert bool(one(known, DCI, "csrp")["is_worse"]) is is_worse


def test_only_presentations_known_both_times_are_compared(known: Home) -> None:
    # B, at 95 %, was not there before: A went from 80 to 40.
    presence(known, [(4, A.cip13, 80), (0, A.cip13, 40), (0, B.cip13, 95)])
    row = one(known, DCI, "csrp")
    assert (row["presence_pct"], row["presence_change_points"]) == (95, -40)


def test_a_missing_line_is_carried_a_week_then_is_missing(known: Home) -> None:
    presence(known, [(1, A.cip13, 80), (0, B.cip13, 30)])
    row = one(known, DCI, "csrp")
    assert (row["presence_pct"], row["figure_state"], row["missing_presentations"]) == (80, "estime", 0)
    presence(known, [(2, A.cip13, 80), (0, B.cip13, 30)])  # a later file without the line erases nothing
    row = one(known, DCI, "csrp")
    assert (row["presence_pct"], row["figure_state"], row["missing_presentations"]) == (80, "estime", 0)


def test_a_line_two_weeks_old_is_missing(known: Home) -> None:
    presence(known, [(2, A.cip13, 80), (0, B.cip13, 30)])
    row = one(known, DCI, "csrp")
    assert (row["presence_pct"], row["figure_state"], row["missing_presentations"]) == (30, "estime", 1)


def test_a_source_that_stops_is_late_and_leaves_the_review(known: Home) -> None:
    presence(known, [(4, A.cip13, 90), (0, A.cip13, 40)])
    # Known to 15/11; a week, a week for its file, three days of grace: up to date on 02/12, late on the 3rd.
    assert one(known, DCI, "csrp", date(2026, 12, 2))["figure_state"] == "a_jour"
    assert len(signals.worsened(known.reader())) == 1
    row = one(known, DCI, "csrp", date(2026, 12, 3))
    assert (row["figure_state"], row["age_days"], row["presence_pct"]) == ("en_retard", 18, 40)
    assert signals.worsened(known.reader()).empty


def test_the_review_leaves_out_what_a_plan_follows(known: Home) -> None:
    presence(known, [(4, AMOX.cip13, 90), (0, AMOX.cip13, 10)])
    row = one(known, GROUP, "csrp")
    assert (row["is_worse"], row["is_outside_plans"]) == (True, False)
    assert signals.worsened(known.reader()).empty


def test_a_territory_has_its_own_line_and_its_own_last_week(known: Home) -> None:
    presence(known, [(0, A.cip13, 40)])
    presence(known, [(1, A.cip13, 12)], "ain.xlsx", "Département", "01")
    assert known.refresh(DAY).error == ""
    found = signals.of_subject(known.reader(), DCI)
    assert [(row["territory"], row["presence_pct"]) for row in found] == [("FR", 40), ("01", 12)]


def test_the_last_line_received_is_in_force(known: Home) -> None:
    presence(known, [(0, A.cip13, 40)], "first.xlsx")
    assert known.refresh(DAY).error == ""
    presence(known, [(0, A.cip13, 55)], "second.xlsx")
    assert one(known, DCI, "csrp")["presence_pct"] == 55


def test_each_presentation_keeps_its_own_line(known: Home) -> None:
    presence(known, [(4, A.cip13, 90), (0, A.cip13, 40), (0, B.cip13, 30)])
    assert known.refresh(DAY).error == ""
    found = signals.presentations(known.reader(), "metformine")
    assert found[["cip13", "presence_pct"]].to_numpy().tolist() == [[B.cip13, 30], [A.cip13, 40]]
    assert found["presence_before_pct"].dropna().tolist() == [90]


def test_no_status_reads_a_hint() -> None:
    """Nothing but their own queries, and the copy that is shared, names them."""
    folders = (snapshot.CORE, snapshot.METRICS, snapshot.CHECKS, snapshot.SHARED)
    paths = [path for folder in folders for path in Path(folder).rglob("*.sql")]
    readers = {
        path.name
        for path in paths
        if re.search(
            r"\b(csrp_presence|vigirupture_tension|signal_line|signal_day|signal_reading|weak_signal)", path.read_text()
        )
    }
    assert readers == {"46_signals.sql", "weak_signal.sql", "weak_signal_presentation.sql"}
    assert sqlfiles.families(snapshot.METRICS)
