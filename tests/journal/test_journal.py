"""The same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from data.access.roles import ROLES
from data.journal import Journal, JournalUnavailable
from data.journal.models import Base
from tests.journal.conftest import AGENCY, EVALUATOR, STEWARD


def test_the_migrations_give_the_tables_of_the_code(url: str) -> None:
    Journal(url).migrate()
    with create_engine(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_twice_or_at_once_is_harmless(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Journal(url).migrate(), range(4)))
    journal = Journal(url)
    journal.record_access(STEWARD, "page", "sources")
    journal.migrate()
    assert [entry.target for entry in journal.accesses()] == ["sources"]


def test_the_access_log_is_read_newest_first_and_filtered(journal: Journal) -> None:
    journal.record_access(AGENCY, "connexion", "")
    journal.record_access(STEWARD, "export", "declarations.xlsx", "248 lignes")
    journal.record_access(STEWARD, "page", "declarations")
    assert [entry.action for entry in journal.accesses()] == ["page", "export", "connexion"]
    assert [entry.action for entry in journal.accesses(login=STEWARD.login)] == ["page", "export"]
    (export,) = journal.accesses(action="export")
    assert (export.login, export.role, export.detail) == (STEWARD.login, "ansm_steward", "248 lignes")
    assert [entry.action for entry in journal.accesses(limit=1)] == ["page"]


def test_the_access_log_is_counted_by_action_and_person(journal: Journal) -> None:
    assert journal.access_counts() == []
    for who, action in ((AGENCY, "connexion"), (STEWARD, "page"), (STEWARD, "page"), (STEWARD, "export")):
        journal.record_access(who, action, "x")
    counts = {(count.action, count.login): (count.lines, count.since) for count in journal.access_counts()}
    first = journal.accesses(action="page")[-1]
    assert counts["page", STEWARD.login] == (2, first.at)
    assert {key: lines for key, (lines, _) in counts.items()} == {
        ("connexion", AGENCY.login): 1,
        ("page", STEWARD.login): 2,
        ("export", STEWARD.login): 1,
    }


def test_moments_are_in_utc(journal: Journal) -> None:
    before = datetime.now(UTC)
    journal.record_access(STEWARD, "page", "revue")
    (entry,) = journal.accesses()
    assert entry.at.utcoffset() == timedelta(0)
    assert before <= entry.at <= datetime.now(UTC)


def test_the_access_log_forgets_what_is_older_than_its_retention(journal: Journal) -> None:
    journal.record_access(STEWARD, "page", "ancienne")
    limit = datetime.now(UTC)
    journal.record_access(STEWARD, "page", "récente")
    assert journal.purge_accesses(limit) == 1
    assert [entry.target for entry in journal.accesses()] == ["récente"]


def test_the_last_decision_on_a_row_holds_and_all_are_kept(journal: Journal) -> None:
    journal.accept_row(STEWARD, "a/1", "tracstocks", "stock 4 200 000", "confirmé par le laboratoire")
    journal.accept_row(STEWARD, "a/2", "tracstocks", "stock 12")
    journal.revoke_row(STEWARD, "a/1", "le laboratoire se reprend")
    assert [entry.row_ref for entry in journal.acceptances()] == ["a/2"]
    journal.accept_row(EVALUATOR, "a/1", "tracstocks", "stock 4 200 000")
    assert {entry.row_ref: entry.login for entry in journal.acceptances()} == {
        "a/1": EVALUATOR.login,
        "a/2": STEWARD.login,
    }
    history = [(entry.row_ref, entry.revoked, entry.reason) for entry in journal.acceptance_history()]
    assert history == [
        ("a/1", False, "confirmé par le laboratoire"),
        ("a/2", False, ""),
        ("a/1", True, "le laboratoire se reprend"),
        ("a/1", False, ""),
    ]


def test_taking_back_what_was_never_accepted_does_nothing(journal: Journal) -> None:
    journal.revoke_row(STEWARD, "inconnue")
    assert journal.acceptance_history() == []


def test_a_whole_file_is_accepted_at_once(journal: Journal) -> None:
    journal.accept_rows(STEWARD, [("f/1", "pointstock", "ligne 1"), ("f/2", "pointstock", "ligne 2")], "milliers")
    assert [(entry.row_ref, entry.reason) for entry in journal.acceptances()] == [
        ("f/1", "milliers"),
        ("f/2", "milliers"),
    ]


def test_a_comment_reaches_the_roles_it_is_for(journal: Journal) -> None:
    journal.add_comment(EVALUATOR, "dci:amoxicilline", "Le laboratoire livre jeudi.", ("ars",))
    journal.add_comment(EVALUATOR, "dci:amoxicilline", "Interne", ())
    seen = {role: [entry.text for entry in journal.comments("dci:amoxicilline", role)] for role in ROLES}
    assert seen == {
        "ansm": ["Interne", "Le laboratoire livre jeudi."],
        "ansm_steward": [],
        "ars": ["Le laboratoire livre jeudi."],
        "cap": [],
        "dgs": [],
    }
    assert journal.comments("dci:autre", "ansm") == []


def test_only_its_author_withdraws_a_comment(journal: Journal) -> None:
    journal.add_comment(AGENCY, "dci:amoxicilline", "Tension à Nantes", ("ansm",))
    (comment,) = journal.comments("dci:amoxicilline", "ansm")
    assert not journal.withdraw_comment(EVALUATOR, comment.id)
    assert journal.comments("dci:amoxicilline", "ansm") == [comment]
    assert journal.withdraw_comment(AGENCY, comment.id)
    assert not journal.withdraw_comment(AGENCY, comment.id)
    assert journal.comments("dci:amoxicilline", "ansm") == []


@pytest.mark.parametrize(("words", "roles"), [("  ", ("ars",)), ("texte", ("ministre",))])
def test_an_empty_comment_or_an_unknown_role_is_refused(journal: Journal, words: str, roles: tuple) -> None:
    with pytest.raises(ValueError, match="commentaire"):
        journal.add_comment(EVALUATOR, "dci:amoxicilline", words, roles)


def test_the_last_acknowledgement_of_each_role_holds(journal: Journal) -> None:
    journal.acknowledge(EVALUATOR, "statut/amoxicilline", 1)
    journal.acknowledge(AGENCY, "statut/amoxicilline", 1, "vu")
    journal.acknowledge(EVALUATOR, "statut/amoxicilline", 2, "suivi")
    assert [(entry.role, entry.level, entry.note) for entry in journal.acknowledgements()] == [
        ("ars", 1, "vu"),
        ("ansm", 2, "suivi"),
    ]
    assert [entry.level for entry in journal.acknowledgements("ansm")] == [2]


def test_points_of_the_evaluator_keep_their_history_and_their_reason(journal: Journal) -> None:
    journal.evaluate(EVALUATOR, "D-1", "L", 2, "enfants")
    journal.evaluate(EVALUATOR, "D-1", "M", 1, "presse")
    journal.evaluate(STEWARD, "D-1", "L", 3, "enfants de moins de 2 ans")
    assert {(entry.criterion, entry.points) for entry in journal.evaluations()} == {("L", 3), ("M", 1)}
    assert [entry.points for entry in journal.evaluation_history("D-1")] == [3, 1, 2]
    journal.evaluate(EVALUATOR, "D-2", "L", 1, "adultes")
    assert [entry.declaration_no for entry in journal.evaluations(["D-2", "D-3"])] == ["D-2"]
    assert [(line.login, line.detail) for line in journal.accesses(action="cotation")][:2] == [
        (EVALUATOR.login, "D-2, critère L"),
        (STEWARD.login, "D-1, critère L"),
    ]
    with pytest.raises(ValueError, match="motif"):
        journal.evaluate(EVALUATOR, "D-1", "L", 1, " ")


def test_alerts_sent_are_known_by_recipient(journal: Journal) -> None:
    journal.record_sent("courriel", "a@ansm.example", [("x", 1), ("y", 2)])
    journal.record_sent("courriel", "b@ansm.example", [("x", 1)])
    assert [(entry.alert_key, entry.level) for entry in journal.sent("courriel", "a@ansm.example")] == [
        ("x", 1),
        ("y", 2),
    ]


def test_any_text_is_kept_as_it_was_typed(journal: Journal) -> None:
    typed = "l'été ; « 50 % » -- <b>=cmd|' /C calc'!A0</b> 💊\n'); DROP TABLE comment; --"
    journal.add_comment(EVALUATOR, "dci:x", f"\r\n{typed}  ", ())
    assert [entry.text for entry in journal.comments("dci:x", "ansm")] == [typed]


def test_many_writers_at_once_lose_nothing(url: str) -> None:
    Journal(url).migrate()

    def write(number: int) -> None:
        Journal(url).record_access(STEWARD, "page", str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert sorted(int(entry.target) for entry in Journal(url).accesses()) == list(range(40))


def test_a_journal_that_does_not_answer_says_so_without_its_address(tmp_path: Path) -> None:
    closed = Journal("postgresql+psycopg://vigistock:secret@127.0.0.1:9/journal")
    with pytest.raises(JournalUnavailable) as refused:
        closed.accesses()
    assert "ne répond pas" in str(refused.value)
    assert "secret" not in str(refused.value)
    (tmp_path / "journal.db").write_bytes(b"ceci n'est pas une base" * 100)
    with pytest.raises(JournalUnavailable):
        Journal(f"sqlite:///{tmp_path}/journal.db").accesses()


def test_what_is_written_survives_a_reopening(url: str) -> None:
    first = Journal(url)
    first.migrate()
    first.accept_row(STEWARD, "a/1", "tracstocks", "stock")
    first.close()
    assert [entry.row_ref for entry in Journal(url).acceptances()] == ["a/1"]


def test_the_tables_can_be_taken_down_and_put_back(url: str) -> None:
    from alembic import command
    from alembic.config import Config

    from data.journal.store import MIGRATIONS

    Journal(url).migrate()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with engine.connect() as connection, pytest.raises(Exception, match="access_log"):
        connection.execute(text("SELECT * FROM access_log"))
    Journal(url).migrate()
    assert Journal(url).accesses() == []
