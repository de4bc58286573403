"""Every month of a published dashboard against the plain recomputation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from data.warehouse import Reader
from tests.metrics.monthly_naive import Dashboard, Month

SPANS = ("mois", "cumul")
Key = tuple[Month, str]


def differences(reader: Reader, naive: Dashboard) -> list[str]:
    """What differs, in words; empty when every figure of every month is the same."""
    return [
        difference for check in (_counts, _classes, _dcis, _laboratories, _rises) for difference in check(reader, naive)
    ]


def _keys(naive: Dashboard) -> list[Key]:
    return [(month, span) for month in naive.months for span in SPANS]


def _by(reader: Reader, table: str) -> dict[Key, list[dict[str, Any]]]:
    rows_by_key: dict[Key, list[dict[str, Any]]] = {}
    for row in reader.rows(f"SELECT * FROM {table}"):
        rows_by_key.setdefault((_month(row["month"]), row.get("span", "mois")), []).append(row)
    return rows_by_key


def _month(day: date) -> Month:
    return day.year, day.month


def _counts(reader: Reader, naive: Dashboard) -> Iterator[str]:
    rows_by_key = _by(reader, "monthly_count")
    if sorted(rows_by_key) != sorted(_keys(naive)):
        yield f"mois : {sorted(rows_by_key)[:3]}… au lieu de {sorted(_keys(naive))[:3]}…"
    for key in _keys(naive):
        (row,) = rows_by_key[key]
        expected = naive.counts(*key)
        mine = {name: row[name] for name in expected}
        if mine != expected:
            yield f"{key} : {mine} au lieu de {expected}"


def _classes(reader: Reader, naive: Dashboard) -> Iterator[str]:
    """By class, and the same situations again by level."""
    rows_by_key, levels = _by(reader, "monthly_class"), _by(reader, "monthly_level")
    for key in _keys(naive):
        expected = naive.classes(*key)
        mine: dict[str | None, tuple[int, int]] = {}
        for row in rows_by_key.get(key, []):
            situations, declarations = mine.get(row["atc_group"], (0, 0))
            mine[row["atc_group"]] = (situations + row["situations"], declarations + row["declarations"])
        if mine != expected:
            yield f"classes {key} : {mine} au lieu de {expected}"
        total = sum(row["situations"] for row in levels.get(key, []))
        if total != naive.counts(*key)["specialities"]:
            yield f"niveaux {key} : {total}"


def _dcis(reader: Reader, naive: Dashboard) -> Iterator[str]:
    rows_by_key = _by(reader, "monthly_dci")
    for key in _keys(naive):
        rows = {row["dci_key"]: row for row in rows_by_key.get(key, [])}
        mine = {dci: (row["situations"], row["declarations"]) for dci, row in rows.items()}
        if mine != naive.dcis(*key):
            yield f"DCI {key}"
        for dci in sorted(rows)[:5]:
            row = rows[dci]
            difference = (row["declared_months"], row["repeated_declarations"], row["known_months"])
            if difference != naive.repetition(key[0], dci):
                yield f"réitération {key} {dci} : {difference} au lieu de {naive.repetition(key[0], dci)}"


def _laboratories(reader: Reader, naive: Dashboard) -> Iterator[str]:
    rows_by_key = _by(reader, "monthly_laboratory")
    for key in _keys(naive):
        rows = rows_by_key.get(key, [])
        mine = {row["laboratory"].upper(): (row["situations"], row["declarations"]) for row in rows}
        if mine != naive.laboratories(*key):
            yield f"laboratoires {key}"
        if rows and abs(sum(row["share_pct"] for row in rows) - 100) > 1e-6:
            yield f"parts des laboratoires {key}"


def _rises(reader: Reader, naive: Dashboard) -> Iterator[str]:
    rows_by_key = _by(reader, "monthly_movement")
    for month in naive.months:
        rows = rows_by_key.get((month, "mois"), [])
        mine = {(row["scope"], row["subject_key"]): (row["declarations"], row["declarants"]) for row in rows}
        if mine != naive.rises(month):
            yield f"hausses {month} : {mine.items() ^ naive.rises(month).items()}"
