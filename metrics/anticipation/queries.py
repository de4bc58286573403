"""Anticipation: the lists, the DCI of one list in order, why a DCI has its place."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def is_visible(reader: Reader) -> bool:
    """The ranking uses the share of the largest company: absent from the shared artefact."""
    return reader.has("anticipation_rank")


def lists(reader: Reader) -> dict[str, int]:
    """Lists that hold at least one DCI, with how many."""
    rows = reader.rows("SELECT list, COUNT(*) AS dcis FROM anticipation_rank GROUP BY list ORDER BY list")
    return {str(row["list"]): int(row["dcis"]) for row in rows}


def ranking(reader: Reader, list_name: str) -> pd.DataFrame:
    """DCI of a list, the highest score first."""
    return reader.frame("SELECT * FROM anticipation_rank WHERE list = $name ORDER BY place, dci", name=list_name)


def components(reader: Reader) -> list[dict[str, Any]]:
    """The three components with their weights and origin."""
    return reader.rows("SELECT * FROM anticipation_component ORDER BY order_no")


def values(reader: Reader, list_name: str, dci_key: str) -> pd.DataFrame:
    """Indicators of a DCI in a list, one row per indicator, with its points and what it reads."""
    return reader.frame(
        """
        SELECT v.*, i.reads, c.title AS component_title
        FROM anticipation_value AS v
        INNER JOIN anticipation_indicator AS i ON i.indicator = v.indicator
        INNER JOIN anticipation_component AS c ON c.component = v.component
        WHERE v.list = $name AND v.dci_key = $dci_key
        ORDER BY v.order_no
        """,
        name=list_name,
        dci_key=dci_key,
    )


def share_bounds(reader: Reader) -> list[float]:
    """Shares of the largest company at which points change."""
    rows = reader.rows("SELECT at_least FROM anticipation_band WHERE indicator = 'largest_share' ORDER BY at_least")
    return [float(row["at_least"]) for row in rows]


def bands(reader: Reader) -> pd.DataFrame:
    """Points of every band, as *Classement* shows them."""
    return reader.frame(
        """
        SELECT i.title, i.unit, i.reads, b.at_least, b.label, b.points, i.unknown_points, c.title AS component_title
        FROM anticipation_band AS b
        INNER JOIN anticipation_indicator AS i ON i.indicator = b.indicator
        INNER JOIN anticipation_component AS c ON c.component = i.component
        ORDER BY i.order_no, b.at_least
        """
    )


def open_ranking(reader: Reader) -> pd.DataFrame:
    """DCI by public data alone, the highest score first."""
    return reader.frame("SELECT * FROM open_rank ORDER BY place, dci")


def open_components(reader: Reader) -> list[dict[str, Any]]:
    """The four components of the ranking of public data, with their weights and origin."""
    return reader.rows("SELECT * FROM open_rank_component ORDER BY order_no")


def open_values(reader: Reader, dci_key: str) -> pd.DataFrame:
    """Indicators of a DCI by public data alone, one row per indicator, with its points and what it reads."""
    return reader.frame(
        """
        SELECT v.*, i.reads, c.title AS component_title
        FROM open_rank_value AS v
        INNER JOIN open_rank_indicator AS i ON i.indicator = v.indicator
        INNER JOIN open_rank_component AS c ON c.component = v.component
        WHERE v.dci_key = $dci_key
        ORDER BY v.order_no
        """,
        dci_key=dci_key,
    )


def open_bands(reader: Reader) -> pd.DataFrame:
    """Points of every band of the ranking of public data."""
    return reader.frame(
        """
        SELECT i.title, i.unit, i.reads, b.at_least, b.label, b.points, i.unknown_points, c.title AS component_title
        FROM open_rank_band AS b
        INNER JOIN open_rank_indicator AS i ON i.indicator = b.indicator
        INNER JOIN open_rank_component AS c ON c.component = i.component
        ORDER BY i.order_no, b.at_least
        """
    )
