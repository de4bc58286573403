"""Surveillance: epidemics by territory, heat vigilance by department."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.warehouse import Reader


def epidemics(reader: Reader, indicators: Sequence[str], territory: str = "FR") -> pd.DataFrame:
    """Weekly rates per 100 000 coded visits of a territory (FR or a department)."""
    return reader.frame(
        """
        SELECT * FROM epidemic_weekly
        WHERE territory = $territory AND list_contains($indicators, indicator)
        ORDER BY indicator, week
        """,
        territory=territory,
        indicators=list(indicators),
    )


def epidemic_map(reader: Reader, indicator: str) -> pd.DataFrame:
    """Latest week of one indicator by department: rate and change from the week before, per 100 000 coded visits."""
    return reader.frame(
        """
        SELECT n.territory AS department, d.name, n.week, n.er_rate, n.sos_rate, n.er_rate - o.er_rate AS er_rate_change
        FROM epidemic_weekly AS n
        LEFT JOIN department AS d ON d.department = n.territory
        LEFT JOIN epidemic_weekly AS o
            ON o.indicator = n.indicator AND o.territory = n.territory AND o.week = n.week - 7
        WHERE n.indicator = $indicator AND n.level = 'departement'
            AND n.week = (
                SELECT MAX(week) FROM epidemic_weekly WHERE indicator = $indicator AND level = 'departement'
            )
        ORDER BY n.territory
        """,
        indicator=indicator,
    )


def vigilance(reader: Reader) -> pd.DataFrame:
    """Departments of the latest heat map (colour 1 to 4); empty out of season."""
    return reader.frame(
        """
        SELECT v.*, d.name, d.region_name
        FROM vigilance_daily AS v
        INNER JOIN department AS d ON d.department = v.department
        WHERE v.horizon = 'J' AND v.day = (SELECT MAX(day) FROM vigilance_daily WHERE horizon = 'J')
        ORDER BY v.colour_id DESC, v.department
        """
    )


def vigilance_history(reader: Reader) -> pd.DataFrame:
    """Departments by day and colour (yellow, orange, red) since the heat vigilance has been received."""
    return reader.frame(
        """
        SELECT
            day, COUNT(*) AS departments, COUNT(CASE WHEN colour_id = 2 THEN 1 END) AS yellow,
            COUNT(CASE WHEN colour_id = 3 THEN 1 END) AS orange, COUNT(CASE WHEN colour_id = 4 THEN 1 END) AS red
        FROM vigilance_daily
        WHERE horizon = 'J'
        GROUP BY day
        ORDER BY day
        """
    )


def incidence(reader: Reader, indicators: Sequence[str]) -> pd.DataFrame:
    """Last week of each indicator for the country and its regions (Sentinelles), per 100 000 inhabitants, with its interval.

    A region whose estimate of that week is not published has none; the country comes first, then the highest.
    """
    return reader.frame(
        """
        SELECT i.* REPLACE (COALESCE(r.region_name, i.region_name) AS region_name)
        FROM incidence_weekly AS i
        LEFT JOIN (SELECT region, MIN(region_name) AS region_name FROM department GROUP BY region) AS r
            ON r.region = i.region
        WHERE i.is_last AND i.level IN ('national', 'region') AND list_contains($indicators, i.indicator)
        ORDER BY i.indicator, i.level, i.incidence DESC NULLS LAST, i.region
        """,
        indicators=list(indicators),
    )
