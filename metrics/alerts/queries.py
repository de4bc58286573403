"""Alerts of the snapshot, as its rules evaluated them at the build."""

from __future__ import annotations

from data.alerts import reading
from data.alerts.reading import Alert
from data.warehouse import Reader


def are_evaluated(reader: Reader) -> bool:
    """A snapshot older than alerts has none to show, which does not mean that nothing is wrong."""
    return reader.has("alert")


def in_force(reader: Reader) -> list[Alert]:
    """Open alerts of this artefact for every role, gravest first."""
    return reading.alerts(reader)
