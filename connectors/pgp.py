"""Register of management plans: a reading sheet for each plan received, one a speciality and year."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue

SOURCE = Source(
    key="pgp",
    title="Plans de gestion des pénuries : fiches de lecture",
    producer="Laboratoires exploitants (un plan par MITM et par vaccin), lus à l'ANSM",
    licence="Secret des affaires : réservé aux agents de l'ANSM",
    tier="L",
    rhythm_days=365,
    form="Classeur Excel ou fichier CSV : une fiche par plan, après la remise de décembre",
    limits=(
        "Plans sans forme imposée, en PDF ou numérisés, de qualité très inégale : la fiche dit ce qu'un lecteur y a trouvé.",
        "Un plan reçu et sans fiche ne se voit pas : il compte comme absent.",
        "Mesures et sites en clair : ils se lisent, ils ne se comptent pas.",
        "Lignes directrices du 21/07/2021 ; aucun format public : modèle de Vigistock, à valider.",
    ),
)


def read(raw: RawFile) -> list[Sheet]:
    """One row per speciality and year, from a workbook or a CSV."""

    def check(row: Row) -> None:
        check_not_to_come(raw, row["received_on"], "received_on")
        if row["year"] > raw.received_at.year + 1:
            raise BadValue(f"année trop loin de la réception du fichier ({raw.received_at.year})", "year")

    return read_partner_table(raw, check)
