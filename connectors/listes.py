"""Lists a medicine may be on: essential, critical for the Union, four-month stock, MSIS, vaccines; decisions on stocks."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_workbook
from connectors.reading.values import BadValue

SOURCE = Source(
    key="listes",
    title="Listes : essentiels, critiques de l'Union, stock de sécurité, MSIS, vaccins",
    producer="ANSM, DGS, EMA",
    licence="Publiques, ou internes à l'ANSM pour les décisions de stock",
    tier="O",
    rhythm_days=0,
    form="Classeur Excel, à chaque révision d'une liste ; un fichier remplace en entier les listes qu'il contient",
    limits=(
        "Une ligne désigne une spécialité (code CIS) ou toutes les spécialités d'une DCI.",
        "Une décision de stock vaut depuis sa date, jusqu'à la suivante ; du même jour, celle qui nomme la spécialité l'emporte.",
        "Les MITM viennent de la base publique des médicaments, pas d'ici.",
    ),
    reserved_lines=("listes_member", "list", "décision de stock"),
)


def read(raw: RawFile) -> list[Sheet]:
    """Members of the lists; each row names a speciality or a DCI."""
    return read_partner_workbook(raw, check=check)


def check(row: Row) -> None:
    """A member is named by its code or by its DCI; a stock decision says how many months."""
    if not row["cis"] and not row["dci"]:
        raise BadValue("code CIS ou DCI attendu", "cis")
    if row["list"] == "décision de stock" and row["months"] is None:
        raise BadValue("une décision de stock donne un nombre de mois", "months")
