"""What the queue says in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pages.components import format as fr

MASKED = "Les déclarations d'un laboratoire sont masquées sur cet écran (secret des affaires)."
# What the address carries: the tab.
VIEWS = {
    "toutes": "File",
    "dormants": "Dormants, à redemander",
    "a-evaluer": "Critères de l'évaluateur manquants",
    "incoherentes": "Versions qui se contredisent",
    "bougees": "Score changé",
}

Row = dict[str, Any]


def sentence(found: Sequence[Row], whole: int, since: str) -> tuple[str, str]:
    """The one to look at first; then how many at each high level, asleep, moved. ``whole``: before the filters."""
    if not whole:
        return "Aucune déclaration n'est ouverte.", ""
    if not found:
        return (
            f"Aucune des {fr.plural(whole, 'déclaration ouverte', 'déclarations ouvertes')} ne passe ces filtres.",
            "",
        )
    order = sorted(found, key=lambda row: -row["points"])
    first, names = order[0], [f"{row['name']}, {row['laboratory']}" for row in fr.level(order, "points")]
    level = f" à égalité : {names[0]} ; {names[1]}" if len(names) == 2 else f" {names[0]}"
    if len(names) > 2:
        level = f", à égalité, {fr.plural(len(names), 'déclaration', 'déclarations')}, dont {names[0]}"
    head = (
        f"D'abord{level} : {first['level_label'].lower()}, "
        f"{fr.number(first['points'])} points sur {fr.number(first['most_points'])}."
    )
    high, important = (sum(row["level"] == level for row in found) for level in ("haut", "important"))
    among = f" sur {fr.number(whole)}" if len(found) != whole else ""
    dormant = sum(bool(row["is_dormant"]) for row in found)
    opened = fr.plural(len(found), "déclaration ouverte", "déclarations ouvertes")
    parts = [
        f"{opened}{among} : {fr.number(high)} à haut risque, {fr.number(important)} à risque important",
        fr.plural(dormant, "dossier dormant à redemander", "dossiers dormants à redemander"),
    ]
    if since:
        up, down = (sum(1 for row in found if sign * (row["change"] or 0) > 0) for sign in (1, -1))
        parts.append(
            f"depuis {since}, {fr.plural(up, 'score a monté', 'scores ont monté')} et {fr.number(down)} baissé"
        )
    return head, " ; ".join(parts) + "."


def is_in(view: str, row: Row) -> bool:
    """Whether a declaration is in one of ``VIEWS``."""
    # Column that counts what the tab is about; none for the whole queue.
    column = {"dormants": "is_dormant", "a-evaluer": "to_evaluate", "incoherentes": "inconsistencies",
              "bougees": "change"}.get(view)  # fmt: skip
    return column is None or bool(row[column])


def again(row: Row, as_of: Any) -> str:
    """« dormant, en retard de 20 j »; empty for a file that does not sleep."""
    if not row["is_dormant"]:
        return ""
    late = (fr.as_date(as_of) - fr.as_date(row["ask_again_on"])).days  # type: ignore[operator]
    return f"dormant, en retard de {fr.number(late)} j" if late else "dormant, à redemander aujourd'hui"
