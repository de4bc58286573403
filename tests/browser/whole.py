"""What every page shows, whatever it is about."""

from __future__ import annotations

from tests.browser.watch import Watched

MENU = (
    "Revue du jour",
    "Plan hivernal",
    "Plan canicule",
    "Plan dérivés du sang",
    "Plan psychotropes",
    "Plan vaccins",
    "Molécules",
    "Territoires",
    "Déclarations",
    "Risque déclaré",
    "Anticiper",
    "Données",
)


def assert_whole(seen: Watched, *, is_demo: bool = True) -> None:
    """Frame drawn by ``app.py``, a question and its answer, nothing broken, nothing in English."""
    text = seen.text()
    bar = seen.page.locator(".vs-bar").text_content() or ""
    assert all(name in bar for name in MENU)
    assert ("Données fictives" in text) is is_demo
    assert seen.page.locator("h1.vs-title").count() == 1
    assert seen.page.locator("p.vs-answer").inner_text().strip().endswith(".")
    assert seen.exceptions() == []
    assert seen.foreign_words() == []
