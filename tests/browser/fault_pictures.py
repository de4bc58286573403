"""Pictures of the five likeliest faults, for ``docs/reliability.md``: ``python -m tests.browser.fault_pictures``."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, sync_playwright
from rich.console import Console

from tests.browser import faults, homes
from tests.browser.screenshots import DRAWN_MS, IMAGES, lightened
from tests.browser.server import BY_SCRIPT, PROJECT, dashboard
from tests.browser.watch import CHROMIUM, FLAGS, Watched, watch

WIDTH, TALL = 1280, 3200  # a window long enough for a whole page: nothing is scrolled while it is cut
ABOVE, BELOW = 8, 18  # px kept around what is cut
BETWEEN = (138, 143, 152)  # line between two pictures put together


@dataclass(frozen=True)
class Cut:
    """Part of a page: from the top of one text to the bottom of another."""

    path: str
    first: str
    last: str


WHOLESALERS = Cut("/molecule?sujet=amoxicilline-susp-500", "De la fabrication à l'officine", "bornes 3 et 7")
AFTER = {
    "faute-mise-en-page": Cut("/sources?source=tracstocks&onglet=fichiers", "Fichiers reçus", "Télécharger (CSV)"),
    "faute-lignes-de-cote": Cut("/sources?source=grossistes&onglet=cote", "Lignes mises de côté", "Télécharger (XLSX)"),
    "faute-a-confirmer": Cut("/sources?vue=confirmer", "Lignes à confirmer", "ligne 6, reçu le"),
    "faute-donnees-ouvertes": Cut("/sources", "Les sources sont-elles arrivées", "Références de ventes et tailles"),
}


def main() -> int:
    """The demo before, then after ten bad days; 1 when a page showed an error."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="vigistock-faults-") as folder, sync_playwright() as playwright:
        home = Path(folder)
        homes.build_demo(home, "small")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with dashboard(home, BY_SCRIPT) as address:
            estimated = picture(browser, address, WHOLESALERS)
            faults.befall(home)
            late = picture(browser, address, WHOLESALERS)
            taken = {name: picture(browser, address, cut) for name, cut in AFTER.items()}
        browser.close()
    for name, image in {**taken, "faute-grossiste-manquant": under(estimated, late)}.items():
        (IMAGES / f"{name}.png").write_bytes(lightened(as_png(image)))
        console.print(f"{(IMAGES / name).relative_to(PROJECT)}.png  {image.width} × {image.height}")
    return 0


def picture(browser: Browser, address: str, cut: Cut) -> Image.Image:
    """The part of the page, as wide as the window. Raises RuntimeError when the page shows an error."""
    seen = watch(browser, address, WIDTH, TALL)
    seen.open(cut.path)
    seen.page.wait_for_timeout(DRAWN_MS)
    wrong = [*seen.exceptions(), *seen.errors, *seen.outside]
    if wrong:
        raise RuntimeError(f"{cut.path}: {wrong}")
    taken, (top, bottom) = _still(seen, cut)
    seen.page.context.close()
    return Image.open(io.BytesIO(taken)).convert("RGB").crop((0, int(top - ABOVE), WIDTH, int(bottom + BELOW)))


def _still(seen: Watched, cut: Cut, tries: int = 20) -> tuple[bytes, tuple[float, float]]:
    """The window and the edges of the part in it, the same before and after: a busy machine draws its fragments late."""
    for _ in range(tries):
        edges = _edges(seen, cut)
        taken = seen.page.screenshot()
        if edges == _edges(seen, cut):
            return taken, edges
        seen.page.wait_for_timeout(DRAWN_MS)
    raise RuntimeError(f"{cut.path}: never still")


def _edges(seen: Watched, cut: Cut) -> tuple[float, float]:
    return _edge(seen, cut.first, _top), _edge(seen, cut.last, _bottom)


def _edge(seen: Watched, text: str, side: Callable[[Locator], float]) -> float:
    return side(seen.page.get_by_test_id("stMain").get_by_text(text).first)


def _top(found: Locator) -> float:
    box = found.bounding_box()
    return box["y"] if box else 0.0


def _bottom(found: Locator) -> float:
    box = found.bounding_box()
    return box["y"] + box["height"] if box else float(TALL)


def under(first: Image.Image, second: Image.Image) -> Image.Image:
    """Two pictures, one below the other, with a line between."""
    whole = Image.new("RGB", (WIDTH, first.height + 2 + second.height), BETWEEN)
    whole.paste(first, (0, 0))
    whole.paste(second, (0, first.height + 2))
    return whole


def as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
