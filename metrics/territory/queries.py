"""Territory: where a followed medicine is missing, since when, and whether the tension is local or national."""

from __future__ import annotations

import pandas as pd

from data.warehouse import Reader


def departments(reader: Reader, subject_id: str) -> pd.DataFrame:
    """101 rows: coverage in days, status, state, reliability, alert and trend at the latest measurement."""
    return reader.frame(
        "SELECT * FROM department_status WHERE subject_id = $subject_id ORDER BY department", subject_id=subject_id
    )


def counts(reader: Reader, plan_id: str) -> pd.DataFrame:
    """101 rows: how many followed groups of the plan are insatisfaisants, out of how many measured."""
    return reader.frame("SELECT * FROM department_count WHERE plan = $plan ORDER BY department", plan=plan_id)


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
