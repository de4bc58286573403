"""Through the shipped proxy, in a browser: every page works under its policy, and each reader keeps one process."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from metrics.declarations import queries as declarations
from pages.components.tables import LABEL
from tests.browser.paths import PAGES
from tests.browser.watch import Watched
from tests.conftest import Home
from tests.deploy.proxy import Proxy
from tests.seeds import seeded

DRAWN = {"molecule": ".js-plotly-plot .main-svg", "territoires": ".vs-map svg path"}
PATIENCE_MS = 90_000  # a file is written when its button is clicked, on a machine that may be busy


@pytest.mark.long
def test_every_page_works_under_the_policy(reader: Watched, served_home: Path) -> None:
    """No script, style, image or socket that a page needs is refused: a refusal is an error of the console."""
    number = declarations.everything(Home(served_home).reader())["declaration_no"].iloc[0]
    opens({**PAGES, "declaration": f"/declaration?numero={number}"}, reader)


@seeded(1, "name", DRAWN)
def test_charts_and_maps_work_under_the_policy(reader: Watched, name: str) -> None:
    """They ask most of it: workers, WebAssembly, images made on the spot."""
    opens({name: PAGES[name]}, reader)


def opens(pages: dict[str, str], reader: Watched) -> None:
    for name, path in pages.items():
        reader.open(path)
        assert reader.exceptions() == [], name
        assert reader.page.locator("h1.vs-title").count() == 1, name
        if name in DRAWN:
            reader.page.locator(DRAWN[name]).first.wait_for()


def test_a_map_takes_clicks_and_a_chart_and_a_table_can_be_taken_away(reader: Watched) -> None:
    page = reader.page
    reader.open(PAGES["territoires"])
    page.get_by_text(LABEL).first.click()
    reader.settle()
    button = page.get_by_role("button", name="Télécharger (CSV)").first
    button.wait_for()
    reader.settle()  # drawn, and the run that draws it over
    with page.expect_download(timeout=PATIENCE_MS) as table:
        button.click()
    assert table.value.path().read_bytes().startswith("\ufeff# Données fictives".encode())
    reader.open(PAGES["molecule"])
    page.locator(".js-plotly-plot").first.hover()
    with page.expect_download() as image:
        page.locator(".modebar-btn").first.click()
    assert image.value.path().read_bytes().startswith(b"\x89PNG")


def test_an_address_that_does_not_exist_says_so_in_french(reader: Watched) -> None:
    """That sentence is put there by an inline script: its hash is in the policy."""
    reader.open("/nimporte")
    assert "Cette adresse n'existe pas." in reader.text()
    reader.errors = [error for error in reader.errors if "does not seem to exist" not in error]


def test_a_reader_keeps_one_process(reader: Watched, front: Proxy) -> None:
    """Page, web socket and media of a browser reach the same process."""
    start = len(front.log())
    reader.open(PAGES["declarations"])
    button = reader.page.get_by_role("button", name="Télécharger (CSV)").first
    if not button.count():
        reader.page.locator('[data-testid="stExpander"] summary').first.click()
    button.wait_for()
    reader.settle()
    with reader.page.expect_download(timeout=PATIENCE_MS):
        button.click()
    reader.page.context.close()  # a web socket is written in the log when it ends
    limit = time.monotonic() + PATIENCE_MS / 1000
    while not any("/_stcore/stream" in line for line in front.log()[start:]) and time.monotonic() < limit:
        time.sleep(0.1)
    lines = [line.split() for line in front.log()[start:]]
    asked = {path: upstream for _, _, _, path, _, _, _, upstream, *_ in lines}
    assert {"/declarations", "/_stcore/stream", "/media/"} <= asked.keys()
    assert len({upstream for upstream in asked.values() if upstream != "-"}) == 1


@seeded((1,), "path", ["/molecule?sujet=amoxicilline-susp-500", "/oauth2callback?code=secret&state=secret"])
def test_the_log_keeps_no_query_and_no_export(reader: Watched, front: Proxy, path: str) -> None:
    reader.page.goto(f"{reader.address}{path}")
    kept = "\n".join(front.log()) + (front.folder / "vigistock-error.log").read_text(encoding="utf-8")
    assert path.split("?", maxsplit=1)[0] in kept
    assert not re.search(r"\?|amoxicilline|secret| /media/\w", kept)
    reader.errors.clear()  # without sign-in the second address answers an error
