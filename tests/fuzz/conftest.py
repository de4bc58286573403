"""One process that forks readers of workbooks, and the account of what was tried; how many files: ``tests/examples.py``."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic
from unittest.mock import patch

import pytest
from hypothesis import settings

from connectors.reading import workbook
from tests.connectors.conftest import make_text, make_workbook  # noqa: F401 - fixtures
from tests.examples import PROFILES
from tests.fuzz.nursery import Nursery

TALLY: dict[str, Counter[str]] = defaultdict(Counter)
SENTENCES: Counter[str] = Counter()
STARTED = monotonic()


def record_event(source: str, outcome: str, reasons: Iterable[str] = ()) -> None:
    """Count an example, and the shapes of the sentences it led to."""
    TALLY[source][outcome] += 1
    SENTENCES.update(re.sub(r"«[^»]*»|[-\d.,]+", "…", reason) for reason in reasons)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Every workbook of these tests is read by the real child, its process forked instead of started."""
    stand_in = Nursery()
    with patch.object(workbook, "subprocess", stand_in):
        yield stand_in
    stand_in.close()


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder emptied at each example."""
    return tmp_path_factory.mktemp("fuzz")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The account of the long run, for ``docs/reliability.md``."""
    if settings.get_current_profile_name() not in PROFILES or not TALLY:
        return
    outcomes = sorted({outcome for counts in TALLY.values() for outcome in counts})
    terminalreporter.section("fuzzing")
    terminalreporter.line(f"{'source':34}" + "".join(f"{name:>22}" for name in (*outcomes, "total")))
    for source, counts in [*TALLY.items(), ("total", sum(TALLY.values(), Counter()))]:
        cells = [*(counts[name] for name in outcomes), counts.total()]
        terminalreporter.line(f"{source:34}" + "".join(f"{cell:>22}" for cell in cells))
    terminalreporter.line(f"{monotonic() - STARTED:.0f} s")
    terminalreporter.line(f"{len(SENTENCES)} shapes of sentences, the rarest ones:")
    for sentence, count in sorted(SENTENCES.items(), key=lambda item: item[1])[:400]:
        terminalreporter.line(f"  {count:6} {sentence[:220]}")
