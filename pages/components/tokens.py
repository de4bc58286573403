"""Colours, words and symbols of the screen, in one place.

Contrasts on white and distances under simulated colour blindness were measured for these exact values: change
none of them without measuring again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pages.components import format as fr

INK = "#1E2024"
SECONDARY = "#5B616B"
LINES = "#D5D8DD"
SURFACE = "#F7F8FA"
ACCENT = "#22427C"
WHITE = "#FFFFFF"
HATCH = "#8A8F98"
MASKED = "#E9EBEE"
GHOST = "#A3A8B0"

FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", sans-serif'

# Light to dark of the accent, for rates and counts: the darker, the more.
RAMP = ("#EEF2F8", "#DCE4F0", "#C6D2E6", "#A9B9D6", "#8BA1C8", "#6C88B8", "#4E6EA6", "#365893", "#22427C", "#152B54")

PROJECTION_SCALE = 1.35

Symbol = Literal["full", "half", "low", "outline", "clock", "approx", "lock"]


@dataclass(frozen=True)
class Look:
    """How a state is drawn: never by colour alone, ``word`` and ``symbol`` always go with it."""

    word: str
    colour: str
    ink: str
    symbol: Symbol
    soft: str = WHITE


STATUS: dict[str, Look] = {
    "satisfaisante": Look("Satisfaisante", "#007280", WHITE, "full", "#DCEEF0"),
    "acceptable": Look("Acceptable", "#F0AA1E", INK, "half", "#FDF1D9"),
    "insatisfaisante": Look("Insatisfaisante", "#B2182B", WHITE, "low", "#F7DFE2"),
    "non_pertinente": Look("Non pertinent", WHITE, INK, "outline"),
}

# Risk of a declaration, on a ramp of its own (light to dark violet): amber only ever says « acceptable ». Ink on its
# ground: 14.6, 10.1, 5.4 and 14.5 to 1; a level to the next: 1.5, 3.3 and 2.7 to 1, so that grey copies keep the order.
RISK: dict[str, Look] = {
    "faible": Look("Faible", "#F4F1F8", INK, "outline"),
    "moyen": Look("Moyen", "#D3C4E6", INK, "outline"),
    "important": Look("Important", "#7E57B5", WHITE, "outline"),
    "haut": Look("Haut", "#3B1561", WHITE, "outline"),
}

NO_DATA = Look("Aucune donnée", WHITE, INK, "outline")

# States that replace the status: nothing is known, or nothing may be shown.
REPLACING: dict[str, Look] = {
    "non_pertinente": Look("Non pertinent", WHITE, INK, "outline"),
    "hors_panel": Look("Hors panel", WHITE, INK, "outline"),
    "masque": Look("Masqué (secret)", MASKED, INK, "lock"),
    "absent": NO_DATA,
}

# States that qualify the status: the figure stands, with a reserve.
QUALIFYING: dict[str, tuple[str, Symbol]] = {
    "en_retard": ("En retard", "clock"),
    "estime": ("Estimé", "approx"),
    "incomplet": ("Incomplet", "approx"),
}

# Météo-France's own four colours, always shown with their word.
VIGILANCE: dict[int, tuple[str, str, str]] = {
    1: ("Vert", "#31AA35", INK),
    2: ("Jaune", "#FFF600", INK),
    3: ("Orange", "#FFB82B", INK),
    4: ("Rouge", "#CC0000", WHITE),
}

LINK_LABEL = {
    "exploitants": "Exploitants",
    "grossistes": "Grossistes-répartiteurs",
    "officines": "Officines",
    "pui": "Pharmacies hospitalières",
}
TENSION_LABEL = {"nationale": "Nationale", "diffuse": "Diffuse", "localisee": "Localisée"}
KIND_LABEL = {"rupture": "Rupture de stock", "risque": "Risque de rupture"}
KIND_COLOUR = {"rupture": INK, "risque": "#8A8F98"}
SOURCE_STATE_LABEL = {"a_jour": "À jour", "en_retard": "En retard", "absent": "Absente"}


def look(status: str | None, figure_state: str | None = "a_jour") -> Look:
    """Look of a figure. The state decides before the status: a masked figure shows no status."""
    if figure_state in REPLACING:
        return REPLACING[str(figure_state)]
    return STATUS.get(status or "", NO_DATA)


def is_hatched(status: str | None, figure_state: str | None) -> bool:
    """Off panel, unreliable or unknown: drawn hatched, never as good, never as zero."""
    return look(status, figure_state).symbol == "outline"


def spoken(status: str | None, figure_state: str | None, days: float | None) -> str:
    """What a screen reader says of a figure: word, days, state."""
    parts = [look(status, figure_state).word]
    if not fr.missing(days):
        parts.append(f"{fr.days(days)[:-1]}jours")
    if figure_state in QUALIFYING:
        parts.append(QUALIFYING[str(figure_state)][0].lower())
    return ", ".join(parts)


def ramp_colour(value: float, maximum: float) -> str:
    """Colour of the ramp for ``0 ≤ value ≤ maximum``; zero has the lightest."""
    share = 0.0 if maximum <= 0 else min(max(value / maximum, 0.0), 1.0)
    return RAMP[round(share * (len(RAMP) - 1))]
