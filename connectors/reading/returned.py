"""The two columns added to lines that are given back for correction, and understood when the file comes back."""

from __future__ import annotations

import re

from connectors.reading.french import BadValue, written
from connectors.reading.lines import is_blank

REASON_TITLE = "Motif Vigistock"
REFERENCE_TITLE = "Réf. Vigistock"
REFERENCE = re.compile(r"(?P<load>\d{8}T\d{6}-[0-9a-f]{12}-[0-9a-f]{4})/(?P<table>\w+)/(?P<line>\d+)")
LAYOUT_MARK = 7  # characters of a load's name that say which layout read it: not part of the reference


def reference(load_id: str, table: str, line: int) -> str:
    """Name of a line of a received file; the same when its header table changes and it is read again."""
    return f"{load_id[:-LAYOUT_MARK]}/{table}/{line}"


def corrected(cell: object, table: str) -> str | None:
    """Reference of the row this line corrects, if any; raises ``BadValue`` when it is not one of this table."""
    if is_blank(cell):
        return None
    text = written(cell)
    match = REFERENCE.fullmatch(text)
    if match is None or match["table"] != table:
        raise BadValue("référence altérée\u00a0: la laisser telle que reçue, ou vide", REFERENCE_TITLE)
    return text
