"""What is true of every file, however broken."""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import date
from typing import Any

from connectors.base import Field, RowIssue, Table, tables
from connectors.language.typography import french
from connectors.reading.blocks import ABSENT
from data.loading.parquet import schema
from tests.fuzz.cases import Case
from tests.fuzz.reading import Reading, Rows

QUOTED = re.compile("«[^»]*»")
LONGEST = 4_000  # characters of a sentence: the titles found in a refused sheet are listed
FOREIGN = re.compile(
    r"\b(error|exception|traceback|none|null|nan|invalid|unexpected|expected|object|has no|could not|cannot|not found"
    r"|out of range|truncated|offset|failed|byte|codec|argument|must)\b|<class|<function",
    re.IGNORECASE,
)


def assert_accounted(reading: Reading) -> None:
    """Never an unhandled exception, never a line lost, the same verdict twice."""
    load = reading.load
    assert "erreur du programme" not in load.error, load.error
    assert "Lecture incomplète" not in load.error, load.error
    assert load.rows_in == load.rows_loaded + load.rows_quarantined + load.rows_ignored
    assert load.error == french(reading.refusal)
    if reading.sheets is None:
        assert_french_sentence(reading.refusal)
        assert (load.rows_in, load.files, reading.left_behind) == (0, {}, [])
        return
    for sheet in reading.sheets:
        assert sheet.balanced, (sheet.name, sheet.rows_in, len(sheet.rows), len(sheet.quarantined), sheet.rows_ignored)
        assert min(sheet.rows_in, sheet.rows_ignored) >= 0
    assert load.rows_in == sum(sheet.rows_in for sheet in reading.sheets)
    assert load.rows_loaded == sum(sheet.rows_loaded for sheet in reading.sheets)
    assert load.rows_quarantined == sum(len(sheet.quarantined) for sheet in reading.sheets)


def assert_quarantined_rows_can_be_corrected(reading: Reading) -> None:
    """Sheet, line, reason in French: what a partner needs."""
    for sheet in reading.sheets or ():
        for issue in (*sheet.quarantined, *sheet.notes):
            _assert_issue(issue)
        places = [issue.line for issue in sheet.quarantined] + [row["line"] for row in sheet.rows]
        assert len(places) == len(set(places)), "une ligne est comptée deux fois"


def _assert_issue(issue: RowIssue) -> None:
    assert issue.sheet
    assert issue.line >= 1
    assert isinstance(issue.value, str)
    wording = QUOTED.sub("", issue.reason)
    assert wording.strip()
    assert len(issue.reason) < LONGEST
    assert not FOREIGN.search(wording), issue.reason


def assert_french_sentence(text: str) -> None:
    wording = QUOTED.sub("«»", text)
    assert wording[:1].isupper() or wording.startswith("«"), text
    assert wording.rstrip().endswith((".", "?", "!", "»", ")")), text
    assert not FOREIGN.search(wording), text
    assert len(text) < LONGEST, "une phrase se lit"


def assert_typed(source: str, reading: Reading) -> None:
    """Kept rows have the types of the lake and the bounds of the header table; nothing negative, nothing infinite."""
    counts = tables(source)
    for name, parts in reading.tables.items():
        if name not in counts:
            assert name in ("quarantine", "noted_value")
            continue
        for part in parts:
            assert part.schema.remove_metadata() == schema(counts[name])
            for row in part.to_pylist():
                _assert_row(counts[name], row)


def _assert_row(table: Table, row: dict[str, Any]) -> None:
    assert row["line"] >= 1
    assert row["load_id"]
    for item in table.fields:
        cell = row[item.name]
        if cell is None or cell == []:
            assert not item.required, (item.name, row)
        else:
            _assert_bounded(item, cell)


def _assert_bounded(item: Field, cell: Any) -> None:
    place = (item.name, cell)
    if isinstance(cell, float):
        assert math.isfinite(cell), place
    if isinstance(cell, int | float):
        assert item.minimum is None or cell >= item.minimum, place
        assert item.maximum is None or cell <= item.maximum, place
    if item.choices:
        assert set(cell if isinstance(cell, list) else [cell]) <= set(item.choices.values()), place
    if item.kind == "cip13":
        assert re.fullmatch(r"34009\d{8}", cell, re.ASCII), place
    if item.kind == "week":
        assert isinstance(cell, date), place
        assert cell.weekday() == 0, place


def assert_nothing_changed_silently(case: Case, reading: Reading, valid: Rows) -> None:
    """A row that no mutation touched is kept as it was, quarantined or refused: never kept with another value."""
    if not case.sure or reading.load.refused:
        return
    assert reading.load.rows_in >= case.untouched, "une ligne n'est même pas comptée"
    counts = Counter(map(_key, valid))
    unexplained = list((Counter(_key(row) for row in reading.rows("photograph_on")) - counts).elements())
    if not case.strict or _says_absent(reading):
        originals = [dict(key) for key in counts]
        unexplained = [key for key in unexplained if not any(_part_of(dict(key), row) for row in originals)]
    assert len(unexplained) <= case.touched, (case.touched, unexplained[:3])


def _key(row: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, tuple(cell) if isinstance(cell, list) else cell) for name, cell in row.items())


def _says_absent(reading: Reading) -> bool:
    """Whether a remark names a column of the format that the file does not have."""
    return any(ABSENT in row["reason"] for part in reading.tables.get("noted_value", ()) for row in part.to_pylist())


def _part_of(row: dict[str, Any], original: dict[str, Any]) -> bool:
    """The same values, some of them lost."""
    return all(cell in (None, ()) or cell == original[name] for name, cell in row.items())
