"""Sources: what came in, how old it is, what was set aside and why."""

from __future__ import annotations

import pandas as pd

from data.warehouse import Reader


def states(reader: Reader) -> pd.DataFrame:
    """One row a source: rows in, loaded, quarantined, ignored; last reception, age in days, state, known limits."""
    return reader.frame("SELECT * FROM source_state ORDER BY order_no")


def late(reader: Reader) -> pd.DataFrame:
    """Sources beyond their rhythm, the oldest first."""
    return reader.frame("SELECT * FROM source_state WHERE state = 'en_retard' ORDER BY age_days DESC, source_key")


def files(reader: Reader, source_key: str) -> pd.DataFrame:
    """Files received from a source, the newest first; empty in the shared artefact (names may tell a laboratory)."""
    if not reader.has("source_file"):
        return pd.DataFrame(columns=["file_name", "received_at", "status", "message"])
    return reader.frame(
        "SELECT * FROM source_file WHERE source_key = $key ORDER BY received_at DESC, file_name", key=source_key
    )


def quarantine(reader: Reader, source_key: str) -> pd.DataFrame:
    """Rows set aside: file, sheet, line, column, value and reason; empty in the shared artefact."""
    if not reader.has("quarantine"):
        return pd.DataFrame(columns=["file_name", "sheet", "line", "column_name", "value", "reason"])
    return reader.frame(
        "SELECT * FROM quarantine WHERE source_key = $key ORDER BY received_at DESC, file_name, sheet, line",
        key=source_key,
    )


def photographs(reader: Reader) -> pd.DataFrame:
    """Photographs of ANSM's public list: rows by code."""
    return reader.frame("SELECT * FROM public_photograph ORDER BY photograph_on DESC")


def anomalies(reader: Reader) -> pd.DataFrame:
    """Lines of the public list that contradict themselves or match no speciality."""
    return reader.frame("SELECT * FROM public_shortage_anomaly")


def noted_values(reader: Reader, source_key: str) -> pd.DataFrame:
    """Values emptied in rows that were kept (a date of 2924); empty in the shared artefact."""
    if not reader.has("noted_value"):
        return pd.DataFrame(columns=["file_name", "sheet", "line", "column_name", "value", "reason"])
    return reader.frame(
        "SELECT * FROM noted_value WHERE source_key = $key ORDER BY received_at DESC, file_name, line", key=source_key
    )


def may_see_files(reader: Reader) -> bool:
    """Names of files and rows set aside may tell a laboratory: the shared artefact has none."""
    return reader.has("source_file")
