"""Methods: what each indicator measures and how, as written at the head of its query."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from data import sqlfiles
from data.sqlfiles import SqlFile
from data.warehouse import Reader


@cache
def methods() -> dict[str, SqlFile]:
    """Indicators by name."""
    return {file.name: file for file in sqlfiles.folder(Path(__file__).parent)}


def thresholds(reader: Reader) -> pd.DataFrame:
    """Named thresholds: name, label, value, unit, origin, to_validate."""
    return reader.frame("SELECT * FROM threshold ORDER BY to_validate, name")
