"""Sites: the answer recounted, filters, what depends on one site, the cards of a molecule and of a declaration."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from metrics.sites import queries as sites
from pages.anticiper import site_words as words
from pages.components import lists
from pages.declarations import facts
from pages.molecules import sites as of_molecule
from tests.conftest import Home
from tests.pages.conftest import Opener, links, sentence, texts
from tests.typography import TYPED

PAGE = "pages/anticiper/sites.py"
Row = dict[str, Any]


@pytest.fixture
def steps(demo_home: Home) -> list[Row]:
    return demo_home.reader().rows("SELECT * FROM site_step")


def by_site(steps: list[Row], *, step: str = "") -> dict[str, set[str]]:
    """DCI by site, in plain Python."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in steps:
        if step in ("", row["step"]):
            found[row["site_key"]] |= {row["dci_key"]} - {None}
    return found


def shown(at: Any) -> list[str]:
    return [target.partition("site=")[2] for _, target in links(at) if target.startswith("sites?site=")]


def test_the_answer_names_the_site_on_which_most_dci_depend(steps: list[Row], open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    counts = {key: len(dcis) for key, dcis in by_site(steps).items()}
    first = max(counts.values())
    answer = sentence(at)
    alone = list(counts.values()).count(first) == 1
    assert (f", {first} DCI en dépendent." if alone else f", {first} DCI chacun.") in answer
    assert shown(at)[0] in {key for key, count in counts.items() if count == first}
    making = {"substance active", "fabrication", "conditionnement"}
    single = {row["cis"] for row in steps if row["is_only_site"] and row["step"] in making}
    assert f"{len(single)} font une étape de production sur un seul site" in answer
    assert f"Sur {len({row['cis'] for row in steps})} spécialités décrites" in answer


def test_every_site_is_listed_and_filters_are_in_the_address(steps: list[Row], open_page: Opener) -> None:
    every = by_site(steps)
    assert set(shown(open_page(PAGE, lignes="80"))) == set(every)
    assert len(shown(open_page(PAGE))) == min(len(every), lists.FIRST)
    outside = {row["site_key"] for row in steps if row["place"] == "hors_union"}
    assert set(shown(open_page(PAGE, lieu="hors_union", lignes="80"))) == outside
    made = by_site(steps, step="substance active")
    at = open_page(PAGE, etape="substance active", lignes="80")
    assert set(shown(at)) == set(made)
    assert f", {max(map(len, made.values()))} DCI " in sentence(at)
    only = {row["site_key"] for row in steps if row["is_only_site"]}
    assert set(shown(open_page(PAGE, unique="oui", lignes="80"))) == only
    assert sentence(open_page(PAGE, q="introuvable")).startswith("Aucun site ne passe ces filtres.")


def test_a_site_lists_what_depends_on_it_with_declarations_beside(
    steps: list[Row], demo_home: Home, open_page: Opener
) -> None:
    crowded = max((key for key in by_site(steps)), key=lambda key: len(by_site(steps)[key]))
    mine = [row for row in steps if row["site_key"] == crowded]
    only = {row["cis"] for row in mine if row["is_only_site"]}
    at = open_page(PAGE, site=crowded, lignes="80")
    assert not at.exception
    count = len({row["cis"] for row in mine})
    assert (
        f"{len(by_site(steps)[crowded])} DCI et {count} spécialités en dépendent, dont {len(only)} spécialités sans"
        in sentence(at)
    )
    opened = demo_home.reader().rows(
        "SELECT declaration_no, cis FROM declaration WHERE status = 'ouverte' AND cis IS NOT NULL"
    )
    numbers = {row["declaration_no"] for row in opened if row["cis"] in {one["cis"] for one in mine}}
    assert numbers
    linked = {target.partition("numero=")[2] for _, target in links(at) if target.startswith("declaration?numero=")}
    assert linked
    assert linked <= numbers


def test_an_unknown_site_opens_the_list(open_page: Opener) -> None:
    assert sentence(open_page(PAGE, site="nulle-part")).startswith("Premier")


def test_a_mitm_said_and_absent_from_the_list_is_named(demo_home: Home, open_page: Opener) -> None:
    gaps = sites.mitm_gaps(demo_home.reader())
    absent, unsaid = ((gaps["mitm_gap"] == key).sum() for key in ("dit_absent", "non_dit"))
    assert absent
    assert unsaid
    written = texts(open_page(PAGE)).translate(TYPED)
    assert f"{unsaid} spécialités de la liste sont dites non MITM" in written
    assert gaps["denomination"].iloc[0] in written
    assert words.GAPS["dit_absent"] in written


def test_nothing_is_shown_on_a_shared_screen_nor_to_other_roles(
    demo_home: Home, steps: list[Row], open_page: Opener
) -> None:
    at = open_page(PAGE, projection="1")
    assert not at.exception
    assert "masqués" in sentence(at)
    names = {row["site_name"] for row in steps}
    assert not [name for name in names if name in texts(at)]
    for role in ("cap", "dgs", "ars-53"):
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            open_page("", role=role).switch_page(PAGE)
        molecule = open_page("pages/molecules/molecule.py", role=role, sujet="dci:amoxicilline")
        assert not [name for name in names if name in texts(molecule)]


def test_without_data_the_page_says_what_to_deposit(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert sentence(at).startswith("Aucun état des lieux n'est en vigueur.")
    assert "inbox/edl" in texts(at)


def test_a_molecule_names_the_step_that_one_site_makes_alone(steps: list[Row], open_page: Opener) -> None:
    """Story 31: every amoxicilline gets its substance from the same site."""
    mine = [row for row in steps if row["dci_key"] == "amoxicilline"]
    (alone,) = {row["site_name"] for row in mine if row["step"] == "substance active"}
    written = texts(open_page("pages/molecules/molecule.py", sujet="dci:amoxicilline"))
    assert f"à un seul site pour toute la DCI : substance active ({alone}, Inde)" in written


def test_a_declaration_shows_the_sites_of_its_speciality(demo_home: Home, steps: list[Row], open_page: Opener) -> None:
    reader = demo_home.reader()
    known = {row["cis"] for row in steps if row["is_only_site"]}
    row = next(row for row in reader.rows("SELECT * FROM declaration ORDER BY declaration_no") if row["cis"] in known)
    written = texts(open_page("pages/declarations/declaration.py", numero=row["declaration_no"]))
    name = next(one["site_name"] for one in steps if one["cis"] == row["cis"] and one["is_only_site"])
    assert name in written
    assert "Site unique" in written


def test_a_step_of_several_sites_says_that_none_stands_alone() -> None:
    row = {"site_key": "a", "site_name": "A", "step": "fabrication", "country": None, "sites_of_step": 2}
    rows = [row, row | {"site_key": "b"}]
    assert of_molecule.sentence(rows).translate(TYPED) == "2 sites cités ; aucune étape ne tient à un seul site."
    only = row | {"is_only_site": True, "year": 2026, "step": "libération"}
    two = [row | {"is_only_site": False, "year": 2026}, only]
    assert [one["step"] for one in facts.stated_sites(two)] == ["libération", "fabrication"]


@pytest.mark.parametrize(
    ("country", "unread", "written"),
    [("France", None, "France"), (None, None, "pays non écrit"), (None, "Fance", "pays non reconnu : Fance")],
)
def test_a_country_that_is_not_read_is_said(country: str | None, unread: str | None, written: str) -> None:
    assert words.where({"country": country, "unread_country": unread}) == written


def test_several_sites_of_one_weight_are_named_together() -> None:
    rows = [{"site_name": name, "country": "France", "dcis": 3} for name in ("A", "B", "C")]
    counts = {"specialities": 9, "year": 2026, "first_year": 2025, "single_specialities": 4, "outside_specialities": 1}
    lead, rest = (text.translate(TYPED) for text in words.sentence(rows, counts))
    assert lead == "Premiers sites, à égalité : A (France) et 2 autres, 3 DCI chacun."
    assert rest == (
        "Sur 9 spécialités décrites (états de 2025 à 2026), 4 font une étape de production sur un seul site, "
        "1 en fait une entièrement hors de l'Union."
    )


def test_without_trustmed_no_declaration_is_counted() -> None:
    line = {"only_steps": "fabrication", "is_mitm": True, "open_declarations": 0}
    row = {"dcis": 1, "specialities": 1}
    said = [words.dependence(row, [line | other], is_declared=False)[1] for other in ({}, {"only_steps": None})]
    assert [text.translate(TYPED) for text in said] == [
        "1 est un MITM ; aucune donnée TrustMed.",
        "Aucune donnée TrustMed.",
    ]
    assert words.dependence(row, [line])[1].translate(TYPED) == "1 est un MITM ; 0 a une déclaration ouverte."


def test_the_page_of_a_site_counts_no_declaration_before_trustmed_is_received(
    empty_home: Home, open_page: Opener
) -> None:
    empty_home.drop(
        "edl", "e.xlsx", {"edl_site": [[2026, "A", "90000001", "M", "Fabrication", "S", "FR", *[None] * 3]]}
    )
    assert empty_home.refresh().error == ""
    at = open_page(PAGE, site="s-fr")
    assert not at.exception
    assert "aucune donnée TrustMed" in sentence(at)
    assert "déclaration ouverte." not in sentence(at)


def test_the_years_of_the_statements_of_a_dci_are_all_said() -> None:
    rows = [{"first_year": 2026, "year": 2026}, {"first_year": 2025, "year": 2025}]
    assert of_molecule.years(rows) == "états des lieux de 2025 à 2026"
    assert of_molecule.years(rows[:1]) == "état des lieux de 2026"
