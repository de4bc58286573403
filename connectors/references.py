"""Manual sales references, excluded months and sizes of boxes, as the agency writes them down."""

from __future__ import annotations

from connectors.base import RawFile, Sheet, Source
from connectors.reading.partner import read_partner_workbook

SOURCE = Source(
    key="references",
    title="Références de ventes et tailles de boîte décidées à la main",
    producer="ANSM",
    licence="Interne à l'ANSM",
    tier="R",
    rhythm_days=0,
    form="Classeur Excel, à chaque décision",
    limits=(
        "Une référence manuelle remplace les 12 mois glissants : son motif est affiché à côté du chiffre.",
        "Une taille de boîte saisie à la main remplace celle lue dans le libellé de la BDPM.",
    ),
)


def read(raw: RawFile) -> list[Sheet]:
    """Manual references, excluded months, sizes of boxes; any sheet may be empty."""
    return read_partner_workbook(raw, frozenset({"references_manual", "references_excluded", "references_size"}))
