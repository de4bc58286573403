"""Territory: where a followed medicine is missing, since when, and whether the tension is local or national."""

from __future__ import annotations

import pandas as pd

from data.warehouse import Reader

# Of the followed groups of a plan, the days of the least covered in each department.
_LOWEST = """
    SELECT s.department, MIN(s.coverage_days) AS lowest_days
    FROM department_status AS s
    INNER JOIN tracked_group AS g ON g.group_id = s.subject_id
    WHERE g.plan = $plan
    GROUP BY s.department
"""


def departments(reader: Reader, subject_id: str) -> pd.DataFrame:
    """101 rows: coverage in days, status, state, reliability, alert and trend at the latest measurement."""
    return reader.frame(
        "SELECT * FROM department_status WHERE subject_id = $subject_id ORDER BY department", subject_id=subject_id
    )


def counts(reader: Reader, plan_id: str) -> pd.DataFrame:
    """101 rows: how many followed groups of the plan are insatisfaisants, out of how many measured, the lowest in days."""
    return reader.frame(
        f"""
        SELECT c.*, d.lowest_days
        FROM department_count AS c
        LEFT JOIN ({_LOWEST}) AS d ON d.department = c.department
        WHERE c.plan = $plan
        ORDER BY c.department
        """,
        plan=plan_id,
    )


def region_statuses(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Regions of one group: departments insatisfaisants out of those measured, and the region's own coverage that week."""
    return reader.frame(
        """
        SELECT
            s.region, MIN(s.region_name) AS region_name, MIN(r.coverage_days) AS coverage_days,
            MIN(r.status) AS status, COALESCE(MIN(r.figure_state), 'absent') AS figure_state,
            COUNT(CASE WHEN s.is_measured THEN 1 END) AS measured,
            COUNT(CASE WHEN s.status = 'insatisfaisante' THEN 1 END) AS insufficient
        FROM department_status AS s
        LEFT JOIN region_coverage AS r
            ON r.subject_id = s.subject_id AND r.region = s.region
            AND r.week = (SELECT MAX(week) FROM region_coverage WHERE subject_id = $subject_id)
        WHERE s.subject_id = $subject_id
        GROUP BY s.region
        ORDER BY s.region
        """,
        subject_id=subject_id,
    )


def region_medicines(reader: Reader, plan_id: str, region: str) -> pd.DataFrame:
    """Followed groups of a plan in one region at the last week of the panel, gravest first."""
    return reader.frame(
        """
        SELECT r.subject_id, g.label, r.status, r.figure_state, r.coverage_days, r.week
        FROM region_coverage AS r
        INNER JOIN tracked_group AS g ON g.group_id = r.subject_id
        WHERE g.plan = $plan AND r.region = $region AND r.week = (SELECT MAX(week) FROM region_coverage)
        ORDER BY r.coverage_days IS NULL, r.coverage_days, g.order_no
        """,
        plan=plan_id,
        region=region,
    )


def region_counts(reader: Reader, plan_id: str) -> pd.DataFrame:
    """Regions of a plan: departments where a followed group is insatisfaisant out of those measured, the lowest in days."""
    return reader.frame(
        f"""
        SELECT
            c.region, MIN(c.region_name) AS region_name, MIN(d.lowest_days) AS lowest_days,
            MAX(c.insufficient) AS most,
            COUNT(CASE WHEN c.measured > 0 THEN 1 END) AS measured,
            COUNT(CASE WHEN c.insufficient > 0 THEN 1 END) AS insufficient
        FROM department_count AS c
        LEFT JOIN ({_LOWEST}) AS d ON d.department = c.department
        WHERE c.plan = $plan
        GROUP BY c.region
        ORDER BY c.region
        """,
        plan=plan_id,
    )


def medicines(reader: Reader, department: str) -> pd.DataFrame:
    """Followed groups in one department, gravest first."""
    return reader.frame(
        """
        SELECT s.*, g.plan, g.label, g.order_no, p.tension
        FROM department_status AS s
        INNER JOIN tracked_group AS g ON g.group_id = s.subject_id
        INNER JOIN plan_status AS p ON p.group_id = g.group_id AND p.plan = g.plan
        WHERE s.department = $department
        ORDER BY s.coverage_days IS NULL, s.coverage_days, g.plan DESC, g.order_no
        """,
        department=department,
    )


def history(reader: Reader, subject_id: str, department: str) -> pd.DataFrame:
    """Weeks of one group in one department: coverage in days, distribution of pharmacies in %."""
    return reader.frame(
        """
        SELECT * FROM department_coverage
        WHERE subject_id = $subject_id AND department = $department
        ORDER BY week
        """,
        subject_id=subject_id,
        department=department,
    )


def national(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Weeks of the same group for the whole country (pharmacies), to read a department against."""
    return reader.frame(
        """
        SELECT week, coverage_days, status FROM coverage_weekly
        WHERE subject_id = $subject_id AND link = 'officines'
        ORDER BY week
        """,
        subject_id=subject_id,
    )


def regions(reader: Reader) -> pd.DataFrame:
    """Regions by name: region (INSEE code), region_name, departments."""
    return reader.frame(
        """
        SELECT region, MIN(region_name) AS region_name, COUNT(*) AS departments
        FROM department GROUP BY region ORDER BY strip_accents(MIN(region_name))
        """
    )


def places(reader: Reader) -> pd.DataFrame:
    """The 101 departments by code: department, name, region (INSEE code), region_name."""
    return reader.frame("SELECT department, name, region, region_name FROM department ORDER BY department")
