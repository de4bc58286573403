"""Weak signals on any medicine: hints beside the chain, never a status."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def of_subject(reader: Reader, subject_id: str) -> list[dict[str, Any]]:
    """Signals of a followed group or of a DCI: the nation first, then the territories, the worst served first."""
    return reader.rows(
        """
        SELECT s.*, COALESCE(d.name, r.region_name, s.territory) AS territory_name
        FROM weak_signal AS s
        LEFT JOIN department AS d ON s.level = 'departement' AND d.department = s.territory
        LEFT JOIN (SELECT region, MIN(region_name) AS region_name FROM department GROUP BY region) AS r
            ON s.level = 'region' AND r.region = s.territory
        WHERE s.subject_id = $subject_id
        ORDER BY CASE s.level WHEN 'national' THEN 0 ELSE 1 END, s.source_key, s.presence_pct, s.territory
        """,
        subject_id=subject_id,
    )


def worsened(reader: Reader) -> pd.DataFrame:
    """DCI outside the plans whose national signal worsened beyond its bound and is not late, the most worsened first."""
    return reader.frame(
        """
        SELECT * FROM weak_signal
        WHERE kind = 'dci' AND level = 'national' AND is_outside_plans AND is_worse AND figure_state <> 'en_retard'
        ORDER BY worsening DESC, dci_key, source_key
        """
    )


def presentations(reader: Reader, dci_key: str) -> pd.DataFrame:
    """Signals of each presentation of a DCI; none in the shared artefact."""
    if not reader.has("weak_signal_presentation"):
        return pd.DataFrame()
    return reader.frame(
        """
        SELECT * FROM weak_signal_presentation
        WHERE dci_key = $dci_key
        ORDER BY source_key, level, territory, presence_pct, coverage_days, cip13
        """,
        dci_key=dci_key,
    )
