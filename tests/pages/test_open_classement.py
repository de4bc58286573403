"""The ranking of an open snapshot: order, reasons, weights to be validated, and what is unknown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import open_world, worlds
from tests.conftest import Home
from tests.pages.conftest import Opener, bodies, links, sentence, serve, words

PAGE = "pages/anticiper/classement.py"
MOST_BYTES, MOST_ELEMENTS = 120_000, 40


@pytest.fixture
def lists(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    world = worlds.once(tmp_path_factory, "public-lists", open_world.build)
    return serve(worlds.linked(world, tmp_path / "lists"), monkeypatch, without_sign_in=False)


def ranked(written: str) -> list[str]:
    """DCI in the order of the rows."""
    table = written.partition("vs-open-ranking")[2].partition("</table>")[0]
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', table)


def test_the_answer_names_the_first_and_why(lists: Home, open_page: Opener) -> None:
    first = lists.reader().rows("SELECT * FROM open_rank ORDER BY place LIMIT 1")[0]
    said = sentence(open_page(PAGE))
    assert said.startswith(f"D'abord alphacine et gammacine à égalité, {first['score']:.0f} sur 100. Alphacine : ")
    # Two lines of the release are identical: two declarations, not three.
    assert (
        "100 % des présentations en rupture, tension ou arrêt depuis 80 j, 2 déclarations closes, 2 titulaires" in said
    )
    assert "2 des 4 DCI classées sont sur la liste publique." in said
    assert "20/11/2026" in said


def test_rows_follow_the_score_and_may_be_kept_to_those_on_the_list(lists: Home, open_page: Opener) -> None:
    order = [row["dci_key"] for row in lists.reader().rows("SELECT dci_key FROM open_rank ORDER BY place, dci")]
    found = ranked(words(open_page(PAGE)))
    assert [name.lower().replace("ê", "e") for name in found] == order
    assert set(ranked(words(open_page(PAGE, liste="oui")))) == {"Alphacine", "Gammacine"}
    assert set(ranked(words(open_page(PAGE, liste="non")))) == {"Bêtacine", "Deltacine"}
    assert ranked(words(open_page(PAGE, q="gamma"))) == ["Gammacine"]
    assert ranked(words(open_page(PAGE, tri="dci"))) == ["Alphacine", "Bêtacine", "Deltacine", "Gammacine"]


def test_weights_are_stated_and_to_be_validated(lists: Home, open_page: Opener) -> None:
    written = words(open_page(PAGE))
    assert "Poids à valider : liste publique 40, récurrence 20, vulnérabilité 20, impact 20." in written
    assert "choix de Vigistock" in written
    assert "boîtes inconnues" in written
    assert "Ce que les données ouvertes ne disent pas ici" in written


def test_one_dci_shows_each_value_its_band_and_its_points(lists: Home, open_page: Opener) -> None:
    at = open_page(PAGE, dci="gammacine")
    written = words(at)
    assert "Pourquoi cette DCI a-t-elle ce rang ?" in written
    assert written.count('data-label="Indicateur"') == 11
    assert "Retours dans la liste" in written
    assert "moins de 90 jours" in written  # from 5 to 20 November
    assert ("Ouvrir la molécule gammacine", "molecule?sujet=dci%3Agammacine") in links(at)
    assert "Poids à valider" in written
    # An unknown DCI in the address shows the list.
    assert ranked(words(open_page(PAGE, dci="inconnue")))


def test_budgets(lists: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert len(at.main) <= MOST_ELEMENTS
    assert sum(len(body.encode()) for body in bodies(at)) <= MOST_BYTES


def test_without_the_referential_the_page_says_what_to_do(
    home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.drop_text("historique", "declarations.csv", open_world.RELEASE)
    assert home.refresh(open_world.DAY).published
    serve(home.path, monkeypatch, without_sign_in=False)
    at = open_page(PAGE)
    assert sentence(at).startswith("Aucune DCI ne peut être classée.")
    assert not at.exception
