"""``make bench``: what pages cost on this machine, and what a crowd waits; exits 1 when a page or a click is over its budget."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

from rich.console import Console

from bench import crowd, felt, pages, search
from data import demo, warehouse
from data.command import explain_failures
from data.reference import control
from data.refresh import refresh
from data.settings import PARIS, Settings

DAY = date(2026, 11, 22)


def _home() -> Path:
    """The home in force when it holds a snapshot, else a small demo of its own."""
    settings = Settings()
    if warehouse.current(settings.snapshots):
        return settings.home
    folder = Path(tempfile.mkdtemp(prefix="vigistock-bench-"))
    demo.generate(folder / "inbox", DAY, scale="small", anchor=DAY)
    moment = datetime(DAY.year, DAY.month, DAY.day, 6, 10, tzinfo=PARIS)
    refresh(Settings(home=folder, now=moment, readers=1), demo_only=True, console=Console(quiet=True))
    return folder


@explain_failures
def main() -> int:
    """Pages one by one, the search, clicks in a browser, then the crowd."""
    control.check()
    os.environ["VIGISTOCK_HOME"] = str(_home())
    over = pages.measure()
    search.measure()
    over += felt.measure()
    crowd.measure()
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
