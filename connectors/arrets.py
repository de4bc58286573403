"""Intentions to stop marketing, as laboratories announce them: what, when, why, which share of the market."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_workbook
from connectors.reading.values import BadValue

SOURCE = Source(
    key="arrets",
    title="Arrêts de commercialisation : intentions déclarées",
    producer="Laboratoires exploitants, par formulaire auprès de l'ANSM",
    licence="Transmis à l'ANSM, non public avant l'arrêt",
    tier="L",
    rhythm_days=31,
    form="Classeur Excel, export du formulaire, chaque mois",
    limits=(
        "Un tiers des déclarations ne donne que des raisons commerciales.",
        "Part de marché déclarée par le laboratoire, ville et hôpital séparément.",
        "Une ligne reçue plus tard pour le même numéro remplace la précédente.",
    ),
    periods=("arrets_intention.declared_on",),
)


def read(raw: RawFile) -> list[Sheet]:
    """One row per intention, which names a presentation or a whole speciality."""
    return read_partner_workbook(raw, check=check)


def check(row: Row) -> None:
    """What stops is named by its CIS or its CIP13."""
    if not row["cis"] and not row["cip13"]:
        raise BadValue("code CIS ou CIP13 attendu", "cis")
