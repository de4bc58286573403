"""Mesures: which ones are in force, on what, and what the coverage was before and after."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from metrics import methods
from metrics.referential import queries as referential
from metrics.referential import shared_lines
from metrics.risk import queries as risk
from pages.components import by_dci, filters, markup, states, tables
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.grid import Grid
from pages.components.shell import frame, session
from pages.risque import common

QUESTION = "Quelles mesures sont en vigueur, et que valait la couverture avant et après ?"
SHOWN = 25
CAUTION = (
    "Un écart n'est pas un effet. Une mesure est prise quand l'offre baisse : livraisons, saison, reports de la demande et stocks de précaution "
    "jouent en même temps. Le tableau dit ce qui a été mesuré, pas ce que la mesure a produit."
)
VIEWS = {
    "vigueur": "en vigueur",
    "demandees": "à venir",
    "terminees": "terminées",
    "toutes": "toutes",
}
_ROW = "7.6rem minmax(12rem,1.6fr) minmax(12rem,1.4fr) 9rem minmax(9rem,1fr) minmax(9rem,1fr)"
_HEAD = (
    "Déclaration",
    "Spécialité et laboratoire",
    "Mesure",
    "Dates",
    "Grossistes, avant → après",
    "Exploitants, avant → après",
)
_TABLE = {
    "declaration_no": "Déclaration",
    "dci": "DCI",
    "denomination": "Spécialité",
    "laboratory": "Laboratoire",
    "measure": "Mesure",
    "state": "État",
    "start_on": "Début",
    "end_on": "Fin",
    "town_pct": "Volume servi en ville (%)",
    "hospital_pct": "Volume servi à l'hôpital (%)",
    "grossistes_before_days": "Grossistes, avant (j)",
    "grossistes_after_days": "Grossistes, après (j)",
    "exploitants_before_days": "Exploitants, avant (j)",
    "exploitants_after_days": "Exploitants, après (j)",
    "before_week": "Semaine lue avant",
    "after_week": "Semaine lue après",
    "detail": "Précisions",
}


_BY_DCI = {
    "dci": "DCI",
    "measure": "Mesure",
    "phase": "Phase",
    "declarations": "Déclarations",
    "first_month": "Premier début (mois du)",
}


def main() -> None:
    """Counts by type, then one row a measure; the caution stands beside the figures."""
    if not session.load(risk.is_visible):
        by_dci.draw(QUESTION, by_dci_sentence(session.load(shared_lines.measures)), *_by_dci())
        return
    as_of = session.load(referential.snapshot)["as_of"]
    table = session.load(risk.measures)
    frame.title_answer(QUESTION, sentence(table), as_of)
    states.note("declaration")
    if table.empty:
        frame.empty_state("Aucune mesure n'a été déclarée.", common.NOTHING_TO_DO)
        return
    kept, chosen = _filtered(table)
    weeks = session.load(methods.thresholds).set_index("name")["value"]["measure_after_weeks"]
    frame.section(
        "Registre",
        f"couverture de la DCI entière, demande courante : dernière semaine avant le début → {fr.number(weeks)} semaines après, au plus",
    )
    markup.show(f'<p class="vs-note" role="note"><b>Prudence.</b> {CAUTION}</p>')
    _list(kept)
    tables.table_twin(
        kept, _TABLE, "mesures", {**chosen, "Données au": fr.day(as_of), "Prudence": CAUTION}, source="measure"
    )
    common.footer(["trustmed", "tracstocks", "pointstock"], ("mesures", "measure"), ("couverture", "coverage_weekly"))


def _by_dci() -> tuple[pd.DataFrame, dict[str, str], str]:
    return session.load(shared_lines.measures), _BY_DCI, "dci_measure"


def by_dci_sentence(table: pd.DataFrame) -> str:
    """How many types are in force on how many DCI, for readers who may not see laboratories."""
    active = table[table["phase"] == shared_lines.IN_FORCE] if not table.empty else table
    if active.empty:
        return "Aucune mesure n'est en vigueur sur une déclaration ouverte."
    kinds = fr.plural(active["measure"].nunique(), "type de mesure est", "types de mesure sont")
    return f"{kinds} en vigueur, sur {fr.plural(active['dci_key'].nunique(), 'DCI', 'DCI')}."


def sentence(table: pd.DataFrame) -> str:
    """How many in force, on how many declarations, and the most frequent type."""
    active = table[table["is_in_force"]]
    if active.empty:
        return "Aucune mesure n'est en vigueur sur une déclaration ouverte."
    counts = active["measure"].value_counts()
    return (
        f"{fr.plural(len(active), 'mesure est', 'mesures sont')} en vigueur sur "
        f"{fr.plural(active['declaration_no'].nunique(), 'déclaration ouverte', 'déclarations ouvertes')} ; "
        f"d'abord {counts.index[0]} ({fr.number(counts.iloc[0])}). "
        f"{fr.plural(int(waiting(table).sum()), 'autre est demandée ou prévue', 'autres sont demandées ou prévues')}."
    )


def waiting(table: pd.DataFrame) -> pd.Series:
    """Asked for, planned or beginning later, on a file still open."""
    return table["phase"] == "à venir"


def viewed(table: pd.DataFrame, view: str) -> pd.DataFrame:
    """Rows of one of ``VIEWS``."""
    if view == "vigueur":
        return table[table["is_in_force"]]
    if view == "demandees":
        return table[waiting(table)]
    if view == "terminees":
        return table[table["state"].isin(["terminée", "en place"]) & (table["phase"] == "terminée")]
    return table


def _filtered(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    left, middle, right = st.columns([9, 5, 5], vertical_alignment="bottom")
    with left:
        view = filters.segmented(
            "Mesures", {key: f"{label} ({len(viewed(table, key))})" for key, label in VIEWS.items()}, "vue"
        )
    kept = viewed(table, view)
    counted = kept["measure"].value_counts()
    kinds = {"tous": "Tous les types"}
    kinds |= {str(kind): f"{str(kind).capitalize()} ({count})" for kind, count in counted.items()}
    with middle:
        kind = filters.choose("Type", kinds, "type")
    with right:
        typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, numéro")
    if kind not in (None, "tous"):
        kept = kept[kept["measure"] == kind]
    if typed:
        text = kept[["declaration_no", "dci", "denomination", "laboratory"]].fillna("").agg(" ".join, axis=1)
        kept = kept[[filters.matching(typed, item) for item in text]]
    chosen = {"Mesures": VIEWS[view], "Type": kinds[kind or "tous"].rpartition(" (")[0] or kinds["tous"]}
    return kept, chosen | ({"Recherche": typed} if typed else {})


def _list(table: pd.DataFrame) -> None:
    if table.empty:
        frame.empty_state("Aucune mesure ne passe ces filtres.", "Retirer un filtre ou raccourcir la recherche.")
        return
    grid = Grid("mesures", _ROW, _HEAD)
    for row in figures.records(table.head(SHOWN)):
        grid.link(str(row["declaration_no"]), common.DECLARATION, {"numero": str(row["declaration_no"])})
        grid.cells(*_cells(row))
    if len(table) > SHOWN:
        markup.show(f'<p class="vs-note">{SHOWN} premières sur {fr.number(len(table))} ; toutes dans la table.</p>')


def _cells(row: Mapping[str, Any]) -> list[str]:
    who = f'<span>{escape(str(row["denomination"] or row["dci"] or ""))}<br><span class="vs-note">{escape(str(row["laboratory"]))}</span></span>'
    measure = str(row["measure"])
    return [
        who,
        f'<span><b>{escape(measure[:1].upper() + measure[1:])}</b><br><span class="vs-note">{escape(str(row["state"]))}{_volumes(row)}</span></span>',
        _dates(row),
        change(row, "grossistes"),
        change(row, "exploitants"),
    ]


def _volumes(row: Mapping[str, Any]) -> str:
    parts = [
        f"{fr.percent(row[column])} {where}"
        for column, where in (("town_pct", "en ville"), ("hospital_pct", "à l'hôpital"))
        if not fr.missing(row[column])
    ]
    return f" ; volume servi : {', '.join(parts)}" if parts else ""


def _dates(row: Mapping[str, Any]) -> str:
    if fr.missing(row["start_on"]):
        return '<span class="vs-note">début inconnu</span>'
    end = f"au {fr.day(row['end_on'])}" if not fr.missing(row["end_on"]) else "fin non annoncée"
    return f'<span>du {fr.day(row["start_on"])}<br><span class="vs-note">{end}</span></span>'


def change(row: Mapping[str, Any], link: str) -> str:
    """« 12,1 j → 9,8 j », or why there is none."""
    before, after = row[f"{link}_before_days"], row[f"{link}_after_days"]
    if not row["was_started"]:
        return '<span class="vs-note">pas encore en place</span>'
    if fr.missing(before) and fr.missing(after):
        return '<span class="vs-note">couverture inconnue ces semaines-là</span>'
    told = fr.days(after) if not fr.missing(after) else '<span class="vs-note">pas encore de semaine finie</span>'
    weeks = (
        f"{fr.week(row['before_week'])} → {fr.week(row['after_week'])}"
        if not fr.missing(row["after_week"])
        else fr.week(row["before_week"])
    )
    return f'<span>{fr.days(before)} → {told}<br><span class="vs-note">{weeks}</span></span>'


main()
