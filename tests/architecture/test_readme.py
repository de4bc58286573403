"""The tables of the README are complete: every source that is dropped, every page of the bar."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.base import discover

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = README.split("| page | question |")[1].split("\n## ")[0]
TITLES = re.findall(r'Entry\(\s*"[^"]+",\s*"([^"]+)"', (ROOT / "app.py").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", [key for key, module in discover().items() if not hasattr(module, "fetch")])
def test_each_source_that_is_dropped_has_its_line(key: str) -> None:
    assert f"`inbox/{key}/`" in README


def test_the_bar_was_read() -> None:
    assert len(TITLES) > 10


@pytest.mark.parametrize("title", TITLES)
def test_each_page_is_in_the_table(title: str) -> None:
    assert title in PAGES
