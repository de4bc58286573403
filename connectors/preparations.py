"""Préparations magistrales after a recommendation of the agency: weeks counted before they were typed in the journal."""

from __future__ import annotations

from datetime import timedelta

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue

SOURCE = Source(
    key="preparations",
    title="Préparations magistrales recommandées : semaines passées",
    producer="ANSM",
    licence="Interne à l'ANSM, partagé par molécule et par semaine",
    tier="R",
    rhythm_days=0,
    form="Classeur Excel ou CSV, une fois, pour le passé ; les semaines suivantes sont saisies sur la page Molécule",
    limits=(
        "Comptées par l'ANSM : ni exhaustives, ni vérifiées auprès des officines.",
        "Une semaine sans ligne est inconnue, jamais zéro.",
        "Une semaine saisie sur la page Molécule l'emporte sur celle d'un fichier.",
        "Un groupe et sa DCI sont comptés séparément : leurs préparations ne s'additionnent pas.",
        "Aucun format public : modèle de Vigistock, à valider.",
    ),
)


def read(raw: RawFile) -> list[Sheet]:
    """Counts by week and subject, from a CSV or a workbook."""

    def check(row: Row) -> None:
        last = row["week"] + timedelta(days=6)
        check_not_to_come(raw, last, "week")
        recommended = row["recommendation_on"]
        if recommended is not None and recommended > last:
            raise BadValue("recommandation après la semaine qu'elle aurait suivie", "recommendation_on")

    return read_partner_table(raw, check)
