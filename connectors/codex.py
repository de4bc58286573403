"""Codex, the agency's base of authorisations: which specialities are really marketed, and since or until when."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.to_come import check_not_to_come

SOURCE = Source(
    key="codex",
    title="Codex : autorisations et commercialisation",
    producer="ANSM",
    licence="Base interne de l'ANSM, réservée à ses agents",
    tier="R",
    rhythm_days=31,
    form="Classeur Excel ou CSV, extrait de la base : une ligne par spécialité",
    limits=(
        "Dates de commercialisation pas toujours à jour : les laboratoires ne les déclarent pas tous.",
        "DCI, forme, dosage et dates sans format unique : une date illisible est mise de côté, ligne entière.",
        "Vérifie les dénominateurs sans les remplacer : la commercialisation comptée reste celle de la BDPM.",
        "Extraction mensuelle : choix de Vigistock. Une spécialité absente d'un extrait garde sa dernière ligne.",
    ),
    periods=("codex_product.extracted_on",),
    period_lag_days=0,
)


def read(raw: RawFile) -> list[Sheet]:
    """One row per speciality and extraction, from a CSV or a workbook."""

    def check(row: Row) -> None:
        check_not_to_come(raw, row["extracted_on"], "extracted_on")

    return read_partner_table(raw, check)
