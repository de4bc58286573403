"""DP-Ruptures: alerts of pharmacies without any delivery, and the stocks by territory announced for 2026–2027."""

from __future__ import annotations

import re

from connectors.base import RawFile, RefusedFile, Row, Sheet, Source
from connectors.language.folding import fold_words
from connectors.reading.grid import ONLY_TOTAL
from connectors.reading.partner import read_partner_workbook
from connectors.reading.territory import NATION, department
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue

SOURCE = Source(
    key="dpruptures",
    title="DP-Ruptures : alertes et stocks du dossier pharmaceutique",
    producer="Conseil national de l'Ordre des pharmaciens (CNOP)",
    licence="Transmis à l'ANSM, réservé à ses agents",
    tier="R",
    rhythm_days=7,
    form="Classeur Excel à deux feuilles : une ligne par alerte, une ligne par stock ; l'une des deux suffit",
    limits=(
        "Exploitation impossible à ce jour : des alertes une à une, ni stock, ni agrégat.",
        "Une alerte est une absence totale de livraison, après deux grossistes et 72 heures : en deçà, rien n'est dit.",
        "Une alerte reste ouverte tant que sa clôture n'est pas reçue.",
        "Seules les officines dont le logiciel est raccordé déclarent : leur nombre n'est pas toujours transmis.",
        "Stocks annoncés pour 2026–2027 (LFSS 2025, art. 76 ; CSP, L. 5121-29-1) : modèle de Vigistock, à valider.",
        "Rythme hebdomadaire : choix de Vigistock.",
    ),
)

OPTIONAL = frozenset({"dpruptures_alert", "dpruptures_stock"})


# Actors together: added to those that are named, they would count them twice. « Total Care Pharma » is a company.
TOGETHER = re.compile(
    r"(((sous[- ]|grand )?tota(l|ux))|(l['’])?ensemble|tous|toutes)([ -]+(general|generaux|generale|de|des|du|la|le|les"
    r"|france|national|nationale|departement|acteurs?|grossistes?|repartiteurs?|exploitants?|laboratoires?|officines?"
    r"|pharmacies?|pui|stocks?))*[\s:=]*"
)


def read(raw: RawFile) -> list[Sheet]:
    """Alerts and stocks, whichever of the two sheets is filled. Raises ``RefusedFile`` for a workbook with neither."""

    def check(row: Row) -> None:
        (check_alert if "alert_no" in row else check_stock)(raw, row)

    sheets = read_partner_workbook(raw, OPTIONAL, check)
    if not any(sheet.table for sheet in sheets):
        raise RefusedFile("Feuille « Alertes » ou « Stocks » attendue : ce classeur n'a ni l'une ni l'autre.")
    return sheets


def check_alert(raw: RawFile, row: Row) -> None:
    """Days in their order, a department that exists."""
    check_not_to_come(raw, row["declared_on"], "declared_on")
    check_not_to_come(raw, row["closed_on"], "closed_on")
    if row["closed_on"] is not None and row["closed_on"] < row["declared_on"]:
        raise BadValue("clôture avant la déclaration de l'alerte", "closed_on")
    if row["department"]:
        row["department"] = department(row["department"], "department")


def check_stock(raw: RawFile, row: Row) -> None:
    """An actor and not several, in the country or in a department that exists."""
    check_not_to_come(raw, row["day"], "day")
    if ONLY_TOTAL.fullmatch(row["actor"]) or TOGETHER.fullmatch(fold_words(row["actor"])):
        raise BadValue("ligne de total : un acteur est attendu (« Officines » pour celles d'un territoire)", "actor")
    is_nation = row["territory"].casefold() in ("fr", "france")
    row["territory"] = NATION if is_nation else department(row["territory"], "territory")
