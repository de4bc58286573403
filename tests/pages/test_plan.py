"""Page of a plan: everything comes from its file, gravest first, the weakest link named; a third plan needs no code."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from streamlit.testing.v1 import AppTest

from data.refresh import refresh
from data.settings import PARIS, Settings
from data.strict import reading
from metrics.plans import queries as plans
from metrics.surveillance import queries as pressure
from pages.components import format as fr
from pages.plans import outside, rows
from tests.conftest import Home
from tests.pages.conftest import APP, DAY, TIMEOUT_S, links, sentence, serve, texts
from tests.typography import TYPED

SCRIPT = "pages/plans/plan.py"
THIRD = """
id = "psychotropes"
title = "Plan psychotropes"
question = "Les psychotropes suivis sont-ils disponibles ?"
order = 0
season = "2026"
starts = "01-01"
ends = "12-31"
level = 1
levels = ["Anticipation", "Niveau 1 – vigilance renforcée"]
denominator = "legal"
pressure = "none"
origin = "Liste écrite pour ce test"
to_validate = true

[[links]]
link = "grossistes"
label = "Répartiteurs"
satisfactory_days = 21
acceptable_days = 1
origin = "Bornes écrites pour ce test"
to_validate = true

[[groups]]
id = "levetiracetam-oral"
label = "Lévétiracétam, toutes formes"
dci = "lévétiracétam"
"""


def open_plan(plan_id: str, **parameters: str) -> AppTest:
    """The page of one plan: all are served by one script, the test runner opens the first one of the menu."""
    at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
    for name, value in parameters.items():
        at.query_params[name] = value
    at.run()
    at.switch_page(SCRIPT)
    at._page_hash = at.session_state["vigistock-plan-pages"][plan_id]._script_hash
    return at.run()


def plain(text: str) -> str:
    return unescape(text).translate(TYPED)


def test_rows_are_the_groups_of_the_plan_gravest_first(demo_home: Home) -> None:
    at = open_plan("hivernal")
    assert not at.exception
    expected = list(plans.groups(demo_home.reader(), "hivernal")["group_id"])
    shown = [target.removeprefix("molecule?sujet=") for _, target in links(at) if target.startswith("molecule?")]
    assert shown == expected


def test_every_measured_link_shows_its_days(demo_home: Home) -> None:
    written = texts(open_plan("hivernal"))
    for row in plans.links(demo_home.reader(), "hivernal").to_dict("records"):
        if not fr.missing(row["coverage_days"]):
            assert f'<span class="vs-days vs-num">{fr.days(row["coverage_days"])}</span>' in written


def test_the_answer_counts_statuses_and_names_the_weakest_link(demo_home: Home) -> None:
    groups = plans.groups(demo_home.reader(), "hivernal")
    counts = groups["weakest_status"].value_counts()
    first = groups[groups["weakest_status"] == "insatisfaisante"].iloc[0]
    told = sentence(open_plan("hivernal"))
    assert told.startswith(f"Sur {groups['weakest_status'].notna().sum()} médicaments mesurés, 1 est insatisfaisant")
    assert f"{groups['weakest_status'].isna().sum()} sans aucune mesure" in told
    assert f"{counts['acceptable']} sont acceptables" in told
    assert (
        f"{first['label']} ({first['weakest_label'].lower()}, {fr.days(first['weakest_days'])}".translate(TYPED) in told
    )


def measured(label: str, status: str | None, link: str, days: float, share: float, **more: object) -> dict[str, object]:
    """One row of *plan_status*."""
    return {"label": label, "weakest_status": status, "weakest_label": link, "weakest_days": days, "weakest_bound_pct": share,
            "weakest_on": date(2026, 11, 15), "unknown_links": None, **more}  # fmt: skip


def test_the_most_fragile_is_the_furthest_under_its_own_bound() -> None:
    """12 days of 15 are 80 % of the laboratories' bound, 2.7 of 3 are 90 % of the pharmacies'."""
    low = "insatisfaisante"
    groups = pd.DataFrame([measured("A", low, "Officines", 2.7, 90), measured("B", low, "Exploitants", 12, 80)])
    expected = "Sur 2 médicaments mesurés, 2 sont insatisfaisants ; le plus fragile : B (exploitants, 12 j, mesure du 15/11/2026)."
    assert rows.answer(groups).translate(TYPED) == expected


def test_a_green_headline_does_not_speak_for_links_without_a_figure() -> None:
    good = measured("A", "satisfaisante", "Officines", 7.1, 101.4)
    every = [
        good,
        {**good, "unknown_links": "Exploitants"},
        {**good, "weakest_status": None, "unknown_links": "Officines"},
    ]
    assert rows.answer(pd.DataFrame(every)).translate(TYPED) == (
        "Les 2 médicaments mesurés sont tous satisfaisants ; le plus juste : A (officines, 7,1 j, mesure du 15/11/2026)"
        " ; 1 a un maillon sans chiffre ; 1 sans aucune mesure."
    )
    assert rows.answer(pd.DataFrame([good])).startswith("Le seul médicament mesuré est satisfaisant ;")


@pytest.mark.parametrize(
    ("low", "counted", "silent", "share", "words"),
    [
        (94, 97, 2, 95.2, "94 sur 97, 95 % des ventes, 2 sans réponse"),
        (1, 99, 0, 0.2, "1 sur 99, moins de 1 % des ventes"),
        (98, 99, 0, 99.6, "98 sur 99, plus de 99 % des ventes"),
        (99, 99, 0, 100.0, "99 sur 99, 100 % des ventes"),
        (35, 99, 0, None, "35 sur 99"),  # a share that secrecy hides
    ],
)
def test_departments_are_counted_with_their_sales_and_those_that_did_not_answer(
    low: int, counted: int, silent: int, share: float | None, words: str
) -> None:
    row = {"departments_insufficient": low, "departments_measured": counted, "departments_silent": silent}
    assert rows._territory({**row, "insufficient_sales_pct": share}).translate(TYPED) == words


def test_no_department_measured_is_not_none_short() -> None:
    row = {"departments_insufficient": 0, "departments_measured": 0, "departments_silent": 3}
    assert rows._territory_words(row) == "non mesuré, 3 sans réponse"
    assert rows._territory_words({**row, "departments_measured": 96}) == "0 sur 96, 3 sans réponse"


def test_a_tension_leads_to_its_departments_and_its_declarations(demo_home: Home) -> None:
    groups = plans.groups(demo_home.reader(), "hivernal").set_index("group_id")
    row = groups.loc["amoxicilline-susp-500"]
    found = [(name.translate(TYPED), target) for name, target in links(open_plan("hivernal"))]
    label = f"{row['departments_insufficient']} sur {row['departments_measured']}"
    label += f", {fr.percent(row['insufficient_sales_pct'])} des ventes, 2 sans réponse"
    assert (label.translate(TYPED), "territoires?plan=hivernal&sujet=amoxicilline-susp-500") in found
    assert any(target == "declarations?dci=amoxicilline" for _, target in found)
    assert "tension nationale" in texts(open_plan("hivernal"))


def test_bands_show_their_origin_and_what_is_to_be_validated(demo_home: Home) -> None:
    written = plain(texts(open_plan("hivernal")))
    assert "Tableaux ANSM des 27/10 et 28/12/2023" in written
    assert written.count("à valider") == 1, "only the lower bands of the laboratories are ours"


def test_heat_is_said_to_be_out_of_season_in_november(demo_home: Home) -> None:
    at = open_plan("canicule")
    assert not at.exception
    assert "hors saison" in texts(at)
    assert "Hors saison</span></span> Dernière carte de vigilance canicule reçue" in texts(at)


def test_an_epidemic_is_compared_with_the_week_and_the_season_before(demo_home: Home) -> None:
    rows = pressure.epidemics(demo_home.reader(), ["grippe"]).sort_values("week")
    last, before = rows.iloc[-1], rows.iloc[-2]
    year = rows[rows["week"] == last["week"] - timedelta(weeks=52)].iloc[0]
    words = outside.epidemic_words(rows, "Grippe")
    assert words.startswith(f"Grippe : {fr.number(last['er_rate'])} en {fr.week(last['week'])}")
    assert f"{fr.number(before['er_rate'])} la semaine d'avant" in words
    assert f"{fr.number(year['er_rate'])} un an plus tôt" in words
    assert words in plain(texts(open_plan("hivernal")))


def test_last_season_is_drawn_on_this_seasons_weeks() -> None:
    weeks = pd.date_range("2025-06-02", "2026-11-09", freq="7D")
    rows = pd.DataFrame({"week": weeks, "er_rate": range(len(weeks))})
    ghost, now = outside.epidemic_figure(rows).data
    assert now.x[-1] == "2026-11-09"
    place = list(ghost.x).index("2026-11-09")
    assert ghost.y[place] == rows.loc[rows["week"] == "2025-11-10", "er_rate"].iloc[0]


@pytest.mark.parametrize(("age", "expected"), [(0, "Vigilance orange"), (30, "Hors saison")])
def test_an_old_heat_map_is_not_todays(age: int, expected: str) -> None:
    today = pd.DataFrame({"day": [DAY - timedelta(days=age)], "department": ["13"], "colour_id": [3]})
    assert expected in outside.heat_words(today, DAY)


def test_projected_the_plan_shows_no_laboratory(demo_home: Home) -> None:
    at = open_plan("hivernal", projection="1")
    assert not at.exception
    assert "LABORATOIRE" not in texts(at)
    assert "GROSSISTE " not in texts(at)


def test_without_measures_the_page_lists_what_is_followed_and_says_what_to_do(empty_home: Home) -> None:
    at = open_plan("hivernal")
    assert not at.exception
    assert sentence(at).startswith("Aucun des 14 médicaments suivis n'est encore mesuré.")
    assert "Aucune mesure de couverture reçue pour ce plan." in texts(at)
    assert ("Amoxicilline orale 1 g", "molecule?sujet=amoxicilline-orale-1g") in links(at)


@pytest.fixture
def third_plan(built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The demo built again, from the same files, with one more plan file in the folder of plans."""
    reference = shutil.copytree(reading.REFERENCE, tmp_path / "reference")
    (reference / "plans" / "psychotropes.toml").write_text(THIRD, encoding="utf-8")
    monkeypatch.setattr(reading, "REFERENCE", reference)
    home = tmp_path / "third"
    for name in ("raw", "lake"):
        shutil.copytree(built_demo / name, home / name)
    moment = datetime(DAY.year, DAY.month, DAY.day, 6, 10, tzinfo=PARIS)
    assert refresh(Settings(home=home, now=moment), demo_only=True, console=Console(quiet=True)).exit_code == 0
    return serve(home, monkeypatch)


def test_a_third_plan_is_a_file_and_nothing_else(third_plan: Home) -> None:
    at = open_plan("psychotropes")
    assert not at.exception
    written = plain(texts(at))
    link = plans.links(third_plan.reader(), "psychotropes").iloc[0]
    assert "Les psychotropes suivis sont-ils disponibles ?" in written
    assert "Niveau 1 – vigilance renforcée" in written
    assert "Plan à valider" in written
    assert "Bornes écrites pour ce test" in written
    assert "référence légale (12 mois glissants)" in written
    assert ("Lévétiracétam, toutes formes", "molecule?sujet=levetiracetam-oral") in links(at)
    assert f"répartiteurs, {fr.days(link['coverage_days'])}".translate(TYPED) in sentence(at)
    assert link["coverage_days"] == pytest.approx(link["coverage_legal_days"])
    assert "Officines" not in written
    assert "Pression extérieure" not in written
    assert fr.as_date(link["measured_on"]) <= date(2026, 11, 22)


def test_the_most_touched_departments_are_named() -> None:
    week = pd.Timestamp("2026-11-09")
    rates = [("Nord", 512.4), ("Aisne", None), ("Oise", 90.0), ("Ain", 480.0), ("Var", 12.0)]
    rows = pd.DataFrame([{"name": name, "week": week, "er_rate": rate} for name, rate in rates])
    assert outside.places(rows) == "Départements les plus touchés (S46) : Nord 512, Ain 480, Oise 90"
    assert outside.places(rows.head(0)) == "Aucun taux par département."


def test_what_each_group_takes_can_be_read_where_names_may_be_seen(demo_home: Home) -> None:
    found = plans.candidates(demo_home.reader(), "hivernal")
    assert set(found[found["is_taken"]]["outcome"]) == {"Prise"}
    assert found["is_taken"].any()
    assert plans.candidates(demo_home.reader("shared"), "hivernal").empty
    assert any("Ce que chaque groupe prend" in plain(box.label) for box in open_plan("hivernal").expander)
    assert not any(
        "Ce que chaque groupe prend" in plain(box.label) for box in open_plan("hivernal", projection="1").expander
    )
