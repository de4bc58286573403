"""Dates promises: which ones to recall today, which passed without a word, and who keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from metrics.referential import queries as referential
from metrics.risk import queries as risk
from pages.components import filters, markup, states, tables
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.grid import Grid
from pages.components.shell import frame, session
from pages.risque import common

QUESTION = "Quelles dates promises faut-il rappeler aujourd'hui ?"
SHOWN = 8
_ROW = "7.6rem minmax(14rem,2fr) minmax(9rem,1fr) 8rem minmax(8rem,1fr) minmax(10rem,1.2fr)"
_HEAD = ("Déclaration", "Spécialité et laboratoire", "Promesse", "Date promise", "Échéance", "Déjà repoussée")
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
    """Reminders, what passed unconfirmed, then the record of each laboratory or DCI."""
    if common.is_closed(QUESTION):
        return
    as_of = session.load(referential.snapshot)["as_of"]
    table = session.load(risk.reminders)
    frame.title_answer(QUESTION, sentence(table), as_of)
    states.note("declaration", "promise")
    context = {"Données au": fr.day(as_of)}
    _list("a-rappeler", table[table["days_left"] >= 0], "À rappeler", "promises d'ici 48 heures",
          "Aucune date promise d'ici 48 heures.")  # fmt: skip
    _list("passees", table[table["days_left"] < 0], "Passées sans confirmation", "le plus récemment passées d'abord",
          "Aucune date promise n'est passée sans confirmation.")  # fmt: skip
    tables.table_twin(
        table, _REMINDERS, "rappels", context, label="Toutes les dates à rappeler : table et téléchargement"
    )
    _records(context)
    common.footer(
        ["trustmed"], ("rappels", "reminder"), ("dates promises", "promise"), ("promesses tenues", "promise_record")
    )


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


def _list(key: str, table: pd.DataFrame, title: str, note: str, quiet: str) -> None:
    frame.section(title, f"{fr.plural(len(table), 'date', 'dates')}, {note}" if len(table) else note)
    if table.empty:
        markup.show(f'<p class="vs-empty-line">{quiet}</p>')
        return
    grid = Grid(key, _ROW, _HEAD)
    for row in figures.records(table.head(SHOWN)):
        grid.link(str(row["declaration_no"]), common.DECLARATION, {"numero": str(row["declaration_no"])})
        grid.cells(*_cells(row))
    if len(table) > SHOWN:
        markup.show(f'<p class="vs-note">{SHOWN} premières sur {fr.number(len(table))} ; toutes dans la table.</p>')


def _cells(row: Mapping[str, Any]) -> list[str]:
    who = f'<span>{escape(str(row["denomination"] or row["dci"] or ""))}<br><span class="vs-note">{escape(str(row["laboratory"]))}</span></span>'
    what = "Retour" if row["promise"] == "retour" else f"Approvisionnement n° {row['supply_no']}"
    if not fr.missing(row["boxes"]):
        what += f'<br><span class="vs-note">{fr.boxes(row["boxes"])}</span>'
    return [who, f"<span>{what}</span>", fr.day(row["planned_on"]), f"<b>{due(row['days_left'])}</b>", _slipped(row)]


def due(days_left: int) -> str:
    """« J-2 », « aujourd'hui », « passée de 12 j »."""
    if days_left == 0:
        return "aujourd'hui"
    return f"J-{days_left}" if days_left > 0 else f"passée de {fr.number(-days_left)} j"


def _slipped(row: Mapping[str, Any]) -> str:
    if not row["postponed"]:
        return '<span class="vs-note">jamais</span>'
    times = fr.plural(row["postponed"], "fois", "fois")
    return (
        f'<span>{times} <span class="vs-note">promise d\'abord pour le {fr.day(row["first_planned_on"])}</span></span>'
    )


def _records(context: Mapping[str, str]) -> None:
    frame.section(
        "Qui tient ses dates",
        "toutes les déclarations connues ; un approvisionnement est tenu s'il est reçu sans report",
    )
    scope = filters.segmented("Compter", SCOPES, "par")
    table = session.load(risk.records, scope)
    columns = _RECORDS | {"name": "Laboratoire" if scope == "laboratoire" else "DCI"}
    markup.show(
        '<p class="vs-note">Report : la même livraison, plus tard, ou un nouveau rang qui prend la place d\'une livraison abandonnée. '
        "Livraison en plus : un rang nouveau, les autres restant prévus. Date retirée : prévue, puis plus dite ; elle n'est ni échue ni "
        "dépassée. Médiane et plus long : décalages des dates qui ont bougé. "
        "Échus : approvisionnements reçus, annulés ou dont la première date est passée.</p>"
    )
    tables.draw_table(table.head(SHOWN), columns)
    tables.table_twin(table, columns, f"promesses-tenues-{scope}", {**context, "Compté": SCOPES[scope]},
                      label=f"Les {fr.number(len(table))} lignes : table et téléchargement")  # fmt: skip


main()
