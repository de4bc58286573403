"""A browser page under watch: every request and every error of the console is kept, then judged."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.typography import as_typed

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No other host exists for this browser. Refusing requests one by one through Playwright would do the same, but it
    # puts the browser's cache aside: a page then takes 1.9 s to open instead of 1.1.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
SETTLE_MS = 60_000
LOCAL_SCHEMES = ("data", "blob", "about")
LOCAL_HOSTS = ("127.0.0.1", "localhost")
# On a deep link Streamlit's own client first looks for the server under the page's path, then at the root; a browser looks
# for the icon of a page that names none (the provider's).
_PROBES = re.compile(r"/_stcore/(health|host-config)$|^/favicon\.ico$")
_SERVER_STOPPED = re.compile(r"No response received when attempting to reach /_stcore/|server is not responding")
# English that the framework or a library would let through, and Python's words for nothing.
_FOREIGN = re.compile(
    r"\b(None|nan|NaN|NaT|null|undefined|True|False|Loading|Running|Search|Choose|Select|Download|Error|Deploy|Show|Press|"
    r"Page not found|No results|No options|No data|the|and|with|empty)\b"
)


@dataclass
class Watched:
    """A page and what it did: ``outside`` addresses asked for, ``errors`` of the console or of a script."""

    page: Page
    address: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a path of the dashboard and wait until nothing moves."""
        self.page.goto(f"{self.address}{path}")
        self.settle()

    def settle(self) -> None:
        """The script has run and the elements of the previous run are gone."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=SETTLE_MS)
        self.page.wait_for_function("() => !document.querySelector('[data-testid=\"stSkeleton\"]')", timeout=SETTLE_MS)
        with suppress(PlaywrightTimeout):
            self.page.wait_for_load_state("networkidle", timeout=3000)

    def text(self) -> str:
        return as_typed(self.page.locator("body").inner_text())

    def foreign_words(self) -> list[str]:
        """English or technical words that the reader sees, placeholders included; identifiers of queries set aside."""
        placeholders = self.page.evaluate(
            "() => [...document.querySelectorAll('[placeholder]')].map(e => e.placeholder)"
        )
        shown = re.sub(r"Requête : \w+", "", self.text())
        return sorted(set(_FOREIGN.findall("\n".join([shown, *placeholders]))))

    def exceptions(self) -> list[str]:
        """Error boxes and dialogs of the framework."""
        boxes = self.page.locator('[data-testid="stException"], [data-testid="stAlertContentError"], [role="dialog"]')
        return boxes.all_inner_texts()

    def judge(self) -> None:
        assert not self.outside, f"requests left the machine: {self.outside}"
        assert not self.errors, f"errors in the console: {self.errors}"


def watch(browser: Browser, address: str, width: int = 1280, height: int = 900) -> Watched:
    """A new page in its own context: a reader who comes for the first time."""
    return watch_in(reader(browser, width, height), address)


def reader(browser: Browser, width: int = 1280, height: int = 900) -> BrowserContext:
    """Cookies and cache of one French reader."""
    return browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR")


def watch_in(context: BrowserContext, address: str) -> Watched:
    """A new page of a reader; what it asks of another host is refused (``FLAGS``) and kept."""
    watched = Watched(context.new_page(), address)
    watched.page.on("request", lambda request: _keep_outside(watched, request.url))
    watched.page.on("websocket", lambda socket: _keep_outside(watched, socket.url))
    watched.page.on("console", lambda message: _keep_error(watched, message))
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
    return watched


def _is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in LOCAL_SCHEMES and parts.hostname not in LOCAL_HOSTS


def _keep_outside(watched: Watched, url: str) -> None:
    if _is_outside(url):
        watched.outside.append(url)


def _keep_error(watched: Watched, message: ConsoleMessage) -> None:
    address = str((message.location or {}).get("url", ""))
    if message.type == "error" and not _is_expected(watched, message.text, urlsplit(address)):
        watched.errors.append(f"{message.text} {address}")


def _is_expected(watched: Watched, text: str, source: SplitResult) -> bool:
    """A probe, an icon of the provider that the tests start, or a server stopped by the test before its page was closed."""
    icon_of_another = source.path == "/favicon.ico" and source.netloc != urlsplit(watched.address).netloc
    return bool(_PROBES.search(source.path) or icon_of_another or _SERVER_STOPPED.search(text))
