"""Homes that several tests look at, each built once a run, by whichever worker needs it first."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from data import demo

DEMO_DAY = date(2026, 11, 22)
# A world of a few rows is written in less time than its queries are optimised in. Which optimisers and how many threads
# change no row: test_threads.py.
FEW_ROWS = {
    "threads": 1,
    "disabled_optimizers": "join_order,statistics_propagation,common_subplan,expression_rewriter,projection_pullup,"
    "projection_placement,build_side_probe_side,common_subexpressions",
}


def once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """The folder that ``build`` fills. Every worker is given the same one: read it, or take a copy."""
    base = factory.getbasetemp()
    common = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "worlds"
    common.mkdir(exist_ok=True)
    folder, done = common / name, common / f"{name}.done"
    with FileLock(common / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed
            folder.mkdir()
            build(folder)
            done.touch()
    return folder


def linked(world: Path, to: Path) -> Path:
    """A home of one's own at no cost: files written once are links, the journal and the locks are copies.

    Not for a test that changes bytes in place: it takes a real copy.
    """
    shutil.copytree(world, to, copy_function=_linked_or_copied, dirs_exist_ok=True)
    return to


def _linked_or_copied(source: str, target: str) -> None:
    name = Path(source).name
    (shutil.copy2 if name.startswith("journal.db") or name.endswith(".lock") else os.link)(source, target)


def demo_inbox(factory: pytest.TempPathFactory) -> Path:
    """The files of the small demo, that nothing has read yet."""
    return once(factory, "demo-inbox", lambda folder: demo.generate(folder, DEMO_DAY, scale="small"))
