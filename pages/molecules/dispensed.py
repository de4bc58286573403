"""Who is dispensed the subject: on prescription or not, by age, sex and origin, each share with its denominator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.coverage import queries as coverage
from pages.components import format as fr
from pages.components import states, tables
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules.view import View

DIMENSIONS = {"age": "Âge", "sex": "Sexe", "origin": "Origine"}
_TWIN = {"dimension_label": "Dimension", "class": "Classe", "boxes": "Boîtes", "whole_boxes": "Boîtes détaillées",
         "share_pct": "Part des boîtes détaillées (%)", "first_week": "Depuis la semaine du", "through_on": "Jusqu'au"}  # fmt: skip


@block
def prescribed(subject_id: str) -> Markup:
    """The shares of the last weeks and of the year, then the classes; nothing where the source tells neither."""
    shares = session.load(coverage.prescribed, subject_id)
    rows = figures.records(session.load(coverage.dispensed_detail, subject_id))
    if not shares and not rows:
        return Markup()
    return render(
        "molecules/dispensed",
        shares=shares,
        dimensions=[found for name in DIMENSIONS if (found := dimension(name, rows))],
        state=states.of("dispensed_prescribed"),
    )


def dimension(name: str, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Its classes in order, the unknown one last, with the denominator and the days they share."""
    mine = sorted((row for row in rows if row["dimension"] == name), key=_order)
    if not mine:
        return None
    words = [row | {"words": words_of(str(row["class"]), name)} for row in mine]
    return {"label": DIMENSIONS[name], "rows": words, "whole": mine[0]["whole_boxes"], "first": mine[0]["first_week"],
            "through": mine[0]["through_on"]}  # fmt: skip


def _order(row: Mapping[str, Any]) -> tuple[bool, int, str]:
    """Ages as numbers: 5-9 comes before 10-14."""
    first = re.match(r"\d+", str(row["class"]))
    return str(row["class"]).startswith("inconnu"), int(first[0]) if first else 0, str(row["class"])


def words_of(name: str, dimension_name: str) -> str:
    """« 0-19 ans », « 65 ans et plus », « Femmes »."""
    if dimension_name != "age" or name == "inconnu":
        return fr.capital(name)
    first, more, _ = name.partition(" et plus")
    return f"{first} ans{more}"


@kept
def _is_detailed(subject_id: str) -> bool:
    return bool(len(session.load(coverage.dispensed_detail, subject_id)))


def twin(seen: View) -> None:
    """The classes to take away."""
    if _is_detailed(seen.id):
        context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
        tables.table_twin(partial(_rows, seen.id), _TWIN, f"dispense-{seen.key}", context, source="dispensed_detail",
                          label="Âge, sexe et origine : table et téléchargement")  # fmt: skip


def _rows(subject_id: str) -> pd.DataFrame:
    table = session.load(coverage.dispensed_detail, subject_id)
    return table.assign(dimension_label=table["dimension"].map(DIMENSIONS))
