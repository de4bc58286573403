"""Declarations of an open snapshot: the public list and the closed declarations, filtered by the address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pages.declarations import open_choice, open_view
from tests import open_world, worlds
from tests.conftest import Home
from tests.pages.conftest import Opener, bodies, links, sentence, serve, words

PAGE = "pages/declarations/declarations.py"
MOST_BYTES, MOST_ELEMENTS = 120_000, 40


@pytest.fixture
def lists(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    world = worlds.once(tmp_path_factory, "public-lists", open_world.build)
    return serve(worlds.linked(world, tmp_path / "lists"), monkeypatch, without_sign_in=False)


def listed(written: str) -> list[str]:
    """First cell of each row: DCI, then speciality."""
    table = written.partition("vs-public")[2].partition("</table>")[0]
    return [
        " ".join(re.sub(r"<[^>]+>", "", cell).split())
        for cell in re.findall(r'<th scope="row">(.*?)</th>', table, re.DOTALL)
    ]


def test_the_list_comes_first_the_latest_start_first(lists: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert sentence(at) == (
        "4 lignes de la liste publique sont en rupture, tension ou arrêt : 2 ruptures, 2 tensions, sur 2 DCI.  Liste au 20/11/2026."
    )
    assert [row.split()[0] for row in listed(words(at))] == ["Alphacine", "CIS", "Gammacine", "Alphacine"]


def test_closed_declarations_have_causes_and_the_years_received(lists: Home, open_page: Opener) -> None:
    at = open_page(PAGE, statut="close")
    written = words(at)
    # Alphacine twice the same in 2021 and once in 2023, deltacine in 2022; « Autre » is not a named cause.
    assert sentence(at).startswith(
        "4 déclarations closes ont été rendues publiques : 2 ruptures, 2 risques, sur 2 DCI."
    )
    assert "Première cause nommée : défaut de matière première (50 %)." in sentence(at)
    assert "Déclarations closes 2021–2023" in written
    assert "Défaut de matière première, Autre" in written


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"statut": "liste", "type": "rupture"}, ["Alphacine", "Alphacine"]),
        ({"statut": "liste", "laboratoire": "trois"}, ["Gammacine"]),
        ({"statut": "liste", "laboratoire": "Labo trois (France)"}, ["Gammacine"]),  # as another page names it
        ({"statut": "liste", "atc": "N"}, ["Gammacine"]),
        ({"statut": "liste", "periode": "2026-09"}, ["Alphacine"]),
        ({"statut": "liste", "q": "alpha deux"}, ["Alphacine"]),
        ({"statut": "toutes", "dci": "deltacine"}, ["Deltacine", "Deltacine"]),
        ({"statut": "toutes", "laboratoire": "LABO UN", "periode": "2021"}, ["Alphacine", "Alphacine"]),
        ({"statut": "close", "cause": "Défaut de matière première"}, ["Alphacine", "Deltacine"]),
        ({"statut": "close", "type": "arret"}, []),
        ({"statut": "terminee"}, ["Bêtacine", "Gammacine"]),
        ({"statut": "remise"}, ["Deltacine"]),
        ({"statut": "inconnu", "type": "inconnu", "tri": "inconnu", "q": ""}, ["Alphacine", "CIS", "Gammacine", "Alphacine"]),
    ],
)  # fmt: skip
def test_the_same_filters_hold_for_both_sources(
    lists: Home, open_page: Opener, asked: dict[str, str], expected: list[str]
) -> None:
    at = open_page(PAGE, **asked)
    assert not at.exception
    found = [row.split()[0] for row in listed(words(at))]
    assert sorted(found) == sorted(expected)
    if not expected:
        assert "Aucune ligne ne passe ces filtres." in sentence(at)


def _spelt(folder: Path) -> None:
    """Five spellings of three firms, one of them a group of two companies."""
    names = ("laboratoires durand sas", "durand", "Durand (France)", "sanofi pasteur", "genzyme europe bv", "labo deux")
    lines = [
        f"6000000{n},produit {n},Autre,rupture,2021-03-0{n},J01AA01,Alphacine,{name},"
        for n, name in enumerate(names, 1)
    ]
    home = Home(folder)
    home.drop_text("historique", "declarations.csv", "\n".join([open_world.RELEASE.splitlines()[0], *lines, ""]))
    assert home.refresh(open_world.DAY).published


def test_a_firm_is_one_option_whatever_its_spelling(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group gives its name; another firm, the spelling met most often, here the first in order of three met once."""
    serve(worlds.linked(worlds.once(tmp_path_factory, "open-firms", _spelt), tmp_path / "firms"), monkeypatch)
    at = open_page(PAGE, statut="close")
    (box,) = (box for box in at.selectbox if box.label == "Laboratoire")
    assert box.options == ["DURAND", "LABO DEUX", "Sanofi"]
    for asked, count in (("durand", 3), ("DURAND (FRANCE)", 3), ("sanofi", 2), ("genzyme europe bv", 2)):
        assert sentence(open_page(PAGE, statut="close", laboratoire=asked)).startswith(f"{count} lignes sur 6"), asked
    assert open_choice.Choice("close", laboratory="sanofi").words()["Laboratoire"] == "Sanofi"


def test_a_filter_counts_what_it_keeps_under_each_status(lists: Home, open_page: Opener) -> None:
    at = open_page(PAGE, q="alpha")
    assert sentence(at).startswith("2 lignes sur 4 : 2 ruptures, sur 1 DCI.")
    written = words(at)
    assert re.search(r"Déclarations closes 2021–2023 <b>3</b>", written)
    assert re.search(r"Remises à disposition <b>0</b>", written)


def test_a_row_opens_the_dci_and_names_are_escaped(lists: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert ("Alphacine", "molecule?sujet=dci%3Aalphacine") in links(at)
    assert any("&lt;b&gt;comprimé" in body for body in bodies(at))
    assert "Ce que les données ouvertes ne disent pas ici" in words(at)


def test_the_order_of_the_address_is_kept(lists: Home, open_page: Opener) -> None:
    longest = listed(words(open_page(PAGE, tri="-duree")))
    assert longest[0].startswith("Alphacine ALPHA 5 mg")  # eighty days
    assert open_view.order("-duree") == "-duree"
    assert open_view.order("autre") == open_view.LATEST


def test_budgets(lists: Home, open_page: Opener) -> None:
    at = open_page(PAGE, statut="toutes")
    assert len(at.main) <= MOST_ELEMENTS
    assert sum(len(body.encode()) for body in bodies(at)) <= MOST_BYTES


def test_without_either_source_the_page_says_what_to_do(
    home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in open_world.medicines().items():
        home.drop_text("bdpm", name, content.decode("cp1252" if name != "CIS_CIP_bdpm.txt" else "utf-8"))
    assert home.refresh(open_world.DAY).published
    serve(home.path, monkeypatch, without_sign_in=False)
    at = open_page(PAGE)
    assert "Ni liste publique ni déclaration close" in sentence(at)
    assert not at.exception


def test_what_was_not_received_is_not_said_to_be_none(open_list: Home, open_page: Opener) -> None:
    """The list alone was received: no figure of closed declarations is zero."""
    at = open_page(PAGE, statut="close")
    assert sentence(at).startswith("La diffusion des déclarations closes n'a pas été reçue.")
    assert "Retirer un filtre" not in words(at)
    assert "Aucune ligne ne passe ces filtres." in sentence(open_page(PAGE, q="introuvable"))


def test_a_release_without_a_list_says_that_no_photograph_came(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(worlds.linked(worlds.once(tmp_path_factory, "open-firms", _spelt), tmp_path / "firms"), monkeypatch)
    for status in ("liste", "remise", "terminee"):
        assert sentence(open_page(PAGE, statut=status)).startswith("Aucune photographie de la liste publique"), status
