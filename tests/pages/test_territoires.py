"""Territoires: the sentence is the classification and its counts; map, ranking and department tell the same story."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from bench.pages import MOST_ELEMENTS, MOST_KB, weight
from metrics.plans import queries as plans
from metrics.review import answers as reading
from metrics.surveillance import queries as surveillance
from metrics.territory import queries as territory
from pages.components import answers
from pages.components import format as fr
from pages.components.charts import map_layers, maps
from pages.territoires import answer
from tests.conftest import Home
from tests.pages.conftest import Opener, bodies, links, sentence, texts, words
from tests.typography import TYPED

PAGE = "pages/territoires/territoires.py"


def text_of_group(*arguments: Any) -> str:
    """All the parts of the sentence."""
    return answer.written(answer.of_group(*arguments)).translate(TYPED)


def text_of_plan(*arguments: Any) -> str:
    return answer.written(answer.of_plan(*arguments)).translate(TYPED)


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
    text = text_of_group(group(tension), FOUR)
    assert text.startswith(start)
    assert "2 départements insatisfaisants sur 3 mesurés" in text
    assert "1 autre hors panel ou sous le plancher de fiabilité" in text


@pytest.mark.parametrize("measured", [1, 2, 3, 4, 8, 99])
@pytest.mark.parametrize("tension", ["nationale", "diffuse", "localisee", "aucune", None])
def test_the_sentence_never_says_more_than_its_counts(tension: str | None, measured: int) -> None:
    for low in range(measured + 1):
        for silent in (0, 2):
            rows = [(f"D{n}", "R", LOW if n < low else GOOD) for n in range(measured)] + [("X", "R", SILENT)] * silent
            text = text_of_group(group(tension), departments(*rows))
            is_everywhere = text.startswith(("Partout", "Dans tous"))
            assert not is_everywhere or low == measured > 1
            assert not text.startswith("Partout") or (not silent and tension == "nationale")
            assert not text.startswith("Seulement par endroits") or 0 < 4 * low <= measured
            assert not text.startswith(("Nulle part", "Pas en officine")) or low == 0
            assert not text.startswith("Dans la plupart") or 2 * low > measured
            assert not text.startswith("Dans la moitié") or 2 * low == measured
            assert ("n'ont pas répondu cette semaine" in text) == (silent == 2)
            assert " 1 départements" not in text
            assert "des 1 " not in text


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
    assert text_of_group(group("nationale"), rows).startswith(start)


def test_sixty_departments_of_ninety_nine_are_not_some_places() -> None:
    rows = departments(*[(f"D{n}", "R", LOW if n < 60 else GOOD) for n in range(99)])
    row = {**group("diffuse"), "insufficient_sales_pct": 41.6, "departments_mean_days": 4.46}
    text = text_of_group(row, rows)
    assert text == (
        "Dans la plupart des départements : la tension sur Amoxicilline est diffuse ; 60 départements insatisfaisants"
        " sur 99 mesurés, soit 42 % des ventes du panel ; en moyenne pondérée par les ventes, 4,4 j de couverture en"
        " officine."
    )


def test_who_did_not_answer_is_named_and_not_called_off_panel() -> None:
    rows = departments(("Gers", "Occitanie", SILENT), ("Lot", "Occitanie", SILENT), ("Ain", "Auvergne", GOOD))
    text = text_of_group(group("aucune"), rows, "Occitanie")
    assert "2 départements n'ont pas répondu cette semaine (Gers, Lot)" in text
    assert "hors panel" not in text
    assert "région Occitanie : aucun département mesuré, 2 départements n'ont pas répondu cette semaine" in text


def test_a_link_without_a_figure_is_named_beside_the_departments() -> None:
    fine = departments(("Ain", "Auvergne", GOOD), ("Aisne", "Hauts-de-France", GOOD))
    text = text_of_group({**group(None), "unknown_links": "Exploitants"}, fine)
    assert text.startswith("Pas en officine : Amoxicilline n'est insatisfaisant dans aucun des 2 départements mesurés")
    assert "maillon sans chiffre : exploitants" in text.translate(TYPED)


def test_a_national_tension_needs_no_department() -> None:
    text = text_of_group(group("nationale"), departments(("Mayotte", "Mayotte", OFF)))
    assert text.startswith("La tension sur Amoxicilline est nationale (grossistes-répartiteurs à 2,3 j) ; aucun")


def test_a_local_tension_names_its_departments() -> None:
    assert "(Haute-Corse, Corse-du-Sud)" in text_of_group(group("localisee"), FOUR)


def test_no_tension_is_worded_over_measured_departments_only() -> None:
    fine = departments(("Ain", "Auvergne", GOOD), ("Aisne", "Hauts-de-France", GOOD))
    assert text_of_group(group("aucune"), fine).startswith("Nulle part : Amoxicilline n'est insatisfaisant dans aucun")
    assert "aucun des 2 départements mesurés" in text_of_group(group(None), fine)


def test_nothing_measured_is_not_good_news() -> None:
    text = text_of_group(group(None), departments(("Mayotte", "Mayotte", OFF)))
    assert text.startswith("Aucune mesure")


def test_a_region_is_set_against_the_country() -> None:
    text = text_of_group(group("localisee"), FOUR, "Corse")
    assert "région Corse : 2 sur 2 mesurés (100 %, contre 67 % en France)" in text


def test_a_region_off_panel_is_named() -> None:
    assert "région Mayotte : aucun département mesuré" in text_of_group(group("localisee"), FOUR, "Mayotte")


def test_all_medicines_count_tensions_and_departments() -> None:
    groups = pd.DataFrame({"tension": ["diffuse", "localisee", "localisee", None]})
    counts = counted([4, 4, 0, 0], [2, 0, 0, 0], [0, 1, 0, 4])
    text = text_of_plan(groups, counts)
    assert text.startswith("Sur 4 médicaments suivis : 1 tension diffuse, 2 localisées, 1 non classé faute de mesures")
    assert "1 département sur 2 mesurés a au moins un manque, jusqu'à 2 médicaments à la fois" in text
    assert "1 département n'a pas répondu cette semaine (D3)" in text
    assert "1 n'a répondu cette semaine que pour une partie des médicaments" in text
    assert "1 autre hors panel ou sous le plancher de fiabilité" in text


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
    text = text_of_plan(pd.DataFrame({"tension": tensions}), counts)
    assert text.startswith(start)
    assert "aucun manque dans le seul département mesuré" in text


def chosen(at: AppTest) -> list[tuple[str, str]]:
    """Links of the page that choose a department: its name, the address."""
    return [(label, target) for label, target in links(at) if "departement=" in target]


def ranking(at: AppTest) -> list[str]:
    """Names of the rows beside the map, from the most affected."""
    body = next(body for body in bodies(at) if "Du plus au moins touché" in body)
    rows = body.split("Du plus au moins touché")[1].split("</table>")[0]
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', rows.replace("&#39;", "'"))


def map_links(at: AppTest) -> list[str]:
    (drawn,) = [str(element.value) for element in at.markdown if "vs-map" in str(element.value)]
    return re.findall(r'<a href="([^"]*)"', drawn.replace("&amp;", "&"))


def test_the_page_opens_on_the_plan_in_season(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    parts = answer.of_plan(
        plans.groups(demo_home.reader(), "hivernal"), territory.counts(demo_home.reader(), "hivernal")
    )
    assert sentence(at).startswith(parts[0].translate(TYPED))
    assert all(part.translate(TYPED) in words(at) for part in parts[1:])


def test_a_medicine_alone_in_the_url_opens_its_own_plan(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="lithium-250")
    assert at.selectbox(key="choix-medicament").value == ("canicule", "lithium-250")


def test_the_medicine_chosen_in_the_box_is_in_the_address(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    at.selectbox(key="choix-medicament").set_value(("canicule", "lithium-250")).run()
    assert at.query_params["sujet"] in ("lithium-250", ["lithium-250"])
    assert at.query_params["plan"] in ("canicule", ["canicule"])


def test_the_ranking_is_gravest_first_and_leads_to_each_department(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="amoxicilline-susp-500")
    measured = territory.departments(demo_home.reader(), "amoxicilline-susp-500").dropna(subset=["coverage_days"])
    worst = measured.sort_values(["coverage_days", "department"]).iloc[0]
    assert ranking(at)[0] == worst["name"]
    first = next(target for label, target in chosen(at) if label == worst["name"])
    assert f"departement={worst['department']}" in first
    assert "sujet=amoxicilline-susp-500" in first


def test_equal_counts_are_ranked_by_days(demo_home: Home, open_page: Opener) -> None:
    counts = territory.counts(demo_home.reader(), "hivernal")
    counts = counts[counts["measured"] > 0]
    order = counts.sort_values(["insufficient", "lowest_days"], ascending=[False, True])
    assert len(order) > len(order["insufficient"].unique()), "the demo has ties"
    shown = ranking(open_page(PAGE))
    lowest = dict(zip(order["name"], zip(-order["insufficient"], order["lowest_days"], strict=True), strict=True))
    assert [lowest[name] for name in shown] == list(lowest.values())[: len(shown)]


def test_regions_are_ranked_too(demo_home: Home, open_page: Opener) -> None:
    """By the region's own coverage of the last week, which the panel gives."""
    subject = "amoxicilline-susp-500"
    at = open_page(PAGE, sujet=subject, rang="regions")
    regions = territory.region_statuses(demo_home.reader(), subject).dropna(subset=["coverage_days"])
    assert ranking(at)[0] == regions.sort_values("coverage_days").iloc[0]["region_name"]
    assert any("region=53" in target and label == "Bretagne" for label, target in links(at))


def test_every_department_is_a_link_on_the_map_and_in_the_list(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="amoxicilline-susp-500")
    wanted = {f"departement={code}" for code in maps.department_names()}
    on_map = {re.search(r"departement=\w+", target).group() for target in map_links(at)}  # type: ignore[union-attr]
    listed = {re.search(r"departement=\w+", target).group() for _, target in chosen(at)}  # type: ignore[union-attr]
    assert on_map == wanted
    assert listed == wanted


def test_a_department_is_left_by_its_link_and_by_the_map(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="amoxicilline-susp-500", departement="29")
    leave = next(target for label, target in links(at) if label == "× France entière")
    assert "departement" not in leave
    assert "sujet=amoxicilline-susp-500" in leave
    assert "departement" not in map_links(at)[-1], "the outline, drawn last"


def test_a_region_keeps_only_its_departments(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="amoxicilline-susp-500", region="53")
    assert set(ranking(at)) == {"Finistère", "Côtes-d'Armor", "Ille-et-Vilaine", "Morbihan"}
    assert {label for label, _ in chosen(at)} == set(ranking(at))
    assert sentence(at).split(". ", 1)[1].startswith("Bretagne : ")
    assert "région Bretagne : " in words(at)
    inside = [target for target in map_links(at) if "region=53" in target]
    assert len(inside) == 4, "a department of another region leaves the region"


@pytest.mark.parametrize(("scope", "code", "name"), [("departement", "29", "Finistère"), ("region", "53", "Bretagne")])
def test_the_place_chosen_has_its_answers(demo_home: Home, open_page: Opener, scope: str, code: str, name: str) -> None:
    """Ici, depuis, mesures, fin: the same words as wherever this medicine is shown for this place."""
    subject = "amoxicilline-susp-500"
    local = reading.answers_in(demo_home.reader(), subject, scope, code)
    assert local is not None
    written = words(open_page(PAGE, sujet=subject, **{scope: code}))
    assert answers.headline(local).translate(TYPED) in written
    assert answers.headline(local).startswith(f"{name} : ")
    for fact in answers.facts_in(local):
        assert fact.words.translate(TYPED) in written
    panel = written[written.index("<dt>Ici</dt>") :]
    for label in ("Depuis", "Mesures", "Fin annoncée"):
        assert f"<dt>{label}</dt>" in panel


def test_a_department_shows_its_medicines_and_links_to_each(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, departement="29")
    found = territory.medicines(demo_home.reader(), "29")
    expected = set(found[found["plan"] == "hivernal"]["subject_id"])
    linked = {
        re.search(r"sujet=([^&]+)", target).group(1)  # type: ignore[union-attr]
        for _, target in links(at)
        if target.startswith("molecule?")
    }
    assert linked == expected
    assert "Fiabilité" in texts(at)


def test_without_medicine_the_history_is_that_of_the_gravest(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, departement="29")
    found = territory.medicines(demo_home.reader(), "29")
    worst = found[found["plan"] == "hivernal"].iloc[0]
    assert f"{worst['label']}, Finistère et France" in at.get("plotly_chart")[0].proto.alt


def test_all_medicines_of_a_department_are_counted(demo_home: Home, open_page: Opener) -> None:
    counts = territory.counts(demo_home.reader(), "hivernal").set_index("department").loc["29"].to_dict()
    text = sentence(open_page(PAGE, departement="29"))
    assert text.startswith(f"Finistère : {counts['insufficient']} médicament")
    assert f"sur {counts['measured']} mesurés, au plus bas à {fr.days(counts['lowest_days'])}".translate(TYPED) in text


def test_a_region_without_its_department_is_left(demo_home: Home, open_page: Opener) -> None:
    """An address that says both: the department wins, the map is that of the country."""
    at = open_page(PAGE, sujet="amoxicilline-susp-500", region="11", departement="29")
    assert at.selectbox(key="choix-region").value == "france"
    assert "Finistère : " in sentence(at)


def test_an_old_heat_map_is_not_shown_as_today(demo_home: Home, open_page: Opener) -> None:
    """The last map of summer is in the warehouse; in November the layer says « hors saison »."""
    assert not surveillance.vigilance(demo_home.reader()).empty
    at = open_page(PAGE, couche="vigilance")
    assert "hors saison" in texts(at)
    assert "Hors saison : Météo-France ne la publie plus" in texts(at)  # in place of an empty ranking


@pytest.mark.parametrize("indicator", ["grippe", "bronchiolite", "covid"])
def test_each_epidemic_has_its_layer(demo_home: Home, open_page: Opener, indicator: str) -> None:
    at = open_page(PAGE, couche="epidemie", indicateur=indicator)
    top = surveillance.epidemic_map(demo_home.reader(), indicator)["er_rate"].max()
    assert f">{fr.number(top)}<" in texts(at)


def test_the_page_is_light(demo_home: Home, open_page: Opener) -> None:
    """At most 40 elements and 120 kB a run, map included."""
    drawn, kilobytes = weight(open_page(PAGE, sujet="amoxicilline-susp-500", departement="29"))
    assert drawn <= MOST_ELEMENTS
    assert kilobytes <= MOST_KB


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
    drawn = map_layers.coverage_layer(table).iloc[0]
    assert drawn["hatched"]
    assert drawn["figure"] == ""


def test_a_department_that_stopped_answering_has_no_colour_of_last_week(demo_home: Home, open_page: Opener) -> None:
    """The Lot stopped last week, the Creuse six weeks ago (story 16)."""
    table = territory.departments(demo_home.reader(), "amoxicilline-susp-500")
    drawn = map_layers.coverage_layer(table).set_index("department")
    assert drawn.loc["46", "hatched"]
    assert drawn.loc["46", "word"] == "Aucune donnée (en retard)"
    assert drawn.loc["46", "detail"] == "N'a pas répondu cette semaine, dernier relevé au 08/11/2026."
    assert drawn.loc["23", "word"] == "Aucune donnée"
    assert drawn.loc["23", "detail"] == "Ne répond plus depuis 6 semaines, dernier relevé au 04/10/2026."
    assert drawn.loc["976", "word"] == "Hors panel"
    counts = map_layers.count_layer(territory.counts(demo_home.reader(), "hivernal")).set_index("department")
    assert counts.loc["46", "detail"] == "N'a pas répondu cette semaine, dernier relevé au 08/11/2026."
    written = texts(open_page(PAGE, sujet="amoxicilline-susp-500", departement="46")).translate(TYPED)
    assert "2 départements n&#x27;ont pas répondu cette semaine (Creuse, Lot)" in written
    assert "2 autres hors panel ou sous le plancher de fiabilité" in written
    assert "Fiabilité : n'a pas répondu cette semaine, dernier relevé au 08/11/2026." in unescape(written)


def test_unknown_values_in_the_url_are_ignored(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, plan="nul", sujet="nul", couche="nul", region="zz", departement="999")
    assert not at.exception
    assert ranking(at)


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
    text = text_of_group(group("localisee"), rows, "Corse", [25])
    assert "17 sur 69 mesurés (24 %, contre 24 % en France)" in text
