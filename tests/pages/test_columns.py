"""Every published column is described once, in French, with its unit and what an empty cell means."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from difflib import SequenceMatcher

import pytest

from connectors.language.folding import fold
from data.manifest import ARTEFACTS, Artefact
from data.reference import columns
from data.reference.columns import EVERY, Column
from data.warehouse import Reader
from tests.conftest import Home

# Above it, two sentences say the same thing in other words.
TOO_ALIKE = 0.9
UNITS = {
    "days": "jour",
    "boxes": "boîte",
    "pct": "%",
    "weeks": "semaine",
    "months": "mois",
    "points": "point",
    "on": "date",
    "at": "date",
}


def _published(home: Home, artefact: Artefact) -> tuple[Reader, dict[str, list[str]]]:
    reader = home.reader(artefact)
    found: dict[str, list[str]] = defaultdict(list)
    for row in reader.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'snap' ORDER BY ALL"
    ):
        found[row["table_name"]].append(row["column_name"])
    return reader, found


@pytest.mark.parametrize("artefact", ARTEFACTS)
def test_every_published_column_is_described(demo_home: Home, artefact: Artefact) -> None:
    reader, published = _published(demo_home, artefact)
    known = {
        (row["table_name"], row["column_name"])
        for row in reader.rows("SELECT table_name, column_name FROM column_description")
    }
    assert known == {(table, name) for table, names in published.items() for name in names}


@pytest.mark.parametrize("artefact", ARTEFACTS)
def test_a_column_with_empty_cells_says_what_they_mean(demo_home: Home, artefact: Artefact) -> None:
    reader, published = _published(demo_home, artefact)
    for table, names in published.items():
        filled = reader.row(f"SELECT COUNT(*) AS rows, {', '.join(f'COUNT({n}) AS {n}' for n in names)} FROM {table}")
        assert filled
        partly = [n for n in names if filled[n] < filled["rows"]]
        silent = [n for n in partly if not ((column := columns.described(table, n)) and column.empty)]
        assert not silent, f"{table}: {silent}"


def test_a_description_names_a_column_that_exists(demo_home: Home) -> None:
    used = {
        columns.described(table, name)
        for artefact in ARTEFACTS
        for table, names in _published(demo_home, artefact)[1].items()
        for name in names
    }
    assert not [column for column in columns.columns() if column not in used]


def test_two_descriptions_of_a_column_name_do_not_differ_without_need() -> None:
    """The same sentence is written once; two sentences are two meanings."""
    by_name: dict[str, list[Column]] = defaultdict(list)
    for column in columns.columns():
        by_name[column.column].append(column)
    for name, several in by_name.items():
        for one, other in itertools.combinations(several, 2):
            where = f"{name}: {one.folder.name}/{one.table}, {other.folder.name}/{other.table}"
            if one.description == other.description:
                assert (one.unit, one.empty) != (other.unit, other.empty) or _cannot_be_shared(one, other), where
            else:
                likeness = SequenceMatcher(None, fold(one.description), fold(other.description)).ratio()
                assert likeness < TOO_ALIKE, f"{where}: « {one.description} », « {other.description} »"


def _cannot_be_shared(one: Column, other: Column) -> bool:
    """Two folders, when the project's line of that name says something else."""
    common = next(
        (c for c in columns.columns() if (c.folder, c.table, c.column) == (columns.CORE, EVERY, one.column)), None
    )
    return one.folder != other.folder and common is not None and common.description != one.description


def test_a_description_is_a_short_sentence_without_its_full_stop() -> None:
    for column in columns.columns():
        where = f"{column.folder.name}/{column.table}.{column.column}"
        assert column.description, where
        assert not column.description.endswith("."), where
        assert len(column.description) <= 120, where
        assert column.table == EVERY or re.fullmatch(r"[a-z_0-9]+", column.table), where


def test_a_unit_agrees_with_the_name_of_its_column() -> None:
    for column in columns.columns():
        unit = UNITS.get(column.column.rsplit("_", 1)[-1])
        if unit and column.unit:
            assert unit in column.unit, f"{column.table}.{column.column}: {column.unit}"
