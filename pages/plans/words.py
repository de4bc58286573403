"""The sentence that answers a plan's question."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tension
from pages.components.charts import figures

Row = dict[str, Any]


def answer(groups: pd.DataFrame) -> tuple[str, str]:
    """Its head, how many medicines are in each status; then the most fragile one, and what nobody measured."""
    measured = groups[groups["weakest_status"].notna()]
    if measured.empty:
        return "", f"Aucun des {len(groups)} médicaments suivis n'est encore mesuré."
    counts = measured["weakest_status"].value_counts()
    counted = [_counted(int(counts.get("insatisfaisante", 0)), "insatisfaisant")]
    counted += [_counted(int(counts.get("acceptable", 0)), "acceptable")]
    counted += [_counted(int(counts.get("satisfaisante", 0)), "satisfaisant")]
    first = _fragile(measured)
    fragile = f"{first['label']} ({_lower(first['weakest_label'])}, {fr.days(first['weakest_days'])}, mesure du {fr.day(first['weakest_on'])})"
    return f"{', '.join(filter(None, counted))}.", f"Le plus fragile : {fragile}{_unknown(groups)}."


def _counted(count: int, word: str) -> str:
    return fr.plural(count, word, f"{word}s") if count else ""


def _unknown(groups: pd.DataFrame) -> str:
    """A green headline does not stand for the links nobody measured."""
    count, silent = tension.with_unknown(groups), int(groups["weakest_status"].isna().sum())
    parts = [f"{count} {'a' if count == 1 else 'ont'} un maillon sans chiffre" if count else ""]
    parts.append(f"{silent} sans aucune mesure" if silent else "")
    return "".join(f" ; {part}" for part in parts if part)


def _fragile(measured: pd.DataFrame) -> Row:
    """In the gravest status, the smallest share of its own bound: days of two links do not compare."""
    gravest = measured[measured["weakest_status"] == measured["weakest_status"].iloc[0]]
    return figures.records(gravest.sort_values("weakest_bound_pct", kind="stable").head(1))[0]


def _lower(label: object) -> str:
    return str(label)[:1].lower() + str(label)[1:]


def measured(row: Row) -> tuple[str, str]:
    """« sur 97 » departments measured; « 2 sans réponse », those that used to answer."""
    count, silent = int(row["departments_measured"] or 0), int(row["departments_silent"] or 0)
    return (f"sur {fr.number(count)}" if count else "", f"{silent} sans réponse" if silent else "")
