"""The shipped systemd units: accepted by systemd, closed enough, and naming files that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.server import PROJECT

SHIPPED = PROJECT / "docs" / "deploy"
SERVICES = ("vigistock@8501.service", "vigistock-refresh.service", "vigistock-backup.service")
MOST_EXPOSED = 12  # tenths of the mark of systemd, from 0 (closed) to 100; docs/deploy.md states it

systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze absent de cette machine")


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units with commands that exist here: systemd refuses a unit whose command is not there."""
    folder = tmp_path_factory.mktemp("units")
    for path in (*SHIPPED.glob("*.service"), *SHIPPED.glob("*.timer")):
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (folder / path.name.replace("@", "@8501")).write_text(text, encoding="utf-8")
    return folder


@systemd
def test_systemd_accepts_every_unit(units: Path) -> None:
    names = sorted(str(path) for path in units.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_closed_to_what_it_does_not_need(units: Path, name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(units / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_dashboard_may_write_its_journal_only() -> None:
    lines = (SHIPPED / "vigistock@.service").read_text(encoding="utf-8").splitlines()
    assert {"User=vigistock", "ProtectSystem=strict", "ReadOnlyPaths=/var/lib/vigistock"} <= set(lines)
    assert [line for line in lines if line.startswith(("ReadWrite", "StateDirectory", "LogsDirectory"))] == [
        "ReadWritePaths=-/var/lib/vigistock/journal"
    ]


def test_commands_of_the_units_exist_in_this_project() -> None:
    for path in SHIPPED.glob("*.service"):
        (command,) = re.findall(r"^ExecStart=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        for word in command.split():
            if word.startswith("/opt/vigistock/docs/"):
                script = PROJECT / word.removeprefix("/opt/vigistock/")
                assert script.stat().st_mode & 0o111, word
            if word.endswith(".py"):
                assert (PROJECT / word).is_file()
            if word.startswith("data."):
                assert (PROJECT / f"{word.replace('.', '/')}.py").is_file()
