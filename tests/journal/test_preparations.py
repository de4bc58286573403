"""Préparations magistrales in the journal: who may type, what may be typed, what stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from data.access.roles import SEES_LABORATORIES, Identity, Role
from data.building.openness import reserved
from data.building.snapshot import fingerprint
from data.journal import Decisions, Journal, JournalRefused, read_decisions
from data.journal.preparations import Counted
from tests.journal.conftest import EVALUATOR, STEWARD
from tests.journal.test_decisions import NOWHERE

SUBJECT, WEEK, TODAY = "amoxicilline-susp-500", date(2026, 11, 9), date(2026, 11, 16)


def test_a_correction_replaces_and_the_first_stays(journal: Journal) -> None:
    journal.count_preparations(EVALUATOR, Counted(SUBJECT, WEEK, 120, 35, date(2026, 11, 2), "tension"), TODAY)
    journal.count_preparations(STEWARD, Counted(SUBJECT, WEEK, 130, None), TODAY)
    journal.count_preparations(EVALUATOR, Counted("dci:amoxicilline", WEEK, 7), TODAY)
    (now,) = journal.preparations([SUBJECT])
    assert (now.login, now.preparations, now.pharmacies, now.recommendation_on) == (STEWARD.login, 130, None, None)
    first, second = journal.preparation_history([SUBJECT])
    assert (first.login, first.preparations, first.recommendation_on) == (EVALUATOR.login, 120, date(2026, 11, 2))
    assert first.at <= second.at
    assert len(journal.preparations()) == 2


def test_who_and_when_are_in_the_access_log(journal: Journal) -> None:
    journal.count_preparations(EVALUATOR, Counted(SUBJECT, WEEK, 120), TODAY)
    journal.withdraw_preparations(STEWARD, SUBJECT, WEEK)
    lines = journal.accesses(action="preparations")
    assert [(line.login, line.role, line.target, line.detail) for line in lines] == [
        (STEWARD.login, STEWARD.role, "Molécule", f"{SUBJECT}, 2026-S46, retirée"),
        (EVALUATOR.login, EVALUATOR.role, "Molécule", f"{SUBJECT}, 2026-S46"),
    ]


def test_a_week_taken_back_is_unknown_again(journal: Journal) -> None:
    assert not journal.withdraw_preparations(EVALUATOR, SUBJECT, WEEK)
    journal.count_preparations(EVALUATOR, Counted(SUBJECT, WEEK, 120), TODAY)
    assert journal.withdraw_preparations(EVALUATOR, SUBJECT, WEEK)
    assert journal.preparations() == []
    assert not journal.withdraw_preparations(EVALUATOR, SUBJECT, WEEK)
    assert [item.revoked for item in journal.preparation_history()] == [False, True]


@pytest.mark.parametrize("role", sorted(set(get_args(Role)) | {"ars", "cap", "dgs", "public"}))
def test_only_the_agency_types(journal: Journal, role: Any) -> None:
    """Refused by the journal itself: no page, no request made by hand, gets past it."""
    who = Identity("x@example.org", "X", role)
    counted = Counted(SUBJECT, WEEK, 120)
    if role in SEES_LABORATORIES:
        assert role in ("ansm", "ansm_steward")
        journal.count_preparations(who, counted, TODAY)
        assert len(journal.preparations()) == 1
        return
    journal.count_preparations(EVALUATOR, counted, TODAY)
    with pytest.raises(JournalRefused, match="que par l'ANSM"):
        journal.count_preparations(who, Counted(SUBJECT, WEEK, 1), TODAY)
    with pytest.raises(JournalRefused, match="que par l'ANSM"):
        journal.withdraw_preparations(who, SUBJECT, WEEK)
    assert [item.preparations for item in journal.preparation_history()] == [120]
    assert [line.login for line in journal.accesses(action="preparations")] == [EVALUATOR.login]


@pytest.mark.parametrize(
    ("counted", "sentence"),
    [
        (Counted(SUBJECT, date(2026, 11, 16), 1), "n'est pas finie : elle peut être saisie à partir du 22/11/2026"),
        (Counted(SUBJECT, date(2026, 11, 10), 1), "Une semaine commence un lundi, pas le 10/11/2026"),
        (Counted(SUBJECT, date(1999, 11, 8), 1), "est trop ancienne"),
        (Counted(SUBJECT, WEEK, -1), "va de 0 à 1000000, pas -1"),
        (Counted(SUBJECT, WEEK, 1_000_001), "va de 0 à 1000000, pas 1000001"),
        (Counted(SUBJECT, WEEK, 1.5), "est un nombre entier, pas « 1.5 »"),  # type: ignore[arg-type]
        (Counted(SUBJECT, WEEK, True), "est un nombre entier"),
        (Counted(SUBJECT, WEEK, 1, -1), "Le nombre d'officines va de 0 à 30000, pas -1"),
        (Counted(SUBJECT, WEEK, 1, 1, date(2026, 11, 16)), "est après la semaine du 09/11/2026"),
        (Counted(" ", WEEK, 1), "Un groupe suivi ou une DCI est attendu"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(journal: Journal, counted: Counted, sentence: str) -> None:
    with pytest.raises(ValueError, match="Rien n'a été enregistré") as refused:
        journal.count_preparations(EVALUATOR, counted, TODAY)
    assert sentence in str(refused.value)
    assert journal.preparation_history() == []
    assert journal.accesses(action="preparations") == []


def test_the_week_that_ends_today_may_be_typed(journal: Journal) -> None:
    journal.count_preparations(EVALUATOR, Counted(SUBJECT, WEEK, 1), date(2026, 11, 15))
    assert len(journal.preparations()) == 1


def test_a_count_is_a_decision_of_the_snapshot_kept_when_the_journal_is_silent(
    journal: Journal, tmp_path: Path
) -> None:
    before, _ = read_decisions(journal, tmp_path / "copy.json")
    journal.count_preparations(EVALUATOR, Counted(SUBJECT, WEEK, 120, 35, date(2026, 11, 2), "tension"), TODAY)
    after, _ = read_decisions(journal, tmp_path / "copy.json")
    assert fingerprint([], TODAY, after) != fingerprint([], TODAY, before)
    (kept,) = after.preparations
    assert (kept.subject_id, kept.week, kept.preparations, kept.recommendation_on) == (SUBJECT, "2026-11-09", 120, "2026-11-02")  # fmt: skip
    again, error = read_decisions(Journal(NOWHERE), tmp_path / "copy.json")
    assert again == after
    assert "restent en vigueur" in error


def test_a_count_keeps_a_snapshot_from_being_open(journal: Journal, tmp_path: Path) -> None:
    journal.count_preparations(EVALUATOR, Counted(SUBJECT, WEEK, 120), TODAY)
    decisions, _ = read_decisions(journal, tmp_path / "copy.json")
    assert reserved([], Decisions(), tmp_path) == ()
    assert reserved([], decisions, tmp_path) == ("des décisions du journal",)
