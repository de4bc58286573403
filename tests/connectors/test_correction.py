"""Corrected workbooks: the two columns added by us are understood when the file comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from connectors import iqvia
from connectors.base import RawFile, RefusedFile, Sheet, tables
from connectors.reading.correction import REASON_TITLE, REFERENCE_TITLE
from connectors.reading.grid import read_grid
from connectors.reading.lines import as_text
from connectors.reading.load_id import row_reference
from tests.connectors.partner_files import titles

STOCKS = tables("pointstock")["pointstock_stock"]
TITLES = [*titles("pointstock", "pointstock_stock"), REASON_TITLE, REFERENCE_TITLE]
LOAD = "20261117T051000-0123456789ab-cdef-fedcba"
REF = row_reference(LOAD, "pointstock_stock", 12)
REASON = "code CIP13 : clé de contrôle fausse"


def read(*rows: Sequence[object]) -> Sheet:
    return read_grid(enumerate(rows, start=1), STOCKS, "Stocks")


def line(code: str, *added: object) -> list[object]:
    return ["2026-S46", "Grossiste A", code, None, 100, 70, None, *added]


def test_a_reference_does_not_depend_on_the_layout_that_read_the_file() -> None:
    assert REF == "20261117T051000-0123456789ab-cdef/pointstock_stock/12"
    assert row_reference(f"{LOAD[:-6]}abcdef", "pointstock_stock", 12) == REF


def test_a_corrected_line_keeps_what_it_corrects() -> None:
    first, second = read(TITLES, line("3400930000014", REASON, REF), line("3400930000021", None, None)).rows
    assert (first["corrects"], second["corrects"]) == (REF, None)


def test_a_row_still_wrong_is_quarantined_with_its_reference() -> None:
    (issue,) = read(TITLES, line("3400930000015", REASON, REF)).quarantined
    assert (issue.column, issue.corrects) == ("CIP13", REF)
    assert issue.cells[-2:] == (REASON, REF)


@pytest.mark.parametrize("altered", ["12", REF.replace("pointstock", "tracstocks"), f"{REF}4x", 12.0])
def test_an_altered_reference_is_never_guessed(altered: object) -> None:
    (issue,) = read(TITLES, line("3400930000014", "", altered)).quarantined
    assert (issue.column, issue.corrects) == (REFERENCE_TITLE, "")
    assert issue.reason == "référence altérée : la laisser telle que reçue, ou vide"


def test_the_two_columns_may_be_removed_or_moved_but_not_repeated() -> None:
    moved = [REFERENCE_TITLE, *TITLES[:7]]
    assert read(moved, [REF, *line("3400930000014")]).rows[0]["corrects"] == REF
    assert "corrects" not in read(TITLES[:7], line("3400930000014")).rows[0]
    with pytest.raises(RefusedFile, match=r"colonne en double\s: «\sRéf. Vigistock\s»"):
        read([*TITLES, REFERENCE_TITLE], line("3400930000014"))


def test_a_csv_may_carry_them_too(make_text: Callable[..., RawFile]) -> None:
    ref = row_reference(LOAD, "iqvia_coverage", 3)
    columns = ";".join([*titles("iqvia", "iqvia_coverage"), REASON_TITLE, REFERENCE_TITLE])
    (row,) = iqvia.read(make_text("iqvia", f"{columns}\n2026-S46;g;Région;84;5;1;;;;;;;motif;{ref}\n"))[0].rows
    assert row["corrects"] == ref


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1250.0, "1250"), (1.234, "1,234"), (-0.5, "-0,5"), (True, "VRAI"), ("=1+1", "=1+1"), (None, ""), (7, "7")],
)
def test_cells_are_kept_in_a_spelling_that_reads_back(cell: object, text: str) -> None:
    assert as_text(cell) == text
