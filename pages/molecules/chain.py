"""Left part: the chain on one time axis with sales, pressure outside and declarations, then its tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.sources import queries as sources
from metrics.surveillance import queries as pressure
from pages.components import denominators, filters, states, tables, tokens
from pages.components import format as fr
from pages.components.charts import figures, simple
from pages.components.shell import frame, session
from pages.molecules.view import View

PERIODS = {"6m": "6 mois", "12m": "12 mois", "3s": "3 saisons"}
# Weeks shown before today and after it; what follows today also carries the names of the lines.
BACK = {"6m": 26, "12m": 52, "3s": 156}
AHEAD = {"6m": 14, "12m": 16, "3s": 48}
_INDICATOR = {"grippe": "grippe", "bronchiolite": "bronchiolite", "covid": "covid-19"}
_COVERAGE = {
    "week": "Semaine du",
    "link_label": "Maillon",
    "stock_boxes": "Stock (boîtes)",
    "current_daily_boxes": "Demande courante (boîtes par jour)",
    "legal_daily_boxes": "Référence légale (boîtes par jour)",
    "coverage_current_days": "Couverture, demande courante (j)",
    "coverage_legal_days": "Couverture, référence légale (j)",
    "coverage_members_days": "Couverture, ventes de tous les adhérents (j)",
    "coverage_days": "Couverture retenue (j)",
    "denominator_label": "Dénominateur retenu",
    "status_label": "Statut",
    "state_label": "État",
    "missing_share_pct": "Part manquante (%)",
    "covered_presentations": "Présentations relevées",
    "marketed_presentations": "Présentations commercialisées",
    "legal_origin": "Origine de la référence",
    "current_origin": "Origine de la demande courante",
    "members_origin": "Ventes de tous les adhérents",
    "rhythm": "Rythme constaté",
}
_SALES = {"week": "Semaine du", "boxes": "Boîtes dispensées", "last_season_boxes": "Saison précédente (boîtes)"}
_SUPPLIES = {"planned_on": "Date prévue", "boxes": "Boîtes", "laboratory": "Laboratoire", "origin": "Origine"}
_STATES = {"a_jour": "à jour", "estime": "estimé", "incomplet": "incomplet", "en_retard": "en retard", "non_pertinente": "non pertinent",
           "masque": "masqué", "absent": "aucune donnée"}  # fmt: skip


def draw(seen: View, supplies: pd.DataFrame) -> None:
    """Period, figure, tables."""
    frame.section(
        "De la fabrication à l'officine", "jours de demande couverts, bornes en aplat, saison précédente en gris"
    )
    pressing = "vigilance_daily" if seen.pressure == "vigilance" else "epidemic_weekly"
    states.note("sales_weekly", "planned_supply" if seen.may_see else "", pressing)
    period = filters.segmented("Période", PERIODS, "periode", default="12m")
    weekly = session.load(coverage.weekly, seen.id)
    sales = session.load(coverage.sales, seen.id)
    title = message(seen)
    drawn = _figure(session.snapshot(), session.artefact(), seen.id, period, frame.scale(), seen, supplies)
    simple.show(drawn, "chaine", alt=title)
    _twins(seen, weekly, sales, supplies)


@st.cache_resource(show_spinner=False, max_entries=64)
def _figure(
    snapshot: str | None,  # noqa: ARG001 – part of the cache's key, as are the next two
    artefact: str,  # noqa: ARG001
    subject_id: str,  # noqa: ARG001
    period: str,
    scale: float,
    _seen: View,
    _supplies: pd.DataFrame,
) -> go.Figure:
    """Built once by snapshot, artefact, subject and period for all sessions: it costs more than the rest of the page."""
    seen, supplies = _seen, _supplies
    outside, kind = _pressure(seen)
    return simple.coverage_panels(
        reliable(session.load(coverage.weekly, seen.id)),
        seen.links,
        as_of=seen.as_of,
        sales=session.load(coverage.sales, seen.id),
        supplies=supplies,
        pressure=outside,
        pressure_kind=kind,
        declarations=session.load(declarations.of_dci, seen.dci_key) if seen.may_see else pd.DataFrame(),
        promises=session.load(declarations.promises_of_dci, seen.dci_key),
        source_label=_sources(seen),
        title=message(seen),
        back_weeks=BACK[period],
        ahead_weeks=AHEAD[period],
        scale=scale,
    )


def reliable(weekly: pd.DataFrame) -> pd.DataFrame:
    """Weeks under the reliability floor become gaps; the panel's own measure is not named after a denominator."""
    kept = weekly["figure_state"] != "non_pertinente"
    computed = kept & (weekly["link"] != "officines")
    return weekly.assign(
        coverage_days=weekly["coverage_days"].where(kept),
        coverage_current_days=weekly["coverage_current_days"].where(computed),
        coverage_legal_days=weekly["coverage_legal_days"].where(computed),
    )


def message(seen: View) -> str:
    """What the figure shows first: the weakest link and where it comes from."""
    weakest = seen.weakest()
    if weakest is None:
        return "Aucun maillon mesuré"
    change = weakest["delta_4w_days"]
    moved = "" if fr.missing(change) else f", {fr.change(change)} en quatre semaines"
    return f"{weakest['label']} : {fr.days(weakest['coverage_days'])}{moved}"


def _pressure(seen: View) -> tuple[pd.DataFrame, Any]:
    """Outside pressure of the plan in the columns of the figure; empty without a plan."""
    if seen.pressure == "vigilance":
        history = session.load(pressure.vigilance_history)
        colours = {"yellow": 2, "orange": 3, "red": 4}
        tall = history[["day", *colours]].melt(
            id_vars="day", value_vars=list(colours), var_name="colour", value_name="departments"
        )
        return tall.assign(colour_id=tall["colour"].map(colours)), "vigilance"
    indicators = list(seen.plan["indicators"]) if seen.plan else []
    if not indicators:
        return pd.DataFrame(), "epidemic"
    rates = session.load(pressure.epidemics, indicators)
    return rates.assign(label=rates["indicator"].map(_name), value=rates["er_rate"]), "epidemic"


def _name(indicator: str) -> str:
    return _INDICATOR.get(indicator, indicator.replace("-", " "))


def _sources(seen: View) -> dict[str, str]:
    """Link → name of its source, as the hover shows it."""
    titles = {r["source_key"]: str(r["title"]).split(" : ")[0] for r in figures.records(session.load(sources.states))}
    return {str(r["link"]): titles.get(r["source_key"], "") for r in figures.records(seen.links)}


def _twins(seen: View, weekly: pd.DataFrame, sales: pd.DataFrame, supplies: pd.DataFrame) -> None:
    context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
    names = dict(zip(seen.links["link"], seen.links["label"], strict=True))
    words = weekly.assign(
        link_label=weekly["link"].map(names),
        status_label=[tokens.look(s).word for s in weekly["status"]],
        state_label=weekly["figure_state"].map(_STATES),
        denominator_label=weekly["denominator"].map(denominators.SHORT),
    ).sort_values(["week", "link"], ascending=[False, True])
    key = seen.id.replace(":", "-")
    tables.table_twin(
        words,
        _COVERAGE,
        f"couverture-{key}",
        context,
        source="coverage_weekly",
        label="Couverture : table et téléchargement",
    )
    if not sales.empty:
        newest = sales.sort_values("week", ascending=False)
        tables.table_twin(
            newest, _SALES, f"ventes-{key}", context, source="sales_weekly", label="Ventes : table et téléchargement"
        )
    if not supplies.empty:
        since = supplies[pd.to_datetime(supplies["planned_on"]) >= pd.Timestamp(seen.as_of - timedelta(days=7))]
        label = "Approvisionnements annoncés : table et téléchargement"
        tables.table_twin(since, _SUPPLIES, f"approvisionnements-{key}", context, source="planned_supply", label=label)
