"""Evaluation: the queue of open declarations by score, each point traced, changes, contradictions between versions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data import sqlfiles
from data.warehouse import Reader
from metrics import review


def is_visible(reader: Reader) -> bool:
    """Scores are per declaration of a laboratory: absent from the shared artefact."""
    return reader.has("declaration_score")


def queue(reader: Reader) -> pd.DataFrame:
    """Open declarations, highest score first; at equal scores, the one untouched the longest.

    ``why``: the three heaviest criteria of 2 points and more; ``more_reasons`` counts the others, ``all_reasons`` lists them.
    """
    return reader.frame(
        """
        SELECT
            s.*, c.why, c.all_reasons, COALESCE(c.reasons, 0) - LEAST(COALESCE(c.reasons, 0), 3) AS more_reasons, i.count AS inconsistencies
        FROM declaration_score AS s
        LEFT JOIN (
            SELECT
                declaration_no, COUNT(*) AS reasons,
                STRING_AGG(reason, ' ; ' ORDER BY rank) AS all_reasons,
                STRING_AGG(reason, ' ; ' ORDER BY rank) FILTER (WHERE rank <= 3) AS why
            FROM (
                SELECT
                    declaration_no, title || ' : ' || band_label AS reason,
                    ROW_NUMBER() OVER (PARTITION BY declaration_no ORDER BY points DESC, order_no) AS rank
                FROM declaration_criterion
                WHERE points >= 2
            )
            GROUP BY declaration_no
        ) AS c ON c.declaration_no = s.declaration_no
        LEFT JOIN (
            SELECT declaration_no, COUNT(*) AS count FROM declaration_inconsistency GROUP BY declaration_no
        ) AS i ON i.declaration_no = s.declaration_no
        WHERE s.status = 'ouverte'
        ORDER BY s.points DESC, s.updated_on, s.declaration_no
        """
    )


def levels(reader: Reader) -> list[dict[str, Any]]:
    """Levels of the grid, the lowest first."""
    return reader.rows("SELECT * FROM risk_level ORDER BY level_no")


def criteria(reader: Reader, declaration_no: str) -> pd.DataFrame:
    """The thirteen lines of a score, in the order of the grid."""
    return reader.frame(
        "SELECT * FROM declaration_criterion WHERE declaration_no = $number ORDER BY order_no", number=declaration_no
    )


def typed(reader: Reader) -> list[dict[str, Any]]:
    """Criteria typed by the evaluator as the snapshot counts them, for every declaration."""
    return reader.rows("SELECT declaration_no, criterion, points, is_known FROM declaration_criterion WHERE is_typed")


def bands(reader: Reader, criterion: str) -> list[dict[str, Any]]:
    """Bands of a criterion, the lowest bound first."""
    return reader.rows("SELECT * FROM risk_band WHERE criterion = $criterion ORDER BY at_least", criterion=criterion)


def score(reader: Reader, declaration_no: str) -> dict[str, Any] | None:
    """Score of one declaration, open or closed."""
    return reader.row("SELECT * FROM declaration_score WHERE declaration_no = $number", number=declaration_no)


def inconsistencies(reader: Reader, declaration_no: str | None = None) -> pd.DataFrame:
    """Versions that contradict the one before; of open declarations only when no number is given."""
    return reader.frame(
        """
        SELECT * FROM declaration_inconsistency
        WHERE CASE WHEN $number IS NULL THEN status = 'ouverte' ELSE declaration_no = $number END
        ORDER BY version_on DESC, declaration_no, field
        """,
        number=declaration_no,
    )


def changes(reader: Reader) -> pd.DataFrame:
    """Scores that moved since the reference snapshot; empty without one."""
    if not reader.has_reference:
        return pd.DataFrame(columns=["declaration_no", "points_before", "points", "change", "level_before", "reasons"])
    return reader.frame(sqlfiles.beside(review.__file__, "review_scores"))
