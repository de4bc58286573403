"""Weak signals in words: a value, how it moved, and what its source cannot say. No status, no colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.components import format as fr

NAMES = {"csrp": "Présence chez les grossistes-répartiteurs", "vigirupture": "Tension en officine"}
LEVELS = ("aucune", "faible", "moyenne", "forte")
HINT = "indices non validés, jamais un statut ; aucun verdict ne les lit"

Row = Mapping[str, Any]


def value(row: Row) -> str:
    """« au moins 40 % des agences tiennent une boîte », « tension forte, 2,1 j de couverture »."""
    if not fr.missing(row["presence_pct"]):
        least = "au moins " if row["presentations"] > 1 else ""
        return f"{least}{fr.percent(row['presence_pct'])} des agences tiennent une boîte"
    parts = [f"tension {level(row['tension_rank'])}"] if not fr.missing(row["tension_rank"]) else []
    parts += [f"{fr.days(row['coverage_days'])} de couverture"] if not fr.missing(row["coverage_days"]) else []
    return ", ".join(parts)


def level(rank: float) -> str:
    return LEVELS[int(rank)]


def spread(row: Row) -> str:
    """What the presentations say one by one; empty when there is one."""
    if row["presentations"] < 2:
        return "1 présentation"
    count = fr.plural(row["presentations"], "présentation", "présentations")
    if not fr.missing(row["presence_pct"]):
        return f"la mieux servie de {count} ; la moins bien : {fr.percent(row['lowest_presence_pct'])}"
    parts = [f"médiane de {count}"]
    if row["strong"]:
        parts.append(f"tension forte pour {fr.number(row['strong'])}")
    if not fr.missing(row["lowest_days"]):
        parts.append(f"de {fr.days(row['lowest_days'])} à {fr.days(row['highest_days'])}")
    return " ; ".join(parts)


def movement(row: Row) -> str:
    """« −50 points depuis le 18/10/2026 »; empty when there is nothing to compare with."""
    if not fr.missing(row["presence_change_points"]):
        moved = fr.change(row["presence_change_points"], "points", 0)
    elif not fr.missing(row["days_change_pct"]):
        moved = f"{fr.change(row['days_change_pct'], '%', 0)} de jours"
    elif not fr.missing(row["tension_change"]):
        moved = _levels(int(row["tension_change"]))
    else:
        return ""
    return f"{moved} depuis le {fr.day(row['before_on'])}"


def _levels(change: int) -> str:
    if not change:
        return "même niveau"
    return f"{fr.plural(abs(change), 'niveau', 'niveaux')} de {'plus' if change > 0 else 'moins'}"
