"""The search by keyboard, in a real browser: reached, walked through, opened, left, and Back afterwards."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.watch import Watched
from tests.seeds import seeded

BOX = ".st-key-vs-search input"
SEED = "/methode"


def options(page: Page) -> Locator:
    return page.locator(".vs-found [role=option]")


def test_typing_lists_arrows_choose_enter_opens_and_back_returns(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(SEED)
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type("amoxicil")
    expect(options(page).first).to_be_visible()
    expect(page.locator(BOX)).to_have_value("amoxicil")  # the key that opened the box is not in it
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = options(page).nth(1)
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(page.locator(BOX)).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    target = chosen.get_attribute("href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")
    demo_page.settle()
    expect(page.locator("h1.vs-title")).to_contain_text("moxicilline")
    expect(options(page)).to_have_count(0)
    expect(page.locator(BOX)).to_have_value("")
    page.go_back()
    page.wait_for_url(f"**{SEED}")
    demo_page.settle()
    expect(page.locator("h1.vs-title")).not_to_contain_text("moxicilline")
    page.go_forward()
    page.wait_for_url(f"**{target}")
    assert demo_page.exceptions() == []


def test_enter_at_once_opens_the_exact_code(demo_page: Watched) -> None:
    """Faster than the list: what was typed is answered, then opened."""
    page = demo_page.page
    demo_page.open(SEED)
    page.locator(BOX).click()
    page.keyboard.type("29")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/territoires\?departement=29"))


def test_a_wrong_letter_and_nothing_are_announced_and_escape_closes(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(SEED)
    field, words = page.locator(BOX), page.locator(".vs-found-count")
    field.fill("amoxiciline")
    expect(words).to_contain_text("Vouliez-vous dire")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("zzzz")
    expect(words).to_contain_text("Aucun résultat pour zzzz")
    expect(options(page)).to_have_count(0)
    assert demo_page.foreign_words() == []


def test_a_slash_in_a_text_field_is_a_slash(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open("/declarations")
    other = page.get_by_role("textbox", name="Rechercher").last
    other.click()
    page.keyboard.type("5 mg/ml")
    expect(other).to_have_value("5 mg/ml")
    expect(other).to_be_focused()


def test_a_click_opens_an_answer_and_its_address_can_be_copied(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(SEED)
    page.locator(BOX).fill("finistre")
    answer = options(page).first
    expect(answer).to_contain_text("Finistère")
    assert answer.get_attribute("href") == "/territoires?departement=29"
    answer.click()
    page.wait_for_url("**/territoires?departement=29")
    expect(page.locator(".vs-found")).to_be_hidden()


@seeded(1, "width", [390, 1280])
def test_the_list_fits_the_screen_and_has_no_serious_violation(demo_address: str, visitor: Visitor, width: int) -> None:
    seen = visitor(demo_address, width=width)
    seen.open(SEED)
    seen.page.locator(BOX).click()
    seen.page.keyboard.type("amoxicilline")
    expect(options(seen.page).first).to_be_visible()
    place = seen.page.locator(".vs-found").bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width
    signs = options(seen.page).locator(".vs-pill").first.bounding_box()
    assert signs is not None
    assert signs["x"] + signs["width"] <= width
    found = Axe().run(seen.page, context={"include": [[".st-key-vs-search"]]}).response["violations"]
    assert [item["id"] for item in found if item["impact"] in ("serious", "critical")] == []
