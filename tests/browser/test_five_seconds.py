"""The question, the words that answer it and what supports them stand in the first screen, as ``docs/five-seconds.md`` says."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import Visitor
from tests.browser.server import PROJECT
from tests.browser.watch import Watched
from tests.seeds import seeded

_DEMO, _, _OPEN = (PROJECT / "docs" / "five-seconds.md").read_text("utf-8").partition("## An open snapshot")


def _rows(text: str) -> list[tuple[str, str]]:
    """Address and question of each page of a table."""
    lines = (line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `"))
    return [(cells[0].strip(" `"), cells[1].strip()) for cells in lines]


ROWS, OPEN_ROWS = _rows(_DEMO), _rows(_OPEN)
LOWEST_ANSWER, SCREEN = 300, 720
_FOOT = "selector => { const box = document.querySelector(selector)?.getBoundingClientRect(); return box ? box.bottom : 9999; }"
# What comes first under the answer: a table, cards, a figure, a map or a list.
_BELOW = """() => Math.min(...[...document.querySelectorAll('main table, .vs-call, .vs-facts, .vs-card, .vs-map, .vs-entry, [data-testid="stMain"] table')]
  .map(part => part.getBoundingClientRect()).filter(box => box.height > 0).map(box => box.top))"""


@seeded(1, ("path", "question"), ROWS, ids=[path for path, _ in ROWS])
def test_the_answer_stands_in_the_first_screen(path: str, question: str, demo_page: Watched) -> None:
    assert_answers(demo_page, path, question)


@pytest.mark.parametrize(("path", "question"), OPEN_ROWS, ids=[path for path, _ in OPEN_ROWS])
def test_the_answer_of_open_data_stands_in_the_first_screen(
    path: str, question: str, open_address: str, visitor: Visitor
) -> None:
    assert_answers(visitor(open_address), path, question)


def test_every_page_of_open_data_is_in_the_table(open_address: str, visitor: Visitor) -> None:
    seen = visitor(open_address)
    seen.open("/")
    menu = seen.page.evaluate(
        "() => [...document.querySelectorAll('.vs-bar a[href]')].map(a => new URL(a.href).pathname)"
    )
    assert set(menu) - {path for path, _ in OPEN_ROWS} == {"/methode"}  # the same as above


def assert_answers(seen: Watched, path: str, question: str) -> None:
    page = seen.page
    page.set_viewport_size({"width": 1280, "height": SCREEN})
    seen.open(path)
    asked = re.sub(r"\s", " ", page.locator("h1.vs-title").inner_text())
    assert asked.endswith(question)
    answered = page.locator("p.vs-answer b").or_(page.locator("p.vs-answer")).last.inner_text()
    assert len(answered.split()) >= 2 or path == "/"
    assert page.evaluate(_FOOT, "p.vs-answer") <= LOWEST_ANSWER
    assert page.evaluate(_BELOW) < SCREEN


def test_a_page_says_that_it_is_french(demo_page: Watched) -> None:
    """The server's own page says English: a screen reader would read French words with an English voice."""
    demo_page.open("/methode")
    assert demo_page.page.evaluate("document.documentElement.lang") == "fr"


def test_a_projected_page_begins_on_its_content(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open("/plan-hivernal?projection=1")
    page.wait_for_function("document.activeElement.tagName === 'H1'")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/plan-canicule?projection=1")
