"""A source that fails does not stop the others."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.connectors.partner_files import SAMPLES
from tests.real.serving import Operator, served


def test_one_failing_source_does_not_stop_the_others(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    shutil.copy(SAMPLES / "vigilance" / "CDP_CARTE_EXTERNE.json", mirror)
    operator = Operator(tmp_path / "home")
    with served(mirror) as address:
        printed = operator.build(
            *("--sources", "vigilance,spf"),
            now="2026-10-01T08:00:00+02:00",
            addresses={"vigilance": address, "spf": f"{address}/absent"},
        )
    assert printed["published"] is True
    assert "404" in operator.source("spf")["error"]
    assert "aucun des 13 fichiers lu" in operator.source("spf")["error"]
    assert operator.source("spf")["files"] == 0
    assert operator.source("vigilance")["error"] is None
    assert operator.source("vigilance")["rows_loaded"] > 0
    states = {row["source_key"]: row["state"] for row in operator.reader().rows("SELECT * FROM source_state")}
    assert (states["vigilance"] != "absent", states["spf"]) == (True, "absent")
