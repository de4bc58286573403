"""The public release of closed declarations: one row per declaration, in the published columns."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue

SOURCE = Source(
    key="historique",
    title="Déclarations closes rendues publiques",
    producer="ANSM",
    licence="Communiqué au titre du droit d'accès aux documents administratifs ; conditions de réutilisation non précisées",
    tier="O",
    rhythm_days=0,
    form="Fichier CSV (virgules) ou classeur Excel, à chaque diffusion",
    limits=(
        "Déclarations closes seulement : le total publié par l'ANSM compte aussi les dossiers encore ouverts.",
        "Ni numéro de déclaration, ni présentation (CIP13), ni date de clôture, ni suite des versions.",
        "Des lignes sont identiques en tout point : présentations d'une spécialité ou répétitions, on ne peut le dire.",
    ),
    periods=("historique_declaration.event_on",),
)

CAUSES_JOINED_BY = ","


def read(raw: RawFile) -> list[Sheet]:
    """Every published row, repeated ones included; raises ``RefusedFile``."""

    def check(row: Row) -> None:
        split_causes(row)
        check_not_to_come(raw, row["event_on"], "event_on")

    return read_partner_table(raw, check, delimiters=";,")


def split_causes(row: Row) -> None:
    """Several causes of one cell are joined by commas, in any order; no official cause holds a comma."""
    parts = [part.strip() for cause in row["causes"] for part in cause.split(CAUSES_JOINED_BY)]
    row["causes"] = [part for part in dict.fromkeys(parts) if part]
    if not row["causes"]:
        raise BadValue("valeur obligatoire absente", "causes")
