"""The market of the subject: shares of sales, what tips over, who stops, and what else of the same DCI is followed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics import methods
from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.risk import queries as risk
from metrics.stops import queries as stops
from pages.components import format as fr
from pages.components import states, tables, tension, tipping, tokens
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

_SHARES = {"laboratory": "Laboratoire", "share_pct": "Part des boîtes vendues par les exploitants, 12 mois (%)", "boxes": "Boîtes",
           "declared_share_pct": "Dont présentations sous déclaration ouverte (%)",
           "presentations": "Présentations", "declared_presentations": "Présentations sous déclaration"}  # fmt: skip
_CIRCUITS = {"circuit": "Circuit", "laboratory": "Laboratoire", "share_pct": "Part du circuit (%)", "quantity": "Ventes",
             "unit": "Unité", "source_name": "Source", "period": "Période", "presentations": "Présentations"}  # fmt: skip
_SOURCE_NAMES = {"octave": "Octave", "gers": "GERS", "medicam": "Medic'AM, par titulaire", "trustmed": "TrustMed"}
_CIRCUIT_ORDER = ("ville", "hôpital")
_LABORATORIES = 12  # named in the block; the table has them all
_HOSPITALS = {"name": "Département", "week": "Semaine du", "establishments": "PUI", "coverage_days": "Couverture (j)",
              "status_label": "Statut", "stock_units": "Stock (UCD)", "daily_use_units": "Consommation (UCD par jour)"}  # fmt: skip
_DEPARTMENTS = 10
_TIPPING = {"circuit": "Circuit", "declarations": "Déclarations ouvertes", "declared_share_pct": "Parts écrites sous déclaration (%)",
            "declared_upper_pct": "La même, au plus (%)", "unknown_presentations": "Présentations déclarées sans part",
            "others_coverage_days": "Couverture des autres présentations (j)",
            "others_absorb_pct": "Absorbable par les autres présentations (%)", "uncovered_pct": "Non couvert (%)"}  # fmt: skip


@block
def sold(subject_id: str) -> Markup:
    """Shares of the market, then what tips over: shares of two kinds, each saying what it is the share of."""
    seen = view.known(subject_id)
    return _hospitals(seen) + _shares(seen) + _by_circuit(seen) + _tips(seen.dci_key)


@block
def around(subject_id: str, has_plan_page: bool) -> Markup:
    """Who stops, then what else of the same DCI is followed."""
    seen = view.known(subject_id)
    return _stopping(seen.dci_key) + _siblings(seen, has_plan_page)


def _shares(seen: View) -> Markup:
    """Each laboratory's share of the sales, the largest first, with the part under declaration; nothing when shared."""
    if not seen.may_see:
        return Markup()
    whole = session.load(risk.declared_share, seen.id)
    rows = figures.records(session.load(coverage.market_shares, seen.id))
    return render(
        "molecules/shares",
        state=states.of("market_share"),
        message=tipping.sold_words(whole, seen.of_subject),
        unknown=tipping.unknown_words(whole),
        of_subject=seen.of_subject,
        rows=rows,
    )


def _by_circuit(seen: View) -> Markup:
    """Each laboratory's share in town and at hospital, from the best source of each, named with its period."""
    found = figures.records(session.load(coverage.circuit_shares, seen.id))
    if not found:
        return Markup()
    heads = [
        {
            "circuit": circuit,
            "source": _SOURCE_NAMES[first["source_key"]],
            "period": _period(first),
            "unit": first["unit"],
        }
        for circuit in _CIRCUIT_ORDER
        if (first := next((row for row in found if row["circuit"] == circuit), None))
    ]
    held: dict[str, dict[str, float]] = {}
    for row in found:
        held.setdefault(str(row["laboratory"]), {})[str(row["circuit"])] = float(row["share_pct"])
    ranked = sorted(held.items(), key=lambda item: (-max(item[1].values()), item[0]))
    return render(
        "molecules/circuits",
        state=states.of("circuit_share"),
        heads=heads,
        rows=[(name, [shares.get(head["circuit"]) for head in heads]) for name, shares in ranked[:_LABORATORIES]],
        more=len(ranked[_LABORATORIES:]),
        of_subject=seen.of_subject,
    )


def _period(row: Mapping[str, Any]) -> str:
    """« 2025 », « 11/2025 à 10/2026 »; shares written in declarations have none."""
    if fr.missing(row["last_month"]):
        return "parts écrites dans les déclarations ouvertes"
    first, last = row["first_month"], row["last_month"]
    if row["source_key"] == "octave":
        return f"{last:%Y}"
    return f"{first:%m/%Y} à {last:%m/%Y}"


def _hospitals(seen: View) -> Markup:
    """Departments whose hospital pharmacies are the shortest; nothing for a subject that no hospital reports."""
    band = next((row for row in figures.records(seen.links) if row["link"] == "pui"), None)
    rows = figures.records(session.load(coverage.hospital_departments, seen.id)) if band else []
    if not rows or band is None:
        return Markup()
    low = [row for row in rows if row["status"] == "insatisfaisante"]
    measured = [row for row in rows if not fr.missing(row["coverage_days"])]
    return render(
        "molecules/hospitals",
        rows=measured[:_DEPARTMENTS],
        low=len(low),
        measured=len(measured),
        unmeasured=len(rows) - len(measured),
        hospitals=sum(int(row["establishments"]) for row in rows),
        week=rows[0]["week"],
        band=band,
    )


def _tips(dci_key: str) -> Markup:
    """Arithmetic of each circuit; empty for a DCI without declaration, and where laboratories are not shown."""
    found = session.load(declarations.tipping, dci_key)
    limits = session.load(methods.thresholds).set_index("name")["value"].to_dict()
    sentences = [tipping.words(row, limits) for row in found]
    return render("molecules/tipping", sentences=sentences, state=states.of("tipping")) if found else Markup()


def _stopping(dci_key: str) -> Markup:
    """Discontinuations announced on the DCI, each with its way to the load it leaves."""
    found = [_stop(row) for row in session.load(stops.of_dci, dci_key)]
    return render("molecules/stops", rows=found) if found else Markup()


def _stop(row: Mapping[str, Any]) -> dict[str, Any]:
    share = fr.percent(row["sales_share_pct"], bounds=[float(row["stop_share_pct"])])
    return {**row, "share": "" if fr.missing(row["sales_share_pct"]) else share}


def _siblings(seen: View, has_plan_page: bool) -> Markup:
    """Other followed groups of the DCI with their weakest link, the DCI as a whole, the departments."""
    others = [
        row | {"unknown": "" if fr.missing(row["weakest_status"]) else tension.unknown(row)}
        for row in figures.records(seen.groups)
        if row["group_id"] != seen.id
    ]
    if not others and not seen.is_group:
        return Markup()
    return render(
        "molecules/siblings",
        others=others,
        seen=seen,
        plan=str(seen.plan["plan"]) if seen.plan and has_plan_page else "",
    )


@kept
def _with_rows(subject_id: str, dci_key: str) -> tuple[bool, bool, bool, bool]:
    return (
        bool(len(session.load(coverage.market_shares, subject_id))),
        bool(session.load(declarations.tipping, dci_key)),
        bool(len(session.load(coverage.circuit_shares, subject_id))),
        bool(len(session.load(coverage.hospital_departments, subject_id))),
    )


def twins(seen: View) -> None:
    """Tables of the shares and of the arithmetic."""
    context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
    has_shares, has_tipping, has_circuits, has_hospitals = _with_rows(seen.id, seen.dci_key)
    shares = partial(session.load, coverage.market_shares, seen.id)
    found = partial(session.load, declarations.tipping, seen.dci_key)
    of_dci = {"DCI": str(seen.facts["dci"])}
    known = (
        (has_hospitals, tables.Twin("Pharmacies hospitalières", partial(_hospital_rows, seen.id), _HOSPITALS,
                                    f"pui-{seen.key}", context, "pui_department")),
        (has_circuits, tables.Twin("Parts par circuit", partial(_circuit_rows, seen.id), _CIRCUITS,
                                   f"circuits-{seen.key}", context, "circuit_share")),
        (has_shares, tables.Twin("Parts de marché", shares, _SHARES, f"parts-{seen.key}", context, "market_share")),
        (has_tipping, tables.Twin("Basculement", found, _TIPPING, f"basculement-{seen.dci_key}", of_dci, "tipping")),
    )  # fmt: skip
    tables.twins([twin for is_known, twin in known if is_known])


def _circuit_rows(subject_id: str) -> pd.DataFrame:
    table = session.load(coverage.circuit_shares, subject_id)
    return table.assign(
        source_name=table["source_key"].map(_SOURCE_NAMES), period=[_period(row) for row in figures.records(table)]
    )


def _hospital_rows(subject_id: str) -> pd.DataFrame:
    table = session.load(coverage.hospital_departments, subject_id)
    return table.assign(status_label=[tokens.look(status).word for status in table["status"]])
