"""Who joins, leaves, forgets a box or never reports: stock and demand are those of the same reports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from data.access.roles import Identity
from data.journal import Journal
from data.journal.decisions import absent_is_zero
from tests.conftest import Home
from tests.referential import Medicine, files, simple
from tests.seeds import seeded

pytestmark = pytest.mark.computes("coverage_weekly", "link_status")

GROUP = "amoxicilline-susp-500"
LAST = date(2026, 11, 16)  # Monday of 2026-S47
STEWARD = Identity("gestion@exemple.invalid", "Gestionnaire", "ansm_steward")
BOXES = [
    simple(f"90000{n:03d}", f"AMOXICILLINE 500 mg/5 ml LABORATOIRE {n}, poudre pour suspension buvable", "AMOXICILLINE")
    for n in range(1, 41)
]
ONE, TWO, THREE = BOXES[:3]
Lines = list[tuple[int, float, float]]  # weeks back, stock, sales


def _referential(home: Home, boxes: list[Medicine]) -> None:
    for name, content in files(boxes).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _monday(back: int) -> date:
    return LAST - timedelta(weeks=back)


def _wholesaler(home: Home, name: str, lines: Lines, box: Medicine = ONE) -> None:
    rows = [[_monday(back), name, box.cip13, None, stock, sales] for back, stock, sales in lines]
    home.drop("pointstock", f"{name}-{box.cip13}.xlsx", {"pointstock_stock": rows})


def _laboratory(home: Home, name: str, lines: Lines, box: Medicine = ONE, usual: float | None = None) -> None:
    rows = [[_monday(back), name, box.cip13, None, stock, usual, None, sales] for back, stock, sales in lines]
    home.drop("tracstocks", f"{name}-{box.cip13}.xlsx", {"tracstocks_stock": rows})


def _dispensed(home: Home, boxes: list[tuple[Medicine, float]]) -> None:
    lines = [f"2026-S47;{box.cip13};11;{sold}" for box, sold in boxes]
    home.drop_text("openhealth", "ventes.csv", "\n".join(["SEMAINE;CIP13;REGION;BOITES", *lines]))


def _week(home: Home, back: int = 0, link: str = "grossistes") -> dict[str, Any]:
    row = home.reader().row(
        "SELECT * FROM coverage_weekly WHERE subject_id = $subject AND link = $link AND week = $week",
        subject=GROUP,
        link=link,
        week=_monday(back),
    )
    assert row is not None
    return row


def _link(home: Home, link: str = "grossistes", artefact: Any = "restricted") -> dict[str, Any]:
    row = home.reader(artefact).row(
        "SELECT * FROM link_status WHERE subject_id = $subject AND link = $link", subject=GROUP, link=link
    )
    assert row is not None
    return row


def _steady(stock: float, sales: float, weeks: range = range(12)) -> Lines:
    return [(back, stock, sales) for back in weeks]


def test_one_who_left_is_in_neither_the_stock_nor_the_demand(home: Home) -> None:
    """A: 100 boxes, 10 a day, 10 days. B, gone nine weeks ago, was still in the mean of four weeks: 7.6 days."""
    _referential(home, [ONE])
    _wholesaler(home, "GROSSISTE A", _steady(100, 70))
    _wholesaler(home, "GROSSISTE B", _steady(50, 30, range(9, 20)))
    home.refresh()
    figure = _week(home)
    assert (figure["coverage_days"], figure["figure_state"], figure["participants"]) == (10.0, "a_jour", 1)


def test_one_who_joins_counts_with_the_weeks_it_has(home: Home) -> None:
    """200 boxes; A sells 70 a week, B, who sends its first week, 70 too: 20 a day, 10 days; not 70 + 70 ÷ 4."""
    _referential(home, [ONE])
    _wholesaler(home, "GROSSISTE A", _steady(100, 70))
    _wholesaler(home, "GROSSISTE B", [(0, 100, 70)])
    home.refresh()
    figure = _week(home)
    assert (figure["coverage_days"], figure["current_daily_boxes"], figure["figure_state"]) == (10.0, 20.0, "a_jour")


@pytest.mark.long
def test_one_who_joins_counts_in_the_legal_reference_too(home: Home) -> None:
    """A: 52 weeks of 140; B: one week of 70. 210 a week, 30 a day; twelve months, 35 weeks on average of boxes."""
    _referential(home, [ONE])
    _wholesaler(home, "GROSSISTE A", _steady(100, 140, range(52)))
    _wholesaler(home, "GROSSISTE B", [(0, 200, 70)])
    home.refresh()
    figure = _week(home)
    assert (figure["legal_daily_boxes"], figure["coverage_legal_days"]) == (30.0, 10.0)
    assert figure["legal_origin"] == "ventes des 12 mois glissants"


def test_a_giant_newcomer_makes_no_twelve_months(home: Home) -> None:
    """(52 × 7 + 1 × 700) ÷ 707 = 1.5 weeks of sales on average: under 26."""
    _referential(home, [ONE])
    _wholesaler(home, "GROSSISTE A", _steady(100, 7, range(52)))
    _wholesaler(home, "GROSSISTE B", [(0, 200, 700)])
    home.refresh()
    assert (_week(home)["legal_daily_boxes"], _week(home)["legal_origin"]) == (None, None)


def test_usual_sales_not_declared_are_replaced_by_the_weeks_read(home: Home) -> None:
    """A declares 365.25 boxes a month, 12 a day; B declares nothing and sells 28 a week, 4 a day: 160 ÷ 16 = 10."""
    _referential(home, [ONE, TWO])
    _laboratory(home, "LABO A", _steady(100, 70, range(4)), ONE, usual=365.25)
    _laboratory(home, "LABO B", _steady(60, 28, range(4)), TWO)
    home.refresh()
    figure = _week(home, link="exploitants")
    assert figure["coverage_legal_days"] == 10.0
    assert figure["legal_origin"] == "ventes habituelles déclarées"


def test_a_window_with_a_week_missing_beyond_the_rule_is_an_estimate(home: Home) -> None:
    """B missed two weeks of the four and is back: its mean is that of the two it sent, and the figure says so."""
    _referential(home, [ONE])
    _wholesaler(home, "GROSSISTE A", _steady(100, 70))
    _wholesaler(home, "GROSSISTE B", [(back, 50, 30) for back in (0, 1, *range(4, 12))])
    home.refresh()
    figure, shown = _week(home), _link(home)
    assert (figure["current_daily_boxes"], figure["coverage_days"]) == (100 / 7, 10.5)
    assert (figure["figure_state"], figure["torn_names"]) == ("estime", "GROSSISTE B")
    assert shown["state_reason"] == (
        "Ventes d'au moins une semaine manquantes dans la période de calcul : GROSSISTE B."
    )


def test_a_laboratory_that_never_reported_makes_the_sum_incomplete(home: Home) -> None:
    """Two presentations on the market, one reported, sales known from nobody: 1 of 2, 50 %, under 80 %."""
    _referential(home, [ONE, TWO])
    _laboratory(home, "LABO A", _steady(300, 70))
    home.refresh()
    shown = _link(home, "exploitants")
    assert (shown["coverage_days"], shown["figure_state"]) == (30.0, "incomplet")
    assert (shown["covered_presentations"], shown["marketed_presentations"], shown["covered_share_pct"]) == (1, 2, 50)
    assert shown["state_reason"] == "Les relevés couvrent 1 des 2 présentations commercialisées."


@pytest.mark.parametrize(("others", "state"), [(100, "a_jour"), (101, "incomplet")])
def test_what_pharmacies_dispense_weighs_what_is_not_reported(home: Home, others: float, state: str) -> None:
    """One of three reports, with 400 boxes of 500 dispensed: 80 %, the bound, included; 400 of 501 is under it."""
    _referential(home, [ONE, TWO, THREE])
    _laboratory(home, "LABO A", _steady(300, 70))
    _dispensed(home, [(ONE, 400), (TWO, others), (THREE, 0)])
    home.refresh()
    shown = _link(home, "exploitants")
    assert (shown["figure_state"], shown["covered_presentations"], shown["covered_share_of"]) == (state, 1, "officines")
    if state == "incomplet":
        assert shown["state_reason"] == (
            "Les relevés couvrent 1 des 3 présentations commercialisées (79 % des ventes en officine)."
        )


def test_two_presentations_out_of_forty_do_not_make_a_sum_incomplete(home: Home) -> None:
    _referential(home, BOXES)
    rows = [[_monday(b), "LABO A", box.cip13, None, 300, None, None, 70] for b in range(4) for box in BOXES[:38]]
    home.drop("tracstocks", "a.xlsx", {"tracstocks_stock": rows})
    home.refresh()
    shown = _link(home, "exploitants")
    assert (shown["figure_state"], shown["covered_share_pct"]) == ("a_jour", 95)


def test_wholesalers_are_not_expected_to_hold_every_box(home: Home) -> None:
    _referential(home, [ONE, TWO])
    _wholesaler(home, "GROSSISTE A", _steady(100, 70))
    home.refresh()
    assert (_link(home)["figure_state"], _link(home)["covered_share_pct"]) == ("a_jour", None)


def _left_out(home: Home, sales: float, until: int = 2) -> None:
    """A sells 80 of the first box each week and ``sales`` of the second, which it stops listing."""
    _referential(home, [ONE, TWO])
    _wholesaler(home, "GROSSISTE A", _steady(300, 80))
    _wholesaler(home, "GROSSISTE A", _steady(50, sales, range(until, 12)), TWO)


def test_a_presentation_left_out_is_named_not_its_sender(home: Home) -> None:
    """Carried a week: 350 ÷ 100 a week = 24.5 days. Then out of both sums: 300 ÷ 80 a week = 26.25 days."""
    _left_out(home, 20)
    home.refresh()
    carried, out, shown = _week(home, 1), _week(home), _link(home)
    box = f"{TWO.denomination} ({TWO.cip13}, fichier de GROSSISTE A)"
    assert (carried["figure_state"], carried["coverage_days"]) == ("estime", 24.5)
    assert (carried["missing_names"], carried["left_out_names"], carried["missing_share_pct"]) == (None, box, 20)
    assert (out["figure_state"], out["coverage_days"], out["status"]) == ("incomplet", 26.25, "satisfaisante")
    assert (out["missing_names"], out["left_out_names"], out["missing_share_pct"]) == (None, box, 20)
    assert shown["state_reason"] == f"Absent d'un fichier reçu, sorti de la somme : {box} (20 % des ventes)."


@pytest.mark.long
def test_a_week_after_a_box_is_left_out_the_sentence_says_it_is_carried(home: Home) -> None:
    _left_out(home, 20, until=1)
    home.refresh()
    box = f"{TWO.denomination} ({TWO.cip13}, fichier de GROSSISTE A)"
    assert _link(home)["state_reason"] == (
        f"Absent d'un fichier reçu, reporté d'une semaine : {box} (20 % des ventes)."
    )


def test_a_presentation_that_weighs_too_much_cannot_be_left_out(home: Home) -> None:
    """21 boxes of 101 a week: over 20 %."""
    _left_out(home, 21)
    home.refresh()
    shown = _link(home)
    assert (_week(home)["figure_state"], _week(home)["coverage_days"]) == ("en_retard", None)
    assert shown["state_reason"].startswith(
        f"Relevé incomplet depuis plus d'une semaine (absent d'un fichier reçu : {TWO.denomination}"
    )


def test_a_sender_that_is_missing_itself_is_named(home: Home) -> None:
    """The file of A did not come: nothing is left out of it."""
    _referential(home, [ONE])
    _wholesaler(home, "GROSSISTE A", _steady(100, 70, range(1, 12)))
    _wholesaler(home, "GROSSISTE B", _steady(100, 70))
    home.refresh()
    assert (_week(home)["missing_names"], _week(home)["left_out_names"]) == ("GROSSISTE A", None)


def test_absent_is_zero_once_the_steward_says_so(home: Home) -> None:
    """Nothing in stock, and a demand that stays that of its last report: 300 ÷ (80 + 40) a week = 17.5 days."""
    _left_out(home, 40)
    home.refresh()
    assert _week(home)["figure_state"] == "en_retard"
    journal = Journal(home.settings().journal)
    ref = absent_is_zero("pointstock", "GROSSISTE A")
    journal.accept_rows(STEWARD, [(ref, "pointstock", "GROSSISTE A : absent = 0")], "Vu avec lui")
    home.refresh()
    figure = _week(home)
    assert (figure["stock_boxes"], figure["coverage_days"], figure["figure_state"]) == (300, 17.5, "a_jour")
    assert figure["left_out_names"] is None
    journal.revoke_rows(STEWARD, [ref])
    journal.close()
    home.refresh()
    assert _week(home)["figure_state"] == "en_retard"


@seeded(
    1,
    ("source", "typed", "stock", "state"),
    [("pointstock", " grossiste-a ", 300, "a_jour"), ("grossistes", "GROSSISTE A", 300, "en_retard")],
)
def test_absent_is_zero_holds_for_every_spelling_and_one_source(
    home: Home, source: str, typed: str, stock: float, state: str
) -> None:
    """The files of PointStock leave the box out: what was decided of the weekly file says nothing of them."""
    _left_out(home, 40)
    journal = Journal(home.settings().journal)
    journal.migrate()
    journal.accept_rows(STEWARD, [(absent_is_zero(source, typed), source, "A : absent = 0")], "Vu avec lui")
    journal.close()
    home.refresh()
    assert (_week(home)["stock_boxes"], _week(home)["figure_state"]) == (stock, state)


def test_absent_is_zero_says_nothing_of_a_week_without_a_file(home: Home) -> None:
    _referential(home, [ONE, TWO])
    _wholesaler(home, "GROSSISTE A", _steady(300, 80, range(1, 12)))
    _wholesaler(home, "GROSSISTE B", _steady(300, 80))
    journal = Journal(home.settings().journal)
    journal.migrate()
    journal.accept_rows(STEWARD, [(absent_is_zero("pointstock", "GROSSISTE A"), "pointstock", "A")], "")
    journal.close()
    home.refresh()
    assert (_week(home)["stock_boxes"], _week(home)["figure_state"]) == (600, "estime")


def test_tenths_of_boxes_add_up_to_a_whole(home: Home) -> None:
    """Ten times 0.1 is 1, not 0.9999999999999999: 1 box ÷ 0.1 a day is 10 days, the bound, included."""
    _referential(home, [ONE])
    for number in range(10):
        _wholesaler(home, f"GROSSISTE {number}", _steady(0.1, 0 if number else 0.7, range(4)))
    home.refresh()
    assert (_week(home)["coverage_days"], _week(home)["status"]) == (10.0, "satisfaisante")


@pytest.mark.long
def test_thirds_add_up_to_a_whole(home: Home) -> None:
    """Three wholesalers with three weeks of 700 boxes in all: 700 ÷ 3 a week each, 100 a day together; 3 000 boxes."""
    _referential(home, [ONE])
    for name in "ABC":
        _wholesaler(home, f"GROSSISTE {name}", [(0, 1000, 200), (1, 1000, 200), (2, 1000, 300)])
    home.refresh()
    assert (_week(home)["current_daily_boxes"], _week(home)["coverage_days"]) == (100.0, 30.0)
