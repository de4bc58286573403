"""Feeds as a reader of feeds sees them: parsed by feedparser, from the files that refreshes write."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from data import warehouse
from data.alerts import feed, publishing
from data.alerts.life import Episode
from data.alerts.reading import Audience, every_audience
from data.journal import Journal, JournalUnavailable
from data.settings import AlertSettings, Settings
from tests.alerts.conftest import CLOSED, DUE, PASSED, WORSE
from tests.alerts.test_life import alert
from tests.typography import TYPED

On = Callable[[date], None]
NOW = datetime(2026, 11, 22, 5, 10, tzinfo=UTC)
HEAD = feed.Head("https://vigistock.example/", NOW, is_demo=False)


def read(settings: Settings, name: str = "ansm") -> Any:
    parsed = feedparser.parse((settings.feeds / f"{name}.atom").read_bytes())
    assert not parsed.bozo
    assert parsed.version == "atom10"
    return parsed


def mine(settings: Settings) -> Any:
    return [entry for entry in read(settings).entries if "date_" in entry.id]


def test_an_entry_keeps_its_name_and_moves_only_when_it_worsens(settings: Settings, on: On) -> None:
    on(PASSED)
    (first,) = mine(settings)
    on(PASSED)
    assert mine(settings) == [first]
    on(WORSE)
    (worse,) = mine(settings)
    assert (worse.id, worse.published) == (first.id, first.published)
    assert worse.updated >= first.updated
    assert worse.title.translate(TYPED).startswith("Date promise passée, importante : ")
    on(CLOSED)
    assert mine(settings) == []


def test_an_alert_that_comes_back_is_another_entry(settings: Settings, on: On) -> None:
    entries = []
    for day in (PASSED, CLOSED, PASSED):
        on(day)
        entries += mine(settings)
    first, again = entries
    assert first.title == again.title
    assert first.id != again.id


def test_every_audience_has_its_file_rewritten_only_when_it_changed(settings: Settings, on: On) -> None:
    on(PASSED)
    files = {path.name: path.stat().st_mtime_ns for path in settings.feeds.iterdir()}
    assert set(files) == {f"{audience.name}.atom" for audience in every_audience()}
    on(PASSED)
    assert {path.name: path.stat().st_mtime_ns for path in settings.feeds.iterdir()} == files


def test_a_feed_without_alert_is_dated_by_its_data(settings: Settings, on: On) -> None:
    on(DUE)
    empty = read(settings, "cap")
    assert empty.entries == []
    sentence = warehouse.describe(settings.snapshots, warehouse.current(settings.snapshots) or "")
    assert datetime.fromisoformat(empty.feed.updated) == datetime.fromisoformat(sentence["built_at"])


def test_only_the_agency_reads_names_of_laboratories(built_demo: Path, tmp_path: Path) -> None:
    shutil.copytree(built_demo / "snapshots", tmp_path / "demo" / "snapshots")
    home = Settings(home=tmp_path / "demo", alerts=AlertSettings(public_url="https://vigistock.example"))
    assert publishing.publish(home, warehouse.current(home.snapshots) or "") == []
    for audience in every_audience():
        text = (home.feeds / f"{audience.name}.atom").read_text(encoding="utf-8")
        assert ("LABORATOIRE" in text) is (audience.artefact == "restricted")
        assert "données fictives" in text
        assert all(entry.title.startswith("[Données fictives] ") for entry in feedparser.parse(text).entries)
    links = {entry.link for entry in read(home).entries}
    assert "https://vigistock.example/molecule?sujet=amoxicilline-susp-500" in links


def test_what_a_partner_wrote_breaks_nothing() -> None:
    """Markup stays text, signs of XML are escaped."""
    hostile = replace(alert(), label="</title><script>alert(1)</script> & « x »", sentence="<b>2 j</b> & plus")
    text = feed.atom(Audience("ansm"), [hostile], {hostile.key: Episode(NOW, NOW, 1)}, HEAD)
    ET.fromstring(text)
    (entry,) = feedparser.parse(text).entries
    assert (entry.title_detail.type, "<script>" in entry.title) == ("text/plain", True)
    assert "&lt;b&gt;2 j&lt;/b&gt; &amp; plus" in entry.summary
    assert entry.link == "https://vigistock.example/molecule?sujet=x"


def test_the_last_changed_come_first() -> None:
    later = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)
    episodes = {"a": Episode(NOW, NOW, 1), "b": Episode(NOW, later, 2)}
    text = feed.atom(Audience("cap"), [alert("a"), alert("b")], episodes, HEAD)
    parsed = feedparser.parse(text)
    assert [entry.id[-2:] for entry in parsed.entries] == [":b", ":a"]
    assert datetime.fromisoformat(parsed.feed.updated) == later


def test_without_the_journal_feeds_stay_as_they_were(settings: Settings, on: On, tmp_path: Path) -> None:
    on(PASSED)
    before = (settings.feeds / "ansm.atom").read_bytes()
    (tmp_path / "wall").write_text("not a folder")
    silent = settings.model_copy(update={"journal_url": f"sqlite:///{tmp_path}/wall/journal.db"})
    with pytest.raises(JournalUnavailable):
        Journal(silent.journal).migrate()
    (sentence,) = publishing.publish(silent, warehouse.current(settings.snapshots) or "")
    assert sentence.startswith("Alertes non datées, flux non réécrits. Le journal ne répond pas")
    assert (settings.feeds / "ansm.atom").read_bytes() == before


def test_a_disk_failure_is_reported(settings: Settings, on: On) -> None:
    settings.feeds.write_text("a file in the place of the folder")
    (sentence,) = publishing.publish(settings, warehouse.current(settings.snapshots) or "")
    assert sentence.startswith("Flux d'alertes non réécrits. Lecture ou écriture impossible")
