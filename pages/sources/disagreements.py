"""Files of one source that contradict each other: what is kept, what it replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import tables
from pages.components.shell import frame, session

COLUMNS = {
    "week": "Semaine ou date",
    "reporter": "Déclarant",
    "cip13": "CIP13",
    "label": "Présentation",
    "column_name": "Colonne",
    "value_kept": "Valeur gardée",
    "file_kept": "Fichier",
    "received_kept": "Reçu le",
    "value_replaced": "Valeur remplacée",
    "file_replaced": "Fichier remplacé",
    "received_replaced": "Reçu avant, le",
}


def draw(row: Mapping[str, Any], context: Mapping[str, str]) -> None:
    """Heading, rows, files."""
    found = session.load(sources.disagreements, row["source_key"])
    note = "pour la même semaine et la même présentation ; le fichier reçu en dernier est gardé"
    frame.section(f"Fichiers qui se contredisent : {fr.plural(len(found), 'valeur', 'valeurs')}", note)
    tables.table_with_downloads(found, COLUMNS, f"desaccords-{row['source_key']}", context, source="file_disagreement")
