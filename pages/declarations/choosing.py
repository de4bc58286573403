"""What the list of declarations and the public one share: rows that pass the filters, and the boxes that ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from connectors.language.folding import fold_words
from pages.components import atc, filters
from pages.components import format as fr

WIDTH = 165  # of a select box
Row = dict[str, Any]
Test = Callable[[Row], bool]


def tests(equal: Mapping[str, str], month_of: Callable[[Row], str], month: str, cause: str, typed: str) -> list[Test]:
    """One for each filter that is not empty. ``equal``: column → value; ``month``: of a year too; ``typed``: every word."""
    wanted = {column: value for column, value in equal.items() if value}
    found: list[Test] = [lambda row: all(row[column] == value for column, value in wanted.items())]
    if month:
        found.append(lambda row: month_of(row).startswith(month))
    if cause:
        found.append(lambda row: cause in list(row["causes"]))
    if typed:
        words = fold_words(typed).split()
        found.append(lambda row: all(word in row["folded"] for word in words))
    return found


def passing(rows: Sequence[Row], wanted: Sequence[Test]) -> Iterator[int]:
    """Places of the rows that pass every test."""
    return (place for place, row in enumerate(rows) if all(test(row) for test in wanted))


def month_of(value: object) -> str:
    """``2026-11``; empty without a day."""
    day = fr.as_date(value)
    return "" if day is None else f"{day:%Y-%m}"


def options(rows: Iterable[Row], names: Mapping[str, str], firms: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """DCI, classes, causes and laboratories of the select boxes, by parameter of the address: key → words."""
    known = list(rows)
    return {
        "dci": _by_words(names),
        "atc": {group: atc.label(group) for group in _sorted(row["atc_group"] for row in known)},
        "cause": {cause: cause for cause in _sorted(cause for row in known for cause in row["causes"])},
        "laboratoire": _by_words(firms),
    }


def periods(months: Iterable[str]) -> dict[str, str]:
    """Months and their years, the latest first."""
    found = {month for month in months if month}
    words = {month: fr.long_month(f"{month}-01") for month in found}
    years = {month[:4]: f"{month[:4]}, toute l'année" for month in found}
    return dict(sorted({**words, **years}.items(), reverse=True))


def ask(
    boxes: Mapping[str, tuple[str, str]],
    offered: Mapping[str, Mapping[str, str]],
    placeholder: str,
    meant: Mapping[str, str] | None = None,
) -> tuple[str, dict[str, str]]:
    """Words typed, and what is picked by parameter. ``meant``: key of a value of the address that is not one."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="vs-filters"):
        typed = filters.search("Rechercher", placeholder=placeholder, width=330)
        picked = {
            parameter: filters.choose(
                *(label, offered[parameter], parameter),
                default=(meant or {}).get(parameter) or None,
                optional=True,
                placeholder=everything,
                width=WIDTH,
            )
            for parameter, (label, everything) in boxes.items()
        }
    return typed, {parameter: key or "" for parameter, key in picked.items()}


def _by_words(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda item: fold_words(item[1])))


def _sorted(values: Iterable[Any]) -> list[str]:
    return sorted({str(value) for value in values if not fr.missing(value)}, key=fold_words)
