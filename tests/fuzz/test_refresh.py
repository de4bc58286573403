"""A broken file among valid ones, through a whole refresh: it ends, its checks pass, nobody else's figure moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import warehouse
from tests.examples import examples
from tests.fuzz import homes
from tests.fuzz.cases import Case, broken
from tests.fuzz.conftest import record_event
from tests.fuzz.documents import written
from tests.fuzz.homes import Named
from tests.fuzz.nursery import Nursery
from tests.fuzz.partners import APART, SEEDED, WEEKS, wholesaler
from tests.fuzz.seeds import SEEDS, workbook


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Path:
    home = tmp_path_factory.mktemp("built")
    report = homes.build(home)
    assert report.exit_code == 0, report.error
    assert [line["key"] for line in report.sources if line["error"]] == []
    return home


def test_the_home_has_figures_that_could_move(built: Path) -> None:
    rows = homes.reader(built).rows(
        "SELECT DISTINCT subject_id, link FROM coverage_weekly WHERE coverage_days IS NOT NULL"
    )
    assert {(group, link) for group in APART for link in ("exploitants", "grossistes", "officines")} <= {
        (row["subject_id"], row["link"]) for row in rows
    }


def test_a_corrected_file_moves_its_own_subjects_and_no_other(built: Path, box: Path) -> None:
    """The comparison below sees what moves: without it, the property would hold of anything."""
    rows = {
        name: [{**row, "stock_boxes": 900} for row in lines]
        for name, lines in wholesaler("GROSSISTE A", SEEDED).items()
    }
    case = Case("pointstock", "correction.xlsx", written(workbook("pointstock", rows)))
    homes.copy(built, box / "home")
    assert homes.receive(box / "home", case).exit_code == 0
    before, after = homes.reader(built), homes.reader(box / "home")
    named = homes.named(box / "home", after, case, set(WEEKS))
    assert set(SEEDED) <= named.values
    assert not named.values & set(APART)
    assert homes.marts(after, Named()) != homes.marts(before, Named())
    assert homes.marts(after, named) == homes.marts(before, named)


def test_a_refresh_goes_on_whatever_one_file_holds(built: Path, box: Path) -> None:
    before = homes.reader(built)
    weeks = {row["week"] for row in before.rows("SELECT DISTINCT week FROM coverage_weekly")}

    @examples(fast=1, long=160)
    @given(st.sampled_from(SEEDS).flatmap(broken))
    def tried(case: Case) -> None:
        homes.copy(built, box / "home")
        report = homes.receive(box / "home", case)
        assert report.exit_code == 0, report.error
        (line,) = (line for line in report.sources if line["key"] == case.source)
        assert "erreur du programme" not in (line["error"] or ""), line["error"]
        after = homes.reader(box / "home")
        named = homes.named(box / "home", after, case, weeks)
        record_event("refresh", _outcome(line["error"], named))
        _assert_file_reported(after, line["error"])
        if not named.everything:
            assert homes.marts(after, named) == homes.marts(before, named)

    tried()


def _outcome(error: str | None, named: Named) -> str:
    if error:
        return "refused"
    return "reaches everything" if named.everything else "others unmoved"


def _assert_file_reported(after: warehouse.Reader, error: str | None) -> None:
    """A refused file is on the page of sources with its sentence; every account is balanced."""
    refused = after.rows("SELECT message FROM source_file WHERE status = 'refusé'")
    assert len(refused) == bool(error)
    assert all(row["message"] in str(error) for row in refused)
    unbalanced = "SELECT * FROM source_file WHERE rows_in <> rows_loaded + rows_quarantined + rows_ignored"
    assert after.rows(unbalanced) == []
