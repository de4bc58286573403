"""Coverage of a subject (followed group or DCI) by link of the chain, its sales, supplies and market shares."""

from __future__ import annotations

import pandas as pd

from data.warehouse import Reader


def weekly(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Weeks of each link: stock in boxes, both denominators, coverage in days, status, state."""
    return reader.frame(
        "SELECT * FROM coverage_weekly WHERE subject_id = $subject_id ORDER BY link, week", subject_id=subject_id
    )


def links(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Where each link stands today, with its bands in days."""
    return reader.frame(
        "SELECT * FROM link_status WHERE subject_id = $subject_id ORDER BY order_no", subject_id=subject_id
    )


def sales(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Boxes dispensed by week, beside those of the same week of last season."""
    return reader.frame(
        "SELECT * FROM sales_weekly WHERE subject_id = $subject_id ORDER BY week", subject_id=subject_id
    )


def supplies(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Supplies announced, in boxes by date, laboratory and origin; empty in the shared artefact."""
    if not reader.has("planned_supply"):
        return pd.DataFrame(columns=["subject_id", "planned_on", "boxes", "laboratory", "origin"])
    return reader.frame(
        "SELECT * FROM planned_supply WHERE subject_id = $subject_id ORDER BY planned_on", subject_id=subject_id
    )


def market_shares(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Share of each laboratory in % of boxes over 12 months; empty in the shared artefact."""
    if not reader.has("market_share"):
        return pd.DataFrame(columns=["subject_id", "laboratory", "boxes", "share_pct", "declared_share_pct"])
    return reader.frame(
        "SELECT * FROM market_share WHERE subject_id = $subject_id ORDER BY share_pct DESC", subject_id=subject_id
    )


def hospital_departments(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Hospital pharmacies by department in the last week, the shortest coverage first; empty in an open snapshot."""
    if not reader.has("pui_department"):
        return pd.DataFrame(columns=["subject_id", "department", "coverage_days", "status"])
    return reader.frame(
        "SELECT * FROM pui_department WHERE subject_id = $subject_id ORDER BY coverage_days NULLS LAST, department",
        subject_id=subject_id,
    )


def circuit_shares(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Share of each laboratory in town and at hospital, in the best source; empty in the shared artefact."""
    if not reader.has("circuit_share"):
        return pd.DataFrame(columns=["subject_id", "circuit", "laboratory", "source_key", "share_pct"])
    return reader.frame(
        "SELECT * FROM circuit_share WHERE subject_id = $subject_id ORDER BY circuit DESC, share_pct DESC, laboratory",
        subject_id=subject_id,
    )


def prescribed(reader: Reader, subject_id: str) -> list[dict[str, object]]:
    """Boxes on prescription over the last weeks and the last year, the shorter period first; none in the shared artefact."""
    if not reader.has("dispensed_prescribed"):
        return []
    return reader.rows(
        "SELECT * FROM dispensed_prescribed WHERE subject_id = $subject_id ORDER BY weeks", subject_id=subject_id
    )


def dispensed_detail(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Boxes dispensed by age, sex and origin over the last year; empty in the shared artefact."""
    if not reader.has("dispensed_detail"):
        return pd.DataFrame(columns=["subject_id", "dimension", "class", "boxes", "whole_boxes", "share_pct"])
    return reader.frame(
        "SELECT * FROM dispensed_detail WHERE subject_id = $subject_id ORDER BY dimension, class", subject_id=subject_id
    )
