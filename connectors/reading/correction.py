"""The two columns added to a corrected workbook, and recognised when it comes back."""

from __future__ import annotations

from connectors.reading.french import BadValue, written
from connectors.reading.lines import is_blank
from connectors.reading.load_id import referenced_table

REASON_TITLE = "Motif Vigistock"
REFERENCE_TITLE = "Réf. Vigistock"


def corrected(cell: object, table: str) -> str | None:
    """Reference of the row this line corrects, if any; raises ``BadValue`` when it is not one of this table."""
    if is_blank(cell):
        return None
    text = written(cell)
    if referenced_table(text) != table:
        raise BadValue("référence altérée : la laisser telle que reçue, ou vide", REFERENCE_TITLE)
    return text
