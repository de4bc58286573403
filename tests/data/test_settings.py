"""Settings: passed values, then the environment, then the file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data.settings import PROJECT, Settings
from data.strict import BrokenReference
from tests.conftest import HTTP_SOURCES


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file of this test, in the place of the project's."""
    path = tmp_path / "reglages.toml"
    monkeypatch.setenv("VIGISTOCK_CONFIG", str(path))
    monkeypatch.delenv("VIGISTOCK_HOME")
    for key in ("BDPM", "SPF", "VIGILANCE"):
        monkeypatch.delenv(f"VIGISTOCK_SOURCES__{key}__BASE_URL")
    path.write_text("", encoding="utf-8")
    return path


def test_defaults(toml: Path) -> None:
    settings = Settings()
    assert settings.home == PROJECT / "data"
    assert (settings.inbox, settings.raw) == (PROJECT / "data" / "inbox", PROJECT / "data" / "raw")
    assert settings.source("bdpm").enabled
    assert settings.source("bdpm").base_url == ""


def test_the_file_is_read(toml: Path) -> None:
    toml.write_text('home = "/srv/vigistock"\nreaders = 1\n[sources.spf]\nenabled = false\n', encoding="utf-8")
    settings = Settings()
    assert (settings.home, settings.readers) == (Path("/srv/vigistock"), 1)
    assert not settings.source("spf").enabled
    assert settings.source("bdpm").enabled


def test_the_environment_wins_over_the_file(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml.write_text('keep_snapshots = 30\n[sources.bdpm]\nbase_url = "http://a"\napi_key = "cle"\n', encoding="utf-8")
    monkeypatch.setenv("VIGISTOCK_KEEP_SNAPSHOTS", "12")
    monkeypatch.setenv("VIGISTOCK_SOURCES__BDPM__BASE_URL", "http://b")
    settings = Settings()
    assert settings.keep_snapshots == 12
    assert settings.source("bdpm").base_url == "http://b"
    assert settings.source("bdpm").api_key == "cle"  # what the environment does not say stays as written


def test_what_is_passed_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VIGISTOCK_HOME", "/ailleurs")
    assert Settings().home == Path("/ailleurs")
    assert Settings(home=tmp_path).home == tmp_path


@pytest.mark.parametrize(
    ("text", "moment", "day"),
    [
        ("2026-11-22T06:10:00+01:00", datetime(2026, 11, 22, 5, 10, tzinfo=UTC), date(2026, 11, 22)),
        ("2026-11-22T06:10:00", datetime(2026, 11, 22, 5, 10, tzinfo=UTC), date(2026, 11, 22)),
        ("2026-07-01T06:10:00", datetime(2026, 7, 1, 4, 10, tzinfo=UTC), date(2026, 7, 1)),
        ("2026-11-21T23:30:00Z", datetime(2026, 11, 21, 23, 30, tzinfo=UTC), date(2026, 11, 22)),
    ],
)
def test_a_past_moment_is_replayed_on_the_clock_of_paris(
    monkeypatch: pytest.MonkeyPatch, text: str, moment: datetime, day: date
) -> None:
    monkeypatch.setenv("VIGISTOCK_NOW", text)
    assert Settings().clock == moment
    assert Settings().today == day


def test_without_a_moment_it_is_now() -> None:
    before = datetime.now(UTC)
    assert before <= Settings().clock <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("line", "name"),
    [("serve_memory_mb = 12", "serve_memory_mb"), ("readers = 0", "readers"), ("keep_snapshot = 3", "keep_snapshot")],
)
def test_a_wrong_setting_is_named(toml: Path, line: str, name: str) -> None:
    toml.write_text(line, encoding="utf-8")
    with pytest.raises(BrokenReference, match=name):
        Settings()


def test_the_file_of_the_project_is_valid(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIGISTOCK_CONFIG")
    assert set(Settings().sources) == set(HTTP_SOURCES)
