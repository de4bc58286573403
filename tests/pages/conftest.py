"""Homes for the tests of pages: a small demo with two snapshots, built once; an empty one; and how a page is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import streamlit as st
from rich.console import Console
from streamlit.testing.v1 import AppTest

from data import demo
from data.build import refresh
from data.settings import PARIS, Settings
from tests.conftest import Home

APP = Path(__file__).parents[2] / "app.py"
DAY, WEEK_BEFORE = date(2026, 11, 22), date(2026, 11, 15)
TIMEOUT_S = 30

Opener = Callable[..., AppTest]


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo as published a week before and on the day; nobody writes into it afterwards."""
    folder = tmp_path_factory.mktemp("demo")
    previous = None
    for day in (WEEK_BEFORE, DAY):
        moment = datetime(day.year, day.month, day.day, 6, 10, tzinfo=PARIS)
        settings = Settings(home=folder, now=moment)
        demo.generate(settings.inbox, day, scale="small", anchor=DAY, previous=previous)
        report = refresh(settings, demo_only=True, console=Console(quiet=True))
        assert report.exit_code == 0, report.error
        previous = day
    return folder


def serve(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Make the pages of this test read one home; what an earlier test cached is forgotten."""
    monkeypatch.setenv("VIGISTOCK_HOME", str(folder))
    st.cache_data.clear()
    st.cache_resource.clear()
    return Home(folder)


@pytest.fixture
def demo_home(built_demo: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return serve(built_demo, monkeypatch)


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A refresh that received nothing: a snapshot is published, every table of it is empty."""
    home = Home(tmp_path / "home")
    assert home.refresh().published
    return serve(home.path, monkeypatch)


@pytest.fixture
def open_page() -> Opener:
    """``open_page("pages/molecules/molecule.py", sujet="dci:amoxicilline")``: the page inside the real frame."""

    def opened(script: str = "", **parameters: str) -> AppTest:
        at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
        if parameters.get("projection"):
            at.query_params["projection"] = parameters["projection"]
        at.run()
        if script:
            at.switch_page(script)
        for name, value in parameters.items():
            at.query_params[name] = value
        return at.run() if script or parameters else at

    return opened


def texts(at: AppTest) -> str:
    """Everything written on the page, links included, as one text (HTML kept)."""
    htmls = [str(element.proto.body) for element in at.get("html")]
    links = [f"{element.proto.label} → {element.proto.page}?{element.proto.query_string}" for element in at.get("page_link")]
    others = [str(element.value) for kind in (at.markdown, at.caption, at.error, at.exception) for element in kind]
    return "\n".join([*htmls, *links, *others])
