"""What the queue says in words."""

from __future__ import annotations

import pandas as pd

from pages.components import format as fr

MASKED = "Les déclarations d'un laboratoire sont masquées sur cet écran (secret des affaires)."
VIEWS = {
    "toutes": "Toutes les déclarations",
    "dormants": "Dossiers dormants, à redemander",
    "a-evaluer": "Critères de l'évaluateur manquants",
    "incoherentes": "Versions qui se contredisent",
    "bougees": "Score changé depuis la référence",
}


def sentence(table: pd.DataFrame, since: str) -> str:
    """How many at each high level, how many moved up, how many sleep."""
    if table.empty:
        return "Aucune déclaration n'est ouverte."
    counts = table["level"].value_counts()
    high, important = int(counts.get("haut", 0)), int(counts.get("important", 0))
    parts = [
        (
            f"{fr.plural(len(table), 'déclaration ouverte', 'déclarations ouvertes')} : {fr.number(high)} à haut risque, "
            f"{fr.number(important)} à risque important"
        ),
        f"{fr.plural(int(table['is_dormant'].sum()), 'dossier dormant à redemander', 'dossiers dormants à redemander')}",
    ]
    if since:
        up, down = int((table["change"] > 0).sum()), int((table["change"] < 0).sum())
        parts.append(
            f"depuis {since}, {fr.plural(up, 'score a monté', 'scores ont monté')} et {fr.number(down)} baissé"
        )
    return " ; ".join(parts) + "."


def viewed(table: pd.DataFrame, view: str | None) -> pd.DataFrame:
    """Rows of one of ``VIEWS``; the longest asleep first for dormant files."""
    if view == "dormants":
        return table[table["is_dormant"]].sort_values("ask_again_on", kind="stable")
    if view == "a-evaluer":
        return table[table["to_evaluate"] > 0]
    if view == "incoherentes":
        return table[table["inconsistencies"].fillna(0) > 0]
    if view == "bougees":
        return table[table["change"].fillna(0) != 0].sort_values("change", ascending=False, kind="stable")
    return table
