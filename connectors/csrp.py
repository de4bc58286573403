"""CSRP observatory: share of the wholesalers' agencies that hold at least one box, by presentation and week."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.territory import NATION, department, nation, region
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue

SOURCE = Source(
    key="csrp",
    title="Observatoire de la CSRP : présence dans les agences de répartition",
    producer="Chambre syndicale de la répartition pharmaceutique (CSRP)",
    licence="Transmis à l'ANSM, réservé à ses agents",
    tier="R",
    rhythm_days=7,
    form="Classeur Excel ou CSV, chaque semaine pendant le plan hivernal",
    limits=(
        "Indicateur non validé, aveugle aux volumes : une agence qui tient une boîte compte comme une agence pleine.",
        "Un signal faible, jamais un statut ni un verdict.",
        "National, sauf ligne dont le territoire est rempli.",
        "Hors plan hivernal, aucun fichier n'est promis : la source est alors dite en retard.",
    ),
    periods=("csrp_presence.week",),
    period_lag_days=7,
)

TERRITORIES = {"national": nation, "region": region, "departement": department}


def read(raw: RawFile) -> list[Sheet]:
    """Presence by week, presentation and territory, from a CSV or a workbook."""

    def check(row: Row) -> None:
        check_not_to_come(raw, row["week"], "week")
        place(row)

    return read_partner_table(raw, check)


def place(row: Row) -> None:
    """Without a territory the line is national; a code alone could be of a region or of a department."""
    row["territory"] = row["territory"] or (NATION if row["level"] in (None, "national") else "")
    if row["level"] is None:
        if row["territory"].casefold() not in ("fr", "france"):
            raise BadValue("niveau attendu à côté d'un territoire : Région ou Département", "level")
        row["level"] = "national"
    if not row["territory"]:
        raise BadValue("territoire attendu pour ce niveau : code région ou code département", "territory")
    row["territory"] = TERRITORIES[row["level"]](row["territory"], "territory")
