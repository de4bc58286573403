"""``python -m bench.felt``: from a click to all drawn, in a real browser, against the same click on an almost empty page.

Both are measured in the same minutes, turn by turn, so that a busy machine slows them alike: the ratios are the result.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence

from playwright.sync_api import Browser, Page, sync_playwright

from bench.crowd import answers, free_port
from data.settings import PROJECT

CHROMIUM, WINDOW = "/usr/bin/chromium", (1280, 900)
TURNS, LOADS = 20, 3
MOST_P50, MOST_P95 = 4.0, 5.0
EMPTY, CHANGE = "A page almost empty", "Page"
MOLECULE, PLACES = "/molecule?sujet=amoxicilline-susp-500", "/territoires?sujet=amoxicilline-susp-500"
# Name of the click → addresses gone through in turn; each is reached by a link of the page, and counts once.
CLICKS: dict[str, tuple[str, ...]] = {
    EMPTY: ("/declaration?numero=0", "/declaration?numero=1"),
    "Molécule, period": (f"{MOLECULE}&periode=6m", f"{MOLECULE}&periode=12m"),
    "Territoires, layer": (f"{PLACES}&couche=epidemie", PLACES),
    "Territoires, department": (f"{PLACES}&departement=29", f"{PLACES}&departement=33"),
    "Déclarations, filter": ("/declarations?type=rupture", "/declarations"),
    CHANGE: ("/", "/plan-hivernal", MOLECULE, PLACES, "/declarations"),
}
FIRST_LOADS = ("/declaration?numero=0", "/", "/plan-hivernal", MOLECULE, PLACES, "/declarations", "/evaluation", "/basculement",
               "/dates-promises", "/mesures", "/tableau-mensuel", "/stocks-de-securite", "/plans-de-gestion", "/sites", "/arrets", "/classement", "/sources",
               "/methode")  # fmt: skip
QUIET_MS = 250
# A link of the project's own is clicked; drawn: the last change of the page, once the script has run and nothing moved since.
_CLICK = """([address, quiet]) => new Promise(resolve => {
  const app = document.querySelector('[data-testid="stApp"]'), main = document.querySelector('[data-testid="stMain"]');
  const link = Object.assign(document.createElement('a'), { href: address });
  document.querySelector('.vs-bar').append(link);
  let last = performance.now(), ran = false;
  const begun = last;
  const seen = new MutationObserver(() => { last = performance.now(); });
  seen.observe(main, { subtree: true, childList: true, characterData: true, attributes: true });
  link.click();
  const look = () => {
    ran = ran || app.dataset.testScriptState === 'running' || performance.now() - begun > 1500;
    if (ran && app.dataset.testScriptState === 'notRunning' && performance.now() - last > quiet) {
      seen.disconnect(); link.remove(); resolve(last - begun);
    } else setTimeout(look, 5);
  };
  look();
})"""
_LOADED = """quiet => new Promise(resolve => {
  let last = 0;
  new MutationObserver(() => { last = performance.now(); }).observe(document, { subtree: true, childList: true, characterData: true });
  const look = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    const ready = document.querySelector('h1') && app?.dataset.testScriptState === 'notRunning';
    if (ready && performance.now() - last > quiet) resolve(last || performance.now()); else setTimeout(look, 5);
  };
  look();
})"""


def measure() -> int:
    """Print a line per click and per first load; how many clicks are over their ratio."""
    port = free_port()
    command = [sys.executable, "app.py", "--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(command, cwd=PROJECT, env={**os.environ}, stdout=subprocess.DEVNULL)
    try:
        answers(f"http://127.0.0.1:{port}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            over = _clicks(clicks(_opened(browser, f"http://127.0.0.1:{port}")))
            _loads(browser, f"http://127.0.0.1:{port}")
            browser.close()
        return over
    finally:
        server.terminate()
        server.wait(30)


def clicks(page: Page, turns: int = TURNS) -> dict[str, list[float]]:
    """Milliseconds of each click; the first turn fills the caches and is left out."""
    spent: dict[str, list[float]] = defaultdict(list)
    for turn in range(turns + 1):
        for name, addresses in CLICKS.items():
            _click(page, addresses[-1])  # from where the click begins
            for address in addresses:
                taken = _click(page, address)
                if turn:
                    spent[f"{CHANGE} {address.partition('?')[0]}" if name == CHANGE else name].append(taken)
    return spent


def _clicks(spent: dict[str, list[float]]) -> int:
    empty, over = spent[EMPTY], 0
    print(f"{'click':26} {'p50':>8} {'p95':>8}   of an almost empty page: p50 ≤ {MOST_P50:.0f}, p95 ≤ {MOST_P95:.0f}")
    for name, taken in spent.items():
        p50, p95 = statistics.median(taken) / statistics.median(empty), _p95(taken) / _p95(empty)
        is_over = p50 > MOST_P50 or p95 > MOST_P95
        over += is_over
        print(f"{name:26} {statistics.median(taken):5.0f} ms {_p95(taken):5.0f} ms   × {p50:.1f}, × {p95:.1f}"
              f"{'   over' if is_over else ''}")  # fmt: skip
    return over


def _p95(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=20, method="inclusive")[-1]


def _click(page: Page, address: str) -> float:
    return float(page.evaluate(_CLICK, [address, QUIET_MS]))


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": WINDOW[0], "height": WINDOW[1]}, locale="fr-FR").new_page()
    page.goto(f"{address}{CLICKS[EMPTY][0]}")
    page.wait_for_selector(".vs-bar", state="attached")
    page.evaluate(_LOADED, QUIET_MS)
    return page


def _loads(browser: Browser, address: str) -> None:
    """A reader who comes for the first time: nothing is in the browser's cache, the server has drawn the page before."""
    found = {path: statistics.median(first_loads(browser, address + path)) for path in FIRST_LOADS}
    empty = found[FIRST_LOADS[0]]
    print(f"{'first load':50} {'p50':>8}   of an almost empty page")
    for path, taken in found.items():
        print(f"{path:50} {taken:5.0f} ms   × {taken / empty:.1f}")


def first_loads(browser: Browser, url: str, times: int = LOADS) -> Iterator[float]:
    """Milliseconds from the address to all drawn, each time in a new context."""
    for _ in range(times):
        context = browser.new_context(viewport={"width": WINDOW[0], "height": WINDOW[1]}, locale="fr-FR")
        page = context.new_page()
        page.goto(url, wait_until="commit")
        yield float(page.evaluate(_LOADED, QUIET_MS))
        context.close()


if __name__ == "__main__":
    sys.exit(int(measure() > 0))
