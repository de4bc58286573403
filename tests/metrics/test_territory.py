"""Departments: the class of a tension over the whole range of counts, and those that stop answering."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from data.alerts.reading import alerts
from metrics.review import queries as review
from tests.conftest import Home
from tests.metrics.territory_world import CODES, HIGH, LAST, LOW, Panel, home_with
from tests.typography import TYPED

Rows = dict[Any, dict[str, Any]]
AS_OF = date(2026, 11, 22)

# (departments insatisfaisants, of 8 measured, country in days) → class
RANGE = {
    "zero": (0, HIGH, "aucune"),
    "un": (1, HIGH, "localisee"),
    "quart": (2, HIGH, "localisee"),  # 25 %: not more than a quarter
    "tiers": (3, HIGH, "diffuse"),  # 37,5 %, the country satisfied
    "moitie": (4, HIGH, "diffuse"),
    "tous": (8, HIGH, "diffuse"),
    "pays-zero": (0, LOW, "nationale"),
    "pays-tiers": (3, LOW, "nationale"),
    "pays-acceptable": (3, 5.0, "diffuse"),
}
SILENCE, ALERT, TREND, OLD, FEW, HALF, LEFT, ONE = (
    *("silence", "alerte", "tendance", "ancien", "peu", "demi", "partis", "seul"),
)


def _ranges(panel: Panel) -> None:
    for group, (low, country, _) in RANGE.items():
        panel.add(group, "FR", country)
        for number, code in enumerate(CODES):
            short = number < low
            panel.add(group, code, LOW if short else HIGH, sales=100 if short else 300)


def _silences(panel: Panel) -> None:
    """Last reading of each department of one medicine, in weeks before the last one."""
    panel.add(SILENCE, "FR", HIGH)
    for code, last in {"01": 0, "02": 1, "03": 4, "04": 5, "05": 52, "06": 53}.items():
        panel.history(SILENCE, code, [HIGH, HIGH], last)


def _alerts(panel: Panel) -> None:
    """Ain answers; Allier, in alert, and Ardèche, which is not, do not; Aisne was in alert too long ago."""
    panel.history(ALERT, "01", [LOW, LOW, HIGH, LOW])
    panel.history(ALERT, "03", [LOW, LOW, LOW], last=1)
    panel.history(ALERT, "07", [HIGH, HIGH], last=1)
    panel.history(ALERT, "02", [LOW, LOW, LOW, LOW], last=5)
    panel.history(ALERT, "04", [LOW, HIGH, HIGH, LOW])


def _trends(panel: Panel) -> None:
    """Means of 2.0, 2.3 then 2.1, 4.2: (2.1 + 4.2) / 2 − (2.0 + 2.3) / 2 is 1, in binary a little more."""
    assert (2.1 + 4.2) / 2 - (2.0 + 2.3) / 2 > 1
    panel.history(TREND, "01", [2.0, 2.3, 2.1, 4.2])
    panel.history(TREND, "02", [2.0, 2.3, 2.1, 4.3])
    panel.history(TREND, "03", [4.2, 2.1, 2.3, 1.9])
    panel.history(TREND, "04", [9.0, 2.0])
    panel.history(TREND, "05", [9.0, 2.0, 2.0])


def _answers(panel: Panel) -> None:
    """Eight departments answered the week before; three, then four of them, this week; or five stopped long ago."""
    for group, answered, last in ((FEW, 3, 1), (HALF, 4, 1), (LEFT, 3, 5)):
        panel.add(group, "FR", HIGH)
        for number, code in enumerate(CODES):
            panel.add(group, code, HIGH, back=last)
            if number < answered:
                panel.add(group, code, LOW if number < 2 else HIGH)
    panel.add(ONE, "FR", HIGH)
    panel.add(ONE, "01", LOW)


def _old(panel: Panel) -> None:
    """The whole panel stopped four weeks ago; one department a week earlier."""
    panel.add(OLD, "FR", HIGH, back=4)
    panel.history(OLD, "01", [LOW, LOW], last=4)
    panel.history(OLD, "02", [LOW, LOW], last=5)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    panel = Panel()
    for fill in (_ranges, _silences, _alerts, _trends, _answers, _old):
        fill(panel)
    groups = [*RANGE, SILENCE, ALERT, TREND, OLD, FEW, HALF, LEFT, ONE, "jamais"]
    with pytest.MonkeyPatch.context() as patch:
        home = home_with(tmp_path_factory.mktemp("territory"), groups, patch)
        home.drop_text("iqvia", "panel.csv", panel.text())
        report = home.refresh(AS_OF)
        assert report.error == ""
        yield home


@pytest.fixture(scope="module")
def plans(world: Home) -> Rows:
    return {row["group_id"]: row for row in world.reader().rows("SELECT * FROM plan_status")}


@pytest.fixture(scope="module")
def places(world: Home) -> Rows:
    rows = world.reader().rows("SELECT * FROM department_status")
    return {(row["subject_id"], row["department"]): row for row in rows}


@pytest.mark.parametrize("group", RANGE)
def test_the_class_follows_the_counts(plans: Rows, group: str) -> None:
    low, _, expected = RANGE[group]
    row = plans[group]
    assert row["tension"] == expected
    assert (row["departments_insufficient"], row["departments_measured"], row["departments_silent"]) == (low, 8, 0)


@pytest.mark.parametrize("group", RANGE)
def test_the_shared_artefact_says_the_same_class(world: Home, group: str) -> None:
    (row,) = world.reader("shared").rows("SELECT tension FROM plan_status WHERE group_id = $g", g=group)
    assert row["tension"] == RANGE[group][2]


def test_departments_weigh_their_sales_beside_their_count(plans: Rows) -> None:
    row = plans["tiers"]
    # Three sell 100 boxes at 2.5 days, five sell 300 at 9: 300 of 1,800 boxes are short, (750 + 13,500) / 1,800 days.
    assert row["insufficient_sales_pct"] == pytest.approx(100 / 6)
    assert row["departments_mean_days"] == pytest.approx(14_250 / 1_800)
    assert (plans["zero"]["insufficient_sales_pct"], plans["tous"]["insufficient_sales_pct"]) == (0, 100)
    assert (plans["jamais"]["insufficient_sales_pct"], plans["jamais"]["departments_mean_days"]) == (None, None)


def test_too_few_answers_give_no_class(plans: Rows) -> None:
    """Two of three short says « diffuse » only if the five others are not merely late: 3 of 8 answered, then 4 of 8."""
    assert (plans[FEW]["tension"], plans[FEW]["departments_silent"]) == (None, 5)
    assert (plans[HALF]["tension"], plans[HALF]["departments_silent"]) == ("diffuse", 4)
    # Those that left the panel five weeks ago are expected no more: two of three.
    assert (plans[LEFT]["tension"], plans[LEFT]["departments_silent"], plans[LEFT]["departments_late"]) == (
        "diffuse",
        5,
        0,
    )


def test_one_department_alone_is_not_diffuse(plans: Rows) -> None:
    assert (plans[ONE]["tension"], plans[ONE]["departments_measured"]) == ("localisee", 1)


def test_a_group_never_received_has_no_class(plans: Rows, places: Rows) -> None:
    assert (plans["jamais"]["tension"], plans["jamais"]["weakest_link"]) == (None, None)
    assert plans["jamais"]["unknown_links"] == "Officines"
    assert {row["figure_state"] for (group, _), row in places.items() if group == "jamais"} == {"absent"}


@pytest.mark.parametrize(
    ("code", "state", "silent", "last", "reason"),
    [
        ("01", "a_jour", None, 0, None),
        ("02", "en_retard", 1, 1, "N'a pas répondu cette semaine, dernier relevé au 08/11/2026."),
        ("03", "en_retard", 4, 4, "N'a pas répondu cette semaine, dernier relevé au 18/10/2026."),
        ("04", "absent", 5, 5, "Ne répond plus depuis 5 semaines, dernier relevé au 11/10/2026."),
        ("05", "absent", 52, 52, "Ne répond plus depuis 52 semaines, dernier relevé au 16/11/2025."),
        ("06", "hors_panel", None, 53, "Sorti du panel, dernier relevé au 09/11/2025."),
        ("07", "hors_panel", None, None, "Jamais de relevé de ce médicament dans ce département."),
        ("976", "hors_panel", None, None, "Département hors du panel."),
    ],
)
def test_missing_is_not_off_panel(
    places: Rows, code: str, state: str, silent: int | None, last: int | None, reason: str | None
) -> None:
    row = places[SILENCE, code]
    assert (row["figure_state"], row["silent_weeks"], row["state_reason"]) == (state, silent, reason)
    assert row["is_silent"] == (silent is not None)
    sunday = None if last is None else LAST - timedelta(weeks=last) + timedelta(days=6)
    assert row["last_measured_on"] == sunday
    if state != "a_jour":
        assert (row["coverage_days"], row["status"], row["is_measured"], row["trend"]) == (None, None, False, None)


def test_departments_that_did_not_answer_are_counted_apart(world: Home, plans: Rows) -> None:
    assert (plans[SILENCE]["departments_measured"], plans[SILENCE]["departments_silent"]) == (1, 4)
    rows = world.reader().rows("SELECT * FROM department_count")
    silent = {row["department"]: row["silent"] for row in rows if row["silent"]}
    # 02: silence, old; 03: silence, alert; 04: silence; 05: silence; 07: alert; 02 again: alert.
    # « few » and « left »: 04 to 08; « half »: 05 to 08.
    assert silent == {"02": 3, "03": 2, "04": 3, "05": 4, "06": 3, "07": 4, "08": 3}


def test_a_late_department_stays_in_alert_and_an_absent_one_does_not(places: Rows) -> None:
    found = {code: places[ALERT, code] for code in ("01", "02", "03", "04", "07")}
    alert = {code: (row["in_alert"], row["alert_readings"], row["alert_window"]) for code, row in found.items()}
    assert alert == {
        "01": (True, 3, 4),
        "02": (False, 3, 3),  # absent: its last readings, of which one is too old to count, say nothing of today
        "03": (True, 3, 3),
        "04": (False, 2, 4),
        "07": (False, 0, 2),
    }


def test_alerts_say_who_did_not_answer(world: Home) -> None:
    """Two in alert of the four that are measured or late: 50 %, the gravest level."""
    by_key = {alert.key: alert for alert in alerts(world.reader())}
    country = by_key[f"departments:{ALERT}"]
    assert country.level == 3
    assert country.sentence.translate(TYPED) == (
        "2 départements en alerte, dont 1 sans relevé cette semaine (relevés de la semaine du 09/11/2026)"
    )
    region = by_key[f"region:{ALERT}:84"]
    assert "Ain, Allier (sans relevé cette semaine)" in region.sentence.translate(TYPED)
    facts = world.reader().rows("SELECT * FROM alert WHERE rule IN ('departments', 'region')")
    gravity = {row["alert_key"]: row["gravity"] for row in facts}
    assert gravity[f"departments:{ALERT}"] == 50  # 01, 03 of 01, 03, 04, 07
    assert gravity[f"region:{ALERT}:84"] == pytest.approx(200 / 3)  # 01, 03 of 01, 03, 07
    same = {row["alert_key"]: row["gravity"] for row in world.reader("shared").rows("SELECT * FROM alert")}
    assert gravity == {key: same[key] for key in gravity}


def test_a_trend_is_exact_to_the_bound(places: Rows) -> None:
    assert places[TREND, "01"]["trend"] == "stable"  # up by one day exactly: not more than one
    assert places[TREND, "02"]["trend"] == "hausse"  # 3.2 − 2.15
    assert places[TREND, "03"]["trend"] == "baisse"  # 2.1 − 3.15
    assert places[TREND, "04"]["trend"] is None  # two readings
    assert places[TREND, "05"]["trend"] == "baisse"  # 2 − 9


def test_a_whole_panel_that_stops_keeps_its_last_week_late(places: Rows) -> None:
    last, before = places[OLD, "01"], places[OLD, "02"]
    assert (last["figure_state"], last["status"], last["is_silent"]) == ("en_retard", "insatisfaisante", False)
    assert last["week"] == LAST - timedelta(weeks=4)
    assert (before["figure_state"], before["status"], before["is_silent"]) == ("en_retard", None, True)


def test_silence_after_an_alert_is_not_an_end_of_alert(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the first day two departments are in alert; five weeks later one recovered and one answers no more."""
    home, panel = home_with(tmp_path, ["suivi"], monkeypatch), Panel()
    for code in ("01", "02"):
        panel.history("suivi", code, [LOW, LOW, LOW, LOW])
    home.drop_text("iqvia", "avant.csv", panel.text())
    assert home.refresh(AS_OF).published
    first = home.reader().row("SELECT snapshot_id FROM snapshot_info")
    later = Panel()
    later.history("suivi", "01", [HIGH] * 5, last=-5)
    home.drop_text("iqvia", "apres.csv", later.text())
    assert home.refresh(AS_OF + timedelta(weeks=5)).published
    assert first is not None
    moved = review.review(home.reader(reference=first["snapshot_id"])).departments
    assert dict(zip(moved["department"], moved["movement"], strict=True)) == {"01": "sortie", "02": "sans mesure"}


def test_the_share_of_the_bound_is_a_decimal(plans: Rows) -> None:
    """9 days of 7: 128.5714285… %, to the millionth."""
    assert plans["tiers"]["weakest_bound_pct"] == 128.571429
