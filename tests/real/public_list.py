"""The public files read the plain way: split on tabs, nothing else. Independent of the connectors and of the queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

CODES = {"1": "rupture", "2": "tension", "3": "arrêt", "4": "remise"}
Key = tuple[str, str]  # CIS, CIP13 or ""


@dataclass(frozen=True)
class Line:
    cis: str
    cip13: str
    code: str
    label: str
    updated_on: date
    url: str

    @property
    def key(self) -> Key:
        return self.cis, self.cip13

    @property
    def disagrees(self) -> bool:
        return not self.label.lower().startswith(CODES[self.code])


def cells(path: Path) -> list[list[str]]:
    """Cells of the lines that are not blank."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    return [line.rstrip("\r").split("\t") for line in text.split("\n") if line.strip()]


def photograph(path: Path) -> list[Line]:
    return [Line(c[0], c[1], c[2], c[3], datetime.strptime(c[5], "%d/%m/%Y").date(), c[7]) for c in cells(path)]


def in_force(lines: list[Line]) -> dict[Key, Line]:
    """By key, the line updated last (the first of them when several were that day)."""
    found: dict[Key, Line] = {}
    for line in lines:
        known = found.get(line.key)
        if known is None or line.updated_on > known.updated_on:
            found[line.key] = line
    return found


def ambiguous(lines: list[Line]) -> set[Key]:
    """Keys whose last update says two codes at once: either may be taken for the state of the speciality."""
    codes: dict[Key, set[str]] = {}
    last = {key: line.updated_on for key, line in in_force(lines).items()}
    for line in lines:
        if line.updated_on == last[line.key]:
            codes.setdefault(line.key, set()).add(line.code)
    return {key for key, found in codes.items() if len(found) > 1}


def events(before: list[Line], after: list[Line]) -> dict[str, set[Key]]:
    """What entered, left or changed between two photographs."""
    old, new = in_force(before), in_force(after)
    both = old.keys() & new.keys()
    changed = {key for key in both if old[key].code != new[key].code}
    return {
        "entrée": set(new.keys() - old.keys()),
        "sortie": set(old.keys() - new.keys()),
        "changement": changed,
        "mise à jour": {key for key in both - changed if old[key].updated_on != new[key].updated_on},
    }
