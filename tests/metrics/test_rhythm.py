"""Rhythm of measurements, read from their intervals, and what follows it: expected weeks, carry, age, demand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.building import snapshot
from data.reference.plans import plans
from tests.conftest import Home
from tests.data.test_plans import WINTER, _folder
from tests.metrics.test_coverage import AMOX, GROUP, LAST, OTHER, _coverage, _status, _week, _wholesalers
from tests.metrics.test_public_subject import listed
from tests.referential import Medicine, files, simple
from tests.seeds import seeded

pytestmark = pytest.mark.computes(
    "source_sender", "source_state", "source_reference", "alert_source_late", "coverage_weekly", "link_status"
)

ELSEWHERE = simple("90000003", "PREDNISOLONE LABORATOIRE C 20 mg, comprimé", "PREDNISOLONE", "LABORATOIRE C")
TUESDAY = LAST + timedelta(days=8)  # S47 has been received
Line = tuple[int, float, float | None, float]  # weeks back, stock, sales of four weeks, sales of the week


def _referential(home: Home, *others: Medicine) -> None:
    """One presentation of the group, unless another is asked: what a group markets is expected from its laboratories."""
    for name, content in files([AMOX, *others, ELSEWHERE]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _laboratory(home: Home, name: str, cip13: str, lines: list[Line], usual: float | None = None) -> None:
    rows = [[_week(back), name, cip13, None, stock, usual, four, sales] for back, stock, four, sales in lines]
    home.drop("tracstocks", f"{name}-{cip13}.xlsx", {"tracstocks_stock": rows})


def _weekly_elsewhere(home: Home) -> None:
    """Another laboratory, another medicine, every week: weeks go by."""
    _laboratory(home, "LABORATOIRE C", ELSEWHERE.cip13, [(back, 100, None, 70) for back in range(20)])


def _laboratories(home: Home) -> dict[date, dict[str, Any]]:
    return _coverage(home, GROUP, "exploitants")


def _shown(home: Home) -> dict[str, Any]:
    return _status(home, "exploitants")


def test_a_monthly_laboratory_is_not_missing_the_weeks_between(home: Home) -> None:
    """S31, S35, S39, S43: intervals of 4 weeks. On 24/11, S44 to S47 were never due."""
    _referential(home)
    _weekly_elsewhere(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 500, 280, 90) for back in (4, 8, 12, 16)], usual=365.25)
    assert not home.refresh(TUESDAY).error
    weeks = _laboratories(home)
    assert set(weeks) == {_week(back) for back in (4, 8, 12, 16)}
    last = weeks[_week(4)]
    # 280 boxes over 28 days: 10 a day, 500 boxes last 50 days; usual sales: 365.25 a month, 12 a day.
    assert last["coverage_current_days"] == pytest.approx(50)
    assert last["current_origin"] == "ventes des 4 dernières semaines déclarées"
    assert last["coverage_legal_days"] == pytest.approx(500 / 12)
    assert last["legal_origin"] == "ventes habituelles déclarées"
    shown = _shown(home)
    assert (shown["week"], shown["figure_state"], shown["rhythm"]) == (_week(4), "a_jour", "mensuel")
    assert shown["missing_names"] is None


@seeded(1, ("count", "days"), [(7, 50), (6, None)])
def test_months_of_sales_make_a_year_without_usual_ones(home: Home, count: int, days: float | None) -> None:
    """280 boxes over 28 days each time: seven tell 28 weeks, over the 26 asked, six 24. 500 boxes at 10 a day."""
    _referential(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(4 * back, 500, 280, 90) for back in range(count)])
    assert not home.refresh(TUESDAY).error
    last = _laboratories(home)[LAST]
    assert last["coverage_legal_days"] == (days and pytest.approx(days))
    assert last["legal_origin"] == (days and "ventes des 12 mois glissants")


@pytest.mark.parametrize(("days", "state"), [(45, "a_jour"), (46, "en_retard")])
def test_a_monthly_source_is_late_after_its_month(home: Home, days: int, state: str) -> None:
    """Five weeks to the end of the next period, seven days for its file, three of grace: 45 days after its Sunday."""
    _referential(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 500, 280, 90) for back in (4, 8, 12)])
    assert not home.refresh(_week(4) + timedelta(days=6 + days)).error
    assert (_shown(home)["figure_state"], _shown(home)["age_days"]) == (state, days)


def test_a_monthly_laboratory_silent_beyond_its_month_is_carried_a_week_then_late(home: Home) -> None:
    """Last S41 (6 weeks ago), intervals of 5 and 4 weeks: due in S46 at the latest, missing then, late in S47."""
    _referential(home)
    _weekly_elsewhere(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 500, 280, 90) for back in (6, 11, 15)])
    assert not home.refresh(TUESDAY).error
    weeks = _laboratories(home)
    assert set(weeks) == {_week(back) for back in (0, 1, 6, 11, 15)}
    assert (weeks[_week(1)]["figure_state"], weeks[_week(1)]["missing_names"]) == ("estime", "LABORATOIRE A")
    assert (weeks[LAST]["figure_state"], weeks[LAST]["coverage_days"]) == ("en_retard", None)


def test_a_monthly_laboratory_beside_a_weekly_one(home: Home) -> None:
    """The sum of a week takes its last reading, three weeks old, marked estimé with its age and its share."""
    _referential(home, OTHER)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 300, None, 70) for back in range(20)])
    _laboratory(home, "LABORATOIRE B", OTHER.cip13, [(back, 200, 140, 50) for back in (3, 7, 11, 15)])
    assert not home.refresh(TUESDAY).error
    weeks = _laboratories(home)
    last = weeks[LAST]
    # Stock 300 + 200. Demand: 70 a week + 140 over four weeks = 105 a week, 15 a day.
    assert (last["stock_boxes"], last["figure_state"]) == (500, "estime")
    assert last["coverage_current_days"] == pytest.approx(500 / 15)
    assert last["missing_share_pct"] == pytest.approx(100 * 35 / 105)
    assert (last["missing_names"], last["carried_names"]) == (None, "LABORATOIRE B (mensuel, 21 j)")
    origin = "ventes hebdomadaires ; ventes des 4 dernières semaines déclarées pour les relevés espacés"
    assert last["current_origin"] == origin
    assert weeks[_week(3)]["figure_state"] == "a_jour", "everybody measured that week"
    shown = _shown(home)
    assert (shown["figure_state"], shown["rhythm"]) == ("estime", "hebdomadaire, mensuel")
    assert shown["state_reason"] == "Relevé repris dans son rythme : LABORATOIRE B (mensuel, 21 j), 33 % de la demande."


@seeded(
    2,
    ("days", "state", "reason"),
    [
        (12, "a_jour", None),
        (15, "estime", "Point isolé du 08/11/2026, âgé de 15 jours : aucun autre relevé n'est attendu."),
        (42, "estime", "Point isolé du 08/11/2026, âgé de 42 jours : aucun autre relevé n'est attendu."),
        (43, "en_retard", "Point isolé du 08/11/2026, de plus de 42 jours : à redemander."),
    ],
)
def test_a_flash_point_is_dated_and_ages(home: Home, days: int, state: str, reason: str | None) -> None:
    """Neither late after a week nor up to date after two months. 280 boxes over 28 days: 560 boxes last 56 days."""
    _referential(home)
    _weekly_elsewhere(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(2, 560, 280, 90)])
    assert not home.refresh(_week(2) + timedelta(days=6 + days)).error
    shown = _shown(home)
    assert (shown["week"], shown["figure_state"], shown["state_reason"]) == (_week(2), state, reason)
    assert (shown["coverage_days"], shown["rhythm"]) == (pytest.approx(56), "ponctuel")


@pytest.mark.long
def test_irregular_points_are_flash_whatever_their_number(home: Home) -> None:
    """S27, S34, S45: 7 then 11 weeks."""
    _referential(home)
    _weekly_elsewhere(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 560, 280, 90) for back in (2, 13, 20)])
    assert not home.refresh(TUESDAY).error
    assert (_shown(home)["rhythm"], _shown(home)["figure_state"]) == ("ponctuel", "estime")


@pytest.mark.long
def test_a_flash_point_beside_weekly_ones_leaves_the_sum_when_too_old(home: Home) -> None:
    _referential(home, OTHER)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 300, None, 70) for back in range(12)])
    _laboratory(home, "LABORATOIRE B", OTHER.cip13, [(8, 200, 140, 50)])
    assert not home.refresh(TUESDAY).error
    weeks = _laboratories(home)
    assert (weeks[_week(2)]["stock_boxes"], weeks[_week(2)]["carried_names"]) == (500, "LABORATOIRE B (ponctuel, 42 j)")
    assert (weeks[_week(1)]["stock_boxes"], weeks[_week(1)]["missing_names"]) == (300, None)


def test_weekly_sales_win_over_those_of_four_weeks(home: Home) -> None:
    _referential(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 300, 4000, 70) for back in range(8)])
    assert not home.refresh(TUESDAY).error
    last = _laboratories(home)[LAST]
    assert last["coverage_current_days"] == pytest.approx(30)
    assert (last["current_origin"], last["rhythm"]) == ("ventes hebdomadaires", "hebdomadaire")


@pytest.mark.long
def test_a_hole_does_not_make_a_weekly_laboratory_monthly(home: Home) -> None:
    """S40 to S44, nothing in S45 and S46: late, as always."""
    _referential(home)
    _weekly_elsewhere(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 300, 4000, 70) for back in range(3, 8)])
    assert not home.refresh(TUESDAY).error
    weeks = _laboratories(home)
    assert weeks[_week(2)]["figure_state"] == "estime"
    assert weeks[_week(1)]["figure_state"] == weeks[LAST]["figure_state"] == "en_retard"


@pytest.mark.long
def test_two_weeks_is_a_rhythm_too(home: Home) -> None:
    _referential(home)
    _weekly_elsewhere(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 300, 280, 70) for back in (1, 3, 5, 7)])
    assert not home.refresh(TUESDAY).error
    assert (_shown(home)["rhythm"], _shown(home)["figure_state"]) == ("toutes les 2 semaines", "a_jour")


def _source(home: Home, key: str) -> dict[str, Any]:
    row = home.reader().row("SELECT * FROM source_state WHERE source_key = $key", key=key)
    assert row is not None
    return row


def test_a_source_follows_the_rhythm_found(home: Home) -> None:
    """Received on 24/11, S43 the last of monthly measurements: not late a month later, late after 38 days (5 weeks + 3)."""
    _referential(home)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 500, 280, 90) for back in (0, 4, 8)])
    assert not home.refresh(TUESDAY).error
    assert (_source(home, "tracstocks")["rhythm"], _source(home, "tracstocks")["state"]) == ("mensuel", "a_jour")
    assert not home.refresh(TUESDAY + timedelta(days=37)).error
    assert _source(home, "tracstocks")["state"] == "a_jour"
    assert not home.refresh(TUESDAY + timedelta(days=39)).error
    assert _source(home, "tracstocks")["state"] == "en_retard"


def test_an_isolated_point_makes_no_source_late_but_too_old(home: Home) -> None:
    _referential(home)
    home.drop("pointstock", "a.xlsx", {"pointstock_stock": [[LAST, "GROSSISTE A", AMOX.cip13, None, 100, 70]]})
    alerts = "SELECT * FROM alert_source_late WHERE subject_key = 'pointstock'"
    for days, state in ((42, "a_jour"), (43, "en_retard")):
        assert not home.refresh(LAST + timedelta(days=6 + days)).error
        assert (_source(home, "pointstock")["rhythm"], _source(home, "pointstock")["state"]) == ("ponctuel", state)
        assert home.reader().rows(alerts) == []


def _photograph(home: Home, day: date) -> None:
    """The referential as it was on a day."""
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files([AMOX, ELSEWHERE]).items():
        (folder / f"{day:%Y-%m-%d}_{name}").write_bytes(content)


@pytest.mark.parametrize(("days", "state"), [(34, "a_jour"), (35, "en_retard")])
def test_an_old_photograph_received_today_is_late(home: Home, days: int, state: str) -> None:
    """A photograph has no delay of publication: 31 days, then 3 of grace."""
    _photograph(home, TUESDAY - timedelta(days=days))
    assert not home.refresh(TUESDAY).error
    found = _source(home, "bdpm")
    assert (found["age_days"], found["period_age_days"], found["period_late_after_days"]) == (0, days, 34)
    assert found["state"] == state


def test_a_referential_is_as_old_as_its_oldest_part(home: Home) -> None:
    _photograph(home, TUESDAY - timedelta(days=60))
    home.drop_text("bdpm", f"{TUESDAY:%Y-%m-%d}_CIS_CIP_Dispo_Spec.txt", listed(AMOX.cis, "1"), "cp1252")
    assert not home.refresh(TUESDAY).error
    assert (_source(home, "bdpm")["period_age_days"], _source(home, "bdpm")["state"]) == (60, "en_retard")


@pytest.mark.parametrize(("day", "state"), [(date(2026, 12, 25), "a_jour"), (date(2026, 12, 26), "en_retard")])
def test_a_month_ends_on_its_last_day_and_is_sold_three_weeks_later(home: Home, day: date, state: str) -> None:
    """October 2026 ends on the 31st; a rhythm of 31 days, 21 of publication, 3 of grace: 55 days, until 25/12."""
    _referential(home)
    line = [date(2026, 10, 1), AMOX.cip13, "Officine", None, "LABORATOIRE A", None, 7]
    home.drop("gers", "gers.xlsx", {"gers_sales": [line]})
    assert not home.refresh(TUESDAY).error
    home.drop("gers", "again.xlsx", {"gers_sales": [[*line[:-1], 8]]})
    assert not home.refresh(day).error
    found = _source(home, "gers")
    assert (found["age_days"], found["last_period_on"], found["state"]) == (0, date(2026, 10, 31), state)


def test_what_dates_events_is_late_by_what_is_received_only(home: Home) -> None:
    """The last version of a declaration may be old: no other was declared since."""
    _referential(home)
    assert not home.refresh(TUESDAY).error
    assert _source(home, "trustmed")["period_late_after_days"] is None
    assert _source(home, "csrp")["period_late_after_days"] == 7 + 7 + 3


def test_each_sender_has_its_own_rhythm(home: Home) -> None:
    _referential(home, OTHER)
    _laboratory(home, "LABORATOIRE A", AMOX.cip13, [(back, 300, None, 70) for back in range(8)])
    _laboratory(home, "LABORATOIRE B", OTHER.cip13, [(back, 200, 140, 50) for back in (3, 7, 11)])
    _laboratory(home, "LABORATOIRE C", ELSEWHERE.cip13, [(9, 200, 140, 50)])
    assert not home.refresh(TUESDAY).error
    rows = home.reader().rows("SELECT sender, rhythm, due_on, state FROM source_sender ORDER BY sender")
    assert [tuple(row.values()) for row in rows] == [
        ("LABORATOIRE A", "hebdomadaire", LAST + timedelta(days=13), "a_jour"),
        ("LABORATOIRE B", "mensuel", _week(3) + timedelta(days=6 + 35), "a_jour"),
        ("LABORATOIRE C", "ponctuel", None, "en_retard"),  # 57 days old
    ]


def _weekly_file(home: Home, name: str, rows: list[tuple[int, float, float]], reference: tuple[Any, ...] = ()) -> None:
    lines = [[_week(back), name, AMOX.cip13, None, stock, sales, None, *reference] for back, stock, sales in rows]
    home.drop("grossistes", f"{name}.xlsx", {"grossistes_stock": lines})


def test_point_stock_and_the_weekly_file_are_one_wholesaler(home: Home) -> None:
    """S47 reported by both: the one received last, 80 boxes, not 180. The weekly file stays weekly, Point Stock isolated."""
    _referential(home)
    _weekly_file(home, "GROSSISTE A", [(back, 100, 70) for back in range(6)])
    assert not home.refresh(TUESDAY).error
    _wholesalers(home, {"GROSSISTE A": [(0, 80, 70)]})
    assert not home.refresh(TUESDAY + timedelta(days=1)).error
    last = _coverage(home)[LAST]
    assert (last["stock_boxes"], last["participants"], last["coverage_days"]) == (80, 1, pytest.approx(8))
    assert last["sources"] == "Point Stock"
    assert _coverage(home)[_week(1)]["sources"] == "fichier hebdomadaire"
    assert [_source(home, key)["rhythm"] for key in ("grossistes", "pointstock")] == ["hebdomadaire", "ponctuel"]


def test_the_most_recent_measurement_of_a_wholesaler_wins(home: Home) -> None:
    """B's weekly file stops in S46; its Point Stock of S47 stands in the sum, beside A's weekly file."""
    _referential(home)
    _weekly_file(home, "GROSSISTE A", [(back, 100, 70) for back in range(6)])
    _weekly_file(home, "GROSSISTE B", [(back, 50, 30) for back in range(1, 6)])
    _wholesalers(home, {"GROSSISTE B": [(0, 40, 30)]})
    assert not home.refresh(TUESDAY).error
    last = _coverage(home)[LAST]
    assert (last["stock_boxes"], last["figure_state"]) == (140, "a_jour")
    assert last["sources"] == "Point Stock, fichier hebdomadaire"


REFERENCE = (9100, date(2025, 10, 1), date(2026, 3, 31))  # 182 days: 50 boxes a day


@pytest.fixture
def members_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = WINTER.replace(
        'surveillance = "epidemic"', 'wholesalers_denominator = "members"\nsurveillance = "epidemic"', 1
    )
    folder = _folder(tmp_path, hivernal=text)
    monkeypatch.setattr(snapshot, "plans", lambda: plans(folder))


@pytest.mark.usefixtures("members_plan")
def test_a_plan_may_count_wholesalers_against_the_sales_of_all_members(home: Home) -> None:
    """500 boxes at 50 a day: 10 days, where the current demand (70 a week) says 50."""
    _referential(home)
    _weekly_file(home, "GROSSISTE A", [(back, 500, 70) for back in range(6)], REFERENCE)
    assert not home.refresh(TUESDAY).error
    shown = _status(home)
    assert (shown["coverage_days"], shown["denominator"]) == (pytest.approx(10), "members")
    assert (shown["coverage_current_days"], shown["status"]) == (pytest.approx(50), "satisfaisante")
    assert shown["members_origin"] == "ventes de tous les adhérents du 01/10/2025 au 31/03/2026"
    reference = home.reader().row("SELECT * FROM source_reference")
    assert reference is not None
    assert (reference["presentations"], reference["plans"]) == (1, "Plan hivernal")


@pytest.mark.usefixtures("members_plan")
def test_without_the_sales_of_every_presentation_the_current_demand_is_used_and_named(home: Home) -> None:
    _referential(home, OTHER)
    _weekly_file(home, "GROSSISTE A", [(back, 500, 70) for back in range(6)], REFERENCE)
    _wholesalers(home, {"GROSSISTE A": [(back, 100, 70) for back in range(6)]}, OTHER.cip13)
    assert not home.refresh(TUESDAY).error
    shown = _status(home)
    assert (shown["coverage_days"], shown["denominator"]) == (pytest.approx(600 / 20), "current")
    assert shown["coverage_members_days"] is None
    assert shown["members_origin"] == "ventes de tous les adhérents reçues pour 1 présentation sur 2 : non retenues"


def test_a_reference_that_no_plan_uses_is_shown_beside_and_named(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path, hivernal=WINTER)
    monkeypatch.setattr(snapshot, "plans", lambda: plans(folder))
    _referential(home)
    _weekly_file(home, "GROSSISTE A", [(back, 500, 70) for back in range(6)], REFERENCE)
    assert not home.refresh(TUESDAY).error
    shown = _status(home)
    assert (shown["denominator"], shown["coverage_members_days"]) == ("current", pytest.approx(10))
    reference = home.reader().row("SELECT * FROM source_reference")
    assert reference is not None
    assert reference["plans"] is None
