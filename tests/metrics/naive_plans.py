"""Links and plans recomputed from the naive coverage: standing, weakest link, class of a tension."""

from __future__ import annotations

from dataclasses import dataclass
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
        unknown = [f for _, f in sorted(mine, key=lambda item: item[1]["order_no"]) if f["status"] not in GRAVITY]
        place = _Places.of(inputs, group, departments)
        result[group] = {
            "weakest_link": weakest[0],
            **{f"weakest_{name}": weakest[1].get(name) for name in ("label", "status")},
            "weakest_days": weakest[1].get("coverage_days"),
            "weakest_bound_pct": round(_share(weakest[1]), 6) if weakest[0] else None,
            "weakest_on": weakest[1].get("measured_on"),
            "weakest_state": weakest[1].get("figure_state"),
            "unknown_links": ", ".join(f["label"] for f in unknown) or None,
            "tension": _tension(inputs, dict(mine), place),
            "departments_insufficient": len(place.low),
            "departments_measured": len(place.measured),
            "departments_silent": place.silent,
            "departments_late": place.late,
            "insufficient_sales_pct": place.share(),
            "departments_mean_days": place.mean(),
            "presentations": len(inputs.subjects[group]),
        }
    return result


def _weakness(figure: Figure) -> tuple[int, float, int]:
    return GRAVITY[figure["status"]], round(_share(figure), 6), figure["order_no"]


def _share(figure: Figure) -> float:
    """In % of the bound that decides the status: the upper one once reached, else the lower one."""
    reached = figure["coverage_days"] >= figure["satisfactory_days"]
    return float(100 * figure["coverage_days"] / figure["satisfactory_days" if reached else "acceptable_days"])


@dataclass
class _Places:
    """Departments of one group in the last week the panel measured it anywhere."""

    measured: list[Panel]
    low: list[Panel]
    silent: int
    late: int

    @classmethod
    def of(cls, inputs: Inputs, group: str, departments: list[str]) -> _Places:
        weeks: dict[str, dict[date, Panel]] = {code: {} for code in departments}
        for (its, level, code, week), panel in inputs.panel.items():
            if (its, level) == (group, DEPARTMENT):
                weeks[code][week] = panel
        newest = max((week for mine in weeks.values() for week in mine), default=None)
        if newest is None:
            return cls([], [], 0, 0)
        measured = [mine[newest] for mine in weeks.values() if newest in mine and is_reliable(inputs, mine[newest])]
        band = next(band for band in inputs.bands[group] if band.link == "officines")
        low = [panel for panel in measured if status(band, panel.days) == "insatisfaisante"]
        gone, late = (int(inputs.parameters[f"panel_{name}_weeks"]) for name in ("gone", "late"))
        silent = [(newest - max(mine)).days // 7 for mine in weeks.values() if mine and newest not in mine]
        return cls(measured, low, sum(back <= gone for back in silent), sum(back <= late for back in silent))

    def share(self) -> float | None:
        total = sum(panel.sales for panel in self.measured)
        return 100 * sum(panel.sales for panel in self.low) / total if total else None

    def mean(self) -> float | None:
        total = sum(panel.sales for panel in self.measured)
        return sum((panel.days or 0) * panel.sales for panel in self.measured) / total if total else None


def _tension(inputs: Inputs, links: dict[str, Figure], place: _Places) -> str | None:
    if any(figure["status"] == "insatisfaisante" for figure in links.values()):
        return "nationale"
    low, measured, expected = len(place.low), len(place.measured), len(place.measured) + place.late
    if not measured or 100 * measured < inputs.parameters["tension_answer_pct"] * expected:
        return None
    if low > 1 and 100 * low > inputs.parameters["diffuse_share_pct"] * measured:
        return "diffuse"
    if low:
        return "localisee"
    return "aucune" if all(figure["status"] in GRAVITY for figure in links.values()) else None
