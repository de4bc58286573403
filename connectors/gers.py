"""GERS: boxes sold to pharmacies and units sold to hospitals, by month."""

from __future__ import annotations

import re

from stdnum import ean

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.ucd import EXPECTED, UCD
from connectors.reading.values import BadValue

SOURCE = Source(
    key="gers",
    title="GERS : ventes aux officines et aux hôpitaux",
    producer="GIE GERS",
    licence="Données sous contrat, réservées aux agents de l'ANSM",
    tier="R",
    rhythm_days=31,
    form="Classeur Excel ou fichier CSV, chaque mois, trois semaines après sa fin, dans le modèle de Vigistock",
    limits=(
        "Métropole seule, sans outre-mer.",
        "Des laboratoires n'y déclarent pas leurs ventes : une part y est celle des seuls laboratoires présents.",
        "Ventes aux officines en boîtes, ventes aux hôpitaux en UCD : les deux ne s'additionnent pas.",
        "Au-delà de deux ans, les données sont difficiles à obtenir.",
        "Aucun format public : modèle de Vigistock, à valider.",
    ),
    periods=("gers_sales.month_on",),
    period_lag_days=21,
)

CIP13 = re.compile(r"34009\d{8}")


def read(raw: RawFile) -> list[Sheet]:
    """Sales by month, product and circuit, from a workbook or a CSV."""
    return read_partner_table(raw, check)


def check(row: Row) -> None:
    """Pharmacies count boxes, hospitals units: a code of the other kind would be another quantity."""
    row["month_on"] = row["month_on"].replace(day=1)
    code = row["cip13_or_ucd"].replace(" ", "").removesuffix(".0")
    if row["circuit"] == "hôpital":
        row["cip13_or_ucd"] = _ucd(code)
    elif not (CIP13.fullmatch(code) and ean.is_valid(code)):
        raise BadValue("code CIP à 13 chiffres attendu pour le circuit officine, clé de contrôle juste", "cip13_or_ucd")
    else:
        row["cip13_or_ucd"] = code


def _ucd(code: str) -> str:
    match = UCD.fullmatch(code)
    if not match:
        raise BadValue(f"{EXPECTED}, pour le circuit hôpital", "cip13_or_ucd")
    return match[1]
