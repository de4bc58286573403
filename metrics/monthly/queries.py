"""Monthly dashboard of declarations: the months that can be shown, and the seven blocks of one month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from data.warehouse import Reader

SPANS = ("mois", "cumul")
PAST_MONTHS = 24
LEVELS = ("haut", "important", "moyen", "faible", "non évalué")


@dataclass(frozen=True)
class Monthly:
    """One month. ``month`` and ``year``: counts of the month and since January (rows of *monthly_count*).

    ``past``: counts month by month, the last one being this month. Tables by level, class, DCI and laboratory hold both
    spans side by side (``…_month``, ``…_year``). ``laboratories`` is None where no laboratory may be named.
    """

    month: dict[str, Any]
    year: dict[str, Any]
    past: pd.DataFrame
    levels: pd.DataFrame
    classes: pd.DataFrame
    class_levels: pd.DataFrame
    dcis: pd.DataFrame
    laboratories: pd.DataFrame | None
    movements: pd.DataFrame
    compared_months: int
    needed_months: int

    @property
    def is_scored(self) -> bool:
        """Some situation of the year has a level of risk."""
        return bool((self.levels["level"] != LEVELS[-1]).any())


def months(reader: Reader) -> list[dict[str, Any]]:
    """Counts of every month that can be shown, the latest first."""
    return reader.rows("SELECT * FROM monthly_count WHERE span = 'mois' ORDER BY month DESC")


def default(counts: list[dict[str, Any]]) -> date | None:
    """The latest whole month with a declaration, else the latest month."""
    whole = [row["month"] for row in counts if row["declarations"] and is_whole(row)]
    return whole[0] if whole else next((row["month"] for row in counts), None)


def is_whole(row: dict[str, Any]) -> bool:
    """False for the month of the snapshot, which is not over."""
    counted_to: date = row["counted_to"]
    following = date(counted_to.year + counted_to.month // 12, counted_to.month % 12 + 1, 1)
    return (following - counted_to).days == 1


def dashboard(reader: Reader, month: date) -> Monthly:
    """The blocks of a month. Raises LookupError for a month without a source."""
    counts = {row["span"]: row for row in reader.rows("SELECT * FROM monthly_count WHERE month = $month", month=month)}
    if counts.keys() != set(SPANS):
        raise LookupError(f"no declaration source knows {month:%Y-%m}")
    return Monthly(
        month=counts["mois"],
        year=counts["cumul"],
        past=_past(reader, month),
        levels=_sides(reader, "monthly_level", month, ["level", "level_rank"]).sort_values(
            "level_rank", ascending=False
        ),
        classes=_classes(reader, month),
        class_levels=_sides(reader, "monthly_class", month, ["atc_group", "level", "level_rank"]),
        dcis=_dcis(reader, month),
        laboratories=_laboratories(reader, month) if names_laboratories(reader) else None,
        movements=_movements(reader, month),
        compared_months=_compared_months(reader, month),
        needed_months=_threshold(reader, "monthly_min_months"),
    )


def names_laboratories(reader: Reader) -> bool:
    """The shared artefact counts declaring laboratories without naming them."""
    return reader.has("monthly_laboratory")


def _past(reader: Reader, month: date) -> pd.DataFrame:
    """Counts of the last months up to this one, month and running total of its year side by side."""
    return reader.frame(
        """
        SELECT m.*, c.declarations AS declarations_year, c.specialities AS specialities_year, c.closed AS closed_year
        FROM monthly_count AS m
        INNER JOIN monthly_count AS c ON c.month = m.month AND c.span = 'cumul'
        WHERE m.span = 'mois' AND m.month <= $month AND date_diff('month', m.month, $month) < $months
        ORDER BY m.month
        """,
        month=month,
        months=PAST_MONTHS,
    )


def _sides(reader: Reader, table: str, month: date, keys: list[str]) -> pd.DataFrame:
    """Rows of one table by ``keys``, a column of each figure by span: 0 where the span has none."""
    rows = reader.frame(f"SELECT * FROM {table} WHERE month = $month", month=month)
    figures = ["situations", "declarations", "ruptures"]
    month_side, year_side = (rows[rows["span"] == span][[*keys, *figures]] for span in SPANS)
    both = year_side.merge(month_side, how="outer", on=keys, suffixes=("_year", "_month"))
    counted = [column for column in both.columns if column not in keys]
    return both.assign(**{column: both[column].fillna(0).astype("int64") for column in counted})


def _classes(reader: Reader, month: date) -> pd.DataFrame:
    """Situations and declarations by main ATC class, the most situations of the month first; unknown class last."""
    table = _sides(reader, "monthly_class", month, ["atc_group", "level", "level_rank"])
    counted = [column for column in table.columns if column not in ("atc_group", "level", "level_rank")]
    summed = table.groupby("atc_group", dropna=False, as_index=False)[counted].sum()
    order = summed.assign(unknown=summed["atc_group"].isna())
    by = ["unknown", "situations_month", "situations_year", "atc_group"]
    return order.sort_values(by, ascending=[True, False, False, True]).drop(columns="unknown").reset_index(drop=True)


def _dcis(reader: Reader, month: date) -> pd.DataFrame:
    """DCI declared in the year, the most declared of the month first."""
    return reader.frame(
        """
        SELECT
            y.dci_key, y.dci, y.atc_group, COALESCE(m.declarations, 0) AS declarations_month,
            COALESCE(m.situations, 0) AS situations_month, m.level AS level_month, y.declarations AS declarations_year,
            y.situations AS situations_year, y.level AS level_year, y.declared_months, y.repeated_declarations,
            y.known_months, d.dci_key IS NOT NULL AS is_known
        FROM monthly_dci AS y
        LEFT JOIN monthly_dci AS m ON m.month = y.month AND m.dci_key = y.dci_key AND m.span = 'mois'
        LEFT JOIN dci AS d ON d.dci_key = y.dci_key
        WHERE y.span = 'cumul' AND y.month = $month
        ORDER BY declarations_month DESC, declarations_year DESC, y.dci_key
        """,
        month=month,
    )


def _laboratories(reader: Reader, month: date) -> pd.DataFrame:
    """Laboratories that declared in the year, those of the month first."""
    return reader.frame(
        """
        SELECT
            y.laboratory, COALESCE(m.declarations, 0) AS declarations_month, COALESCE(m.situations, 0) AS situations_month,
            COALESCE(m.share_pct, 0) AS share_month_pct, m.level AS level_month, y.declarations AS declarations_year,
            y.situations AS situations_year, y.share_pct AS share_year_pct, y.level AS level_year
        FROM monthly_laboratory AS y
        LEFT JOIN monthly_laboratory AS m
            ON m.month = y.month AND m.laboratory_key = y.laboratory_key AND m.span = 'mois'
        WHERE y.span = 'cumul' AND y.month = $month
        ORDER BY declarations_month DESC, declarations_year DESC, y.laboratory
        """,
        month=month,
    )


def _movements(reader: Reader, month: date) -> pd.DataFrame:
    """Sudden rises of the month: classes, then DCI, then specialities, the largest excess of declarants first."""
    return reader.frame(
        """
        SELECT *
        FROM monthly_movement
        WHERE month = $month
        ORDER BY
            CASE scope WHEN 'classe' THEN 0 WHEN 'dci' THEN 1 ELSE 2 END, declarants - usual_declarants DESC,
            declarations - usual_declarations DESC, subject_key
        """,
        month=month,
    )


def _compared_months(reader: Reader, month: date) -> int:
    """Number of months of the same source before this one, within the window used for comparison."""
    row = reader.row(
        """
        SELECT COUNT(*) AS months
        FROM monthly_count AS m
        INNER JOIN monthly_count AS n ON n.month = $month AND n.span = 'mois' AND n.source_key = m.source_key
        INNER JOIN threshold AS t ON t.name = 'monthly_window_months'
        WHERE m.span = 'mois' AND m.month < n.month AND date_diff('month', m.month, n.month) <= t.value
        """,
        month=month,
    )
    return int(row["months"]) if row else 0


def _threshold(reader: Reader, name: str) -> int:
    row = reader.row("SELECT value FROM threshold WHERE name = $name", name=name)
    return int(row["value"]) if row else 0
