"""OpenHealth: boxes dispensed by pharmacies, by presentation, region and week."""

from __future__ import annotations

from connectors.base import RawFile, RefusedFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.territory import MAINLAND_REGIONS, region

SOURCE = Source(
    key="openhealth",
    title="OpenHealth : dispensations des officines",
    producer="OpenHealth Company",
    licence="Données sous contrat, réservées aux agents de l'ANSM",
    tier="R",
    rhythm_days=7,
    form="Fichier CSV ou classeur Excel, chaque semaine",
    limits=(
        "Panel de 14 000 officines, extrapolé.",
        "Métropole hors Corse : ni outre-mer, ni Corse.",
    ),
    periods=("openhealth_sales.week",),
    period_lag_days=7,
)

NOT_AVAILABLE = "NA"
FINER = 3  # rows per key: two are a repetition or a conflict, more are days, ages or origins


def read(raw: RawFile) -> list[Sheet]:
    """Sales by week, presentation and region; raises ``RefusedFile`` if the file is finer than that."""
    sheet, *others = read_partner_table(raw, check, NOT_AVAILABLE)
    if sheet.most_alike >= FINER:
        raise RefusedFile(
            "Fichier plus fin que la semaine : plusieurs lignes pour la même semaine, la même présentation et la "
            "même région. Une ligne par semaine, présentation et région est attendue."
        )
    return [sheet, *others]


def check(row: Row) -> None:
    """The region is one the source covers."""
    row["region"] = region(row["region"], "region", MAINLAND_REGIONS)
