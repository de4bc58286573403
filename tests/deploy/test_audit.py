"""``make audit`` never takes silence for safety: its exit code, against an advisory service played on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.browser.server import PROJECT, free_port

REQUIREMENTS = "".join(
    f"{name}=={version} --hash=sha256:{'0' * 64}\n" for name, version in (("solide", "1.0"), ("fragile", "2.0"))
)
KNOWN = {
    "id": "PYSEC-2026-1",
    "summary": "x",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "fragile"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.1"}]}],
        }
    ],
}


class Service(BaseHTTPRequestHandler):
    """Answers as OSV does; knows one defect, of « fragile »."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = [KNOWN] if asked["package"]["name"] == "fragile" else []
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({"vulns": known} if known else {}).encode())

    def log_message(self, *arguments: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def audit(folder: Path, requirements: str, url: str) -> subprocess.CompletedProcess[str]:
    (folder / "requirements.txt").write_text(requirements, encoding="utf-8")
    command = [sys.executable, str(PROJECT / ".ci" / "audit.py"), str(folder / "requirements.txt")]
    environment = {**os.environ, "OSV_URL": url}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=folder)


def test_a_known_defect_is_named_with_its_correction(tmp_path: Path, service: str) -> None:
    done = audit(tmp_path, REQUIREMENTS, service)
    assert done.returncode == 1
    assert "fragile 2.0 : PYSEC-2026-1 (corrigé par : 2.1)" in done.stdout
    assert "2 dépendances vérifiées, 1 avec un défaut connu." in done.stdout


def test_nothing_known_is_said_with_the_number_of_packages_looked_at(tmp_path: Path, service: str) -> None:
    done = audit(tmp_path, REQUIREMENTS.splitlines()[0], service)
    assert (done.returncode, done.stdout) == (0, "1 dépendances vérifiées, 0 avec un défaut connu.\n")


def test_no_service_is_not_success(tmp_path: Path) -> None:
    done = audit(tmp_path, REQUIREMENTS, f"http://127.0.0.1:{free_port()}/v1/query")
    assert done.returncode == 3
    assert done.stderr.startswith("Service d'avis injoignable")
