"""Strengths of the BDPM as published: what is read of 15,848 denominations, and what is not."""

from __future__ import annotations

import re
from pathlib import Path

from data.reference.strengths import strengths
from tests.real.test_bdpm_real import FULL_SET, read_one

# A number and a usual unit: what a person would read as a strength.
WRITTEN = re.compile(
    r"(?<![\w,.])\d[\d ]*(?:,\d+)? ?(?:mg|g|microgrammes?|UI|U\.I\.|%|POUR CENT|mmol|MBq)\b", re.IGNORECASE
)


def test_every_denomination_with_a_number_and_a_unit_is_read(real: Path) -> None:
    names = {row["denomination"] for row in read_one(real / FULL_SET / "CIS_bdpm.txt").rows}
    written = {name for name in names if WRITTEN.search(name)}
    assert len(written) > 10_000
    assert [name for name in sorted(written) if not strengths(name)] == []


def test_no_strength_is_beyond_what_a_medicine_holds(real: Path) -> None:
    """Two numbers glued together would be thousands of times too large: 1 kg in one dose, 1 kg per ml."""
    rows = read_one(real / FULL_SET / "CIS_bdpm.txt").rows
    pairs = {(name, one) for name in {row["denomination"] for row in rows} for one in strengths(name)}
    heavy = {name for name, one in pairs for amount in one.amounts if amount.unit == "mg" and amount.value > 1_000_000}
    assert heavy == set()
    dense = {
        n
        for n, one in pairs
        for amount in one.amounts
        if (amount.unit, amount.below) == ("mg", "ml") and amount.value > 1_100
    }
    assert dense == set()
