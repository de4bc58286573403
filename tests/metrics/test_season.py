"""A season counted by hand: days under the band, declarations, measures; an unknown day is never a good one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from data.warehouse import Artefact
from metrics.plans import queries as plans
from tests.conftest import Home
from tests.referential import files, simple

DAY = date(2026, 11, 22)
LAST = date(2026, 11, 16)  # Monday of 2026-S47
PLAN, SEASON = "hivernal", "2026-2027"  # from 01/10/2026: 31 days of October and 22 of November, 53 on the day
LARGE, SMALL = "amoxicilline-susp-500", "amoxicilline-susp-250"
NAME = "AMOXICILLINE {} {} mg/5 ml, poudre pour suspension buvable"
A = simple("90000001", NAME.format("A", 500), "AMOXICILLINE")
B = simple("90000002", NAME.format("B", 500), "AMOXICILLINE", "LABORATOIRE B")
C = simple("90000003", NAME.format("C", 250), "AMOXICILLINE", "LABORATOIRE C")

# Weeks back and stock; 70 boxes sold a week, 10 a day. Bands of wholesalers: 10 and 3 days.
STOCKS = {9: 200, 8: 200, 7: 20, 6: 100, 5: 50, 4: 29, 1: 100, 0: 100}


def version(number: str, version_no: int, day: str, cip13: str, kind: str, status: str = "Ouverte") -> list[Any]:
    return [number, version_no, day, "LABORATOIRE A", cip13, kind, status, "Incident de production", "Ville", day]


VERSIONS = [
    version("D-0", 1, "15/09/2026", A.cip13, "Risque de rupture"),  # before the season, closed in it: 20 days
    version("D-0", 2, "05/10/2026", A.cip13, "Risque de rupture", "Close"),
    version("D-1", 1, "10/11/2026", A.cip13, "Risque de rupture"),  # open for 12 days
    version("D-2", 1, "14/11/2026", C.cip13, "Risque de rupture"),  # of another medicine, open for 8 days
    version("D-3", 1, "12/11/2026", B.cip13, "Risque de rupture"),  # open for 10 days
    version("D-4", 1, "20/10/2026", B.cip13, "Rupture de stock"),  # declared and closed in it: 10 days
    version("D-4", 2, "30/10/2026", B.cip13, "Rupture de stock", "Close"),
    version("D-9", 1, "01/08/2026", A.cip13, "Risque de rupture"),  # over before the season
    version("D-9", 2, "15/08/2026", A.cip13, "Risque de rupture", "Close"),
]
MEASURES = [
    ["D-0", 1, "Contingentement quantitatif", "En place", "16/09/2026"],  # until its declaration is closed
    ["D-1", 1, "Contingentement quantitatif", "En place", "12/11/2026"],
    ["D-2", 1, "Alternatives recommandées", "En place", None],  # in force, its start is not written
    ["D-3", 1, "Importation", "Demandée", None],  # not taken
    ["D-9", 1, "Mise à disposition", "En place", "02/08/2026"],  # over before the season
]


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("season") / "home")
    for name, content in files([A, B, C]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows = [[LAST - timedelta(weeks=back), "GROSSISTE A", A.cip13, None, stock, 70] for back, stock in STOCKS.items()]
    home.drop("pointstock", "p.xlsx", {"pointstock_stock": rows})
    # Of the other medicine, 150 boxes for 100 sold a week, 10.5 days; GROSSISTE D has not sent its last two weeks.
    both = [("GROSSISTE C", 100, 70, range(12)), ("GROSSISTE D", 50, 30, range(2, 12))]
    for name, stock, sales, weeks in both:
        sent = [[LAST - timedelta(weeks=back), name, C.cip13, None, stock, sales] for back in weeks]
        home.drop("pointstock", f"{name}.xlsx", {"pointstock_stock": sent})
    home.drop("trustmed", "t.xlsx", {"trustmed_version": VERSIONS, "trustmed_measure": MEASURES})
    assert home.refresh(DAY).error == ""
    assert home.reader().rows("SELECT * FROM quarantine") == []
    return home


def test_days_under_the_band_are_counted_by_link(winter: Home) -> None:
    """By hand, in days of coverage: 28/09 2 d (4 days of it in the season), 05/10 10 d, 12/10 5 d, 19/10 2.9 d,
    26/10 carried (2.9 d), 02/11 late, 09/11 and 16/11 10 d, on sales of which a week is missing: 21 days estimated.
    Under: 4 + 7 + 7 = 18; acceptable 7; satisfactory 3 × 7 = 21; unknown 7. Sum: 53.
    """
    found = plans.season_links(winter.reader(), PLAN, SEASON)
    row = found[(found["group_id"] == LARGE) & (found["link"] == "grossistes")].to_dict("records")[0]
    assert row["season_days"] == 53
    assert (row["insufficient_days"], row["fair_days"], row["good_days"], row["unknown_days"]) == (18, 7, 21, 7)
    assert row["estimated_days"] == 21
    assert (row["lowest_days"], row["lowest_week"].date()) == (pytest.approx(2), date(2026, 9, 28))


def test_an_estimated_week_counts_with_its_status_and_a_late_one_does_not(winter: Home) -> None:
    """From 28/09 to 08/11, 4 + 5 × 7 days satisfactory; 09/11 carried, 7 more, estimated; 16/11 late, 7 unknown."""
    found = plans.season_links(winter.reader(), PLAN, SEASON)
    row = found[(found["group_id"] == SMALL) & (found["link"] == "grossistes")].to_dict("records")[0]
    assert (row["good_days"], row["estimated_days"], row["unknown_days"]) == (46, 7, 7)


def test_a_link_without_a_figure_has_unknown_days_only(winter: Home) -> None:
    found = plans.season_links(winter.reader(), PLAN, SEASON)
    row = found[(found["group_id"] == LARGE) & (found["link"] == "officines")].to_dict("records")[0]
    assert (row["unknown_days"], row["good_days"]) == (53, 0)
    assert pd.isna(row["lowest_days"])


@pytest.mark.parametrize("artefact", ["restricted", "shared"])
def test_days_of_a_season_add_up(winter: Home, artefact: Artefact) -> None:
    """Of every plan, season, medicine and link; what secrecy hides is unknown, never satisfactory."""
    rows = winter.reader(artefact).rows("SELECT * FROM season_link")
    assert len({(row["plan"], row["season"]) for row in rows}) >= 6
    for row in rows:
        parts = (row["insufficient_days"], row["fair_days"], row["good_days"], row["unknown_days"])
        assert sum(parts) == row["season_days"], row
        assert row["masked_days"] <= row["unknown_days"]


def test_what_secrecy_hides_is_counted_without_a_figure(winter: Home) -> None:
    """Two laboratories are too few: every day is masked for those who may not see laboratories, and none is good."""
    rows = winter.reader("shared").rows(
        "SELECT * FROM season_link WHERE season = $season AND group_id = $group AND link = 'grossistes'",
        season=SEASON,
        group=LARGE,
    )
    assert [(row["masked_days"], row["good_days"]) for row in rows] == [(53, 0)]


@pytest.mark.parametrize("artefact", ["restricted", "shared"])
def test_declarations_of_a_season_are_counted_by_kind(winter: Home, artefact: Artefact) -> None:
    """Risks of the group: D-0 (20 days), D-1 (12), D-3 (10), median 12; of the plan, D-2 (8) too: median (10 + 12) / 2."""
    found = plans.season_declarations(winter.reader(artefact), PLAN, SEASON)
    counted = ["declarations", "opened", "closed", "still_open", "median_days"]
    rows = {
        (row["kind"], "" if pd.isna(row["group_id"]) else row["medicine"]): [row[name] for name in counted]
        for row in found.to_dict("records")
    }
    large, small = "Amoxicilline susp. buv. 500 mg/5 ml", "Amoxicilline susp. buv. 250 mg/5 ml"
    assert rows["risque", ""] == [4, 3, 1, 3, 11]
    assert rows["rupture", ""] == [1, 1, 1, 0, 10]
    if artefact == "restricted":
        assert rows["risque", large] == [3, 2, 1, 2, 12]
        assert rows["risque", small] == [1, 1, 0, 1, 8]
        assert rows["rupture", large] == [1, 1, 1, 0, 10]
    else:
        assert rows["risque", large][:4] == [3, 2, 1, 2]
        assert found[found["group_id"].notna()]["median_days"].isna().all(), "the length of one declaration"


@pytest.mark.parametrize("artefact", ["restricted", "shared"])
def test_measures_of_a_season_are_those_taken(winter: Home, artefact: Artefact) -> None:
    found = plans.season_measures(winter.reader(artefact), PLAN, SEASON)
    counted = ["declarations", "medicines", "started", "undated"]
    rows = {row["measure"]: [row[name] for name in counted] for row in found.to_dict("records")}
    assert rows == {"contingentement quantitatif": [2, 1, 1, 0], "alternatives recommandées": [1, 1, 0, 1]}


def test_weeks_without_any_figure_are_not_weeks_without_a_shortage(winter: Home) -> None:
    """28/09: one of the two medicines read is under its band; 02/11: one is read, and is not; pharmacies: none is read."""
    found = plans.season_weeks(winter.reader(), PLAN, SEASON)
    low = {(row["link"], row["week"].date()): (row["low"], row["measured"]) for row in found.to_dict("records")}
    assert low["grossistes", date(2026, 9, 28)] == (1, 2)
    assert low["grossistes", date(2026, 11, 2)] == (0, 1)
    assert pd.isna(low["officines", date(2026, 11, 2)][0]), "unknown, not none"


def test_the_levels_of_the_season_are_published(winter: Home) -> None:
    for artefact in ("restricted", "shared"):
        found = plans.changes(winter.reader(artefact), PLAN, SEASON)
        assert [(row["changed_on"].date(), row["level"]) for row in found.to_dict("records")] == [
            (date(2026, 10, 1), 1)
        ]
