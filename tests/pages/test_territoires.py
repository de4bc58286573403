"""Territoires: the sentence is the classification and its counts; map, ranking and department tell the same story."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from metrics.plans import queries as plans
from metrics.surveillance import queries as pressure
from metrics.territory import queries as territory
from pages.components import format as fr
from pages.territoires import answer, layers
from tests.conftest import Home
from tests.pages.conftest import Opener, texts
from tests.typography import TYPED

PAGE = "pages/territoires/territoires.py"


def group(tension: str | None, label: str = "Amoxicilline") -> dict[str, Any]:
    return {"label": label, "tension": tension, "weakest_label": "Grossistes-répartiteurs", "weakest_days": 2.39,
            "unknown_links": None, "insufficient_sales_pct": None, "departments_mean_days": None}  # fmt: skip


def departments(*statuses: tuple[str, str, str]) -> pd.DataFrame:
    """Rows (name, region, status) of one group; coverage grows with the row."""
    return pd.DataFrame(
        [
            {
                "name": name,
                "region_name": region,
                "status": status,
                "coverage_days": float(i),
                "is_measured": status in (LOW, GOOD),
                "is_silent": status == SILENT,
                "figure_state": {OFF: "hors_panel", SILENT: "en_retard"}.get(status, "a_jour"),
            }
            for i, (name, region, status) in enumerate(statuses)
        ]
    )


LOW, GOOD, OFF, SILENT = "insatisfaisante", "satisfaisante", "non_pertinente", "sans relevé"
FOUR = departments(
    ("Haute-Corse", "Corse", LOW),
    ("Corse-du-Sud", "Corse", LOW),
    ("Ain", "Auvergne", GOOD),
    ("Mayotte", "Mayotte", OFF),
)


@pytest.mark.parametrize(
    ("tension", "start"),
    [
        (
            "nationale",
            "Pas seulement ici : la tension sur Amoxicilline est nationale (grossistes-répartiteurs à 2,3 j)",
        ),
        ("diffuse", "Dans la plupart des départements : la tension sur Amoxicilline est diffuse"),
        ("localisee", "Dans la plupart des départements : la tension sur Amoxicilline est localisée"),
    ],
)
def test_the_sentence_names_the_class_and_counts_over_measured(tension: str, start: str) -> None:
    said = answer.of_group(group(tension), FOUR).translate(TYPED)
    assert said.startswith(start)
    assert "2 départements insatisfaisants sur 3 mesurés" in said
    assert "1 autre hors panel ou sous le plancher de fiabilité" in said


@pytest.mark.parametrize("measured", [1, 2, 3, 4, 8, 99])
@pytest.mark.parametrize("tension", ["nationale", "diffuse", "localisee", "aucune", None])
def test_the_sentence_never_says_more_than_its_counts(tension: str | None, measured: int) -> None:
    for low in range(measured + 1):
        for silent in (0, 2):
            rows = [(f"D{n}", "R", LOW if n < low else GOOD) for n in range(measured)] + [("X", "R", SILENT)] * silent
            said = answer.of_group(group(tension), departments(*rows)).translate(TYPED)
            said_of_all = said.startswith(("Partout", "Dans tous"))
            assert not said_of_all or low == measured > 1
            assert not said.startswith("Partout") or (not silent and tension == "nationale")
            assert not said.startswith("Seulement par endroits") or 0 < 4 * low <= measured
            assert not said.startswith(("Nulle part", "Pas en officine")) or low == 0
            assert not said.startswith("Dans la plupart") or 2 * low > measured
            assert not said.startswith("Dans la moitié") or 2 * low == measured
            assert ("n'ont pas répondu cette semaine" in said) == (silent == 2)
            assert " 1 départements" not in said
            assert "des 1 " not in said


@pytest.mark.parametrize(
    ("low", "start"),
    [
        (0, "Pas en officine : la tension sur Amoxicilline est nationale (grossistes-répartiteurs à 2,3 j)"),
        (40, "Pas seulement ici : la tension sur Amoxicilline est nationale"),
        (99, "Partout : la tension sur Amoxicilline est nationale"),
    ],
)
def test_a_national_tension_says_what_pharmacies_show(low: int, start: str) -> None:
    rows = departments(*[(f"D{n}", "R", LOW if n < low else GOOD) for n in range(99)])
    assert answer.of_group(group("nationale"), rows).translate(TYPED).startswith(start)


def test_sixty_departments_of_ninety_nine_are_not_some_places() -> None:
    rows = departments(*[(f"D{n}", "R", LOW if n < 60 else GOOD) for n in range(99)])
    row = {**group("diffuse"), "insufficient_sales_pct": 41.6, "departments_mean_days": 4.46}
    said = answer.of_group(row, rows).translate(TYPED)
    assert said == (
        "Dans la plupart des départements : la tension sur Amoxicilline est diffuse ; 60 départements insatisfaisants"
        " sur 99 mesurés, soit 42 % des ventes du panel ; en moyenne pondérée par les ventes, 4,4 j de couverture en"
        " officine."
    )


def test_who_did_not_answer_is_named_and_not_called_off_panel() -> None:
    rows = departments(("Gers", "Occitanie", SILENT), ("Lot", "Occitanie", SILENT), ("Ain", "Auvergne", GOOD))
    said = answer.of_group(group("aucune"), rows, "Occitanie").translate(TYPED)
    assert "2 départements n'ont pas répondu cette semaine (Gers, Lot)" in said
    assert "hors panel" not in said
    assert "région Occitanie : aucun département mesuré, 2 départements n'ont pas répondu cette semaine" in said


def test_a_link_without_a_figure_is_told_beside_the_departments() -> None:
    fine = departments(("Ain", "Auvergne", GOOD), ("Aisne", "Hauts-de-France", GOOD))
    said = answer.of_group({**group(None), "unknown_links": "Exploitants"}, fine)
    assert said.startswith("Pas en officine : Amoxicilline n'est insatisfaisant dans aucun des 2 départements mesurés")
    assert "maillon sans chiffre : exploitants" in said.translate(TYPED)


def test_a_national_tension_is_told_without_any_department() -> None:
    said = answer.of_group(group("nationale"), departments(("Mayotte", "Mayotte", OFF))).translate(TYPED)
    assert said.startswith("La tension sur Amoxicilline est nationale (grossistes-répartiteurs à 2,3 j) ; aucun")


def test_a_local_tension_names_its_departments() -> None:
    assert "(Haute-Corse, Corse-du-Sud)" in answer.of_group(group("localisee"), FOUR)


def test_no_tension_is_said_over_measured_departments_only() -> None:
    fine = departments(("Ain", "Auvergne", GOOD), ("Aisne", "Hauts-de-France", GOOD))
    assert answer.of_group(group("aucune"), fine).startswith(
        "Nulle part : Amoxicilline n'est insatisfaisant dans aucun"
    )
    assert "aucun des 2 départements mesurés" in answer.of_group(group(None), fine)


def test_nothing_measured_is_not_good_news() -> None:
    said = answer.of_group(group(None), departments(("Mayotte", "Mayotte", OFF)))
    assert said.startswith("Aucune mesure")


def test_a_region_is_set_against_the_country() -> None:
    said = answer.of_group(group("localisee"), FOUR, "Corse").translate(TYPED)
    assert "région Corse : 2 sur 2 mesurés (100 %, contre 67 % en France)" in said


def test_a_region_off_panel_is_said() -> None:
    assert "région Mayotte : aucun département mesuré" in answer.of_group(group("localisee"), FOUR, "Mayotte")


def test_all_medicines_count_tensions_and_departments() -> None:
    groups = pd.DataFrame({"tension": ["diffuse", "localisee", "localisee", None]})
    counts = counted([4, 4, 0, 0], [2, 0, 0, 0], [0, 1, 0, 4])
    said = answer.of_plan(groups, counts).translate(TYPED)
    assert said.startswith("Sur 4 médicaments suivis : 1 tension diffuse, 2 localisées, 1 non classé faute de mesures")
    assert "1 département sur 2 mesurés a au moins un manque, jusqu'à 2 médicaments à la fois" in said
    assert "1 département n'a pas répondu cette semaine (D3)" in said
    assert "1 n'a répondu cette semaine que pour une partie des médicaments" in said
    assert "1 autre hors panel ou sous le plancher de fiabilité" in said


def counted(measured: list[int], insufficient: list[int], silent: list[int]) -> pd.DataFrame:
    """Rows of *department_count*."""
    names = [f"D{number}" for number in range(len(measured))]
    table = {"name": names, "measured": measured, "insufficient": insufficient, "silent": silent}
    return pd.DataFrame({**table, "region_name": ["A", "B", "B", "B"][: len(measured)]})


@pytest.mark.parametrize(
    ("tensions", "start"),
    [
        (["aucune", "aucune"], "Nulle part : aucune tension sur les 2 médicaments suivis"),
        (["aucune", None], "Aucune tension connue sur les 2 médicaments suivis, dont 1 non classé faute de mesures"),
        ([None, None], "Aucune tension connue sur les 2 médicaments suivis, dont 2 non classés faute de mesures"),
    ],
)
def test_a_plan_without_known_tension_is_not_good_news(tensions: list[str | None], start: str) -> None:
    counts = counted([1], [0], [0])
    said = answer.of_plan(pd.DataFrame({"tension": tensions}), counts).translate(TYPED)
    assert said.startswith(start)
    assert "aucun manque dans le seul département mesuré" in said


def test_the_page_opens_on_the_plan_in_season(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    expected = answer.of_plan(
        plans.groups(demo_home.reader(), "hivernal"), territory.counts(demo_home.reader(), "hivernal")
    )
    assert expected.replace("'", "&#x27;") in texts(at)


def test_a_medicine_alone_in_the_url_opens_its_own_plan(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="lithium-250")
    assert at.selectbox(key="choix-plan").value == "canicule"
    assert at.selectbox(key="choix-sujet").value == "lithium-250"


def test_the_ranking_is_gravest_first_and_leads_to_each_department(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="amoxicilline-susp-500")
    measured = territory.departments(demo_home.reader(), "amoxicilline-susp-500").dropna(subset=["coverage_days"])
    worst = measured.sort_values(["coverage_days", "department"]).iloc[0]
    links = [link for link in at.get("page_link") if "departement=" in link.proto.query_string]
    assert links[0].proto.label.replace("\\", "") == worst["name"]
    assert f"departement={worst['department']}" in links[0].proto.query_string
    assert "sujet=amoxicilline-susp-500" in links[0].proto.query_string


def test_a_region_keeps_only_its_departments(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="amoxicilline-susp-500", region="53")
    links = [link for link in at.get("page_link") if "departement=" in link.proto.query_string]
    ranked = {link.proto.label.replace("\\", "") for link in links}  # without the marks that keep it a plain text
    assert ranked == {"Finistère", "Côtes-d'Armor", "Ille-et-Vilaine", "Morbihan"}
    assert "région Bretagne" in texts(at)


def test_a_department_shows_its_medicines_and_links_to_each(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, departement="29")
    found = territory.medicines(demo_home.reader(), "29")
    expected = set(found[found["plan"] == "hivernal"]["subject_id"])
    linked = {
        re.search(r"sujet=([^&]+)", link.proto.query_string).group(1)  # type: ignore[union-attr]
        for link in at.get("page_link")
        if link.proto.page == "molecule"
    }
    assert linked == expected
    assert "Fiabilité" in texts(at)


def test_without_medicine_the_history_is_that_of_the_gravest(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, departement="29")
    found = territory.medicines(demo_home.reader(), "29")
    worst = found[found["plan"] == "hivernal"].iloc[0]
    assert f"{worst['label']}, Finistère et France" in at.get("plotly_chart")[0].proto.alt


def test_an_old_heat_map_is_not_shown_as_today(demo_home: Home, open_page: Opener) -> None:
    """The last map of summer is in the warehouse; in November the layer says « hors saison »."""
    assert not pressure.vigilance(demo_home.reader()).empty
    at = open_page(PAGE, couche="vigilance")
    assert "hors saison" in texts(at)
    assert "Aucun département mesuré." in texts(at)


@pytest.mark.parametrize("indicator", ["grippe", "bronchiolite", "covid"])
def test_each_epidemic_has_its_layer(demo_home: Home, open_page: Opener, indicator: str) -> None:
    at = open_page(PAGE, couche="epidemie", indicateur=indicator)
    top = pressure.epidemic_map(demo_home.reader(), indicator)["er_rate"].max()
    assert f">{fr.number(top)}<" in texts(at)


def test_what_is_not_measured_is_hatched_never_good() -> None:
    table = pd.DataFrame(
        [
            {
                "department": "976",
                "status": OFF,
                "figure_state": "hors_panel",
                "coverage_days": None,
                "week": None,
                "pharmacies": None,
                "state_reason": "Département hors du panel.",
            }
        ]
    )
    drawn = layers.map_layers.coverage_layer(table).iloc[0]
    assert drawn["hatched"]
    assert drawn["figure"] == ""


def test_a_department_that_stopped_answering_has_no_colour_of_last_week(demo_home: Home, open_page: Opener) -> None:
    """The Lot stopped last week, the Creuse six weeks ago (story 16)."""
    table = territory.departments(demo_home.reader(), "amoxicilline-susp-500")
    drawn = layers.map_layers.coverage_layer(table).set_index("department")
    assert drawn.loc["46", "hatched"]
    assert drawn.loc["46", "word"] == "Aucune donnée (en retard)"
    assert drawn.loc["46", "detail"] == "N'a pas répondu cette semaine, dernier relevé au 08/11/2026."
    assert drawn.loc["23", "word"] == "Aucune donnée"
    assert drawn.loc["23", "detail"] == "Ne répond plus depuis 6 semaines, dernier relevé au 04/10/2026."
    assert drawn.loc["976", "word"] == "Hors panel"
    counts = layers.map_layers.count_layer(territory.counts(demo_home.reader(), "hivernal")).set_index("department")
    assert counts.loc["46", "detail"] == "N'a pas répondu cette semaine, dernier relevé au 08/11/2026."
    written = texts(open_page(PAGE, sujet="amoxicilline-susp-500", departement="46")).translate(TYPED)
    assert "2 départements n&#x27;ont pas répondu cette semaine (Creuse, Lot)" in written
    assert "2 autres hors panel ou sous le plancher de fiabilité" in written
    assert "Fiabilité : n'a pas répondu cette semaine, dernier relevé au 08/11/2026." in written


def test_unknown_values_in_the_url_are_ignored(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, plan="nul", sujet="nul", couche="nul", region="zz", departement="999")
    assert not at.exception
    assert "Aucun département choisi." in texts(at)


def test_the_shared_screen_names_no_laboratory(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, departement="29", projection="1")
    assert not at.exception
    assert "laboratoire " not in texts(at).replace("Laboratoires, stocks", "").lower()


def test_an_empty_warehouse_says_what_is_missing(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, departement="29")
    assert not at.exception
    assert "Aucune mesure du panel" in texts(at)
    assert "inbox/iqvia" in texts(at)


def test_a_share_of_departments_stays_on_its_side_of_the_bound() -> None:
    """17 of 69 departments, 24.6 %, are under the 25 % that make a tension diffuse: written 24."""
    rows = departments(
        *[(f"Bas {n}", "Corse", LOW) for n in range(17)],
        *[(f"Haut {n}", "Corse", GOOD) for n in range(52)],
    )
    said = answer.of_group(group("localisee"), rows, "Corse", [25]).translate(TYPED)
    assert "17 sur 69 mesurés (24 %, contre 24 % en France)" in said
