"""Links and plans recomputed from the naive coverage: standing, weakest link, class of a tension."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.metrics.naive import WEEK, Coverage, Figure, Weeks, is_reliable, status
from tests.metrics.naive_files import Inputs, Panel
from tests.metrics.naive_subjects import Band

GRAVITY = {"insatisfaisante": 0, "acceptable": 1, "satisfaisante": 2}
RHYTHM_DAYS = 7
DEPARTMENT = "Département"


def link_status(inputs: Inputs, result: Coverage) -> dict[tuple[str, str], Figure]:
    """Where each link stands: every link of a followed group, and the measured ones of a DCI."""
    followed = {group for _, group in inputs.groups}
    return {
        (subject, band.link): _standing(inputs, band, result.get((subject, band.link), {}))
        for subject, bands in inputs.bands.items()
        for band in bands
        if subject in followed or (subject, band.link) in result
    }


def _standing(inputs: Inputs, band: Band, weeks: Weeks) -> Figure:
    with_status = [week for week in weeks if weeks[week]["status"] is not None]
    week, newest = max(with_status, default=None), max(weeks, default=None)
    figure = weeks[week] if week else {}
    before = weeks.get(week - 4 * WEEK, {}).get("coverage_days") if week else None
    days = figure.get("coverage_days")
    missing = weeks[newest] if newest else {}
    names = ("coverage_days", "coverage_legal_days", "coverage_current_days", "stock_boxes", "status")
    return {
        **{name: figure.get(name) for name in (*names, "participants", "legal_origin")},
        "label": band.label,
        "order_no": band.order,
        "satisfactory_days": band.satisfactory,
        "acceptable_days": band.acceptable,
        "denominator": figure.get("denominator", band.denominator),
        "week": week,
        "measured_on": week + timedelta(days=6) if week else None,
        "age_days": (inputs.as_of - week).days - 6 if week else None,
        "figure_state": _standing_state(inputs, week, newest, figure),
        "delta_4w_days": None if days is None or before is None else days - before,
        "spark": [weeks.get(newest - k * WEEK, {}).get("coverage_days") for k in range(7, -1, -1)] if newest else None,
        **{name: missing.get(name) for name in ("missing_share_pct", "missing_names")},
    }


def _standing_state(inputs: Inputs, week: date | None, newest: date | None, figure: Figure) -> str:
    if newest is None:
        return "absent"
    if week is None:
        return "en_retard"
    if figure["status"] == "non_pertinente":
        return "non_pertinente"
    # The next week ends one rhythm after this one, its file is due within a week, and forgiven for the days of grace.
    age = (inputs.as_of - week).days - 6
    is_point = "rhythm" in figure and figure["due_weeks"] is None
    rhythm = RHYTHM_DAYS * (figure.get("due_weeks") or 1)
    late_after = inputs.parameters["flash_carry_days"] if is_point else rhythm + 7 + inputs.parameters["grace_days"]
    if week < newest or age > late_after:
        return "en_retard"
    is_ageing = is_point and age > inputs.parameters["flash_fresh_days"]
    return "estime" if is_ageing and figure["figure_state"] == "a_jour" else str(figure["figure_state"])


def plan_status(inputs: Inputs, links: dict[tuple[str, str], Figure], departments: list[str]) -> dict[str, Figure]:
    """By followed group: its weakest link, and whether the tension is national, diffuse or local."""
    result = {}
    for _, group in inputs.groups:
        mine = [(link, figure) for (subject, link), figure in links.items() if subject == group]
        with_status = [(link, f) for link, f in mine if f["status"] in GRAVITY]
        weakest = min(with_status, key=lambda item: _weakness(item[1]), default=(None, dict[str, Any]()))
        newest = max(
            (week for its, level, _, week in inputs.panel if (its, level) == (group, DEPARTMENT)), default=None
        )
        measured = [inputs.panel.get((group, DEPARTMENT, code, newest)) for code in departments if newest]
        local = [of for panel in measured if (of := _department(inputs, group, panel)) in GRAVITY]
        low = local.count("insatisfaisante")
        result[group] = {
            "weakest_link": weakest[0],
            **{f"weakest_{name}": weakest[1].get(name) for name in ("label", "status")},
            "weakest_days": weakest[1].get("coverage_days"),
            "weakest_on": weakest[1].get("measured_on"),
            "weakest_state": weakest[1].get("figure_state"),
            "tension": _tension(inputs, dict(mine), low, len(local)),
            "departments_insufficient": low,
            "departments_measured": len(local),
            "presentations": len(inputs.subjects[group]),
        }
    return result


def _weakness(figure: Figure) -> tuple[int, float, int]:
    return GRAVITY[figure["status"]], figure["coverage_days"] / figure["satisfactory_days"], figure["order_no"]


def _department(inputs: Inputs, group: str, panel: Panel | None) -> str | None:
    """Status of the pharmacies of a department in the last week the panel measured the group anywhere."""
    band = next(band for band in inputs.bands[group] if band.link == "officines")
    return status(band, panel.days) if panel and is_reliable(inputs, panel) else None


def _tension(inputs: Inputs, links: dict[str, Figure], low: int, measured: int) -> str | None:
    if any(figure["status"] == "insatisfaisante" for figure in links.values()):
        return "nationale"
    if links["officines"]["status"] == "acceptable" and 100 * low > inputs.parameters["diffuse_share_pct"] * measured:
        return "diffuse"
    return "localisee" if low else None
