"""Declared risk across declarations: DCI that tip over, now and in the public years; promised dates; measures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def is_visible(reader: Reader) -> bool:
    """Built on declarations of laboratories: absent from the shared artefact."""
    return reader.has("reminder")


def tipping(reader: Reader) -> pd.DataFrame:
    """DCI × circuit under open declaration; those that tip first, then the largest uncovered need."""
    return reader.frame(
        """
        SELECT * FROM tipping
        ORDER BY is_tipping DESC, may_tip DESC, uncovered_pct DESC NULLS LAST, dci_key, circuit
        """
    )


def declared_share(reader: Reader, subject_id: str, family: str = "ventes") -> dict[str, Any] | None:
    """Share of a subject under open declaration computed on sales, or None; absent from the shared artefact."""
    if not reader.has("declared_share"):
        return None
    return reader.row(
        "SELECT * FROM declared_share WHERE subject_id = $subject_id AND family = $family",
        subject_id=subject_id,
        family=family,
    )


def declared_shares(reader: Reader, dci_key: str, circuit: str) -> pd.DataFrame:
    """Open declarations of one DCI and circuit, the largest share first; ``is_counted``: the one its presentation counts for."""
    return reader.frame(
        """
        SELECT
            *, ROW_NUMBER() OVER (PARTITION BY cip13 ORDER BY share_pct DESC NULLS LAST, declaration_no) = 1 AS is_counted
        FROM (
            SELECT
                declaration_no, cip13, denomination, presentation_label, laboratory, kind, updated_on,
                CASE $circuit WHEN 'ville' THEN share_town_pct ELSE share_hospital_pct END AS share_pct
            FROM declaration
            WHERE status = 'ouverte' AND dci_key = $dci_key AND list_contains(circuits, $circuit)
        ) AS opened
        ORDER BY share_pct DESC NULLS LAST, declaration_no
        """,
        dci_key=dci_key,
        circuit=circuit,
    )


def crossings(reader: Reader, window_days: int | None = None) -> pd.DataFrame:
    """How often the public declarations of a DCI crossed each bound; every supposed duration when none is given."""
    return reader.frame(
        "SELECT * FROM tipping_crossing WHERE $days IS NULL OR window_days = $days ORDER BY window_days, bound_pct",
        days=window_days,
    )


def crossed(reader: Reader, window_days: int, bound_pct: float) -> pd.DataFrame:
    """DCI whose several declared specialities crossed a bound, those over it the longest first."""
    return reader.frame(
        """
        SELECT
            dci_key, dci, COUNT(*) AS months, MIN(month) AS first_month, MAX(month) AS last_month,
            MAX(share_pct) AS largest_pct, MAX(declared_specialities) AS declared_specialities,
            MAX(specialities) AS specialities
        FROM tipping_history
        WHERE window_days = $days AND share_pct >= $bound AND declared_specialities > 1
        GROUP BY dci_key, dci
        ORDER BY months DESC, largest_pct DESC, dci_key
        """,
        days=window_days,
        bound=bound_pct,
    )


def crossing_months(reader: Reader) -> pd.DataFrame:
    """First and last month of the public declarations, one row; NULL without any."""
    return reader.frame("SELECT MIN(month) AS first_month, MAX(month) AS last_month FROM tipping_history")


def reminders(reader: Reader) -> pd.DataFrame:
    """Promised dates to remind or to ask about: the next ones first, then the most recently passed."""
    return reader.frame(
        """
        SELECT * FROM reminder
        ORDER BY days_left < 0, CASE WHEN days_left < 0 THEN -days_left ELSE days_left END, declaration_no, promise, supply_no
        """
    )


def records(reader: Reader, scope: str) -> pd.DataFrame:
    """How promises were kept, by ``laboratoire`` or by ``dci``; the most postponed first."""
    return reader.frame(
        """
        SELECT * FROM promise_record
        WHERE scope = $scope AND (postponed + advanced + additional + due) > 0
        ORDER BY postponed DESC, median_slip_days DESC NULLS LAST, name
        """,
        scope=scope,
    )


def measures(reader: Reader) -> pd.DataFrame:
    """Register of the measures, those in force first, the most recent start first."""
    return reader.frame(
        "SELECT * FROM measure ORDER BY is_in_force DESC, start_on DESC NULLS LAST, declaration_no, measure"
    )
