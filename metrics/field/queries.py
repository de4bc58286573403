"""What pharmacies and agencies report from the field: counts by territory, and the lines they are made of."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def alert_places(reader: Reader, about: str) -> pd.DataFrame:
    """Departments with an alert about a followed group, a DCI (``dci:``) or a plan (``plan:``); one row without department."""
    return reader.frame(
        "SELECT * FROM pharmacy_alert_place WHERE about = $about ORDER BY open_alerts DESC, department", about=about
    )


def signal_places(reader: Reader, about: str) -> pd.DataFrame:
    """Regions and departments with a signal of the period about the same; a row without department is of the region only."""
    return reader.frame(
        "SELECT * FROM agency_signal_place WHERE about = $about ORDER BY signals DESC, region, department", about=about
    )


def alerts(reader: Reader, department: str, about: str | None = None) -> list[dict[str, Any]]:
    """Open alerts of a department, the newest first; none in the shared artefact. ``about`` None: of any medicine."""
    if not reader.has("pharmacy_alert"):
        return []
    return reader.rows(
        f"""
        SELECT a.* FROM pharmacy_alert AS a
        WHERE a.department = $department AND a.is_open AND {_OF_MEDICINE}
        ORDER BY a.declared_on DESC, a.alert_no, a.cip13
        """,
        department=department,
        about=about,
    )


_OF_MEDICINE = """(
    $about IS NULL OR 'dci:' || a.dci_key = $about
    OR a.cip13 IN (
        SELECT g.cip13 FROM group_presentation AS g INNER JOIN tracked_group AS t ON t.group_id = g.group_id
        WHERE t.group_id = $about OR 'plan:' || t.plan = $about
    ))"""


def signals(reader: Reader, region: str, department: str = "", about: str | None = None) -> list[dict[str, Any]]:
    """Signals of the period of a region or of one of its departments, the newest first; none in the shared artefact."""
    if not reader.has("agency_signal"):
        return []
    return reader.rows(
        """
        SELECT s.* FROM agency_signal AS s
        WHERE s.is_recent AND s.region = $region AND ($department = '' OR s.department = $department)
            AND ($about IS NULL OR s.signal_no IN (SELECT a.signal_no FROM agency_signal_about AS a WHERE a.about = $about))
        ORDER BY s.received_on DESC, s.signal_no
        """,
        region=region,
        department=department,
        about=about,
    )


def news(reader: Reader, region: str = "") -> pd.DataFrame:
    """DCI with an alert or a signal of the period: those of the region first, then the most reported.

    ``own_alerts``, ``own_signals``: of the region, 0 without one.
    """
    return reader.frame(
        """
        WITH reported AS (
            SELECT about, region, new_alerts, 0 AS signals, 0 AS unknown_signals, department, newest_on
            FROM pharmacy_alert_place
            WHERE new_alerts > 0
            UNION ALL
            SELECT about, region, 0 AS new_alerts, signals, unknown_signals, department, newest_on
            FROM agency_signal_place
        )
        SELECT
            s.subject_id, s.label, SUM(r.new_alerts) AS new_alerts, SUM(r.signals) AS signals,
            SUM(r.unknown_signals) AS unknown_signals, COUNT(DISTINCT r.department) AS departments,
            MAX(r.newest_on) AS newest_on,
            COALESCE(SUM(CASE WHEN r.region = $region THEN r.new_alerts END), 0) AS own_alerts,
            COALESCE(SUM(CASE WHEN r.region = $region THEN r.signals END), 0) AS own_signals
        FROM reported AS r
        INNER JOIN subject AS s ON s.subject_id = r.about
        WHERE s.kind = 'dci'
        GROUP BY s.subject_id, s.label
        ORDER BY own_signals DESC, own_alerts DESC, signals DESC, new_alerts DESC, s.label
        """,
        region=region,
    )


def of_subject(reader: Reader, subject_id: str) -> dict[str, Any]:
    """What the field reports on a followed group or a DCI, all territories together; counts are 0 where nothing is."""
    row = reader.row(
        """
        SELECT
            (SELECT COALESCE(SUM(open_alerts), 0) FROM pharmacy_alert_place WHERE about = $about) AS open_alerts,
            (SELECT MIN(oldest_on) FROM pharmacy_alert_place WHERE about = $about) AS alerts_since,
            (SELECT COUNT(department) FROM pharmacy_alert_place WHERE about = $about AND open_alerts > 0)
                AS alert_departments,
            (SELECT COALESCE(SUM(signals), 0) FROM agency_signal_place WHERE about = $about) AS signals,
            (SELECT COALESCE(SUM(unknown_signals), 0) FROM agency_signal_place WHERE about = $about) AS unknown_signals,
            (SELECT COALESCE(SUM(persisting_signals), 0) FROM agency_signal_place WHERE about = $about)
                AS persisting_signals,
            (SELECT COUNT(DISTINCT region) FROM agency_signal_place WHERE about = $about) AS signal_regions,
            (SELECT MAX(newest_on) FROM agency_signal_place WHERE about = $about) AS signals_until
        """,
        about=subject_id,
    )
    return row or {}


def stocks(reader: Reader, about: str, territory: str = "") -> list[dict[str, Any]]:
    """Stocks announced of a followed group or a DCI, of one territory or of all; none in the shared artefact."""
    if not reader.has("announced_stock"):
        return []
    return reader.rows(
        """
        SELECT * FROM announced_stock
        WHERE about = $about AND ($territory = '' OR territory = $territory)
        ORDER BY actor_kind, territory
        """,
        about=about,
        territory=territory,
    )
