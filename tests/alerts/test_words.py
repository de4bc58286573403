"""A figure is written the same in an alert and on its page, and never beyond a bound it is compared with."""

from __future__ import annotations

import pytest

from connectors.language.typography import tied
from data.alerts import words
from pages.components import format as fr

BOUNDS = [20.0, 50.0]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (62.7, "63"),
        (62.4, "62"),
        (49.6, "49"),  # under the degree of 50 %
        (50.0, "50"),
        (19.9, "19"),
        (20.4, "20"),
    ],
)
def test_a_share_is_that_of_the_page(value: float, shown: str) -> None:
    row = {"value": value, "one": "%", "many": "%", "digits": 0, "bounds": BOUNDS, "unknown": "inconnue"}
    assert words.quantity(row) == tied(shown, "%") == fr.percent(value, bounds=BOUNDS)


@pytest.mark.parametrize(("value", "digits", "shown"), [(2.99, 1, "2,9"), (14.99, 0, "14")])
def test_days_are_written_downwards(value: float, digits: int, shown: str) -> None:
    row = {"value": value, "one": "j", "many": "j", "digits": digits, "bounds": [0.0], "unknown": "inconnue"}
    assert words.quantity(row) == tied(shown, "j") == fr.days(value)
