"""Whatever enters the journal, on both databases: it is kept, clean, and nobody else is troubled by it."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from data.access.roles import Identity
from data.alerts import life
from data.alerts.reading import Audience, alerts
from data.journal import Journal, JournalRefused, JournalSilent, JournalUnavailable, store
from data.journal.columns import LARGEST_NUMBER, LONGEST_TEXT, clean, name
from data.journal.preparations import Counted
from tests.examples import examples
from tests.journal.conftest import AGENCY, EVALUATOR, STEWARD
from tests.seeds import seeded

HOSTILE = {
    "NUL": "a\0b",
    "half of a character": "a\ud800b",
    "the other half": "\udfff",
    "commands of a terminal": "\x1b[2J\x1b]0;title\x07\x9b31m",
    "several lines": "a\r\nb\u2028c\x85d",
    "turned round": "a\u202egpj.exe\u2066",
    "very long": "x" * 100_000,
    "very long, beyond the first plane": "💊" * 5_000,
    "not a character": "\ufffe\uffff",
    "nothing to see": "a\u061c\u200b\u00ad\u2060\ufeff\u3164\u115f\u034f\u180e\U000e0041\ufff9b\ufffa\ufffb\u206a",
}
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60) | st.sampled_from([*HOSTILE.values()])
Record = Callable[[Journal, str], object]
WEEK, A_WEEK = date(2026, 11, 9), timedelta(weeks=1)
# Every text that a person, a browser, an identity provider or a partner's file brings into the journal.
RECORDS: dict[str, Record] = {
    "login": lambda j, t: j.record_access(Identity(t, "", "ansm"), "page", "Molécules"),
    "role": lambda j, t: j.record_access(Identity("a", "", t), "page", "Molécules"),  # type: ignore[arg-type]
    "action": lambda j, t: j.record_access(STEWARD, t, "Molécules"),
    "target": lambda j, t: j.record_access(STEWARD, "export", t),
    "detail": lambda j, t: j.record_access(STEWARD, "page", "Molécules", t),
    "refused login": lambda j, t: j.record_refusal(t, "session", "k"),
    "signed out": lambda j, t: j.record_sign_out(t, "", t),
    "reason": lambda j, t: j.accept_row(STEWARD, "a/1", "tracstocks", t, t),
    "several rows": lambda j, t: j.accept_rows(STEWARD, [("a/2", "tracstocks", t)], t),
    "taken back": lambda j, t: j.revoke_row(STEWARD, "a/1", t),
    "names": lambda j, t: j.answer_name(STEWARD, "laboratoire", ("a", "b"), (t, t), t, same=True),
    "comment": lambda j, t: j.add_comment(Identity(t, "", "ansm"), t, f"{t}.", ()),
    "note": lambda j, t: j.acknowledge(STEWARD, "a", 1, t),
    "points": lambda j, t: j.evaluate(STEWARD, "D-1", "L", 1, f"{t}."),
    "preparations": lambda j, t: j.count_preparations(STEWARD, Counted("dci:x", WEEK, 1, reason=t), WEEK + A_WEEK),
    "recipient": lambda j, t: j.record_sent("courriel", t, [("a", 1)]),
}


def is_shown(kept: str) -> bool:
    """Written anew: no control but line ends, no half of a character, no mark of direction."""
    return not any(
        (unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\n\t\u200c\u200d") or unicodedata.bidirectional(c) in
        {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for c in kept
    )  # fmt: skip


@seeded(4, "hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_no_text_is_too_odd_to_be_recorded(journal: Journal, record: Record, hostile: str) -> None:
    record(journal, hostile)
    kept = [f"{e.login}{e.role}{e.action}{e.target}{e.detail}" for e in journal.accesses()]
    kept += [f"{e.description}{e.reason}" for e in journal.acceptance_history()]
    kept += [f"{e.name}{e.reason}" for e in journal.name_history()] + [e.note for e in journal.acknowledgements()]
    kept += [e.reason for e in journal.evaluations()] + [e.text for e in journal.comments(hostile, "ansm")]
    kept += [e.reason for e in journal.preparation_history()]
    kept += [e.recipient for e in journal.sent("courriel", hostile)]
    assert all(map(is_shown, kept))
    assert kept or record is RECORDS["taken back"]


@examples(fast=60, long=5_000)
@given(ANYTHING)
def test_a_cleaned_text_shows_all_it_holds(anything: str) -> None:
    one, several = clean(anything), clean(anything, lines=True)
    assert is_shown(one)
    assert is_shown(several)
    assert "\n" not in one
    assert (clean(one), clean(several, lines=True)) == (one, several)
    assert len(one) == len(anything)  # nothing disappears: each is replaced by one
    ordinary = re.sub(r"[^\w .,;:'()/-]", "", anything, flags=re.ASCII)
    assert clean(ordinary) == ordinary


@examples(fast=60, long=5_000)
@given(ANYTHING, ANYTHING, st.integers(20, 400))
def test_two_names_stay_two(one: str, other: str, most: int) -> None:
    first, second = name(one, most), name(other, most)
    assert is_shown(first)
    assert len(first) <= most
    assert name(first, most) == first
    assert (first == second) is (one == other)


def test_what_replaces_is_worked_by_hand() -> None:
    # U+0000 → U+2400 « ␀ », U+001B → U+241B « ␛ », U+007F → U+2421 « ␡ »; the rest has no picture.
    assert clean("a\0\x1b\x7f\x9b\u202e\ud800b\n") == "a␀␛␡\ufffd\ufffd\ufffdb␊"
    assert clean("a\r\nb\rc\td", lines=True) == "a\nb\nc\td"


def test_two_people_who_look_alike_are_two_in_the_log(journal: Journal) -> None:
    """A joiner, a soft hyphen, an Arabic mark: « camille » with one of them is shown otherwise than « camille »."""
    for mark in "\u200b\u200c\u200d\u00ad\u061c\u2060\ufeff\u3164":
        journal.record_access(Identity(f"cam{mark}ille", "", "ansm"), "page", "Molécules")
    kept = {entry.login for entry in journal.accesses()}
    assert len(kept) == 8
    assert all(re.fullmatch(r"cam\ufffdille…[0-9a-f]{16}", login) for login in kept)


@examples(fast=25, long=500)
@given(data=st.data())
def test_anything_in_the_access_log_is_read_back_clean(journal: Journal, data: st.DataObject) -> None:
    login, target, detail = data.draw(ANYTHING), data.draw(ANYTHING), data.draw(ANYTHING)
    journal.record_access(Identity(login, "", "ansm"), "page", target, detail)
    (last,) = journal.accesses(limit=1)
    assert last.login == name(login, 320)
    assert last.target == (clean(target) if len(target) <= 400 else clean(target)[:399] + "…")
    assert last.detail == (clean(detail) if len(detail) <= LONGEST_TEXT else clean(detail)[: LONGEST_TEXT - 1] + "…")
    assert journal.is_recorded("page", detail)
    assert journal.accesses(limit=1, login=login) == [last]


@examples(fast=25, long=500)
@given(data=st.data())
def test_a_comment_of_anybody_on_anything_is_withdrawn_by_its_author_alone(
    journal: Journal, data: st.DataObject
) -> None:
    author, other, subject = (data.draw(ANYTHING) for _ in range(3))
    journal.add_comment(Identity(author, "", "ansm"), subject, "vu", ())
    (comment, *_) = journal.comments(subject, "ansm")
    assert journal.withdraw_comment(Identity(other, "", "ansm"), comment.id) is (author == other)


@pytest.mark.parametrize("odd", ["x" * 301, "a\0", "\ud800"], ids=["long", "NUL", "half of a character"])
def test_a_reference_is_kept_exactly_or_refused(journal: Journal, odd: str) -> None:
    """Altered, a decision would hold for nothing, or for another row."""
    for record in (
        lambda: journal.accept_row(STEWARD, odd, "tracstocks", "stock"),
        lambda: journal.accept_rows(STEWARD, [("a/1", "tracstocks", "stock"), (odd, "tracstocks", "stock")]),
        lambda: journal.answer_name(STEWARD, "laboratoire", (odd, "b"), ("A", "B"), same=False),
        lambda: journal.acknowledge_all(AGENCY, [("a", 1), (odd, 1)]),
        lambda: journal.evaluate(EVALUATOR, odd, "L", 1, "motif"),
        lambda: journal.count_preparations(EVALUATOR, Counted(odd, WEEK, 1), WEEK + A_WEEK),
        lambda: journal.record_sent("courriel", "a@ansm.example", [(odd, 1)]),
    ):
        with pytest.raises(JournalRefused, match="ne peut pas garder la référence «"):
            record()
    assert journal.acceptance_history() == []  # all or none
    assert journal.acknowledgements() == []


@pytest.mark.parametrize("number", [LARGEST_NUMBER + 1, -(2**63), 10**40])
def test_a_number_too_large_is_refused_and_finds_nothing(journal: Journal, number: int) -> None:
    for record in (
        lambda: journal.evaluate(EVALUATOR, "D-1", "L", number, "motif"),
        lambda: journal.acknowledge(AGENCY, "a", number),
        lambda: journal.record_sent("courriel", "a@ansm.example", [("a", number)]),
    ):
        with pytest.raises(JournalRefused, match=f"au-delà de {LARGEST_NUMBER}"):
            record()
    assert not journal.withdraw_comment(EVALUATOR, number)
    journal.record_access(STEWARD, "page", "sources")
    assert len(journal.accesses(limit=abs(number))) == 1


def test_a_table_that_is_absent_is_not_a_silence(url: str) -> None:
    """The journal answers: others may be heard."""
    with pytest.raises(JournalRefused, match="a refusé cette demande"):
        Journal(url).accesses()


def test_a_right_that_is_missing_is_not_a_silence(postgres: str, journal: Journal, url: str) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("SQLite has no rights of its own")
    role = f"r{''.join(c for c in url[-12:] if c in string.hexdigits)}"
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
    reduced = Journal(url.replace("vigistock@", f"{role}@"))
    with pytest.raises(JournalRefused):
        reduced.record_access(STEWARD, "page", "sources")


def test_a_server_that_refuses_or_left_is_a_silence(postgres: str) -> None:
    for address in ("postgresql+psycopg://vigistock@127.0.0.1:9/journal", f"{postgres}/absente"):
        with pytest.raises(JournalSilent, match="Le journal ne répond pas"):
            Journal(address).accesses()


def test_a_connection_cut_in_the_middle_is_a_silence_and_the_next_demand_is_heard(journal: Journal, url: str) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("SQLite has no server")
    with pytest.raises(JournalSilent), journal._transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert journal.accesses() == []


def test_a_lock_that_somebody_keeps_is_a_silence(journal: Journal, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demand is given up after the time that a server which is absent would take; the next one is heard."""
    if not url.startswith("postgresql"):
        pytest.skip("SQLite waits by itself")
    monkeypatch.setattr(store, "BUSY_SECONDS", 1)
    impatient, keeper = Journal(url), create_engine(url)
    with keeper.connect() as locked:
        # Without a limit on our side the lock ends by itself, and the demand succeeds: the test fails and does not hang.
        locked.execute(text("SET idle_in_transaction_session_timeout = '15s'"))
        locked.execute(text("LOCK TABLE access_log IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(JournalSilent, match="Le journal ne répond pas"):
            impatient.record_access(STEWARD, "page", "Molécules")
        locked.rollback()
    impatient.record_access(STEWARD, "page", "Molécules")
    assert len(journal.accesses()) == 1
    impatient.close()


def test_a_change_of_tables_and_a_purge_are_given_time(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("SQLite has no such limit")
    limits: list[str] = []
    given = store._give_time

    def seen(connection: Connection) -> None:
        given(connection)
        limits.append(connection.exec_driver_sql("SHOW statement_timeout").scalar_one())

    monkeypatch.setattr(store, "_give_time", seen)
    journal = Journal(url)
    journal.migrate()
    journal.purge_accesses(datetime.now(UTC))
    with journal._transaction() as session:
        assert session.execute(text("SHOW statement_timeout")).scalar_one() == "10s"
    assert limits == ["10min", "10min"]


def test_a_sign_out_is_known_by_its_key_since_the_sign_in(journal: Journal) -> None:
    began = datetime.now(UTC)
    journal.record_sign_out("a@ansm.example", "ansm", "k1")
    journal.record_access(STEWARD, "page", "Molécules", "k2")  # the detail of a page ends nothing
    assert journal.has_signed_out("k1")
    assert journal.has_signed_out("k1", began + timedelta(minutes=5))  # the provider's clock may be ahead
    assert not journal.has_signed_out("k1", began + timedelta(hours=2))
    assert not journal.has_signed_out("k2")


def test_every_failure_has_a_sentence_for_a_page() -> None:
    assert issubclass(JournalRefused, JournalUnavailable)
    assert issubclass(JournalSilent, JournalUnavailable)


def test_a_sign_out_is_kept_as_long_as_a_copied_cookie_may_open(journal: Journal, url: str) -> None:
    """A log kept one day, sessions of three: the sign-out of two days ago still counts, the page opened then does not."""
    journal.record_sign_out("a@ansm.example", "ansm", "two days ago")
    journal.record_access(STEWARD, "page", "Molécules")
    now = datetime.now(UTC)
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE access_log SET at = :at").bindparams(at=now - timedelta(days=2)))
    assert journal.purge_accesses(now - timedelta(days=1), timedelta(days=3)) == 1
    assert journal.has_signed_out("two days ago")
    assert journal.purge_accesses(now - timedelta(days=1), timedelta(hours=10)) == 1
    assert not journal.has_signed_out("two days ago")


class OneAlert:
    """What ``alerts`` asks of a reader; one alert, on an association whose name does not fit in a column."""

    key = "statut/dci:" + "amoxicilline " * 40

    def has(self, _: str) -> bool:
        return True

    def rows(self, _: str) -> list[dict[str, object]]:
        words = dict.fromkeys(
            ("rule", "title", "level_label", "page", "label", "sentence", "one", "many", "unknown"), "x"
        )
        nothing: dict[str, object] = {
            "place": None,
            "value": None,
            "day": None,
            "digits": 0,
            "parameters": [],
            "targets": [],
            "region": "53",
        }
        return [{**words, **nothing, "alert_key": self.key, "level": 2, "roles": ["ars"]}]


def test_an_alert_on_a_subject_with_a_very_long_name_is_followed_and_seen(journal: Journal) -> None:
    (alert,) = alerts(OneAlert())  # type: ignore[arg-type]
    audience = Audience("ars", "53")
    assert list(life.follow(journal, "shared", {alert.key: alert.level})) == [alert.key]
    life.follow(journal, "shared", {alert.key: alert.level})
    assert len(journal.sent(life.LIFE, "shared")) == 1  # the same alert, not ended and come back
    journal.acknowledge(AGENCY, audience.journal_key(alert.key), alert.level)
    seen, _ = life.seen_by(journal, audience, "shared", [alert])
    assert [known.key for known, _ in seen.seen] == [alert.key]
