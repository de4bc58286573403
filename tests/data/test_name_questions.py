"""Which names are asked about: close ones, newcomers that take a place, never two that report together."""

from __future__ import annotations

from datetime import date, timedelta

from data.building.identity import Identity, Spelling
from data.building.names import Span, questions
from data.journal.decisions import NameAnswer

LAST = date(2026, 11, 9)
WEEKS = [LAST - timedelta(weeks=back) for back in range(20, -1, -1)]
BOXES = frozenset("123456")


def known(*names: str) -> list[Identity]:
    """In the order of their reception."""
    found = []
    for number, name in enumerate(names):
        spelling = Spelling("grossiste", name, "pointstock_stock", (0, f"{number:03d}", 1))
        found.append(Identity("grossiste", spelling.key, name, (spelling,)))
    return found


def span(first: int, last: int, boxes: frozenset[str] = BOXES) -> Span:
    """``first`` and ``last``: weeks back."""
    return Span(LAST - timedelta(weeks=first), LAST - timedelta(weeks=last), boxes, boxes)


def asked(names: list[Identity], spans: dict[str, Span], *answers: NameAnswer) -> list[tuple[str, str | None, str]]:
    found = questions(names, spans, WEEKS, answers, 50, 8)
    return [(item.one.name, item.other.name if item.other else None, item.why) for item in found]


def answer(one: str, other: str, *, same: bool) -> NameAnswer:
    return NameAnswer("grossiste", one, other, one, other, same, "", "", "")


def test_names_that_report_together_are_two() -> None:
    spans = {"A": span(8, 0), "B": span(8, 0), "C": span(4, 0)}
    assert asked(known("A", "B", "C"), spans) == []


def test_a_newcomer_the_week_another_stops_is_asked_with_the_most_alike() -> None:
    spans = {"NORD": span(8, 1), "SUD": span(8, 1), "EST": span(8, 0), "NORD OUEST": span(0, 0)}
    assert asked(known("NORD", "SUD", "EST", "NORD OUEST"), spans) == [("NORD OUEST", "NORD", "relais")]


def test_a_newcomer_after_a_gap_or_for_other_presentations_is_not() -> None:
    gone = {"A": span(8, 2), "B": span(8, 0), "N": span(0, 0)}
    assert asked(known("A", "B", "N"), gone) == []
    others = {"A": span(8, 1), "B": span(8, 0), "N": span(0, 0, frozenset("1789"))}
    assert asked(known("A", "B", "N"), others) == []  # 1 presentation of 4 in common, 50 % asked
    half = {**others, "N": span(0, 0, frozenset("1278"))}
    assert asked(known("A", "B", "N"), half) == [("N", "A", "relais")]


def test_of_two_close_names_the_later_waits() -> None:
    spans = {"A SAS": span(8, 0), "A": span(8, 0)}
    assert asked(known("A SAS", "A"), spans) == [("A", "A SAS", "proche")]
    assert asked(known("A SAS", "A"), spans, answer("a", "asas", same=False)) == []


def test_a_name_in_another_alphabet_alone_is_asked_until_it_is_confirmed() -> None:
    odd = "NOR\u0414"
    spans = {odd: span(8, 0)}
    assert asked(known(odd), spans) == [(odd, None, "alphabet")]
    assert asked(known(odd), spans, answer(known(odd)[0].key, "", same=False)) == []


def test_a_presentation_handed_over_long_ago_is_not_asked_about() -> None:
    """Expected for 8 weeks: the one gone 8 weeks ago is in no sum any more."""
    for back, expected in ((7, [("N", "A", "relais")]), (8, [])):
        spans = {"A": span(20, back + 1), "B": span(20, 0), "N": span(back, 0)}
        assert asked(known("A", "B", "N"), spans) == expected
