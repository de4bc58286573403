"""Walks of a morning, by clicks: from a plan down to one declaration; from the map to a department."""

from __future__ import annotations

import math
import re

from playwright.sync_api import Locator, expect

from pages.components.charts import maps
from tests.browser.watch import Watched

LINK = '[data-testid="stPageLink-NavLink"]'
GROUP, LABEL = "amoxicilline-susp-500", "Amoxicilline susp. buv. 500 mg/5 ml"
GIRONDE = ("33", -0.6, 44.85)
TRIES, WAIT_MS = 5, 6000


def test_plan_to_molecule_to_its_declarations_to_one(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open("/plan-hivernal")
    page.locator(LINK, has_text=LABEL).first.click()
    page.wait_for_url(re.compile(rf"/molecule\?.*sujet={GROUP}"))
    demo_page.settle()
    expect(page.locator("h1.vs-title")).to_contain_text("Amoxicilline")
    linked = page.locator(f'{LINK}[href*="declaration?numero="]')
    number = linked.first.inner_text().strip()
    linked.first.click()
    page.wait_for_url(re.compile(rf"/declaration\?.*numero={number}"))
    demo_page.settle()
    expect(page.locator('[data-testid="stMain"]')).to_contain_text(number)
    assert demo_page.exceptions() == []


def test_every_declaration_of_the_substance_is_linked(demo_page: Watched) -> None:
    """All laboratories, all presentations: the count said on the plan is the number of open lines on the molecule."""
    demo_page.open("/plan-hivernal")
    said = demo_page.page.locator(f'{LINK}[href="declarations?dci=amoxicilline"]').first.inner_text()
    demo_page.open(f"/molecule?sujet={GROUP}")
    linked = demo_page.page.locator(f'{LINK}[href*="declaration?numero="]').count()
    assert linked >= int(re.sub(r"\D", "", said)) > 0


def test_map_to_department_to_its_medicines(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(f"/territoires?sujet={GROUP}")
    canvas = page.locator("canvas#deckgl-overlay")
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    code = click_department(demo_page, canvas, *GIRONDE)
    assert f"departement={code}" in page.url
    demo_page.settle()
    main = page.locator('[data-testid="stMain"]')
    expect(main).to_contain_text("Gironde (33)")
    expect(main).to_contain_text("Fiabilité")
    assert page.locator(f'{LINK}[href^="molecule?sujet="]').count() >= 14
    assert page.locator(".js-plotly-plot").count() == 2
    page.reload()
    demo_page.settle()
    expect(main).to_contain_text("Gironde (33)")


def click_department(seen: Watched, canvas: Locator, code: str, longitude: float, latitude: float) -> str:
    """Click until the URL carries the department: the first frames of a software-drawn map may miss a click."""
    x, y = on_canvas(canvas, longitude, latitude)
    for _ in range(TRIES):
        canvas.click(position={"x": x, "y": y}, delay=20)
        try:
            seen.page.wait_for_url(re.compile(rf"departement={code}"), timeout=WAIT_MS)
        except Exception as missed:  # noqa: BLE001 – tried again, then told below
            last = missed
        else:
            return code
    raise AssertionError(f"the map never took the click: {last}")


def on_canvas(canvas: Locator, longitude: float, latitude: float) -> tuple[float, float]:
    """Pixel of a place in the opening view of the map (web Mercator, 512 px tiles)."""
    box = canvas.bounding_box()
    assert box is not None
    world = 512 * 2 ** maps.VIEW["zoom"]
    across = (longitude - maps.VIEW["longitude"]) / 360 * world
    down = (mercator(maps.VIEW["latitude"]) - mercator(latitude)) * world
    return box["width"] / 2 + across, box["height"] / 2 + down


def mercator(latitude: float) -> float:
    """Share of the world's height, growing northwards."""
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi)


def test_a_department_of_the_ranking_opens_without_loading_the_page_again(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(f"/territoires?sujet={GROUP}")
    page.evaluate("() => { window.sameDocument = true }")
    first = page.locator(f'{LINK}[href*="departement="]').first
    name = first.inner_text().strip()
    first.click()
    page.wait_for_url(re.compile("departement="))
    demo_page.settle()
    expect(page.locator("h2.vs-section", has_text=f"{name} (")).to_have_count(1)
    assert page.evaluate("() => window.sameDocument === true")


def test_a_region_stays_in_the_url(demo_page: Watched) -> None:
    page = demo_page.page
    demo_page.open(f"/territoires?sujet={GROUP}")
    page.get_by_role("combobox", name=re.compile("Région")).click()
    page.get_by_role("option", name="Bretagne").click()
    page.wait_for_url(re.compile("region=53"))
    demo_page.settle()
    expect(page.locator("p.vs-answer")).to_contain_text("région Bretagne")


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
