"""TrustMed: declarations of shortage or of risk, version after version, with promised supplies and measures."""

from __future__ import annotations

from connectors.base import RawFile, Sheet, Source
from connectors.reading.partner import read_partner_workbook

SOURCE = Source(
    key="trustmed",
    title="TrustMed : déclarations de rupture et de risque de rupture",
    producer="Laboratoires exploitants, auprès de l'ANSM",
    licence="Transmis à l'ANSM, non public (secret des affaires)",
    tier="L",
    rhythm_days=1,
    form="Classeur Excel à trois feuilles : une ligne par version de déclaration, une déclaration par présentation",
    limits=(
        "Déclaratif, parfois erroné.",
        "Une mise à jour peut remplacer sans le dire une date d'approvisionnement : toutes les versions sont gardées.",
        "Ne porte que sur les médicaments d'intérêt thérapeutique majeur (MITM).",
    ),
    periods=("trustmed_version.version_on",),
)

OPTIONAL = frozenset({"trustmed_supply", "trustmed_measure"})


def read(raw: RawFile) -> list[Sheet]:
    """Versions of declarations, then promised supplies and measures if their sheets are filled."""
    return read_partner_workbook(raw, OPTIONAL)
