"""Back and forward return exactly where one was: every kind of link, a reload, two tabs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watched
from tests.seeds import seeded

GROUP = "amoxicilline-susp-500"
# From where, which link, where it leads: one of every kind the pages have.
LINKS = {
    "name of a medicine": ("/plan-hivernal", f'th a[href="/molecule?sujet={GROUP}"]'),
    "cell of a link of the chain": ("/plan-hivernal", 'td a[href*="maillon=officines"] >> nth=0'),
    "departments": ("/plan-hivernal", f'a[href="/territoires?plan=hivernal&sujet={GROUP}"]'),
    "method of a figure": ("/plan-hivernal", 'a[href="/methode?indicateur=link_status"]'),
    "card of the review": ("/", f'.vs-call-name a[href="/molecule?sujet={GROUP}"]'),
    "tab of the review": ("/", '.vs-changes .vs-tabs a[href*="onglet=declarations"]'),
    "alerts of a molecule": ("/", f'.vs-call-act[href="/?alertes={GROUP}"]'),
    "period of the review": ("/", '.vs-choices a[href*="depuis=date"]'),
    "page of the bar": ("/plan-hivernal", '.vs-bar a[href="/declarations"]'),
    "mark": ("/plan-hivernal", ".vs-logo"),
}


def place(page: Page) -> tuple[str, str]:
    """Address and title of what is shown."""
    return page.url, page.locator("h1").first.inner_text()


def went(seen: Watched, step: Callable[[], object]) -> tuple[str, str]:
    """What is shown after a step that changes page."""
    before = place(seen.page)
    step()
    seen.page.wait_for_function("url => location.href !== url", arg=before[0])
    seen.page.wait_for_function(
        "title => document.querySelector('h1')?.innerText !== title || document.title", arg=before[1]
    )
    seen.settle()
    seen.page.wait_for_timeout(150)  # a run that begins after the state said « not running » is seen
    seen.settle()
    return place(seen.page)


@seeded(1, "kind", LINKS)
def test_each_kind_of_link_is_one_step_of_history(demo_page: Watched, kind: str) -> None:
    start, selector = LINKS[kind]
    demo_page.open(start)
    page, length = demo_page.page, demo_page.page.evaluate("history.length")
    before = place(page)
    address = page.locator(selector).first.get_attribute("href")
    after = went(demo_page, page.locator(selector).first.click)
    assert after[0].removeprefix(demo_page.address) == address
    assert page.evaluate("history.length") == length + 1, "no phantom entry"
    assert went(demo_page, page.go_back) == before
    assert went(demo_page, page.go_forward) == after
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1, "never loaded again"


def test_a_walk_comes_back_step_by_step_and_reloads_in_place(demo_page: Watched) -> None:
    demo_page.open("/plan-hivernal")
    page = demo_page.page
    walk = (
        f'th a[href="/molecule?sujet={GROUP}"]',
        '.vs-bar a[href="/territoires"]',
        '.vs-bar a[href="/declarations"]',
    )
    start = place(page)
    places = [start, *(went(demo_page, page.locator(link).first.click) for link in walk)]
    for expected in reversed(places[:-1]):
        assert went(demo_page, page.go_back) == expected
    assert went(demo_page, page.go_forward) == places[1]
    page.reload()
    demo_page.settle()
    assert place(page) == places[1]


def test_the_role_and_the_projection_follow_every_link_and_leave_with_back(demo_page: Watched) -> None:
    demo_page.open("/plan-hivernal")
    page, before = demo_page.page, place(demo_page.page)
    page.locator(".vs-as summary").click()
    there = went(demo_page, page.locator('.vs-as a[href*="role=dgs"]').click)
    assert there[0].endswith("/plan-hivernal?role=dgs")
    assert went(demo_page, page.locator('.vs-bar a[href="/declarations"]').click)[0].endswith("/declarations?role=dgs")
    assert went(demo_page, page.go_back) == there
    assert went(demo_page, page.go_back) == before


@pytest.mark.long
def test_the_keys_of_a_meeting_turn_its_pages(demo_page: Watched) -> None:
    demo_page.open("/plan-hivernal?projection=1")
    page = demo_page.page
    assert page.locator(".vs-bar").count() == 0
    first = went(demo_page, lambda: page.keyboard.press("ArrowLeft"))
    assert first[0].endswith("/?projection=1")
    assert went(demo_page, lambda: page.keyboard.press("ArrowRight"))[0].endswith("/plan-hivernal?projection=1")
    out = went(demo_page, lambda: page.keyboard.press("Escape"))
    assert out[0].endswith("/plan-hivernal?projection=0")
    expect(page.locator(".vs-bar")).to_be_visible()


@pytest.mark.long
def test_a_link_opens_in_another_tab_as_any_link(demo_page: Watched) -> None:
    demo_page.open("/plan-hivernal")
    page, before = demo_page.page, place(demo_page.page)
    with page.context.expect_page() as opened:
        page.locator(f'.vs-board th a[href="/molecule?sujet={GROUP}"]').click(modifiers=["Control"])
    tab = opened.value
    tab.wait_for_selector("h1.vs-title")
    assert tab.url.endswith(f"/molecule?sujet={GROUP}")
    assert place(page) == before, "the first tab has not moved"


def test_after_a_change_of_page_the_title_has_the_focus(demo_page: Watched) -> None:
    demo_page.open("/plan-hivernal")
    demo_page.page.locator('.vs-bar a[href="/declarations"]').click()
    demo_page.page.wait_for_function("() => document.activeElement?.tagName === 'H1'")
    assert demo_page.page.evaluate("document.activeElement.innerText") == demo_page.page.locator("h1").inner_text()
