"""Fixtures of the whole suite: a temporary home, partner files dropped in its inbox, refreshes on a chosen day."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console
from streamlit.components.v2 import manifest_scanner

from data import demo, warehouse
from data.refresh import Report, refresh
from data.settings import PARIS, Settings
from data.warehouse import Artefact, Reader
from tests import worlds
from tests.connectors.partner_files import Rows, titles, write_workbook
from tests.examples import PROFILES
from tests.light import light

# Hundreds of processes start during these tests: each would compile the libraries again (4.6 s of import instead of 1.5).
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Thousands of tests and the largest libraries stay in memory: looking through them all the time is a twentieth of the suite.
gc.set_threshold(20_000, 20, 20)

HTTP_SOURCES = ("bdpm", "medicam", "openmedic", "retrocedam", "sentinelles", "spf", "vigilance")
FIRST_FOLDERS = ("browser", "deploy", "reliability", "real", "metrics", "fuzz")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Folders that wait most go first, so that workers end together; in a long run, what draws examples is part of it."""
    items.sort(key=_place)  # stable: the order inside a file is that of its author
    if config.getoption("--hypothesis-profile") in PROFILES:
        for item in items:
            drawn = getattr(getattr(item, "function", None), "is_hypothesis_test", False)
            if drawn or Path(__file__).parent / "fuzz" in item.path.parents:
                item.add_marker(pytest.mark.long)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return FIRST_FOLDERS.index(folder) if folder in FIRST_FOLDERS else len(FIRST_FOLDERS)


@pytest.fixture(autouse=True)
def _only_this_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches the real warehouse, nor an open-data host; its own world is small."""
    monkeypatch.setattr(warehouse, "BUILD_CONFIG", worlds.FEW_ROWS)
    monkeypatch.setenv("VIGISTOCK_HOME", str(tmp_path / "home"))
    for key in HTTP_SOURCES:
        monkeypatch.setenv(f"VIGISTOCK_SOURCES__{key.upper()}__BASE_URL", "http://127.0.0.1:9")


@pytest.fixture(scope="session", autouse=True)
def _components_sought_once() -> Iterator[None]:
    """A page opened in a test looks for components through every package installed: an eighth of a second each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def _only_these_tables(request: pytest.FixtureRequest) -> Iterator[None]:
    """``computes("tipping")``: refreshes of the test stop there; ``computes()``, on a test of such a file: they do not."""
    marker = request.node.get_closest_marker("computes")
    with light(*marker.args) if marker and marker.args else nullcontext():
        yield


@dataclass
class Home:
    """A home and what tests do with it."""

    path: Path

    def settings(self, day: date = date(2026, 11, 22)) -> Settings:
        moment = datetime(day.year, day.month, day.day, 6, 10, tzinfo=PARIS)
        # Files of a few rows are read here: processes to read them in cost more than the rest (test_lake.py, reliability).
        return Settings(home=self.path, now=moment, readers=1)

    def drop(self, source: str, name: str, tables: Mapping[str, Rows]) -> Path:
        """A workbook with the template's titles; ``tables``: rows by lake table, in the order of its fields."""
        from connectors.base import tables as known

        sheets = {known(source)[table].sheet: [titles(source, table), *rows] for table, rows in tables.items()}
        path = self.path / "inbox" / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return write_workbook(path, sheets)

    def drop_text(self, source: str, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.path / "inbox" / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    def receive_reserved(self) -> None:
        """A stock of a wholesaler, of a box nobody knows: with open sources alone nothing would be secret."""
        self.drop(
            "pointstock", "S46.xlsx", {"pointstock_stock": [["2026-S46", "GROSSISTE A", "3400930000120", None, 7, 1]]}
        )

    def refresh(self, day: date = date(2026, 11, 22)) -> Report:
        """A refresh of what was dropped; open data is left out (no source is named for HTTP)."""
        settings = self.settings(day)
        return refresh(settings, console=Console(quiet=True), demo_only=False, fetch=False)

    def reader(self, artefact: Artefact = "restricted", reference: str | None = None) -> Reader:
        snapshots = self.path / "snapshots"
        current = warehouse.current(snapshots)
        assert current is not None
        return warehouse.reader(snapshots, current, artefact, reference, 256, 1)


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo as published a week before and on the day; nobody writes into it afterwards."""
    world = worlds.once(tmp_path_factory, "two-weeks", build_two_weeks)
    return worlds.linked(world, tmp_path_factory.mktemp("demo"))


def build_two_weeks(folder: Path) -> None:
    previous = None
    for day in (worlds.DEMO_DAY - timedelta(weeks=1), worlds.DEMO_DAY):
        moment = datetime(day.year, day.month, day.day, 6, 10, tzinfo=PARIS)
        settings = Settings(home=folder, now=moment, readers=1)
        demo.generate(settings.inbox, day, scale="small", anchor=worlds.DEMO_DAY, previous=previous)
        report = refresh(settings, demo_only=True, console=Console(quiet=True))
        assert report.exit_code == 0, report.error
        previous = day


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")
