"""The demo world: same day, same files; what the story lines tell is really in the files, read by the real readers."""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from stdnum import ean
from unidecode import unidecode

from connectors import base
from data.demo import __main__ as command
from data.demo import generate, stories
from data.demo.world import build_world
from data.plans import plans

DAY = date(2026, 11, 22)
LAST_WEEK = date(2026, 11, 9)  # S46, the last the wholesalers have published on the 22nd


def read(inbox: Path) -> tuple[dict[str, list[dict]], list[base.Reject]]:
    """Rows by table and rejects of every file under the inbox; a refused file raises."""
    rows, rejects = defaultdict(list), []
    for key, module in base.discover().items():
        for path in sorted((inbox / key).rglob("*.*")):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            for sheet in module.read(base.RawFile(key, path.name, path, datetime(2026, 11, 22, tzinfo=UTC), digest)):
                assert sheet.balanced
                rows[sheet.table] += sheet.rows
                rejects += sheet.rejects
    return rows, rejects


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    generate(folder, DAY, scale="small")
    return folder


@pytest.fixture(scope="module")
def loaded(inbox: Path) -> tuple[dict[str, list[dict]], list[base.Reject]]:
    return read(inbox)


@pytest.fixture(scope="module")
def tables(loaded) -> dict[str, list[dict]]:
    return loaded[0]


@pytest.fixture(scope="module")
def boxes() -> dict[str, list[str]]:
    """CIP13 of each group or DCI, tracked in the stock files."""
    found = defaultdict(list)
    for item in build_world(2026, DAY, "small").tracked:
        found[item.molecule.key].append(item.cip13)
    return found


def coverage(rows: list[dict], codes: list[str], week: date) -> float:
    """Days of current demand, recomputed by hand from the rows read."""
    mine = [row for row in rows if row["cip13"] in codes]
    stock = sum(row["stock_boxes"] for row in mine if row["week"] == week)
    weeks = {week - timedelta(weeks=k) for k in range(4)}
    return stock / (sum(row["sales_boxes"] for row in mine if row["week"] in weeks) / 28)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_day_gives_the_same_bytes(inbox: Path, tmp_path: Path) -> None:
    generate(tmp_path, DAY, scale="small")
    assert contents(tmp_path) == contents(inbox)


def test_another_seed_gives_another_world(inbox: Path, tmp_path: Path) -> None:
    generate(tmp_path, DAY, scale="small", seed=7)
    name = next(name for name in contents(inbox) if "iqvia" in name)
    assert contents(tmp_path)[name] != contents(inbox)[name]


def test_everything_lands_in_the_demo_folder_of_a_source(inbox: Path) -> None:
    places = {Path(name).parts[:2] for name in contents(inbox)}
    assert places == {(key, "demo") for key in base.discover()}


def test_day_by_day_adds_up_to_the_whole(tables, tmp_path: Path) -> None:
    """Files of three days of deposit hold the same rows as one deposit of everything."""
    previous = None
    for back in (28, 6, 0):
        day = DAY - timedelta(days=back)
        generate(tmp_path, day, scale="small", anchor=DAY, previous=previous)
        previous = day
    apart, _ = read(tmp_path)
    for table in ("pointstock_stock", "tracstocks_stock", "tracstocks_supply", "iqvia_coverage", "openhealth_sales"):
        assert Counter(map(plain, apart[table])) == Counter(map(plain, tables[table]))
    last = max(path.name for path in (tmp_path / "trustmed").rglob("*.xlsx"))
    assert last == f"trustmed_{DAY.isoformat()}.xlsx"
    photographs = {row["photograph_on"] for row in tables["bdpm_availability"]}
    assert {row["photograph_on"] for row in apart["bdpm_availability"]} == photographs


def plain(row: dict) -> tuple:
    return tuple((name, str(value)) for name, value in row.items() if name != "line")


def test_an_earlier_day_knows_nothing_later(tmp_path: Path) -> None:
    early = DAY - timedelta(days=10)
    generate(tmp_path, early, scale="small", anchor=DAY)
    rows, _ = read(tmp_path)
    assert max(row["version_on"] for row in rows["trustmed_version"]) <= early
    assert max(row["photograph_on"] for row in rows["bdpm_availability"]) <= early
    for table in ("pointstock_stock", "tracstocks_stock", "iqvia_coverage"):
        assert max(row["week"] for row in rows[table]) + timedelta(days=7) <= early


def test_the_world_goes_on_after_the_anchor_and_then_stops(tmp_path: Path) -> None:
    written = generate(tmp_path, DAY + timedelta(days=5), scale="small", anchor=DAY, previous=DAY)
    houses = [path for path in written if "pointstock" in path.name]
    assert len(houses) == 7, "the wholesaler that was missing sends its next file"
    with pytest.raises(ValueError, match="no demo file"):
        generate(tmp_path, DAY + timedelta(days=57), scale="small", anchor=DAY, previous=DAY)


def test_codes_are_valid_and_names_invented(tables) -> None:
    codes = {row["cip13"] for row in tables["bdpm_presentation"]}
    assert len(codes) == len(tables["bdpm_presentation"])
    assert all(ean.is_valid(code) and code.startswith("3400999") for code in codes)
    assert {row["cip7"] for row in tables["bdpm_presentation"]} == {code[5:12] for code in codes}
    assert all(row["cis"].startswith("9") for row in tables["bdpm_speciality"])
    holders = {row["holder"].strip() for row in tables["bdpm_speciality"]}
    declared = {row["laboratory"] for row in tables["trustmed_version"] + tables["tracstocks_stock"]}
    assert all(re.fullmatch("LABORATOIRE [A-X]", name) for name in holders | declared)
    assert {row["cip13"] for row in tables["tracstocks_stock"] + tables["trustmed_version"]} <= codes


def test_each_presentation_is_caught_by_its_group_alone() -> None:
    groups = [group for plan in plans() for group in plan.groups]
    followed = [item for item in build_world(2026, DAY, "full").presentations if item.molecule.group]
    assert {item.molecule.group for item in followed} == {group.id for group in groups}
    for item in followed:
        name = unidecode(item.denomination).lower()
        caught = [
            group.id
            for group in groups
            if unidecode(group.dci) == unidecode(item.molecule.dci)
            and re.search(unidecode(group.form), name, re.IGNORECASE)
            and re.search(unidecode(group.strength), name, re.IGNORECASE)
        ]
        assert caught == [item.molecule.group], item.denomination


def test_laboratories_of_groups_exercise_secrecy() -> None:
    items = [item for item in build_world(2026, DAY, "full").tracked if item.molecule.group]
    laboratories = defaultdict(set)
    for item in items:
        laboratories[item.molecule.group].add(item.laboratory)
    assert len(laboratories["dantrolene-inj"]) == 2
    lithium = [item for item in items if item.molecule.group == "lithium-250"]
    assert len(laboratories["lithium-250"]) >= 3
    assert sum(item.share for item in lithium if item.laboratory == lithium[0].laboratory) > 0.85


def test_salts_are_published_with_their_moiety(tables) -> None:
    lines = [row for row in tables["bdpm_composition"] if row["cis"] == tables["bdpm_composition"][0]["cis"]]
    assert [(row["substance"], row["nature"]) for row in lines] == [
        ("AMOXICILLINE", "FT"),
        ("AMOXICILLINE TRIHYDRATÉE", "SA"),
    ]
    assert len({row["link_no"] for row in lines}) == 1


def test_files_of_the_public_database_have_its_bytes(inbox: Path) -> None:
    folder = inbox / "bdpm" / "demo"
    boxes = (folder / "CIS_CIP_bdpm.txt").read_bytes()
    assert b"\r" not in boxes
    assert re.search(rb"\t65%\t.*\n.*\t65 %\t", boxes)
    specialities = (folder / "CIS_bdpm.txt").read_bytes()
    assert b"\r\n" in specialities
    assert "comprimé".encode("cp1252") in specialities
    assert b"\t LABORATOIRE " in specialities
    assert b"https://exemple.invalid/" in (folder / f"{DAY.isoformat()}_CIS_CIP_Dispo_Spec.txt").read_bytes()


def test_shortage_list_moves_between_photographs(tables) -> None:
    by_day = defaultdict(set)
    for row in tables["bdpm_availability"]:
        by_day[row["photograph_on"]].add((row["cis"], row["cip13"], row["code"]))
    days = sorted(by_day)
    assert days[-1] == DAY
    assert len(days) >= 8
    assert by_day[days[-1]] != by_day[days[-8]]
    assert {code for _, _, code in by_day[DAY]} == {"1", "2", "3", "4"}
    assert any(cis not in {row["cis"] for row in tables["bdpm_speciality"]} for cis, _, _ in by_day[DAY])


# Story lines


def test_story_1_national_tension(tables, boxes) -> None:
    codes = boxes[stories.NATIONAL]
    assert coverage(tables["tracstocks_stock"], codes, LAST_WEEK) == pytest.approx(11, abs=0.5)
    wholesalers = tables["pointstock_stock"]
    assert 3.6 < coverage(wholesalers, codes, LAST_WEEK - timedelta(weeks=1)) < 4.4
    last = [row for row in wholesalers if row["week"] == LAST_WEEK - timedelta(weeks=1) and is_missing_house(row)]
    carried = [*wholesalers, *({**row, "week": LAST_WEEK} for row in last)]
    assert coverage(carried, codes, LAST_WEEK) == pytest.approx(2.4, abs=0.2)
    assert national(tables, stories.NATIONAL) == pytest.approx(2.6, abs=0.1)


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


def test_story_2_diffuse_tension(tables) -> None:
    assert national(tables, stories.DIFFUSE) == pytest.approx(4.5, abs=0.1)
    low = [code for code, days in departments(tables, stories.DIFFUSE, LAST_WEEK).items() if days < 3]
    assert sorted(low) == sorted(stories.DIFFUSE_DEPARTMENTS)
    assert len(low) >= 31


def test_story_3_only_corsica_and_reunion(tables) -> None:
    assert national(tables, stories.LOCAL) >= 7
    for back in range(4):
        days = departments(tables, stories.LOCAL, LAST_WEEK - timedelta(weeks=back))
        assert {code for code, value in days.items() if value < 3} == {"2A", "2B", "974"}


def test_story_4_missing_and_unlisted_wholesalers(tables, boxes) -> None:
    last, unlisted = {}, {}
    for row in tables["pointstock_stock"]:
        last[row["wholesaler"]] = max(row["week"], last.get(row["wholesaler"], row["week"]))
        if row["cip13"] in boxes[stories.UNLISTED_GROUP]:
            unlisted[row["wholesaler"]] = max(row["week"], unlisted.get(row["wholesaler"], row["week"]))
    assert {name for name, week in last.items() if week < LAST_WEEK} == {"GROSSISTE C"}
    assert last["GROSSISTE C"] == LAST_WEEK - timedelta(weeks=1)
    assert unlisted["GROSSISTE F"] == LAST_WEEK - timedelta(weeks=3)
    assert unlisted["GROSSISTE A"] == LAST_WEEK


def versions_of(tables, codes: list[str], laboratory: str = "") -> dict[str, list[dict]]:
    found = defaultdict(list)
    for row in tables["trustmed_version"]:
        if row["cip13"] in codes and laboratory in row["laboratory"]:
            found[row["declaration_no"]].append(row)
    return found


def test_story_5_a_laboratory_that_keeps_postponing(tables, boxes) -> None:
    found = versions_of(tables, boxes[stories.POSTPONING_GROUP], stories.POSTPONING_LABORATORY)
    ((number, versions),) = found.items()
    returns = [row["expected_return_on"] for row in sorted(versions, key=lambda row: row["version_no"])]
    supplies = [row for row in tables["trustmed_supply"] if row["declaration_no"] == number]
    planned = [row["planned_on"] for row in sorted(supplies, key=lambda row: row["version_no"])]
    assert len(returns) == len(planned) == 5
    for promised in (returns, planned):
        slips = [(after - before).days for before, after in zip(promised, promised[1:], strict=False)]
        assert all(14 <= slip <= 35 for slip in slips)


def test_story_6_small_declarations_add_up(tables, boxes) -> None:
    shares = [versions[-1]["share_town_pct"] for versions in versions_of(tables, boxes[stories.TIPPING_DCI]).values()]
    assert len(shares) == 5
    assert all(9 <= share <= 16 for share in shares)
    assert sum(shares) == pytest.approx(64)


def test_story_7_a_discontinuation_loads_the_others(tables, boxes) -> None:
    stopped, *others = boxes[stories.STOPPED_DCI]
    rows = {(row["cip13"], row["week"]): row for row in tables["tracstocks_stock"]}
    assert rows[stopped, LAST_WEEK]["stock_boxes"] == rows[stopped, LAST_WEEK]["sales_boxes"] == 0
    late = [LAST_WEEK - timedelta(weeks=k) for k in range(4)]
    early = [LAST_WEEK - timedelta(weeks=k) for k in range(16, 28)]
    now, before = (sum(rows[c, week]["sales_boxes"] for c in others for week in weeks) for weeks in (late, early))
    assert (now / 4) / (before / 12) == pytest.approx(1.4, abs=0.08)
    cis = next(row["cis"] for row in tables["bdpm_presentation"] if row["cip13"] == stopped)
    codes = {row["code"] for row in tables["bdpm_availability"] if row["cis"] == cis and row["photograph_on"] == DAY}
    assert codes == {"3"}


def test_story_8_an_irrelevant_reference_and_its_correction(tables, boxes) -> None:
    rows = [row for row in tables["tracstocks_stock"] if row["cip13"] in boxes[stories.CAMPAIGN_DCI]]
    last = [row for row in rows if row["week"] == LAST_WEEK]
    declared, real = (sum(row[name] for row in last) for name in ("usual_monthly_sales_boxes", "sales_4w_boxes"))
    assert real * 52 / 48 / declared == pytest.approx(6, abs=0.5)
    decided = {row["link"]: row for row in tables["references_manual"]}
    assert set(decided) == {"exploitants", "grossistes"}
    assert decided["exploitants"]["subject_id"] == "dci:antigene-meningococcique-fictif"
    assert decided["exploitants"]["monthly_boxes"] == pytest.approx(6 * declared, rel=0.01)


def test_story_9_a_late_source(tables) -> None:
    assert max(row["week"] for row in tables["openhealth_sales"]) == LAST_WEEK - timedelta(weeks=3)


def test_story_10_lines_to_set_aside(loaded) -> None:
    _, rejects = loaded
    assert len(rejects) == 10
    assert Counter(reject.column for reject in rejects)["CIP13"] == 3


@pytest.mark.parametrize("day", [date(2027, 1, 5), date(2026, 8, 10)], ids=["after week 53", "a Monday in a heat wave"])
def test_stories_hold_for_another_day(day: date, tmp_path: Path) -> None:
    generate(tmp_path, day, scale="small")
    rows, rejects = read(tmp_path)
    assert len(rejects) == 10
    last = max(row["week"] for row in rows["pointstock_stock"])
    assert 8 <= (day - last).days <= 15
    seen = {row["wholesaler"] for row in rows["pointstock_stock"] if row["week"] == last}
    assert len(seen) == 6
    assert "GROSSISTE C" not in seen
    assert max(row["week"] for row in rows["openhealth_sales"]) == last - timedelta(weeks=3)


# Panels, health, weather, movements


def test_off_panel_departments_are_absent_not_zero(tables) -> None:
    seen = {row["territory"] for row in tables["iqvia_coverage"] if row["level"] == "departement"}
    assert len(seen) == 99
    assert not seen & {"973", "976"}
    assert "94" not in {row["region"] for row in tables["openhealth_sales"]}
    assert len({row["region"] for row in tables["openhealth_sales"]}) == 12


def test_some_departments_are_under_the_reliability_floor(tables) -> None:
    last = [row for row in tables["iqvia_coverage"] if row["level"] == "departement" and row["week"] == LAST_WEEK]
    assert any(row["sales_boxes"] < 20 for row in last)
    assert sum(row["sales_boxes"] < 20 for row in last) < len(last) / 2


def test_epidemics_rise_and_missing_sos_is_null(tables) -> None:
    flu = {
        row["week"]: row["er_rate"]
        for row in tables["spf_activity"]
        if (row["indicator"], row["territory"], row["age_class"]) == ("grippe", "FR", "Tous âges")
    }
    rates = [flu[LAST_WEEK - timedelta(weeks=k)] for k in range(4)]
    assert rates == sorted(rates, reverse=True)
    lozere = [row["sos_rate"] for row in tables["spf_activity"] if row["territory"] == "48"]
    assert lozere
    assert set(lozere) == {None}
    assert {row["territory"] for row in tables["spf_activity"] if row["level"] == "departement"} >= {"976", "2A", "75"}
    assert {row["alert_level"] for row in tables["spf_regional_alert"]} == {1, 2, 3, 4}


def test_heat_is_absent_out_of_season(tables) -> None:
    heat = {row["issued_at"].date() for row in tables["vigilance_level"] if row["phenomenon"] == "6"}
    every = {row["issued_at"].date() for row in tables["vigilance_level"]}
    assert DAY in every
    assert DAY not in heat
    assert {row["colour_id"] for row in tables["vigilance_level"] if row["phenomenon"] == "6"} == {1, 2, 3, 4}


def test_something_moved_yesterday_last_week_and_last_month() -> None:
    from data.demo.declarations import build_declarations

    declarations = build_declarations(build_world(2026, DAY, "full"))
    for days in (1, 7, 28):
        recent = [
            (rank, version)
            for item in declarations
            for rank, version in enumerate(item.known_on(DAY))
            if version.on > DAY - timedelta(days=days)
        ]
        assert any(rank == 0 for rank, _ in recent)
        assert any(rank > 0 and version.status == "Ouverte" for rank, version in recent)
        assert any(version.status == "Clôturée" for _, version in recent)
    opened = [item for item in declarations if item.known_on(DAY) and item.known_on(DAY)[-1].status == "Ouverte"]
    assert 160 <= len(opened) <= 200
    assert len({item.item.cip13 for item in opened}) == len(opened), "one open file a presentation"
    near = [
        line.planned_on - DAY for item in opened for line in item.known_on(DAY)[-1].supplies if line.state == "Prévu"
    ]
    assert timedelta(days=2) in near
    assert min(near) < timedelta(0), "a promise passed without being confirmed"


def test_versions_and_promises_are_coherent(tables) -> None:
    for number, versions in group_by_number(tables["trustmed_version"]).items():
        dates = [row["version_on"] for row in versions]
        assert dates == sorted(set(dates)), number
        assert [row["version_no"] for row in versions] == list(range(1, len(versions) + 1))
        assert all(row["status"] == "ouverte" for row in versions[:-1])


def group_by_number(rows: list[dict]) -> dict[str, list[dict]]:
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["version_no"]):
        found[row["declaration_no"]].append(row)
    return found


def test_small_world_is_quick(tmp_path: Path) -> None:
    """About 2.5 s of processor alone on the machine; the bound leaves room for a busy one."""
    start = time.process_time()
    generate(tmp_path, DAY, scale="small")
    assert time.process_time() - start < 8


def test_command_remembers_its_anchor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert command.main([*home, "--until", "2026-11-18", "--small"]) == 0
    before = set(contents(tmp_path))
    assert command.main([*home, "--until", "2026-11-24", "--since-last"]) == 0
    added = set(contents(tmp_path)) - before
    assert {Path(name).name for name in added if "pointstock" in name} == {
        f"pointstock_grossiste-{letter}_2026-S47.xlsx" for letter in "abcdefg"
    }
    assert command.main([*home, "--until", "2028-01-01", "--since-last"]) == 2
    assert "Rien d'écrit" in capsys.readouterr().err
