"""Alerts of the snapshot, as its rules evaluated them at the build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from data.alerts import reading
from data.alerts.reading import Alert
from data.warehouse import Reader


def are_evaluated(reader: Reader) -> bool:
    """A snapshot older than alerts has none to show, which does not mean that nothing is wrong."""
    return reader.has("alert")


def in_force(reader: Reader) -> list[Alert]:
    """Open alerts of this artefact for every role, gravest first."""
    return reading.alerts(reader)


class Subject(NamedTuple):
    """What an alert is about: a followed group, a DCI, or a source (``source:iqvia``)."""

    subject_id: str
    label: str
    dci_key: str


def subjects(reader: Reader) -> Mapping[str, Subject]:
    """Subject of each open alert, by its key: what stands for one medicine is read together.

    A declaration or a speciality is read under the followed group that holds its presentation, else under its DCI.
    """
    labels = {row["subject_id"]: row for row in reader.rows("SELECT subject_id, label, dci_key FROM subject")}
    held = _held(reader)
    found = {}
    for alert in reading.alerts(reader):
        name = _subject(alert, held)
        known = labels.get(name)
        label = str(known["label"]) if known else alert.label
        found[alert.key] = Subject(name, label[:1].upper() + label[1:], known["dci_key"] if known else "")
    return found


def _subject(alert: Alert, held: Mapping[tuple[str, str], str]) -> str:
    parameters = dict(alert.parameters)
    if "sujet" in parameters:
        return parameters["sujet"]
    if "calcul" in parameters:
        return f"dci:{parameters['calcul'].rpartition('|')[0]}"
    if "source" in parameters:
        return f"source:{parameters['source']}"
    kind = "numero" if "numero" in parameters else "q"
    return held.get((kind, parameters.get(kind, "")), f"alerte:{alert.key}")


def _held(reader: Reader) -> dict[tuple[str, str], str]:
    """Subject of a declaration (``numero``) and of a speciality (``q``: its CIS), of a watched plan or of its DCI."""
    if not reader.has("declaration"):
        return {}
    rows = reader.rows(
        """
        WITH followed AS (
            SELECT m.cip13, MIN(m.group_id) AS group_id
            FROM group_presentation AS m
            INNER JOIN tracked_group AS g ON g.group_id = m.group_id
            INNER JOIN plan AS p ON p.plan = g.plan
            WHERE p.is_watched
            GROUP BY m.cip13
        )
        SELECT 'numero' AS kind, d.declaration_no AS code, COALESCE(f.group_id, 'dci:' || d.dci_key) AS subject_id
        FROM declaration AS d
        LEFT JOIN followed AS f ON f.cip13 = d.cip13
        UNION ALL
        SELECT 'q' AS kind, s.cis AS code, COALESCE(MIN(f.group_id), 'dci:' || MIN(s.dci_key)) AS subject_id
        FROM presentation AS s
        LEFT JOIN followed AS f ON f.cip13 = s.cip13
        GROUP BY s.cis
        """
    )
    return {(row["kind"], row["code"]): row["subject_id"] for row in rows if row["subject_id"]}
