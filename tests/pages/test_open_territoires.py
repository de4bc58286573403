"""Territoires of an open snapshot: reimbursed boxes per inhabitant, epidemics, Sentinelles, alerts, vigilance."""

from __future__ import annotations

import pytest

from pages.territoires import open_layers
from tests.conftest import Home
from tests.pages.conftest import Opener, links, sentence, words
from tests.pages.open_world import GROUP, plain

PAGE = "pages/territoires/territoires.py"


def test_boxes_per_inhabitant_come_first(open_medicines: Home, open_page: Opener) -> None:
    """Bretagne: 100 × 400 × 4 = 160 000 boxes for 3 318 904 people are 4 820.9 for 100 000, the least of three regions."""
    at = open_page(PAGE, sujet=GROUP)
    assert not at.exception
    answer = sentence(at)
    assert answer.startswith("Amoxicilline orale 1 g : de 0 (")
    assert "boîtes remboursées pour 100 000 habitants en 2024" in answer
    shown = plain(words(at))
    assert "Bretagne" in shown
    assert "4 821" in shown
    assert "Outre-mer" in shown
    assert "population inconnue" in shown


def test_the_place_chosen_is_answered_first(open_medicines: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet=GROUP, couche="epidemie", indicateur="grippe", departement="29")
    assert sentence(at) == "Finistère, grippe : 480, passages pour 100 000 codés, S46, −1 en une semaine, France 200."
    shown = plain(words(at))
    # Everything public of the department: its region's boxes and alert too.
    assert "Boîtes remboursées 4 821" in shown
    assert "Alerte grippe (région) niveau 3 sur 4" in shown


def test_every_epidemic_received_is_offered(open_medicines: Home, open_page: Opener) -> None:
    at = open_page(PAGE, couche="epidemie", indicateur="gastro")
    assert sentence(at).startswith(
        "Gastro-entérite, passages aux urgences pour 100 000 passages codés : Finistère 480, Paris 120"
    )
    offered = [address for _, address in links(at) if "indicateur=" in address]
    assert any("indicateur=grippe" in address for address in offered)
    assert not any("indicateur=asthme" in address for address in offered)


def test_sentinelles_says_its_interval(open_medicines: Home, open_page: Opener) -> None:
    at = open_page(PAGE, couche="incidence")
    assert sentence(at) == "Syndromes grippaux : 15 cas pour 100 000 habitants (Île-de-France)."
    assert "de 10 à 20" in plain(words(at))


def test_alerts_of_regions(open_medicines: Home, open_page: Opener) -> None:
    at = open_page(PAGE, couche="alertes")
    assert sentence(at) == "Grippe : 1 région au niveau 3 sur 4, Bretagne (S46 2026)."
    assert "niveau 3" in plain(words(at))


def test_what_was_not_received_is_named(open_list: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert sentence(at) == "Épidémie : aucun taux par département n'a été reçu."
    boxes = open_page(PAGE, couche="boites")
    assert not boxes.exception
    assert sentence(boxes) == "Médicaments suivis : aucune boîte remboursée par région n'a été reçue (Open Medic)."
    place = open_page(PAGE, couche="vigilance", departement="29")
    assert not place.exception
    assert "Ce que les données ouvertes ne disent pas ici" in plain(words(place))


@pytest.mark.parametrize(
    ("ratio", "words_"), [(79.9, "moins de 80 %"), (80.0, "80 à 95 %"), (100.0, "95 à 105 %"), (120.0, "120 % et plus")]
)
def test_a_bound_belongs_to_the_class_above(ratio: float, words_: str) -> None:
    assert open_layers.ratio_class(ratio)[0] == words_
