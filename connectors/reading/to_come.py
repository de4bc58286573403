"""Published figures are of the past: a period that has not begun when its file is received is a mistyped one."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from connectors.base import RawFile, RefusedFile
from connectors.reading.values import BadValue

PARIS = ZoneInfo("Europe/Paris")


def received_on(raw: RawFile) -> date:
    """Day of the reception, in Paris."""
    moment = raw.received_at
    return (moment.astimezone(PARIS) if moment.tzinfo else moment).date()


def refuse_to_come(raw: RawFile, begins_on: date, period: str) -> None:
    """Raises ``RefusedFile`` when ``period``, as written, begins after the reception of the file."""
    received = received_on(raw)
    if begins_on > received:
        raise RefusedFile(
            f"« {raw.name} » : la période {period} n'avait pas commencé à la réception du fichier, le {received:%d/%m/%Y}. "
            "Corrigez-la, puis redéposez le fichier."
        )


def check_not_to_come(raw: RawFile, day: date | None, field: str) -> None:
    """Raises ``BadValue`` for a day of a row after the reception of the file."""
    received = received_on(raw)
    if day is not None and day > received:
        raise BadValue(f"date après la réception du fichier ({received:%d/%m/%Y})", field)
