"""Dates promises: which ones to recall today, which passed without a word, and who keeps them."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.referential import queries as referential
from metrics.risk import queries as risk
from pages.components import filters, links, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render
from pages.risque import common

QUESTION = "Quelles dates promises faut-il rappeler aujourd'hui ?"
NEAR, PASSED, KEPT = "rappeler", "passees", "tenues"
_QUIET = {NEAR: "Aucune date promise d'ici 48 heures.", PASSED: "Aucune date promise n'est passée sans confirmation."}
_REMINDERS = {
    "reminder": "Rappel",
    "declaration_no": "Déclaration",
    "dci": "DCI",
    "denomination": "Spécialité",
    "laboratory": "Laboratoire",
    "promise": "Promesse",
    "planned_on": "Date promise",
    "days_left": "Jours avant la date (négatif : passée)",
    "boxes": "Boîtes",
    "stated_on": "Dite le",
    "postponed": "Reports",
    "first_planned_on": "Première date promise",
    "total_slip_days": "Décalage depuis la première (j)",
}
_RECORDS = {
    "name": "Laboratoire",
    "declarations": "Déclarations",
    "postponed": "Reports",
    "advanced": "Avancées",
    "additional": "Livraisons en plus",
    "withdrawn": "Dates retirées",
    "median_slip_days": "Médiane (j)",
    "longest_slip_days": "Le plus long (j)",
    "due": "Échus",
    "kept": "Tenus",
    "kept_pct": "Tenus (%)",
}
SCOPES = {"laboratoire": "par laboratoire", "dci": "par DCI"}


def main() -> None:
    """Reminders, what passed unconfirmed, then the record of each laboratory or DCI, one at a time."""
    if common.is_closed(QUESTION):
        return
    table = session.load(risk.reminders)
    default = NEAR if (table["days_left"] >= 0).any() else PASSED
    view = filters.chosen("vue", [NEAR, PASSED, KEPT], default) or default
    scope = filters.chosen("par", list(SCOPES), "laboratoire") or "laboratoire"
    board.show(view, scope, links.here("risque/dates_promises"), lists.asked())
    context = {"Données au": fr.day(session.load(referential.snapshot)["as_of"])}
    if view == KEPT:
        found = session.load(risk.records, scope)
        tables.table_twin(found, _titles(scope), f"promesses-tenues-{scope}", {**context, "Compté": SCOPES[scope]})
    else:
        tables.table_twin(table, _REMINDERS, "rappels", context)
    common.footer(
        ["trustmed"], ("rappels", "reminder"), ("dates promises", "promise"), ("promesses tenues", "promise_record")
    )


@block
def board(view: str, scope: str, here: Here, most: int) -> Markup:
    """Question, answer, and the first rows of one view."""
    table = session.load(risk.reminders)
    kinds = {NEAR: table[table["days_left"] >= 0], PASSED: table[table["days_left"] < 0]}
    records = figures.records(session.load(risk.records, scope))
    rows, cut = lists.cut(records if view == KEPT else figures.records(kinds[view]), most)
    columns = _titles(scope)
    return render(
        "risque/dates_promises",
        question=QUESTION,
        answer=sentence(table),
        as_of=session.load(referential.snapshot)["as_of"],
        state=states.of("declaration", "promise"),
        here=here,
        tabs=[
            (NEAR, "À rappeler d'ici 48 heures", len(kinds[NEAR])),
            (PASSED, "Passées sans confirmation", len(kinds[PASSED])),
            (KEPT, "Qui tient ses dates", None),
        ],
        view=view,
        quiet=_QUIET.get(view, ""),
        rows=[row | {"due": due(int(row["days_left"]))} for row in rows] if view != KEPT else [],
        records=[[_written(name, row[name]) for name in columns] for row in rows] if view == KEPT else [],
        columns=list(columns.values()),
        scopes=list(SCOPES.items()),
        scope=scope,
        cut=cut,
    )


def _titles(scope: str) -> dict[str, str]:
    return _RECORDS | {"name": "Laboratoire" if scope == "laboratoire" else "DCI"}


def _written(column: str, value: Any) -> str:
    if column == "name":
        return str(value)
    return fr.percent(value) if column.endswith("_pct") else fr.number(value)


def sentence(table: pd.DataFrame) -> str:
    """Dates of the two next days, then those passed without a word."""
    near, passed = table[table["days_left"] >= 0], table[table["days_left"] < 0]
    if table.empty:
        return "Aucune date promise n'est à rappeler."
    supplies = int((near["promise"] == "approvisionnement").sum())
    files = passed["declaration_no"].nunique()
    return (
        f"{fr.plural(len(near), 'date arrive', 'dates arrivent')} dans les 48 heures, dont "
        f"{fr.plural(supplies, 'approvisionnement', 'approvisionnements')} ; "
        f"{fr.plural(len(passed), 'autre est passée', 'autres sont passées')} sans confirmation, sur "
        f"{fr.plural(files, 'dossier ouvert', 'dossiers ouverts')}."
    )


def due(days_left: int) -> str:
    """« J-2 », « aujourd'hui », « passée de 12 j »."""
    if days_left == 0:
        return "aujourd'hui"
    return f"J-{days_left}" if days_left > 0 else f"passée de {fr.number(-days_left)} j"


main()
