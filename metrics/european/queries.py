"""Declarations to the European platform, and what TrustMed says of the same specialities."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def is_visible(reader: Reader) -> bool:
    """A declaration names a speciality, hence its holder: the shared artefact only counts them."""
    return reader.has("european_declaration")


def opened(reader: Reader) -> pd.DataFrame:
    """Open declarations, those that TrustMed lacks first, then the most recently updated; none in the shared artefact."""
    if not is_visible(reader):
        return pd.DataFrame()
    return reader.frame(
        """
        SELECT * FROM european_declaration
        WHERE status = 'ouverte'
        ORDER BY
            CASE trustmed_presence WHEN 'absente' THEN 0 WHEN 'close' THEN 1 WHEN 'inconnue' THEN 2 ELSE 3 END,
            updated_on DESC, esmp_no
        """
    )


def of_dci(reader: Reader, dci_key: str) -> list[dict[str, Any]]:
    """Declarations of a DCI, open ones first, the most recently updated first; none in the shared artefact."""
    if not is_visible(reader):
        return []
    return reader.rows(
        """
        SELECT * FROM european_declaration
        WHERE dci_key = $dci_key
        ORDER BY status DESC, updated_on DESC, esmp_no
        """,
        dci_key=dci_key,
    )


def of_speciality(reader: Reader, cis: str | None) -> list[dict[str, Any]]:
    """Open declarations of a speciality, the most recently updated first; none in the shared artefact."""
    if not is_visible(reader):
        return []
    return reader.rows(
        """
        SELECT * FROM european_declaration
        WHERE cis = $cis AND status = 'ouverte'
        ORDER BY updated_on DESC, esmp_no
        """,
        cis=cis,
    )


def by_dci(reader: Reader) -> list[dict[str, Any]]:
    """Open declarations by DCI, without specialities, those that TrustMed lacks first."""
    return reader.rows("SELECT * FROM european_dci ORDER BY absent_here DESC, european_declarations DESC, dci_key")


def one_dci(reader: Reader, dci_key: str) -> dict[str, Any] | None:
    """Counts and other States of a DCI, or None."""
    return reader.row("SELECT * FROM european_dci WHERE dci_key = $dci_key", dci_key=dci_key)
