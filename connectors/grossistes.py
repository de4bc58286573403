"""Weekly file of the wholesalers: boxes held and sold by each, and what all members sold over a reference period."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.calendar import day_in_week
from connectors.reading.french import BadValue
from connectors.reading.wholesaler import read_one_wholesaler

SOURCE = Source(
    key="grossistes",
    title="Fichier hebdomadaire des grossistes-répartiteurs",
    producer="ANSM, rempli par les adhérents de la Chambre syndicale de la répartition pharmaceutique (CSRP)",
    licence="Transmis à l'ANSM, non public (secret des affaires)",
    tier="L",
    rhythm_days=7,
    form="Un classeur Excel par grossiste-répartiteur (7), chaque semaine",
    limits=(
        "Demande une reprise et un contrôle de qualité avant usage.",
        "La somme nationale est sans valeur dès qu'un grossiste manque.",
        "La dernière valeur du grossiste manquant est reprise une semaine au plus, et le chiffre marqué estimé.",
        "Les ventes de référence sont celles de tous les adhérents, non du seul grossiste qui envoie le fichier.",
    ),
    periods=("grossistes_stock.week",),
    period_lag_days=7,
)

PERIOD = ("reference_sales_boxes", "reference_from", "reference_until")


def read(raw: RawFile) -> list[Sheet]:
    """Stocks of one wholesaler, many weeks allowed; raises ``RefusedFile`` if several are in the workbook."""
    return read_one_wholesaler(raw, check)


def check(row: Row) -> None:
    """The day of a measurement is in its week; sales of reference come with both days of their period, in order."""
    day_in_week(row)
    absent = [name for name in PERIOD if row[name] is None]
    if absent and len(absent) < len(PERIOD):
        raise BadValue(
            "ventes de référence, début et fin de leur période vont ensemble : remplir les trois, ou aucune", absent[0]
        )
    if not absent and row["reference_until"] < row["reference_from"]:
        raise BadValue(
            f"la période de référence finit le {row['reference_until']:%d/%m/%Y}, avant son début", "reference_until"
        )
