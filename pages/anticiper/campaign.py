"""A campaign of checks: one workbook per company, because what is sent to one must not show the others."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from connectors.language.folding import slug
from pages.anticiper import safety_words as words
from pages.components import tables
from pages.components.exports.stamp import current

MIME = "application/zip"
ANSWERS = ("Explication du laboratoire", "Retour au seuil prévu le")
_DATED = (1980, 1, 1, 0, 0, 0)  # the same rows give the same bytes


def archive(table: pd.DataFrame, detail: pd.DataFrame, context: Mapping[str, str]) -> bytes:
    """Bytes of a ZIP: for each company its rows, two empty columns for its answer, its boxes, and the notice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, mine in parts(table).items():
            laboratory = str(mine["laboratory"].iloc[0])
            boxes = tables.select(detail[detail["laboratory"] == laboratory], words.BOXES)
            sheets = {"Écarts": _asked(mine), "Présentations": boxes}
            book = tables.to_book(sheets, {**context, "Laboratoire": laboratory})
            packed.writestr(zipfile.ZipInfo(current().file_name(name), _DATED), book)
    return out.getvalue()


def parts(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of each company by the name of its file; two companies whose names only differ by a sign keep two files."""
    found: dict[str, pd.DataFrame] = {}
    taken = Counter[str]()
    for laboratory, mine in table.groupby("laboratory", sort=True):
        stem = slug(str(laboratory)) or "laboratoire"
        taken[stem] += 1
        found[f"{stem}_{taken[stem]}.xlsx" if taken[stem] > 1 else f"{stem}.xlsx"] = mine
    return found


def _asked(mine: pd.DataFrame) -> pd.DataFrame:
    return tables.select(words.labelled(mine), words.TWIN).assign(**dict.fromkeys(ANSWERS))
