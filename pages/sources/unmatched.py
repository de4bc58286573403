"""Rows of one source that were read and enter no figure: which key, in which file, which one was probably meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import tables
from pages.components.shell import frame, session

COLUMNS = {
    "file_name": "Fichier",
    "received_at": "Reçu le",
    "sheet": "Feuille",
    "column_name": "Colonne",
    "key": "Clé",
    "label": "Libellé du fichier",
    "rows": "Lignes",
    "line": "Première ligne",
    "reason": "Motif",
    "likely_key": "Clé probable",
    "likely_label": "Libellé probable",
}


def draw(row: Mapping[str, Any], context: Mapping[str, str]) -> None:
    """Heading, rows, files."""
    found = session.load(sources.unmatched, row["source_key"])
    note = "elles compteront dès que leur clé sera connue ; si la clé est fautive, renvoyer la ligne corrigée"
    frame.section(f"Lignes lues, sans effet : {fr.number(int(row['rows_without_effect'] or 0))}", note)
    tables.table_with_downloads(found, COLUMNS, f"sans-effet-{row['source_key']}", context, source="unmatched_key")
