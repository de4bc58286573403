"""The chain: its links as cards that choose the chart, the chart, how each figure is counted, its tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.sources import queries as sources
from metrics.surveillance import queries as surveillance
from pages.components import badges, denominators, filters, states, tables, tokens
from pages.components import format as fr
from pages.components.blocks import Drawn, block, chart, kept
from pages.components.charts import figures, legend, panel_context, panels, simple
from pages.components.charts.legend import Legend, Mark
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

PERIODS = {"6m": "6 mois", "12m": "12 mois", "3s": "3 saisons"}
# Weeks shown before today and after it; what follows today also carries the names of the lines.
BACK = {"6m": 26, "12m": 52, "3s": 156}
AHEAD = {"6m": 14, "12m": 16, "3s": 48}
# What they say of a declaration on the chart.
SIGNS_OF_DECLARATIONS = (
    *legend.areas((name, tokens.KIND_COLOUR[name]) for name in ("rupture", "risque")),
    *legend.PROMISES,
)
SALES, EVERYTHING = "ventes", "tout"
MANUAL = "référence manuelle : "
_Surveillance = tuple[pd.DataFrame, Literal["epidemic", "vigilance"]]
_EPIDEMIC: Literal["epidemic"] = "epidemic"
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


Row = Mapping[str, Any]


@kept
def choices(subject_id: str) -> tuple[dict[str, str], str]:
    """What the chart can show: each link, the sales, everything on one time axis; and what it shows first."""
    seen = view.known(subject_id)
    named = {str(row["link"]): str(row["label"]) for row in figures.records(seen.links)}
    weakest = seen.weakest()
    first = str(weakest["link"]) if weakest else EVERYTHING
    return {**named, SALES: "Ventes", EVERYTHING: "Tout"}, first


def chosen(subject_id: str) -> tuple[str, str]:
    """Link and period that the address asks for: the weakest link, over twelve months, when it says nothing known."""
    known, first = choices(subject_id)
    link = filters.chosen("maillon", list(known), first) or first
    return link, filters.chosen("periode", list(PERIODS), "12m") or "12m"


@block
def head(subject_id: str, here: Here, link: str, period: str) -> Markup:
    """One card per link, each a way to its chart, the weakest marked; then what the chart says, and its choices."""
    seen = view.known(subject_id)
    weakest = seen.weakest()
    cells = [_card(row, weakest) for row in figures.records(seen.links)]
    return render("molecules/cards", cells=cells, here=here, chosen=link) + _chart_head(seen, here, link, period)


def _card(row: dict[str, Any], weakest: Row | None) -> dict[str, Any]:
    return badges.of_link(row) | {"is_weakest": weakest is not None and row["link"] == weakest["link"]}


def _chart_head(seen: View, here: Here, link: str, period: str) -> Markup:
    pressing = "vigilance_daily" if seen.surveillance == "vigilance" else "epidemic_weekly"
    late = {
        SALES: states.of("sales_weekly", "planned_supply" if seen.may_see else ""),
        EVERYTHING: states.of("sales_weekly", "planned_supply" if seen.may_see else "", pressing),
    }
    options = [(key, _short(words)) for key, words in choices(seen.id)[0].items()]
    return render(
        "molecules/chart_head",
        message=_message(seen, link),
        here=here,
        links=options,
        link=link,
        periods=list(PERIODS.items()),
        period=period,
        state=late.get(link, ""),
    )


def _legend(seen: View, link: str, figure: go.Figure) -> Legend:
    """Unit, lines with their last figure when they are those of one link, signs of the declarations where they stand."""
    signs = SIGNS_OF_DECLARATIONS if link == EVERYTHING and seen.may_see else ()
    unit = _UNITS.get(link, f"jours de demande couverts, jusqu'au {fr.day(seen.as_of)}")
    return Legend(unit, (*_lines(seen, link), *signs, *legend.on(figure)))


def _lines(seen: View, link: str) -> list[Mark]:
    due = [Mark("due", "apports annoncés")] if seen.may_see else []
    if link == SALES:
        return [Mark("sold", "ventes"), legend.SEASON, *due]
    row = next((r for r in figures.records(seen.links) if r["link"] == link), None)
    if row is None:
        return [
            Mark("measured", f"{denominators.SHORT['current']}, ou mesure du panel"),
            Mark("legal", denominators.SHORT["legal"]),
            Mark("sold", "ventes"),
            legend.SEASON,
            *due,
        ]
    if link == "officines":
        return [Mark("measured", "mesure du panel"), legend.SEASON]
    if link == "pui":
        return [Mark("measured", denominators.used(row)), legend.SEASON]
    drawn = (("measured", "current"), ("legal", "legal"))
    known = [(kind, name, row[denominators.DAYS[name]]) for kind, name in drawn]
    return [
        *(
            Mark(kind, f"{denominators.SHORT[name]} : {fr.days(days)}")
            for kind, name, days in known
            if not fr.missing(days)
        ),
        legend.SEASON,
    ]


_UNITS = {
    SALES: "boîtes par semaine",
    EVERYTHING: "jours de demande couverts, bornes en aplat",
}


def _short(label: str) -> str:
    return label.removesuffix("-répartiteurs")


def _message(seen: View, link: str) -> str:
    if link == SALES:
        return "Ventes des officines et approvisionnements annoncés" if seen.may_see else "Ventes des officines"
    row = next((r for r in figures.records(seen.links) if r["link"] == link), None)
    return message(seen) if row is None else _sentence(row)


@chart
def drawing(subject_id: str, link: str, period: str, scale: float) -> Drawn:
    """Built once by snapshot, artefact, subject, link and period for all sessions: it costs more than the rest of the page."""
    seen = view.known(subject_id)
    row = next((r for r in figures.records(seen.links) if r["link"] == link), None)
    if row is None:
        whole = _stacked(seen, link, period, scale)
        return whole, _message(seen, link), _legend(seen, link, whole)
    weekly = reliable(session.load(coverage.weekly, seen.id))
    figure = simple.link_panel(
        weekly[weekly["link"] == link],
        row,
        as_of=seen.as_of,
        source=_sources(seen).get(link, ""),
        back_weeks=BACK[period],
        scale=scale,
    )
    return figure, _sentence(row), _legend(seen, link, figure)


def _stacked(seen: View, which: str, period: str, scale: float) -> go.Figure:
    """Sales with the supplies announced; or the whole chain, the surveillance beside them and the declarations too."""
    is_whole = which == EVERYTHING
    pressing: _Surveillance = _surveillance(seen) if is_whole else (pd.DataFrame(), _EPIDEMIC)
    outside, kind = pressing
    return simple.coverage_panels(
        reliable(session.load(coverage.weekly, seen.id)),
        seen.links if is_whole else seen.links.head(0),
        as_of=seen.as_of,
        sales=session.load(coverage.sales, seen.id),
        supplies=session.load(coverage.supplies, seen.id),
        surveillance=outside,
        surveillance_kind=kind,
        declarations=session.load(declarations.of_dci, seen.dci_key) if seen.may_see and is_whole else pd.DataFrame(),
        promises=session.load(declarations.promises_of_dci, seen.dci_key),
        source_label=_sources(seen),
        back_weeks=BACK[period],
        ahead_weeks=AHEAD[period],
        sales_px=panel_context.SALES_PX if is_whole else panels.LONE_PX,
        named_above=True,
        scale=scale,
    )


def reliable(weekly: pd.DataFrame) -> pd.DataFrame:
    """Weeks under the reliability floor become gaps; the panel's own measure is not named after a denominator."""
    is_kept = weekly["figure_state"] != "non_pertinente"
    computed = is_kept & (weekly["link"] != "officines")
    return weekly.assign(
        coverage_days=weekly["coverage_days"].where(is_kept),
        coverage_current_days=weekly["coverage_current_days"].where(computed),
        coverage_legal_days=weekly["coverage_legal_days"].where(computed),
    )


def message(seen: View) -> str:
    """What the figure shows first: the weakest link and where it comes from."""
    weakest = seen.weakest()
    return "Aucun maillon mesuré" if weakest is None else _sentence(weakest)


def _sentence(row: Row) -> str:
    """« Grossistes-répartiteurs : 2,3 j, −3,3 j en quatre semaines »."""
    if row["figure_state"] in tokens.REPLACING or fr.missing(row["coverage_days"]):
        return f"{row['label']} : {tokens.look(None, str(row['figure_state'])).word.lower()}"
    change = row["delta_4w_days"]
    moved = "" if fr.missing(change) else f", {fr.change(change)} en quatre semaines"
    return f"{row['label']} : {fr.days(row['coverage_days'])}{moved}"


def _surveillance(seen: View) -> _Surveillance:
    """Outside surveillance of the plan in the columns of the figure; empty without a plan."""
    if seen.surveillance == "vigilance":
        history = session.load(surveillance.vigilance_history)
        colours = {"yellow": 2, "orange": 3, "red": 4}
        tall = history[["day", *colours]].melt(
            id_vars="day", value_vars=list(colours), var_name="colour", value_name="departments"
        )
        return tall.assign(colour_id=tall["colour"].map(colours)), "vigilance"
    indicators = list(seen.plan["indicators"]) if seen.plan else []
    if not indicators:
        return pd.DataFrame(), "epidemic"
    rates = session.load(surveillance.epidemics, indicators)
    return rates.assign(label=rates["indicator"].map(_name), value=rates["er_rate"]), "epidemic"


def _name(indicator: str) -> str:
    return _INDICATOR.get(indicator, indicator.replace("-", " "))


def _sources(seen: View) -> dict[str, str]:
    """Link → name of its source, as the hover shows it."""
    titles = {r["source_key"]: str(r["title"]).split(" : ")[0] for r in figures.records(session.load(sources.states))}
    return {str(r["link"]): titles.get(r["source_key"], "") for r in figures.records(seen.links)}


@block
def nothing() -> Markup:
    """In the place of the chain, when nothing was ever received."""
    return render("molecules/nothing")


@block
def reading(subject_id: str) -> Markup:
    """What each figure of the chain is counted against, its bounds, its rhythm, its caveat; a decision taken by hand."""
    seen = view.known(subject_id)
    links = figures.records(seen.links)
    rows = [{**row, "used": denominators.used(row), "others": ", ".join(denominators.others(row))} for row in links]
    origins = {str(r["label"]): str(r["legal_origin"]) for r in links if not fr.missing(r["legal_origin"])}
    decided = {name: origin.removeprefix(MANUAL) for name, origin in origins.items() if origin.startswith(MANUAL)}
    is_one = len(set(decided.values())) < 2
    reasons = list(decided.values())[:1] if is_one else [f"{name.lower()}, {why}" for name, why in decided.items()]
    return render(
        "molecules/reading", rows=rows, decided=", ".join(decided).lower() if is_one else "", reason=" ; ".join(reasons)
    )


def twins(seen: View) -> None:
    """Tables of the charts."""
    context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
    sheets = (
        (_weekly, _COVERAGE, "couverture", "coverage_weekly", "Couverture"),
        (_sales, _SALES, "ventes", "sales_weekly", "Ventes"),
        (_supplies, _SUPPLIES, "approvisionnements", "planned_supply", "Approvisionnements annoncés"),
    )
    tables.twins(
        [
            tables.Twin(label, partial(rows, seen), columns, f"{name}-{seen.key}", context, source)
            for rows, columns, name, source, label in sheets
            if name in _with_rows(seen.id)
        ]
    )


@kept
def _with_rows(subject_id: str) -> tuple[str, ...]:
    counts = {
        "ventes": len(session.load(coverage.sales, subject_id)),
        "approvisionnements": len(session.load(coverage.supplies, subject_id)),
    }
    return ("couverture", *(name for name, rows in counts.items() if rows))


def _weekly(seen: View) -> pd.DataFrame:
    weekly = session.load(coverage.weekly, seen.id)
    names = dict(zip(seen.links["link"], seen.links["label"], strict=True))
    return weekly.assign(
        link_label=weekly["link"].map(names),
        status_label=[tokens.look(s).word for s in weekly["status"]],
        state_label=weekly["figure_state"].map(_STATES),
        denominator_label=weekly["denominator"].map(denominators.SHORT),
    ).sort_values(["week", "link"], ascending=[False, True])


def _sales(seen: View) -> pd.DataFrame:
    return session.load(coverage.sales, seen.id).sort_values("week", ascending=False)


def _supplies(seen: View) -> pd.DataFrame:
    """Those of the last week, and to come."""
    supplies = session.load(coverage.supplies, seen.id)
    return supplies[pd.to_datetime(supplies["planned_on"]) >= pd.Timestamp(seen.as_of - timedelta(days=7))]
