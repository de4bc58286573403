"""Common to both files of wholesalers: a workbook comes from one of them."""

from __future__ import annotations

from connectors.base import RawFile, RefusedFile, Sheet
from connectors.language.names import identity_key
from connectors.reading.grid import RowCheck
from connectors.reading.header import listed
from connectors.reading.partner import read_partner_workbook

MOST_NAMES = 10  # of wholesalers in a refusal's sentence


def read_one_wholesaler(raw: RawFile, check: RowCheck) -> list[Sheet]:
    """The sheet of stocks, then those that are not read; raises ``RefusedFile`` if several wholesalers are in it."""
    sheet, *others = read_partner_workbook(raw, check=check)
    names = {identity_key(row["wholesaler"]): row["wholesaler"] for row in sheet.rows}
    if len(names) > 1:
        found = listed(sorted(names.values()), MOST_NAMES)
        raise RefusedFile(f"Un classeur par grossiste est attendu. Grossistes trouvés : {found}.")
    return [sheet, *others]
