"""The market of the subject: shares of sales, what tips over, who stops, and what else of the same DCI is followed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from metrics import methods
from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.risk import queries as risk
from metrics.stops import queries as stops
from pages.components import format as fr
from pages.components import states, tables, tension, tipping
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

_SHARES = {"laboratory": "Laboratoire", "share_pct": "Part des boîtes vendues par les exploitants, 12 mois (%)", "boxes": "Boîtes",
           "declared_share_pct": "Dont présentations sous déclaration ouverte (%)",
           "presentations": "Présentations", "declared_presentations": "Présentations sous déclaration"}  # fmt: skip
_TIPPING = {"circuit": "Circuit", "declarations": "Déclarations ouvertes", "declared_share_pct": "Parts écrites sous déclaration (%)",
            "declared_upper_pct": "La même, au plus (%)", "unknown_presentations": "Présentations déclarées sans part",
            "others_coverage_days": "Couverture des autres présentations (j)",
            "others_absorb_pct": "Absorbable par les autres présentations (%)", "uncovered_pct": "Non couvert (%)"}  # fmt: skip


@block
def sold(subject_id: str) -> Markup:
    """Shares of the market, then what tips over: shares of two kinds, each saying what it is the share of."""
    return _shares(view.known(subject_id)) + _tips(view.known(subject_id).dci_key)


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
def _with_rows(subject_id: str, dci_key: str) -> tuple[bool, bool]:
    return bool(len(session.load(coverage.market_shares, subject_id))), bool(
        session.load(declarations.tipping, dci_key)
    )


def twins(seen: View) -> None:
    """Tables of the shares and of the arithmetic."""
    context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
    has_shares, has_tipping = _with_rows(seen.id, seen.dci_key)
    if has_shares:
        rows = partial(session.load, coverage.market_shares, seen.id)
        tables.table_twin(rows, _SHARES, f"parts-{seen.key}", context, source="market_share",
                          label="Parts de marché : table et téléchargement")  # fmt: skip
    if has_tipping:
        found = partial(session.load, declarations.tipping, seen.dci_key)
        tables.table_twin(found, _TIPPING, f"basculement-{seen.dci_key}", {"DCI": str(seen.facts["dci"])}, source="tipping",
                          label="Basculement : table et téléchargement")  # fmt: skip
