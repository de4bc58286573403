"""The whole small demo with laboratories typed in many ways: dantrolène stays masked, nothing masked is shown."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data import warehouse
from data.demo import stocks
from tests import worlds
from tests.conftest import Home, build_two_weeks

DANTROLENE = "DANTROLENE"
CYRILLIC = str.maketrans("AOE", "АОЕ")
NUMBERS = "stock_boxes, sales_boxes, legal_daily_boxes, current_daily_boxes, coverage_legal_days, coverage_current_days"


def typed(cip13: str, denomination: str, name: str) -> str:
    """A second box of dantrolène is « another laboratory »'s; a third of the others come under another spelling."""
    number = zlib.crc32(cip13.encode())
    if denomination.startswith(DANTROLENE):
        return "ZORGLUB" if number % 2 else name
    ways = (f"{name}\u200b", f"{name.title()} .", f"{name} SA", name.translate(CYRILLIC), f"INCONNU {name[-1]}")
    return ways[number // 3 % len(ways)] if number % 3 == 0 else name


@pytest.fixture
def aliased(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    written = stocks._lab_rows

    def rows(*args: Any) -> Iterator[list[Any]]:
        for label, name, cip13, denomination, *numbers in written(*args):
            yield [label, typed(str(cip13), str(denomination), str(name)), cip13, denomination, *numbers]

    monkeypatch.setattr(stocks, "_lab_rows", rows)
    return worlds.once(tmp_path_factory, "two-weeks-aliased", build_two_weeks)


def secrecy_rows(home: Path) -> list[set[tuple[Any, ...]]]:
    """Cells of laboratories and of sales that hold a figure, in each shared artefact."""
    found = []
    for name in warehouse.published(home / "snapshots"):
        shared = warehouse.reader(home / "snapshots", name, "shared", None, 256, 1)
        rows = shared.rows(
            "SELECT subject_id, week, column_name FROM ("
            f"UNPIVOT (SELECT subject_id, week, {NUMBERS} FROM coverage_weekly WHERE link = 'exploitants')"
            f" ON {NUMBERS} INTO NAME column_name VALUE figure)"
            " UNION ALL SELECT subject_id, week, 'dispensation' FROM sales_weekly WHERE boxes IS NOT NULL"
        )
        found.append({tuple(row.values()) for row in rows})
    return found


@pytest.mark.long
def test_no_spelling_of_the_demo_shows_a_cell_more(aliased: Path, built_demo: Path) -> None:
    names = Home(aliased).reader().rows("SELECT name FROM firm WHERE kind = 'laboratoire' AND firm IS NULL")
    assert {"ZORGLUB"} < {row["name"] for row in names}
    for under_alias, plain in zip(secrecy_rows(aliased), secrecy_rows(built_demo), strict=True):
        assert under_alias - plain == set()
        assert {cell for cell in under_alias if cell[0] == "dantrolene-inj"} == set()
        assert under_alias  # the rule does not win by hiding everything
