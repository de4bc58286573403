"""IQVIA: coverage in days of the followed groups in a panel of pharmacies, by department, region and nation."""

from __future__ import annotations

from connectors.base import RawFile, Row, Sheet, Source
from connectors.reading.partner import read_partner_table
from connectors.reading.territory import department, nation, region
from connectors.reading.values import BadValue

SOURCE = Source(
    key="iqvia",
    title="IQVIA : stocks et ventes des officines du panel",
    producer="IQVIA",
    licence="Données sous contrat, réservées aux agents de l'ANSM",
    tier="R",
    rhythm_days=7,
    form="Fichier CSV ou classeur Excel, chaque semaine",
    limits=(
        "Panel : 9 000 officines pour les stocks, 14 000 pour les ventes.",
        "Peu fiable sous un volume de ventes : le chiffre est alors dit non pertinent.",
        "Vingt groupes suivis au plus.",
        "La couverture est donnée par le producteur, elle n'est pas recalculée.",
    ),
    periods=("iqvia_coverage.week",),
    period_lag_days=7,
)

LEVELS = {"national": nation, "region": region, "departement": department}
SHARES = ("share_none_pct", "share_low_pct", "share_medium_pct", "share_high_pct")
ROUNDING_PCT = 2.0  # four shares, each rounded to the unit, may miss 100 by 2


def read(raw: RawFile) -> list[Sheet]:
    """Coverage by week, group and territory, from a CSV or a workbook."""
    return read_partner_table(raw, check)


def check(row: Row) -> None:
    """Territory of the announced level; the four levels of stock share 100 % of the pharmacies."""
    row["territory"] = LEVELS[row["level"]](row["territory"], "territory")
    shares = [row[name] for name in SHARES]
    if None not in shares and abs(sum(shares) - 100) > ROUNDING_PCT:
        raise BadValue(f"les quatre parts font {sum(shares):g} au lieu de 100".replace(".", ","), SHARES[0])
