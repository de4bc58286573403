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
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

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


def test_nothing_known_is_reported_with_the_number_of_packages_looked_at(tmp_path: Path, service: str) -> None:
    done = audit(tmp_path, REQUIREMENTS.splitlines()[0], service)
    assert done.returncode == 0
    assert done.stdout.endswith("\n1 dépendances vérifiées, 0 avec un défaut connu.\n")


def test_no_service_is_not_success(tmp_path: Path) -> None:
    done = audit(tmp_path, REQUIREMENTS, f"http://127.0.0.1:{free_port()}/v1/query")
    assert done.returncode == 3
    assert done.stderr.startswith("Service d'avis injoignable")


def test_the_bill_of_materials_lists_each_locked_package_with_its_hashes(tmp_path: Path) -> None:
    """Without any service: valid CycloneDX, the same bytes for the same lock, every package of requirements.txt."""
    locked = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    bills = []
    for _ in range(2):
        done = audit(tmp_path, locked, f"http://127.0.0.1:{free_port()}/v1/query")
        assert done.returncode == 3
        assert "Nomenclature CycloneDX écrite : bom.cdx.json." in done.stdout
        bills.append((tmp_path / "bom.cdx.json").read_text(encoding="utf-8"))
    assert bills[0] == bills[1]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bills[0]) is None
    found = {item["name"]: item for item in json.loads(bills[0])["components"]}
    pins = dict(line.split(" ")[0].split("==") for line in locked.splitlines() if "==" in line and line[0] != " ")
    assert {name: item["version"] for name, item in found.items()} == {n.split("[")[0]: v for n, v in pins.items()}
    for item in found.values():
        assert item["purl"] == f"pkg:pypi/{item['name']}@{item['version']}"
        assert item["externalReferences"][0]["hashes"]


def test_the_security_contact_says_how_to_report() -> None:
    text = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
    assert "access_contact" in text
    assert "SECURITY.md" in (PROJECT / "README.md").read_text(encoding="utf-8")
    assert "@" not in text.replace("vigistock@", "")  # no invented mailbox
