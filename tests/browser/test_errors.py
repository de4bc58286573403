"""When a page breaks, the reader gets a French sentence and a reference; the trace, paths and SQL stay on the server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from data import warehouse
from data.manifest import seal
from tests.browser import homes
from tests.browser.conftest import Visitor
from tests.browser.server import BY_SCRIPT, PROJECT, dashboard

# Of the code, of the warehouse, of this machine: none of it in a byte that leaves the server.
INSIDE = re.compile(r"Traceback|Catalog|duckdb|SELECT |plan_status|\.py\b|line \d+|" + re.escape(str(PROJECT)))


@dataclass
class Broken:
    address: str
    home: Path
    log: Path


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    """A dashboard whose snapshot is whole but lacks the table of a page, as one built by another version may."""
    folder = tmp_path_factory.mktemp("broken")
    snapshots = folder / "home" / "snapshots"
    shutil.copytree(homes.shared_demo(tmp_path_factory) / "snapshots", snapshots)
    last = snapshots / str(warehouse.current(snapshots))
    with duckdb.connect(str(last / "restricted.duckdb")) as database:
        database.execute("DROP TABLE plan_status")
    manifest = json.loads((last / "manifest.json").read_text(encoding="utf-8"))
    (last / "manifest.json").write_text(json.dumps({**manifest, "artefacts": seal(last)}), encoding="utf-8")
    log = folder / "server.log"
    with dashboard(folder / "home", BY_SCRIPT, under=("sh", "-c", f'exec "$0" "$@" 2>{log}')) as address:
        yield Broken(address, folder / "home", log)


def test_a_broken_page_says_so_in_french_and_nothing_else(broken: Broken, visitor: Visitor) -> None:
    seen = visitor(broken.address)
    frames: list[str] = []
    seen.page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(as_text(data))))
    seen.open("/plan-hivernal")
    text = seen.text()
    reference = re.search(r"Une erreur est survenue \(réf\.\s([0-9a-f]{8})\)\.", text)
    assert reference is not None
    bar = seen.page.locator(".vs-bar").text_content() or ""
    assert "Plan hivernal" in bar, "the menu stays: other pages still open"
    assert seen.exceptions() == []
    assert not INSIDE.search(text)
    # Streamlit's first message of a run names the script it runs: the one path that browsers receive.
    sent = "".join(frames).replace(str(PROJECT / "app.py"), "")
    assert reference[1] in sent
    assert not INSIDE.search(sent), INSIDE.search(sent)
    assert str(broken.home) not in sent
    printed = broken.log.read_text(encoding="utf-8")
    assert reference[1] in printed
    assert "Traceback" in printed
    assert "plan_status" in printed


def test_the_other_pages_still_open(broken: Broken, visitor: Visitor) -> None:
    seen = visitor(broken.address)
    seen.open("/methode")
    assert "Une erreur est survenue" not in seen.text()
    assert seen.page.locator("h1.vs-title").count() == 1


def as_text(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode("utf-8", errors="replace")
