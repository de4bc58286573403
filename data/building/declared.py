"""What sources and metrics declare of themselves, as tables that metrics read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pyarrow as pa

from connectors.base import Source, discover, tables
from data.sqlfiles import SqlFile
from data.warehouse import Writer

STATE = "état"  # header of a metric: keys of the sources whose lateness is its own
PERIODS = pa.schema([("source_key", pa.string()), ("last_period_on", pa.date32()), ("is_photograph", pa.bool_())])
PHOTOGRAPH = "photograph_on"  # such a column dates a whole file, not what happened
INDICATORS = pa.schema([("indicator", pa.string()), ("source_key", pa.string())])


def write_periods(writer: Writer, sources: Iterable[Source]) -> None:
    """``source_period``: last period known of each source that declares where its periods are."""
    rows = [
        {
            "source_key": source.key,
            "last_period_on": _last(writer, source),
            "is_photograph": all(period.endswith(f".{PHOTOGRAPH}") for period in source.periods),
        }
        for source in sources
        if source.periods
    ]
    writer.table("source_period", pa.Table.from_pylist(rows, schema=PERIODS), temporary=True)


def _last(writer: Writer, source: Source) -> date | None:
    """That of its oldest part received. A week is known to its Sunday, a month (``month``, ``month_on``) to its last day."""
    latest = []
    for period in source.periods:
        table, name = period.split(".")
        day = f"CAST(MAX({name}) AS DATE)"
        if tables(source.key)[table].field(name).kind == "week":
            day += " + 6"
        elif name.startswith("month"):
            day = f"LAST_DAY({day})"
        (row,) = writer.rows(f"SELECT {day} AS last_on FROM {table}")
        latest.append(row["last_on"])
    return min((day for day in latest if day), default=None)


def write_indicators(writer: Writer, files: Iterable[SqlFile], keys: Iterable[str]) -> None:
    """``indicator_source``: sources whose lateness is that of an indicator. Raises ValueError for an unknown source."""
    rows = [{"indicator": file.name, "source_key": key} for file in files for key in state_sources(file)]
    unknown = {row["source_key"] for row in rows} - discover().keys()
    if unknown:
        raise ValueError(f"« {STATE} » names unknown sources: {sorted(unknown)}")
    read = set(keys)
    rows = [row for row in rows if row["source_key"] in read]  # one that is turned off makes nothing late
    writer.table("indicator_source", pa.Table.from_pylist(rows, schema=INDICATORS), temporary=True)


def state_sources(file: SqlFile) -> Iterator[str]:
    """Keys of the header line ``-- état : trustmed, tracstocks``."""
    yield from filter(None, (key.strip() for key in file.method.get(STATE, "").split(",")))
