"""Files too big for the machine: reported, left where they are, never held in memory; the others go on."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from data import progress
from data.loading import sandbox
from data.loading.sandbox import Interrupted, Limits
from data.settings import PROJECT
from tests.reliability.conftest import FIRST_MORNING, Operator
from tests.reliability.costs import allocate, die, half_done
from tests.seeds import seeded

pytestmark = pytest.mark.computes("source_file")

LINE = "2026-S46;3400930000014;84;1234,5\n"
HEAD = "PERIODE;CODE_CIP13;CODE_REGION;NB_BOITES\n"


def _sparse(path: Path, size_bytes: int) -> Path:
    """Long, and weightless on the disk of the test."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as handle:
        handle.truncate(size_bytes)
    return path


def _error(report: dict, key: str) -> str:
    (line,) = (line for line in report["sources"] if line["key"] == key)
    return line["error"] or ""


def test_a_file_over_the_limit_stays_in_the_inbox_and_is_reported(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGISTOCK_MAX_FILE_MB", "1")
    operator.drop("avant.xlsx")
    big = _sparse(operator.home.path / "inbox" / "openhealth" / "tout.csv", 1_000_001)
    for _ in range(2):
        code, report = operator.build()
        assert code == 0
        assert _error(report, "openhealth").startswith(
            "tout.csv : fichier trop gros (plus de 1 Mo), laissé dans l'inbox"
        )
        assert big.stat().st_size == 1_000_001
    assert operator.served == ["avant.xlsx"]
    assert not (operator.home.path / "raw" / "openhealth").exists()
    monkeypatch.setenv("VIGISTOCK_MAX_FILE_MB", "2")
    assert "laissé dans l'inbox" not in _error(operator.build()[1], "openhealth")


def test_two_gigabytes_are_refused_without_being_read(operator: Operator) -> None:
    _sparse(operator.home.path / "inbox" / "openhealth" / "deux-gigas.csv", 2 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_inblock
    assert "trop gros (plus de 200 Mo)" in _error(operator.build()[1], "openhealth")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_inblock - before < 1_000_000


def test_a_big_file_is_copied_by_pieces(tmp_path: Path) -> None:
    """A process that may hold 100 MB more than at its start takes in 180."""
    _sparse(tmp_path / "inbox" / "openhealth" / "gros.csv", 180_000_000)
    script = f"""
import io
import resource
from datetime import UTC, datetime
from pathlib import Path
from connectors.openhealth import SOURCE
from data.intake.raw import take_inbox
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 100_000_000,) * 2)
home = Path({str(tmp_path)!r})
print(take_inbox(home / "inbox", home / "raw", SOURCE, datetime.now(UTC)).files)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.stdout == "1\n", done.stderr


@pytest.fixture
def heavy(operator: Operator) -> Path:
    """A text that costs more than 64 MB and half a second to open."""
    return operator.home.drop_text("openhealth", "gros.csv", HEAD + LINE * 200_000)


@seeded(
    1,
    ("setting", "value", "sentence"),
    [
        ("READER_MEMORY_MB", "64", "Fichier trop gros : sa lecture demande plus de 64 Mo de mémoire."),
        ("READER_SECONDS", "0.5", "Lecture abandonnée au bout de 0,5 s : fichier trop long à lire."),
    ],
)
def test_a_file_that_costs_too_much_is_refused_alone(
    operator: Operator, heavy: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, sentence: str
) -> None:
    """Read in a process of its own even when it is the only one; the others are read, and it is tried again."""
    operator.drop("avant.xlsx")
    # Short of memory, C code may retry without end instead of failing: the time limit then answers for the other one.
    limits = {"READER_SECONDS": "10", setting: value}
    for name, limit in limits.items():
        monkeypatch.setenv(f"VIGISTOCK_{name}", limit)
    code, report = operator.build(FIRST_MORNING)
    assert code == 0
    too_big, too_long = (
        f"gros.csv : {sentence} Le découper.",
        "gros.csv : Lecture abandonnée au bout de 10 s : fichier trop long à lire.",
    )
    assert _error(report, "openhealth") in ({too_big, too_long} if "MEMORY" in setting else {f"gros.csv : {sentence}"})
    assert operator.served == ["avant.xlsx"]
    assert heavy.exists()
    for name in limits:
        monkeypatch.delenv(f"VIGISTOCK_{name}")
    assert not _error(operator.build()[1], "openhealth").startswith("gros.csv : Fichier trop gros")


def test_memory_is_counted_from_what_a_process_holds_at_its_start() -> None:
    outcomes = dict(sandbox.run(allocate, [(10,), (500,), (90,)], 2, Limits(memory_mb=200, seconds=60)))
    assert (outcomes[0], outcomes[2]) == (10, 90)
    assert isinstance(outcomes[1], Interrupted)
    assert "plus de 200 Mo" in str(outcomes[1])


def test_a_process_that_dies_takes_no_other_task_with_it() -> None:
    outcomes = dict(sandbox.run(die, [(3,)], 2, Limits(seconds=60)))
    assert str(outcomes[0]) == "Lecture interrompue par le système (code 3) ; à relancer."


def test_how_far_a_file_is_read_is_seen_from_the_process_that_waits(tmp_path: Path) -> None:
    parts: list[float] = []

    def watch(part: float) -> None:
        parts.append(part)
        if part == 0.5:
            (tmp_path / "seen").touch()

    assert dict(sandbox.run(half_done, [(str(tmp_path / "seen"),)], 1, Limits(seconds=60), watch)) == {0: 7}
    assert 0.5 in parts
    assert parts[-1] == 0  # what is done is no longer among what is running


def test_without_a_terminal_the_part_read_and_the_time_left_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "REPORT_EVERY_SECONDS", 0.0)
    out = io.StringIO()
    console = Console(file=out, force_terminal=False, width=120)
    shown = progress.ReadingProgress(console, Progress(console=console, disable=True), 2)
    shown.tick("CIS_bdpm.txt")
    shown.watch(0.5)
    assert out.getvalue() == "Lecture des fichiers : 75 %, encore 1 s environ\n"
    assert [progress.time_left(seconds) for seconds in (0.2, 40.4, 200)] == ["1 s", "40 s", "3 min"]
