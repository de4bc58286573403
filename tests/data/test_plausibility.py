"""What is doubted and what is not: series typed by hand, then any series."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.building.doubts import Doubt, Measurement
from data.building.plausibility import doubtful, rules

LAST = date(2026, 11, 16)
FEW = settings(max_examples=150, deadline=None)
RULES = rules()


def load(received: str) -> str:
    """A load id that sorts by ``received``, up to eight digits."""
    return f"{received:0>8}T000000-0123456789ab-cdef-fedcba"


def measurement(back: int, amount: float | None, sales: float | None = 700, **other: object) -> Measurement:
    """A line of a wholesaler ``back`` weeks ago, received the Tuesday after, in a file of its own."""
    week = LAST - timedelta(weeks=back)
    received = week + timedelta(days=8)
    default = Measurement(
        "pointstock_stock", "GROSSISTE A", "A", week, amount, sales, load(f"{received:%Y%m%d}"), 2, received
    )
    return replace(default, **other)  # type: ignore[arg-type]


def steady(weeks: range, amount: float = 1000, sales: float = 700) -> list[Measurement]:
    return [measurement(back, amount, sales) for back in weeks]


def summary(doubts: list[Doubt]) -> list[tuple[str, str, str]]:
    return [(f"{doubt.measurement.week:%d/%m}", doubt.rule, doubt.quantity) for doubt in doubts]


def test_a_stock_a_hundred_times_last_week_s_is_doubtful() -> None:
    doubts = doubtful([*steady(range(1, 9)), measurement(0, 100_000)], RULES)
    assert summary(doubts) == [("16/11", "ecart", "amount")]
    assert (doubts[0].last or measurement(9, 0)).week == LAST - timedelta(weeks=1)


@pytest.mark.parametrize(("amount", "sales"), [(9_999, 700), (1000, 6_999), (400, 700), (1000, 71)])
def test_under_the_factor_nothing_is_asked(amount: float, sales: float) -> None:
    assert doubtful([*steady(range(1, 9)), measurement(0, amount, sales)], RULES) == []


@pytest.mark.parametrize("sales", [20_000, 200, 0])
def test_sales_are_judged_as_stocks_are(sales: float) -> None:
    doubts = doubtful([*steady(range(1, 9), sales=2000), measurement(0, 1000, sales)], RULES)
    assert summary(doubts) == [("16/11", "ecart", "sales")]


def test_small_numbers_are_not_questioned() -> None:
    assert doubtful([*steady(range(1, 9), 2, 1), measurement(0, 99, 60)], RULES) == []


def test_a_change_that_lasts_stays_doubtful_until_one_of_its_rows_is_accepted() -> None:
    lines = [*steady(range(4, 9)), *steady(range(4), 100_000)]
    assert len(doubtful(lines, RULES)) == 4
    accepted = next(line.ref for line in lines if line.week == LAST - timedelta(weeks=2))
    left = doubtful(lines, RULES, {accepted})
    assert [doubt.measurement.week for doubt in left] == [LAST - timedelta(weeks=3), LAST - timedelta(weeks=2)]


def test_after_a_jump_the_usual_level_is_not_questioned() -> None:
    lines = [*steady(range(2, 9)), measurement(1, 100_000), measurement(0, 1100)]
    assert summary(doubtful(lines, RULES)) == [("09/11", "ecart", "amount")]


def test_a_stock_out_explained_by_sales_is_accepted() -> None:
    sold_out = [*steady(range(1, 9), 1300), measurement(0, 0, 700)]
    unexplained = [*steady(range(1, 9), 40_000), measurement(0, 0, 700)]
    assert doubtful(sold_out, RULES) == []
    assert summary(doubtful(unexplained, RULES)) == [("16/11", "ecart", "amount")]


def test_sales_stop_when_nothing_is_left() -> None:
    ending = [measurement(4, 1500, 1200), measurement(3, 700, 1100), measurement(2, 0, 600), measurement(1, 0, 0)]
    assert doubtful(ending, RULES) == []


def test_a_supply_to_a_level_of_the_year_is_accepted() -> None:
    back_to_normal = [*steady(range(10, 20), 45_000), *steady(range(1, 10), 90), measurement(0, 44_000)]
    never_seen = [*steady(range(10, 20), 45_000), *steady(range(1, 10), 90), measurement(0, 450_000)]
    long_ago = [*steady(range(60, 70), 45_000), *steady(range(1, 60), 90), measurement(0, 44_000)]
    falls = {LAST - timedelta(weeks=9), LAST - timedelta(weeks=59)}
    for lines, count in ((back_to_normal, 0), (never_seen, 1), (long_ago, 1)):
        accepted = {line.ref for line in lines if line.week in falls}
        doubts = doubtful(lines, RULES, accepted)
        assert len([doubt for doubt in doubts if doubt.measurement.ref not in accepted]) == count


def whole_file(factor: float, back: int = 0, lines: int = 8, first: int = 0) -> list[Measurement]:
    return [
        measurement(back, (50 + 400 * n) * factor * (1.2 if n % 2 else 0.9), 300, item=f"P{n}", line=n + 2)
        for n in range(first, lines)
    ]


@pytest.mark.parametrize("factor", [10, 100, 1000, 0.1, 0.01, 0.001])
def test_a_whole_file_in_another_unit_is_doubtful_line_by_line(factor: float) -> None:
    history = [line for back in range(1, 6) for line in whole_file(1, back)]
    doubts = doubtful([*history, *whole_file(factor)], RULES)
    assert {doubt.rule for doubt in doubts} == {"unite"}
    assert len(doubts) == 8
    assert {doubt.factor for doubt in doubts} == {factor}


def test_another_unit_holds_small_and_new_lines_too() -> None:
    """A stock of 50 boxes reported as 0.05 is under every floor, a new presentation has nothing to be compared with."""
    history = [line for back in range(1, 6) for line in whole_file(1, back)]
    doubts = doubtful([*history, *whole_file(0.001, lines=9)], RULES)
    assert {doubt.measurement.item for doubt in doubts} == {f"P{n}" for n in range(9)}


def test_one_line_of_a_file_is_not_a_change_of_unit() -> None:
    history = [line for back in range(1, 6) for line in whole_file(1, back)]
    now = whole_file(1)
    now[3] = replace(now[3], amount=1000 * (now[3].amount or 0))
    assert summary(doubtful([*history, *now], RULES)) == [("16/11", "ecart", "amount")]


def test_a_week_after_the_reception_is_doubtful_and_never_a_base() -> None:
    typed = measurement(0, 50, week=LAST + timedelta(weeks=52))
    assert summary(doubtful([*steady(range(4)), typed], RULES)) == [("15/11", "futur", "week")]
    running = measurement(0, 1000, received_on=LAST)
    assert doubtful([*steady(range(1, 4)), running], RULES) == []


def test_a_panel_is_judged_in_days() -> None:
    panel = {"lake_table": "iqvia_coverage", "reporter": "national FR", "item": "prednisolone-20"}
    usual = [measurement(back, 9, 20_000, **panel) for back in range(1, 9)]
    for days, rule in ((90, "ecart"), (200, "hors_bornes"), (0.5, ""), (60, "")):
        assert [doubt.rule for doubt in doubtful([*usual, measurement(0, days, 20_000, **panel)], RULES)] == [
            rule
        ] * bool(rule)


def test_the_file_received_last_is_the_base_of_the_next_week() -> None:
    first, corrected = measurement(1, 100_000, load_id=load("1")), measurement(1, 1000, load_id=load("2"))
    assert summary(doubtful([*steady(range(2, 9)), first, corrected, measurement(0, 1000)], RULES)) == [
        ("09/11", "ecart", "amount")
    ]


LEVELS = st.one_of(st.none(), st.integers(0, 200_000).map(float), st.sampled_from([0.0, 99.0, 100.0, 1000.0]))


@st.composite
def series(draw: st.DrawFn) -> list[Measurement]:
    """Any rows of two reporters and three presentations, some weeks reported twice."""
    keys = draw(
        st.lists(
            st.tuples(st.integers(0, 12), st.sampled_from("AB"), st.sampled_from("PQR"), st.integers(0, 1)),
            unique=True,
            max_size=40,
        )
    )
    return [
        measurement(
            back, draw(LEVELS), draw(LEVELS), reporter=who, item=item, load_id=load(f"{again}{back:02d}"), line=n
        )
        for n, (back, who, item, again) in enumerate(keys)
    ]


@FEW
@given(series(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(lines: list[Measurement], chance: random.Random) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert doubtful(shuffled, RULES) == doubtful(lines, RULES)


@FEW
@given(series(), st.data())
def test_each_line_is_doubted_once_at_most_and_none_is_invented(lines: list[Measurement], data: st.DataObject) -> None:
    accepted = set(data.draw(st.lists(st.sampled_from([line.ref for line in lines])))) if lines else set()
    doubts = [doubt.measurement for doubt in doubtful(lines, RULES, accepted)]
    assert len({line.ref for line in doubts}) == len(doubts)
    assert set(doubts) <= set(lines)


@FEW
@given(series())
def test_the_first_measurement_of_a_series_is_accepted_in_a_file_of_one_row(lines: list[Measurement]) -> None:
    alone = [replace(line, load_id=load(f"{n:04d}"), line=n) for n, line in enumerate(lines)]
    doubted = {doubt.measurement.ref for doubt in doubtful(alone, RULES)}
    order = sorted(alone, key=lambda line: (line.week, line.load_id))
    firsts = {(line.reporter, line.item): line.ref for line in reversed(order)}
    assert not doubted & set(firsts.values())


@FEW
@given(series())
def test_accepting_every_doubtful_line_leaves_nothing_waiting(lines: list[Measurement]) -> None:
    accepted: set[str] = set()
    while new := {doubt.measurement.ref for doubt in doubtful(lines, RULES, accepted)} - accepted:
        accepted |= new
    assert accepted <= {line.ref for line in lines}


@FEW
@given(st.floats(100, 1e6), st.lists(st.floats(0.4, 3.9), min_size=2, max_size=40))
def test_a_steady_series_is_never_doubtful(level: float, noise: list[float]) -> None:
    lines = [measurement(back, level * wave, level * wave) for back, wave in enumerate(noise)]
    assert doubtful(lines, RULES) == []
