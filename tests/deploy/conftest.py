"""The reference deployment on loopback: nginx as shipped, two dashboards with the fewest rights, one browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import homes
from tests.browser.server import BY_SCRIPT, dashboard
from tests.browser.watch import CHROMIUM, FLAGS, Watched, watch
from tests.deploy.proxy import Proxy, proxy
from tests.journal.conftest import postgres

__all__ = ["postgres"]

Visitor = Callable[[], Watched]
# As the unit does: no capability, so that permissions hold for root too. An ordinary user has none to lose.
UNDER = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs") if os.geteuid() == 0 else ()


@pytest.fixture(scope="package")
def served_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a dashboard sees in production: published snapshots alone, read only, and the journal's own folder."""
    home = tmp_path_factory.mktemp("deployed")
    shutil.copytree(homes.shared_demo(tmp_path_factory) / "snapshots", home / "snapshots")
    (home / "journal").mkdir()
    closed = [home, *(path for path in (home / "snapshots").rglob("*")), home / "snapshots"]
    for path in closed:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield home
    for path in closed:
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture(scope="package")
def dashboards(served_home: Path) -> Iterator[list[str]]:
    """Addresses of two processes over the same home."""
    environment: dict[str, Any] = {
        "VIGISTOCK_JOURNAL_URL": f"sqlite:///{served_home}/journal/journal.db",
        "HOME": "/nonexistent",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        started = [dashboard(served_home, BY_SCRIPT, under=UNDER, **environment) for _ in range(2)]
        yield list(pool.map(stack.enter_context, started))


@pytest.fixture(scope="package")
def front(tmp_path_factory: pytest.TempPathFactory, dashboards: list[str]) -> Iterator[Proxy]:
    with proxy(tmp_path_factory.mktemp("nginx"), dashboards) as opened:
        yield opened


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser that takes the certificate of the test, made by no known authority."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--ignore-certificate-errors"])
        yield opened
        opened.close()


@pytest.fixture
def reader(browser: Browser, front: Proxy) -> Iterator[Watched]:
    """A page under watch in a browser of its own; refusals of the policy are errors of its console."""
    seen = watch(browser, front.https)
    yield seen
    seen.page.context.close()
    seen.judge()
