"""Discontinuations: the small demo recomputed from its files; then a market of three boxes followed by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from metrics.declarations import queries as declarations
from metrics.stops import queries as stops
from pages.anticiper import stop_rows, stop_words
from pages.components.charts import figures
from tests.conftest import Home
from tests.connectors.partner_files import Rows
from tests.data.names_answered import recognise
from tests.metrics import naive_stops
from tests.metrics.naive_files import read
from tests.metrics.naive_stops import Box, Market
from tests.pages.conftest import DAY
from tests.referential import files, simple
from tests.seeds import seeded
from tests.typography import TYPED

pytestmark = pytest.mark.computes(
    "stop_register", "stop_transfer", "market_share", "measure", "anticipation_value", "doubtful_row", "quarantine"
)

Row = dict[str, Any]
LAST = date(2026, 11, 9)
WEEKS = [LAST - timedelta(weeks=back) for back in range(9, -1, -1)]


@dataclass(frozen=True)
class Known:
    """The small demo, and what loops find in its files."""

    home: Home
    lines: dict[str, tuple[Any, ...]]
    boxes: dict[str, Box]
    market: Market
    public: naive_stops.Public
    sizes: dict[str, tuple[float, str]]


@pytest.fixture(scope="module")
def by_hand(built_demo: Path) -> Known:
    inputs = read(built_demo / "raw", DAY, sources=("tracstocks",))
    return Known(
        Home(built_demo),
        naive_stops.announced(built_demo / "raw"),
        naive_stops.boxes(built_demo / "raw", inputs),
        naive_stops.market(inputs),
        naive_stops.public(built_demo / "raw"),
        naive_stops.sizes(built_demo / "raw"),
    )


def test_the_register_holds_the_last_announcement_of_every_number(by_hand: Known) -> None:
    rows = {row["stop_no"]: row for row in by_hand.home.reader().rows("SELECT * FROM stop_register")}
    assert set(rows) == set(by_hand.lines)
    assert len(rows) > 3
    for number, row in rows.items():
        line = by_hand.lines[number]
        assert (row["declared_on"], row["stop_on"]) == (line[1].date(), line[5].date())
        assert row["notice_days"] == (line[5] - line[1]).days
        assert row["is_effective"] is (line[5].date() <= DAY)
        assert row["presentations"] == len(naive_stops.stopped(line, by_hand.boxes))


def test_shares_of_the_market_are_those_of_the_sales(by_hand: Known) -> None:
    rows = by_hand.home.reader().rows("SELECT * FROM stop_register")
    for row in rows:
        mine = naive_stops.stopped(by_hand.lines[row["stop_no"]], by_hand.boxes)
        dci = by_hand.boxes[next(iter(mine))].dci
        whole = sum(by_hand.market.year.get(cip13, 0) for cip13, box in by_hand.boxes.items() if box.dci == dci)
        sold = [by_hand.market.year[cip13] for cip13 in mine if cip13 in by_hand.market.year]
        share = 100 * sum(sold) / whole if sold else None
        assert row["sales_share_pct"] == (None if share is None else pytest.approx(share))
        largest = max(row["share_town_pct"] or 0, row["share_hospital_pct"] or 0, share or 0)
        is_known = any(value is not None for value in (row["share_town_pct"], row["share_hospital_pct"], share))
        ruled = naive_stops.rule(by_hand.lines[row["stop_no"]], by_hand.lines, by_hand.boxes, by_hand.public)
        by_market = row["is_mitm"] or not is_known or largest >= 30
        assert row["is_to_refer"] is ({"soumis": True, "écarté": False}.get(ruled or "", by_market)), row["review_rule"]
    assert any(row["sales_share_pct"] for row in rows)
    assert {row["is_to_refer"] for row in rows} == {True, False}


def test_the_load_of_every_stop_is_the_one_found_by_hand(by_hand: Known) -> None:
    reader, moved = by_hand.home.reader(), 0
    for number, line in by_hand.lines.items():
        others = naive_stops.remaining(number, by_hand.lines, by_hand.boxes)
        mine = naive_stops.stopped(line, by_hand.boxes)
        load, by_code = naive_stops.transfer(mine, others, by_hand.market, by_hand.sizes)
        rows = {row["cip13"]: row for row in reader.rows("SELECT * FROM stop_transfer WHERE stop_no = $n", n=number)}
        assert set(rows) == others, number
        measured = {cip13: row for cip13, row in rows.items() if row["daily_boxes"]}
        assert set(measured) == set(by_code)
        for cip13, row in measured.items():
            taken, before, after = by_code[cip13]
            assert row["coverage_before_days"] == pytest.approx(before)
            assert row["moved_daily_boxes"] == (None if load is None else pytest.approx(taken))
            assert row["coverage_after_days"] == (None if load is None else pytest.approx(after))
        if load and measured:
            moved += 1
            moved_units = sum(row["moved_daily_boxes"] * row["units_per_box"] for row in measured.values())
            assert moved_units == pytest.approx(load)
    assert moved >= 2


def test_the_story_of_the_stop_to_come_is_there(by_hand: Known) -> None:
    row = by_hand.home.reader().row("SELECT * FROM stop_register WHERE dci_key = 'metformine' AND sales_share_pct > 40")
    assert row is not None
    assert (row["is_mitm"], row["is_short_notice"], row["is_effective"]) == (True, True, False)
    assert row["others_after_days"] < 0.7 * row["others_before_days"]


def test_nothing_of_it_is_shared(built_demo: Path) -> None:
    shared = Home(built_demo).reader("shared")
    assert not {name for name in shared.tables if name.startswith("stop_")}
    assert stops.of_dci(shared, "metformine") == []


A, B, C = (
    replace(simple(f"9000000{n}", f"FICTIVIR {n}", "FICTIVIR", f"LABORATOIRE {n}", "comprimé"), atc="J05AX99")
    for n in "123"
)


def stop(number: str, **changes: object) -> list[object]:
    """A line of the register in the order of its fields; A stops whole in March."""
    row = {
        "stop_no": number, "declared_on": date(2026, 10, 1), "laboratory": "LABORATOIRE 1", "cis": A.cis, "cip13": None,
        "stop_on": date(2027, 3, 1), "reason": "Commerciale", "share_town_pct": None, "share_hospital_pct": None, "review": None,
        "alternatives": None,
    }  # fmt: skip
    return list((row | changes).values())


def stocks(*measured: tuple[str, float, float], weeks: list[date] = WEEKS) -> list[list[object]]:
    """Stock and weekly sales of each box, every week."""
    return [
        [week, "LAB", cip13, None, stock, None, None, sales, None] for cip13, stock, sales in measured for week in weeks
    ]


def deposit(
    home: Home,
    lines: Rows,
    measured: Rows,
    medicines: tuple[Any, ...] = (A, B, C),
    day: date = DAY,
) -> None:
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(medicines).items():
        (folder / name).write_bytes(content)
    home.drop("tracstocks", "t.xlsx", {"tracstocks_stock": measured})
    home.drop("arrets", "a.xlsx", {"arrets_intention": lines})
    report = home.refresh(day)
    assert report.published, report.error


def transfer(home: Home, number: str) -> dict[str, Row]:
    return {row["cip13"]: row for row in figures.records(stops.transfer(home.reader(), number))}


MARKET = stocks((A.cip13, 3000, 700), (B.cip13, 12_600, 1400), (C.cip13, 2100, 700))


def test_demand_goes_to_the_others_in_proportion_of_their_sales(home: Home) -> None:
    """A sells 100 a day: B (200 a day, 63 days of stock) takes two thirds of it, C (100 a day, 21 days) one third."""
    deposit(home, [stop("A-1")], MARKET)
    by_code = transfer(home, "A-1")
    b, c = by_code[B.cip13], by_code[C.cip13]
    assert set(by_code) == {B.cip13, C.cip13}
    assert (b["moved_daily_boxes"], c["moved_daily_boxes"]) == (pytest.approx(200 / 3), pytest.approx(100 / 3))
    assert (b["coverage_before_days"], b["coverage_after_days"]) == (63, pytest.approx(12_600 / (200 + 200 / 3)))
    assert (c["coverage_before_days"], c["coverage_after_days"]) == (21, pytest.approx(15.75))
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert row["others_after_days"] == pytest.approx((12_600 + 2100) / 400)
    assert row["sales_share_pct"] == pytest.approx(25)


def test_what_stops_by_the_same_day_takes_nothing_up_and_what_stops_later_says_so(home: Home) -> None:
    deposit(home, [
        stop("A-1"), stop("A-2", cis=C.cis, stop_on=date(2027, 2, 1)), stop("A-3", cis=B.cis, stop_on=date(2027, 9, 1)),
    ], MARKET)  # fmt: skip
    by_code = transfer(home, "A-1")
    assert set(by_code) == {B.cip13}
    assert by_code[B.cip13]["moved_daily_boxes"] == 100
    assert by_code[B.cip13]["stops_on"].date() == date(2027, 9, 1)
    assert transfer(home, "A-3") == {}
    row = stops.one(home.reader(), "A-3")
    assert row is not None
    assert (row["others"], row["other_stops"]) == (0, 2)


def test_another_form_or_another_route_takes_nothing_up(home: Home) -> None:
    others = replace(B, form="solution injectable"), replace(C, form="suspension buvable")
    deposit(home, [stop("A-1")], MARKET, (A, *others))
    assert transfer(home, "A-1") == {}


def test_a_box_without_a_measurement_takes_nothing_and_is_counted(home: Home) -> None:
    deposit(home, [stop("A-1")], stocks((A.cip13, 3000, 700), (B.cip13, 12_600, 1400)))
    by_code = transfer(home, "A-1")
    assert by_code[C.cip13]["figure_state"] == "absent"
    assert by_code[B.cip13]["moved_daily_boxes"] == 100
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert (row["others"], row["others_reported"]) == (2, 1)


def test_a_stop_without_reported_sales_has_an_unknown_load(home: Home) -> None:
    deposit(home, [stop("A-1")], stocks((B.cip13, 12_600, 1400), (C.cip13, 2100, 700)))
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert (row["load_daily_units"], row["others_after_days"], row["sales_share_pct"]) == (None, None, None)
    assert row["others_before_days"] is not None


def test_a_date_that_moves_is_the_last_one_and_the_first_is_kept(home: Home) -> None:
    deposit(home, [stop("A-1")], MARKET)
    home.drop("arrets", "b.xlsx", {"arrets_intention": [stop("A-1", stop_on=date(2027, 12, 1), share_town_pct=31)]})
    assert home.refresh(date(2026, 11, 23)).changed
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert (row["stop_on"], row["first_stop_on"], row["announcements"]) == (date(2027, 12, 1), date(2027, 3, 1), 2)
    assert (row["notice_days"], row["is_short_notice"]) == (426, False)


@seeded(1, "changes", [{"stop_on": date(2099, 12, 31)}, {"declared_on": date(2000, 1, 1)}])
def test_a_date_that_stands_for_an_unknown_one_waits(home: Home, changes: dict[str, object]) -> None:
    deposit(home, [stop("A-1", **changes), stop("A-2")], stocks((A.cip13, 300, 70)))
    (row,) = home.reader().rows("SELECT lake_table, rule, label FROM doubtful_row")
    assert row == {"lake_table": "arrets_intention", "rule": "lointaine", "label": "A-1"}
    assert [row["stop_no"] for row in home.reader().rows("SELECT stop_no FROM stop_register")] == ["A-2"]


def test_a_code_the_referential_ignores_keeps_its_line(home: Home) -> None:
    deposit(home, [stop("A-1", cis="69999999")], MARKET)
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert (row["is_known"], row["is_mitm"], row["denomination"], row["others"]) == (False, False, None, 0)


def test_open_declarations_of_the_whole_dci_are_counted_beside(home: Home) -> None:
    declared = [
        "D-1", 1, date(2026, 11, 2), "LABORATOIRE 3", C.cip13, "Rupture", "Ouverte", "Incident de production", "Ville",
        date(2026, 11, 20), 45, *[None] * 9,
    ]  # fmt: skip
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [declared]})
    deposit(home, [stop("A-1")], MARKET)
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert (row["open_declarations"], row["open_ruptures"]) == (1, 1)
    assert transfer(home, "A-1")[C.cip13]["declaration_nos"] == "D-1"


def referred(
    home: Home, medicine: Any, *, extra: dict[str, str] | None = None, boxes: int = 1, stop_lines: Any = None
) -> dict[str, Row]:
    """Lines of the register; ``extra``: lines of public files; ``boxes``: presentations of the speciality that stops."""
    public = files([medicine, B])
    spare = replace(B, cis="90000009")
    if boxes > 1:
        line = public["CIS_CIP_bdpm.txt"].decode().splitlines()[0]
        more = line.replace(medicine.cip13, spare.cip13).replace(medicine.cip13[5:12], spare.cip13[5:12])
        public["CIS_CIP_bdpm.txt"] += f"{more}\n".encode()
    for name, text in (extra or {}).items():
        public[name] = text.encode("cp1252")
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in public.items():
        (folder / name).write_bytes(content)
    home.drop("arrets", "a.xlsx", {"arrets_intention": stop_lines or [stop("A-1", share_town_pct=45)]})
    report = home.refresh()
    assert report.published, report.error
    return {row["stop_no"]: row for row in home.reader().rows("SELECT * FROM stop_register")}


def public_speciality(procedure: str) -> str:
    return "".join(
        f"{one.cis}\t{one.denomination}\t{one.form}\torale\tAutorisation active\t{kind}\tCommercialisée"
        "\t01/01/2020\t\t\t LABORATOIRE 1\tNon\r\n"
        for one, kind in ((A, procedure), (B, "Procédure nationale"))
    )


GENERIC = f"1\tFICTIVIR\t{B.cis}\t0\t1\r\n1\tFICTIVIR\t{A.cis}\t1\t2\r\n"


@seeded(
    (0, 1, 4),
    ("extra", "is_to_refer", "rule"),
    [
        ({}, True, "MITM"),
        ({"CIS_bdpm.txt": public_speciality("Enreg homéo (Proc. Nat.)")}, False, "Homéopathie"),
        ({"CIS_bdpm.txt": public_speciality("Enreg phyto (Proc. Nat.)")}, False, "Phytothérapie"),
        ({"CIS_CPD_bdpm.txt": f"{B.cis}\tliste I\r\n"}, False, "Non soumis à prescription"),
        ({"CIS_CPD_bdpm.txt": f"{A.cis}\tliste II\r\n"}, True, "MITM"),
        ({"CIS_GENER_bdpm.txt": GENERIC}, False, "Générique"),
        ({"CIS_GENER_bdpm.txt": GENERIC.replace("\t1\t2", "\t0\t2")}, True, "MITM"),
    ],
)
def test_what_is_left_out_of_the_medical_review_names_its_rule(
    home: Home, extra: dict[str, str], is_to_refer: bool, rule: str
) -> None:
    row = referred(home, A, extra=extra)["A-1"]
    assert (row["is_to_refer"], row["review_rule"]) == (is_to_refer, rule)


def test_one_box_among_others_is_left_out_unless_the_others_stop_too(home: Home) -> None:
    spare = replace(B, cis="90000009").cip13
    one = stop("A-1", cis=None, cip13=A.cip13)
    row = referred(home, A, boxes=2, stop_lines=[one])["A-1"]
    assert (row["is_to_refer"], row["review_rule"]) == (
        False,
        "Une autre présentation de la spécialité reste commercialisée",
    )
    both = [one, stop("A-2", cis=None, cip13=spare)]
    rows = referred(home, A, boxes=2, stop_lines=both)
    assert {row["review_rule"] for row in rows.values()} == {"MITM"}


@seeded(1, ("substance", "is_to_refer"), [("PARACÉTAMOL", True), ("ACÉTYLSALICYLIQUE (ACIDE)", False)])
def test_paracetamol_is_put_back_and_aspirin_is_not(home: Home, substance: str, is_to_refer: bool) -> None:
    """A generic of paracetamol, sold without prescription, is referred all the same (§ 294)."""
    medicine = replace(A, substances=[("SA", "1", substance)])
    extra = {"CIS_GENER_bdpm.txt": GENERIC, "CIS_CPD_bdpm.txt": f"{B.cis}\tliste I\r\n"} if is_to_refer else {}
    row = referred(home, medicine, extra=extra)["A-1"]
    assert row["is_to_refer"] is is_to_refer
    assert row["review_rule"].startswith("Paracétamol" if is_to_refer else "Acide acétylsalicylique")


@seeded(
    1,
    ("share", "is_to_refer", "rule"),
    [
        (12, False, "Ni MITM, ni part de marché d'au moins 30 %"),
        (30, True, "Part de marché d'au moins 30 % (écrite pour la ville)"),
        (None, True, "Part de marché inconnue"),
    ],
)
def test_outside_the_rules_the_market_decides_and_an_unknown_share_leaves_nothing_out(
    home: Home, share: float | None, is_to_refer: bool, rule: str
) -> None:
    lines = [stop("A-1", share_town_pct=share)]
    row = referred(home, replace(A, atc=""), stop_lines=lines)["A-1"]
    assert (row["is_to_refer"], row["review_rule"]) == (is_to_refer, rule)


def test_demand_moves_in_tablets_when_boxes_have_different_sizes(home: Home) -> None:
    """A stops: 100 boxes of 30 a day, 3,000 tablets. B sells 100 boxes of 30, C 100 boxes of 10: B takes three quarters.

    B: 2,250 tablets, 75 boxes more; C: 750 tablets, 75 boxes more. In boxes, each would have taken 50.
    """
    public = files((A, B, C))
    lines = public["CIS_CIP_bdpm.txt"].decode().splitlines(keepends=True)
    labels = ("plaquette(s) de 30 comprimé(s)", "plaquette(s) de 30 gélule(s)", "plaquette(s) de 10 comprimé(s)")
    written = "".join(line.replace("\t1 flacon\t", f"\t{label}\t") for line, label in zip(lines, labels, strict=True))
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True)
    for name, content in {**public, "CIS_CIP_bdpm.txt": written.encode()}.items():
        (folder / name).write_bytes(content)
    market = stocks((A.cip13, 3000, 700), (B.cip13, 7000, 700), (C.cip13, 7000, 700))
    home.drop("tracstocks", "t.xlsx", {"tracstocks_stock": market})
    home.drop("arrets", "a.xlsx", {"arrets_intention": [stop("A-1")]})
    assert home.refresh().published
    by_code = transfer(home, "A-1")
    assert [by_code[box.cip13]["moved_daily_boxes"] for box in (B, C)] == pytest.approx([75, 75])
    row = home.reader().row("SELECT * FROM stop_register")
    assert row is not None
    assert (row["unit_word"], row["load_daily_units"]) == ("comprimé ou gélule", 3000)
    # 7,000 × 30 + 7,000 × 10 tablets, over 4,000 a day, then 7,000 a day.
    assert (row["others_before_days"], row["others_after_days"]) == (pytest.approx(70), pytest.approx(40))


@pytest.mark.computes
def test_the_shared_artefact_holds_a_side_of_thirty_percent_where_three_sell(home: Home) -> None:
    """A sells 20 % of the boxes of each DCI: the share written by the laboratory is the larger one, or the smaller."""
    cases = {
        "fictivira": (("L1", "L2", "L3"), 45, "au moins 30 %"),
        "fictivirb": (("L1", "L2", "L3"), 12, "moins de 30 %"),
        "fictivirc": (("L1", "L1", "L2"), 45, "masquée"),  # two sell: a third is needed
        "fictivird": (("L1", "L2", "INCONNU"), 45, "masquée"),  # nobody knows the third
    }
    medicines, lines, market = [], [], []
    for rank, (dci, (sellers, share, _)) in enumerate(cases.items(), start=1):
        three = [
            simple(f"900000{rank}{n}", f"{dci.upper()} {n}", dci.upper(), f"LABORATOIRE {n}", "comprimé") for n in "123"
        ]
        medicines += [replace(medicine, atc="J05AX99") for medicine in three]
        lines.append(stop(f"A-{rank}", cis=three[0].cis, share_town_pct=share))
        market += [
            [week, who, medicine.cip13, None, 5000, None, None, boxes, None]
            for week in WEEKS
            for who, medicine, boxes in zip(sellers, three, (200, 400, 400), strict=True)
        ]
    recognise(home, "L1", "L2", "L3")
    deposit(home, lines, market, tuple(medicines))
    assert home.reader("shared").rows("SELECT * FROM dci_stop ORDER BY dci_key") == [
        {
            "dci_key": dci, "dci": dci, "is_effective": False, "stops": 1, "first_month": date(2027, 3, 1),
            "is_mitm": True, "to_refer": 1, "short_notices": 1, "share_band": band,
        }
        for dci, (*_, band) in cases.items()
    ]  # fmt: skip


def test_no_measure_written_as_a_measure_is_none(home: Home) -> None:
    """« Pas de mesure » is a line of ANSM's own list: read, and nothing in force."""
    version = ["D-1", 1, "10/11/2026", "LABORATOIRE 1", A.cip13, "Risque de rupture", "Ouverte", "Incident", "Ville"]
    lines = [
        ["D-1", 1, written, "En place", "11/11/2026"] for written in ("Pas de mesure", "Plan de solidarité européen")
    ]
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [[*version, "20/11/2026"]], "trustmed_measure": lines})
    deposit(home, [stop("A-1")], MARKET)
    assert home.reader().rows("SELECT reason FROM quarantine") == []
    rows = home.reader().rows("SELECT measure, is_in_force FROM measure")
    assert rows == [{"measure": "solidarité européenne", "is_in_force": True}]


@seeded(1,
    ("first", "then", "phases"),
    [
        # Foreseen, then in force since the 11/11: one measure.
        (("Contingentement", "Prévue", None), ("Contingentement", "En place", "11/11/2026"), ["en vigueur"]),
        # In force, said again without its day: the same one.
        (("Contingentement", "En place", "11/11/2026"), ("Contingentement", "En place", None), ["en vigueur"]),
        # In force since another day: the first is over.
        (("Contingentement", "En place", "11/11/2026"), ("Contingentement", "En place", "15/11/2026"),
         ["en vigueur", "terminée"]),
        # The laboratory writes that there is none.
        (("Importation", "En place", "11/11/2026"), ("Aucune mesure", "En place", None), ["terminée"]),
        # Foreseen, then none: it never was.
        (("Importation", "Demandée", None), ("Aucune mesure", "En place", None), []),
        # Another measure is one more.
        (("Importation", "En place", "11/11/2026"), ("Contingentement", "En place", "15/11/2026"),
         ["en vigueur", "en vigueur"]),
    ],
)  # fmt: skip
def test_a_measure_stated_again_is_one_measure(
    home: Home, first: tuple[str, str, object], then: tuple[str, str, object], phases: list[str]
) -> None:
    versions = [
        [
            "D-1",
            number,
            day,
            "LABORATOIRE 1",
            A.cip13,
            "Risque de rupture",
            "Ouverte",
            "Incident",
            "Ville",
            "20/11/2026",
        ]
        for number, day in ((1, "10/11/2026"), (2, "16/11/2026"))
    ]
    lines = [["D-1", number, *stated] for number, stated in ((1, first), (2, then))]
    home.drop("trustmed", "t.xlsx", {"trustmed_version": versions, "trustmed_measure": lines})
    deposit(home, [stop("A-1")], MARKET)
    reader = home.reader()
    assert sorted(row["phase"] for row in reader.rows("SELECT phase FROM measure")) == phases
    # The page of the declaration says what the register says.
    in_force = [row for row in declarations.measures(reader, "D-1").to_dict("records") if row["phase"] == "en vigueur"]
    assert len(in_force) == phases.count("en vigueur")
    assert all(row["start_on"] is not None for row in in_force)


def spaced(
    cip13: str, who: str, stock: float, sales: float, every: int, last_week: float | None = None
) -> list[list[object]]:
    """Readings of half a year, ``every`` so many weeks; those not weekly tell the sales of four weeks beside the last."""
    return [
        [
            *(LAST - timedelta(weeks=back), who, cip13, None, stock, None),
            *((4 * sales, last_week or sales) if every > 1 else (None, sales)),
        ]
        for back in range(0, 25, every)
    ]


def test_a_share_is_never_written_over_the_bound_it_is_under(home: Home) -> None:
    """A sells 2 996 of 10 000 boxes a week, 29.96 %: under 30 %, it is not written 30. Its town share of 30 % is."""
    measured = stocks((A.cip13, 1, 2996), (B.cip13, 1, 7004))
    medicines = tuple(replace(medicine, atc="") for medicine in (A, B, C))
    deposit(home, [stop("A-1"), stop("A-2", cis=B.cis, share_town_pct=30)], measured, medicines)
    first, second = (stops.one(home.reader(), number) for number in ("A-1", "A-2"))
    assert first is not None
    assert second is not None
    assert (first["sales_share_pct"], first["large_shares"], first["is_to_refer"]) == (29.96, None, False)
    assert second["large_shares"] == "écrite pour la ville, calculée sur les ventes"
    assert "calculée 29,9 %" in stop_rows.shares(first).translate(TYPED)
    assert "(29 % des ventes de sa DCI)" in stop_words.heaviest([first]).translate(TYPED)


def test_a_monthly_report_weighs_its_whole_demand(home: Home) -> None:
    """Two boxes sell 700 a week each, one reported every week, the other every four: half of the market each.

    Added row by row, 7 reports against 25 would give the monthly one 22 %. A stops: its 100 boxes a day all go to B,
    whose 12 600 boxes are 126 days before and 63 after.
    """
    measured = spaced(A.cip13, "LAB 1", 3000, 700, 4) + spaced(B.cip13, "LAB 2", 12_600, 700, 1)
    deposit(home, [stop("A-1")], measured)
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert (row["sales_share_pct"], row["year_boxes"]) == (50, 25 * 700)
    taken = transfer(home, "A-1")[B.cip13]
    assert (taken["moved_daily_boxes"], taken["coverage_before_days"], taken["coverage_after_days"]) == (100, 126, 63)
    shares = home.reader().rows("SELECT * FROM market_share WHERE subject_id = 'dci:fictivir'")
    assert {share["laboratory"]: share["share_pct"] for share in shares} == {"LAB 1": 50, "LAB 2": 50}


@pytest.mark.long
def test_a_monthly_report_takes_up_its_whole_share_of_what_stops(home: Home) -> None:
    """C sells 100 a day and reports every four weeks, three weeks ago last; B as much, every week: 50 boxes a day each."""
    late = [[row[0] - timedelta(weeks=3), *row[1:]] for row in spaced(C.cip13, "LAB 3", 2100, 700, 4)]  # type: ignore[operator]
    deposit(home, [stop("A-1")], [
        *spaced(A.cip13, "LAB 1", 3000, 700, 1), *spaced(B.cip13, "LAB 2", 12_600, 700, 1), *late,
    ])  # fmt: skip
    by_code = transfer(home, "A-1")
    assert {cip13: row["moved_daily_boxes"] for cip13, row in by_code.items()} == {B.cip13: 50, C.cip13: 50}
    assert (by_code[B.cip13]["figure_state"], by_code[C.cip13]["figure_state"]) == ("a_jour", "estime")


def test_a_presentation_handed_over_is_counted_once(home: Home) -> None:
    """LAB 1 sold A, 700 a week, for 15 weeks of 25, LAB 9 for the last 10; B sells 700 a week: A is half of the market."""
    handed: list[list[object]] = [
        [LAST - timedelta(weeks=back), "LAB 9" if back < 10 else "LAB 1", A.cip13, None, 3000, None, None, 700]
        for back in range(25)
    ]
    deposit(home, [stop("A-1")], handed + spaced(B.cip13, "LAB 2", 12_600, 700, 1))
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert (row["sales_share_pct"], row["year_boxes"]) == (50, 25 * 700)
    shares = home.reader().rows("SELECT * FROM market_share WHERE subject_id = 'dci:fictivir'")
    assert {share["laboratory"]: share["boxes"] for share in shares} == {
        "LAB 1": 15 * 700, "LAB 9": 10 * 700, "LAB 2": 25 * 700,
    }  # fmt: skip


@pytest.mark.long
def test_the_shares_of_a_ranking_are_those_of_the_same_sales(home: Home) -> None:
    """One laboratory reports every month, one every week, 700 boxes a week each: the first holds 50 %, not 78."""
    listed = [["Essentiel", medicine.cis, None, None, None, None] for medicine in (A, B)]
    home.drop("listes", "l.xlsx", {"listes_member": listed})
    deposit(home, [stop("A-1")], spaced(A.cip13, "LAB 1", 1, 700, 4) + spaced(B.cip13, "LAB 2", 1, 700, 1))
    values = home.reader().rows("SELECT * FROM anticipation_value WHERE list = 'essentiel'")
    found = {row["indicator"]: row["value"] for row in values}
    assert found["largest_share"] == 50
    # 1 400 boxes a week, 365.25 / 84 weeks a month.
    assert found["monthly_boxes"] == pytest.approx(1400 * 365.25 / 84)


@pytest.mark.long
def test_the_four_weeks_of_a_monthly_report_count_rather_than_its_last(home: Home) -> None:
    """LAB 1 sells 2 800 boxes in four weeks and 100 in the last of them: half of the market beside LAB 2, 700 a week."""
    monthly = spaced(A.cip13, "LAB 1", 3000, 700, 4, last_week=100)
    deposit(home, [stop("A-1")], monthly + spaced(B.cip13, "LAB 2", 12_600, 700, 1))
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert row["sales_share_pct"] == 50


@pytest.mark.long
def test_a_year_ends_in_a_week_53_and_who_left_counts_until_then(home: Home) -> None:
    """Week 53 of 2026 ends 60 weeks reported, 700 boxes a week each. LAB 1 stopped reporting A 20 weeks ago: 32 of 52 weeks.

    A: 32 × 700 of (32 + 52) × 700 = 38.095 %. May left out of the reference changes nothing: every week is the same.
    """
    newest = date(2026, 12, 28)
    assert newest.isocalendar()[:2] == (2026, 53)
    measured = [
        [newest - timedelta(weeks=back), who, cip13, None, 3000, None, None, 700]
        for who, cip13, since in (("LAB 1", A.cip13, 20), ("LAB 2", B.cip13, 0))
        for back in range(since, 60)
    ]
    home.drop("references", "r.xlsx", {"references_excluded": [["dci:fictivir", date(2026, 5, 1), "Épidémie"]]})
    deposit(home, [stop("A-1")], measured, day=date(2027, 1, 5))
    row = stops.one(home.reader(), "A-1")
    assert row is not None
    assert row["year_boxes"] == 32 * 700
    assert row["sales_share_pct"] == pytest.approx(100 * 32 / 84)
