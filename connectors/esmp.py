"""ESMP, the European platform: declarations of shortage or of risk, one a speciality, version after version."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue

SOURCE = Source(
    key="esmp",
    title="ESMP : déclarations à la plateforme européenne",
    producer="Titulaires d'autorisations, auprès de l'Agence européenne des médicaments (EMA)",
    licence="Extrait réservé aux agents de l'ANSM",
    tier="R",
    rhythm_days=7,
    form="Classeur Excel ou CSV, extrait de la plateforme : une ligne par version, une déclaration par spécialité",
    limits=(
        "Obligatoire pour les seules autorisations centralisées : une absence ne dit rien des autres.",
        "Moins précis que TrustMed pour la France : ni présentation, ni boîtes, ni apports promis.",
        "Un numéro européen peut désigner plusieurs spécialités : toutes sont alors rapprochées.",
        "Extraction hebdomadaire : choix de Vigistock.",
    ),
    periods=("esmp_version.updated_on",),
    period_lag_days=7,
)


def read(raw: RawFile) -> list[Sheet]:
    """Versions of declarations, from a CSV or a workbook."""

    def check(row: Row) -> None:
        check_named(row)
        check_not_to_come(raw, row["updated_on"], "updated_on")

    return read_partner_table(raw, check)


def check_named(row: Row) -> None:
    """The speciality is named by its CIS or by its European number."""
    if not row["cis"] and not row["eu_number"]:
        raise BadValue("code CIS ou numéro européen attendu", "cis")
