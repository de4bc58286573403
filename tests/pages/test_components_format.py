"""French writing: what a reader sees of a number, a date, a week, and of nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pages.components import filters
from pages.components import format as fr

NARROW, NBSP = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2.4, f"2,4{NBSP}j"),
        (2.99, f"2,9{NBSP}j"),  # under the bound of 3 days: never written 3,0
        (3.0, f"3,0{NBSP}j"),
        (9.96, f"9,9{NBSP}j"),
        (12.7, f"12{NBSP}j"),
        (1234.0, f"1{NARROW}234{NBSP}j"),
        (0.0, f"0,0{NBSP}j"),
        (None, "—"),
        (float("nan"), "—"),
    ],
)
def test_days(value: float | None, written: str) -> None:
    assert fr.days(value) == written


def test_boxes_use_a_narrow_space_and_the_french_plural() -> None:
    assert fr.boxes(12450) == f"12{NARROW}450{NBSP}boîtes"
    assert fr.boxes(1) == f"1{NBSP}boîte"
    assert fr.boxes(0) == f"0{NBSP}boîte"


def test_number_percent_and_change() -> None:
    assert fr.number(1234.5, 1) == f"1{NARROW}234,5"
    assert fr.percent(12.34, 1) == f"12,3{NBSP}%"
    assert fr.change(-5.1) == f"−5,1{NBSP}j"
    assert fr.change(40, digits=0) == f"+40{NBSP}j"
    assert fr.change(-0.01) == f"0,0{NBSP}j"


@pytest.mark.parametrize("value", [date(2026, 11, 16), datetime(2026, 11, 16, 8), pd.Timestamp("2026-11-16")])
def test_dates_of_every_type(value: object) -> None:
    assert fr.day(value) == "16/11/2026"
    assert fr.week(value) == "S47"


def test_week_year_is_the_iso_year() -> None:
    assert fr.week(date(2027, 1, 1), year=True) == f"S53{NBSP}2026"
    assert fr.week(date(2026, 11, 16), year=True) == f"S47{NBSP}2026"


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NaT, pd.NA])
def test_unknown_is_a_dash_everywhere(nothing: Any) -> None:
    writers = (fr.number, fr.days, fr.boxes, fr.percent, fr.day, fr.week, fr.moment, fr.age, fr.month)
    assert {writer(nothing) for writer in writers} == {"—"}


def test_age_and_moment() -> None:
    assert [fr.age(n) for n in (0, 1, 12)] == ["aujourd'hui", "hier", f"il y a 12{NBSP}j"]
    assert fr.moment(datetime(2026, 11, 22, 6, 10)) == "22/11/2026 06:10"


@pytest.mark.parametrize(
    ("utc", "moment", "day"),
    [
        (datetime(2026, 11, 22, 5, 10, tzinfo=UTC), "22/11/2026 06:10", "22/11/2026"),  # winter: an hour later
        (datetime(2026, 7, 14, 22, 30, tzinfo=UTC), "15/07/2026 00:30", "15/07/2026"),  # summer: two, and the next day
        (pd.Timestamp("2026-11-22T23:10", tz="UTC"), "23/11/2026 00:10", "23/11/2026"),
        (pd.Timestamp("2026-11-22T23:10", tz="Europe/Paris"), "22/11/2026 23:10", "22/11/2026"),
    ],
)
def test_moments_and_days_are_those_of_paris(utc: datetime, moment: str, day: str) -> None:
    assert (fr.moment(utc), fr.day(utc)) == (moment, day)


def test_a_name_at_the_head_of_a_line_keeps_its_other_letters() -> None:
    assert [fr.capital(text) for text in ("vitamine B12", "", None, "éthinyl")] == ["Vitamine B12", "", "", "Éthinyl"]


def test_listing_reads_database_arrays() -> None:
    assert fr.listing(np.array(["ville", None, "hôpital"], dtype=object)) == "ville, hôpital"
    assert fr.listing(None) == "—"


def test_search_ignores_accents_case_and_order() -> None:
    texts = {"a": "Sirop de paracétamol", "b": "Paracétamol buvable pédiatrique", "c": "Cœur", "d": "Prednisolone"}

    def matches(query: str) -> list[str]:
        return [key for key, text in texts.items() if filters.matching(query, text)]

    assert matches("PARACETAMOL") == ["a", "b"]
    assert matches("pediatrique paracétamol") == ["b"]
    assert matches("coeur") == ["c"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        # A stop is referred from 30 % on: 29.96 is not, which 30.0 would deny.
        (29.96, "29,9\u00a0%"),
        (30.0, "30,0\u00a0%"),
        (30.04, "30,0\u00a0%"),
        (12.3, "12,3\u00a0%"),
        (0.1, "0,1\u00a0%"),
        (0.04, "moins de 0,1\u00a0%"),
        (0.0, "0,0\u00a0%"),
        (None, "—"),
    ],
)
def test_a_written_share_never_reaches_a_bound_it_is_under(value: float | None, written: str) -> None:
    assert fr.share(value) == written


def test_the_first_is_said_of_one_alone() -> None:
    rows = [{"name": "a", "score": 66.8}, {"name": "b", "score": 66.8}, {"name": "c", "score": 63.9}]
    assert [row["name"] for row in fr.level(rows, "score")] == ["a", "b"]
    assert fr.listed(["a"]) == "a"
    assert fr.listed(["a", "b"]) == "a et b"
    assert fr.listed(["a", "b", "c", "d", "e"]) == "a, b, c et 2\u00a0autres"
