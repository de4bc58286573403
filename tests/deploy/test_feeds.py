"""Feeds through the shipped proxy: each behind its own passwords, and nothing else of the home."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
import requests

from data import warehouse
from data.alerts import publishing
from data.settings import Settings
from tests.browser import homes
from tests.deploy.proxy import Proxy, proxy

NOBODY = ("http://127.0.0.1:9", "http://127.0.0.1:9")  # feeds need no dashboard


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx over a home whose feeds a refresh wrote; passwords for two of them, by the command the guide gives."""
    folder = tmp_path_factory.mktemp("feeds")
    shutil.copytree(homes.shared_demo(tmp_path_factory) / "snapshots", folder / "home" / "snapshots")
    home = Settings(home=folder / "home")
    assert publishing.publish(home, warehouse.current(home.snapshots) or "") == []
    (folder / "flux").mkdir()
    for name, password in (("cap", "du-comite"), ("ars-94", "de-corse")):
        made = subprocess.run(["openssl", "passwd", "-6", password], capture_output=True, text=True, check=True)
        (folder / "flux" / f"{name}.htpasswd").write_text(f"lecteur:{made.stdout}", encoding="ascii")
    with proxy(folder, NOBODY) as opened:
        yield opened


def ask(front: Proxy, path: str, password: str | None = None) -> requests.Response:
    who = ("lecteur", password) if password else None
    return requests.get(f"{front.https}{path}", auth=who, verify=str(front.authority), timeout=10)


def test_a_reader_of_feeds_gets_its_feed_with_its_password(front: Proxy) -> None:
    answer = ask(front, "/flux/ars-94.atom", "de-corse")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    assert any("Corse-du-Sud" in entry.summary for entry in parsed.entries)
    again = requests.get(
        answer.url, auth=("lecteur", "de-corse"), verify=str(front.authority), timeout=10,
        headers={"If-Modified-Since": answer.headers["Last-Modified"]},
    )  # fmt: skip
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "password", "status"),
    [
        ("/flux/cap.atom", None, 401),
        ("/flux/cap.atom", "de-corse", 401),
        ("/flux/ansm.atom", "du-comite", 403),
        ("/flux/ansm.atom", None, 401),
        ("/flux/", "du-comite", 404),
        ("/flux/../snapshots/current", "du-comite", 404),
        ("/flux/..%2fsnapshots%2fcurrent", "du-comite", 404),
        ("/feeds/cap.atom", "du-comite", 404),
        ("/static/cap.atom", "du-comite", 502),
    ],
)
def test_nothing_without_the_right_password(front: Proxy, path: str, password: str | None, status: int) -> None:
    """502: left to the dashboards, which are not there."""
    answer = ask(front, path, password)
    assert answer.status_code == status
    assert b"<feed" not in answer.content


def test_files_of_feeds_are_for_the_group_of_nginx_alone(front: Proxy) -> None:
    unit = (Path(__file__).parents[2] / "docs" / "deploy" / "vigistock-refresh.service").read_text(encoding="utf-8")
    assert "UMask=0027" in unit
    assert {path.suffix for path in (front.folder / "home" / "feeds").iterdir()} == {".atom"}
