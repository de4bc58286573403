"""Budgets of the screen on each page, and on the most that an address may ask of it; what crosses once is not sent again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

from bench.pages import EXTREMES, MOST_ELEMENTS, MOST_KB, PAGES, weight
from pages.components import lists
from tests.conftest import Home
from tests.pages.conftest import Opener, bodies

CASES = {**PAGES, **EXTREMES}


@pytest.mark.parametrize(("script", "parameters"), CASES.values(), ids=CASES)
def test_a_page_is_light_whatever_is_asked_of_it(
    demo_home: Home,
    open_page: Opener,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    parameters: dict[str, str],
) -> None:
    """Each list that can grow has five thousand rows here."""
    cut = lists.cut

    def of_thousands(rows: Sequence[Any], most: int, last: int = lists.STEPS[-1]) -> tuple[Sequence[Any], lists.Cut]:
        several = rows if isinstance(rows, range) or not rows else list(rows) * (5_000 // len(rows) + 1)
        return cut(several, most, last)

    if "lignes" in parameters:
        monkeypatch.setattr(lists, "cut", of_thousands)
    at = open_page(script, **parameters)
    assert not at.exception
    elements, kilobytes = weight(at)
    assert 6 <= elements <= MOST_ELEMENTS
    assert 5 < kilobytes <= MOST_KB


def test_a_long_list_stops_where_its_rows_are_heavy() -> None:
    rows = list(range(5_000))
    _, light = lists.cut(rows, 60)
    _, heavy = lists.cut(rows, 60, lists.HEAVY)
    _, beside = lists.cut(rows, 200, lists.BESIDE)
    assert (light.following, heavy.following, beside.following) == (200, lists.HEAVY, None)
    assert (beside.shown, beside.hidden) == (60, 4_940)
    assert len(lists.cut(rows, 200, lists.HEAVY)[0]) == lists.HEAVY


LISTS = {
    "Déclarations": ("pages/declarations/declarations.py", {}),
    "Évaluation": ("pages/evaluation/evaluation.py", {}),
    "Molécule": ("pages/molecules/molecule.py", {"sujet": "dci:amoxicilline"}),
    "Stocks": ("pages/anticiper/stocks_de_securite.py", {}),
    "Plans de gestion": ("pages/anticiper/plans_de_gestion.py", {}),
    "Sites": ("pages/anticiper/sites.py", {}),
    "Arrêts": ("pages/anticiper/arrets.py", {}),
    "Classement": ("pages/anticiper/classement.py", {}),
    "Mesures": ("pages/risque/mesures.py", {}),
}


@pytest.mark.parametrize(("script", "parameters"), LISTS.values(), ids=LISTS)
def test_every_cell_names_its_column(
    demo_home: Home, open_page: Opener, script: str, parameters: dict[str, str]
) -> None:
    """On a phone the headings are not drawn: each cell is labelled by its own, and the same on every row."""
    drawn = "".join(bodies(open_page(script, **parameters)))
    tables = re.findall(r'<table class="vs-table vs-rows[^"]*">.*?</table>', drawn, re.DOTALL)
    assert tables
    for table in tables:
        columns = len(re.findall(r'<th scope="col"', table))
        rows = [
            re.findall(r'<td(?: data-label="([^"]*)")?', row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        ]
        labelled = [row for row in rows if len(row) == columns - 1]
        assert labelled
        assert all(all(row) and row == labelled[0] for row in labelled)
