"""Scores: every point recomputed in plain Python from the declarations and the grid's file, on the small demo; then typed cases."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.access.roles import Identity
from data.journal import Journal
from data.reference.grid import grid
from data.strict import BrokenReference
from data.warehouse import Reader
from tests.conftest import Home

pytestmark = pytest.mark.computes(
    "declaration_score", "declaration_criterion", "declaration_inconsistency", "promise", "declaration"
)

Row = dict[str, Any]
GRID = tomllib.loads((Path(__file__).parents[2] / "data/reference/risk_grid.toml").read_text(encoding="utf-8"))
EVALUATOR = Identity("dominique@ansm.example", "Dominique", "ansm")


@pytest.fixture(scope="module")
def demo(built_demo: Path) -> Iterator[Reader]:
    yield Home(built_demo).reader()


def points(code: str, value: float | None) -> int:
    """By hand: the last band reached."""
    item = next(item for item in GRID["criteria"] if item["code"] == code)
    if value is None:
        return int(item["unknown_points"])
    return int([band["points"] for band in item["bands"] if value >= band["at_least"]][-1])


def months_before(day: date, months: int) -> date:
    """The same day of the month, or the last one the month has."""
    total = day.year * 12 + day.month - 1 - months
    for number in range(day.day, 27, -1):
        try:
            return date(total // 12, total % 12 + 1, number)
        except ValueError:
            continue
    return date(total // 12, total % 12 + 1, day.day)


def by_hand(demo: Reader) -> dict[str, dict[str, float | None]]:
    """Value of each automatic criterion, from the tables of declarations and of the referential only."""
    declarations = demo.rows("SELECT * FROM declaration")
    specialities = {row["cis"]: row for row in demo.rows("SELECT * FROM speciality")}
    opened = {row["cis"] for row in declarations if row["status"] == "ouverte"}
    lists: dict[str, set[str]] = defaultdict(set)
    for row in demo.rows("SELECT * FROM speciality_list"):
        lists[row["cis"]].add(row["list"])
    slips: dict[str, int] = defaultdict(int)
    for row in demo.rows("SELECT * FROM promise"):
        slips[row["declaration_no"]] = max(slips[row["declaration_no"]], row["slip_days"] or 0)
    return {
        row["declaration_no"]: _values(row, declarations, specialities, opened, lists[row["cis"]], slips)
        for row in declarations
    }


def _route(row: Row | None) -> str | None:
    if row is None:
        return None
    form = row["form"].lower()
    if re.search("buvable|sirop|gouttes|orodispersible|dispersible|effervescent|granul", form):
        return "avaler"
    if "rectale" in row["routes"]:
        return "rectale"
    return "injectable" if re.search("inject|perfusion", form) else None


def _values(
    row: Row,
    declarations: list[Row],
    specialities: dict[str, Row],
    opened: set[str],
    lists: set[str],
    slips: dict[str, int],
) -> dict[str, float | None]:
    own = specialities.get(row["cis"])
    others = [
        item
        for item in specialities.values()
        if item["dci_key"] == row["dci_key"]
        and item["cis"] not in opened
        and item["marketing_state"] == "Commercialisée"
    ]
    route = _route(own)
    sales = (row["sales_town_boxes"] or 0) + (row["sales_hospital_boxes"] or 0)
    length = row["duration_days"]
    if length is None and row["expected_return_on"]:
        length = max(0, (row["expected_return_on"] - row["start_on"]).days)
    earlier = [
        item
        for item in declarations
        if item["cip13"] == row["cip13"]
        and months_before(row["declared_on"], 24) <= item["declared_on"] < row["declared_on"]
    ]
    return {
        "A": row["share_town_pct"] if "ville" in row["circuits"] else 0,
        "B": row["share_hospital_pct"] if "hôpital" in row["circuits"] else 0,
        "C": length,
        "D": len(row["circuits"]),
        "E": 1 if row["kind"] == "rupture" else 0,
        "F": row["stock_boxes"] / (sales * 12 / 365.25) if sales and row["stock_boxes"] is not None else None,
        "G": slips[row["declaration_no"]],
        "H": len({item["holder"] for item in others if own is None or item["holder"] != own["holder"]}),
        "I": len([item for item in others if _route(item) == route]) if route else None,
        "J": len(lists & {"MITM", "essentiel", "critique UE"}),
        "K": len(earlier),
        "L": None,
        "M": None,
    }


def test_every_point_of_every_declaration_is_the_one_found_by_hand(demo: Reader) -> None:
    expected = by_hand(demo)
    scored = demo.rows("SELECT * FROM declaration_criterion")
    assert len(scored) == 13 * len(expected) > 0
    for row in scored:
        value = expected[row["declaration_no"]][row["criterion"]]
        assert row["value"] == (None if value is None else pytest.approx(value)), row
        assert row["points"] == points(row["criterion"], value), row


def test_the_demo_has_values_in_several_bands_of_every_automatic_criterion(demo: Reader) -> None:
    spread = {
        row["criterion"]: row["n"]
        for row in demo.rows(
            "SELECT criterion, COUNT(DISTINCT points) AS n FROM declaration_criterion GROUP BY criterion"
        )
    }
    assert {code for code, n in spread.items() if n > 1} >= set("ABCDEFGIJ")


def test_a_level_is_the_highest_bound_reached(demo: Reader) -> None:
    for row in demo.rows("SELECT * FROM declaration_score"):
        expected = [level for level in GRID["levels"] if row["points"] >= level["at_least"]][-1]
        assert row["level"] == expected["level"]


def test_a_declaration_is_dormant_when_its_level_says_so(demo: Reader) -> None:
    after = {level["level"]: timedelta(days=level["dormant_after_days"]) for level in GRID["levels"]}
    ((as_of,),) = (row.values() for row in demo.rows("SELECT as_of FROM snapshot_info"))
    rows = demo.rows("SELECT * FROM declaration_score")
    for row in rows:
        asleep = row["status"] == "ouverte" and row["updated_on"] + after[row["level"]] <= as_of
        assert row["is_dormant"] is asleep
        assert row["ask_again_on"] == (row["updated_on"] + after[row["level"]] if row["status"] == "ouverte" else None)


def test_scores_are_absent_from_the_shared_artefact(built_demo: Path) -> None:
    shared = Home(built_demo).reader("shared")
    assert not {
        name for name in shared.tables if name.startswith(("declaration_score", "declaration_crit", "declaration_inc"))
    }


CIP, OTHER = "3400930000014", "3400930000021"


def version(number: str, rank: int, day: date, **changes: object) -> list[object]:
    """A line of TrustMed in the order of its fields."""
    row = {
        "declaration_no": number, "version_no": rank, "version_on": day, "laboratory": "LABORATOIRE A", "cip13": CIP,
        "kind": "Rupture", "status": "Ouverte", "causes": "Incident de production", "circuits": "Ville",
        "start_on": date(2026, 11, 1), "duration_days": 45, "expected_return_on": date(2026, 12, 16), "share_town_pct": 55,
        "share_hospital_pct": None, "sales_town_boxes": 3000, "sales_hospital_boxes": None, "stock_boxes": 300,
        "alternatives": None, "sites": None, "comment": "Ligne arrêtée",
    }  # fmt: skip
    assert set(changes) <= set(row)
    return list((row | changes).values())


def test_what_the_evaluator_typed_counts_with_its_reason(home: Home) -> None:
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [version("D-1", 1, date(2026, 11, 2))]})
    assert home.refresh().published
    (before,) = home.reader().rows("SELECT points, to_evaluate, level FROM declaration_score")
    journal = Journal(home.settings().journal)
    journal.evaluate(EVALUATOR, "D-1", "L", 3, "nourrissons")
    assert home.refresh().changed
    (after,) = home.reader().rows("SELECT points, to_evaluate FROM declaration_score")
    assert (after["points"], after["to_evaluate"]) == (before["points"] + 3, before["to_evaluate"] - 1)
    (line,) = home.reader().rows("SELECT * FROM declaration_criterion WHERE criterion = 'L'")
    assert line["detail"].startswith("nourrissons (dominique@ansm.example, ")


def test_a_file_left_alone_sleeps_and_a_recent_one_does_not(home: Home) -> None:
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [
        version("D-1", 1, date(2026, 6, 1)), version("D-2", 1, date(2026, 11, 20), cip13=OTHER),
        version("D-3", 1, date(2026, 6, 1), cip13=OTHER, status="Close"),
    ]})  # fmt: skip
    assert home.refresh().published
    rows = home.reader().rows("SELECT declaration_no, is_dormant FROM declaration_score ORDER BY 1")
    assert [row["is_dormant"] for row in rows] == [True, False, False]


def test_an_empty_cell_never_lowers_a_score_below_the_prudent_points(home: Home) -> None:
    blank = {"share_town_pct": None, "duration_days": None, "expected_return_on": None, "stock_boxes": None}
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [version("D-1", 1, date(2026, 11, 2), **blank)]})
    assert home.refresh().published
    rows = {row["criterion"]: row for row in home.reader().rows("SELECT * FROM declaration_criterion")}
    for code in "ACF":
        assert (rows[code]["is_known"], rows[code]["points"], rows[code]["band_label"]) == (
            False,
            points(code, None),
            "inconnu",
        )


def test_versions_that_contradict_each_other_are_flagged(home: Home) -> None:
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [
        version("D-1", 1, date(2026, 11, 2)),
        version("D-1", 2, date(2026, 11, 9), expected_return_on=date(2027, 1, 30), sales_town_boxes=4700, share_town_pct=40),
        version("D-1", 3, date(2026, 11, 16), expected_return_on=date(2027, 2, 20), sales_town_boxes=4700, share_town_pct=40,
                comment="Lot refusé"),
    ]})  # fmt: skip
    assert home.refresh().published
    rows = home.reader().rows("SELECT version_no, field FROM declaration_inconsistency ORDER BY version_no, field")
    assert [(row["version_no"], row["field"]) for row in rows] == [
        (2, "date de retour déplacée sans un mot"),
        (2, "part de marché en ville"),
        (2, "ventes habituelles en ville"),
    ]


def test_a_score_says_what_moved_it(home: Home) -> None:
    from metrics.evaluation import queries as evaluation

    home.drop("trustmed", "1.xlsx", {"trustmed_version": [version("D-1", 1, date(2026, 11, 2), kind="Risque")]})
    first = home.refresh(date(2026, 11, 15)).snapshot
    home.drop("trustmed", "2.xlsx", {"trustmed_version": [version("D-1", 2, date(2026, 11, 16), stock_boxes=9000)]})
    assert home.refresh(date(2026, 11, 22)).changed
    (row,) = evaluation.changes(home.reader(reference=first)).to_dict("records")
    assert row["change"] == row["points"] - row["points_before"]
    assert "Rupture ou risque : 1 → 3 (risque de rupture → rupture)" in row["reasons"]
    assert "Couverture restante : 3 → 0" in row["reasons"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('code = "B"', 'code = "A"', "A à M"),
        ("at_least = 20\ndormant", "at_least = 90\ndormant", "peut être atteint"),
        ("unknown_points = 1", "unknown_points = 9", "dépassent le maximum"),
        ("reads =", "lit =", "criteria"),
        ("version =", "version =\n[", "ligne 5"),
    ],
)
def test_a_broken_grid_is_reported(tmp_path: Path, before: str, after: str, message: str) -> None:
    text = (Path(__file__).parents[2] / "data/reference/risk_grid.toml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "grille.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BrokenReference, match=r"grille\.toml") as refused:
        grid(tmp_path / "grille.toml")
    assert message in str(refused.value)
