"""The market of the subject: shares of sales, what tips over, who stops, and what else of the same DCI is followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics import methods
from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.risk import queries as risk
from metrics.stops import queries as stops
from pages.components import declaration_rows, states, tables, tension, tipping
from pages.components import format as fr
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
def shares(subject_id: str) -> Markup:
    """Each laboratory's share of the sales, the largest first, with the part of it that is under declaration."""
    seen = view.known(subject_id)
    whole = session.load(risk.declared_share, seen.id) if seen.may_see else None
    rows = figures.records(session.load(coverage.market_shares, seen.id))
    return render(
        "molecules/shares",
        masked="" if seen.may_see else declaration_rows.MASKED,
        state=states.of("market_share"),
        message=tipping.sold_words(whole, seen.of_subject),
        unknown=tipping.unknown_words(whole),
        of_subject=seen.of_subject,
        rows=rows,
        most=max((float(row["share_pct"]) for row in rows), default=0) or 1.0,
    )


@block
def tips(dci_key: str) -> Markup:
    """Arithmetic of each circuit; empty for a DCI without declaration, and where laboratories are not told."""
    found = session.load(declarations.tipping, dci_key)
    limits = session.load(methods.thresholds).set_index("name")["value"].to_dict()
    told = [Markup(tipping.words(row, limits)) for row in found]  # noqa: S704 – it escapes
    return render("molecules/tipping", told=told, state=states.of("tipping")) if found else Markup()


@block
def stopping(dci_key: str) -> Markup:
    """Discontinuations announced on the DCI, each with its way to the load it leaves."""
    found = [_stop(row) for row in session.load(stops.of_dci, dci_key)]
    return render("molecules/stops", rows=found) if found else Markup()


def _stop(row: Mapping[str, Any]) -> dict[str, Any]:
    share = fr.percent(row["sales_share_pct"], bounds=[float(row["stop_share_pct"])])
    return {**row, "share": "" if fr.missing(row["sales_share_pct"]) else share}


@block
def siblings(subject_id: str, has_plan_page: bool) -> Markup:
    """Other followed groups of the DCI with their weakest link, the DCI as a whole, the departments."""
    seen = view.known(subject_id)
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
def _tipping_table(dci_key: str) -> pd.DataFrame:
    return pd.DataFrame(session.load(declarations.tipping, dci_key))


@kept
def _shares_table(subject_id: str) -> pd.DataFrame:
    return session.load(coverage.market_shares, subject_id)


def twins(seen: View) -> None:
    """Tables of the shares and of the arithmetic."""
    context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
    sold, tipped = _shares_table(seen.id), _tipping_table(seen.dci_key)
    if len(sold):
        tables.table_twin(sold, _SHARES, f"parts-{seen.key}", context, source="market_share",
                          label="Parts de marché : table et téléchargement")  # fmt: skip
    if len(tipped):
        tables.table_twin(tipped, _TIPPING, f"basculement-{seen.dci_key}", {"DCI": str(seen.facts["dci"])}, source="tipping",
                          label="Basculement : table et téléchargement")  # fmt: skip
