"""Codes of the public list in words, and names of DCI short enough for a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from connectors.language.typography import tied
from pages.components import format as fr
from pages.components import templating

TEMPLATE = "components/open_data"
RUPTURE, TENSION, STOP, RETURN = "1", "2", "3", "4"
CODES = {RUPTURE: "Rupture", TENSION: "Tension", STOP: "Arrêt", RETURN: "Remise à disposition"}
GRAVITY = {RUPTURE: 0, STOP: 1, TENSION: 2, RETURN: 3}
WHOLE = 4  # substances of a DCI written in full
NOT_EVERYTHING = (
    "La liste publique ne porte que les MITM sans alternative : ne pas y être ne veut pas dire être disponible."
)


def substances(dci: object) -> str:
    """Name of a DCI for a line: the first two of more than four substances, and how many others."""
    parts = str(dci).split(" / ")
    return " / ".join(parts) if len(parts) <= WHOLE else f"{' / '.join(parts[:2])} et {len(parts) - 2} autres"


def change(previous: object, now: object) -> Markup:
    """« Tension → Rupture »; one code alone when there was none before."""
    return templating.macro(TEMPLATE, "change", previous, now)


def gravity(code: object) -> int:
    """Rank of a code, the gravest first; a line out of the list comes last."""
    return GRAVITY.get(str(code), len(GRAVITY))


def gravest(codes: Sequence[Any]) -> Any:
    return min(codes, key=gravity)


def lasting(row: Any) -> str:
    """« depuis le 02/11/2024, 570 j », « 320 j au moins »; empty when no photograph shows when it began."""
    if fr.missing(row["duration_days"]) or fr.missing(row["started_on"]):
        return ""
    since = tied("depuis", "le", f"{fr.day(row['started_on'])},")
    return tied(since, tied(fr.number(row["duration_days"]), "j"))
