"""``make open`` as somebody with public files only types it, and the browser they look with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.server import PROJECT, STOP_S, _wait, free_port
from tests.conftest import Home
from tests.connectors.test_http import serving
from tests.reliability.producers import Producer

SECRET = "GROSSISTE TRES SECRET"
CLOSED = "Données réservées : connexion obligatoire"
WATCH_MS = 60_000  # an open page asks every 20 seconds


@contextmanager
def made(home: Path, mirror: str) -> Iterator[tuple[str, Path]]:
    """Address of the dashboard that ``make open`` serves, and what the command printed."""
    port = free_port()
    sources = {f"VIGISTOCK_SOURCES__{key.upper()}__BASE_URL": f"{mirror}/{key}" for key in ("bdpm", "spf", "vigilance")}
    with tempfile.NamedTemporaryFile(dir=home.parent) as output:
        process = subprocess.Popen(
            ["make", "-o", "install", "open", f"PORT={port}", f"PY={sys.executable}"],
            cwd=PROJECT,
            env={**os.environ, **sources, "VIGISTOCK_HOME": str(home), "NO_PROXY": "*"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, output.file)  # type: ignore[arg-type]
            yield address, Path(output.name)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(STOP_S)


def test_open_data_are_fetched_and_served_until_a_reserved_file_comes(tmp_path: Path, visitor: Visitor) -> None:
    """One command, no sign-in; the page that stays open closes by itself, and nothing of the file was sent to it."""
    home = Home(tmp_path / "home")
    received: list[bytes] = []
    with serving(Producer()) as (mirror, asked), made(home.path, mirror) as (address, printed):
        assert {"/bdpm/CIS_bdpm.txt", "/bdpm/CIS_CIP_Dispo_Spec.txt"} <= {call["path"] for call in asked}
        assert "Instantané ouvert" in printed.read_text("utf-8").replace("\n", " ")
        seen = visitor(address)
        seen.page.on("websocket", lambda s: s.on("framereceived", lambda data: received.append(bytes(data, "utf-8") if isinstance(data, str) else data)))  # fmt: skip
        seen.open("/sources")
        assert "Données ouvertes" in seen.text()
        assert "Se déconnecter" not in seen.text()
        assert seen.foreign_words() == []
        assert seen.exceptions() == []
        home.drop("pointstock", "S46.xlsx", {"pointstock_stock": [["2026-S46", SECRET, "3400930000120", None, 7, 1]]})
        assert home.refresh(datetime.now(UTC).date()).changed
        expect(seen.page.get_by_text(CLOSED)).to_be_visible(timeout=WATCH_MS)
        for path in ("/", "/molecule", "/sources?source=pointstock", "/?role=ansm_steward&projection=1"):
            seen.open(path)
            assert CLOSED in seen.text(), path
    assert received
    assert SECRET.encode() not in b"".join(received)
