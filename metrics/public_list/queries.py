"""Public list of shortages: photographs, what moved between two of them, what is in it and for how long."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from data import sqlfiles
from data.warehouse import Reader


def photographs(reader: Reader) -> list[dict[str, Any]]:
    """One row per day photographed, oldest first, with its counts by code; the last of a day when it has several."""
    return reader.rows(
        """
        SELECT * FROM public_photograph
        QUALIFY ROW_NUMBER() OVER (PARTITION BY photograph_on ORDER BY photograph_no DESC) = 1
        ORDER BY photograph_on
        """
    )


def counts_on(reader: Reader, day: date) -> dict[str, Any]:
    """Lines of the photograph of ``day`` by code, repeated lines once, as in every list of them."""
    (found,) = reader.rows(
        """
        SELECT
            COUNT(CASE WHEN code = '1' THEN 1 END) AS ruptures,
            COUNT(CASE WHEN code = '2' THEN 1 END) AS tensions,
            COUNT(CASE WHEN code = '3' THEN 1 END) AS stops,
            COUNT(CASE WHEN code = '4' THEN 1 END) AS returns
        FROM public_stretch WHERE $day BETWEEN first_seen_on AND last_seen_on
        """,
        day=day,
    )
    return {**found, "photograph_on": day}


def last_update(reader: Reader) -> date | None:
    """The latest day on which a line of the last photograph was updated, as the list writes it."""
    (found,) = reader.rows("SELECT MAX(updated_on) AS day FROM public_shortage")
    return found["day"]  # type: ignore[no-any-return]


def movements(reader: Reader, since: date) -> pd.DataFrame:
    """Lines whose situation differs between the photograph of ``since`` and the last."""
    moved = sqlfiles.beside(__file__, "public_movement")
    return reader.frame(f"WITH chosen AS (SELECT $since AS photograph_on) SELECT * FROM ({moved}\n)", since=since)


def return_changes(reader: Reader, since: date) -> pd.DataFrame:
    """Announced return dates changed after the photograph of ``since``, the longest delays first."""
    return reader.frame(
        """
        SELECT * FROM public_return_change
        WHERE photograph_on > $since
        ORDER BY moved_days DESC NULLS LAST, dci_key, cis
        """,
        since=since,
    )


def present(reader: Reader) -> pd.DataFrame:
    """Lines of the last photograph, each with its spell: since when, for how long, returns put off."""
    return reader.frame(
        """
        SELECT
            l.cis, l.cip13, l.code, l.status_label, l.updated_on, l.returned_on, l.url, l.denomination, l.dci,
            l.dci_key, l.photograph_at, v.holder, v.atc, v.is_mitm, s.started_on, s.first_seen_on, s.duration_days,
            s.duration_is_minimum, s.times_put_off, s.days_put_off
        FROM (
            SELECT * FROM public_shortage
            QUALIFY ROW_NUMBER() OVER (
                PARTITION BY cis, COALESCE(cip13, '') ORDER BY updated_on DESC, code, url
            ) = 1
        ) AS l
        LEFT JOIN speciality AS v ON v.cis = l.cis
        LEFT JOIN public_spell AS s
            ON s.cis = l.cis AND COALESCE(s.cip13, '') = COALESCE(l.cip13, '') AND s.is_current
        ORDER BY l.updated_on DESC, l.dci_key, l.cis, l.cip13
        """
    )


def longest_gap(reader: Reader, since: date) -> dict[str, Any] | None:
    """The longest interval without photograph that ends after ``since``; None when there is none."""
    return reader.row("SELECT * FROM public_gap WHERE to_on > $since ORDER BY days DESC LIMIT 1", since=since)


def current_gap(reader: Reader) -> dict[str, Any] | None:
    """Days without photograph up to the day of the snapshot, when they are too many."""
    return reader.row("SELECT * FROM public_gap WHERE to_on IS NULL")
