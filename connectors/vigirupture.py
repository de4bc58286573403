"""VigiRupture: tension level and days of coverage that a pharmacy software announces, by presentation."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue

SOURCE = Source(
    key="vigirupture",
    title="VigiRupture : tensions en officine",
    producer="Offisanté",
    licence="Service gratuit, sans convention : réservé aux agents de l'ANSM",
    tier="R",
    rhythm_days=7,
    form="Fichier CSV ou classeur Excel, une ligne par présentation et par lecture",
    limits=(
        "Représentativité et méthode inconnues : ni les officines suivies, ni leur nombre ne sont garantis.",
        "Un signal faible, jamais un statut ni un verdict.",
        "Presque tous les médicaments, mais aucun engagement du producteur.",
        "Échelle du niveau et lecture hebdomadaire : choix de Vigistock, à valider.",
    ),
    periods=("vigirupture_tension.read_on",),
    period_lag_days=7,
)


def read(raw: RawFile) -> list[Sheet]:
    """Tension and coverage by day and presentation, from a CSV or a workbook."""

    def check(row: Row) -> None:
        check_not_to_come(raw, row["read_on"], "read_on")
        check_filled(row)

    return read_partner_table(raw, check)


def check_filled(row: Row) -> None:
    """A line without a level and without days says nothing."""
    if row["tension_level"] is None and row["coverage_days"] is None:
        raise BadValue("niveau de tension ou jours de couverture attendus", "tension_level")
