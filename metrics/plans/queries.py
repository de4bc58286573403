"""Plans: the followed groups of a plan, their links against the bands, their weakest link."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def plan(reader: Reader, plan_id: str) -> dict[str, Any] | None:
    """One plan: title, question, level, season, pressure; None when it is not configured."""
    return reader.row("SELECT * FROM plan WHERE plan = $plan", plan=plan_id)


def plans(reader: Reader) -> pd.DataFrame:
    """Plans in the order of the menu."""
    return reader.frame("SELECT * FROM plan ORDER BY order_no, plan")


def groups(reader: Reader, plan_id: str) -> pd.DataFrame:
    """One row per followed group, gravest first: weakest link, tension class, departments, open declarations."""
    return reader.frame(
        """
        SELECT *
        FROM plan_status
        WHERE plan = $plan
        ORDER BY
            CASE weakest_status WHEN 'insatisfaisante' THEN 0 WHEN 'acceptable' THEN 1 WHEN 'satisfaisante' THEN 2 ELSE 3 END,
            order_no
        """,
        plan=plan_id,
    )


def links(reader: Reader, plan_id: str) -> pd.DataFrame:
    """One row per group and link of the plan: status, coverage in days, state, 8-week spark, bands."""
    return reader.frame(
        """
        SELECT l.*
        FROM link_status AS l
        INNER JOIN tracked_group AS g ON g.group_id = l.subject_id
        WHERE g.plan = $plan
        ORDER BY g.order_no, l.order_no
        """,
        plan=plan_id,
    )


def bands(reader: Reader, plan_id: str) -> pd.DataFrame:
    """Bands of the plan's links in days, with their origin and the mark *à valider*."""
    return reader.frame("SELECT * FROM plan_link WHERE plan = $plan ORDER BY order_no", plan=plan_id)


def candidates(reader: Reader, plan_id: str) -> pd.DataFrame:
    """What each group takes in the referential and nearly takes; empty in the shared artefact, where names are left out."""
    if not reader.has("group_candidate"):
        return pd.DataFrame()
    return reader.frame(
        """
        SELECT *, CASE WHEN is_taken THEN 'Prise' ELSE 'Laissée' END AS outcome
        FROM group_candidate
        WHERE plan = $plan
        ORDER BY order_no, is_taken DESC, reason, denomination, cis
        """,
        plan=plan_id,
    )
