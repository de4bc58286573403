"""Management plans: every speciality that owes one, and the plan of one speciality."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def is_visible(reader: Reader) -> bool:
    """A plan is a laboratory's secret: none of it is in the shared artefact."""
    return reader.has("management_plan")


def plans(reader: Reader) -> pd.DataFrame:
    """Specialities that owe a plan or gave one: those without first, then the poorest; ``search_text``."""
    return reader.frame(
        """
        SELECT
            p.*, LOWER(strip_accents(
                COALESCE(p.denomination, '') || ' ' || COALESCE(p.laboratory, '') || ' ' || p.cis || ' '
                || COALESCE(p.dci, '') || ' ' || COALESCE(p.declaration_nos, '')
            )) AS search_text
        FROM management_plan AS p
        ORDER BY
            CASE p.plan_state WHEN 'aucun' THEN 0 WHEN 'ancien' THEN 1 WHEN 'illisible' THEN 2 WHEN 'insuffisant' THEN 3
                WHEN 'non_lu' THEN 4 ELSE 5 END,
            p.open_declarations DESC, p.denomination, p.cis
        """
    )


def of_speciality(reader: Reader, cis: str | None) -> dict[str, Any] | None:
    """The plan of a speciality, or None: not due and not received, or not to be seen."""
    if not is_visible(reader):
        return None
    return reader.row("SELECT * FROM management_plan WHERE cis = $cis", cis=cis)
