"""Point Stock: boxes held by each wholesaler at the end of the week, and what it sold during the week."""

from __future__ import annotations

from connectors.base import RawFile, RefusedFile, Sheet, Source
from connectors.language.names import identity_key
from connectors.reading.calendar import day_in_week
from connectors.reading.header import listed
from connectors.reading.partner import read_partner_workbook

MOST_NAMES = 10  # of wholesalers in a refusal's sentence
SOURCE = Source(
    key="pointstock",
    title="Point Stock : stocks des grossistes-répartiteurs",
    producer="Chambre syndicale de la répartition pharmaceutique (CSRP)",
    licence="Transmis à l'ANSM, non public (secret des affaires)",
    tier="L",
    rhythm_days=7,
    form="Un classeur Excel par grossiste-répartiteur (7), chaque semaine",
    limits=(
        "Demande une reprise et un contrôle de qualité avant usage.",
        "La somme nationale est sans valeur dès qu'un grossiste manque.",
        "La dernière valeur du grossiste manquant est reprise une semaine au plus, et le chiffre marqué estimé.",
    ),
    version=2,
)


def read(raw: RawFile) -> list[Sheet]:
    """Stocks of one wholesaler, many weeks allowed; raises ``RefusedFile`` if several are in the workbook."""
    sheet, *others = read_partner_workbook(raw, check=day_in_week)
    names = {identity_key(row["wholesaler"]): row["wholesaler"] for row in sheet.rows}
    if len(names) > 1:
        found = listed(sorted(names.values()), MOST_NAMES)
        raise RefusedFile(f"Un classeur par grossiste est attendu. Grossistes trouvés : {found}.")
    return [sheet, *others]
