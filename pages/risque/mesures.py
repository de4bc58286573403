"""Mesures: which ones are in force, on what, and what the coverage was before and after."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from metrics import methods
from metrics.referential import queries as referential
from metrics.referential import shared_lines
from metrics.risk import queries as risk
from pages.components import by_dci, filters, links, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.risque import common

QUESTION = "Quelles mesures sont en vigueur, et que valait la couverture avant et après ?"
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
_LINKS = ("grossistes", "exploitants")
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
    "first_month": "Premier début",
}


def main() -> None:
    """Answer, views with their counts, one row per measure; the caution stands beside the figures."""
    if not session.load(risk.is_visible):
        measures = session.load(shared_lines.measures)
        by_dci.draw(
            QUESTION, by_dci_sentence(measures), measures, _BY_DCI, "dci_measure", written={"first_month": _month}
        )
        return
    as_of = session.load(referential.snapshot)["as_of"]
    table = session.load(risk.measures)
    if table.empty:
        frame.title_answer(QUESTION, sentence(table), as_of)
        frame.empty_state("Aucune mesure n'a été déclarée.", common.NOTHING_TO_DO)
        return
    head.show()
    view = filters.chosen("vue", list(VIEWS), "vigueur") or "vigueur"
    kind, typed = _filters(viewed(table, view))
    register.show(view, kind, typed, links.here("risque/mesures"), lists.asked())
    chosen = filters.notice(("Mesures", VIEWS[view]), ("Type", kind or "Tous les types"), ("Recherche", typed))
    context = {**chosen, "Données au": fr.day(as_of), "Prudence": CAUTION}
    tables.table_twin(partial(kept, table, view, kind, typed), _TABLE, "mesures", context, source="measure")
    common.footer(["trustmed", "tracstocks", "pointstock"], ("mesures", "measure"), ("couverture", "coverage_weekly"))


def _month(value: Any) -> str:
    """Only the month of a beginning is shared."""
    return fr.UNKNOWN if fr.missing(value) else fr.month(value)


def _filters(table: pd.DataFrame) -> tuple[str, str]:
    """Type, or none; words."""
    counted = table["measure"].value_counts()
    kinds = {str(kind): f"{str(kind).capitalize()} ({fr.number(count)})" for kind, count in counted.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="vs-asked"):
        kind = filters.choose("Type", kinds, "type", optional=True, placeholder="Tous les types", width=260)
        typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, numéro", width=420)
    return kind or "", typed


@block
def head() -> Markup:
    """Question and answer."""
    return render("risque/mesures_head", question=QUESTION, answer=sentence(session.load(risk.measures)),
                  as_of=session.load(referential.snapshot)["as_of"], state=states.of("declaration"))  # fmt: skip


@block
def register(view: str, kind: str, typed: str, here: Here, most: int) -> Markup:
    """The first measures of a view."""
    table = session.load(risk.measures)
    rows, cut = lists.cut(figures.records(kept(table, view, kind, typed)), most, lists.HEAVY)
    weeks = session.load(methods.thresholds).set_index("name")["value"]["measure_after_weeks"]
    return render(
        "risque/mesures",
        here=here,
        view=view,
        tabs=[(key, label.capitalize(), len(viewed(table, key))) for key, label in VIEWS.items()],
        rows=[row | {"volumes": _volumes(row), "links": [change(row, link) for link in _LINKS]} for row in rows],
        cut=cut,
        weeks=weeks,
        caution=CAUTION,
    )


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


def kept(table: pd.DataFrame, view: str, kind: str, typed: str) -> pd.DataFrame:
    """Rows of a view, of one type, that hold every word typed."""
    found = viewed(table, view)
    if kind:
        found = found[found["measure"] == kind]
    if typed:
        text = found[["declaration_no", "dci", "denomination", "laboratory"]].fillna("").agg(" ".join, axis=1)
        found = found[[filters.matching(typed, item) for item in text]]
    return found


def _volumes(row: Mapping[str, Any]) -> str:
    parts = [
        f"{fr.percent(row[column])} {where}"
        for column, where in (("town_pct", "en ville"), ("hospital_pct", "à l'hôpital"))
        if not fr.missing(row[column])
    ]
    return f" ; volume servi : {', '.join(parts)}" if parts else ""


def change(row: Mapping[str, Any], link: str) -> tuple[str, str]:
    """« 12,1 j → 9,8 j » and its weeks, or why there is none."""
    before, after = row[f"{link}_before_days"], row[f"{link}_after_days"]
    if not row["was_started"]:
        return "", "pas encore en place"
    if fr.missing(before) and fr.missing(after):
        return "", "couverture inconnue ces semaines-là"
    weeks = [row["before_week"]] if fr.missing(row["after_week"]) else [row["before_week"], row["after_week"]]
    later = "pas encore de semaine finie" if fr.missing(after) else fr.days(after)
    return f"{fr.days(before)} → {later}", " → ".join(fr.week(week) for week in weeks)


main()
