"""Plan of an open snapshot: followed medicines from public files, surveillance beside it, regional alerts."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.plans import open_board
from tests.conftest import Home
from tests.pages.conftest import Opener, links, sentence, words
from tests.pages.open_world import GROUP, plain

WINTER, HEAT = {"page": "plan-hivernal"}, {"page": "plan-canicule"}


@pytest.fixture
def open_plan(open_page: Opener) -> Opener:
    from pages.components.shell import session

    def opened(plan: str) -> AppTest:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(session, "page", lambda: f"plan-{plan}")
            return open_page("pages/plans/plan.py")

    return opened


def test_a_followed_medicine_short_comes_first_and_is_named(open_medicines: Home, open_plan: Opener) -> None:
    at = open_plan("hivernal")
    assert not at.exception
    # One group of the fourteen has presentations in this referential, and one of its two is in rupture.
    assert sentence(at) == "1 médicament suivi sur 14 en rupture ou en tension. Amoxicilline orale 1 g."
    shown = plain(words(at))
    assert "1 sur 2 1 en rupture, 1 remise à disposition" in shown
    assert "depuis le 01/08/2026" in shown
    assert "Liste du 20/11/2026" in shown
    first = next(label for label, address in links(at) if address.startswith("molecule?sujet="))
    assert first == "Amoxicilline orale 1 g"


def test_boxes_and_their_season_stand_beside_the_list(open_medicines: Home, open_plan: Opener) -> None:
    """Twelve months to January 2026, cosine of a year: 6 000 in January, and five months at or above 120 % of the mean."""
    shown = plain(words(open_plan("hivernal")))
    assert "6 000 0 %" in shown
    assert "nov. à mars" in shown


def test_every_epidemic_received_is_shown_and_the_regions_in_alert(open_medicines: Home, open_plan: Opener) -> None:
    shown = plain(words(open_plan("hivernal")))
    assert "Grippe : 200 en S46" in shown
    assert "Gastro-entérite : 200 en S46" in shown  # not asked for by the plan, received all the same
    assert "Grippe : niveau 3 Bretagne (S46 2026) ; niveau 1 Île-de-France (S46 2026)" in shown


def test_a_plan_of_heat_shows_the_vigilance(open_medicines: Home, open_plan: Opener) -> None:
    shown = plain(words(open_plan("canicule")))
    assert "vigilance canicule de Météo-France" in shown
    assert "Alertes régionales" not in shown


def test_what_was_not_received_is_named(open_list: Home, open_plan: Opener) -> None:
    at = open_plan("hivernal")
    assert not at.exception
    assert sentence(at).startswith("1 médicament suivi sur 14")
    shown = plain(words(at))
    assert "Boîtes remboursées non reçues" in shown
    assert "Aucune donnée épidémique reçue de Santé publique France." in shown
    assert "Aucune alerte régionale reçue." in shown
    assert "Ce que les données ouvertes ne disent pas ici" in shown
    closed = re.findall(r'<td class="vs-count" data-label="Déclarations">(.*?)</td>', words(at), re.DOTALL)
    assert len(closed) == 14
    assert {plain(cell) for cell in closed} == {"—"}  # « aucune » would be a figure


def test_the_answer_without_a_list_or_without_a_shortage() -> None:
    row = {"label": GROUP, "ruptures": 0, "tensions": 0, "stops": 0, "returns": 0}
    assert open_board.verdict([row], has_list=False)[1] == "Aucune photographie de la liste publique n'a été reçue."
    assert open_board.verdict([row, row]) == ("Aucun des 2 médicaments suivis n'est en rupture ni en tension.", "")
    assert (
        open_board.verdict([row | {"stops": 1}, row | {"returns": 2}])[1]
        == f"En arrêt : {GROUP} ; remis à disposition : {GROUP}."
    )
