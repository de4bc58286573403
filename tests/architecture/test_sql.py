"""SQL says each thing once, in queries that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MACROS = ROOT / "data" / "core" / "00_macros.sql"
MOST_LINES = 100
BY_HAND = {
    "folded()": r"strip_accents",
    "week_days()": r"CAST\(7 \* \w+\.\w+ AS INTEGER\)",
    "monthly_to_daily() or weekly_to_monthly()": r"365\.25",
    "coverage_status()": r">= \w+\.satisfactory_days THEN",
    "status_gravity()": r"WHEN 'insatisfaisante' THEN \d",
    "last_line()": r"PARTITION BY [^()]*ORDER BY (\w+\.)?load_id DESC, (\w+\.)?line DESC\s*\) AS rank",
    "with_file()": r"COALESCE\(\w+\.belongs_to",
    "a threshold": r"\.(secrecy_min_laboratories|secrecy_max_share_pct) \*",
}


def _files() -> Iterator[Path]:
    yield from sorted([*(ROOT / "data").rglob("*.sql"), *(ROOT / "metrics").rglob("*.sql")])


def _code(path: Path) -> str:
    """A file without its comments."""
    return "\n".join(line.split("--")[0] for line in path.read_text(encoding="utf-8").splitlines())


def test_a_long_query_says_why_it_is_long() -> None:
    for path in _files():
        text = path.read_text(encoding="utf-8")
        longest = max(len(query.strip().splitlines()) for query in _code(path).split(";\n"))
        assert longest <= MOST_LINES or "-- Over 100 lines on purpose: " in text, f"{path}: {longest} lines"


@pytest.mark.parametrize("macro", BY_HAND)
def test_what_has_a_macro_is_not_written_by_hand(macro: str) -> None:
    places = {"with_file()": ROOT / "data" / "core" / "05_last_received.sql"}
    for path in _files():
        if path != places.get(macro, MACROS):
            assert not re.search(BY_HAND[macro], _code(path)), f"{path.relative_to(ROOT)}: use {macro}"
