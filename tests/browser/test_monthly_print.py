"""The monthly dashboard on paper: one A4 page, landscape, without menus."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watch import Watched
from tests.seeds import seeded

A4_LANDSCAPE_POINTS = (842, 595)


@seeded(1, "shared", ["", "&projection=1"])
def test_one_a4_page(demo_page: Watched, shared: str) -> None:
    demo_page.open(f"/tableau-mensuel?mois=2023-06&impression=1{shared}")
    page = demo_page.page
    expect(page.locator(".vs-sheet h1")).to_contain_text("juin 2023")
    content = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    width, height = map(float, re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", content)[0])
    assert (round(width), round(height)) == A4_LANDSCAPE_POINTS
    page.emulate_media(media="print")
    expect(page.locator(".vs-sheet")).to_be_visible()
    expect(page.locator(".vs-printed")).to_contain_text("Données fictives")  # invented data says so on paper too
    for hidden in ('[data-testid="stHeader"]', "#vs-print", '[data-testid="stPageLink"]', '[data-testid="stPopover"]'):
        assert not any(place.is_visible() for place in page.locator(hidden).all()), hidden


@pytest.mark.long
def test_the_page_leads_to_its_sheet_and_back(demo_page: Watched) -> None:
    demo_page.open("/tableau-mensuel?mois=2026-10")
    page = demo_page.page
    page.get_by_text("Version à imprimer (une page A4)").click()
    expect(page.locator(".vs-sheet")).to_be_visible()
    page.evaluate("window.print = () => { window.asked = true }")
    page.locator("#vs-print").click()
    assert page.evaluate("window.asked") is True
    page.get_by_text("Revenir au tableau").click()
    expect(page.locator("h1.vs-title")).to_be_visible()
    assert "mois=2026-10" in page.url
    assert demo_page.exceptions() == []


def test_the_committee_reads_it_without_laboratories(demo_page: Watched) -> None:
    demo_page.open("/tableau-mensuel?role=cap")
    expect(demo_page.page.locator("h1.vs-title")).to_be_visible()
    main = demo_page.page.locator('[data-testid="stMain"]').inner_text()
    assert "n'est pas ouverte à votre rôle" not in main
    assert "LABORATOIRE" not in main
