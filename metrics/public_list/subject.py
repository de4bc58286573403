"""What public files hold about one medicine, a plan or a place: list, closed declarations, prices, reimbursed boxes.

Tables of sales exist once their source is among the connectors; without it, or without a file, a function gives nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from data.warehouse import Reader

# Specialities of a followed group or of a DCI; a line of the list that names a presentation is kept if it is theirs.
_MINE = """
    WITH mine AS (
        SELECT p.cis, p.cip13
        FROM presentation AS p
        WHERE 'dci:' || p.dci_key = $subject_id
            OR p.cip13 IN (SELECT g.cip13 FROM group_presentation AS g WHERE g.group_id = $subject_id)
        UNION ALL
        SELECT s.cis, NULL FROM speciality AS s WHERE 'dci:' || s.dci_key = $subject_id
    )
"""


def _table(reader: Reader, name: str, query: str, **parameters: Any) -> pd.DataFrame:
    return reader.frame(query, **parameters) if reader.has(name) else pd.DataFrame()


# ---- the public list


def counts(reader: Reader, subject_id: str) -> dict[str, Any] | None:
    """Presentations of a subject by state in the public list, and its closed declarations (*public_subject*)."""
    return reader.row("SELECT * FROM public_subject WHERE subject_id = $subject_id", subject_id=subject_id)


def photographs(reader: Reader) -> list[dict[str, Any]]:
    """Photographs of the list, the oldest first, one a day."""
    return reader.rows(
        """
        SELECT photograph_on, MAX_BY(rows, photograph_no) AS rows
        FROM public_photograph GROUP BY photograph_on ORDER BY photograph_on
        """
    )


def gaps(reader: Reader) -> list[dict[str, Any]]:
    """Intervals without photograph: what entered and left in between was never seen."""
    return reader.rows("SELECT * FROM public_gap ORDER BY from_on")


def stretches(reader: Reader, subject_id: str) -> list[dict[str, Any]]:
    """Each code that each line of the subject held without break, in the order of time (*public_stretch*)."""
    return reader.rows(
        _MINE
        + """
        SELECT t.*, s.denomination
        FROM public_stretch AS t
        LEFT JOIN speciality AS s ON s.cis = t.cis
        WHERE t.cis IN (SELECT cis FROM mine) AND (t.cip13 IS NULL OR t.cip13 IN (SELECT cip13 FROM mine))
        ORDER BY s.denomination, t.cis, t.cip13, t.stretch_no
        """,
        subject_id=subject_id,
    )


def spells(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Each stay of each line of the subject in the list, those of today first (*public_spell*), with its sheet."""
    return reader.frame(
        _MINE
        + """
        SELECT t.*, h.url
        FROM public_spell AS t
        LEFT JOIN (
            SELECT cis, cip13, MAX_BY(url, last_seen_on) AS url FROM public_shortage_history GROUP BY cis, cip13
        ) AS h ON h.cis = t.cis AND h.cip13 IS NOT DISTINCT FROM t.cip13
        WHERE t.cis IN (SELECT cis FROM mine) AND (t.cip13 IS NULL OR t.cip13 IN (SELECT cip13 FROM mine))
        ORDER BY t.is_current DESC, t.code, t.last_seen_on DESC, t.denomination, t.cip13, t.spell_no DESC
        """,
        subject_id=subject_id,
    )


def groups(reader: Reader, plan_id: str) -> pd.DataFrame:
    """Followed groups of a plan, the largest share of short presentations first (*public_subject*)."""
    return reader.frame(
        """
        SELECT
            g.group_id, g.label, g.dci, g.dci_key, g.order_no, s.* EXCLUDE (subject_id),
            d.past_lines AS dci_past_lines
        FROM tracked_group AS g
        INNER JOIN public_subject AS s ON s.subject_id = g.group_id
        LEFT JOIN public_subject AS d ON d.subject_id = 'dci:' || g.dci_key
        WHERE g.plan = $plan
        ORDER BY
            s.ruptures = 0, (s.ruptures + s.tensions) / NULLIF(s.marketed, 0) DESC NULLS LAST, s.stops = 0,
            s.returns = 0, g.order_no
        """,
        plan=plan_id,
    )


def short_dcis(reader: Reader) -> pd.DataFrame:
    """DCI with a presentation in rupture or tension in the last photograph, the most in rupture first."""
    return reader.frame(
        """
        SELECT s.dci_key, s.dci, p.*
        FROM public_subject AS p
        INNER JOIN subject AS s ON s.subject_id = p.subject_id AND s.kind = 'dci'
        WHERE p.ruptures + p.tensions > 0
        ORDER BY p.ruptures DESC, p.tensions DESC, p.since_on, s.dci_key
        """
    )


# ---- what the referential says


def members(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Members of the generic groups that hold a speciality of the subject; restricted artefact, or open snapshot."""
    return _table(
        reader,
        "generic_member",
        _MINE
        + """
        SELECT m.*
        FROM generic_member AS m
        WHERE m.generic_group IN (SELECT o.generic_group FROM generic_member AS o INNER JOIN mine ON mine.cis = o.cis)
        ORDER BY m.generic_group, m.denomination IS NULL, m.marketed = 0, m.public_code IS NOT NULL, m.denomination, m.cis
        """,
        subject_id=subject_id,
    )


def prices(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Marketed presentations of the subject with their price and rate, the cheapest first (*presentation_price*)."""
    return _table(
        reader,
        "presentation_price",
        _MINE
        + """
        SELECT DISTINCT x.*, p.denomination, p.label
        FROM presentation_price AS x
        INNER JOIN mine ON mine.cip13 = x.cip13
        INNER JOIN presentation AS p ON p.cip13 = x.cip13
        WHERE x.is_marketed
        ORDER BY x.price_with_fee_eur NULLS LAST, p.denomination, x.cip13
        """,
        subject_id=subject_id,
    )


def causes(reader: Reader, dci_key: str) -> list[dict[str, Any]]:
    """Causes of the closed declarations of a DCI, the most cited first."""
    if not reader.has("past_cause"):
        return []
    return reader.rows("SELECT * FROM past_cause WHERE dci_key = $dci_key ORDER BY lines DESC, cause", dci_key=dci_key)


def opinions(reader: Reader, subject_id: str) -> list[dict[str, Any]]:
    """Opinions of HAS on the specialities of the subject, the last one first (*has_opinion*)."""
    if not reader.has("has_opinion"):
        return []
    return reader.rows(
        _MINE
        + """
        SELECT
            o.opinion_no, MAX(o.opinion_on) AS opinion_on, MIN(o.url) AS url, MIN(o.reason) AS reason,
            COUNT(DISTINCT o.cis) AS specialities, STRING_AGG(DISTINCT o.smr, ', ' ORDER BY o.smr) AS smr
        FROM has_opinion AS o
        INNER JOIN (SELECT DISTINCT cis FROM mine) AS m ON m.cis = o.cis
        GROUP BY o.opinion_no
        ORDER BY opinion_on DESC NULLS LAST, o.opinion_no DESC
        """,
        subject_id=subject_id,
    )


# ---- reimbursed boxes


def boxes_by_month(reader: Reader, subjects: Sequence[str]) -> pd.DataFrame:
    """Reimbursed boxes by month of each subject (Medic'AM)."""
    return _table(
        reader,
        "reimbursed_monthly",
        "SELECT * FROM reimbursed_monthly WHERE list_contains($subjects, subject_id) ORDER BY subject_id, month",
        subjects=list(subjects),
    )


def season(reader: Reader, subjects: Sequence[str]) -> pd.DataFrame:
    """Calendar months against the mean one (100) of each subject (Medic'AM)."""
    return _table(
        reader,
        "reimbursed_season",
        "SELECT * FROM reimbursed_season WHERE list_contains($subjects, subject_id) ORDER BY subject_id, calendar_month",
        subjects=list(subjects),
    )


def boxes_by_year(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Reimbursed boxes by year, by age and sex (Open Medic), the last year first."""
    return _table(
        reader,
        "reimbursed_yearly",
        "SELECT * FROM reimbursed_yearly WHERE subject_id = $subject_id ORDER BY year DESC",
        subject_id=subject_id,
    )


def boxes_by_region(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Reimbursed boxes by region in the last year received (Open Medic), the most per inhabitant first."""
    return _table(
        reader,
        "reimbursed_region_yearly",
        """
        SELECT * FROM reimbursed_region_yearly
        WHERE subject_id = $subject_id AND year = (SELECT MAX(year) FROM reimbursed_region_yearly)
        ORDER BY boxes_per_100k DESC NULLS LAST, region
        """,
        subject_id=subject_id,
    )


def years_of_regions(reader: Reader) -> list[int]:
    """Years of which boxes by region were received."""
    if not reader.has("reimbursed_region_yearly"):
        return []
    return [int(row["year"]) for row in reader.rows("SELECT DISTINCT year FROM reimbursed_region_yearly ORDER BY year")]


def boxes_of_plan(reader: Reader, plan_id: str) -> pd.DataFrame:
    """The same of all followed groups of a plan together, each presentation once."""
    return _table(
        reader,
        "reimbursed_region_yearly",
        """
        WITH summed AS (
            SELECT r.year, r.region, MIN(r.region_name) AS region_name, SUM(r.boxes) AS boxes,
                MIN(r.inhabitants) AS inhabitants
            FROM reimbursed_region_yearly AS r
            INNER JOIN tracked_group AS g ON g.group_id = r.subject_id AND g.plan = $plan
            WHERE r.year = (SELECT MAX(year) FROM reimbursed_region_yearly)
            GROUP BY r.year, r.region
        ),
        nation AS (
            SELECT 100000 * SUM(boxes) / SUM(inhabitants) AS per_100k FROM summed WHERE inhabitants IS NOT NULL
        )
        SELECT s.*, ROUND(100000 * s.boxes / s.inhabitants, 1) AS boxes_per_100k,
            ROUND(n.per_100k, 1) AS national_per_100k,
            ROUND(100 * (100000 * s.boxes / s.inhabitants) / n.per_100k, 1) AS ratio_pct
        FROM summed AS s
        CROSS JOIN nation AS n
        ORDER BY boxes_per_100k DESC NULLS LAST, s.region
        """,
        plan=plan_id,
    )


def market(reader: Reader, subject_id: str) -> pd.DataFrame:
    """Share of each holder in the reimbursed boxes: the last twelve months if received, else the last year."""
    return _table(
        reader,
        "reimbursed_market",
        """
        SELECT * FROM reimbursed_market
        WHERE subject_id = $subject_id
            AND source_key = (SELECT MIN(source_key) FROM reimbursed_market WHERE subject_id = $subject_id)
        ORDER BY rank
        """,
        subject_id=subject_id,
    )


# ---- surveillance by region


def alerts(reader: Reader) -> pd.DataFrame:
    """Regional alerts of Santé publique France: last week published of each region and epidemic."""
    return _table(
        reader, "regional_alert", "SELECT * FROM regional_alert WHERE is_last ORDER BY theme, alert_level DESC, region"
    )


def incidence(reader: Reader, indicator: str) -> pd.DataFrame:
    """Last incidence of an indicator by region, per 100 000 inhabitants (Sentinelles)."""
    return _table(
        reader,
        "incidence_weekly",
        """
        SELECT * FROM incidence_weekly
        WHERE indicator = $indicator AND level = 'region'
            AND week = (SELECT MAX(week) FROM incidence_weekly WHERE indicator = $indicator AND level = 'region')
        ORDER BY incidence DESC NULLS LAST, region
        """,
        indicator=indicator,
    )


def incidence_indicators(reader: Reader) -> list[str]:
    """Indicators of Sentinelles that have a figure by region."""
    if not reader.has("incidence_weekly"):
        return []
    rows = reader.rows("SELECT DISTINCT indicator FROM incidence_weekly WHERE level = 'region' ORDER BY indicator")
    return [str(row["indicator"]) for row in rows]


def epidemic_indicators(reader: Reader, level: str) -> list[str]:
    """Indicators of Santé publique France received at a level, national or departement."""
    rows = reader.rows(
        "SELECT DISTINCT indicator FROM epidemic_weekly WHERE level = $level ORDER BY indicator", level=level
    )
    return [str(row["indicator"]) for row in rows]
