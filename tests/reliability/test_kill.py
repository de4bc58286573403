"""``kill -9`` at any point of a refresh: the figures shown stay whole, the next refresh heals. ``make kill`` does them all."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from data import warehouse
from tests.reliability.killing import NOW, Bench, bench, leftovers

SEED = 20261124
# One of each kind of what a refresh does to the disk, in its order: copies, records, rows, accounts, artefacts, pointer.
CHOSEN = (
    ("open", ".xlsx."),
    ("os.rename", ".xlsx."),
    ("open", ".json.prov"),
    ("write_table", ""),
    ("os.rename", ".parquet"),
    ("open", "_loads"),
    ("run", "CHECKPOINT"),
    ("open", "manifest.json"),
    ("os.rename", ".building-"),
    ("open", ".current."),
    ("os.rename", ".current."),
    ("os.rename", ".atom."),
    ("open", ".last_run.json."),
)
# Healing costs a whole refresh: after these, and after the random kills.
HEALED = {
    ("os.rename", ".xlsx."),
    ("os.rename", ".parquet"),
    ("os.rename", ".building-"),
    ("os.rename", ".current."),
    ("os.rename", ".atom."),
}
# In make test: into the lake, into the snapshot, and at the pointer.
SEED_KINDS = {
    ("write_table", ""),
    ("run", "CHECKPOINT"),
    ("os.rename", ".current."),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("kill")) as result:
        yield result


def _number(made: Bench, kind: str, text: str) -> int:
    """Position of the last operation of this kind, counted from 1."""
    result = [n for n, name in enumerate(made.operations, 1) if name.split()[0] == kind and text in name]
    assert result, (kind, text)
    return result[-1]


@pytest.mark.parametrize(
    ("kind", "text"), [pytest.param(*one, marks=[] if one in SEED_KINDS else [pytest.mark.long]) for one in CHOSEN]
)
def test_killed_just_before_an_operation(made: Bench, kind: str, text: str) -> None:
    home = made.copy("operation")
    assert made.kill_at_operation(home, _number(made, kind, text))
    made.check_served(home)
    if (kind, text) in HEALED:
        made.check_heals(home, readers=1)


@pytest.mark.long
@pytest.mark.parametrize("readers", [1, 2])
def test_killed_at_random_moments_one_after_the_other(made: Bench, readers: int) -> None:
    draw = random.Random(SEED + readers)
    home = made.copy("random")
    for _ in range(4):
        made.kill_after(home, draw.uniform(0, made.seconds(readers)), readers)
        made.check_served(home)
    made.check_heals(home, readers)


@pytest.mark.long
def test_the_process_is_killed_alone_and_its_readers_end_by_themselves(made: Bench) -> None:
    """What the system does when memory runs out: it kills one process, not those it started."""
    home = made.copy("alone")
    pid = made.server.start(home, readers=2)
    deadline = time.monotonic() + 60
    while len(_group(pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    made.server.wait(pid)
    while _group(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _group(pid) == []
    made.check_served(home)
    made.check_heals(home, readers=2)


def _group(leader: int) -> list[int]:
    """Processes of a group that still run."""
    result = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(group) == leader and state != "Z":
            result.append(int(stat.parent.name))
    return result


def test_a_snapshot_named_but_never_published_leaves_no_twin(made: Bench) -> None:
    """Killed between its name and the pointer; the next refresh, an hour later, is another moment of the same figures."""
    home = made.copy("twin")
    assert made.kill_at_operation(home, _number(made, "open", ".current."))
    snapshots = home / "snapshots"
    assert len(warehouse.published(snapshots)) == 2
    assert made.server.refresh(home, now=NOW + timedelta(hours=1)) == 0
    before, now = warehouse.published(snapshots)
    assert before == made.before
    assert now == warehouse.current(snapshots)
    assert leftovers(home) == []
