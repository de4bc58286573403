"""Nobody finds a hidden figure by computing with the others: an attacker solves all that is shared, week after week."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reference_tables import thresholds
from tests.metrics.attacker import Attack, laboratories_of, secrets
from tests.metrics.secrecy_bench import Bench, Box, Market, Memory, apart, side_by_side

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


few = settings(max_examples=15, deadline=None)
# Even enough for totals to be shared, with laboratories out of stock and others that hold nearly all.
AMOUNTS = st.sampled_from([40.0, 50.0, 51.0, 63.0, 80.0, 20.0, 5.0, 30.0, 75.0, 0.0, 900.0])
BOXES = st.builds(Box, AMOUNTS, AMOUNTS, AMOUNTS)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """One or two DCI, groups that overlap, nest or span them, laboratories that come, go and run out of stock."""
    size = draw(st.integers(4, 10))
    turn = draw(st.permutations(LABORATORIES))
    names = [turn[n % len(turn)] if n < len(turn) else draw(st.sampled_from(turn)) for n in range(size)]
    owner = {f"34009{n:08d}": name for n, name in enumerate(names)}
    cut = draw(st.sampled_from([size, size, size // 2]))
    boxes = list(owner)
    dcis = {"dci:un": frozenset(boxes[:cut]), "dci:deux": frozenset(boxes[cut:])}
    some = st.frozensets(st.sampled_from(boxes), min_size=min(3, size))
    groups = {f"groupe-{n}": part for n, part in enumerate(draw(st.lists(some, max_size=3)))}
    weeks = draw(st.integers(1, 5))
    told = {(back, cip13): draw(BOXES) for back in range(weeks) for cip13 in boxes if draw(st.integers(0, 19))}
    return Market(owner, {name: part for name, part in {**dcis, **groups}.items() if part}, told)


@few
@given(st.lists(markets(), min_size=1, max_size=12))
def test_no_hidden_figure_is_found_by_computing(many: list[Market]) -> None:
    shown, _ = BENCH.publish(side_by_side(many))
    assert [told for each in apart(shown, len(many)) for told in found(Attack([each]))] == []


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


@few
@given(st.lists(changes(), min_size=1, max_size=8))
def test_no_laboratory_is_found_between_snapshots(many: list[tuple[Market, Market]]) -> None:
    """Before, after, and back again as it was."""
    first, last = (side_by_side([pair[moment] for pair in many]) for moment in (0, 1))
    shown, memory = [], Memory()
    for market in (first, last, first):
        each, memory = BENCH.publish(market, memory)
        shown.append(apart(each, len(many)))
    for published in zip(*shown, strict=True):
        attack = Attack(published, ratios=False)
        names = laboratories_of(published[0])
        assert [who for size in range(1, LEAST) for who in combinations(names, size) if attack.isolates(who)] == []


@few
@given(st.lists(markets(), min_size=1, max_size=4))
def test_no_laboratory_is_known_within_a_tenth(many: list[Market]) -> None:
    """The least and the most a laboratory can have, given all that is shared and that no box is negative."""
    for shown in apart(BENCH.publish(side_by_side(many))[0], len(many)):
        attack = Attack([shown])
        for name, sums in secrets(shown):
            truth = sum(shown.truth[key] for key in sums)
            low, high = attack.interval(shown, sums) if truth > 0 else (0.0, 1.0)
            assert high - low > 0.2 * truth, f"{name} entre {low} et {high}"
