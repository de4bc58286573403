"""Pictures of every page for the documentation: ``python -m tests.browser.screenshots`` (``make screenshots``).

Looks at the home named by ``VIGISTOCK_HOME``, or at a full demo built for the occasion.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console

from metrics.declarations import queries as declarations
from tests.browser import homes
from tests.browser.paths import PAGES
from tests.browser.server import BY_SCRIPT, PROJECT, dashboard
from tests.browser.watch import CHROMIUM, FLAGS, Watched, watch
from tests.conftest import Home

IMAGES = PROJECT / "docs" / "images"
# Width, height of the window; a picture goes on to the end of the page, within reason.
WINDOWS = ((1280, 800), (1920, 1080))
LONGEST_PX = 2400
DRAWN_MS = 2500  # software drawing of the map and of the charts
COLOURS = 256
HEAVIEST_BYTES = 300_000


def main() -> int:
    """Every page at both widths; 1 when a page showed an error."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    console = Console()
    with home(console) as folder, dashboard(folder, BY_SCRIPT) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        failed = [problem for problem in take_all(browser, address, pages(folder), console) if problem]
        browser.close()
    for problem in failed:
        console.print(f"[red]{problem}[/red]")
    return 1 if failed else 0


@contextmanager
def home(console: Console) -> Iterator[Path]:
    """The home to look at, built when none is named."""
    named = os.environ.get("VIGISTOCK_HOME")
    if named and (Path(named) / "snapshots" / "current").is_file():
        yield Path(named)
        return
    with tempfile.TemporaryDirectory(prefix="vigistock-images-") as folder:
        console.print("Building the full demo…")
        homes.build_demo(Path(folder), "full", console)
        yield Path(folder)


def pages(folder: Path) -> dict[str, str]:
    """Addresses by name of picture; one declaration, the most often updated, joins those of the menu."""
    found = declarations.everything(Home(folder).reader()) if Home(folder).reader().has("declaration") else None
    if found is None or found.empty:
        return dict(PAGES)
    number = found[found["status"] == "ouverte"].sort_values("versions")["declaration_no"].iloc[-1]
    return {**PAGES, "declaration": f"/declaration?numero={number}"}


def take_all(browser: Browser, address: str, paths: dict[str, str], console: Console) -> Iterator[str]:
    """Take each picture; yields what is wrong with a page, or an empty text."""
    for width, height in WINDOWS:
        for name, path in paths.items():
            seen = watch(browser, address, width, height)
            target = IMAGES / f"{name}-{width}.png"
            seen.open(path)
            size = take(seen, width, height, target)
            console.print(f"{target.relative_to(PROJECT)}  {size / 1000:.0f} kB")
            yield "; ".join([*seen.exceptions(), *seen.errors, *seen.outside])
            seen.page.context.close()


def take(seen: Watched, width: int, height: int, target: Path) -> int:
    """Picture of the whole page; returns its size in bytes."""
    seen.page.wait_for_timeout(DRAWN_MS)
    inner = seen.page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
    seen.page.set_viewport_size({"width": width, "height": min(max(int(inner), height), LONGEST_PX)})
    seen.page.wait_for_timeout(DRAWN_MS)
    target.write_bytes(lightened(seen.page.screenshot()))
    return target.stat().st_size


def lightened(png: bytes) -> bytes:
    """Palette instead of true colour: flat screens lose nothing visible, and weigh a third. Still too heavy: fewer colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    colours, best = COLOURS, png
    while colours >= COLOURS // 4:
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        best = min(best, out.getvalue(), key=len)
        if len(best) <= HEAVIEST_BYTES:
            break
        colours //= 2
    return best


if __name__ == "__main__":
    sys.exit(main())
