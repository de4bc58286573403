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
