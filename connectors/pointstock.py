"""Point Stock: boxes held by each wholesaler when the agency asks, and what it sold during the week."""

from __future__ import annotations

from connectors.base import RawFile, Sheet, Source
from connectors.reading.calendar import day_in_week
from connectors.reading.wholesaler import read_one_wholesaler

SOURCE = Source(
    key="pointstock",
    title="Point Stock : stocks des grossistes-répartiteurs",
    producer="Chambre syndicale de la répartition pharmaceutique (CSRP)",
    licence="Transmis à l'ANSM, non public (secret des affaires)",
    tier="L",
    rhythm_days=0,
    form="Un classeur Excel par grossiste-répartiteur (7), sur demande",
    limits=(
        "Demande une reprise et un contrôle de qualité avant usage.",
        "La somme nationale est sans valeur dès qu'un grossiste manque.",
        "Répond à une demande : un point isolé vieillit, aucun autre n'est attendu.",
        "Le fichier hebdomadaire des grossistes est une autre source ; pour un même grossiste, la mesure la plus récente l'emporte.",
    ),
    version=2,
    periods=("pointstock_stock.week",),
    period_lag_days=7,
)


def read(raw: RawFile) -> list[Sheet]:
    """Stocks of one wholesaler, many weeks allowed; raises ``RefusedFile`` if several are in the workbook."""
    return read_one_wholesaler(raw, day_in_week)
