"""Préparations magistrales of a subject week by week, and those of a plan beside the sales of the same weeks."""

from __future__ import annotations

import pandas as pd

from data.warehouse import Reader

_COLUMNS = ("subject_id", "week", "preparations", "pharmacies", "recommendation_on", "origin", "figure_state")


def weekly(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Weeks counted, oldest first: a week that is not there is unknown. Empty in a snapshot that has none."""
    if not reader.has("preparation_weekly"):
        return pd.DataFrame(columns=list(_COLUMNS))
    return reader.frame(
        "SELECT * FROM preparation_weekly WHERE subject_id = $subject_id ORDER BY week", subject_id=subject_id
    )


def elsewhere(reader: Reader, subject_id: str) -> list[dict[str, object]]:
    """Other subjects of the same DCI that have preparations: the DCI as a whole, its groups."""
    if not reader.has("preparation_weekly"):
        return []
    return reader.rows(
        """
        SELECT s.subject_id, s.kind, s.label, COUNT(*) AS weeks
        FROM subject AS s
        INNER JOIN subject AS mine ON mine.dci_key = s.dci_key AND mine.subject_id = $subject_id
        INNER JOIN preparation_weekly AS w ON w.subject_id = s.subject_id
        WHERE s.subject_id <> $subject_id
        GROUP BY s.subject_id, s.kind, s.label
        ORDER BY s.kind, s.label
        """,
        subject_id=subject_id,
    )


def of_plan(reader: Reader, plan: str) -> pd.DataFrame:
    """Followed groups of a plan and their DCI that were prepared in the last year: last week, all weeks, last sales known by then."""
    if not reader.has("preparation_weekly"):
        return pd.DataFrame()
    return reader.frame(
        """
        WITH mine AS (
            SELECT group_id AS subject_id, MIN(order_no) AS order_no FROM tracked_group WHERE plan = $plan GROUP BY group_id
            UNION ALL
            SELECT 'dci:' || dci_key AS subject_id, 1000 + MIN(order_no) AS order_no
            FROM tracked_group
            WHERE plan = $plan
            GROUP BY dci_key
        ),
        recent AS (
            SELECT w.*, m.order_no
            FROM preparation_weekly AS w
            INNER JOIN mine AS m ON m.subject_id = w.subject_id
            CROSS JOIN snapshot_info AS i
            WHERE w.week > i.as_of - 364
        ),
        summed AS (
            SELECT
                subject_id, MIN(order_no) AS order_no, COUNT(*) AS weeks, MIN(week) AS first_week, MAX(week) AS last_week,
                SUM(preparations) AS year_preparations
            FROM recent
            GROUP BY subject_id
        ),
        sold AS (
            SELECT o.subject_id, MAX(o.week) AS sales_week, MAX_BY(o.boxes, o.week) AS sales_boxes
            FROM sales_weekly AS o
            INNER JOIN summed AS m ON m.subject_id = o.subject_id AND o.week <= m.last_week
            WHERE o.boxes IS NOT NULL
            GROUP BY o.subject_id
        )
        SELECT
            t.subject_id, s.kind, s.label, t.weeks, t.first_week, t.last_week AS week, t.year_preparations,
            r.preparations, r.pharmacies, r.recommendation_on, r.origin, r.figure_state, r.age_days,
            o.sales_week, o.sales_boxes
        FROM summed AS t
        INNER JOIN recent AS r ON r.subject_id = t.subject_id AND r.week = t.last_week
        INNER JOIN subject AS s ON s.subject_id = t.subject_id
        LEFT JOIN sold AS o ON o.subject_id = t.subject_id
        ORDER BY t.order_no, t.subject_id
        """,
        plan=plan,
    )
