"""Two refreshes at once, a holder killed, a clock set back: one at a time, nothing replaced by what knows less."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from connectors.language.typography import ordinary
from connectors.pointstock import SOURCE
from data import warehouse
from data.clock import CLOCK_TOLERANCE
from data.files import read_json
from data.intake import raw
from data.settings import PROJECT
from pages.sources import account
from tests.reliability.conftest import FIRST_MORNING, Operator

pytestmark = pytest.mark.computes("source_file")


def _command(operator: Operator, **environment: str) -> subprocess.Popen[str]:
    report = {"VIGISTOCK_HOME": str(operator.home.path), "VIGISTOCK_NOW": FIRST_MORNING, **environment}
    return subprocess.Popen(
        [sys.executable, "-m", "data.build", "--offline"],
        env={**os.environ, **report},
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_of_two_refreshes_one_waits_and_finds_nothing_to_do(operator: Operator) -> None:
    operator.drop("avant.xlsx")
    both = [_command(operator), _command(operator)]
    outputs = sorted(
        (" ".join(one.communicate(timeout=120)[0].split()) for one in both), key=lambda text: "Rien" in text
    )
    assert [one.returncode for one in both] == [0, 0]
    assert "Instantané publié" in outputs[0]
    assert "Rien de nouveau" in outputs[1]
    assert len(warehouse.published(operator.snapshots)) == 1
    assert len(list((operator.home.path / "raw" / "pointstock").glob("*.xlsx"))) == 1


@pytest.fixture
def holder(operator: Operator) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the home and goes on holding it."""
    operator.snapshots.mkdir(parents=True)
    script = f"from filelock import FileLock; import time; kept = FileLock({str(operator.snapshots / '.lock')!r}); kept.acquire(); print(1, flush=True); time.sleep(60)"
    found = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert found.stdout
    found.stdout.readline()
    yield found
    found.kill()
    found.wait()


def test_a_refresh_that_waited_long_enough_says_so(
    operator: Operator, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGISTOCK_LOCK_WAIT_SECONDS", "0.2")
    operator.drop("avant.xlsx")
    code, report = operator.build(FIRST_MORNING)
    assert (code, report["snapshot"]) == (1, None)
    assert report["error"].startswith("Un autre rafraîchissement est en cours depuis plus de 0.2 s")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    started = time.monotonic()
    assert operator.build(FIRST_MORNING)[0] == 0
    assert time.monotonic() - started < 30
    assert operator.served == ["avant.xlsx"]


def test_the_lock_is_free_after_a_refresh_that_failed(operator: Operator, tmp_path: Path) -> None:
    operator.snapshots.mkdir(parents=True)
    (operator.home.path / "raw").write_text("a file where a folder should be")
    operator.drop("avant.xlsx")
    code, report = operator.build(FIRST_MORNING)
    assert (code, "/raw" in report["error"]) == (1, True)
    with FileLock(operator.snapshots / ".lock", timeout=0):
        pass


class Clock:
    """Sets the machine's clock, as the refresh reads it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def say(self, moment: datetime) -> None:
        class _Datetime(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz)

        self._monkeypatch.setattr("data.settings.datetime", _Datetime)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def test_a_clock_set_back_takes_and_publishes_nothing(operator: Operator, clock: Clock) -> None:
    operator.drop("avant.xlsx")
    clock.say(NOON)
    assert operator.build(None)[0] == 0
    shown = warehouse.current(operator.snapshots)
    operator.drop("après.xlsx")
    clock.say(NOON - timedelta(days=10))
    code, report = operator.build(None)
    assert code == 1
    assert "L'horloge de la machine dit 12/11/2026 12:00" in report["error"]
    assert "(22/11/2026 12:00)" in report["error"]
    assert warehouse.current(operator.snapshots) == shown
    assert operator.served == ["avant.xlsx"]
    clock.say(NOON + timedelta(minutes=5))
    assert operator.build(None)[0] == 0
    assert operator.served == ["après.xlsx", "avant.xlsx"]


@pytest.mark.long
def test_a_clock_corrected_by_a_few_minutes_stands_still(operator: Operator, clock: Clock) -> None:
    operator.drop("avant.xlsx")
    clock.say(NOON)
    assert operator.build(None)[0] == 0
    operator.drop("après.xlsx")
    clock.say(NOON - timedelta(minutes=5))
    code, report = operator.build(None)
    assert (code, report["error"]) == (0, None)
    assert operator.served == ["après.xlsx", "avant.xlsx"]
    moments = {record.moment for _, record in raw.received(operator.home.path / "raw", SOURCE.key)}
    assert moments == {NOON}


@pytest.mark.long
def test_a_demo_dated_later_today_does_not_stop_real_files(operator: Operator, clock: Clock) -> None:
    """The demo lives at ten past six; somebody who tries it at five goes on with real files."""
    operator.drop("demo/fictif.xlsx")
    assert operator.build("2026-11-22T06:10")[0] == 0
    operator.drop("vrai.xlsx")
    clock.say(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
    code, report = operator.build(None)
    assert (code, report["error"]) == (0, None)
    assert operator.served == ["vrai.xlsx"]


def test_a_day_replayed_says_what_it_leaves_out(operator: Operator) -> None:
    operator.drop("avant.xlsx")
    operator.build("2026-11-20T06:10")
    operator.drop("après.xlsx")
    operator.build("2026-11-22T06:10")
    code, report = operator.build("2026-11-21T06:10")
    assert code == 0
    assert report["notes"] == [
        "Jour rejoué : 1 fichier(s) reçu(s) après le 21/11/2026 06:10 ne sont pas dans les chiffres."
    ]
    assert operator.served == ["avant.xlsx"]
    on_screen = account.last_run_html(read_json(operator.snapshots / "last_run.json") or {}, [], details=True)
    assert "Jour rejoué : 1 fichier(s)" in ordinary(on_screen)


@pytest.mark.long
def test_the_snapshot_in_force_is_never_forgotten(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day replayed is older than all the others by its name: it stays, since it is the one shown."""
    monkeypatch.setenv("VIGISTOCK_KEEP_SNAPSHOTS", "2")
    operator.drop("avant.xlsx")
    for day in (20, 21, 22, 19):
        assert operator.build(f"2026-11-{day}T06:10")[0] == 0
    shown = warehouse.in_force(operator.snapshots)
    assert shown.damaged is None
    assert str(shown.snapshot).startswith("20261119")
    assert len(warehouse.published(operator.snapshots)) == 3
    assert timedelta(hours=1) > CLOCK_TOLERANCE
