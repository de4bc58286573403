"""Reference tables of the project as Arrow: geography, thresholds, plans, sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa

from connectors.base import Source
from connectors.language.typography import french
from data.departments import departments
from data.reference import alert_rules
from data.reference.plans import Plan
from data.reference.thresholds import plausibility, thresholds

LINK_SOURCES = {"exploitants": "tracstocks", "grossistes": "grossistes", "officines": "iqvia", "pui": "dispostock"}


# What is published of a threshold; its bounds only guard the file.
SHOWN = ("value", "unit", "label", "origin", "to_validate")


def department_table() -> pa.Table:
    """101 rows: department, name, region, region_name, population (None for Mayotte)."""
    return pa.Table.from_pylist([item.model_dump() for item in departments()])


def threshold_table() -> pa.Table:
    """One row per threshold, rule of plausibility or bound of an alert, as *Méthode* shows it."""
    every = {**thresholds(), **plausibility(), **alert_rules.thresholds(alert_rules.rules())}
    return pa.Table.from_pylist([{"name": name, **item.model_dump(include=set(SHOWN))} for name, item in every.items()])


def parameters(as_of: date) -> pa.Table:
    """One row: every threshold as a column, and the day of the snapshot, for queries to cross with."""
    every = {**thresholds(), **plausibility()}
    return pa.Table.from_pylist([{"as_of": as_of, **{name: item.value for name, item in every.items()}}])


_PLAN = pa.schema(
    [
        *((name, pa.string()) for name in ("plan", "title", "question", "season")),
        ("is_permanent", pa.bool_()),
        ("level", pa.int64()),
        ("level_label", pa.string()),
        ("level_since", pa.date32()),
        *((name, pa.string()) for name in ("level_reason", "denominator", "surveillance", "origin")),
        ("to_validate", pa.bool_()),
        ("order_no", pa.int64()),
        ("indicators", pa.list_(pa.string())),
        ("in_season", pa.bool_()),
        ("is_watched", pa.bool_()),
    ]
)
_SEASON = pa.schema(
    [
        *((name, pa.string()) for name in ("plan", "season")),
        *((name, pa.date32()) for name in ("starts_on", "ends_on", "through_on")),
        ("is_running", pa.bool_()),
        ("season_no", pa.int64()),
    ]
)
_CHANGE = pa.schema(
    [
        *((name, pa.string()) for name in ("plan", "season")),
        ("changed_on", pa.date32()),
        ("level", pa.int64()),
        *((name, pa.string()) for name in ("level_label", "reason")),
        ("change_no", pa.int64()),
    ]
)


def plan_table(plans: Iterable[Plan], as_of: date) -> pa.Table:
    """One row per plan; ``in_season``: it runs on the day of the snapshot; ``is_watched``: it runs, or none does."""
    known = list(plans)
    is_season = any(plan.in_season(as_of) for plan in known)
    return pa.Table.from_pylist([_plan_row(plan, as_of, is_season=is_season) for plan in known], schema=_PLAN)


def _plan_row(plan: Plan, as_of: date, *, is_season: bool) -> dict[str, object]:
    level, change = plan.level_on(as_of), plan.change_on(as_of)
    named = ("title", "question", "season", "is_permanent", "denominator", "surveillance", "origin", "to_validate")
    return {
        "plan": plan.id,
        **{name: getattr(plan, name) for name in named},
        "level": level,
        "level_label": plan.levels[level],
        "level_since": change.on if change else None,
        "level_reason": change.reason if change else None,
        "order_no": plan.order,
        "indicators": list(plan.indicators),
        "in_season": plan.in_season(as_of),
        "is_watched": plan.in_season(as_of) or not is_season,
    }


def plan_season_table(plans: Iterable[Plan], as_of: date) -> pa.Table:
    """One row per plan and season begun, the last one first; ``through_on``: its last day, or that of the snapshot."""
    return pa.Table.from_pylist(
        [
            {
                "plan": plan.id,
                "season": season.name,
                "starts_on": season.starts_on,
                "ends_on": season.ends_on,
                "through_on": min(season.ends_on, as_of),
                "is_running": as_of <= season.ends_on,
                "season_no": number,
            }
            for plan in plans
            for number, season in enumerate(plan.seasons(as_of))
        ],
        schema=_SEASON,
    )


def plan_change_table(plans: Iterable[Plan], as_of: date) -> pa.Table:
    """One row per change of level up to the day of the snapshot, with the season it belongs to."""
    return pa.Table.from_pylist(
        [
            {
                "plan": plan.id,
                "season": plan.season_of(change).name,
                "changed_on": change.on,
                "level": change.level,
                "level_label": plan.levels[change.level],
                "reason": change.reason,
                "change_no": number,
            }
            for plan in plans
            for number, change in enumerate(plan.changes)
            if change.on <= as_of
        ],
        schema=_CHANGE,
    )


def plan_link_table(plans: Iterable[Plan]) -> pa.Table:
    """One row per link of a plan: its bands in days, their origin, the source that feeds it."""
    return pa.Table.from_pylist(
        [
            {
                "plan": plan.id,
                "order_no": number,
                "source_key": LINK_SOURCES[link.link],
                "denominator": plan.denominator_of(link.link),
                **link.model_dump(),
            }
            for plan in plans
            for number, link in enumerate(plan.links)
        ]
    )


def group_rule_table(plans: Iterable[Plan]) -> pa.Table:
    """One row per followed group: its rule, to be applied on the referential."""
    return pa.Table.from_pylist(
        [
            {
                "plan": plan.id,
                "group_id": group.id,
                "label": group.label,
                "dci": group.dci,
                "form_pattern": group.form,
                "form_out_pattern": group.form_out,
                "strengths": list(group.strengths),
                "cis_in": list(group.cis_in),
                "cis_out": list(group.cis_out),
                "order_no": number,
            }
            for plan in plans
            for number, group in enumerate(plan.groups)
        ]
    )


def group_strength_table(plans: Iterable[Plan]) -> pa.Table:
    """One row per strength of a group and name of it; ``is_sized``: written on a volume, « 250 mg/5 ml »."""
    rows = [
        {"group_id": group.id, "strength_key": key, "written_key": amount.written_key, "is_sized": amount.is_sized}
        for plan in plans
        for group in plan.groups
        for amount in group.amounts
        for key in sorted(amount.keys)
    ]
    kinds = [*((name, pa.string()) for name in ("group_id", "strength_key", "written_key")), ("is_sized", pa.bool_())]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def source_table(sources: Iterable[Source]) -> pa.Table:
    """One row per source, as its module describes it."""
    return pa.Table.from_pylist(
        [
            {
                "source_key": source.key,
                "title": french(source.title),
                "producer": source.producer,
                "licence": source.licence,
                "tier": source.tier,
                "rhythm_days": source.rhythm_days,
                "period_lag_days": source.period_lag_days,
                "form": french(source.form),
                "limits": [french(limit) for limit in source.limits],
                "order_no": number,
            }
            for number, source in enumerate(sources)
        ]
    )
