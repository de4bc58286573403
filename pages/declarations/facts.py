"""Facts and measures of one declaration: what its last version says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from metrics.sites import queries
from pages.components import declaration_rows
from pages.components import format as fr
from pages.components.templating import render

Row = Mapping[str, Any]
PLANS = {
    "aucun": "Aucun plan reçu",
    "ancien": "Aucun plan de {campaign}",
    "illisible": "Plan illisible",
    "insuffisant": "Plan insuffisant",
    "non_lu": "Plan non lu",
    "satisfaisant": "Plan satisfaisant",
}


def html(
    row: Row,
    measures: Sequence[Row],
    alternatives: Sequence[Row] = (),
    european: Sequence[Row] = (),
    sites: Sequence[Row] = (),
    planned: Row | None = None,
) -> Markup:
    """The last version in two columns, then the measures of the last version that states any.

    alternatives: the items of that cell, as recognised. european: open declarations of the speciality to the platform.
    sites: of the speciality, step by step, in the annual statement in force. planned: its management plan, None
    when none is due nor received.
    """
    sold = [("ville", row["sales_town_boxes"]), ("hôpital", row["sales_hospital_boxes"])]
    return render(
        "declarations/facts",
        row=row,
        sales=[(place, boxes) for place, boxes in sold if not fr.missing(boxes)],
        public=declaration_rows.web(row["public_url"]),
        alternatives=[declaration_rows.alternative(item) for item in alternatives],
        european=[(one["esmp_no"], fr.listing(one["member_states"])) for one in european],
        stated=stated_sites(sites),
        planned=None if planned is None else plan_words(planned),
        measures=[(measure, measure_words(measure)) for measure in measures],
    )


def measure_words(row: Row) -> str:
    """Dates, volumes served, precisions."""
    served = [("ville servie", row["town_pct"]), ("hôpital servi", row["hospital_pct"])]
    parts = [f"du {fr.day(row['start_on'])}" if not fr.missing(row["start_on"]) else ""]
    parts += [f"au {fr.day(row['end_on'])}" if not fr.missing(row["end_on"]) else ""]
    parts += [f"{name} à {fr.percent(share)}" for name, share in served if not fr.missing(share)]
    parts += [] if fr.missing(row["detail"]) else [str(row["detail"])]
    return ", ".join(part for part in parts if part)


def stated_sites(sites: Sequence[Row]) -> list[Row]:
    """Each step with its sites, those without another first, then in the order in which a medicine is made."""
    steps: dict[str, list[Row]] = {}
    for site in sorted(sites, key=lambda site: queries.STEPS.index(str(site["step"]))):
        steps.setdefault(str(site["step"]), []).append(site)
    made = [
        {
            "step": step,
            "is_only": bool(rows[0]["is_only_site"]),
            "year": rows[0]["year"],
            "sites": [(row["site_key"], row["site_name"], _country(row)) for row in rows],
        }
        for step, rows in steps.items()
    ]
    return sorted(made, key=lambda one: not one["is_only"])


def _country(site: Row) -> str:
    return "pays inconnu" if fr.missing(site["country"]) else str(site["country"])


def plan_words(plan: Row) -> Row:
    """The management plan of the speciality: its state, what it promises, what it foresees."""
    months, due = plan["safety_stock_months"], plan["duty_months"]
    promise = "" if fr.missing(months) else f"stock promis : {_months(months)}"
    owed = "" if fr.missing(due) else f"stock dû : {_months(due)}"
    foreseen = [("Prévention", plan["prevention_measures"]), ("En cas de pénurie", plan["shortage_measures"])]
    return {
        "state": PLANS[str(plan["plan_state"])].format(campaign=plan["campaign"]),
        "year": None if fr.missing(plan["year"]) else int(plan["year"]),
        "received_on": plan["received_on"],
        "stock": " ; ".join(part for part in (promise, owed) if part),
        "is_under": plan["is_under_duty"] is True,
        "foreseen": [(name, str(text)) for name, text in foreseen if not fr.missing(text)],
        "is_silent": plan["is_without_measure"] is True,
    }


def _months(value: float) -> str:
    return f"{fr.number(value, 0 if float(value).is_integer() else 1)} mois"
