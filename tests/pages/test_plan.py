"""Page of a plan: everything comes from its file, gravest first, the weakest link named; a third plan needs no code."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data.refresh import refresh
from data.settings import PARIS, Settings
from data.strict import reading
from metrics.plans import queries as plans
from metrics.surveillance import queries as surveillance
from pages.components import format as fr
from pages.components.charts import figures
from pages.plans import board, outside, words
from tests.conftest import Home
from tests.pages.conftest import APP, DAY, TIMEOUT_S, bodies, links, sentence, serve, texts
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
surveillance = "none"
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
    """The page of one plan: all are served by one script."""
    at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
    for name, value in parameters.items():
        at.query_params[name] = value
    at._page_hash = calc_hash(f"plan-{plan_id}")
    return at.run()


def plain(text: str) -> str:
    return unescape(text).translate(TYPED)


def test_rows_are_the_groups_of_the_plan_gravest_first(demo_home: Home) -> None:
    at = open_plan("hivernal")
    assert not at.exception
    expected = list(plans.groups(demo_home.reader(), "hivernal")["group_id"])
    drawn = next(body for body in bodies(at) if 'class="vs-board"' in body)
    assert re.findall(r'<th scope="row"><a href="/?molecule\?sujet=([^"&]+)"', drawn) == expected


def test_every_cell_opens_the_chart_of_its_link(demo_home: Home) -> None:
    found = {target for _, target in links(open_plan("hivernal"))}
    known = plans.links(demo_home.reader(), "hivernal")
    assert {f"molecule?sujet={row['subject_id']}&maillon={row['link']}" for row in figures.records(known)} <= found


def test_every_measured_link_shows_its_days(demo_home: Home) -> None:
    written = plain(texts(open_plan("hivernal")))
    for row in plans.links(demo_home.reader(), "hivernal").to_dict("records"):
        if not fr.missing(row["coverage_days"]):
            assert f'<b class="vs-num">{fr.days(row["coverage_days"])}</b>'.translate(TYPED) in written


def test_the_answer_counts_statuses_and_names_the_weakest_link(demo_home: Home) -> None:
    groups = plans.groups(demo_home.reader(), "hivernal")
    counts = groups["weakest_status"].value_counts()
    first = groups[groups["weakest_status"] == "insatisfaisante"].iloc[0]
    answer = sentence(open_plan("hivernal"))
    assert answer.startswith(f"1 insatisfaisant, {counts['acceptable']} acceptables, ")
    assert f"{groups['weakest_status'].isna().sum()} sans aucune mesure" in answer
    assert (
        f"{first['label']} ({first['weakest_label'].lower()}, {fr.days(first['weakest_days'])}".translate(TYPED)
        in answer
    )


def typed(link: tuple[str, str]) -> tuple[str, str]:
    return link[0].translate(TYPED), link[1].translate(TYPED)


def measured(label: str, status: str | None, link: str, days: float, share: float, **more: object) -> dict[str, object]:
    """One row of *plan_status*."""
    return {"label": label, "weakest_status": status, "weakest_label": link, "weakest_days": days, "weakest_bound_pct": share,
            "weakest_on": date(2026, 11, 15), "unknown_links": None, **more}  # fmt: skip


def test_the_most_fragile_is_the_furthest_under_its_own_bound() -> None:
    """12 days of 15 are 80 % of the laboratories' bound, 2.7 of 3 are 90 % of the pharmacies'."""
    low = "insatisfaisante"
    groups = pd.DataFrame([measured("A", low, "Officines", 2.7, 90), measured("B", low, "Exploitants", 12, 80)])
    expected = ("2 insatisfaisants.", "Le plus fragile : B (exploitants, 12 j, mesure du 15/11/2026).")
    assert typed(words.answer(groups)) == expected


def test_a_green_headline_does_not_speak_for_links_without_a_figure() -> None:
    good = measured("A", "satisfaisante", "Officines", 7.1, 101.4)
    every = [
        good,
        {**good, "unknown_links": "Exploitants"},
        {**good, "weakest_status": None, "unknown_links": "Officines"},
    ]
    assert typed(words.answer(pd.DataFrame(every))) == (
        "2 satisfaisants.",
        (
            "Le plus fragile : A (officines, 7,1 j, mesure du 15/11/2026)"
            " ; 1 a un maillon sans chiffre ; 1 sans aucune mesure."
        ),
    )
    assert words.answer(pd.DataFrame([good]))[0] == "1\u00a0satisfaisant."


def test_departments_measured_and_silent_are_counted() -> None:
    row = {"departments_measured": 97, "departments_silent": 2}
    assert words.measured(row) == ("sur 97", "2 sans réponse")
    assert words.measured({**row, "departments_silent": 0}) == ("sur 97", "")
    assert words.measured({**row, "departments_measured": 0}) == ("", "2 sans réponse"), "not none short"


def test_a_tension_leads_to_its_departments_and_its_declarations(demo_home: Home) -> None:
    row = plans.groups(demo_home.reader(), "hivernal").set_index("group_id").loc["amoxicilline-susp-500"].to_dict()
    at = open_plan("hivernal")
    found = [(name.translate(TYPED), target) for name, target in links(at)]
    label = next(name for name, to in found if to == "territoires?plan=hivernal&sujet=amoxicilline-susp-500")
    assert label.startswith(f"{row['departments_insufficient']} ")
    assert label.endswith("nationale")
    assert any(target == "declarations?dci=amoxicilline" for _, target in found)
    sold = f"soit {fr.percent(row['insufficient_sales_pct'])} des ventes du panel".translate(TYPED)
    assert sold in plain(texts(at)), "with their weight, on hover"
    assert "2 sans réponse" in plain(texts(at))


def test_what_a_column_shares_stands_once_in_its_head() -> None:
    """Two cells of three measured the same day: the head says it, the third says its own."""
    same = {"link": "officines", "figure_state": "a_jour", "state_reason": None, "week": date(2026, 11, 9),
            "measured_on": date(2026, 11, 15), "age_days": 14}  # fmt: skip
    late = same | {
        "figure_state": "en_retard",
        "week": date(2026, 11, 2),
        "measured_on": date(2026, 11, 8),
        "age_days": 21,
    }
    column = board._column({"link": "officines", "label": "Officines"}, [same, same, late])
    assert column["common"] == "S46, 15/11"
    assert board._exception(same, column) == ""
    assert board._exception(late, column).translate(TYPED) == "en retard (21 j) : S45, 08/11"


def test_bands_show_their_origin_and_what_is_to_be_validated(demo_home: Home) -> None:
    written = plain(texts(open_plan("hivernal")))
    assert "Tableaux ANSM des 27/10 et 28/12/2023" in written
    assert written.count("à valider") == 1, "only the lower bands of the laboratories are ours"


def test_heat_is_out_of_season_in_november(demo_home: Home) -> None:
    at = open_plan("canicule")
    assert not at.exception
    assert ">Hors saison</span>" in texts(at)
    assert "Hors saison</span></span> Dernière carte de vigilance canicule reçue" in texts(at)


def test_a_plan_that_follows_hospital_pharmacies_has_a_fourth_column(demo_home: Home) -> None:
    four, three = texts(open_plan("canicule")), texts(open_plan("hivernal"))
    assert (
        '<th scope="col">Pharmacies hospitalières<' in four,
        '<th scope="col">Pharmacies hospitalières<' in three,
    ) == (True, False)
    assert ("maillon=pui" in four, "maillon=pui" in three) == (True, False)
    row = figures.records(
        plans.links(demo_home.reader(), "canicule").query("link == 'pui' and subject_id == 'dantrolene-inj'")
    )[0]
    assert row["figure_state"] == "a_jour"
    assert f"{fr.days(row['coverage_days'])}".translate(TYPED) in plain(four)
    assert "consommation quotidienne donnée par les PUI qui répondent" in plain(four)
    assert "Pharmacies hospitalières" in texts(open_plan("canicule", projection="1")), "no laboratory's secret"


def test_an_epidemic_is_compared_with_the_week_and_the_season_before(demo_home: Home) -> None:
    rows = surveillance.epidemics(demo_home.reader(), ["grippe"]).sort_values("week")
    last, before = rows.iloc[-1], rows.iloc[-2]
    year = rows[rows["week"] == last["week"] - timedelta(weeks=52)].iloc[0]
    text = outside.epidemic_words(rows, "Grippe")
    assert text.startswith(f"Grippe : {fr.number(last['er_rate'])} en {fr.week(last['week'])}")
    assert f"{fr.number(before['er_rate'])} la semaine d'avant" in text
    assert f"{fr.number(year['er_rate'])} un an plus tôt" in text
    assert text in plain(texts(open_plan("hivernal")))


def test_last_season_is_drawn_on_this_seasons_weeks() -> None:
    weeks = pd.date_range("2025-06-02", "2026-11-09", freq="7D")
    rows = pd.DataFrame({"week": weeks, "er_rate": range(len(weeks))})
    ghost, now = outside.epidemic_figure(rows).data
    assert figures.days_of(now.to_plotly_json())[-1] == "2026-11-09"
    place = figures.days_of(ghost.to_plotly_json()).index("2026-11-09")
    assert ghost.y[place] == rows.loc[rows["week"] == "2025-11-10", "er_rate"].iloc[0]


@pytest.mark.parametrize(("age", "expected"), [(0, "Vigilance orange"), (30, "Hors saison")])
def test_an_old_heat_map_is_not_todays(demo_home: Home, age: int, expected: str) -> None:
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
    measured_on = fr.as_date(link["measured_on"])
    assert measured_on
    assert measured_on <= date(2026, 11, 22)


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
