"""Annual statements: the sites that make each speciality, step by step, as its laboratory writes them."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.language.folding import fold
from connectors.reading.french import is_unknown
from connectors.reading.partner import read_partner_table
from connectors.reading.values import BadValue

SOURCE = Source(
    key="edl",
    title="États des lieux annuels : sites de production",
    producer="Laboratoires exploitants (CSP R. 5124-46), auprès de l'ANSM",
    licence="Secret des affaires : réservé aux agents de l'ANSM",
    tier="L",
    rhythm_days=365,
    form="Classeur Excel ou fichier CSV, en mars : une ligne par spécialité, étape et site",
    limits=(
        "Champs libres, beaucoup d'erreurs de saisie : un site écrit de deux façons qu'une coquille sépare compte pour deux.",
        "Un site est son nom et son pays ; sans pays écrit, il est hors des comptes de l'Union.",
        "Aucun fichier unique : un classeur par laboratoire, dont l'absence ne se voit pas.",
        "Un état renvoyé remplace, spécialité par spécialité ; celle qu'il ne nomme plus garde son dernier état, daté.",
        "Aucun format public : modèle de Vigistock, à valider.",
    ),
)


# What stands for the line above, beside what every reader takes for an unknown value.
SAME_AS_ABOVE = frozenset(("idem", "id", "ibid", "ibidem", "dito", "ditto", "cidessus", "voircidessus", "memesite"))


def names_nothing(text: str | None) -> bool:
    """« - », « N/A », « n.c. », « néant », « idem », a quotation mark: nobody's name, whatever the column."""
    return text is not None and (is_unknown(text) or fold(text) in SAME_AS_ABOVE or not fold(text))


def read(raw: RawFile) -> list[Sheet]:
    """Sites by speciality and step, from a workbook or a CSV."""

    def check(row: Row) -> None:
        if names_nothing(row["site_name"]):
            raise BadValue("aucun site n'est nommé : écrire son nom sur chaque ligne", "site_name")
        if names_nothing(row["site_country"]):
            row["site_country"] = None
        if row["year"] > raw.received_at.year:
            raise BadValue(f"année après la réception du fichier ({raw.received_at.year})", "year")

    return read_partner_table(raw, check)
