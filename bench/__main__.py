"""``make bench``: what each page costs beside an almost empty one, on the same machine in the same minute."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from streamlit.testing.v1 import AppTest

from bench import search
from data import demo, warehouse
from data.command import explain_failures
from data.reference import control
from data.refresh import refresh
from data.settings import PARIS, PROJECT, Settings

PAGES = {
    "Revue du jour": ("pages/revue/revue_du_jour.py", {}),
    "Molécule": ("pages/molecules/molecule.py", {"sujet": "amoxicilline-susp-500"}),
    "Territoires": ("pages/territoires/territoires.py", {"sujet": "amoxicilline-susp-500"}),
    "Déclarations": ("pages/declarations/declarations.py", {}),
    "Sources": ("pages/sources/sources.py", {}),
    "Méthode": ("pages/methode/methode.py", {}),
}
WARM_RUNS = 7
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


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def _almost_empty() -> None:
    import streamlit as st  # noqa: PLC0415 – the function is run as a script of its own

    st.title("Page presque vide")


def _page(script: str, parameters: dict[str, str]) -> tuple[float, float]:
    """First run and median of the following ones, in milliseconds."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page(script)
    for name, value in parameters.items():
        app.query_params[name] = value
    first = _milliseconds(app.run)
    return first, statistics.median(_milliseconds(app.run) for _ in range(WARM_RUNS))


@explain_failures
def main() -> int:
    """Print one line per page."""
    control.check()
    os.environ["VIGISTOCK_HOME"] = str(_home())
    empty = AppTest.from_function(_almost_empty)
    empty.run()
    base = statistics.median(_milliseconds(empty.run) for _ in range(WARM_RUNS))
    print(f"{'Page presque vide':20} {base:8.1f} ms")
    search.measure()
    for name, (script, parameters) in PAGES.items():
        first, warm = _page(script, parameters)
        print(f"{name:20} {warm:8.1f} ms   × {warm / base:5.1f}   (first visit {first:7.1f} ms)")
    return 0


sys.exit(main())
