"""Plans: the followed groups of a plan, their links against the bands, their weakest link."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def plan(reader: Reader, plan_id: str) -> dict[str, Any] | None:
    """One plan: title, question, level, season, surveillance; None when it is not configured."""
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


def seasons(reader: Reader, plan_id: str) -> pd.DataFrame:
    """Seasons of a plan that have begun, the last one first."""
    return reader.frame("SELECT * FROM plan_season WHERE plan = $plan ORDER BY season_no", plan=plan_id)


def changes(reader: Reader, plan_id: str, season: str) -> pd.DataFrame:
    """Changes of level of a season, in order."""
    return reader.frame(
        "SELECT * FROM plan_change WHERE plan = $plan AND season = $season ORDER BY change_no",
        plan=plan_id,
        season=season,
    )


def season_links(reader: Reader, plan_id: str, season: str) -> pd.DataFrame:
    """Days of a season by medicine and link of the plan: under the band, acceptable, satisfactory, unknown."""
    return reader.frame(
        """
        SELECT s.*, g.label AS medicine, l.label
        FROM season_link AS s
        INNER JOIN tracked_group AS g ON g.group_id = s.group_id
        INNER JOIN plan_link AS l ON l.plan = s.plan AND l.link = s.link
        WHERE s.plan = $plan AND s.season = $season
        ORDER BY g.order_no, l.order_no
        """,
        plan=plan_id,
        season=season,
    )


def season_weeks(reader: Reader, plan_id: str, season: str) -> pd.DataFrame:
    """Medicines under their band by week and link, beside those without a figure; NULL when none has one."""
    return reader.frame(
        """
        SELECT
            r.link, l.label, r.week, COUNT(*) AS medicines, COUNT(r.status) AS measured,
            CASE WHEN COUNT(r.status) > 0 THEN COUNT(CASE WHEN r.status = 'insatisfaisante' THEN 1 END) END AS low
        FROM season_reading AS r
        INNER JOIN plan_link AS l ON l.plan = r.plan AND l.link = r.link
        WHERE r.plan = $plan AND r.season = $season
        GROUP BY r.link, l.label, l.order_no, r.week
        ORDER BY l.order_no, r.week
        """,
        plan=plan_id,
        season=season,
    )


def season_declarations(reader: Reader, plan_id: str, season: str) -> pd.DataFrame:
    """Declarations of a season by kind and medicine; the whole plan first, without a medicine."""
    return reader.frame(
        """
        SELECT d.*, g.label AS medicine
        FROM season_declaration AS d
        LEFT JOIN tracked_group AS g ON g.group_id = d.group_id
        WHERE d.plan = $plan AND d.season = $season
        ORDER BY d.kind DESC, g.order_no NULLS FIRST
        """,
        plan=plan_id,
        season=season,
    )


def season_measures(reader: Reader, plan_id: str, season: str) -> pd.DataFrame:
    """Measures taken in a season by type, the most frequent first."""
    return reader.frame(
        """
        SELECT * FROM season_measure WHERE plan = $plan AND season = $season
        ORDER BY declarations DESC, measure
        """,
        plan=plan_id,
        season=season,
    )
