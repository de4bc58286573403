"""A part of ``make kill`` that fits in ``make test-long``: one operation in twenty, then kills at random moments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reliability.campaign import at_each_operation, at_random
from tests.reliability.killing import Bench, bench

ONE_IN, RANDOM_KILLS, SEED = 20, 10, 2027

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("campaign")) as found:
        yield found


def test_killed_before_one_operation_in_twenty(made: Bench) -> None:
    assert at_each_operation(made, print, one_in=ONE_IN) > len(made.operations) // ONE_IN // 2
    assert set(made.served) == {"before", "after"}


def test_killed_at_moments_drawn_from_the_whole_refresh(made: Bench) -> None:
    assert at_random(made, RANDOM_KILLS, SEED, print) >= RANDOM_KILLS
