"""What a source or a metric declares of itself: every declared thing exists, and one that does not is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from connectors.base import Field, Source, Table, declared_tables, discover, tables
from data import sqlfiles
from data.building import declared, identity, snapshot, unmatched
from data.sqlfiles import SqlFile
from data.warehouse import Writer

SOURCES = {key: module.SOURCE for key, module in discover().items()}


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_the_period_of_a_source_is_a_date_of_its_tables(source: Source) -> None:
    for period in source.periods:
        table, name = period.split(".")
        assert tables(source.key)[table].field(name).kind in ("week", "date", "datetime")


def test_columns_that_name_or_refer_exist() -> None:
    for table in declared_tables():
        assert {name for f in table.fields for name in f.unless} <= {f.name for f in table.fields}
    assert {item.kind for item in identity.named()} <= set(get_args(identity.Kind))
    assert {item.referential.name for item in unmatched.references()} <= unmatched.REFERENTIALS.keys()


def test_the_sources_of_a_state_are_sources() -> None:
    for file in sqlfiles.families(snapshot.METRICS):
        assert set(declared.state_sources(file)) <= SOURCES.keys(), file.name


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    opened = Writer(tmp_path / "w.duckdb")
    yield opened
    opened.close()


def test_a_week_is_known_to_its_sunday_a_month_to_its_last_day(writer: Writer) -> None:
    """S46 2026 begins on 9 November: 9 + 6 = 15. Of two photographs, the older; of none, no date."""
    writer.run("CREATE TABLE spf_activity AS SELECT DATE '2026-11-09' AS week")
    writer.run("CREATE TABLE bdpm_speciality AS SELECT DATE '2026-11-20' AS photograph_on")
    writer.run("CREATE TABLE bdpm_availability AS SELECT DATE '2026-11-22' AS photograph_on")
    writer.run("CREATE TABLE arrets_intention AS SELECT CAST(NULL AS DATE) AS declared_on")
    writer.run("CREATE TABLE medicam_sales AS SELECT DATE '2026-02-01' AS month")
    declared.write_periods(writer, [SOURCES[key] for key in ("spf", "bdpm", "arrets", "listes", "medicam")])
    found = {
        row["source_key"]: (row["last_period_on"], row["is_photograph"])
        for row in writer.rows("SELECT * FROM source_period")
    }
    assert found == {
        "spf": (date(2026, 11, 15), False),
        "bdpm": (date(2026, 11, 20), True),
        "arrets": (None, False),
        "medicam": (date(2026, 2, 28), False),
    }


def test_an_unknown_source_of_a_state_is_refused(writer: Writer) -> None:
    file = SqlFile("m", "f", "?", {"état": "trustmed, trustmde"}, "SELECT 1")
    with pytest.raises(ValueError, match="trustmde"):
        declared.write_indicators(writer, [file], SOURCES)


@pytest.mark.parametrize(("column", "read"), [("names", identity.named), ("refers", unmatched.references)])
def test_an_unknown_word_of_a_header_table_is_refused(
    column: str, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    misspelt: dict[str, Any] = {column: "grosiste"}
    field: Field = dataclasses.replace(tables("spf")["spf_activity"].fields[0], **misspelt)
    module = identity if column == "names" else unmatched
    monkeypatch.setattr(module, "declared_tables", lambda: [Table("spf_activity", "s", (field,))])
    identity.named.cache_clear()
    try:
        with pytest.raises(ValueError, match="grosiste"):
            read()  # type: ignore[operator]
    finally:
        identity.named.cache_clear()
