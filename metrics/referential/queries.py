"""Referential: find a DCI or a followed group, list the presentations behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def subjects(reader: Reader) -> pd.DataFrame:
    """Subjects a page may be opened on: followed groups first, then DCI by name."""
    return reader.frame(
        """
        SELECT s.*, d.open_declarations
        FROM subject AS s
        LEFT JOIN declaration_summary AS d ON d.dci_key = s.dci_key
        ORDER BY s.kind DESC, s.plan DESC, s.search_text
        """
    )


def subject(reader: Reader, subject_id: str) -> dict[str, Any] | None:
    """One subject with its DCI's counts, or None."""
    return reader.row(
        """
        SELECT s.*, d.specialities, d.presentations, d.mitm_presentations, d.laboratories, d.open_declarations,
            d.public_shortages
        FROM subject AS s
        LEFT JOIN dci AS d ON d.dci_key = s.dci_key
        WHERE s.subject_id = $subject_id
        """,
        subject_id=subject_id,
    )


def siblings(reader: Reader, dci_key: str) -> pd.DataFrame:
    """Followed groups of a DCI."""
    return reader.frame(
        "SELECT * FROM subject WHERE dci_key = $dci_key AND kind = 'groupe' ORDER BY label", dci_key=dci_key
    )


def presentations(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Presentations of a group or of a DCI, from the public referential."""
    return reader.frame(
        """
        SELECT p.*
        FROM presentation AS p
        WHERE 'dci:' || p.dci_key = $subject_id
            OR p.cip13 IN (SELECT g.cip13 FROM group_presentation AS g WHERE g.group_id = $subject_id)
        ORDER BY p.denomination, p.cip13
        """,
        subject_id=subject_id,
    )


def generic_groups(reader: Reader, dci_key: str) -> pd.DataFrame:
    """Generic groups of a DCI; their labels are in the restricted artefact only."""
    return reader.frame(
        "SELECT * FROM generic_group WHERE dci_key = $dci_key ORDER BY generics DESC, generic_group", dci_key=dci_key
    )


def conditions(reader: Reader, dci_key: str) -> pd.DataFrame:
    """Conditions of prescription and dispensing of a DCI, the most frequent first."""
    return reader.frame(
        "SELECT * FROM dispensing_condition WHERE dci_key = $dci_key ORDER BY specialities DESC, condition",
        dci_key=dci_key,
    )


def answers(reader: Reader) -> list[dict[str, Any]]:
    """Everything the search may find, with the state of what it opens; a snapshot older than the search finds nothing."""
    if not reader.has("search_entry"):
        return []
    return reader.rows(
        """
        WITH listed AS (
            SELECT dci_key, cis, status_label, code FROM public_shortage WHERE code <> '4'
        ),
        reduced AS (
            SELECT department, region, SUM(insufficient) AS insufficient, SUM(measured) AS measured
            FROM department_count
            GROUP BY department, region
        ),
        short AS (
            SELECT g.dci_key, COUNT(*) AS groups
            FROM tracked_group AS g
            INNER JOIN link_status AS w ON w.subject_id = g.group_id AND w.weakness_rank = 1
            WHERE w.status = 'insatisfaisante'
            GROUP BY g.dci_key
        )
        SELECT e.*, l.status, l.figure_state, l.coverage_days, l.label AS link_label, d.open_declarations,
            p.insufficient, p.touched, s.groups AS insufficient_groups,
            COALESCE(c.status_label, b.status_label) AS public_status
        FROM search_entry AS e
        LEFT JOIN link_status AS l ON l.subject_id = e.subject_id AND l.weakness_rank = 1
        LEFT JOIN short AS s ON s.dci_key = e.dci_key AND e.kind = 'dci'
        LEFT JOIN declaration_summary AS d ON d.dci_key = e.dci_key AND e.kind = 'dci'
        LEFT JOIN (SELECT dci_key, MIN_BY(status_label, code) AS status_label FROM listed GROUP BY dci_key) AS c
            ON c.dci_key = e.dci_key AND e.kind = 'dci'
        LEFT JOIN (SELECT cis, MIN_BY(status_label, code) AS status_label FROM listed GROUP BY cis) AS b
            ON (e.kind = 'specialite' AND b.cis = e.code) OR (e.kind = 'presentation' AND b.cis = e.other_codes)
        LEFT JOIN (
            SELECT 'departement' AS kind, department AS place, insufficient, NULL AS touched
            FROM reduced WHERE measured > 0
            UNION ALL
            SELECT 'region' AS kind, region AS place, NULL AS insufficient,
                COUNT(CASE WHEN insufficient > 0 THEN 1 END) AS touched
            FROM reduced WHERE measured > 0 GROUP BY region
        ) AS p ON p.kind = e.kind AND p.place = e.asked
        ORDER BY e.order_no, LEN(e.label), e.label, e.asked
        """
    )


def snapshot(reader: Reader) -> dict[str, Any]:
    """Identity of the snapshot: snapshot_id, as_of, built_at, is_demo, is_open."""
    info = reader.row("SELECT * FROM snapshot_info")
    if info is None:
        raise LookupError("Instantané sans identité : relancer « make refresh ».")
    return info
