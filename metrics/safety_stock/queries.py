"""Safety stocks: months held against months owed, by presentation and company, by duty, week by week."""

from __future__ import annotations

import pandas as pd

from data.warehouse import Reader


def is_visible(reader: Reader) -> bool:
    """Stocks and sales of one company: absent from the shared artefact."""
    return reader.has("safety_stock")


def lines(reader: Reader) -> pd.DataFrame:
    """Presentations that owe a safety stock, the furthest below their duty first, unknown ones last.

    ``group``: ``dessous``, ``tenu`` (both on a current or estimated reading), ``retard``, ``inconnu`` (no reading, or no sale).
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
            s.months / s.duty_months AS held_share,
            LOWER(strip_accents(
                s.denomination || ' ' || s.presentation_label || ' ' || s.laboratory || ' ' || s.cip13 || ' ' || COALESCE(s.dci, '')
            )) AS search_text
        FROM safety_stock AS s
        ORDER BY held_share NULLS LAST, s.days_under DESC, s.denomination, s.cip13, s.laboratory
        """
    )


def weekly(reader: Reader, laboratory: str) -> pd.DataFrame:
    """Weeks of the presentations of one company over the period, the last one first."""
    return reader.frame(
        """
        SELECT w.*, p.denomination, p.label AS presentation_label
        FROM safety_stock_week AS w
        INNER JOIN presentation AS p ON p.cip13 = w.cip13
        WHERE w.laboratory = $laboratory
        ORDER BY p.denomination, w.cip13, w.week DESC
        """,
        laboratory=laboratory,
    )
