"""Main groups of the ATC classification (first character of a code), in French."""

from __future__ import annotations

GROUPS: dict[str, str] = {
    "A": "Voies digestives et métabolisme",
    "B": "Sang et organes hématopoïétiques",
    "C": "Système cardiovasculaire",
    "D": "Médicaments dermatologiques",
    "G": "Système génito-urinaire et hormones sexuelles",
    "H": "Hormones systémiques, hors hormones sexuelles",
    "J": "Anti-infectieux à usage systémique",
    "L": "Antinéoplasiques et immunomodulateurs",
    "M": "Muscle et squelette",
    "N": "Système nerveux",
    "P": "Antiparasitaires, insecticides et répulsifs",
    "R": "Système respiratoire",
    "S": "Organes sensoriels",
    "V": "Divers",
}


def label(group: object) -> str:
    """« J – Anti-infectieux à usage systémique »; the bare letter when it is not a known group."""
    code = str(group)
    return f"{code} – {GROUPS[code]}" if code in GROUPS else code
