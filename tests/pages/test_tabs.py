"""The tab of the browser and its history name what each page is about: ten tabs « Molécules » are told apart."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from tests.conftest import Home
from tests.pages.conftest import Opener

MOLECULE, PLACES, SOURCES = (
    "pages/molecules/molecule.py",
    "pages/territoires/territoires.py",
    "pages/sources/sources.py",
)
GROUP = "amoxicilline-susp-500"
# Script and parameters of the address → what its tab says.
TABS: list[tuple[str, dict[str, str], str]] = [
    ("", {}, "Revue du jour – Vigistock"),
    (MOLECULE, {}, "Molécules – Vigistock"),
    (MOLECULE, {"sujet": GROUP}, "Amoxicilline susp. buv. 500 mg/5 ml – Molécules – Vigistock"),
    (MOLECULE, {"sujet": "dci:amoxicilline"}, "Amoxicilline – Molécules – Vigistock"),
    (MOLECULE, {"sujet": "dci:of-nobody"}, "Molécules – Vigistock"),
    (MOLECULE, {"q": "amox"}, "« amox » – Molécules – Vigistock"),
    (PLACES, {"sujet": GROUP, "departement": "29"}, "Finistère – Amoxicilline susp. buv. 500 mg/5 ml – Territoires – Vigistock"),
    (PLACES, {"sujet": GROUP, "region": "53"}, "Bretagne – Amoxicilline susp. buv. 500 mg/5 ml – Territoires – Vigistock"),
    (PLACES, {"plan": "hivernal", "couche": "epidemie"}, "Plan hivernal – Épidémie – Territoires – Vigistock"),
    (SOURCES, {}, "Sources – Vigistock"),
    (SOURCES, {"source": "trustmed"}, "TrustMed – Sources – Vigistock"),
    (SOURCES, {"vue": "confirmer"}, "À confirmer – Sources – Vigistock"),
    (SOURCES, {"vue": "retard"}, "En retard – Sources – Vigistock"),
    ("pages/methode/methode.py", {"vue": "seuils"}, "Seuils – Méthode – Vigistock"),
    ("pages/methode/methode.py", {}, "Méthode – Vigistock"),
    ("pages/plans/bilan_de_saison.py", {"plan": "canicule", "saison": "2026"},
     "Plan canicule – 2026 – Bilan de saison – Vigistock"),
    ("pages/mensuel/tableau_mensuel.py", {"mois": "2026-10"}, "octobre 2026 – Tableau de bord mensuel – Vigistock"),
    ("pages/mensuel/tableau_mensuel.py", {"mois": "2026-10", "impression": "1"},
     "octobre 2026 – Tableau de bord mensuel – Vigistock"),
    ("pages/declarations/declaration.py", {"numero": "0"}, "Déclaration – Vigistock"),
]  # fmt: skip


@pytest.fixture
def tabs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the tab said, one after the other."""
    seen: list[str] = []
    write = st.set_page_config

    def recorded(*args: Any, **asked: Any) -> None:
        seen.append(str(asked["page_title"]))
        write(*args, **asked)

    monkeypatch.setattr(st, "set_page_config", recorded)
    return seen


def row(home: Home, sql: str) -> tuple[Any, ...]:
    return tuple(home.reader().rows(sql)[0].values())


@pytest.mark.parametrize(("script", "address", "expected"), TABS, ids=[expected for *_, expected in TABS])
def test_the_tab_names_what_the_page_is_about(
    demo_home: Home, open_page: Opener, tabs: list[str], script: str, address: dict[str, str], expected: str
) -> None:
    at = open_page(script, **address)
    assert not at.exception
    assert tabs[-1] == expected


def test_the_tab_of_a_declaration_gives_its_number_and_its_dci(
    demo_home: Home, open_page: Opener, tabs: list[str]
) -> None:
    number, dci = row(
        demo_home, "SELECT declaration_no, dci FROM declaration WHERE dci IS NOT NULL ORDER BY declaration_no LIMIT 1"
    )
    open_page("pages/declarations/declaration.py", numero=number)
    assert tabs[-1] == f"{number} – {dci[:1].upper()}{dci[1:]} – Déclaration – Vigistock"


def test_the_tab_says_no_declaration_to_who_may_not_read_it(
    demo_home: Home, open_page: Opener, tabs: list[str]
) -> None:
    (number,) = row(demo_home, "SELECT declaration_no FROM declaration ORDER BY declaration_no LIMIT 1")
    open_page("pages/declarations/declaration.py", numero=number, projection="1")
    assert tabs[-1] == "Déclaration – Vigistock"


def test_the_tab_of_a_stop_names_what_stops(demo_home: Home, open_page: Opener, tabs: list[str]) -> None:
    number, name = row(
        demo_home,
        "SELECT stop_no, denomination FROM stop_register WHERE denomination IS NOT NULL ORDER BY stop_no LIMIT 1",
    )
    open_page("pages/anticiper/arrets.py", arret=number)
    assert tabs[-1] == f"{name} – Arrêts – Vigistock"


def test_the_tab_of_a_ranked_dci_names_it(demo_home: Home, open_page: Opener, tabs: list[str]) -> None:
    at = open_page("pages/anticiper/classement.py", dci="amoxicilline")
    assert not at.exception
    assert tabs[-1] in ("Amoxicilline – Classement – Vigistock", "Classement – Vigistock")
