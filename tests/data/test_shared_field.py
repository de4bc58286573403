"""Reports from the field in the shared artefact: counts by territory, and nothing that somebody wrote."""

from __future__ import annotations

from metrics.field import queries as field
from tests.conftest import Home
from tests.metrics.test_field import GROUP, A, alert, drop, known, signal

__all__ = ["known"]
SECRET = "Texte saisi par une agence"


def test_a_session_without_laboratories_reads_counts_and_no_text(known: Home) -> None:
    """Regions share one file: what only one of them may read is not in it."""
    drop(known, [alert(1, 2, A.cip13, "35")], [signal(1, 5, "Bretagne", "35", cip13=A.cip13, text=SECRET)])
    restricted, shared = known.reader(), known.reader("shared")
    assert [row["text"] for row in field.signals(restricted, region="53")] == [SECRET]
    assert not {"pharmacy_alert", "agency_signal", "agency_signal_about"} & shared.tables
    assert field.signals(shared, region="53") == field.alerts(shared, department="35") == []
    content = " ".join(str(row) for table in shared.tables for row in shared.rows(f"SELECT * FROM {table}"))
    assert not [word for word in (SECRET, "SIG-1", "DP-1") if word in content]
    assert field.signal_places(shared, GROUP)["signals"].tolist() == [1]
    assert field.alert_places(shared, GROUP)["open_alerts"].tolist() == [1]
    path = known.path / "snapshots"
    for file in path.rglob("shared.duckdb"):
        assert SECRET.encode() not in file.read_bytes()
