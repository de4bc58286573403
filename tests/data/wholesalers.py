"""A market of two wholesalers whose files are typed in tests: who sends what, week after week."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests import worlds
from tests.conftest import Home
from tests.referential import files, simple

LAST = date(2026, 11, 9)  # Monday of S46
DAY = date(2026, 11, 17)  # Tuesday on which S46 is received
BOXES = [
    simple(f"9000000{n}", f"AMOXICILLINE 500 mg/5 ml LABORATOIRE {n}, poudre pour suspension buvable", "AMOXICILLINE")
    for n in range(1, 7)
]


def history_of(factory: pytest.TempPathFactory) -> Path:
    """Built once a run, to be copied: until S45, refreshed on the day they sent it. A holds 600 boxes of each, B 300."""
    return worlds.once(factory, "two-wholesalers", _build_history)


def _build_history(path: Path) -> None:
    home = Home(path)
    for name, content in files(BOXES).items():
        target = home.path / "inbox" / "bdpm" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for who, stock in (("A", 600), ("B", 300)):
        send(home, who, {back: [stock] * len(BOXES) for back in range(1, 9)}, "history")
    assert not home.refresh(DAY - timedelta(days=7)).error


def send(home: Home, who: str, stocks: dict[int, list[float]], name: str, sales: float = 70) -> None:
    """``stocks``: by weeks back from S46, the boxes of each medicine."""
    rows = [
        [LAST - timedelta(weeks=back), f"GROSSISTE {who}", box.cip13, None, stock, sales]
        for back, line in stocks.items()
        for box, stock in zip(BOXES, line, strict=False)
    ]
    home.drop("pointstock", f"{who}-{name}.xlsx", {"pointstock_stock": rows})
