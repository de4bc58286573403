"""What may be written for each threshold: its bounds, and its order beside others. A file cannot loosen them."""

from __future__ import annotations

from data.strict.bounds import Bounds
from data.strict.sentences import refused

THRESHOLDS = {
    "current_weeks": Bounds(1, 104),
    "legal_weeks": Bounds(4, 104),
    "legal_min_weeks": Bounds(1, 104),
    "carry_weeks": Bounds(0, 12),
    "expected_weeks": Bounds(1, 104),
    "complete_share_pct": Bounds(1, 100, whole=False),
    "left_out_share_pct": Bounds(0, 100, whole=False),
    "floor_pharmacies": Bounds(0, 20_000),
    "floor_sales_boxes": Bounds(0, 1_000_000, whole=False),
    "floor_pui": Bounds(3, 3_000),  # below, the figure would be that of a hospital
    "pui_answer_pct": Bounds(0, 100, whole=False),
    "alert_window": Bounds(1, 52),
    "alert_readings": Bounds(1, 52),
    "trend_days": Bounds(0, 365, whole=False),
    "diffuse_share_pct": Bounds(0, 100, whole=False),
    "rhythm_gaps": Bounds(1, 12),
    "rhythm_month_weeks": Bounds(4, 6),
    "flash_fresh_days": Bounds(0, 366),
    "flash_carry_days": Bounds(7, 366),
    "grace_days": Bounds(0, 90),
    # The usual bounds of public statistics are floors: only a stricter rule may be written.
    "secrecy_min_laboratories": Bounds(3, 100),
    "secrecy_max_share_pct": Bounds(1, 85, whole=False),
    "tipping_horizon_days": Bounds(1, 366),
    "tipping_small_share_pct": Bounds(0, 100, whole=False),
    "tipping_uncovered_pct": Bounds(0, 100, whole=False),
    "reminder_days": Bounds(0, 90),
    "slip_days": Bounds(1, 366),
    "replaced_within_days": Bounds(0, 366),
    "history_whole_pct": Bounds(0, 100, whole=False),
    "season_high_pct": Bounds(101, 1_000, whole=False),
    "repetition_months": Bounds(1, 120),
    "monthly_window_months": Bounds(1, 60),
    "monthly_min_months": Bounds(1, 60),
    "monthly_rise_ratio": Bounds(1, 100, whole=False),
    "monthly_rise_declarations": Bounds(1, 10_000),
    "monthly_rise_declarants": Bounds(1, 1_000),
    "monthly_class_declarations": Bounds(1, 10_000),
    "monthly_class_declarants": Bounds(1, 1_000),
    "inconsistent_sales_pct": Bounds(0, 1_000, whole=False),
    "inconsistent_share_points": Bounds(0, 100, whole=False),
    "reference_gap_points": Bounds(0, 100, whole=False),
    "safety_months": Bounds(1, 24, whole=False),
    "safety_raised_months": Bounds(1, 24, whole=False),
    "safety_back_weeks": Bounds(1, 52),
    "safety_repeat_months": Bounds(1, 24),
    "safety_period_weeks": Bounds(1, 260),
    "measure_after_weeks": Bounds(1, 104),
    "history_window_days": Bounds(1, 3_660),
    "history_window_short_days": Bounds(1, 3_660),
    "history_window_long_days": Bounds(1, 3_660),
    "history_cross_low_pct": Bounds(0, 100, whole=False),
    "history_cross_pct": Bounds(0, 100, whole=False),
    "history_cross_high_pct": Bounds(0, 100, whole=False),
    "tension_answer_pct": Bounds(0, 100, whole=False),
    "panel_late_weeks": Bounds(1, 260),
    "panel_gone_weeks": Bounds(1, 260),
    "stop_notice_days": Bounds(0, 3_660),
    "stop_share_pct": Bounds(0, 100, whole=False),
    "photograph_gap_days": Bounds(1, 366),
    "field_days": Bounds(1, 366),
    "signal_weeks": Bounds(1, 52),
    "signal_presence_points": Bounds(1, 100, whole=False),
    "signal_coverage_pct": Bounds(1, 100, whole=False),
    "site_known_pct": Bounds(1, 100, whole=False),
}
PLAUSIBILITY = {
    "doubt_factor": Bounds(2, 1_000, whole=False),
    "doubt_floor_boxes": Bounds(0, 1_000_000, whole=False),
    "doubt_floor_days": Bounds(0, 366, whole=False),
    "doubt_most_days": Bounds(1, 3_660, whole=False),
    "doubt_memory_weeks": Bounds(0, 520),
    "doubt_fall_weeks": Bounds(0, 104, whole=False),
    "doubt_unit_lines": Bounds(1, 10_000),
    "doubt_unit_share_pct": Bounds(1, 100, whole=False),
    "doubt_unit_spread": Bounds(1, 3, whole=False),  # beyond √10 a line would be near two ratios at once
    "name_common_pct": Bounds(0, 100, whole=False),
    "date_most_years_ahead": Bounds(1, 50),
    "date_most_years_before": Bounds(1, 200),
}
# Of two thresholds, the first is at most the second; the last ones are strictly below.
AT_MOST = (
    ("current_weeks", "legal_weeks"),
    ("legal_min_weeks", "legal_weeks"),
    ("carry_weeks", "expected_weeks"),
    ("alert_readings", "alert_window"),
    ("flash_fresh_days", "flash_carry_days"),
    ("monthly_min_months", "monthly_window_months"),
    ("safety_months", "safety_raised_months"),
    ("doubt_floor_days", "doubt_most_days"),
)
BELOW = (
    ("panel_late_weeks", "panel_gone_weeks"),
    ("history_window_short_days", "history_window_days"),
    ("history_window_days", "history_window_long_days"),
    ("history_cross_low_pct", "history_cross_pct"),
    ("history_cross_pct", "history_cross_high_pct"),
)


def check_order(values: dict[str, float]) -> None:
    """Raises ValueError with a sentence for each pair in the wrong order."""
    pairs = [
        *((low, high, "au plus") for low, high in AT_MOST if low in values and values[low] > values[high]),
        *((low, high, "moins de") for low, high in BELOW if low in values and values[low] >= values[high]),
    ]
    if pairs:
        raise ValueError(
            " ; ".join(
                f"[{low}], clé « value » : {refused(values[low], f'{limit} [{high}], {values[high]:g}')}"
                for low, high, limit in pairs
            )
        )
