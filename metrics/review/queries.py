"""Review: what changed between a reference snapshot and the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from data import sqlfiles
from data.warehouse import Reader


@dataclass(frozen=True)
class Review:
    """Movements by kind; each table is sorted gravest first, empty when nothing moved or the role may not see it."""

    status: pd.DataFrame
    declarations: pd.DataFrame
    promises: pd.DataFrame
    departments: pd.DataFrame
    public: pd.DataFrame
    summary: pd.DataFrame
    tipping: pd.DataFrame


def review(reader: Reader) -> Review:
    """Compare the snapshot with its reference; a reader without reference gives empty tables."""
    if not reader.has_reference:
        return Review(*(pd.DataFrame() for _ in range(7)))
    may_see = reader.has("declaration")
    return Review(
        status=_run(reader, "review_status"),
        declarations=_run(reader, "review_declarations") if may_see else pd.DataFrame(),
        promises=_run(reader, "review_promises") if may_see else pd.DataFrame(),
        departments=_run(reader, "review_departments"),
        public=_run(reader, "review_public"),
        summary=_run(reader, "review_summary"),
        tipping=_run(reader, "review_tipping") if may_see else pd.DataFrame(),
    )


def last_public_events(reader: Reader) -> pd.DataFrame:
    """Differences between the last two photographs of the public list, whatever the reference."""
    return reader.frame(
        """
        SELECT e.*, d.dci
        FROM public_shortage_event AS e
        LEFT JOIN dci AS d ON d.dci_key = e.dci_key
        WHERE e.photograph_no = (SELECT MAX(photograph_no) FROM public_shortage_event)
        ORDER BY e.event, e.denomination
        """
    )


def followed(reader: Reader) -> pd.DataFrame:
    """Followed groups with their weakest link, for the sentence of the day."""
    return reader.frame(
        """
        SELECT s.*, p.title, p.in_season
        FROM plan_status AS s
        INNER JOIN plan AS p ON p.plan = s.plan
        ORDER BY p.in_season DESC, p.order_no, s.order_no
        """
    )


def last_week(reader: Reader) -> date | None:
    """Week of the last measurement that a snapshot holds of the links of the chain."""
    row = reader.row("SELECT MAX(week) AS week FROM link_status WHERE status IS NOT NULL")
    return row["week"] if row else None


def _run(reader: Reader, name: str) -> pd.DataFrame:
    return reader.frame(sqlfiles.beside(__file__, name))
