"""TracStocks: boxes held by each laboratory, its usual and recent sales, the supplies it plans."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.calendar import day_in_week
from connectors.reading.partner import read_partner_workbook

SOURCE = Source(
    key="tracstocks",
    title="TracStocks : stocks des laboratoires exploitants",
    producer="Leem et Gemme, par un tiers de confiance",
    licence="Transmis à l'ANSM, non public (secret des affaires)",
    tier="L",
    rhythm_days=7,
    form="Classeur Excel, chaque semaine ou sur demande",
    limits=(
        "Saisi à la main : un laboratoire peut manquer ou se tromper.",
        "Les approvisionnements prévus couvrent environ trois mois.",
        "Les ventes de référence peuvent ne pas être pertinentes (vaccins contre les méningocoques, 2025).",
    ),
    version=2,
    periods=("tracstocks_stock.week",),
    period_lag_days=7,
)

OPTIONAL = frozenset({"tracstocks_supply"})


def read(raw: RawFile) -> list[Sheet]:
    """Stocks, and planned supplies if their sheet is filled. A workbook may hold several laboratories and weeks."""
    return read_partner_workbook(raw, OPTIONAL, check)


def check(row: Row) -> None:
    """The day of a measurement, when given, is in its week; supplies have none."""
    if "counted_on" in row:
        day_in_week(row)
