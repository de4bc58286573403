"""Several values typed in one cell."""

from __future__ import annotations

import pytest

from connectors.base import Sheet, tables
from connectors.reading.french import BadValue
from connectors.reading.grid import read_grid
from connectors.reading.values import parse

VERSIONS = tables("trustmed")["trustmed_version"]
INCIDENT, SITE, LOGISTICS = "Incident de production", "Transfert de site", "Problème de transport/logistique"


def declaration(causes: str, circuits: str = "Ville") -> Sheet:
    head = ["N° de déclaration", "Version", "Date de la version", "Laboratoire", "CIP13", "Classification", "Statut"]
    line = ["D-1", 1, "16/11/2026", "LABO A", "3400930000014", "Rupture", "Ouverte", causes, circuits, "20/11/2026"]
    return read_grid(enumerate([[*head, "Causes", "Circuits", "Début"], line], start=1), VERSIONS, "Déclarations")


@pytest.mark.parametrize(
    "cell",
    [
        "Incident de production ; Transfert de site",
        "Incident de production\nTransfert de site",
        "Incident de production\r\nTransfert de site",
        "Incident de production, Transfert de site",
        "Incident de production / Transfert de site",
        "Incident de production/Transfert de site",
        "Incident de production et transfert de site",
        "Incident de production - Transfert de site",
        "- Incident de production\n- Transfert de site",
        "• Incident de production • Transfert de site",
        "1. Incident de production\n2. Transfert de site",
        "1) Incident de production 2) Transfert de site",
        "1°) Incident de production 2°) Transfert de site",
        "a) Incident de production b) Transfert de site",
        "Incident de production | Transfert de site",
        "Incident de production\u2028Transfert de site",
        "Incident de production\tTransfert de site",
        "incident de PRODUCTION, Transfert  de site, Incident de production",
    ],
)
def test_causes_are_as_many_as_the_cell_lists(cell: str) -> None:
    sheet = declaration(cell)
    assert sheet.rows[0]["causes"] == [INCIDENT, SITE]
    assert sheet.notes == []


def test_a_cause_that_holds_a_slash_is_one() -> None:
    assert declaration(LOGISTICS).rows[0]["causes"] == [LOGISTICS]
    assert declaration(f"{LOGISTICS}, {SITE}").rows[0]["causes"] == [LOGISTICS, SITE]


def test_an_unknown_cause_is_kept_and_reported() -> None:
    sheet = declaration("Grève et intempéries, Transfert de site")
    assert sheet.rows[0]["causes"] == ["Grève et intempéries", SITE]
    assert [(note.line, note.column, note.reason) for note in sheet.notes] == [
        (2, "Causes", "cause inconnue de la liste : « Grève et intempéries »")
    ]


@pytest.mark.parametrize(
    "cell", ["Ville ; Hôpital", "Ville/Hôpital", "Ville, Hôpital", "ville et hôpital", "Ville + PUI", "Ville\nHôpital"]
)
def test_circuits_are_as_many_as_the_cell_lists(cell: str) -> None:
    assert declaration("Autre", cell).rows[0]["circuits"] == ["ville", "hôpital"]


def test_an_unknown_circuit_is_quarantined() -> None:
    (issue,) = declaration("Autre", "Ville et lune").quarantined
    assert issue.reason == "valeur inconnue (attendu : ville, hôpital)"


@pytest.mark.parametrize("cell", ["Importation ; Mise à disposition", "Importation\nMise à disposition"])
def test_two_measures_in_a_cell_are_named(cell: str) -> None:
    measure = tables("trustmed")["trustmed_measure"].field("measure")
    with pytest.raises(BadValue) as caught:
        parse(measure, cell)
    assert caught.value.reason == (
        "plusieurs valeurs dans une cellule (« Importation », « Mise à disposition ») : une ligne par valeur"
    )


@pytest.mark.parametrize("cell", ["- ", "•", ";;,", "-\n-"])
def test_a_cell_that_lists_nothing_is_empty(cell: str) -> None:
    (issue,) = declaration(cell).quarantined
    assert issue.reason == "valeur obligatoire absente"
