"""What makes an alert new, seen, worse or ended, on a real journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from data.access.roles import Identity
from data.alerts import life
from data.alerts.reading import Alert, Audience, every_audience, heard
from data.journal import Journal

ALICE = Identity("alice@ansm.example", "Alice", "ansm")
BOB = Identity("bob@ansm.example", "Bob", "ansm")
BRETAGNE, CORSE = Identity("b@ars.example", "B", "ars", "53"), Identity("c@ars.example", "C", "ars", "94")


def alert(key: str = "link:x:officines", level: int = 1, region: str | None = None) -> Alert:
    return Alert(key, "link", "Maillon insatisfaisant", level, "à suivre", "X", "officines : 2 j", 2.0, date(2026, 11, 15),
                 "molecule", (("sujet", "x"),), ("ansm", "ars"), region)  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(f"sqlite:///{tmp_path}/journal.db")
    opened.migrate()
    yield opened
    opened.close()


def published(journal: Journal, *alerts: Alert) -> dict[str, life.Episode]:
    return life.follow(journal, "restricted", {item.key: item.level for item in alerts})


def shown(journal: Journal, who: Identity, *alerts: Alert) -> tuple[str, ...]:
    """Keys this person is shown."""
    visible, _ = life.seen_by(journal, Audience.of(who), "restricted", alerts)
    return tuple(item.key for item in visible.unseen)


def test_an_alert_seen_stays_away_until_it_worsens(journal: Journal) -> None:
    low, high = alert(level=1), alert(level=2)
    published(journal, low)
    assert shown(journal, ALICE, low) == (low.key,)
    journal.acknowledge(ALICE, low.key, 1, "appel fait")
    assert shown(journal, BOB, low) == ()  # one of the team is enough
    published(journal, high)
    visible, _ = life.seen_by(journal, Audience.of(BOB), "restricted", [high])
    assert (visible.unseen, visible.worsened) == ((high,), frozenset({high.key}))
    journal.acknowledge(BOB, high.key, 2)
    # Better, then as bad as it was when it was seen: nothing new.
    for level in (1, 2):
        published(journal, alert(level=level))
        assert shown(journal, ALICE, alert(level=level)) == ()


def test_who_saw_it_when_and_why_can_be_read(journal: Journal) -> None:
    published(journal, alert())
    journal.acknowledge(ALICE, alert().key, 1, "appel fait")
    visible, _ = life.seen_by(journal, Audience.of(ALICE), "restricted", [alert()])
    ((alerts_due, answer),) = visible.seen
    assert (alerts_due.key, answer.login, answer.note) == (alert().key, "alice@ansm.example", "appel fait")


def test_taking_it_back_shows_it_again(journal: Journal) -> None:
    published(journal, alert())
    journal.acknowledge(ALICE, alert().key, 1)
    journal.acknowledge(ALICE, alert().key, 0)
    assert shown(journal, ALICE, alert()) == (alert().key,)


def test_an_alert_that_comes_back_is_a_new_one(journal: Journal) -> None:
    first = published(journal, alert())[alert().key]
    journal.acknowledge(ALICE, alert().key, 1)
    assert published(journal) == {}
    again = published(journal, alert())[alert().key]
    assert again.began_at > first.began_at
    assert shown(journal, ALICE, alert()) == (alert().key,)


def test_nothing_is_written_when_nothing_changed(journal: Journal) -> None:
    one = published(journal, alert())
    lines = len(journal.sent(life.LIFE, "restricted"))
    assert published(journal, alert()) == one
    assert len(journal.sent(life.LIFE, "restricted")) == lines


def test_worsening_moves_one_date_and_getting_better_none(journal: Journal) -> None:
    first = published(journal, alert(level=2))[alert().key]
    assert first.began_at == first.worsened_at
    assert published(journal, alert(level=1))[alert().key] == first
    worse = published(journal, alert(level=3))[alert().key]
    assert (worse.began_at, worse.level) == (first.began_at, 3)
    assert worse.worsened_at > first.worsened_at


def test_what_one_agency_has_seen_another_has_not(journal: Journal) -> None:
    published(journal, alert())
    journal.acknowledge(BRETAGNE, Audience.of(BRETAGNE).journal_key(alert().key), 1)
    assert shown(journal, BRETAGNE, alert()) == ()
    assert shown(journal, CORSE, alert()) == (alert().key,)
    assert shown(journal, ALICE, alert()) == (alert().key,)


def test_an_agency_hears_its_region_alone() -> None:
    mine, other, everywhere = alert("a", region="53"), alert("b", region="94"), alert("c")
    assert [item.key for item in heard([mine, other, everywhere], Audience.of(BRETAGNE))] == ["a", "c"]


def test_an_audience_is_found_by_its_name() -> None:
    names = [audience.name for audience in every_audience()]
    assert [Audience.named(name).name for name in names] == names
    assert "ars-53" in names
    assert Audience.named("ars-53").label == "Agence régionale de santé, Bretagne"
    for name in ("ars", "ars-00", "cap-53", "personne"):
        with pytest.raises(ValueError, match="inconnus"):
            Audience.named(name)


def test_a_recipient_is_sent_again_only_what_worsened_or_recurred(journal: Journal) -> None:
    def due(level: int) -> dict[str, int]:
        episodes = published(journal, alert(level=level))
        alerts_due = life.to_send([alert(level=level)], journal.sent(life.MAIL, "a@b.fr"), episodes)
        journal.record_sent(life.MAIL, "a@b.fr", [(key, level) for key in alerts_due])
        return alerts_due

    key = alert().key
    assert [due(level) for level in (1, 1, 2, 1, 2, 3)] == [{key: 0}, {}, {key: 1}, {}, {}, {key: 2}]
    published(journal)
    assert due(1) == {key: 0}
