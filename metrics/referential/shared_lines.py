"""Lines by DCI of the shared artefact, for readers who may not see laboratories: measures, stops, ranking."""

from __future__ import annotations

import pandas as pd

from data.warehouse import Reader

IN_FORCE = "en vigueur"


def measures(reader: Reader) -> pd.DataFrame:
    """DCI × type × phase, those in force first; empty when the artefact has no such table."""
    return _read(reader, "dci_measure", "phase = 'en vigueur' DESC, phase, declarations DESC, dci, measure")


def stops(reader: Reader) -> pd.DataFrame:
    """DCI with announced stops, the nearest to come first."""
    return _read(reader, "dci_stop", "is_effective, first_month, dci")


def ranking(reader: Reader) -> pd.DataFrame:
    """DCI of every list by their place."""
    return _read(reader, "dci_rank", "list, place, dci")


def _read(reader: Reader, table: str, order: str) -> pd.DataFrame:
    return reader.frame(f"SELECT * FROM {table} ORDER BY {order}") if reader.has(table) else pd.DataFrame()
