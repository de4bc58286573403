"""e-Dispostock: stock and daily use of hospital pharmacies, by establishment, week and medicine."""

from __future__ import annotations

import re

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.territory import DEPARTMENT, department
from connectors.reading.ucd import ucd_or_dci
from connectors.reading.values import BadValue

SOURCE = Source(
    key="dispostock",
    title="e-Dispostock : stocks des pharmacies hospitalières",
    producer="Pharmacies à usage intérieur (PUI)",
    licence="Données réservées aux agents",
    tier="R",
    rhythm_days=7,
    form="Fichier CSV ou classeur Excel, chaque semaine, dans le modèle de Vigistock",
    limits=(
        "Partiel : les seuls établissements qui répondent, pour quelques médicaments, saisi à la main.",
        "La couverture est celle des PUI qui ont répondu, jamais celle de tous les hôpitaux.",
        "Compté en UCD, un comprimé ou une ampoule, et non en boîtes.",
        "Une UCD n'est reliée à une DCI que par son libellé : le référentiel public ne donne pas ses codes.",
        "Aucun format public : modèle de Vigistock, à valider.",
    ),
    periods=("dispostock_stock.week",),
    period_lag_days=7,
)

FINESS = re.compile(r"\d[\dA-F]\d{7}")


def read(raw: RawFile) -> list[Sheet]:
    """Stocks by week, establishment and medicine, from a CSV or a workbook."""
    return read_partner_table(raw, check)


def check(row: Row) -> None:
    """Nine characters of a FINESS, a department that exists, a DCI or a UCD."""
    row["finess"] = _finess(row["finess"])
    row["dci_or_ucd"] = ucd_or_dci(row["dci_or_ucd"], "dci_or_ucd")
    if row["department"]:
        row["department"] = department(row["department"], "department")
    elif DEPARTMENT.fullmatch(row["finess"][:2]):
        row["department"] = row["finess"][:2]


def _finess(written: str) -> str:
    """Workbooks lose the zero that begins the numbers of the first departments."""
    number = written.replace(" ", "").upper().removesuffix(".0")
    if len(number) == 8:
        number = f"0{number}"
    if not FINESS.fullmatch(number):
        raise BadValue("numéro FINESS : 9 caractères attendus, comme « 750000001 »", "finess")
    return number
