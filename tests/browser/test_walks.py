"""Walks of a morning, by clicks: from a plan down to one declaration; from the map to a department."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watch import Watched

LINK = ".stHtml a"
GROUP, LABEL = "amoxicilline-susp-500", "Amoxicilline susp. buv. 500 mg/5 ml"


def test_plan_to_molecule_to_its_declarations_to_one(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open("/plan-hivernal")
    page.locator(LINK, has_text=LABEL).first.click()
    page.wait_for_url(re.compile(rf"/molecule\?.*sujet={GROUP}"))
    demo_page.settle()
    expect(page.locator("h1.vs-title")).to_contain_text("Amoxicilline")
    linked = page.locator(f'{LINK}[href*="/declaration?numero="]')
    number = linked.first.inner_text().strip()
    linked.first.click()
    page.wait_for_url(re.compile(rf"/declaration\?.*numero={number}"))
    demo_page.settle()
    expect(page.locator('[data-testid="stMain"]')).to_contain_text(number)
    assert demo_page.exceptions() == []


@pytest.mark.long
def test_every_declaration_of_the_substance_is_linked(demo_page: Watched) -> None:
    """All laboratories, all presentations: the count shown on the plan is the number of open lines on the molecule."""
    demo_page.open("/plan-hivernal")
    label = demo_page.page.locator(f'{LINK}[href="/declarations?dci=amoxicilline"]').first.inner_text()
    demo_page.open(f"/molecule?sujet={GROUP}")
    linked = demo_page.page.locator(f'{LINK}[href*="/declaration?numero="]').count()
    assert linked >= int(re.findall(r"\d+", label)[-1]) > 0


@pytest.mark.long
def test_map_to_department_to_its_medicines(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(f"/territoires?sujet={GROUP}")
    page.locator('.vs-map a[href$="departement=33"] path').first.click()
    page.wait_for_url(re.compile("departement=33"))
    demo_page.settle()
    main = page.locator('[data-testid="stMain"]')
    title = page.locator("h2.vs-section", has_text="Gironde")
    expect(title).to_have_count(1)
    expect(main).to_contain_text("Fiabilité")
    assert page.locator('.stHtml a[href^="/molecule?sujet="]').count() >= 14
    expect(page.locator(".js-plotly-plot")).to_have_count(
        1, timeout=30_000
    )  # beyond ``settle``: a chart is drawn when it can
    page.get_by_text("Gironde : niveaux des officines et tables").click()
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    page.reload()
    demo_page.settle()
    expect(title).to_have_count(1)
    page.go_back()
    demo_page.settle()
    expect(title).to_have_count(0)
    page.go_forward()
    demo_page.settle()
    expect(title).to_have_count(1)
    page.locator(".vs-map a:has(path.vs-chosen)").click(position={"x": 20, "y": 20})
    page.wait_for_url(re.compile(r"territoires\?(?!.*departement)"))


def test_the_map_and_its_panel_stand_in_the_first_screen(demo_page: Watched) -> None:
    """At 1280 × 720: the whole map, the four answers and the start of the medicines, without scrolling."""
    page = demo_page.page
    page.set_viewport_size({"width": 1280, "height": 720})
    demo_page.open(f"/territoires?sujet={GROUP}&departement=29")
    for part in (".vs-map svg", ".vs-place .vs-fact-lines", ".js-plotly-plot", ".vs-medicines tr"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720, part
    drawing, panel = page.locator(".vs-map svg").bounding_box(), page.locator(".vs-place").first.bounding_box()
    assert drawing is not None
    assert panel is not None
    assert panel["x"] >= drawing["x"] + drawing["width"], "beside the map"


@pytest.mark.long
def test_a_department_of_the_ranking_opens_without_loading_the_page_again(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(f"/territoires?sujet={GROUP}")
    page.evaluate("() => { window.sameDocument = true }")
    first = page.locator('.vs-by-place a[href*="departement="]').first
    name = first.inner_text().strip()
    first.click()
    page.wait_for_url(re.compile("departement="))
    demo_page.settle()
    expect(page.locator("h2.vs-section", has_text=name)).to_have_count(1)
    assert page.evaluate("() => window.sameDocument === true")


@pytest.mark.long
def test_a_region_stays_in_the_url(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(f"/territoires?sujet={GROUP}")
    page.get_by_role("combobox", name=re.compile("Région")).click()
    page.get_by_role("option", name="Bretagne").click()
    page.wait_for_url(re.compile("region=53"))
    demo_page.settle()
    expect(page.locator("p.vs-answer")).to_contain_text("Bretagne : ")


def test_a_source_opens_on_its_rows_to_correct(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open("/sources")
    page.locator('a[href*="source=trustmed"]').click()
    page.wait_for_url(re.compile("source=trustmed"))
    demo_page.settle()
    expect(page.locator("h2.vs-section", has_text="Lignes mises de côté")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="Télécharger (CSV)").click()
    assert started.value.suggested_filename.startswith("vigistock-a-corriger-trustmed")
