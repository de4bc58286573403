"""Sources: deliveries, their age, quarantined rows and their reasons."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def states(reader: Reader) -> pd.DataFrame:
    """One row per source: rows in, loaded, quarantined, ignored; last reception, age in days, state, known limits.

    Of an open snapshot the open sources only: nobody misses the others there.
    """
    info = reader.row("SELECT * FROM snapshot_info") or {}
    kept = "WHERE tier = 'O'" if info.get("is_open") else ""
    return reader.frame(f"SELECT * FROM source_state {kept} ORDER BY order_no")


def received(reader: Reader) -> list[dict[str, Any]]:
    """Sources that sent something, with their last day: those that an exported file cites."""
    return reader.rows(
        "SELECT source_key, title, producer, state, last_period_on, last_received_at FROM source_state "
        "WHERE files > 0 ORDER BY order_no"
    )


def reporting(reader: Reader) -> dict[str, Any]:
    """Day of the last file that gave an alert or a signal, by source of the field: stocks alone are none.

    A snapshot published before it was known gives none.
    """
    found = {row["source_key"]: row.get("reports_received_at") for row in reader.rows("SELECT * FROM source_state")}
    return {key: day for key, day in found.items() if day is not None}


def late(reader: Reader) -> pd.DataFrame:
    """Sources beyond their rhythm, the oldest first."""
    return reader.frame("SELECT * FROM source_state WHERE state = 'en_retard' ORDER BY age_days DESC, source_key")


def figure_states(reader: Reader) -> pd.DataFrame:
    """State of each indicator by the sources it uses: figure_state, reason, last period, age in days."""
    return reader.frame("SELECT * FROM figure_state ORDER BY indicator, source_key")


def files(reader: Reader, source_key: str) -> pd.DataFrame:
    """Files received from a source, the newest first; empty in the shared artefact (names may reveal a laboratory)."""
    if not reader.has("source_file"):
        return pd.DataFrame(columns=["file_name", "received_at", "status", "message"])
    return reader.frame(
        "SELECT * FROM source_file WHERE source_key = $key ORDER BY received_at DESC, file_name", key=source_key
    )


def sheets(reader: Reader, source_key: str) -> pd.DataFrame:
    """The same files, one row per sheet with its own account; a refused file has one row and no sheet.

    A snapshot published before sheets were counted gives its files.
    """
    if not reader.has("source_sheet"):
        return files(reader, source_key).assign(sheet=None)
    return reader.frame(
        """
        SELECT
            f.file_name, f.received_at, s.sheet, COALESCE(s.rows_in, f.rows_in) AS rows_in,
            COALESCE(s.rows_loaded, f.rows_loaded) AS rows_loaded,
            COALESCE(s.rows_quarantined, f.rows_quarantined) AS rows_quarantined,
            COALESCE(s.rows_to_confirm, f.rows_to_confirm) AS rows_to_confirm,
            COALESCE(s.rows_without_effect, f.rows_without_effect) AS rows_without_effect,
            COALESCE(s.rows_ignored, f.rows_ignored) AS rows_ignored, s.layout, f.status, f.message
        FROM source_file AS f
        LEFT JOIN source_sheet AS s ON s.load_id = f.load_id
        WHERE f.source_key = $key
        ORDER BY f.received_at DESC, f.file_name, f.load_id, s.sheet
        """,
        key=source_key,
    )


def senders(reader: Reader, source_key: str) -> pd.DataFrame:
    """Rhythm of each sender of a source of stocks, the late ones first; empty in the shared artefact."""
    if not reader.has("source_sender"):
        return pd.DataFrame(columns=["sender", "rhythm", "readings", "last_week", "due_on", "state"])
    return reader.frame(
        "SELECT * FROM source_sender WHERE source_key = $key ORDER BY state DESC, last_week, sender", key=source_key
    )


def members_reference(reader: Reader, source_key: str) -> pd.DataFrame:
    """Sales of all members received with a source, and the plans that use them; no row without any."""
    if not reader.has("source_reference"):
        return pd.DataFrame(columns=["presentations", "plans", "from_on", "until_on"])
    return reader.frame("SELECT * FROM source_reference WHERE source_key = $key", key=source_key)


def quarantine(reader: Reader, source_key: str) -> pd.DataFrame:
    """Quarantined rows: file, sheet, line, column, value, reason, state of the correction; empty in the shared artefact."""
    if not reader.has("quarantine"):
        return pd.DataFrame(columns=["file_name", "sheet", "line", "column_name", "value", "reason", "state"])
    return reader.frame(
        "SELECT * FROM quarantine WHERE source_key = $key ORDER BY received_at DESC, file_name, sheet, line",
        key=source_key,
    )


def waiting(reader: Reader, source_key: str) -> list[dict[str, Any]]:
    """Quarantined rows not corrected yet, with their whole line, in the order of their file."""
    if not reader.has("quarantine"):
        return []
    return reader.rows(
        "SELECT * FROM quarantine WHERE source_key = $key AND state = 'à corriger' "
        "ORDER BY received_at DESC, file_name, load_id, sheet, line",
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
    """File names and quarantined rows may reveal a laboratory: the shared artefact has none."""
    return reader.has("source_file")


def doubtful(reader: Reader) -> pd.DataFrame:
    """Doubtful rows: waiting (first), accepted or replaced; empty in the shared artefact."""
    if not reader.has("doubtful_row"):
        return pd.DataFrame(columns=["row_ref", "source_key", "state"])
    return reader.frame(
        """
        SELECT * FROM doubtful_row
        ORDER BY state <> 'à confirmer', received_at DESC, file_name, lake_table, reporter, week, line
        """
    )


def name_questions(reader: Reader) -> pd.DataFrame:
    """Names that may be one: to answer (first), then answered; empty in the shared artefact."""
    if not reader.has("name_question"):
        return pd.DataFrame(columns=["kind", "key", "other_key", "state"])
    return reader.frame("SELECT * FROM name_question ORDER BY state <> 'à répondre', kind, name, other_name")


def unmatched(reader: Reader, source_key: str) -> pd.DataFrame:
    """Keys that name nothing known, by file, with the likely one; empty in the shared artefact."""
    if not reader.has("unmatched_key"):
        return pd.DataFrame(columns=["file_name", "key", "rows"])
    return reader.frame(
        "SELECT * FROM unmatched_key WHERE source_key = $key ORDER BY received_at DESC, file_name, table_name, line",
        key=source_key,
    )


def disagreements(reader: Reader, source_key: str) -> pd.DataFrame:
    """Values reported differently by two files, one of this source: kept, replaced, by which files; none if shared."""
    if not reader.has("file_disagreement"):
        return pd.DataFrame(columns=["value_kept", "value_replaced"])
    return reader.frame(
        """
        SELECT * FROM file_disagreement WHERE $key IN (source_key, source_replaced)
        ORDER BY week DESC, reporter, label, column_name
        """,
        key=source_key,
    )


def sender_names(reader: Reader) -> pd.DataFrame:
    """Every spelling of a participant and its name in force; empty in the shared artefact."""
    if not reader.has("identity"):
        return pd.DataFrame(columns=["kind", "spelling", "name"])
    return reader.frame("SELECT kind, spelling, name FROM identity ORDER BY kind, spelling")


def left_out(reader: Reader) -> pd.DataFrame:
    """Presentations missing from a file that came, by sender; empty in the shared artefact."""
    if not reader.has("left_out_presentation"):
        return pd.DataFrame(columns=["source_key", "link", "reporter", "cip13", "label", "last_week", "state"])
    return reader.frame("SELECT * FROM left_out_presentation ORDER BY link, reporter, label, cip13")
