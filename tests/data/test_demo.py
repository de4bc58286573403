"""The demo world: same day, same files; an earlier day knows less; formats, codes and names are what they should be."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from stdnum import ean

from connectors import base
from connectors.language.folding import unaccented
from data.demo import __main__ as command
from data.demo import generate
from data.demo.generate import writers
from data.demo.world import build_world
from data.reference.plans import plans

DAY = date(2026, 11, 22)
LAST_WEEK = date(2026, 11, 9)  # S46, the last the wholesalers have published on the 22nd


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_day_gives_the_same_bytes(demo_inbox: Path, tmp_path: Path) -> None:
    generate(tmp_path, DAY, scale="small")
    assert contents(tmp_path) == contents(demo_inbox)


@pytest.mark.long
def test_another_seed_gives_another_world(demo_inbox: Path, tmp_path: Path) -> None:
    generate(tmp_path, DAY, scale="small", seed=7)
    name = next(name for name in contents(demo_inbox) if "iqvia" in name)
    assert contents(tmp_path)[name] != contents(demo_inbox)[name]


def test_everything_lands_in_the_demo_folder_of_a_source(demo_inbox: Path) -> None:
    places = {Path(name).parts[:2] for name in contents(demo_inbox)}
    assert places == {(key, "demo") for key in base.discover()}


def test_each_source_has_one_writer_and_no_writer_is_of_something_else() -> None:
    assert list(writers()) == list(base.discover())


@pytest.mark.long
def test_day_by_day_adds_up_to_the_whole(demo_tables, tmp_path: Path, read_demo) -> None:
    """Files of three days of deposit hold the same rows as one deposit of everything."""
    previous = None
    for back in (28, 6, 0):
        day = DAY - timedelta(days=back)
        generate(tmp_path, day, scale="small", anchor=DAY, previous=previous)
        previous = day
    apart, _ = read_demo(tmp_path)
    for table in (
        "grossistes_stock",
        "pointstock_stock",
        "tracstocks_stock",
        "tracstocks_supply",
        "iqvia_coverage",
        "openhealth_sales",
    ):
        assert Counter(map(plain, apart[table])) == Counter(map(plain, demo_tables[table]))
    last = max(path.name for path in (tmp_path / "trustmed").rglob("*.xlsx"))
    assert last == f"trustmed_{DAY.isoformat()}.xlsx"
    photographs = {row["photograph_on"] for row in demo_tables["bdpm_availability"]}
    assert {row["photograph_on"] for row in apart["bdpm_availability"]} == photographs


def plain(row: dict) -> tuple:
    return tuple((name, str(value)) for name, value in row.items() if name != "line")


def test_an_earlier_day_knows_nothing_later(tmp_path: Path, read_demo) -> None:
    early = DAY - timedelta(days=10)
    generate(tmp_path, early, scale="small", anchor=DAY)
    rows, _ = read_demo(tmp_path)
    assert max(row["version_on"] for row in rows["trustmed_version"]) <= early
    assert max(row["photograph_on"] for row in rows["bdpm_availability"]) <= early
    for table in ("grossistes_stock", "pointstock_stock", "tracstocks_stock", "iqvia_coverage"):
        assert max(row["week"] for row in rows[table]) + timedelta(days=7) <= early


def test_the_world_goes_on_after_the_anchor_and_then_stops(tmp_path: Path) -> None:
    written = generate(tmp_path, DAY + timedelta(days=5), scale="small", anchor=DAY, previous=DAY)
    houses = [path for path in written if "hebdo" in path.name]
    assert len(houses) == 7, "the wholesaler that was missing sends its next file"
    with pytest.raises(ValueError, match="no demo file"):
        generate(tmp_path, DAY + timedelta(days=57), scale="small", anchor=DAY, previous=DAY)


def test_codes_are_valid_and_names_invented(demo_tables) -> None:
    codes = {row["cip13"] for row in demo_tables["bdpm_presentation"]}
    assert len(codes) == len(demo_tables["bdpm_presentation"])
    assert all(ean.is_valid(code) and code.startswith("3400999") for code in codes)
    assert {row["cip7"] for row in demo_tables["bdpm_presentation"]} == {code[5:12] for code in codes}
    assert all(row["cis"].startswith("9") for row in demo_tables["bdpm_speciality"])
    holders = {row["holder"].strip() for row in demo_tables["bdpm_speciality"]}
    declared = {row["laboratory"] for row in demo_tables["trustmed_version"] + demo_tables["tracstocks_stock"]}
    assert all(re.fullmatch("LABORATOIRE [A-X]", name) for name in holders | declared)
    assert {row["cip13"] for row in demo_tables["tracstocks_stock"] + demo_tables["trustmed_version"]} <= codes


def test_each_presentation_is_caught_by_its_group_alone() -> None:
    groups = [group for plan in plans() for group in plan.groups]
    followed = [item for item in build_world(2026, DAY, "full").presentations if item.molecule.group]
    assert {item.molecule.group for item in followed} == {group.id for group in groups}
    for item in followed:
        name = unaccented(item.denomination).lower()
        caught = [
            group.id
            for group in groups
            if unaccented(group.dci) == unaccented(item.molecule.dci)
            and re.search(unaccented(group.form), name, re.IGNORECASE)
            and group.has_strength_of(item.denomination)
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


def test_salts_are_published_with_their_moiety(demo_tables) -> None:
    lines = [row for row in demo_tables["bdpm_composition"] if row["cis"] == demo_tables["bdpm_composition"][0]["cis"]]
    assert [(row["substance"], row["nature"]) for row in lines] == [
        ("AMOXICILLINE", "FT"),
        ("AMOXICILLINE TRIHYDRATÉE", "SA"),
    ]
    assert len({row["link_no"] for row in lines}) == 1


def test_files_of_the_public_database_have_its_bytes(demo_inbox: Path) -> None:
    folder = demo_inbox / "bdpm" / "demo"
    boxes = (folder / "CIS_CIP_bdpm.txt").read_bytes()
    assert b"\r" not in boxes
    assert re.search(rb"\t65%\t.*\n.*\t65 %\t", boxes)
    specialities = (folder / "CIS_bdpm.txt").read_bytes()
    assert b"\r\n" in specialities
    assert "comprimé".encode("cp1252") in specialities
    assert b"\t LABORATOIRE " in specialities
    assert b"https://exemple.invalid/" in (folder / f"{DAY.isoformat()}_CIS_CIP_Dispo_Spec.txt").read_bytes()


def test_shortage_list_moves_between_photographs(demo_tables) -> None:
    by_day = defaultdict(set)
    for row in demo_tables["bdpm_availability"]:
        by_day[row["photograph_on"]].add((row["cis"], row["cip13"], row["code"]))
    days = sorted(by_day)
    assert days[-1] == DAY
    assert len(days) >= 8
    assert by_day[days[-1]] != by_day[days[-8]]
    assert {code for _, _, code in by_day[DAY]} == {"1", "2", "3", "4"}
    assert any(cis not in {row["cis"] for row in demo_tables["bdpm_speciality"]} for cis, _, _ in by_day[DAY])


def test_off_panel_departments_are_absent_not_zero(demo_tables) -> None:
    seen = {row["territory"] for row in demo_tables["iqvia_coverage"] if row["level"] == "departement"}
    assert len(seen) == 99
    assert not seen & {"973", "976"}
    assert "94" not in {row["region"] for row in demo_tables["openhealth_sales"]}
    assert len({row["region"] for row in demo_tables["openhealth_sales"]}) == 12


def test_some_departments_are_under_the_reliability_floor(demo_tables) -> None:
    last = [row for row in demo_tables["iqvia_coverage"] if row["level"] == "departement" and row["week"] == LAST_WEEK]
    assert any(row["sales_boxes"] < 20 for row in last)
    assert sum(row["sales_boxes"] < 20 for row in last) < len(last) / 2


def test_epidemics_rise_and_missing_sos_is_null(demo_tables) -> None:
    flu = {
        row["week"]: row["er_rate"]
        for row in demo_tables["spf_activity"]
        if (row["indicator"], row["territory"], row["age_class"]) == ("grippe", "FR", "Tous âges")
    }
    rates = [flu[LAST_WEEK - timedelta(weeks=k)] for k in range(4)]
    assert rates == sorted(rates, reverse=True)
    lozere = [row["sos_rate"] for row in demo_tables["spf_activity"] if row["territory"] == "48"]
    assert lozere
    assert set(lozere) == {None}
    assert {row["territory"] for row in demo_tables["spf_activity"] if row["level"] == "departement"} >= {
        "976",
        "2A",
        "75",
    }
    assert {row["alert_level"] for row in demo_tables["spf_regional_alert"]} == {1, 2, 3, 4}


def test_heat_is_absent_out_of_season(demo_tables) -> None:
    heat = {row["issued_at"].date() for row in demo_tables["vigilance_level"] if row["phenomenon"] == "6"}
    every = {row["issued_at"].date() for row in demo_tables["vigilance_level"]}
    assert DAY in every
    assert DAY not in heat
    assert {row["colour_id"] for row in demo_tables["vigilance_level"] if row["phenomenon"] == "6"} == {1, 2, 3, 4}


def test_versions_and_promises_are_coherent(demo_tables) -> None:
    for number, versions in group_by_number(demo_tables["trustmed_version"]).items():
        dates = [row["version_on"] for row in versions]
        assert dates == sorted(set(dates)), number
        assert [row["version_no"] for row in versions] == list(range(1, len(versions) + 1))
        assert all(row["status"] == "ouverte" for row in versions[:-1])


def group_by_number(rows: list[dict]) -> dict[str, list[dict]]:
    by_number = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["version_no"]):
        by_number[row["declaration_no"]].append(row)
    return by_number


def test_small_world_is_quick(tmp_path: Path) -> None:
    """About 2.5 s of processor alone on the machine; the bound leaves room for a busy one."""
    start = time.process_time()
    generate(tmp_path, DAY, scale="small")
    assert time.process_time() - start < 8


@pytest.mark.long
def test_command_remembers_its_anchor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert command.main([*home, "--until", "2026-11-18", "--small"]) == 0
    before = set(contents(tmp_path))
    assert command.main([*home, "--until", "2026-11-24", "--since-last"]) == 0
    added = set(contents(tmp_path)) - before
    assert {Path(name).name for name in added if "hebdo" in name} == {
        f"hebdo_grossiste-{letter}_2026-S47.xlsx" for letter in "abcdefg"
    }
    assert command.main([*home, "--until", "2028-01-01", "--since-last"]) == 2
    assert "Rien d'écrit" in capsys.readouterr().err
