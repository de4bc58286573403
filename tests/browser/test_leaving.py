"""What leaves by the browser: the address, a chart as an image, a page on paper."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from pages.components import tokens
from pages.components.exports.stamp import INVENTED
from tests.browser.paths import PAGES
from tests.browser.watch import Watched
from tests.seeds import seeded

# What is drawn of an image is kept, as letters, before it becomes points.
KEEP_DRAWING = """() => {
  const made = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    if (blob.type === "image/svg+xml") blob.text().then((text) => { window.drawing = text; });
    return made.call(URL, blob);
  };
}"""


def test_the_address_is_copied_with_a_notice(demo_page: Watched) -> None:
    demo_page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    demo_page.open(PAGES["molecule"])
    demo_page.page.get_by_role("button", name="Copier le lien").click()
    expect(demo_page.page.locator(".vs-leave [role=status]")).to_have_text("Lien copié")
    assert demo_page.page.evaluate("navigator.clipboard.readText()") == demo_page.page.url


def test_the_image_of_a_chart_carries_title_day_sources_mark_and_font(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(PAGES["molecule"])
    chart = page.locator(".js-plotly-plot").first
    chart.locator(".main-svg").first.wait_for()
    page.evaluate(KEEP_DRAWING)
    chart.hover()
    with page.expect_download() as taken:
        chart.locator('.modebar-btn[data-image="png"]').click()
    assert taken.value.suggested_filename.startswith("vigistock-")
    assert taken.value.suggested_filename.endswith(f"{INVENTED.suffix}.png")
    drawing = str(page.evaluate("window.drawing"))
    title = chart.evaluate("plot => plot._context.toImageButtonOptions.stamp.title")
    assert title
    for words in (
        title,
        INVENTED.name,
        INVENTED.words,
        "Données au ",
        "Sources : ",
        "TracStocks",
        "@font-face",
        "data:font/woff2;base64,",
    ):
        assert words in drawing, words
    picture = Image.open(io.BytesIO(taken.value.path().read_bytes())).convert("RGB")
    head = picture.crop((0, 0, picture.width, 60))
    grave = tuple(bytes.fromhex(tokens.STATUS["insatisfaisante"].colour[1:]))
    assert sum(count for count, colour in head.getcolors(head.width * head.height) or [] if colour == grave) > 100


@pytest.mark.long
def test_nothing_of_an_image_is_clipped(demo_page: Watched) -> None:
    """Each text of the drawing stands inside it, on a narrow screen too."""
    page = demo_page.page
    page.set_viewport_size({"width": 700, "height": 900})
    demo_page.open(PAGES["molecule"])
    chart = page.locator(".js-plotly-plot").first
    chart.locator(".main-svg").first.wait_for()
    page.evaluate(KEEP_DRAWING)
    chart.hover()
    with page.expect_download():
        chart.locator('.modebar-btn[data-image="png"]').click()
    outside = page.evaluate("""() => {
      const place = document.body.appendChild(document.createElement("div"));
      place.innerHTML = window.drawing;
      const whole = place.firstElementChild, frame = whole.getBoundingClientRect();
      return [...whole.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.left < frame.left || box.right > frame.right + 1 || box.bottom > frame.bottom))
        .map(([words]) => words);
    }""")
    assert outside == []


IMAGES = {"molecule": '.modebar-btn[data-image="svg"]', "territoires": 'button[data-image="svg"]'}


@seeded(1, "name", IMAGES)
def test_a_chart_and_the_map_leave_as_drawings_too(demo_page: Watched, name: str) -> None:
    """Written around it: title, day, sources, mark; nothing in it asks anything of a network; the map keeps its key."""
    page = demo_page.page
    demo_page.open(PAGES[name])
    page.locator(".js-plotly-plot, .vs-map").first.hover()
    with page.expect_download() as taken:
        page.locator(IMAGES[name]).first.click()
    assert taken.value.suggested_filename.endswith(f"{INVENTED.suffix}.svg")
    drawn = page.evaluate(
        """() => document.querySelector("[data-words]") ? JSON.parse(document.querySelector("[data-words]").dataset.words)
        : document.querySelector(".js-plotly-plot")._context.toImageButtonOptions.stamp"""
    )
    drawing = ET.fromstring(taken.value.path().read_bytes())
    words = [" ".join(element.itertext()) for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    for text in (INVENTED.name, drawn["title"], drawn["date"], "Sources : "):
        assert any(text in line for line in words), text
    asked = [value for element in drawing.iter() for key, value in element.items() if key.endswith(("href", "src"))]
    assert not [value for value in asked if not value.startswith("#")]
    key = page.locator(".vs-legend").first.locator(".vs-swatch").all_inner_texts()
    assert key
    assert {text.strip() for text in key} <= set(words)
    if name == "territoires":
        assert len(list(drawing.iter("{http://www.w3.org/2000/svg}path"))) > 105


@seeded((1,), "name", IMAGES)
def test_a_map_is_a_picture_too(demo_page: Watched, name: str) -> None:
    page = demo_page.page
    demo_page.open(PAGES[name])
    page.locator(".js-plotly-plot, .vs-map").first.hover()
    with page.expect_download() as taken:
        page.locator(IMAGES[name].replace("svg", "png")).first.click()
    picture = Image.open(io.BytesIO(taken.value.path().read_bytes()))
    assert min(picture.size) > 400


@seeded(1, "name", ["revue", "plan-hivernal", "territoires", "declarations", "methode"])
@seeded(1, "shared", ["", "projection=1"])
def test_a_page_on_paper_says_what_it_is_and_has_no_frame(demo_page: Watched, name: str, shared: str) -> None:
    address = PAGES[name] + (("&" if "?" in PAGES[name] else "?") + shared if shared else "")
    demo_page.open(address)
    read = PdfReader(io.BytesIO(demo_page.page.pdf(prefer_css_page_size=True, print_background=True)))
    first = read.pages[0].extract_text()
    for words in (INVENTED.name, "Données du ", demo_page.page.url.split("?")[0]):
        assert words in " ".join(first.split()), words
    assert all(INVENTED.name in page.extract_text() for page in read.pages)
    assert not [word for word in ("Copier le lien", "Voir comme", "Télécharger (CSV)") if word in first]
