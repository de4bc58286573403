"""One browser, one demo home and one running dashboard for all the browser tests of a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests import worlds
from tests.browser import homes
from tests.browser.provider import PEOPLE, TABLE, Provider, Service, provider, service
from tests.browser.server import BY_SCRIPT, dashboard
from tests.browser.watch import CHROMIUM, FLAGS, Watched, reader, watch, watch_in

Visitor = Callable[..., Watched]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Closed on leaving the folder: an open Playwright keeps an event loop that other tests would meet.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=30_000)  # what is expected comes late on a busy machine: five seconds would judge that
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worlds.linked(homes.shared_demo(tmp_path_factory), tmp_path_factory.mktemp("browser-demo") / "home")


@pytest.fixture(scope="package")
def demo_address(demo_folder: Path) -> Iterator[str]:
    with dashboard(demo_folder, BY_SCRIPT) as address:
        yield address


@pytest.fixture(scope="session")
def open_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = worlds.once(tmp_path_factory, "browser-open", homes.build_open)
    return worlds.linked(world, tmp_path_factory.mktemp("browser-open") / "home")


@pytest.fixture(scope="package")
def open_address(open_folder: Path) -> Iterator[str]:
    """Open data alone, read by visitors."""
    with dashboard(open_folder, BY_SCRIPT) as address:
        yield address


@pytest.fixture(scope="package")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A provider that tells claims in the id token."""
    with provider(tmp_path_factory.mktemp("provider") / "id", "id_token") as known:
        yield known


@pytest.fixture(scope="package")
def served(started: Provider, demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The demo behind sign-in."""
    with service(tmp_path_factory.mktemp("service") / "s", demo_folder, started, "vigistock") as running:
        yield running


@pytest.fixture
def known(served: Service) -> Service:
    """The service, its people and its table as written at first."""
    served.provider.know(PEOPLE)
    served.allow(TABLE)
    return served


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """``visitor(address)``: a watched page. What it asked for and its errors are judged when the test ends."""
    opened: list[Watched] = []

    def visit(address: str, width: int = 1280, height: int = 900) -> Watched:
        opened.append(watch(browser, address, width, height))
        return opened[-1]

    yield visit
    for watched in opened:
        watched.page.context.close()
    for watched in opened:
        watched.judge()


@pytest.fixture(scope="package")
def demo_reader(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody without sign-in: nothing of one page is known to the next, but the framework's code, which is read once."""
    context = reader(browser)
    yield context
    context.close()


@pytest.fixture
def demo_page(demo_address: str, demo_reader: BrowserContext) -> Iterator[Watched]:
    seen = watch_in(demo_reader, demo_address)
    yield seen
    seen.page.close()
    seen.judge()
