"""The identity of a load: one reading of one received file. The only place that knows its shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_SHAPE = re.compile(
    r"(?P<received>\d{8}T\d{6}(?:\d{14})?)-(?P<content>[0-9a-f]{12})-(?P<name>[0-9a-f]{4})-(?P<layout>[0-9a-f]{6})"
)
_ROW_REFERENCE = re.compile(
    r"(?P<delivery>\d{8}T\d{6}(?:\d{14})?-[0-9a-f]{12}-[0-9a-f]{4})/(?P<table>\w+)/(?P<line>\d+)"
)

# DuckDB macros of the same parts, for queries over ``load_id`` columns.
MACROS = """
    CREATE TEMP MACRO load_received(load_id) AS split_part(load_id, '-', 1);
    CREATE TEMP MACRO load_delivery(load_id) AS regexp_replace(load_id, '-[^-]*$', '');
"""


@dataclass(frozen=True, slots=True, order=True)
class LoadId:
    """Sorts by reception, then by the file's own date. ``content``, ``name``, ``layout``: start of a SHA-256 of the bytes, the file name, the layout.

    ``received``: second of the reception, followed by that of the file's own date when it is known.
    ``layout`` changes with the header table or ``SOURCE.version``: the same delivery is then read again.
    """

    received: str
    content: str
    name: str
    layout: str

    @classmethod
    def of(
        cls, received_at: datetime, content: str, name: str, layout: str, modified_at: datetime | None = None
    ) -> LoadId:
        """From whole hashes, the moment of reception and the file's own date."""
        own = f"{modified_at:%Y%m%d%H%M%S}" if modified_at else ""
        return cls(f"{received_at:%Y%m%dT%H%M%S}{own}", content[:12], name[:4], layout[:6])

    @classmethod
    def parse(cls, text: str) -> LoadId:
        """From its text. Raises ValueError."""
        match = _SHAPE.fullmatch(text)
        if match is None:
            raise ValueError(f"not a load id: {text!r}")
        return cls(**match.groupdict())

    def __str__(self) -> str:
        return f"{self.delivery}-{self.layout}"

    @property
    def delivery(self) -> str:
        """The file as received, whatever layout it is read with."""
        return f"{self.received}-{self.content}-{self.name}"


def row_reference(load_id: str, table: str, line: int) -> str:
    """Name of a line of a delivery; it stays the same when the file is read again with another layout."""
    return f"{LoadId.parse(load_id).delivery}/{table}/{line}"


def referenced_table(reference: str) -> str | None:
    """Table of the row that a reference names, or None when it is not a reference."""
    match = _ROW_REFERENCE.fullmatch(reference)
    return match["table"] if match else None
