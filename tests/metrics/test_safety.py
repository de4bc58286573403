"""Safety stocks: the small demo recomputed from its files in plain Python; then duties, gaps and days typed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Home
from tests.connectors.partner_files import Rows
from tests.metrics import naive_safety
from tests.metrics.naive_files import read
from tests.pages.conftest import DAY
from tests.referential import files, simple
from tests.seeds import seeded

pytestmark = pytest.mark.computes("safety_stock", "safety_stock_week", "safety_declaration", "safety_box_week")

Row = dict[str, Any]
LAST = date(2026, 11, 9)
WEEKS = [LAST - timedelta(weeks=back) for back in range(51, -1, -1)]
WHO = "LABORATOIRE A"
ONE, TWO = (simple(f"9000000{rank}", f"FICTIVIR {rank}00 mg", "FICTIVIR") for rank in (1, 2))


@pytest.fixture(scope="module")
def demo(built_demo: Path) -> Iterator[tuple[Home, dict[tuple[str, str, date], Row]]]:
    raw = built_demo / "raw"
    inputs = read(raw, DAY, sources=("tracstocks", "references"))
    yield Home(built_demo), naive_safety.weekly(inputs, naive_safety.market(raw))


def test_every_week_of_every_speciality_is_the_one_found_by_hand(demo: tuple[Home, dict[Any, Row]]) -> None:
    home, expected = demo
    rows = home.reader().rows("SELECT * FROM safety_stock_week")
    assert {(row["cis"], row["laboratory"], row["week"]) for row in rows} == set(expected)
    for row in rows:
        by_hand = expected[row["cis"], row["laboratory"], row["week"]]
        months = None if by_hand["months"] is None else pytest.approx(by_hand["months"])
        assert {**{key: row[key] for key in by_hand}, "months": months} == by_hand | {"months": row["months"]}, row


def test_every_line_counts_its_days(demo: tuple[Home, dict[Any, Row]]) -> None:
    home, weeks = demo
    expected = naive_safety.standing(weeks)
    lines = {(row["cis"], row["laboratory"]): row for row in home.reader().rows("SELECT * FROM safety_stock")}
    measured = {key: row for key, row in lines.items() if row["figure_state"] != "absent"}
    assert set(measured) == set(expected)
    for key, row in measured.items():
        by_hand = expected[key]
        assert [row[name] for name in ("days_under", "days_known", "days_unknown")] == [
            by_hand[name] for name in ("days_under", "days_known", "days_unknown")
        ]
        if by_hand["last"]["is_under"]:
            assert row["under_since_on"] == by_hand["since"]
    assert {row["duty_origin"] for row in lines.values()} >= {"règle générale", "liste 4 mois"}
    assert {row["is_under"] for row in measured.values()} == {True, False}


def test_a_speciality_nobody_reported_keeps_a_row_without_a_figure(demo: tuple[Home, dict[Any, Row]]) -> None:
    home, _ = demo
    absent = home.reader().rows("SELECT * FROM safety_stock WHERE figure_state = 'absent'")
    owed = set(naive_safety.market(home.path / "raw").owed)
    measured = {row["cis"] for row in home.reader().rows("SELECT DISTINCT cis FROM safety_stock_week")}
    assert {row["cis"] for row in absent} == owed - measured
    for row in absent:
        assert (row["months"], row["is_under"], row["days_under"], row["days_known"]) == (None, None, 0, 0)


def test_nothing_of_it_is_shared(built_demo: Path) -> None:
    assert not {name for name in Home(built_demo).reader("shared").tables if name.startswith("safety_")}


def lines(stocks: dict[date, float], cip13: str = ONE.cip13, sales: float = 100, who: str = WHO) -> list[list[object]]:
    """TracStocks in the order of its fields: ``sales`` boxes each week, the same reported as usual."""
    return [[week, who, cip13, None, stock, sales * 365.25 / 84, None, sales, None] for week, stock in stocks.items()]


MONTHLY = 100 * 365.25 / 84  # boxes a month at 100 boxes a week


def deposit(home: Home, stocks: Rows, lists: Rows | None = None) -> dict[str, Row]:
    """The referential (ONE and TWO are MITM), stocks, lists; lines by CIS after a refresh on the 22nd."""
    medicines = [medicine.__class__(**{**medicine.__dict__, "atc": "J05AX99"}) for medicine in (ONE, TWO)]
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(medicines).items():
        (folder / name).write_bytes(content)
    home.drop("tracstocks", "t.xlsx", {"tracstocks_stock": stocks})
    if lists:
        home.drop("listes", "l.xlsx", {"listes_member": lists})
    report = home.refresh()
    assert report.published, report.error
    return {row["cis"]: row for row in home.reader().rows("SELECT * FROM safety_stock")}


def test_months_are_the_stock_over_the_mean_month_of_twelve(home: Home) -> None:
    by_code = deposit(home, lines(dict.fromkeys(WEEKS, 2.5 * MONTHLY)))
    row = by_code[ONE.cis]
    assert row["months"] == pytest.approx(2.5)
    assert (row["duty_months"], row["is_under"], row["days_under"], row["figure_state"]) == (2, False, 0, "a_jour")
    other = by_code[TWO.cis]
    assert (other["figure_state"], other["laboratory"], other["months"]) == ("absent", WHO, None)


def test_days_under_are_seven_a_reading_and_a_stock_at_its_duty_is_not_under(home: Home) -> None:
    stocks = dict.fromkeys(WEEKS, 2 * MONTHLY + 1e-6)
    stocks |= dict.fromkeys(WEEKS[10:13], MONTHLY) | dict.fromkeys(WEEKS[-2:], 1.5 * MONTHLY)
    row = deposit(home, lines(stocks))[ONE.cis]
    assert (row["days_under"], row["days_known"]) == (35, 364)
    assert row["under_since_on"] == WEEKS[-2]
    assert row["missing_units"] == pytest.approx(0.5 * MONTHLY, abs=1)


def test_four_months_and_a_decision_hold_from_their_day_and_the_decision_wins(home: Home) -> None:
    lists: Rows = [
        ["Stock 4 mois", ONE.cis, None, None, None, WEEKS[-10]],
        ["Stock 4 mois", TWO.cis, None, None, None, None],
        ["Décision de stock", TWO.cis, None, None, 1, WEEKS[-4]],
    ]
    stocks = dict.fromkeys(WEEKS, 3 * MONTHLY)
    by_code = deposit(home, lines(stocks) + lines(stocks, TWO.cip13), lists)
    first, second = by_code[ONE.cis], by_code[TWO.cis]
    assert (first["duty_months"], first["duty_origin"], first["days_under"]) == (4, "liste 4 mois", 70)
    assert (second["duty_months"], second["duty_origin"], second["is_under"]) == (1, "décision", False)
    assert second["days_under"] == 7 * 48  # four months were owed until the decision


@pytest.mark.long
def test_a_decision_replaced_holds_until_the_next_one(home: Home) -> None:
    """Four months decided, then three, four weeks ago: at three and a half of sales, 48 weeks under and then not.

    TWO owes one month and its DCI four, decided the same day: the line that names the speciality wins.
    """
    lists: Rows = [
        ["Décision de stock", ONE.cis, None, None, 4, None],
        ["Décision de stock", ONE.cis, None, None, 3, WEEKS[-4]],
        ["Décision de stock", TWO.cis, None, None, 1, WEEKS[-4]],
        ["Décision de stock", None, "fictivir", None, 4, WEEKS[-4]],
    ]
    stocks = dict.fromkeys(WEEKS, 3.5 * MONTHLY)
    by_code = deposit(home, lines(stocks) + lines(stocks, TWO.cip13), lists)
    first, second = by_code[ONE.cis], by_code[TWO.cis]
    assert (first["duty_months"], first["is_under"], first["days_under"]) == (3, False, 7 * 48)
    assert (second["duty_months"], second["is_under"], second["days_under"]) == (1, False, 0)


def test_a_late_reading_is_neither_zero_nor_under(home: Home) -> None:
    """Three weeks without a report: the last months known stay, marked late, and no day is counted under."""
    kept = lines(dict.fromkeys(WEEKS, 3 * MONTHLY), TWO.cip13)
    row = deposit(home, lines(dict.fromkeys(WEEKS[:-3], 3 * MONTHLY)) + kept)[ONE.cis]
    assert (row["figure_state"], row["days_under"], row["days_unknown"]) == ("en_retard", 0, 14)
    assert row["measured_on"] == WEEKS[-4] + timedelta(days=6)  # the last reading, carried one week
    assert row["months"] == pytest.approx(3)


def test_one_missing_week_is_carried_and_marked(home: Home) -> None:
    kept = lines(dict.fromkeys(WEEKS, 3 * MONTHLY), TWO.cip13)
    row = deposit(home, lines(dict.fromkeys(WEEKS[:-1], 3 * MONTHLY)) + kept)[ONE.cis]
    assert (row["figure_state"], row["measured_on"]) == ("estime", WEEKS[-2] + timedelta(days=6))
    assert row["state_reason"].startswith("Relevé du 08/11/2026 reporté")


def test_a_monthly_report_is_dated_of_its_own_week(home: Home) -> None:
    """ONE is reported every four weeks, three weeks ago last (Monday 19/10, counted on Sunday 25/10); TWO every week."""
    kept = lines(dict.fromkeys(WEEKS, 3 * MONTHLY), TWO.cip13, who="LABORATOIRE 9")
    file = declared("D-1", ONE.cip13, date(2026, 5, 4), date(2026, 5, 4))
    home.drop("trustmed", "d.xlsx", {"trustmed_version": [file]})
    by_code = deposit(home, lines(dict.fromkeys(WEEKS[-4::-4], 3 * MONTHLY)) + kept)
    readings = {cis: (row["measured_on"], row["figure_state"]) for cis, row in by_code.items()}
    assert readings == {ONE.cis: (date(2026, 10, 25), "estime"), TWO.cis: (date(2026, 11, 15), "a_jour")}
    (back,) = home.reader().rows("SELECT measured_on, is_back FROM safety_declaration")
    assert back == {"measured_on": date(2026, 10, 25), "is_back": True}


def spaced(step: int, count: int, *, stock: float, four: float | None, sales: float) -> list[list[object]]:
    """Readings every ``step`` weeks, the last one of the last week, without usual sales."""
    weeks = [LAST - timedelta(weeks=step * back) for back in range(count)]
    return [[week, WHO, ONE.cip13, None, stock, None, four, sales, None] for week in reversed(weeks)]


@seeded(
    1,
    ("rows", "reference_weeks", "months"),
    [
        # 13 months of 400 boxes in four weeks: 52 weeks of 100, 434.8 a month; 870 / 434.8 = 2.0 months. The sales of the
        # last week, of 500 boxes each time, are within the four.
        (spaced(4, 13, stock=2 * MONTHLY, four=400, sales=500), 52, 2.0),
        (spaced(4, 7, stock=2 * MONTHLY, four=400, sales=500), 28, 2.0),
        # Every two weeks: each tells two weeks, its four weeks overlap the one before; the first one all four: 15 × 2 + 4.
        (spaced(2, 16, stock=2 * MONTHLY, four=400, sales=90), 34, 2.0),
        # 24 weeks reported, under 26; 13 last weeks, without those of four weeks: a year is not known.
        (spaced(4, 6, stock=2 * MONTHLY, four=400, sales=500), 24, None),
        (spaced(4, 13, stock=2 * MONTHLY, four=None, sales=100), 13, None),
    ],
    ids=["a year", "seven months", "every two weeks", "six months", "last weeks only"],
)
def test_a_monthly_laboratory_reports_four_weeks_each_time(
    home: Home, rows: Rows, reference_weeks: int, months: float | None
) -> None:
    row = deposit(home, rows)[ONE.cis]
    (newest,) = home.reader().rows("SELECT * FROM safety_box_week WHERE week = $week", week=LAST)
    assert newest["reference_weeks"] == reference_weeks
    if months is None:
        assert (row["months"], row["figure_state"]) == (None, "non_pertinente")
    else:
        assert row["months"] == pytest.approx(months)
        assert (row["reference_origin"], row["figure_state"]) == ("ventes des 12 mois glissants", "a_jour")


def test_an_exceptional_month_leaves_the_reference(home: Home) -> None:
    """Sales ten times the usual in May: excluded, the months are those of an ordinary year."""
    rows = [
        [week, WHO, ONE.cip13, None, 2 * MONTHLY, None, None, 1000 if week.month == 5 else 100, None] for week in WEEKS
    ]
    home.drop("references", "r.xlsx", {"references_excluded": [["dci:fictivir", date(2026, 5, 1), "Épidémie"]]})
    row = deposit(home, rows)[ONE.cis]
    assert row["months"] == pytest.approx(2)
    assert row["excluded_weeks"] == 5  # the week that begins on April 27th holds three days of May


def test_an_open_file_is_shown_beside_and_excuses_nothing(home: Home) -> None:
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [[
        "D-1", 1, date(2026, 11, 2), WHO, ONE.cip13, "Risque", "Ouverte", "Incident de production", "Ville", date(2026, 11, 20),
        45, None, None, None, None, None, None, None, None, None,
    ]]})  # fmt: skip
    row = deposit(home, lines(dict.fromkeys(WEEKS, MONTHLY)))[ONE.cis]
    assert (row["is_under"], row["days_under"]) == (True, 364)
    assert (row["open_declarations"], row["declaration_nos"], row["has_rupture"]) == (1, "D-1", False)


def test_no_sale_is_unknown_not_infinite(home: Home) -> None:
    row = deposit(home, lines(dict.fromkeys(WEEKS, 500.0), sales=0))[ONE.cis]
    assert (row["figure_state"], row["months"], row["is_under"]) == ("non_pertinente", None, None)


def test_an_empty_stock_is_under_its_duty_whatever_the_reference(home: Home) -> None:
    """Ten weeks read are too few for a reference (26): two months are owed, none is there. What never sold owes nothing."""
    few = dict.fromkeys(WEEKS[-10:-3], 300.0) | dict.fromkeys(WEEKS[-3:], 0.0)
    row = deposit(home, [[*line[:5], None, *line[6:]] for line in lines(few)])[ONE.cis]
    assert (row["months"], row["is_under"], row["days_under"], row["days_unknown"]) == (0, True, 21, 49)
    assert (row["figure_state"], row["is_undeclared"], row["missing_units"]) == ("a_jour", True, None)


def test_a_shortage_longer_than_the_reference_stays_a_shortage(home: Home) -> None:
    """Nothing left and nothing sold for 60 weeks: twelve months without a sale do not make the duty vanish."""
    stocks = lines(dict.fromkeys(WEEKS, 0.0), sales=0)
    before = [WEEKS[0] - timedelta(weeks=n) for n in range(1, 9)]
    row = deposit(home, stocks + lines(dict.fromkeys(before, 300.0)))[ONE.cis]
    assert (row["months"], row["is_under"], row["figure_state"]) == (0, True, "a_jour")


def test_what_never_sold_owes_no_month(home: Home) -> None:
    row = deposit(home, lines(dict.fromkeys(WEEKS, 0.0), sales=0))[ONE.cis]
    assert (row["figure_state"], row["months"], row["is_under"]) == ("non_pertinente", None, None)


@pytest.mark.long
def test_a_presentation_handed_over_is_owed_by_the_one_who_reports_it(home: Home) -> None:
    before = lines(dict.fromkeys(WEEKS[:30], MONTHLY))
    after = lines(dict.fromkeys(WEEKS[30:], 3 * MONTHLY), who="LABORATOIRE B")
    deposit(home, before + after)
    owners = home.reader().rows("SELECT laboratory FROM safety_stock WHERE cis = $code", code=ONE.cis)
    assert owners == [{"laboratory": "LABORATOIRE B"}]


BOXES = (ONE, *(simple(f"9000000{rank}", f"FICTIVIR {rank}00 mg", "FICTIVIR") for rank in (3, 4)))


def sold_in(
    home: Home,
    labels: list[str],
    stocks: Rows,
    sources: dict[tuple[str, str], Rows] | None = None,
    day: date = date(2026, 11, 22),
) -> dict[str, Any]:
    """One MITM whose boxes, in the order of BOXES, have these labels; its line of ``safety_stock``."""
    one = ONE.__class__(**{**ONE.__dict__, "atc": "J05AX99"})
    public = files([one])
    line = public["CIS_CIP_bdpm.txt"].decode()
    written = [
        line.replace(ONE.cip13, box.cip13)
        .replace(ONE.cip13[5:12], box.cip13[5:12])
        .replace("\t1 flacon\t", f"\t{label}\t")
        for box, label in zip(BOXES, labels, strict=False)
    ]
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**public, "CIS_CIP_bdpm.txt": "".join(written).encode()}.items():
        (folder / name).write_bytes(content)
    home.drop("tracstocks", "t.xlsx", {"tracstocks_stock": stocks})
    for (source, table), rows in (sources or {}).items():
        home.drop(source, f"{source}.xlsx", {table: rows})
    report = home.refresh(day)
    assert report.published, report.error
    (row,) = home.reader().rows("SELECT * FROM safety_stock")
    return row


def test_boxes_of_six_and_fourteen_are_added_in_tablets(home: Home) -> None:
    """600 boxes of 14 and 2,000 of 6 hold 20,400 tablets; 100 of each a week sell 2,000, or 8,696.4 a month.

    20,400 / 8,696.4 = 2.346 months. Counted in boxes it would be 2,600 / 869.6 = 2.99.
    """
    stocks = lines(dict.fromkeys(WEEKS, 600.0), BOXES[0].cip13) + lines(dict.fromkeys(WEEKS, 2000.0), BOXES[1].cip13)
    row = sold_in(home, ["plaquette(s) de 14 comprimé(s)", "plaquette(s) de 6 comprimé(s)"], stocks)
    assert (row["stock_units"], row["unit_word"], row["boxes"]) == (20_400, "comprimé", 2)
    assert row["months"] == pytest.approx(20_400 / (2000 * 365.25 / 84))
    assert round(row["months"], 3) == 2.346


def test_a_box_alone_under_two_months_does_not_put_the_speciality_under(home: Home) -> None:
    """The large box holds one month, the small one eight, both of 10 tablets for the sum: 4.5 months of the two."""
    stocks = lines(dict.fromkeys(WEEKS, MONTHLY), BOXES[0].cip13) + lines(
        dict.fromkeys(WEEKS, 8 * MONTHLY), BOXES[1].cip13
    )
    row = sold_in(home, ["plaquette(s) de 10 comprimé(s)", "2 plaquettes de 5 comprimés"], stocks)
    assert (row["is_under"], row["months"]) == (False, pytest.approx(4.5))
    by_box = home.reader().rows("SELECT cip13, months FROM safety_box_week WHERE week = $week", week=LAST)
    assert {one["cip13"]: round(one["months"], 3) for one in by_box} == {BOXES[0].cip13: 1, BOXES[1].cip13: 8}


@pytest.mark.long
def test_containers_are_added_when_nothing_says_that_they_differ(home: Home) -> None:
    """10 vials of 5 ml and 1 vial without a volume: 11 × 100 = 1,100 vials a week, not millilitres with vials."""
    stocks = lines(dict.fromkeys(WEEKS, 600.0), BOXES[0].cip13) + lines(dict.fromkeys(WEEKS, 600.0), BOXES[1].cip13)
    row = sold_in(home, ["10 ampoule(s) en verre de 5 ml", "1 ampoule(s) en verre"], stocks)
    assert (row["unit_word"], row["stock_units"]) == ("ampoule", 6600)


@seeded(
    1,
    ("labels", "reason"),
    [
        (["plaquette(s) de 14 comprimé(s)", "plaquette(s) de 6"], "contenu non lu au libellé de"),
        (["1 flacon de 60 ml", "1 flacon de 30 doses"], "contenus dans des unités différentes (dose, ml)"),
    ],
)
def test_boxes_that_do_not_add_give_no_figure_and_say_why(home: Home, labels: list[str], reason: str) -> None:
    stocks = lines(dict.fromkeys(WEEKS, 1.0), BOXES[0].cip13) + lines(dict.fromkeys(WEEKS, 1.0), BOXES[1].cip13)
    row = sold_in(home, labels, stocks)
    assert (row["months"], row["is_under"], row["days_under"], row["figure_state"]) == (None, None, 0, "non_pertinente")
    assert row["state_reason"].startswith("Boîtes qui ne s'additionnent pas : ")
    assert reason in row["state_reason"]


def test_a_size_typed_by_hand_makes_them_add(home: Home) -> None:
    """The box whose label says « de 6 » is read as holding 6 tablets: 600 × 14 + 2,000 × 6 = 20,400."""
    stocks = lines(dict.fromkeys(WEEKS, 600.0), BOXES[0].cip13) + lines(dict.fromkeys(WEEKS, 2000.0), BOXES[1].cip13)
    size = [[BOXES[1].cip13, 6, "comprimés", "Notice du fabricant", "Gestionnaire"]]
    labels = ["plaquette(s) de 14 comprimé(s)", "plaquette(s) de 6"]
    row = sold_in(home, labels, stocks, {("references", "references_size"): size})
    assert (row["stock_units"], row["unit_word"]) == (20_400, "comprimé")


def test_one_measured_box_is_counted_in_boxes_and_says_what_it_leaves_out(home: Home) -> None:
    row = sold_in(home, ["plaquette(s) de 30", "plaquette(s) de 90"], lines(dict.fromkeys(WEEKS, 3 * MONTHLY)))
    assert (row["unit_word"], row["boxes"], row["boxes_marketed"]) == ("boîte", 1, 2)
    assert row["months"] == pytest.approx(3)


def test_one_late_box_makes_its_speciality_late_and_never_a_smaller_sum(home: Home) -> None:
    stocks = lines(dict.fromkeys(WEEKS, 3 * MONTHLY), BOXES[0].cip13)
    stocks += lines(dict.fromkeys(WEEKS[:-3], 3 * MONTHLY), BOXES[1].cip13)
    row = sold_in(home, ["plaquette(s) de 14 comprimé(s)", "plaquette(s) de 6 comprimé(s)"], stocks)
    assert (row["figure_state"], row["days_unknown"], row["days_under"]) == ("en_retard", 14, 0)
    assert row["months"] == pytest.approx(3)


@pytest.mark.long
def test_a_box_no_longer_expected_does_not_blind_the_others(home: Home) -> None:
    """Silent for more than the expected weeks, it leaves the sum; the line says one of two boxes."""
    stocks = lines(dict.fromkeys(WEEKS, 3 * MONTHLY), BOXES[0].cip13)
    stocks += lines(dict.fromkeys(WEEKS[:20], 3 * MONTHLY), BOXES[1].cip13)
    row = sold_in(home, ["plaquette(s) de 14 comprimé(s)", "plaquette(s) de 6 comprimé(s)"], stocks)
    assert (row["figure_state"], row["boxes"], row["boxes_marketed"]) == ("a_jour", 1, 2)
    assert row["months"] == pytest.approx(3)


def declared(number: str, cip13: str, day: date, start: date, kind: str = "Risque") -> list[object]:
    """A line of TrustMed in the order of its fields, open."""
    cells = [number, 1, day, WHO, cip13, kind, "Ouverte", "Incident de production", "Ville", start, 45]
    return [*cells, *[None] * 9]


def test_a_stock_under_its_duty_without_a_declaration_is_named(home: Home) -> None:
    row = sold_in(home, ["1 flacon"], lines(dict.fromkeys(WEEKS, MONTHLY)))
    assert (row["is_under"], row["is_undeclared"]) == (True, True)


def test_a_stock_under_its_duty_with_a_declaration_is_not(home: Home) -> None:
    opened = [declared("D-1", ONE.cip13, date(2026, 11, 2), date(2026, 11, 2))]
    sources: dict[tuple[str, str], Rows] = {("trustmed", "trustmed_version"): opened}
    row = sold_in(home, ["1 flacon"], lines(dict.fromkeys(WEEKS, MONTHLY)), sources)
    assert (row["is_under"], row["is_undeclared"], row["open_declarations"]) == (True, False, 1)


@seeded(2, ("weeks_back", "is_back"), [(3, False), (4, True), (5, True)])
def test_a_declaration_is_still_open_though_the_stock_is_back(home: Home, weeks_back: int, is_back: bool) -> None:
    """Under until ``weeks_back`` weeks ago, three months of sales since: signalled from four weeks on."""
    stocks = dict.fromkeys(WEEKS[:-weeks_back], MONTHLY) | dict.fromkeys(WEEKS[-weeks_back:], 3 * MONTHLY)
    opened = [declared("D-1", ONE.cip13, date(2026, 9, 1), date(2026, 9, 1))]
    row = sold_in(home, ["1 flacon"], lines(stocks), {("trustmed", "trustmed_version"): opened})
    (crossing,) = home.reader().rows("SELECT * FROM safety_declaration")
    assert (crossing["held_weeks"], crossing["is_back"]) == (weeks_back, is_back)
    assert (row["back_nos"], row["back_weeks"]) == (("D-1", weeks_back) if is_back else (None, None))


@pytest.mark.long
def test_a_shortage_announced_for_later_is_not_one_that_ended(home: Home) -> None:
    """Stock above its duty all year, declaration that starts next month: nothing has come back yet."""
    opened = [declared("D-1", ONE.cip13, date(2026, 9, 1), date(2026, 12, 20))]
    row = sold_in(
        home, ["1 flacon"], lines(dict.fromkeys(WEEKS, 3 * MONTHLY)), {("trustmed", "trustmed_version"): opened}
    )
    assert (row["open_declarations"], row["back_nos"]) == (1, None)


def test_the_declared_box_still_short_keeps_its_declaration_open(home: Home) -> None:
    """The speciality holds 4.5 months, the declared box one: its declaration is not one to close."""
    stocks = lines(dict.fromkeys(WEEKS, MONTHLY), BOXES[0].cip13) + lines(
        dict.fromkeys(WEEKS, 8 * MONTHLY), BOXES[1].cip13
    )
    opened = [declared("D-1", BOXES[0].cip13, date(2026, 6, 1), date(2026, 6, 1))]
    labels = ["plaquette(s) de 10 comprimé(s)", "2 plaquettes de 5 comprimés"]
    row = sold_in(home, labels, stocks, {("trustmed", "trustmed_version"): opened})
    assert (row["is_under"], row["back_nos"]) == (False, None)


@seeded(
    1,
    ("days", "months", "is_candidate"),
    [
        ([date(2024, 3, 4), date(2025, 10, 6)], 2, True),
        ([date(2024, 3, 4), date(2024, 3, 25)], 1, False),  # two boxes the same month: once
        ([date(2023, 12, 29), date(2025, 1, 2)], 1, False),  # 2023 is not one of the two previous civil years
        ([date(2025, 12, 31), date(2026, 1, 2), date(2026, 2, 2)], 1, False),  # nor is the year that runs
    ],
)
def test_candidates_for_four_months_are_counted_on_two_civil_years(
    home: Home, days: list[date], months: int, is_candidate: bool
) -> None:
    opened = [declared(f"D-{rank}", ONE.cip13, day, day, "Rupture") for rank, day in enumerate(days)]
    row = sold_in(
        home, ["1 flacon"], lines(dict.fromkeys(WEEKS, 3 * MONTHLY)), {("trustmed", "trustmed_version"): opened}
    )
    assert (row["declared_months"], row["is_candidate"]) == (months, is_candidate)


def test_a_speciality_that_owes_four_months_is_no_candidate(home: Home) -> None:
    opened = [declared(f"D-{rank}", ONE.cip13, date(2025, rank, 3), date(2025, rank, 3)) for rank in (1, 4, 7)]
    sources: dict[tuple[str, str], Rows] = {
        ("trustmed", "trustmed_version"): opened,
        ("listes", "listes_member"): [["Stock 4 mois", ONE.cis, None, None, None, None]],
    }
    row = sold_in(home, ["1 flacon"], lines(dict.fromkeys(WEEKS, 3 * MONTHLY)), sources)
    assert (row["declared_months"], row["duty_months"], row["is_candidate"]) == (3, 4, False)
