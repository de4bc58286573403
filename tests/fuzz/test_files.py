"""Any file, however broken, ends in correct rows, quarantined rows, or a sentence."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given

from tests.examples import examples
from tests.fuzz import invariants
from tests.fuzz.cases import Case, broken
from tests.fuzz.conftest import record_event
from tests.fuzz.nursery import Nursery
from tests.fuzz.reading import Rows, read
from tests.fuzz.seeds import BY_ID, SEEDS, Seed


@cache
def valid_rows(seed: str, box: Path) -> Rows:
    one = BY_ID[seed]
    return read(Case(one.source, one.name, one.content), box / "valid").rows("photograph_on")


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.id)
def test_the_file_itself_is_read_whole(seed: Seed, box: Path, nursery: Nursery) -> None:
    reading = read(Case(seed.source, seed.name, seed.content), box / "valid")
    assert reading.outcome == "loaded whole"
    assert reading.load.rows_loaded > 0


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.id)
def test_any_broken_file_ends_well(seed: Seed, box: Path, nursery: Nursery) -> None:
    @examples(fast=6, long=450)
    @given(broken(seed))
    def tried(case: Case) -> None:
        reading = read(case, box / "case")
        record_event(seed.id, reading.outcome, reading.sentences())
        invariants.assert_accounted(reading)
        invariants.assert_quarantined_rows_can_be_corrected(reading)
        invariants.assert_typed(seed.source, reading)
        invariants.assert_nothing_changed_silently(case, reading, valid_rows(seed.id, box))

    tried()
