"""What the build reads of the journal, and what it does when the journal does not answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.console import Console

from data.building.snapshot import fingerprint
from data.journal import Journal, read_decisions
from data.refresh import refresh
from tests.conftest import Home
from tests.journal.conftest import EVALUATOR, STEWARD

NOWHERE = "postgresql+psycopg://vigistock@127.0.0.1:9/journal"


def test_decisions_in_force_are_read_and_copied(journal: Journal, tmp_path: Path) -> None:
    journal.accept_row(STEWARD, "a/1", "tracstocks", "stock", "confirmé")
    journal.accept_row(STEWARD, "a/2", "tracstocks", "stock")
    journal.revoke_row(STEWARD, "a/2")
    journal.evaluate(EVALUATOR, "D-1", "L", 2, "enfants")
    read, error = read_decisions(journal, tmp_path / "copy.json")
    assert error == ""
    assert [(row.row_ref, row.login, row.reason) for row in read.acceptances] == [("a/1", STEWARD.login, "confirmé")]
    assert [(item.declaration_no, item.points) for item in read.evaluations] == [("D-1", 2)]
    again, error = read_decisions(Journal(NOWHERE), tmp_path / "copy.json")
    assert again == read
    assert "restent en vigueur" in error


def test_a_decision_changes_the_snapshot(journal: Journal, tmp_path: Path) -> None:
    before, _ = read_decisions(journal, tmp_path / "copy.json")
    assert fingerprint([], date(2026, 11, 22), before) == fingerprint([], date(2026, 11, 22))
    journal.accept_row(STEWARD, "a/1", "tracstocks", "stock")
    after, _ = read_decisions(journal, tmp_path / "copy.json")
    assert fingerprint([], date(2026, 11, 22), after) != fingerprint([], date(2026, 11, 22), before)


def test_a_refresh_goes_on_without_the_journal_and_says_so(home: Home) -> None:
    settings = home.settings().model_copy(update={"journal_url": NOWHERE})
    report = refresh(settings, console=Console(quiet=True), fetch=False)
    assert report.published
    assert "journal ne répond pas" in report.journal_error
