"""Homes that the browser looks at: the demo, small or full; nothing at all; the public referential alone."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import pytest
from rich.console import Console

from data import demo
from data.refresh import Report, refresh
from data.settings import PARIS, Settings
from tests import worlds

DAYS = (date(2026, 11, 15), date(2026, 11, 21), date(2026, 11, 22))
QUIET = Console(quiet=True)
SAMPLES = Path(__file__).parents[1] / "samples"


def build_demo(folder: Path, scale: Literal["full", "small"], console: Console | None = None) -> None:
    """The demo as published a week before, the day before and on the day."""
    previous = None
    for day in DAYS:
        demo.generate(settings(folder, day).inbox, day, scale=scale, anchor=DAYS[-1], previous=previous)
        _published(refresh(settings(folder, day), demo_only=True, console=console or Console(quiet=True)))
        previous = day


def shared_demo(factory: pytest.TempPathFactory) -> Path:
    """The small demo of the browser tests, built once a run. Nobody writes in it: take a copy, or read it only."""
    return worlds.once(factory, "three-days", lambda folder: build_demo(folder, "small"))


def build_empty(folder: Path) -> None:
    """A refresh that received nothing."""
    _published(refresh(settings(folder, DAYS[-1]), fetch=False, console=Console(quiet=True)))


def build_referential(folder: Path) -> None:
    """The public referential alone: no stock, no declaration, no panel."""
    shutil.copytree(SAMPLES / "bdpm", folder / "inbox" / "bdpm")
    build_empty(folder)


def build_open(folder: Path) -> None:
    """Open data alone, the public list on two days: an open snapshot."""
    for source in ("bdpm", "historique", "vigilance"):
        shutil.copytree(SAMPLES / source, folder / "inbox" / source)
    build_empty(folder)


def settings(folder: Path, day: date) -> Settings:
    # One reader: a reading process would start the main script again, which an AppTest may have replaced.
    moment = datetime(day.year, day.month, day.day, 6, 10, tzinfo=PARIS)
    return Settings(home=folder, now=moment, readers=1)


def _published(report: Report) -> None:
    if report.exit_code:
        raise RuntimeError(f"home not built: {report.error}")
