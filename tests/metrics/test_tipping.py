"""Shares under declaration and tipping, on markets small enough to be added up by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from metrics.risk import queries as risk
from pages.components import format as fr
from pages.components import tipping as words
from pages.components.charts import figures
from tests.conftest import Home
from tests.referential import Medicine, files, simple
from tests.seeds import seeded

pytestmark = pytest.mark.computes("tipping", "declared_share", "market_share", "declaration")

NEWEST = date(2026, 11, 16)  # Monday of 2026-S47
DAY = date(2026, 11, 22)
GROUP = "amoxicilline-susp-500"
LIMITS = {"tipping_uncovered_pct": 20, "tipping_small_share_pct": 30, "tipping_horizon_days": 30}


def box(number: int, name: str = "500 mg/5 ml, poudre pour suspension buvable") -> Medicine:
    return simple(f"9000000{number}", f"AMOXICILLINE {name.replace(',', f' LABORATOIRE {number},', 1)}", "AMOXICILLINE")


EVERY = (box(1), box(2), box(3), box(4, "1 g, comprimé"))
BIG, SMALL, OTHER, TABLET = (medicine.cip13 for medicine in EVERY)


def referential(home: Home) -> None:
    for name, content in files(list(EVERY)).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def stocks(home: Home, lines: dict[tuple[str, str], tuple[float, float]], *, last: int = 0) -> None:
    """``lines``: stock and weekly sales by laboratory and presentation, the same for four weeks up to ``last`` weeks ago."""
    rows = [
        [NEWEST - timedelta(weeks=last + back), who, cip13, None, stock, None, None, sold]
        for (who, cip13), (stock, sold) in lines.items()
        for back in range(4)
    ]
    home.drop("tracstocks", f"t{last}-{len(rows)}.xlsx", {"tracstocks_stock": rows})


def declaration(
    number: int, who: str, cip13: str, town: object = None, hospital: object = None, circuits: str = "Ville"
) -> list[object]:
    return [f"D-{number}", 1, date(2026, 11, 10), who, cip13, "Risque de rupture", "Ouverte",
            "Incident de production", circuits, date(2026, 11, 12), 30, None, town, hospital]  # fmt: skip


def built(home: Home, *declared: Sequence[object]) -> Home:
    referential(home)
    home.drop("trustmed", "d.xlsx", {"trustmed_version": list(declared)})
    outcome = home.refresh(DAY)
    assert outcome.published, outcome.error
    return home


def share(home: Home, subject: str, family: str = "ventes") -> dict[str, Any]:
    found = risk.declared_share(home.reader(), subject, family)
    assert found is not None
    return found


def tipping(home: Home) -> dict[str, dict[str, Any]]:
    return {row["circuit"]: row for row in figures.records(risk.tipping(home.reader()))}


def test_one_declared_presentation_is_not_its_whole_laboratory(home: Home) -> None:
    """A sells 50 + 8 of 100 boxes a week in the group and declares the presentation that sells 8: 8 %, not 58 %."""
    stocks(home, {("A", BIG): (400, 50), ("A", SMALL): (64, 8), ("B", OTHER): (400, 42), ("B", TABLET): (900, 100)})
    built(home, declaration(1, "A", SMALL, 8))
    of_group, of_dci = share(home, GROUP), share(home, "dci:amoxicilline")
    assert of_group["share_pct"] == pytest.approx(8)
    assert of_group["share_of"] == "des ventes du groupe (ville et hôpital, 52 semaines)"
    # The tablet of B sells 100 more in the DCI: 8 / 200.
    assert of_dci["share_pct"] == pytest.approx(4)
    assert of_dci["share_of"] == "des ventes de la DCI (ville et hôpital, 52 semaines)"
    held = home.reader().row("SELECT * FROM market_share WHERE subject_id = $id AND laboratory = 'A'", id=GROUP)
    assert held is not None
    assert (held["share_pct"], held["declared_share_pct"]) == (pytest.approx(58), pytest.approx(8))
    assert (held["presentations"], held["declared_presentations"]) == (2, 1)
    assert fr.percent(8) in words.sold_words(of_group, "du groupe")


def test_the_share_of_tipping_is_the_one_written_and_named(home: Home) -> None:
    stocks(home, {("A", SMALL): (64, 8), ("B", OTHER): (400, 92)})
    built(home, declaration(1, "A", SMALL, 8.1))
    row = tipping(home)["ville"]
    written = home.reader().row("SELECT * FROM declared_share WHERE family = 'écrite'")
    assert written is not None
    assert row["declared_share_pct"] == written["share_pct"] == 8.1
    assert row["share_of"] == written["share_of"] == "du marché de ville de la DCI"


def test_a_presentation_declared_twice_is_one_part_of_the_market(home: Home) -> None:
    """25 % and 24 % written for the same box: 25 %, by one presentation; nothing adds up."""
    stocks(home, {("A", SMALL): (0, 25), ("B", OTHER): (0, 75)})
    built(home, declaration(1, "A", SMALL, 25), declaration(2, "A", SMALL, 24))
    row = tipping(home)["ville"]
    assert (row["declarations"], row["presentations"], row["declared_share_pct"]) == (2, 1, 25)
    assert not row["is_tipping"]
    shares = risk.declared_shares(home.reader(), "amoxicilline", "ville")
    assert list(shares["is_counted"]) == [True, False]


def test_a_declared_presentation_without_sales_is_named(home: Home) -> None:
    stocks(home, {("B", OTHER): (400, 92)})
    built(home, declaration(1, "A", SMALL, 8))
    row = share(home, GROUP)
    assert (row["share_pct"], row["unknown_presentations"], row["upper_share_pct"]) == (0, 1, 100)
    assert "pas de ventes connues" in words.unknown_words(row)


@pytest.mark.long
def test_a_presentation_handed_over_hides_no_other_one_without_sales(home: Home) -> None:
    """A then B sell SMALL, 10 a week, twenty weeks in all, C as much of OTHER: 200 of 400, one declared presentation of two.

    BIG, declared and sold by nobody, may hold all the rest.
    """
    for last, who in ((16, "A"), (12, "A"), (8, "A"), (4, "B"), (0, "B")):
        stocks(home, {(who, SMALL): (64, 10), ("C", OTHER): (400, 10)}, last=last)
    built(home, declaration(1, "B", SMALL, 8), declaration(2, "D", BIG, 8))
    row = share(home, GROUP)
    assert (row["presentations"], row["unknown_presentations"]) == (2, 1)
    assert row["share_pct"] == row["largest_share_pct"] == pytest.approx(50)
    assert row["upper_share_pct"] == 100
    assert words.unknown_words(row)


@seeded((1, 2), ("last", "absorbed"), [(0, 30.0), (1, 30.0), (2, 0.0), (6, 0.0)])
def test_a_stock_reported_weeks_ago_absorbs_nothing(home: Home, last: int, absorbed: float) -> None:
    """Two boxes declared at 25 % each. B sells 10 a day, holds 480: 48 days, 18 beyond 30; (100 − 50) × 18 / 30 = 30 %.

    Last read one week ago it is carried, as in coverage; two weeks ago it no longer counts: 0.
    """
    stocks(home, {("A", BIG): (0, 35), ("A", SMALL): (0, 35)})
    stocks(home, {("B", OTHER): (480, 70)}, last=last)
    built(home, declaration(1, "A", BIG, 25), declaration(2, "A", SMALL, 25))
    row = tipping(home)["ville"]
    assert row["others_absorb_pct"] == pytest.approx(absorbed)
    assert row["uncovered_pct"] == pytest.approx(50 - absorbed)
    assert (row["late_names"] == "B") == (absorbed == 0)


def test_a_whole_source_that_is_late_absorbs_nothing(home: Home) -> None:
    """Every laboratory last reported six weeks ago: nobody is late compared with the others, all are compared with today."""
    stocks(home, {("A", BIG): (0, 35), ("A", SMALL): (0, 35), ("B", OTHER): (480, 70)}, last=6)
    built(home, declaration(1, "A", BIG, 25), declaration(2, "A", SMALL, 25))
    assert tipping(home)["ville"]["others_absorb_pct"] == 0


@seeded(1, ("boxes", "absorbed"), [(9000, 50), (90, 30)])
def test_a_stock_not_sold_yet_absorbs_too(home: Home, boxes: float, absorbed: float) -> None:
    """Two boxes declared at 25 % each sell 10 a day in all; B holds boxes it has not begun to sell, all to be had.

    9 000 in 30 days are 300 a day: all of the 50 %. 90 are 3 a day of 10: 30 %.
    """
    stocks(home, {("A", BIG): (0, 35), ("A", SMALL): (0, 35), ("B", OTHER): (boxes, 0)})
    built(home, declaration(1, "A", BIG, 25), declaration(2, "A", SMALL, 25))
    row = tipping(home)["ville"]
    assert row["others_absorb_pct"] == pytest.approx(absorbed)
    assert row["is_tipping"] == (absorbed < 50)
    said = words.words(row, LIMITS)
    assert "inconnu ou trop ancien" not in said
    assert ("pas de vente courante" in said) == row["is_tipping"]


def test_one_stale_laboratory_leaves_its_demand_to_serve(home: Home) -> None:
    """B and C each sell 5 a day; B holds 480 (96 days, read today), C 480 (reported six weeks ago).

    B alone absorbs: (100 − 50) × 5/10 × (96 / 30 − 1) = 55, but the reserve is (480/30 − 5) = 11 a day for a DCI that
    asks 20: 55 % as well; at most the 50 % declared. With 240 boxes: 48 days, 25 × 18/30 = 15 %.
    """
    stocks(home, {("A", BIG): (0, 35), ("A", SMALL): (0, 35), ("B", OTHER): (240, 35)})
    stocks(home, {("C", TABLET): (480, 35)}, last=6)
    built(home, declaration(1, "A", BIG, 25), declaration(2, "A", SMALL, 25))
    assert tipping(home)["ville"]["others_absorb_pct"] == pytest.approx(15)


@pytest.mark.long
def test_other_boxes_of_a_declaring_laboratory_count_and_are_named(home: Home) -> None:
    """A declares BIG and SMALL, and still holds 120 tablets: they are in the 480 boxes, and named."""
    stocks(home, {("A", BIG): (0, 35), ("A", SMALL): (0, 35), ("B", OTHER): (360, 35), ("A", TABLET): (120, 35)})
    built(home, declaration(1, "A", BIG, 25), declaration(2, "A", SMALL, 25))
    row = tipping(home)["ville"]
    assert (row["others_stock_boxes"], row["declarants_stock_boxes"]) == (480, 120)
    # 480 / 10 a day = 48 days; 50 × 18 / 30 = 30 %.
    assert row["others_absorb_pct"] == pytest.approx(30)
    text = fr_spaces(words.words(row, LIMITS))
    assert "Le stock des autres présentations (480 boîtes, dont 120 boîtes des laboratoires qui déclarent)" in text
    assert "demande courante" in text


def test_one_stock_is_not_used_by_both_circuits(home: Home) -> None:
    """Written 25 + 25 % in each circuit, though the declared boxes sell 90 % of the DCI: the others' reserve is all there is.

    B sells 10 a day, holds 1 200: 900 beyond 30 days. The DCI asks 100 a day, 3 000 in 30 days: 30 % of each circuit
    takes the whole reserve (0.3 × 3 000 = 900). Read as half of each market, it would have served 50 %.
    """
    stocks(home, {("A", BIG): (0, 315), ("A", SMALL): (0, 315), ("B", OTHER): (1200, 70)})
    both = {"circuits": "Ville ; Hôpital"}
    built(home, declaration(1, "A", BIG, 25, 25, **both), declaration(2, "A", SMALL, 25, 25, **both))
    rows = tipping(home)
    assert {circuit: row["others_absorb_pct"] for circuit, row in rows.items()} == {
        "ville": pytest.approx(30),
        "hôpital": pytest.approx(30),
    }


def test_a_declaration_without_a_share_gives_a_range(home: Home) -> None:
    """15 % written, one box without: from 15 to 100 %; a single known box does not tip, the other may hold the rest."""
    stocks(home, {("A", BIG): (0, 35), ("A", SMALL): (0, 35), ("B", OTHER): (300, 70)})
    built(home, declaration(1, "A", BIG, 15), declaration(2, "A", SMALL))
    row = tipping(home)["ville"]
    assert (row["declarations"], row["unknown_presentations"]) == (2, 1)
    assert (row["declared_share_pct"], row["declared_upper_pct"]) == (15, 100)
    # 30 days of stock: nothing beyond the horizon.
    assert (row["uncovered_pct"], row["upper_uncovered_pct"]) == (15, 100)
    assert (row["is_tipping"], row["may_tip"]) == (False, True)
    text = fr_spaces(words.words(row, LIMITS))
    assert "basculement possible" in text
    assert "1 présentation déclarée n'a pas de part écrite" in text
    assert "de 15 à 100 % de la demande" in text


def test_no_share_at_all_is_unknown_not_nothing(home: Home) -> None:
    stocks(home, {("B", OTHER): (300, 70)})
    built(home, declaration(1, "A", BIG), declaration(2, "A", SMALL))
    row = risk.tipping(home.reader()).iloc[0]
    assert fr.missing(row["declared_share_pct"])
    assert (row["unknown_presentations"], row["declared_upper_pct"]) == (2, 100)
    assert bool(row["may_tip"])


@pytest.mark.long
@pytest.mark.computes
def test_both_circuits_that_tip_are_named(home: Home) -> None:
    stocks(home, {("B", OTHER): (0, 70)})
    both = {"circuits": "Ville ; Hôpital"}
    built(home, declaration(1, "A", BIG, 12, 15, **both), declaration(2, "A", SMALL, 12, 15, **both))
    alert = home.reader().row("SELECT * FROM alert WHERE rule = 'tipping'")
    assert alert is not None
    assert (alert["place"], alert["value"]) == ("ville et hôpital", 30)
    assert words.places(["hôpital", "ville"]) == "en ville et à l'hôpital"


def test_shares_add_up_exactly_at_the_bound(home: Home) -> None:
    """10.1 + 9.9 = 20: the bound is reached, whatever the order of additions of binary numbers."""
    stocks(home, {("B", OTHER): (0, 70)})
    built(home, declaration(1, "A", BIG, 10.1), declaration(2, "A", SMALL, 9.9))
    row = tipping(home)["ville"]
    assert row["uncovered_pct"] == 20
    assert row["is_tipping"]


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (19.6, 0, "19 %"),
        (19.96, 1, "19,9 %"),
        (20.0, 0, "20 %"),
        (20.4, 0, "20 %"),
        (12.5, 0, "12 %"),
        (12.7, 0, "13 %"),
    ],
)
def test_a_rounded_percentage_never_crosses_its_bound(value: float, digits: int, written: str) -> None:
    assert fr_spaces(fr.percent(value, digits, [20])) == written


def test_a_percentage_over_a_bound_that_is_not_whole_stays_over_it() -> None:
    """20.6 against 20.55: nearest with a decimal is 20.6; 20.55 itself would be written 20.5 or 20.6: over, not under."""
    assert fr_spaces(fr.percent(20.55, 1, [20.55])) == "20,6 %"
    assert fr_spaces(fr.percent(20.2, 0, [20.1])) == "21 %"


def fr_spaces(text: str) -> str:
    return unescape(text).replace("\u202f", " ").replace("\u00a0", " ")
