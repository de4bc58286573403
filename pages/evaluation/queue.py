"""Rows of the queue, and of what contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from pages.components import declaration_rows, markup, risk, tables
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.grid import Grid
from pages.components.shell import frame

MOST_ROWS = 60
_COLUMNS = "7.6rem 9.6rem minmax(13rem,2fr) minmax(17rem,3.2fr) minmax(9rem,1.4fr) 8.2rem"
_HEAD = ("Déclaration", "Score", "DCI et laboratoire", "Pourquoi", "Depuis la référence", "À redemander le")
_INCONSISTENT = {
    "declaration_no": "Déclaration",
    "dci": "DCI",
    "laboratory": "Laboratoire",
    "version_no": "Version",
    "version_on": "Du",
    "field": "Ce qui a bougé",
    "before_text": "Avant",
    "after_text": "Après",
}


def draw(table: pd.DataFrame, as_of: Any) -> None:
    """One row a declaration, the first ones only: the table below holds them all."""
    if table.empty:
        frame.empty_state("Aucune déclaration ne passe ces filtres.", "Retirer un filtre ou raccourcir la recherche.")
        return
    grid = Grid("file", _COLUMNS, _HEAD)
    for row in figures.records(table.head(MOST_ROWS)):
        grid.link(str(row["declaration_no"]), declaration_rows.PAGE, {"numero": str(row["declaration_no"])})
        grid.cells(*cells(row, as_of))
    if len(table) > MOST_ROWS:
        markup.show(f'<p class="vs-note">{MOST_ROWS} premières sur {fr.number(len(table))} ; toutes dans la table.</p>')


def cells(row: Mapping[str, Any], as_of: Any) -> list[str]:
    """Score in words and points, who, why, movement, when to ask again."""
    name = str(row["dci"] or row["denomination"] or "")
    who = (
        f"<span><b>{escape(name[:1].upper() + name[1:])}</b><br>{declaration_rows.note(str(row['laboratory']))}</span>"
    )
    return [risk.level(row), who, _why(row), _change(row), _again(row, as_of)]


def _why(row: Mapping[str, Any]) -> str:
    parts = [escape(str(row["why"]))] if row["why"] else [declaration_rows.note("aucun critère à 2 points")]
    if row["more_reasons"]:
        parts.append(
            declaration_rows.note(
                fr.plural(row["more_reasons"], "autre critère à 2 points et plus", "autres critères à 2 points et plus")
            )
        )
    if row["unknown_criteria"]:
        parts.append(declaration_rows.note(fr.plural(row["unknown_criteria"], "critère inconnu", "critères inconnus")))
    if not fr.missing(row["inconsistencies"]) and row["inconsistencies"]:
        parts.append(
            declaration_rows.note(
                fr.plural(row["inconsistencies"], "incohérence entre versions", "incohérences entre versions")
            )
        )
    return f"<span>{'<br>'.join(parts)}</span>"


def _change(row: Mapping[str, Any]) -> str:
    if fr.missing(row["change"]) or not row["change"]:
        return declaration_rows.note("inchangé")
    sign = "+" if row["change"] > 0 else "−"
    return f"<span><b>{sign}{fr.number(abs(row['change']))}</b><br>{declaration_rows.note(str(row['reasons']))}</span>"


def _again(row: Mapping[str, Any], as_of: Any) -> str:
    when = fr.day(row["ask_again_on"])
    if not row["is_dormant"]:
        return f"<span>{when}</span>"
    late = (fr.as_date(as_of) - fr.as_date(row["ask_again_on"])).days  # type: ignore[operator]
    told = f"dormant, en retard de {fr.number(late)} j" if late else "dormant, à redemander aujourd'hui"
    return f"<span><b>{when}</b><br>{declaration_rows.note(told)}</span>"


def inconsistencies(table: pd.DataFrame, context: Mapping[str, str]) -> None:
    """Versions of open declarations that contradict the one before."""
    count = fr.plural(len(table), "écart", "écarts")
    frame.section("Incohérences entre versions", f"dossiers ouverts, le plus récent d'abord ; {count}")
    if table.empty:
        markup.show('<p class="vs-empty-line">Aucune version ouverte ne contredit la précédente.</p>')
        return
    shown = risk.before_and_after(table)
    tables.draw_table(shown.head(MOST_ROWS), _INCONSISTENT)
    tables.downloads(shown, _INCONSISTENT, "incoherences", context, source="declaration_inconsistency")
