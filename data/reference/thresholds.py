"""Named thresholds of the queries (``thresholds.toml``) and rules of plausibility (``plausibility.toml``)."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationInfo, create_model, field_validator

from data.strict import Number, Strict, Text, read_toml, reference_file
from data.strict.sentences import refused

THRESHOLDS = (
    *("current_weeks", "legal_weeks", "legal_min_weeks", "carry_weeks", "expected_weeks"),
    *("complete_share_pct", "left_out_share_pct"),
    *("floor_pharmacies", "floor_sales_boxes", "alert_window", "alert_readings", "trend_days", "diffuse_share_pct"),
    *("rhythm_gaps", "rhythm_month_weeks", "flash_fresh_days", "flash_carry_days"),
    *("grace_days", "secrecy_min_laboratories", "secrecy_max_share_pct"),
    *("tipping_horizon_days", "tipping_small_share_pct", "tipping_uncovered_pct", "reminder_days", "slip_days"),
    "replaced_within_days",
    *("history_whole_pct", "repetition_months", "monthly_window_months", "monthly_min_months", "monthly_rise_ratio"),
    *("monthly_rise_declarations", "monthly_rise_declarants", "monthly_class_declarations", "monthly_class_declarants"),
    *("inconsistent_sales_pct", "inconsistent_share_points", "safety_months", "safety_raised_months"),
    *("safety_back_weeks", "safety_repeat_months"),
    *("safety_period_weeks", "measure_after_weeks", "history_window_days", "history_window_short_days"),
    *("history_window_long_days", "history_cross_low_pct", "history_cross_pct", "history_cross_high_pct"),
    *("tension_answer_pct", "panel_late_weeks", "panel_gone_weeks"),
    *("stop_notice_days", "stop_share_pct"),
)
PLAUSIBILITY = (
    *("doubt_factor", "doubt_floor_boxes", "doubt_floor_days", "doubt_most_days", "doubt_memory_weeks"),
    *("doubt_fall_weeks", "doubt_unit_lines", "doubt_unit_share_pct", "doubt_unit_spread", "name_common_pct"),
    *("date_most_years_ahead", "date_most_years_before"),
)


class Threshold(Strict):
    """A value with its unit, where it comes from, and whether it is *à valider*.

    ``minimum`` and ``maximum`` are the bounds of what may be written in the file; they are not published.
    """

    minimum: Number = 0
    maximum: Number | None = None
    value: Number
    unit: str
    label: Text
    origin: Text
    to_validate: bool

    @field_validator("value")
    @classmethod
    def _between_its_bounds(cls, value: float, info: ValidationInfo) -> float:
        least, most = info.data.get("minimum"), info.data.get("maximum")
        if least is not None and value < least:
            raise ValueError(refused(value, f"au moins {least}"))
        if most is not None and value > most:
            raise ValueError(refused(value, f"au plus {most}"))
        return value


def _table(name: str, thresholds: tuple[str, ...]) -> type[Strict]:
    fields: dict[str, Any] = dict.fromkeys(thresholds, (Threshold, ...))
    return create_model(name, __base__=Strict, **fields)


_THRESHOLDS, _PLAUSIBILITY = _table("Thresholds", THRESHOLDS), _table("Plausibility", PLAUSIBILITY)


def thresholds() -> dict[str, Threshold]:
    """Thresholds of the queries, by name."""
    return dict(read_toml(reference_file("thresholds.toml"), _THRESHOLDS, "Seuils"))


def plausibility() -> dict[str, Threshold]:
    """Rules that a received row must keep to enter a figure."""
    return dict(read_toml(reference_file("plausibility.toml"), _PLAUSIBILITY, "Règles de plausibilité"))
