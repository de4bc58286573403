"""Reimbursed boxes, units of hospital pharmacies and incidence, on numbers that can be checked by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from data.demo.old_workbook import old_workbook
from tests.conftest import Home
from tests.referential import files, simple

TABLES = (
    "reimbursed_monthly",
    "reimbursed_yearly",
    "reimbursed_region_yearly",
    "reimbursed_market",
    "reimbursed_source",
)
pytestmark = pytest.mark.computes(
    *TABLES, "reimbursed_presentation_yearly", "reimbursed_unmatched", "retroceded_yearly", "incidence_weekly"
)

NAME = "AMOXICILLINE LABORATOIRE {} 500 mg/5 ml, poudre pour suspension buvable"
AMOX = simple("90000001", NAME.format("A"), "AMOXICILLINE")
OTHER = simple("90000002", NAME.format("B"), "AMOXICILLINE", "LABORATOIRE B")
ABSENT = "3400921600506"  # not in the referential
GROUP, DCI = "amoxicilline-susp-500", "dci:amoxicilline"
MEDICAM = "_medic-am-par-type-de-prescripteur_serie-mensuelle.xls"
OPEN_MEDIC = "CIP13;l_cip13;age;sexe;BEN_REG;PSP_SPE;BOITES;REM;BSE"


@pytest.fixture
def known(home: Home) -> Home:
    for name, content in files([AMOX, OTHER]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def medicam(
    home: Home, name: str, months: Iterable[str], boxes: dict[str, list[float | None]], who: str = "tous"
) -> None:
    """A half-year: boxes of each month by presentation."""
    titles = ["CIP13", "NOM COURT", *(f"Nombre de boites remboursées\n{month}" for month in months)]
    lines: list[list[Any]] = [[float(code), "X", *counts] for code, counts in boxes.items()]
    path = home.path / "inbox" / "medicam" / f"{name}{MEDICAM}"
    path.parent.mkdir(parents=True, exist_ok=True)
    sheets: dict[str, list[list[Any]]] = {"MedicAM_tous_presc": [titles, *lines]}
    if who != "tous":
        sheets[f"MedicAM_{who}"] = [titles, *lines]
    path.write_bytes(old_workbook(sheets))


def open_medic(home: Home, year: int, lines: Iterable[str]) -> None:
    home.drop_text("openmedic", f"OPEN_MEDIC_{year}.CSV", "\n".join([OPEN_MEDIC, *lines, ""]))


def rows(home: Home, sql: str, **values: Any) -> list[dict[str, Any]]:
    return home.reader().rows(sql, **values)


def months_of(year: int) -> list[str]:
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def test_boxes_of_a_group_are_those_of_its_presentations(known: Home) -> None:
    medicam(
        known, "2026-01-a-02", ["2026-01", "2026-02"], {AMOX.cip13: [100, 50], OTHER.cip13: [20, None], ABSENT: [7, 7]}
    )
    known.refresh()
    found = rows(known, "SELECT * FROM reimbursed_monthly WHERE subject_id = $s ORDER BY month", s=GROUP)
    assert [(row["boxes"], row["presentations"], row["hospital_boxes"]) for row in found] == [
        (120, 2, None),
        (50, 1, None),
    ]
    assert {row["season_index"] for row in found} == {None}


def test_the_file_that_goes_furthest_is_in_force_whatever_the_order_of_reception(known: Home) -> None:
    medicam(known, "2026-01-a-02", ["2026-01", "2026-02"], {AMOX.cip13: [110, 60]})
    known.refresh()
    medicam(known, "2026-01-a-01", ["2026-01"], {AMOX.cip13: [100], OTHER.cip13: [5]})  # older, received later
    known.refresh()
    found = rows(known, "SELECT boxes FROM reimbursed_monthly WHERE subject_id = $s ORDER BY month", s=GROUP)
    assert [row["boxes"] for row in found] == [110, 60]


def test_the_season_is_the_mean_of_whole_years_before_the_last_month(known: Home) -> None:
    # 2024: 1 200 boxes, 200 in January; 2025: 2 400 boxes, 600 in January: indices 200 and 300, 250 on average.
    medicam(known, "2024-01-a-12", months_of(2024), {AMOX.cip13: [200, *[100] * 10, 0]})
    medicam(known, "2025-01-a-12", months_of(2025), {AMOX.cip13: [600, *[180] * 10, 0]})
    known.refresh()
    found = rows(known, "SELECT * FROM reimbursed_season WHERE subject_id = $s ORDER BY calendar_month", s=GROUP)
    assert [(row["calendar_month"], row["season_index"], row["season_years"]) for row in found[:2]] == [
        (1, 250, 2),
        (2, 95, 2),
    ]
    assert (found[11]["season_index"], found[0]["is_high"], found[1]["is_high"]) == (0, True, False)
    january = rows(known, "SELECT * FROM reimbursed_monthly WHERE subject_id = $s AND month = '2025-01-01'", s=GROUP)
    assert (january[0]["year_before_boxes"], january[0]["change_pct"], january[0]["season_index"]) == (200, 200, 250)


def test_a_year_that_lacks_a_month_has_no_season(known: Home) -> None:
    medicam(known, "2025-01-a-12", [*months_of(2025)[:5], *months_of(2025)[6:]], {AMOX.cip13: [100] * 11})
    known.refresh()
    assert rows(known, "SELECT * FROM reimbursed_season") == []
    assert len(rows(known, "SELECT * FROM reimbursed_monthly WHERE subject_id = $s", s=GROUP)) == 11


def test_boxes_by_region_and_for_100_000_inhabitants(known: Home) -> None:
    open_medic(
        known,
        2024,
        [
            f"{AMOX.cip13};X;0;1;11;1;121.749;10;20",  # Île-de-France: 12 174 880 inhabitants
            f"{AMOX.cip13};X;60;2;93;1;100;10;20",
            f"{OTHER.cip13};X;60;9;5;1;50;10;20",
            f"{OTHER.cip13};X;99;2;99;1;1;10;20",
        ],
    )
    known.refresh()
    found = {
        r["region"]: r for r in rows(known, "SELECT * FROM reimbursed_region_yearly WHERE subject_id = $s", s=GROUP)
    }
    assert (found["11"]["boxes"], found["11"]["boxes_per_100k"]) == (121_749, 1000.0)
    # Corsica has no line of its own: its inhabitants are counted with those of Provence.
    people = rows(known, "SELECT SUM(population) AS n FROM department WHERE region IN ('93', '94')")[0]["n"]
    assert (found["93"]["inhabitants"], found["93"]["region_name"]) == (people, "Provence-Alpes-Côte d'Azur et Corse")
    assert "94" not in found
    # Overseas: the population of Mayotte is not known, so that of all is not; the boxes are kept.
    assert (found["5"]["boxes"], found["5"]["inhabitants"], found["5"]["boxes_per_100k"]) == (50, None, None)
    assert (found["99"]["boxes"], found["99"]["ratio_pct"]) == (1, None)
    assert found["84"]["boxes_per_100k"] == 0
    assert sum(row["boxes"] for row in found.values()) == 121_900
    metropolitan = rows(
        known, "SELECT SUM(population) AS n FROM department WHERE region NOT IN ('01','02','03','04','06')"
    )
    national = 100_000 * 121_849 / metropolitan[0]["n"]
    assert found["11"]["national_per_100k"] == pytest.approx(national, abs=0.05)
    assert found["11"]["ratio_pct"] == pytest.approx(100 * 1000.0 / national, abs=0.1)


def test_corsica_apart_when_the_file_has_it(known: Home) -> None:
    open_medic(known, 2024, [f"{AMOX.cip13};X;0;1;93;1;10;1;1", f"{AMOX.cip13};X;0;1;94;1;10;1;1"])
    known.refresh()
    found = {
        r["region"]: r for r in rows(known, "SELECT * FROM reimbursed_region_yearly WHERE subject_id = $s", s=GROUP)
    }
    people = {
        code: rows(known, f"SELECT SUM(population) AS n FROM department WHERE region = '{code}'")[0]["n"]
        for code in ("93", "94")
    }
    assert {code: found[code]["inhabitants"] for code in ("93", "94")} == people


def test_a_year_by_age_and_sex_and_the_one_before(known: Home) -> None:
    open_medic(known, 2023, [f"{AMOX.cip13};X;0;1;11;1;50;10;20"])
    open_medic(
        known,
        2024,
        [
            f"{AMOX.cip13};X;0;1;11;1;40;1,5;20",
            f"{AMOX.cip13};X;0;1;11;90;10;1,5;20",
            f"{OTHER.cip13};X;60;2;84;1;25;1;2",
        ],
    )
    known.drop_text("openmedic", "NB_2024_cip13.CSV", f"CIP13;l_cip13;nbc;REM;BSE;BOITES\n{AMOX.cip13};X;31;1;1;50\n")
    known.refresh()
    year = rows(known, "SELECT * FROM reimbursed_yearly WHERE subject_id = $s AND year = 2024", s=DCI)[0]
    assert (year["boxes"], year["children_boxes"], year["elderly_boxes"], year["women_boxes"], year["men_boxes"]) == (
        75,
        50,
        25,
        25,
        50,
    )
    assert (year["year_before_boxes"], year["change_pct"], year["reimbursed_eur"]) == (50, 50, 4)
    found = rows(known, "SELECT * FROM reimbursed_presentation_yearly WHERE year = 2024 ORDER BY boxes")
    assert [(row["cip13"], row["boxes"], row["beneficiaries"]) for row in found] == [
        (OTHER.cip13, 25, None),
        (AMOX.cip13, 50, 31),
    ]


def test_a_presentation_out_of_the_referential_is_kept_and_counted(known: Home) -> None:
    open_medic(known, 2024, [f"{AMOX.cip13};X;0;1;11;1;30;1;1", f"{ABSENT};ANCIEN;0;1;11;1;10;1;1"])
    medicam(known, "2026-01-a-01", ["2026-01"], {AMOX.cip13: [95], ABSENT: [5]})
    known.refresh()
    found = rows(known, "SELECT * FROM reimbursed_source ORDER BY source_key")
    assert [(r["source_key"], r["period"], r["boxes"], r["unmatched_boxes"], r["unmatched_pct"]) for r in found] == [
        ("medicam", "2026-01 à 2026-01", 100, 5, 5),
        ("openmedic", "2024", 40, 10, 25),
    ]
    missed = rows(known, "SELECT * FROM reimbursed_unmatched ORDER BY source_key")
    assert [(row["cip13"], row["label"], row["boxes"]) for row in missed] == [(ABSENT, "X", 5), (ABSENT, "ANCIEN", 10)]


def test_market_shares_are_those_of_the_last_twelve_months_and_of_the_last_year(known: Home) -> None:
    medicam(known, "2025-01-a-12", months_of(2025), {AMOX.cip13: [1000, *[5] * 11], OTHER.cip13: [0, *[5] * 11]})
    medicam(known, "2026-01-a-01", ["2026-01"], {AMOX.cip13: [25], OTHER.cip13: [65]})
    open_medic(known, 2023, [f"{OTHER.cip13};X;0;1;11;1;900;1;1"])
    open_medic(
        known,
        2024,
        [f"{AMOX.cip13};X;0;1;11;1;30;1;1", f"{OTHER.cip13};X;0;1;84;1;10;1;1", f"{ABSENT};X;0;1;84;1;60;1;1"],
    )
    known.refresh()
    found = rows(known, "SELECT * FROM reimbursed_market WHERE subject_id = $s ORDER BY source_key, rank", s=GROUP)
    # February 2025 to January 2026: 55 + 25 boxes against 55 + 65; January 2025 is out.
    assert [(row["source_key"], row["holder"], row["boxes"], row["share_pct"]) for row in found] == [
        ("medicam", "LABORATOIRE B", 120, 60),
        ("medicam", "LABORATOIRE A", 80, 40),
        ("openmedic", "LABORATOIRE A", 30, 75),
        ("openmedic", "LABORATOIRE B", 10, 25),
    ]
    assert str(found[0]["first_month"])[:7] == "2025-02"
    assert str(found[2]["last_month"])[:7] == "2024-12"


def test_units_by_year_and_the_dci_read_in_their_name(known: Home, tmp_path: Any) -> None:
    titles = ["Code UCD", "Nom", "Nombre d'unités remboursées 2024", "Nombre d'unités remboursées 2025"]
    lines: list[list[Any]] = [
        [9400001, "AMOXICILLINE 1G INJ", 100, 150],
        [9400002, "ZZINCONNU 1MG", 10, 5],
        [None, "Sans code", 3, 4],
    ]
    path = known.path / "inbox" / "retrocedam" / "2024-a-2025_retroced-am.xls"
    path.parent.mkdir(parents=True)
    path.write_bytes(old_workbook({"UCD": [titles, *lines]}))
    known.refresh()
    found = rows(known, "SELECT * FROM retroceded_yearly WHERE year = 2025 ORDER BY units DESC")
    assert [(row["ucd"], row["units"], row["change_pct"], row["dci_key"]) for row in found] == [
        ("9400001", 150, 50, "amoxicilline"),
        ("9400002", 5, -50, None),
        (None, 4, None, None),
    ]


def test_incidence_keeps_its_interval_and_the_last_estimate_received(known: Home) -> None:
    titles = "week,indicator,inc,inc_low,inc_up,inc100,inc100_low,inc100_up,geo_insee,geo_name"
    first = ["202645,3,100,50,150,10,5,15,11,IDF", "202645,3,-,,,-,,,84,ARA"]
    known.drop_text("sentinelles", "incidence-RDD-3.csv", "\n".join(["# x", titles, *first, ""]))
    known.refresh()
    known.drop_text(
        "sentinelles",
        "incidence-RDD-3.csv",
        f"# x\n{titles}\n202646,3,70,1,140,7,0,14,11,IDF\n202645,3,120,60,180,12,6,18,11,IDF\n",
    )
    known.refresh()
    found = rows(known, "SELECT * FROM incidence_weekly ORDER BY region, week")
    assert [(r["region"], r["incidence"], r["incidence_low"], r["incidence_high"], r["is_last"]) for r in found] == [
        ("11", 12, 6, 18, False),
        ("11", 7, 0, 14, True),
        ("84", None, None, None, False),
    ]


@pytest.mark.parametrize("key", ["openmedic", "medicam", "retrocedam", "sentinelles", "spf"])
def test_a_source_that_is_turned_off_is_read_nowhere(known: Home, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(f"VIGISTOCK_SOURCES__{key.upper()}__ENABLED", "false")
    medicam(known, "2026-01-a-01", ["2026-01"], {AMOX.cip13: [95]})
    report = known.refresh()
    assert (report.error, report.published) == ("", True)
    assert key not in {line["key"] for line in report.sources}
    assert bool(rows(known, "SELECT * FROM reimbursed_monthly")) is (key != "medicam")
