"""Sizes of boxes on the BDPM as published, and against another public list that writes them its own way."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from data.building.box_size import BoxSize, box_size
from tests.real.test_bdpm_real import FULL_SET, read_one

SALES = "ventes/openmedic_nomenclature_CIP13_2019.csv"
MEASURED = {"ML": 1.0, "G": 1.0, "MG": 0.001, "L": 1000.0}
ENDING = re.compile(r"(\d+)(?:/([\d,]+)\.? ?(ML|G|MG|L))?(?: \(.*)?$")


def test_nearly_every_label_says_its_size(real: Path) -> None:
    """BDPM of 26/05/2026: 20,838 of 20,903 presentations; the others wait for a hand."""
    rows = read_one(real / FULL_SET / "CIS_CIP_bdpm.txt").rows
    sizes = [(row["cis"], box_size(row["label"])) for row in rows]
    assert sum(size is not None for _, size in sizes) == 20_838
    of_speciality = defaultdict(list)
    for cis, size in sizes:
        of_speciality[cis].append(size)
    several = [boxes for boxes in of_speciality.values() if len(boxes) > 1]
    added = sum(None not in boxes and len({box.unit_word for box in boxes if box}) == 1 for boxes in several)
    assert added / len(several) > 0.98


def test_sizes_are_those_of_another_list(real: Path) -> None:
    """« CPR 30 » or « 1/60 ML » at the end of a short name: about 9,000 names, one in two hundred written otherwise."""
    short = dict(_short_names(real / SALES))
    pairs = [
        (row, short[row["cip13"]])
        for row in read_one(real / FULL_SET / "CIS_CIP_bdpm.txt").rows
        if row["cip13"] in short
    ]
    compared = [(box_size(row["label"]), *end) for row, end in pairs]
    agreed = [size is not None and _same(size, count, amount) for size, count, amount in compared if size]
    assert len(agreed) > 8_000
    assert sum(agreed) / len(agreed) > 0.99


def _same(size: BoxSize, count: float, amount: float | None) -> bool:
    by_amount = amount is not None and abs(size.units - count * amount) < 1e-6
    return count in (size.containers, size.units) or by_amount


def _short_names(path: Path) -> Iterator[tuple[str, tuple[float, float | None]]]:
    """Number and amount at the end of each short name, by CIP13."""
    with path.open(encoding="latin-1", newline="") as handle:
        for line in csv.DictReader(handle):
            if end := ENDING.search(line["NOM COURT"]):
                amount = float(end[2].replace(",", ".")) * MEASURED[end[3]] if end[2] else None
                yield line["CIP13"], (float(end[1]), amount)
