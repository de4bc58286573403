"""SISAC: signals of the regional agencies about medicines that are short, unknown to the authorities or said to be back."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.territory import REGION_OF, department
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue

SOURCE = Source(
    key="sisac",
    title="SISAC : signaux des agences régionales de santé",
    producer="Agences régionales de santé (ARS), par le système d'alerte de la DGS",
    licence="Transmis à l'ANSM, réservé à ses agents",
    tier="R",
    rhythm_days=31,
    form="Fichier CSV ou classeur Excel : une ligne par signal",
    limits=(
        "Ce que les agences ont signalé : un territoire sans signal n'est pas un territoire sans manque.",
        "Texte libre saisi à la main : jamais dans la version partageable, qui ne compte que les signaux.",
        "Circuit de transmission à l'ANSM non arrêté : modèle de Vigistock, à valider.",
        "Rythme mensuel : choix de Vigistock. Un signal compte une fois, sa dernière ligne reçue fait foi.",
    ),
)

AFTERWARDS = ("sent_to_di_on", "answered_on")


def read(raw: RawFile) -> list[Sheet]:
    """One row per signal, from a CSV or a workbook."""

    def check(row: Row) -> None:
        for name in ("received_on", *AFTERWARDS):
            check_not_to_come(raw, row[name], name)
        check_signal(row)

    return read_partner_table(raw, check)


def check_signal(row: Row) -> None:
    """A medicine, a department of the region, and days in their order."""
    if not (row["cis"] or row["cip13"] or row["dci"]):
        raise BadValue("code CIS, code CIP13 ou DCI attendu", "dci")
    if row["department"]:
        row["department"] = department(row["department"], "department")
        if REGION_OF[row["department"]] != row["ars_region"]:
            raise BadValue("département d'une autre région que celle de l'agence", "department")
    for name in AFTERWARDS:
        if row[name] is not None and row[name] < row["received_on"]:
            raise BadValue("date avant la réception du signal", name)
