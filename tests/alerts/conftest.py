"""One declaration whose promise slips by, published on four days; each test gets a copy with a journal of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from data import warehouse
from data.alerts import publishing
from data.settings import AlertSettings, Settings
from tests.alerts.mail_server import MailServer, mail_server
from tests.conftest import Home
from tests.metrics.test_scores import version

PROMISED = date(2026, 11, 24)
DUE, PASSED, WORSE, CLOSED = date(2026, 11, 23), date(2026, 11, 26), date(2026, 12, 2), date(2026, 12, 3)
KEY = f"date_passed:D-1:retour:0:{PROMISED}"

Story = dict[date, str]


@pytest.fixture(scope="session")
def published_days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Story]:
    """The home, and the snapshot of each day: promise due, passed, passed since 8 days, file closed."""
    home = Home(tmp_path_factory.mktemp("story") / "home")
    by_day = {}
    for number, day in enumerate((DUE, PASSED, WORSE, CLOSED), start=1):
        status = "Close" if day == CLOSED else "Ouverte"
        line = version("D-1", number, day, expected_return_on=PROMISED, status=status, share_town_pct=2)
        home.drop("trustmed", f"{number}.xlsx", {"trustmed_version": [line]})
        report = home.refresh(day)
        assert report.published, report.error
        by_day[day] = str(report.snapshot)
    return home.path, by_day


@pytest.fixture
def settings(published_days: tuple[Path, Story], tmp_path: Path) -> Settings:
    """Settings of the copy, without e-mail."""
    shutil.copytree(published_days[0] / "snapshots", tmp_path / "home" / "snapshots")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def on(published_days: tuple[Path, Story], settings: Settings) -> Callable[[date], None]:
    """What a refresh does once the snapshot of a day is in force."""

    def published(day: date) -> None:
        warehouse.point_to(settings.snapshots, published_days[1][day])
        assert publishing.publish(settings, published_days[1][day]) == []

    return published


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server(tmp_path) as opened:
        yield opened


def mailing(settings: Settings, server: MailServer, **changes: object) -> Settings:
    """The same home, writing to that server."""
    values: dict[str, object] = {
        "public_url": "https://vigistock.example",
        "smtp_host": "localhost",
        "smtp_port": server.port,
        "smtp_ca_file": server.authority,
        "smtp_seconds": 5,
        "smtp_attempts": 1,
        "sender": "vigistock@agence.example",
        "recipients": {"ansm": ["alerte@ansm.example"]},
    }
    return settings.model_copy(update={"alerts": AlertSettings.model_validate(values | changes)})
