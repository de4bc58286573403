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
    return {"label": label, "tension": tension, "weakest_label": "Grossistes-répartiteurs", "weakest_days": 2.39}


def departments(*statuses: tuple[str, str, str]) -> pd.DataFrame:
    """Rows (name, region, status) of one group; coverage grows with the row."""
    return pd.DataFrame(
        [
            {"name": name, "region_name": region, "status": status, "coverage_days": float(i)}
            for i, (name, region, status) in enumerate(statuses)
        ]
    )


LOW, GOOD, OFF = "insatisfaisante", "satisfaisante", "non_pertinente"
FOUR = departments(
    ("Haute-Corse", "Corse", LOW),
    ("Corse-du-Sud", "Corse", LOW),
    ("Ain", "Auvergne", GOOD),
    ("Mayotte", "Mayotte", OFF),
)


@pytest.mark.parametrize(
    ("tension", "start"),
    [
        ("nationale", "Partout : la tension sur Amoxicilline est nationale (grossistes-répartiteurs à 2,3 j)"),
        ("diffuse", "Pas seulement ici : la tension sur Amoxicilline est diffuse"),
        ("localisee", "Seulement par endroits : la tension sur Amoxicilline est localisée"),
    ],
)
def test_the_sentence_names_the_class_and_counts_over_measured(tension: str, start: str) -> None:
    said = answer.of_group(group(tension), FOUR).translate(TYPED)
    assert said.startswith(start)
    assert "2 départements insatisfaisants sur 3 mesurés" in said
    assert "1 autre hors panel ou sous le plancher de fiabilité" in said


def test_a_local_tension_names_its_departments() -> None:
    assert "(Haute-Corse, Corse-du-Sud)" in answer.of_group(group("localisee"), FOUR)


def test_no_tension_is_said_over_measured_departments_only() -> None:
    fine = departments(("Ain", "Auvergne", GOOD), ("Aisne", "Hauts-de-France", GOOD))
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
    counts = pd.DataFrame({"measured": [4, 4, 0], "insufficient": [2, 0, 0], "region_name": ["A", "B", "B"]})
    said = answer.of_plan(groups, counts).translate(TYPED)
    assert said.startswith("Sur 4 médicaments suivis : 1 tension diffuse, 2 localisées")
    assert "1 département sur 2 mesurés a au moins un manque, jusqu'à 2 médicaments à la fois" in said


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
