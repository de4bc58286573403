"""Octave: sales of each year, declared by laboratories to ANSM, by circuit and territory."""

from __future__ import annotations

from connectors.base import RawFile, Sheet, Source
from connectors.reading.partner import read_partner_table

SOURCE = Source(
    key="octave",
    title="Octave : ventes annuelles déclarées par les laboratoires",
    producer="ANSM",
    licence="Secret des affaires : réservé aux agents de l'ANSM",
    tier="L",
    rhythm_days=365,
    form="Classeur Excel ou fichier CSV, en mars pour l'année d'avant, dans le modèle de Vigistock",
    limits=(
        "Annuel et rétrospectif : une part y a de trois à quinze mois.",
        "Déclaration légale, exhaustive : c'est la part de référence.",
        "Aucun format public : modèle de Vigistock, à valider.",
    ),
)


def read(raw: RawFile) -> list[Sheet]:
    """Sales by year, presentation, circuit and territory, from a workbook or a CSV."""
    return read_partner_table(raw)
