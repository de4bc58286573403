"""Right part: the three links, market shares, tipping, the reference decided by hand, other groups, territory."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from metrics import methods
from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.risk import queries as risk
from metrics.stops import queries as stops
from pages.components import badges, declaration_rows, denominators, markup, states, tables, tension, tipping
from pages.components import format as fr
from pages.components.charts import figures, simple
from pages.components.grid import Grid
from pages.components.shell import frame, session
from pages.molecules.view import PAGE, View

MANUAL = "référence manuelle : "
STOPS = "pages/anticiper/arrets.py"
_SHARES = {"laboratory": "Laboratoire", "share_pct": "Part des boîtes vendues par les exploitants, 12 mois (%)", "boxes": "Boîtes",
           "declared_share_pct": "Dont présentations sous déclaration ouverte (%)",
           "presentations": "Présentations", "declared_presentations": "Présentations sous déclaration"}  # fmt: skip
_TIPPING = {"circuit": "Circuit", "declarations": "Déclarations ouvertes", "declared_share_pct": "Parts écrites sous déclaration (%)",
            "declared_upper_pct": "La même, au plus (%)", "unknown_presentations": "Présentations déclarées sans part",
            "others_coverage_days": "Couverture des autres présentations (j)",
            "others_absorb_pct": "Absorbable par les autres présentations (%)", "uncovered_pct": "Non couvert (%)"}  # fmt: skip


def draw(seen: View) -> None:
    """Everything, from the state today to where to go next."""
    frame.section("Aujourd'hui", "dénominateur et rythme des relevés sous chaque maillon")
    markup.show("".join(_link(row) for row in figures.records(seen.links)))
    _manual(seen)
    _shares(seen)
    _tipping(seen)
    _stops(seen)
    siblings(seen)


def _link(row: Mapping[str, Any]) -> str:
    """Card of one link, and under it what it is counted against, the others, its rhythm, why the figure is qualified."""
    rhythm = row.get("rhythm")
    parts = [
        f"selon {denominators.used(row)}",
        *denominators.others(row),
        _figure("stock", row["stock_boxes"], fr.boxes),
        "" if fr.missing(rhythm) else f"rythme constaté : {rhythm}",
    ]
    parts += [f"bornes {fr.number(row['acceptable_days'])} et {fr.number(row['satisfactory_days'])} j"]
    reason = "" if fr.missing(row["state_reason"]) else f"<br>{escape(str(row['state_reason']))}"
    note = (
        f'<div class="vs-note" style="margin:.15rem 0 .7rem">{escape(" · ".join(p for p in parts if p))}{reason}</div>'
    )
    return badges.link_cell(row, card=True) + note


def _figure(name: str, value: Any, write: Any) -> str:
    return "" if fr.missing(value) else f"{name} {write(value)}"


def _manual(seen: View) -> None:
    """A reference decided by hand replaces twelve months of sales: it is never silent."""
    found = {
        str(r["label"]): str(r["legal_origin"])
        for r in figures.records(seen.links)
        if not fr.missing(r["legal_origin"])
    }
    decided = {name: origin.removeprefix(MANUAL) for name, origin in found.items() if origin.startswith(MANUAL)}
    if not decided:
        return
    frame.section("Référence décidée à la main")
    reason = next(iter(decided.values()))
    markup.show(
        f'<p style="margin:0">{escape(reason)}. {declaration_rows.note("Vaut pour : " + ", ".join(decided).lower())}</p>'
    )


def _shares(seen: View) -> None:
    frame.section("Parts de marché", "boîtes vendues par les exploitants, ville et hôpital, 12 mois")
    if not seen.may_see:
        markup.show(f'<p class="vs-empty-line">{declaration_rows.MASKED}</p>')
        return
    states.note("market_share")
    shares = session.load(coverage.market_shares, seen.id)
    whole = session.load(risk.declared_share, seen.id)
    title = tipping.sold_words(whole, "du groupe" if seen.is_group else "de la DCI")
    simple.show(
        simple.market_share_bars(shares, title=title if len(shares) else "", scale=frame.scale()), "parts", alt=title
    )
    unknown = tipping.unknown_words(whole)
    if unknown:
        markup.show(f'<p class="vs-note">{unknown}</p>')
    if len(shares):
        context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
        tables.table_twin(shares, _SHARES, f"parts-{seen.id.replace(':', '-')}", context, source="market_share")


def _tipping(seen: View) -> None:
    found = session.load(declarations.tipping, seen.dci_key)
    if not found:
        return
    frame.section("Basculement", "DCI entière, parts écrites dans les déclarations, additionnées par circuit")
    states.note("tipping")
    limits = session.load(methods.thresholds).set_index("name")["value"].to_dict()
    markup.show("".join(f'<p style="margin:.2rem 0 .6rem">{tipping.words(row, limits)}</p>' for row in found))
    tables.table_twin(
        pd.DataFrame(found), _TIPPING, f"basculement-{seen.dci_key}", {"DCI": str(seen.facts["dci"])}, source="tipping"
    )


def _stops(seen: View) -> None:
    """Discontinuations announced on the DCI, each with its way to the load it leaves."""
    found = session.load(stops.of_dci, seen.dci_key)
    if not found:
        return
    frame.section("Arrêts de commercialisation", "DCI entière")
    grid = Grid("arrets-dci", "6.8rem minmax(9rem,1fr)")
    for stop in found:
        grid.link(str(stop["stop_no"]), STOPS, {"arret": str(stop["stop_no"])})
        when = "effectif depuis le" if stop["is_effective"] else "le"
        share = fr.percent(stop["sales_share_pct"], bounds=[float(stop["stop_share_pct"])])
        sold = "" if fr.missing(stop["sales_share_pct"]) else f", {share} des ventes de la DCI"
        told = f"{when} {fr.day(stop['stop_on'])}{sold}"
        grid.cells(f"<span>{escape(str(stop['laboratory']))}<br>{declaration_rows.note(told)}</span>")


def siblings(seen: View) -> None:
    """Other followed groups of the DCI with their weakest link, the DCI as a whole, the departments."""
    others = [row for row in figures.records(seen.groups) if row["group_id"] != seen.id]
    if others or seen.is_group:
        frame.section("Même DCI")
        grid = Grid("meme-dci", "minmax(9rem,1fr) auto")
        for row in others:
            grid.link(str(row["label"]), PAGE, {"sujet": str(row["group_id"])})
            unknown = "" if fr.missing(row["weakest_status"]) else tension.unknown(row)
            pill = badges.pill(_status(row), _state(row), days=row["weakest_days"])
            grid.cells(f"<span>{pill}<br>{declaration_rows.note(unknown)}</span>" if unknown else pill)
        if seen.is_group:
            grid.link("La DCI entière", PAGE, {"sujet": f"dci:{seen.dci_key}"})
            grid.cells(declaration_rows.note(fr.plural(seen.facts["presentations"], "présentation", "présentations")))
    if seen.is_group and seen.plan:
        target = {"plan": str(seen.plan["plan"]), "sujet": seen.id}
        st.page_link("pages/territoires/territoires.py", label="Voir les départements", icon="", query_params=target)


def _status(row: Mapping[str, Any]) -> str | None:
    return None if fr.missing(row["weakest_status"]) else str(row["weakest_status"])


def _state(row: Mapping[str, Any]) -> str:
    return "absent" if fr.missing(row["weakest_status"]) else str(row["weakest_state"])
