"""Shares of the market by circuit, from the best source, on numbers that can be checked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.conftest import Home
from tests.referential import files, simple

pytestmark = pytest.mark.computes("circuit_share", "reference_share", "declaration_inconsistency")

A = simple("90000001", "MIDAZOLAM LABORATOIRE A 5 mg/ml, solution injectable", "MIDAZOLAM")
B = simple("90000002", "MIDAZOLAM LABORATOIRE B 5 mg/ml, solution injectable", "MIDAZOLAM", "LABORATOIRE B")
GROUP = "midazolam-inj"
LABEL = "MIDAZOLAM 5MG/ML INJ AMP 1ML"
TOWN, HOSPITAL = "Grossistes et officines", "Collectivités"


def _referential(home: Home) -> None:
    for name, content in files([A, B]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _octave(home: Home, *rows: tuple[int, Any, str, str, float], laboratory: str = "LABORATOIRE A") -> None:
    lines = [
        [year, box.cip13, laboratory if box is A else "LABORATOIRE B", circuit, territory, boxes, None]
        for year, box, circuit, territory, boxes in rows
    ]
    home.drop("octave", "octave.xlsx", {"octave_sales": lines})


def _gers(home: Home, *rows: tuple[date, str, str, str | None, float]) -> None:
    lines = [
        [month, code, "Hôpital" if code.startswith("9") else "Officine", LABEL if code.startswith("9") else None,
         laboratory, None, units]
        for month, code, _, laboratory, units in rows
    ]  # fmt: skip
    home.drop("gers", "gers.xlsx", {"gers_sales": lines})


def _shares(home: Home, circuit: str, subject: str = GROUP) -> list[tuple[str, str, float]]:
    rows = home.reader().rows(
        "SELECT * FROM circuit_share WHERE subject_id = $subject AND circuit = $circuit ORDER BY share_pct DESC",
        subject=subject, circuit=circuit,
    )  # fmt: skip
    return [(row["source_key"], row["laboratory"], row["share_pct"]) for row in rows]


def test_octave_comes_first_then_gers_by_circuit(home: Home) -> None:
    _referential(home)
    # Town: (600 + 150) of 1 000 in 2025; the year before and the current one are not the last whole year.
    _octave(
        home,
        (2025, A, TOWN, "Métropole", 600), (2025, A, TOWN, "Outre-mer", 150), (2025, B, TOWN, "Métropole", 250),
        (2024, A, TOWN, "Métropole", 9000), (2026, B, TOWN, "Métropole", 9000),
    )  # fmt: skip
    october = date(2026, 10, 1)
    _gers(
        home,
        (october, A.cip13, "", "LABORATOIRE A", 10),
        # Hospital, in units: 30 + 30 of 80, and what is older than twelve months left out.
        (october, "9400001", "", "LABORATOIRE B", 30), (date(2025, 11, 1), "9400001", "", "LABORATOIRE B", 30),
        (october, "9400002", "", "LABORATOIRE A", 20), (date(2025, 10, 1), "9400002", "", "LABORATOIRE A", 5000),
    )  # fmt: skip
    assert home.refresh().exit_code == 0
    assert _shares(home, "ville") == [("octave", "LABORATOIRE A", 75), ("octave", "LABORATOIRE B", 25)]
    assert _shares(home, "hôpital") == [("gers", "LABORATOIRE B", 75), ("gers", "LABORATOIRE A", 25)]
    (unit,) = home.reader().rows("SELECT DISTINCT unit FROM circuit_share WHERE circuit = 'hôpital'")
    assert unit["unit"] == "UCD"
    # By presentation: hospital is counted in units, that nothing relates to a presentation.
    found = home.reader().rows("SELECT cip13, circuit, share_pct FROM reference_share ORDER BY share_pct DESC")
    assert [(row["cip13"], row["circuit"], row["share_pct"]) for row in found] == [
        (A.cip13, "ville", 75),
        (B.cip13, "ville", 25),
    ]


def _declare(home: Home, town_pct: float | None, hospital_pct: float | None = None) -> None:
    version = ["D-2026-00001", 1, date(2026, 11, 2), "LABORATOIRE A", A.cip13, "Rupture", "Ouverte", "Cause", "Ville"]
    rest = [date(2026, 11, 2), None, None, town_pct, hospital_pct, *[None] * 6]
    home.drop("trustmed", "declarations.xlsx", {"trustmed_version": [[*version, *rest]]})


def test_without_any_sale_the_shares_written_in_declarations_are_given_as_such(home: Home) -> None:
    _referential(home)
    _declare(home, 40)
    assert home.refresh().exit_code == 0
    assert _shares(home, "ville", "dci:midazolam") == [("trustmed", "LABORATOIRE A", 40)]
    assert _shares(home, "hôpital", "dci:midazolam") == []
    assert not home.reader().rows("SELECT * FROM declaration_inconsistency"), "nothing to be compared with"


@pytest.mark.parametrize(
    ("declared", "is_far"), [(84.9, False), (85, False), (85.1, True), (64.9, True), (None, False)]
)
def test_a_declared_share_far_from_the_sales_is_an_inconsistency(
    home: Home, declared: float | None, is_far: bool
) -> None:
    # 75 % of the boxes of 2025: more than ten points away is shown, ten are not.
    _referential(home)
    _octave(home, (2025, A, TOWN, "Métropole", 750), (2025, B, TOWN, "Métropole", 250))
    _declare(home, declared)
    assert home.refresh().exit_code == 0
    rows = home.reader().rows("SELECT field, before, after FROM declaration_inconsistency")
    expected = {"field": "part de marché en ville, au regard d'Octave 2025", "before": 75, "after": declared}
    assert rows == ([expected] if is_far else [])
