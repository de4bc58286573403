"""The legend of charts and maps: order, marks, only the reserves that are drawn."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd
import pytest

from pages.components import templating, tokens
from pages.components.charts import legend, map_layers, simple
from pages.components.charts.legend import Legend, Mark

MONDAY = date(2026, 10, 5)


def kinds(html: str) -> list[str]:
    return re.findall(r"vs-mark-([a-z-]+)", html)


def history(states: list[str], days: list[float | None]) -> pd.DataFrame:
    weeks = [MONDAY + timedelta(weeks=place) for place in range(len(days))]
    return pd.DataFrame({"week": weeks, "coverage_days": days, "figure_state": states})


def test_marks_follow_one_order_whatever_the_page_gives() -> None:
    marks = (legend.DAY, legend.RESERVED_POINT, legend.SEASON, Mark("legal", "légale"), Mark("measured", "courante"))
    drawn = str(legend.html(Legend("jours", marks)))
    assert kinds(drawn) == ["measured", "legal", "season", "reserved-point", "day"]
    assert drawn.index("jours") < drawn.index("courante")


def test_nothing_to_say_draws_nothing() -> None:
    assert legend.html(Legend("")) == ""


@pytest.mark.parametrize(
    ("states", "days", "found"),
    [
        (["a_jour"] * 3, [5.0, 4.0, 3.0], ()),
        (["a_jour", "estime", "a_jour"], [5.0, 4.0, 3.0], (legend.RESERVED_POINT,)),
        (["a_jour", "incomplet", "a_jour"], [5.0, 4.0, 3.0], (legend.RESERVED_POINT,)),
        (["a_jour", "absent", "a_jour"], [5.0, None, 3.0], (legend.GAP,)),
        (["absent", "a_jour", "a_jour"], [None, 4.0, 3.0], ()),  # nothing before the first week: not a gap
    ],
)
def test_a_chart_names_the_reserves_and_gaps_it_draws(
    states: list[str], days: list[float | None], found: tuple[Mark, ...]
) -> None:
    figure = simple.territory_history(history(states, days), satisfactory_days=7, acceptable_days=3)
    assert legend.on(figure) == found


def coverage(*states: str) -> pd.DataFrame:
    rows = [{"department": f"{place:02}", "status": "acceptable", "figure_state": state, "coverage_days": 4.0,
             "week": MONDAY} for place, state in enumerate(states, start=1)]  # fmt: skip
    return map_layers.coverage_layer(pd.DataFrame(rows))


def test_a_map_names_the_states_it_draws() -> None:
    def drawn(*states: str) -> list[str]:
        return kinds(str(legend.html(map_layers.status_legend(coverage(*states)))))

    plain, statuses = ["a_jour"] * 7, ["area", "area", "striped"]
    assert drawn(*plain) == [*statuses, "unknown"]
    assert drawn(*plain, "estime") == [*statuses, "reserved", "unknown"]
    assert drawn(*plain, "masque") == [*statuses, "masked", "unknown"]
    # More than a quarter with a reserve: no border singles any out, the words under the map say so for all.
    assert drawn("estime", "estime", "a_jour") == [*statuses, "unknown"]


def test_one_word_for_a_reserve_names_every_state_that_has_one() -> None:
    assert all(word.lower() in legend.RESERVE for word, _ in tokens.QUALIFYING.values())
    assert legend.RESERVED.words == legend.RESERVED_POINT.words


@pytest.mark.parametrize(
    ("value", "whole", "length"), [(80, 100, "80.0"), (90, 100, "90.0"), (100, 100, "100.0"), (3, 12, "25.0")]
)
def test_a_bar_is_in_proportion_to_its_whole(value: float, whole: float, length: str) -> None:
    """By hand: 3 of 12 is a quarter. The largest lengths were drawn alike when they were capped at three quarters."""
    assert f"width:{length}%" in str(templating.macro("components/templates/parts", "bar", value, whole))


def test_the_darker_part_of_a_bar_is_a_share_of_it() -> None:
    """By hand: 5 of 20 is a quarter of the bar, which is a fifth of its ground."""
    drawn = str(templating.macro("components/templates/parts", "bar", 20, 100, 5))
    assert re.findall(r"width:([\d.]+)%", drawn) == ["20.0", "25.0"]
