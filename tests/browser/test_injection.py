"""Text of others is shown as it was typed, everywhere: nothing of it runs, is fetched, becomes an element or a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Dialog, Download, Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pypdf import PdfReader

from metrics.declarations import queries as declarations
from tests.browser import homes, hostile
from tests.browser.conftest import Visitor
from tests.browser.paths import PAGES
from tests.browser.server import BY_SCRIPT, dashboard
from tests.browser.watch import Watched
from tests.conftest import Home

OTHERS = {
    "tracstocks": "/sources?source=tracstocks",
    "grossistes": "/sources?source=grossistes",
    "bdpm": "/sources?source=bdpm&onglet=liste",
    "references": "/sources?source=references",
    "fichiers": "/sources?source=tracstocks&onglet=fichiers",
    "remarques": "/sources?source=tracstocks&onglet=remarques",
    "confirmer": "/sources?vue=confirmer",
    "noms": "/sources?vue=noms",
    "absentes": "/sources?vue=absentes",
    "molecules": "/molecule",
    "metformine": "/molecule?sujet=dci:metformine",
    "acces": "/acces",
}
# Between a click and the moment the page says that it runs: a file asked before would be one of the former run.
ASKED_MS = 200
LOST_MS = 10_000
# Pages on which somebody else's free text stands outside a table drawn on a canvas.
SHOWING = {"molecule", "declaration", "tableau-mensuel"}
# What would be in the page if a text had been read as HTML, Markdown or a directive of Streamlit.
INJECTED = """() => [...document.querySelectorAll(
    'img[src="x"], img[src*="intrus"], a[href^="//intrus"], a[href^="http://intrus"], a[href^="javascript"], [onerror], [onclick], .katex,' +
    ' .stMarkdownColoredText, [aria-label="home icon"], [data-testid="stMain"] :is(h1, h2, h3, p, li, td, span) > strong'
)].map(e => e.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    hostile.build(homes.shared_demo(tmp_path_factory), folder)
    return folder


@pytest.fixture(scope="module")
def hostile_pages(hostile_home: Path) -> dict[str, str]:
    found = declarations.everything(Home(hostile_home).reader())
    number = found[found["versions"] > 1]["declaration_no"].iloc[0]
    return {**PAGES, **OTHERS, "declaration": f"/declaration?numero={number}"}


@pytest.fixture(scope="module")
def hostile_address(hostile_home: Path) -> Iterator[str]:
    with dashboard(hostile_home, BY_SCRIPT) as address:
        yield address


@pytest.fixture
def seen(hostile_address: str, visitor: Visitor) -> Watched:
    return visitor(hostile_address)


@pytest.mark.long
def test_every_page_and_every_export_take_it_as_text(
    seen: Watched, hostile_pages: dict[str, str], tmp_path: Path
) -> None:
    seen.page.set_viewport_size({"width": 1920, "height": 1080})  # the whole menu
    everything = hostile_pages | others_of_the_menu(seen, hostile_pages)
    assert formulas_taken_as_text(seen, everything, tmp_path) > 20


def test_pages_that_show_most_of_it_take_it_as_text(
    seen: Watched, hostile_pages: dict[str, str], tmp_path: Path
) -> None:
    """The seed: text of a partner, of the public list and of a reader, shown, quoted in a refusal, given back in files."""
    chosen = {name: hostile_pages[name] for name in ("declaration", "declarations", "grossistes")}
    assert formulas_taken_as_text(seen, chosen, tmp_path) > 2


def formulas_taken_as_text(seen: Watched, pages: dict[str, str], tmp_path: Path) -> int:
    """Nothing runs on these pages, nor in their files; how many cells of files hold the formula as a text."""
    dialogs: list[str] = []

    def noted(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    seen.page.on("dialog", noted)
    formulas = 0
    for name, path in pages.items():
        seen.open(path)
        assert seen.exceptions() == [], name
        assert "Une erreur est survenue" not in seen.text(), name
        open_everything(seen)
        assert seen.page.evaluate("() => window.pwned") is None, name
        assert seen.page.evaluate(INJECTED) == [], name
        if name in SHOWING:
            assert typed(hostile.HTML) in typed(seen.text()), name
            assert typed(hostile.MARKDOWN) in typed(seen.text()), name
        for file in exports(seen.page, tmp_path):
            formulas += harmless_formulas(file)
    assert dialogs == []
    return formulas


def others_of_the_menu(seen: Watched, known: dict[str, str]) -> dict[str, str]:
    """Pages that no address above opens: one added tomorrow is visited too."""
    seen.open("/")
    links = seen.page.locator(".vs-bar .vs-nav a").evaluate_all("all => all.map(e => new URL(e.href).pathname)")
    visited = {urlsplit(path).path for path in known.values()}
    return {path: path for path in links if path not in visited}


def harmless_formulas(file: Path) -> int:
    """Cells in which the formula stands as a text; none begins as a spreadsheet's formula does.

    Lines given back to a partner keep what was typed, in cells that the spreadsheet marks as texts, even once edited.
    """
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            return sum(
                harmless_formulas(Path(archive.extract(name, file.with_suffix("")))) for name in archive.namelist()
            )
    if file.suffix == ".pdf":  # printed words, which nothing runs
        return sum(hostile.FORMULA in page.extract_text() for page in PdfReader(file).pages)
    marked: list[str] = []
    if file.suffix == ".xlsx":
        found, marked = workbook_texts(file)
    else:
        found = csv_texts(file)
    active = [text for text in found if text[:1] in tuple("=+@\t\r") or re.match(r"-\D", text)]
    assert active == [], file.name
    return sum(hostile.FORMULA in text for text in found + marked)


@pytest.mark.long
def test_figures_are_not_reversed_by_marks_of_direction(seen: Watched, hostile_pages: dict[str, str]) -> None:
    """« 12 » written backwards would be read « 21 »: the marks of a cell are dropped when it is read."""
    for name in ("declarations", "declaration", "plan-hivernal"):
        seen.open(hostile_pages[name])
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", seen.text()), name


def test_tooltips_of_charts_and_maps_are_text(seen: Watched, hostile_pages: dict[str, str]) -> None:
    seen.open(hostile_pages["molecule"])
    chart = seen.page.locator(".js-plotly-plot").first
    box = chart.bounding_box()
    assert box is not None
    for share in (0.2, 0.5, 0.8, 0.95):
        for height in (0.1, 0.4, 0.6, 0.9):
            seen.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * height)
            seen.page.wait_for_timeout(60)
    assert seen.page.evaluate("() => window.pwned") is None
    assert seen.page.evaluate(INJECTED) == []
    assert chart.locator("a").count() == 0


def open_everything(seen: Watched) -> None:
    """Open the boxes of the page: tables, closed declarations, forms."""
    boxes = seen.page.locator('[data-testid="stExpander"] summary')
    for index in range(boxes.count()):
        if seen.page.locator('[data-testid="stExpander"] details').nth(index).get_attribute("open") is None:
            boxes.nth(index).click()
            seen.page.wait_for_timeout(ASKED_MS)
            seen.settle()


def exports(page: Page, folder: Path) -> Iterator[Path]:
    for button in page.locator('[data-testid="stDownloadButton"] button').all():
        file = taken(page, button)
        target = folder / f"{len(list(folder.iterdir()))}-{file.suggested_filename}"
        file.save_as(target)
        yield target


def taken(page: Page, button: Locator) -> Download:
    """The file of a button. A click on a page still being drawn is lost, as a reader's would be; a second one is not."""
    with suppress(PlaywrightTimeout), page.expect_download(timeout=LOST_MS) as first:
        button.click()
    if first.is_done():
        with suppress(PlaywrightTimeout):
            return first.value
    with page.expect_download() as second:
        button.click()
    return second.value


def workbook_texts(path: Path) -> tuple[list[str], list[str]]:
    """Texts of plain cells, and of cells marked as text by the apostrophe that a spreadsheet does not show."""
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink], path.name
    texts = [(str(cell.value), bool(cell.quotePrefix)) for cell in cells if isinstance(cell.value, str)]
    return [text for text, marked in texts if not marked], [text for text, marked in texts if marked]


def csv_texts(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row]


def typed(text: str) -> str:
    """Letters and signs alone: the screen wraps lines, and invisible joiners stand in some labels."""
    return re.sub(r"[\s\u2060\u202a-\u202e]+", "", text).casefold()
