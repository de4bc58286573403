"""Safety stocks: months held against months owed, by speciality and company, by duty, week by week."""

from __future__ import annotations

import pandas as pd

from data.warehouse import Reader


def is_visible(reader: Reader) -> bool:
    """Stocks and sales of one company: absent from the shared artefact."""
    return reader.has("safety_stock")


def lines(reader: Reader) -> pd.DataFrame:
    """Specialities that owe a safety stock, the furthest below their duty first, unknown ones last.

    ``group``: ``dessous``, ``tenu`` (both on a current or estimated reading), ``retard``, ``inconnu`` (not computable).
    """
    return reader.frame(
        """
        SELECT
            s.*,
            CASE
                WHEN s.figure_state = 'en_retard' THEN 'retard'
                WHEN s.months IS NULL THEN 'inconnu'
                WHEN s.is_under THEN 'dessous'
                ELSE 'tenu'
            END AS "group",
            s.months / s.duty_months AS held_share, s.back_nos IS NOT NULL AS is_back,
            LOWER(strip_accents(
                s.denomination || ' ' || s.laboratory || ' ' || s.cis || ' ' || COALESCE(s.dci, '') || ' '
                || COALESCE(s.declaration_nos, '') || ' ' || b.codes
            )) AS search_text
        FROM safety_stock AS s
        INNER JOIN (
            SELECT cis, STRING_AGG(cip13 || ' ' || label, ' ') AS codes FROM presentation GROUP BY cis
        ) AS b ON b.cis = s.cis
        ORDER BY held_share NULLS LAST, s.days_under DESC, s.denomination, s.cis, s.laboratory
        """
    )


def boxes(reader: Reader) -> pd.DataFrame:
    """Presentations behind each line, in the last week computed: what they hold, and units per box."""
    return reader.frame(
        """
        SELECT
            w.cis, w.cip13, p.denomination, p.label AS presentation_label, w.laboratory, z.units, z.unit_word,
            z.origin AS size_origin, z.size_reason, z.size_author, w.week + 6 AS measured_on, w.stock_boxes,
            w.monthly_boxes, w.months, w.reference_origin, w.is_expected, w.figure_state
        FROM safety_box_week AS w
        INNER JOIN (SELECT MAX(week) AS week FROM safety_box_week) AS n ON n.week = w.week
        INNER JOIN presentation AS p ON p.cip13 = w.cip13
        INNER JOIN presentation_size AS z ON z.cip13 = w.cip13
        ORDER BY p.denomination, w.cis, w.laboratory, w.cip13
        """
    )


def weekly(reader: Reader, laboratory: str) -> pd.DataFrame:
    """Weeks of the specialities of one company over the period, the last one first."""
    return reader.frame(
        """
        SELECT w.*, s.denomination
        FROM safety_stock_week AS w
        INNER JOIN speciality AS s ON s.cis = w.cis
        WHERE w.laboratory = $laboratory
        ORDER BY s.denomination, w.cis, w.week DESC
        """,
        laboratory=laboratory,
    )
