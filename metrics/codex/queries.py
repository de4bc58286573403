"""Codex beside the public referential: silent stops, gaps, MITM that nobody markets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from data.warehouse import Reader

Lines = Callable[[Reader], pd.DataFrame]


def is_visible(reader: Reader) -> bool:
    """Lines name specialities and laboratories: the shared artefact has the counts alone."""
    return reader.has("codex_speciality")


def check(reader: Reader) -> dict[str, Any] | None:
    """Counts of both bases, or None when no extract was received."""
    return reader.row("SELECT * FROM codex_check")


def silent_stops(reader: Reader) -> pd.DataFrame:
    """Stops without a file, MITM first, then the latest; none in the shared artefact."""
    return _of(reader, "is_silent_stop", "is_mitm DESC, stopped_on DESC, cis")


def gaps(reader: Reader) -> pd.DataFrame:
    """Specialities on which the two bases differ, by kind; none in the shared artefact."""
    return _of(reader, "market_gap IS NOT NULL", "market_gap, is_mitm DESC, denomination, cis")


def mitm_unmarketed(reader: Reader) -> pd.DataFrame:
    """MITM that Codex says stopped or never marketed, those the BDPM still markets first; none in the shared artefact."""
    return _of(reader, "is_mitm_unmarketed", "marketed_presentations DESC, denomination, cis")


def _of(reader: Reader, kept: str, order: str) -> pd.DataFrame:
    if not is_visible(reader):
        return pd.DataFrame()
    return reader.frame(f"SELECT * FROM codex_speciality WHERE {kept} ORDER BY {order}")
