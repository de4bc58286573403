"""Discontinuations: the register crossed with lists and market, one stop and the demand it leaves to the others."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def is_visible(reader: Reader) -> bool:
    """Intentions of one company: absent from the shared artefact."""
    return reader.has("stop_register")


def register(reader: Reader) -> pd.DataFrame:
    """Every stop announced, the next to come first, those that have happened last (the latest of them first)."""
    return reader.frame(
        """
        SELECT * FROM stop_register
        ORDER BY is_effective, CASE WHEN is_effective THEN -days_left ELSE days_left END, stop_no
        """
    )


def one(reader: Reader, stop_no: str) -> dict[str, Any] | None:
    """One stop, or None."""
    return reader.row("SELECT * FROM stop_register WHERE stop_no = $stop_no", stop_no=stop_no)


def transfer(reader: Reader, stop_no: str) -> pd.DataFrame:
    """Presentations that remain, the largest sales first; those without a measurement last."""
    return reader.frame(
        "SELECT * FROM stop_transfer WHERE stop_no = $stop_no ORDER BY daily_boxes DESC NULLS LAST, denomination, cip13",
        stop_no=stop_no,
    )


def of_dci(reader: Reader, dci_key: str) -> list[dict[str, Any]]:
    """Stops of a DCI, the next to come first; none in the shared artefact."""
    if not is_visible(reader):
        return []
    return reader.rows(
        "SELECT * FROM stop_register WHERE dci_key = $dci_key ORDER BY is_effective, stop_on, stop_no", dci_key=dci_key
    )
