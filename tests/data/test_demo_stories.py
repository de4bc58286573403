"""What the story lines of the demo tell is in its files, as the real readers read them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from data.demo import generate, stories
from data.demo.declarations import build_declarations
from data.demo.referential import write_bdpm
from data.demo.series import build_series
from data.demo.stocks import write_tracstocks
from data.demo.stops import write_arrets
from data.demo.timeline import Span
from data.demo.world import build_world
from tests.conftest import Home

DAY = date(2026, 11, 22)
QUARANTINED = 15  # story 10: each row is of another kind, or of another source
LAST_WEEK = date(2026, 11, 9)  # S46, the last the wholesalers have published on the 22nd


def coverage(rows: list[dict], codes: list[str], week: date) -> float:
    """Days of current demand, recomputed by hand from the rows read."""
    mine = [row for row in rows if row["cip13"] in codes]
    stock = sum(row["stock_boxes"] for row in mine if row["week"] == week)
    weeks = {week - timedelta(weeks=k) for k in range(4)}
    return stock / (sum(row["sales_boxes"] for row in mine if row["week"] in weeks) / 28)


def test_story_1_national_tension(demo_tables, demo_boxes) -> None:
    codes = demo_boxes[stories.NATIONAL]
    assert coverage(demo_tables["tracstocks_stock"], codes, LAST_WEEK) == pytest.approx(11, abs=0.5)
    wholesalers = demo_tables["grossistes_stock"]
    assert 3.6 < coverage(wholesalers, codes, LAST_WEEK - timedelta(weeks=1)) < 4.4
    last = [row for row in wholesalers if row["week"] == LAST_WEEK - timedelta(weeks=1) and is_missing_house(row)]
    carried = [*wholesalers, *({**row, "week": LAST_WEEK} for row in last)]
    assert coverage(carried, codes, LAST_WEEK) == pytest.approx(2.4, abs=0.2)
    assert national(demo_tables, stories.NATIONAL) == pytest.approx(2.6, abs=0.1)


def is_missing_house(row: dict) -> bool:
    return row["wholesaler"] == stories.MISSING_WHOLESALER


def national(tables, group: str) -> float:
    return next(
        row["coverage_days"]
        for row in tables["iqvia_coverage"]
        if (row["group_id"], row["level"], row["week"]) == (group, "national", LAST_WEEK)
    )


def departments(tables, group: str, week: date) -> dict[str, float]:
    return {
        row["territory"]: row["coverage_days"]
        for row in tables["iqvia_coverage"]
        if (row["group_id"], row["level"], row["week"]) == (group, "departement", week)
    }


def test_story_2_diffuse_tension(demo_tables) -> None:
    assert national(demo_tables, stories.DIFFUSE) == pytest.approx(4.5, abs=0.1)
    low = [code for code, days in departments(demo_tables, stories.DIFFUSE, LAST_WEEK).items() if days < 3]
    assert sorted(low) == sorted(stories.DIFFUSE_DEPARTMENTS)
    assert len(low) >= 31


def test_story_3_only_corsica_and_reunion(demo_tables) -> None:
    assert national(demo_tables, stories.LOCAL) >= 7
    for back in range(4):
        days = departments(demo_tables, stories.LOCAL, LAST_WEEK - timedelta(weeks=back))
        assert {code for code, value in days.items() if value < 3} == {"2A", "2B", "974"}


def test_story_4_missing_and_unlisted_wholesalers(demo_tables, demo_boxes) -> None:
    last: dict[str, Any] = {}
    unlisted: dict[str, Any] = {}
    for row in demo_tables["grossistes_stock"]:
        last[row["wholesaler"]] = max(row["week"], last.get(row["wholesaler"], row["week"]))
        if row["cip13"] in demo_boxes[stories.UNLISTED_GROUP]:
            unlisted[row["wholesaler"]] = max(row["week"], unlisted.get(row["wholesaler"], row["week"]))
    assert {name for name, week in last.items() if week < LAST_WEEK} == {"GROSSISTE C"}
    assert last["GROSSISTE C"] == LAST_WEEK - timedelta(weeks=1)
    assert unlisted["GROSSISTE F"] == LAST_WEEK - timedelta(weeks=3)
    assert unlisted["GROSSISTE A"] == LAST_WEEK


def versions_of(tables, codes: list[str], laboratory: str = "") -> dict[str, list[dict]]:
    by_number = defaultdict(list)
    for row in tables["trustmed_version"]:
        if row["cip13"] in codes and laboratory in row["laboratory"]:
            by_number[row["declaration_no"]].append(row)
    return by_number


def test_story_5_a_laboratory_that_keeps_postponing(demo_tables, demo_boxes) -> None:
    by_number = versions_of(demo_tables, demo_boxes[stories.POSTPONING_GROUP], stories.POSTPONING_LABORATORY)
    ((number, versions),) = by_number.items()
    returns = [row["expected_return_on"] for row in sorted(versions, key=lambda row: row["version_no"])]
    supplies = [row for row in demo_tables["trustmed_supply"] if row["declaration_no"] == number]
    planned = [row["planned_on"] for row in sorted(supplies, key=lambda row: row["version_no"])]
    assert len(returns) == len(planned) == 5
    for promised in (returns, planned):
        slips = [(after - before).days for before, after in pairwise(promised)]
        assert all(14 <= slip <= 35 for slip in slips)


def test_story_6_small_declarations_add_up(demo_tables, demo_boxes) -> None:
    shares = [
        versions[-1]["share_town_pct"]
        for versions in versions_of(demo_tables, demo_boxes[stories.TIPPING_DCI]).values()
    ]
    assert len(shares) == 5
    assert all(9 <= share <= 16 for share in shares)
    assert sum(shares) == pytest.approx(64)


def test_story_7_a_discontinuation_loads_the_others(demo_tables, demo_boxes) -> None:
    stopped, *others = demo_boxes[stories.STOPPED_DCI]
    rows = {(row["cip13"], row["week"]): row for row in demo_tables["tracstocks_stock"]}
    assert rows[stopped, LAST_WEEK]["stock_boxes"] == rows[stopped, LAST_WEEK]["sales_boxes"] == 0
    late = [LAST_WEEK - timedelta(weeks=k) for k in range(4)]
    early = [LAST_WEEK - timedelta(weeks=k) for k in range(16, 28)]
    now, before = (sum(rows[c, week]["sales_boxes"] for c in others for week in weeks) for weeks in (late, early))
    assert (now / 4) / (before / 12) == pytest.approx(1.4, abs=0.08)
    cis = next(row["cis"] for row in demo_tables["bdpm_presentation"] if row["cip13"] == stopped)
    codes = {
        row["code"] for row in demo_tables["bdpm_availability"] if row["cis"] == cis and row["photograph_on"] == DAY
    }
    assert codes == {"3"}


def test_story_8_an_irrelevant_reference_and_its_correction(demo_tables, demo_boxes) -> None:
    rows = [row for row in demo_tables["tracstocks_stock"] if row["cip13"] in demo_boxes[stories.CAMPAIGN_DCI]]
    last = [row for row in rows if row["week"] == LAST_WEEK]
    declared, real = (sum(row[name] for row in last) for name in ("usual_monthly_sales_boxes", "sales_4w_boxes"))
    assert real * 52 / 48 / declared == pytest.approx(6, abs=0.5)
    decided = {row["link"]: row for row in demo_tables["references_manual"]}
    assert set(decided) == {"exploitants", "grossistes"}
    assert decided["exploitants"]["subject_id"] == "dci:antigene-meningococcique-fictif"
    assert decided["exploitants"]["monthly_boxes"] == pytest.approx(6 * declared, rel=0.01)


def test_story_9_a_late_source(demo_tables) -> None:
    assert max(row["week"] for row in demo_tables["openhealth_sales"]) == LAST_WEEK - timedelta(weeks=3)


def test_story_10_rows_to_quarantine(demo_loaded) -> None:
    _, quarantined = demo_loaded
    assert len(quarantined) == QUARANTINED
    assert Counter(issue.column for issue in quarantined)["CIP13"] == 3


def test_an_invented_code_is_of_one_medicine(demo_loaded) -> None:
    rows, quarantined = demo_loaded
    assert not [issue.reason for issue in quarantined if issue.reason.startswith("contredit")]
    labels = {(row["cip13_or_ucd"], row["label"]) for row in rows["gers_sales"] if row["circuit"] == "hôpital"}
    assert len({code for code, _ in labels}) == len(labels) > 0


def test_story_11_one_stock_in_thousands(tmp_path: Path, read_demo) -> None:
    """Only in the full world: one line of the last file, far enough from the one before to be doubted."""
    world = build_world(2026, DAY, "full")
    span = Span(world.timeline, DAY - timedelta(days=15), DAY)
    write_tracstocks(tmp_path / "tracstocks", world, build_series(world), span)
    rows, _ = read_demo(tmp_path)
    by_code: dict[str, dict[date, float]] = defaultdict(dict)
    for row in rows["tracstocks_stock"]:
        by_code[row["cip13"]][row["week"]] = row["stock_boxes"]
    week = timedelta(weeks=1)
    far = [
        code
        for code, stocks in by_code.items()
        if stocks[LAST_WEEK] and stocks[LAST_WEEK - week] / stocks[LAST_WEEK] > 10
    ]
    assert len(far) == 1
    group = [item.cip13 for item in world.tracked if item.molecule.group == stories.MISTYPED_GROUP]
    assert far[0] == group[stories.MISTYPED_PRESENTATION]


def test_story_13_a_supply_of_no_declaration(demo_tables) -> None:
    numbers = {row["declaration_no"] for row in demo_tables["trustmed_version"]}
    lost = [row for row in demo_tables["trustmed_supply"] if row["declaration_no"] not in numbers]
    assert len(lost) == 1


@pytest.mark.long
@pytest.mark.parametrize("day", [date(2027, 1, 5), date(2026, 8, 10)], ids=["after week 53", "a Monday in a heat wave"])
def test_stories_hold_for_another_day(day: date, tmp_path: Path, read_demo) -> None:
    generate(tmp_path, day, scale="small")
    rows, quarantined = read_demo(tmp_path, day)
    assert len(quarantined) == QUARANTINED
    last = max(row["week"] for row in rows["grossistes_stock"])
    assert 8 <= (day - last).days <= 15
    seen = {row["wholesaler"] for row in rows["grossistes_stock"] if row["week"] == last}
    assert len(seen) == 6
    assert "GROSSISTE C" not in seen
    assert max(row["week"] for row in rows["openhealth_sales"]) == last - timedelta(weeks=3)


def test_something_moved_yesterday_last_week_and_last_month() -> None:
    declarations = build_declarations(build_world(2026, DAY, "full"))
    for days in (1, 7, 28):
        recent = [
            (rank, version)
            for item in declarations
            for rank, version in enumerate(item.versions_on(DAY))
            if version.on > DAY - timedelta(days=days)
        ]
        assert any(rank == 0 for rank, _ in recent)
        assert any(rank > 0 and version.status == "Ouverte" for rank, version in recent)
        assert any(version.status == "Clôturée" for _, version in recent)
    opened = [item for item in declarations if item.versions_on(DAY) and item.versions_on(DAY)[-1].status == "Ouverte"]
    assert 160 <= len(opened) <= 200
    assert len({item.item.cip13 for item in opened}) == len(opened), "one open file a presentation"
    near = [
        line.planned_on - DAY for item in opened for line in item.versions_on(DAY)[-1].supplies if line.state == "Prévu"
    ]
    assert timedelta(days=2) in near
    assert min(near) < timedelta(0), "a promise passed without being confirmed"


def test_labels_of_the_shortage_list_may_contradict_their_code(tmp_path: Path) -> None:
    world = build_world(2026, DAY, "full")
    write_bdpm(tmp_path, world, build_declarations(world), Span(world.timeline, None, DAY))
    lines = (tmp_path / f"{DAY.isoformat()}_CIS_CIP_Dispo_Spec.txt").read_text("cp1252").splitlines()
    cells = [line.split("\t") for line in lines]
    assert any(cell[2] == "4" and "tension" in cell[3] for cell in cells)
    filled = sum(bool(cell[1]) for cell in cells)
    assert 0 < filled < len(cells) / 10, "most lines are about a whole speciality"


def test_story_12_a_stop_to_come_that_is_heavy_and_announced_late(demo_tables, demo_boxes) -> None:
    by_code = {row["stop_no"]: row for row in demo_tables["arrets_intention"]}
    assert len(by_code) == len(demo_tables["arrets_intention"]), "one line per number in one export"
    cis = {row["cip13"]: row["cis"] for row in demo_tables["bdpm_presentation"]}
    first = cis[demo_boxes[stories.ANNOUNCED_STOP_DCI][0]]
    (row,) = [row for row in by_code.values() if row["cis"] == first]
    assert row["stop_on"] == DAY + timedelta(days=stories.ANNOUNCED_IN)
    assert (row["stop_on"] - row["declared_on"]).days < 365
    assert row["share_town_pct"] > 40
    assert row["review"] == "à examiner"
    gone = [row for row in by_code.values() if row["stop_on"] <= DAY]
    assert [row["cis"] for row in gone] == [cis[demo_boxes[stories.STOPPED_DCI][0]]], "only story 7 has stopped"
    assert {bool(row["cis"]) for row in by_code.values()} == {True, False}


@pytest.mark.long
def test_exports_of_stops_add_up_month_after_month(tmp_path: Path, read_demo, demo_tables) -> None:
    """Deposited month by month or at once, the last word on each number is the same."""
    world = build_world(2026, DAY, "full")
    exports: tuple[tuple[str, tuple[date | None, ...]], ...] = (
        ("once", (None, DAY)),
        ("monthly", (None, *(DAY - timedelta(days=31 * k) for k in range(11, -1, -1)))),
    )
    for name, days in exports:
        for previous, day in pairwise(days):
            assert day
            write_arrets(tmp_path / name / "arrets", world, Span(world.timeline, previous, day))
    once, monthly = (read_demo(tmp_path / name)[0]["arrets_intention"] for name in ("once", "monthly"))
    last = {row["stop_no"]: {key: value for key, value in row.items() if key != "line"} for row in monthly}
    assert last == {row["stop_no"]: {key: value for key, value in row.items() if key != "line"} for row in once}
    assert len(monthly) > len(once), "some dates moved"


def test_story_18_dates_withdrawn(built_demo: Path) -> None:
    """The return and the second delivery are promised by the first version only; the first delivery stands."""
    rows = (
        Home(built_demo)
        .reader()
        .rows(
            "SELECT p.* FROM promise AS p INNER JOIN declaration AS d ON d.declaration_no = p.declaration_no"
            " WHERE d.dci_key = 'fluticasone' AND p.withdrawn_on IS NOT NULL"
        )
    )
    last = DAY - timedelta(days=stories.WITHDRAWN_AGES[1])
    assert {(row["promise"], row["supply_no"], row["withdrawn_on"]) for row in rows} == {
        ("retour", 0, last),
        ("approvisionnement", 2, last),
    }


def test_story_19_a_share_known_as_a_range(built_demo: Path) -> None:
    """13.3 % written, 33 + 19.8 + 17.1 + 16.7 % unknown: from nothing to all that is not absorbed."""
    rows = Home(built_demo).reader().rows("SELECT * FROM tipping WHERE dci_key = 'salbutamol'")
    assert [row["circuit"] for row in rows if row["may_tip"] and not row["is_tipping"]] == ["hôpital", "ville"]
    assert {(row["presentations"], row["unknown_presentations"], row["declared_share_pct"], row["declared_upper_pct"])
            for row in rows} == {(2, 1, 13.3, 100.0)}  # fmt: skip


def test_story_20_a_candidate_for_four_months(built_demo: Path) -> None:
    """Declared in March and in September of the year before: two months, the threshold, for a duty of two months."""
    (row,) = Home(built_demo).reader().rows("SELECT * FROM safety_candidate WHERE is_candidate")
    assert (row["dci"], row["declared_months"], row["ruptures"], row["duty_months"]) == ("metformine", 2, 2, 2)
    assert row["last_declared_on"] == date(DAY.year - 1, *stories.REPEATED_ON[-1])
