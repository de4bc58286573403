"""Nobody finds a hidden figure by computing with the others: an attacker solves all that is shared, week after week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reference_tables import thresholds
from tests.metrics.attacker import Attack, Published, laboratories_of, secrets
from tests.metrics.secrecy_bench import Bench, Box, Market, Memory

pytestmark = pytest.mark.xdist_group("differencing")

LEAST = int(thresholds()["secrecy_min_laboratories"]["value"])
LARGEST_PCT = float(thresholds()["secrecy_max_share_pct"]["value"])
BENCH = Bench()
LABORATORIES = ("LABO A", "LABO B", "LABO C", "LABO D", "LABO E")


def found(attack: Attack) -> list[str]:
    """What the attacker learns that nobody may know, in words; empty when nothing."""
    shown = attack.artefacts[-1]
    told = [f"{name} = {value:.1f}" for name, sums in secrets(shown) if (value := attack.recovered(shown, sums)) is not None]
    told += [f"repose sur trop peu : {sums}" for sums in attack.dominated(LEAST, LARGEST_PCT)]
    names = laboratories_of(shown)
    exact = Attack(attack.artefacts, ratios=False)
    told += [f"{who} seuls" for size in range(1, LEAST) for who in combinations(names, size) if exact.isolates(who)]
    return told


AMOUNTS = st.sampled_from([0, 0, 1, 3, 8, 20, 50, 51, 130, 900])
BOXES = st.builds(Box, AMOUNTS.map(float), AMOUNTS.map(float), AMOUNTS.map(float))


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """One or two DCI, groups that overlap, nest or span them, laboratories that come, go and run out of stock."""
    size = draw(st.integers(3, 9))
    owner = {f"34009{n:08d}": draw(st.sampled_from(LABORATORIES)) for n in range(size)}
    cut = draw(st.sampled_from([size, size, size // 2]))
    boxes = list(owner)
    dcis = {"dci:un": frozenset(boxes[:cut]), "dci:deux": frozenset(boxes[cut:])}
    some = st.frozensets(st.sampled_from(boxes), min_size=1)
    groups = {f"groupe-{n}": part for n, part in enumerate(draw(st.lists(some, max_size=3)))}
    weeks = draw(st.integers(1, 5))
    told = {(back, cip13): draw(BOXES) for back in range(weeks) for cip13 in boxes if draw(st.integers(0, 9))}
    return Market(owner, {name: part for name, part in {**dcis, **groups}.items() if part}, told)


@settings(max_examples=40, deadline=None)
@given(markets())
def test_no_hidden_figure_is_found_by_computing(market: Market) -> None:
    shown, _ = BENCH.publish(market)
    assert found(Attack([shown])) == []


@st.composite
def changes(draw: st.DrawFn) -> tuple[Market, Market]:
    """The same market a day later: late and corrected reports, presentations that join or leave a subject."""
    first = draw(markets())
    keys = sorted(first.boxes)
    late = draw(st.sets(st.sampled_from(keys), max_size=2)) if keys else set()
    corrected = draw(st.sets(st.sampled_from(keys), max_size=3)) if keys else set()
    before = {k: replace(box, carried=True) if k in late else box for k, box in first.boxes.items()}
    after = {k: draw(BOXES) if k in corrected | late else box for k, box in first.boxes.items()}
    subjects = dict(first.subjects)
    for name in draw(st.sets(st.sampled_from(sorted(subjects)), max_size=2)):
        changed = subjects[name] ^ {draw(st.sampled_from(sorted(first.owner)))}
        subjects[name] = changed or subjects[name]
    return replace(first, boxes=before), Market(first.owner, subjects, after)


@settings(max_examples=40, deadline=None)
@given(changes())
def test_no_laboratory_is_found_between_two_snapshots(pair: tuple[Market, Market]) -> None:
    first, memory = BENCH.publish(pair[0])
    second, memory = BENCH.publish(pair[1], memory)
    third, _ = BENCH.publish(pair[0], memory)
    attack = Attack([first, second, third], ratios=False)
    names = laboratories_of(first)
    assert [who for size in range(1, LEAST) for who in combinations(names, size) if attack.isolates(who)] == []


@settings(max_examples=8, deadline=None)
@given(markets())
def test_no_laboratory_is_known_within_a_tenth(market: Market) -> None:
    """The least and the most a laboratory can have, given all that is shared and that no box is negative."""
    shown, _ = BENCH.publish(market)
    attack = Attack([shown])
    for name, sums in secrets(shown):
        truth = sum(shown.truth[key] for key in sums)
        low, high = attack.interval(shown, sums) if truth > 0 else (0.0, 1.0)
        assert high - low > 0.2 * truth, f"{name} entre {low} et {high}"
