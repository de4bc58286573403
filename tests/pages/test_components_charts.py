"""Figures as pure functions: one panel a question, gaps kept, no second y axis, words in French."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from pages.components import tokens
from pages.components.charts import figures, panels, simple
from pages.components.charts.figures import Stack
from pages.components.charts.panels import coverage_panels
from tests.typography import TYPED

AS_OF = date(2026, 11, 22)
MONDAY = date(2026, 11, 16)
WEEKS = [MONDAY - timedelta(weeks=n) for n in range(69, -1, -1)]
EMPTY = pd.DataFrame()

LINKS = pd.DataFrame(
    [
        {"link": "grossistes", "label": "Grossistes-répartiteurs", "order_no": 2, "satisfactory_days": 10,
         "acceptable_days": 3},
        {"link": "officines", "label": "Officines", "order_no": 3, "satisfactory_days": 7, "acceptable_days": 3},
    ]
)  # fmt: skip


def coverage(**change: Any) -> pd.DataFrame:
    """Wholesalers computed (two denominators), pharmacies given (one measure)."""
    rows = []
    for number, week in enumerate(WEEKS):
        state = "estime" if number == 60 else "a_jour"
        rows.append({"link": "grossistes", "week": week, "coverage_current_days": 8.0 + number / 100,
                     "coverage_legal_days": 9.0, "coverage_days": 8.0, "figure_state": state})  # fmt: skip
        rows.append({"link": "officines", "week": week, "coverage_current_days": None, "coverage_legal_days": None,
                     "coverage_days": 5.0, "figure_state": "a_jour"})  # fmt: skip
    return pd.DataFrame(rows).assign(**change)


SALES = pd.DataFrame({"week": WEEKS, "boxes": [100.0] * 70, "last_season_boxes": [90.0] * 70})
SUPPLIES = pd.DataFrame({"planned_on": [AS_OF + timedelta(days=9)], "boxes": [400.0], "laboratory": ["Laboratoire A"]})
DECLARATIONS = pd.DataFrame(
    {
        "declaration_no": ["D1", "D2"],
        "kind": ["rupture", "risque"],
        "laboratory": ["<b>Laboratoire A</b>", None],
        "presentation_label": ["flacon", "flacon"],
        "start_on": [date(2026, 9, 1), date(2026, 3, 1)],
        "declared_on": [date(2026, 9, 1), date(2026, 3, 1)],
        "expected_return_on": [date(2026, 12, 20), date(2026, 4, 1)],
        "closed_on": [None, date(2026, 4, 10)],
        "status": ["ouverte", "close"],
    }
)
PROMISES = pd.DataFrame(
    {
        "declaration_no": ["D1", "D1", "D1"],
        "promise": ["retour", "retour", "approvisionnement"],
        "stated_on": [date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 1)],
        "planned_on": [date(2026, 10, 15), date(2026, 12, 20), date(2026, 12, 6)],
        "slip_days": [None, 66.0, None],
        "is_latest": [False, True, True],
        "boxes": [None, None, 48_000.0],
        "version_no": [1, 2, 2],
    }
)
SURVEILLANCE = pd.DataFrame(
    {"label": ["grippe"] * 70 + ["covid"] * 70, "week": WEEKS * 2, "value": [10.0] * 70 + [None] * 35 + [5.0] * 35}
)


def whole(**change: Any) -> Any:
    given = {"sales": SALES, "supplies": SUPPLIES, "surveillance": SURVEILLANCE, "declarations": DECLARATIONS,
             "promises": PROMISES, **change}  # fmt: skip
    return coverage_panels(given.pop("coverage", coverage()), LINKS, as_of=AS_OF, **given)


def traces(figure: Any, name: str) -> list[Any]:
    return [trace for trace in figure.data if trace.name == name]


def weeks_of(trace: Any) -> list[Any]:
    return figures.days_of(trace.to_plotly_json())


def axes(figure: Any) -> list[Any]:
    """Value axes from the top panel down."""
    found = [figure.layout[name] for name in figure.layout if name.startswith("yaxis")]
    return sorted(found, key=lambda axis: -axis.domain[0])


def words(figure: Any) -> str:
    return " | ".join(note.text for note in figure.layout.annotations)


def test_panels_share_one_time_axis_and_none_is_overlaid() -> None:
    figure = whole()
    assert len(axes(figure)) == 5
    assert not [name for name in figure.layout if name.startswith("xaxis") and name != "xaxis"]
    assert all(axis.overlaying is None and axis.side is None for axis in axes(figure))
    domains = sorted(tuple(axis.domain) for axis in axes(figure))
    assert all(low[1] < high[0] for low, high in pairwise(domains))


def test_both_denominators_are_drawn_apart_and_named() -> None:
    figure = whole()
    assert traces(figure, "demande courante")[0].line.dash == "solid"
    assert traces(figure, "référence légale")[0].line.dash == "dash"
    assert len(traces(figure, "mesure du panel")) == 1
    assert all(name in words(figure) for name in ("demande courante", "référence légale", "mesure du panel"))
    short = words(whole(named_above=True))
    assert all(name in short for name in ("</b> courante", "</b> légale", "</b> panel"))


def test_a_label_does_not_stand_on_the_line_of_today() -> None:
    """Lines end on the Monday before: their labels go to the other side of today, those of an old measure stay there."""
    ends = [note for note in whole().layout.annotations if "demande courante" in note.text]
    assert [pd.Timestamp(note.x).date() for note in ends] == [AS_OF]
    old = whole(coverage=coverage()[lambda t: t["week"] <= WEEKS[-9]])
    ends = [note for note in old.layout.annotations if "demande courante" in note.text]
    assert [pd.Timestamp(note.x).date() for note in ends] == [WEEKS[-9]]


def test_a_link_alone_has_its_last_figures_beside_the_chart() -> None:
    rows = coverage().query("link == 'grossistes'")
    figure = panels.link_panel(rows, figures.records(LINKS)[0], as_of=AS_OF)
    beside = [note.text.translate(TYPED) for note in figure.layout.annotations if note.xref == "paper" and note.x == 1]
    assert sorted(beside) == ["<b>8,6 j</b>", "<b>9,0 j</b>"]
    assert len(axes(figure)) == 1
    assert traces(figure, "saison précédente")


def test_names_of_bands_stand_over_no_line() -> None:
    """They are written from the left edge: the first week of a line begins after them, alone or among others."""
    alone = panels.link_panel(coverage().query("link == 'grossistes'"), figures.records(LINKS)[0], as_of=AS_OF)
    for figure in (whole(), alone):
        first, last = (pd.Timestamp(end) for end in figure.layout.xaxis.range)
        drawn = min(pd.Timestamp(weeks_of(line)[0]) for line in figure.data if line.type == "scatter" and line.x0)
        assert (drawn - first) / (last - first) > 0.13


def test_last_season_is_the_same_weeks_a_year_before() -> None:
    ghost = traces(whole(), "saison précédente")[0]
    now = dict(zip(WEEKS, coverage()[lambda t: t["link"] == "grossistes"]["coverage_current_days"], strict=True))
    assert weeks_of(ghost)[-1] == "2026-11-16"
    assert ghost.y[-1] == pytest.approx(now[MONDAY - timedelta(weeks=52)])


def test_bands_carry_their_bounds() -> None:
    text = words(whole()).translate(TYPED)
    assert all(name in text for name in ("Satisfaisante ≥ 10 j", "Acceptable ≥ 3 j", "Insatisfaisante < 3 j"))


def test_a_missing_week_is_a_gap_and_an_estimate_is_hollow() -> None:
    known = coverage()
    hole = known[~((known["link"] == "grossistes") & (known["week"] == WEEKS[65]))]
    line = traces(whole(coverage=hole), "demande courante")[0]
    place = weeks_of(line).index(WEEKS[65].isoformat())
    assert line.y[place] is None
    assert not line.connectgaps
    estimated = weeks_of(line).index(WEEKS[60].isoformat())
    assert "estimé" in line.text[estimated]
    over = [
        trace
        for trace in whole().data
        if trace.type == "scatter" and trace.mode == "markers" and trace.yaxis == line.yaxis
    ]
    assert [(list(marks.x), marks.marker.color) for marks in over] == [([WEEKS[60].isoformat()], "#FFFFFF")] * 2


def test_a_series_says_its_weeks_and_its_unit_once() -> None:
    """156 weeks of four links were 120 kB: the weeks are a first day and a step, the unit is in the words of the hover."""
    line = traces(whole(coverage=coverage(figure_state="a_jour")), "référence légale")[0]
    assert (line.x, line.x0, line.dx) == (None, "2025-11-24", 7 * 86_400_000)
    assert line.hovertemplate.startswith("<b>%{text}\u00a0j</b><br>couverture, référence légale")
    assert not any("j" in text for text in line.text)
    weeks = [MONDAY, MONDAY + timedelta(weeks=1), MONDAY + timedelta(days=9)]
    assert figures.along(weeks) == {"x": [week.isoformat() for week in weeks]}  # a day out of step is kept


def test_an_unknown_week_does_not_make_every_other_repeat_the_unit() -> None:
    hover = figures.hover_of("ventes", ["1 boîte", "—", "12 boîtes"])
    assert hover["text"] == ["1 boîte", "", "12 boîtes"]
    assert figures.hover_of("ventes", ["3 boîtes", "—", "12 boîtes"])["text"] == ["3", "", "12"]


def test_a_link_without_measure_says_so_instead_of_zero() -> None:
    figure = coverage_panels(coverage().query("link == 'officines'"), LINKS, as_of=AS_OF)
    assert "Aucune mesure" in words(figure)
    assert len(axes(figure)) == 2


def test_values_axes_start_at_zero() -> None:
    figure = whole()
    assert all(axis.range[0] == 0 for axis in axes(figure)[:4])


def test_open_declaration_is_hollow_after_today_and_slipped_promise_too() -> None:
    figure = whole()
    bars = [trace for trace in figure.data if trace.type == "bar" and trace.orientation == "h"]
    assert [(bar.base[0], bar.marker.color) for bar in bars if bar.y[0] == 0] == [
        ("2026-09-01", "#1E2024"),
        ("2026-11-22", "#FFFFFF"),
    ]
    slipped = traces(figure, "retour annoncé, repoussé ou retiré")[0]
    assert (list(slipped.x), slipped.marker.color) == (["2026-10-15"], "#FFFFFF")
    assert traces(figure, "retour annoncé")[0].marker.color == "#22427C"


def test_names_from_the_data_are_escaped() -> None:
    figure = whole()
    assert "&lt;b&gt;Lab" in words(figure)
    assert all("<b>Laboratoire A</b>" not in text for bar in figure.data for text in (bar.hovertext or ()))


def test_nothing_at_all_is_a_sentence() -> None:
    assert "Aucune mesure" in words(coverage_panels(EMPTY, LINKS.head(0), as_of=AS_OF))
    assert "Aucune répartition" in words(simple.level_distribution(EMPTY))
    assert "Aucune date" in words(simple.promise_timeline(EMPTY, as_of=AS_OF))
    assert "Aucune mesure" in words(simple.territory_history(EMPTY, satisfactory_days=7, acceptable_days=3))


def test_unreliable_weeks_of_a_department_are_gaps() -> None:
    table = pd.DataFrame({"week": WEEKS[-4:], "coverage_days": [5.0, 6.0, 0.0, 5.0],
                          "figure_state": ["a_jour", "a_jour", "hors_panel", "a_jour"], "pharmacies": 12})  # fmt: skip
    figure = simple.territory_history(table, satisfactory_days=7, acceptable_days=3, name="Rhône")
    assert list(traces(figure, "Rhône")[0].y) == [5.0, 6.0, None, 5.0]


def test_levels_are_stacked_from_the_emptiest() -> None:
    table = pd.DataFrame({"week": WEEKS[-2:], "share_none_pct": [10.0, 20.0], "share_low_pct": [20.0, 20.0],
                          "share_medium_pct": [30.0, 30.0], "share_high_pct": [40.0, 30.0]})  # fmt: skip
    figure = simple.level_distribution(table)
    assert [trace.name for trace in figure.data] == ["sans boîte", "bas", "moyen", "haut"]
    assert figure.layout.barmode == "stack"


def test_timeline_keeps_every_promise_and_its_slip() -> None:
    figure = simple.promise_timeline(PROMISES, as_of=AS_OF)
    assert len(figure.data) == 3
    assert "+66\u00a0j" in words(figure)


def test_heat_is_stacked_by_hand_because_bars_share_the_figure() -> None:
    heat = pd.DataFrame({"day": [date(2026, 7, 1)] * 2, "colour_id": [3, 4], "departments": [10, 4]})
    figure = whole(surveillance=heat, surveillance_kind="vigilance")
    assert list(traces(figure, "Orange")[0].base) == [0.0]
    assert list(traces(figure, "Rouge")[0].base) == [10.0]


@pytest.mark.parametrize("places", [[1.0, 1.1, 1.2], [9.9, 9.95, 10.0], [0.0, 0.0, 5.0]])
def test_labels_are_pushed_apart_inside_the_panel(places: list[float]) -> None:
    moved = figures.spread(places, 2.0, 10.0)
    assert all(b - a >= 2.0 - 1e-9 for a, b in pairwise(moved))
    assert min(moved) >= 0
    assert max(moved) <= 10.0


def test_months_stand_upright_and_a_year_under_its_month() -> None:
    """Fourteen months on a phone: every second one, the year where it is new; the margin takes the second line."""
    ticks = figures.month_ticks(date(2025, 11, 1), date(2026, 12, 31))
    assert ticks["ticktext"] == ["nov.<br>2025", "janv.<br>2026", "mars", "mai", "juil.", "sept.", "nov."]
    assert ticks["tickangle"] == 0
    bottom = [
        Stack(panels=[(100, {})]).figure("", axis).layout.margin.b
        for axis in ({"ticktext": ["mars", "mai"]}, ticks)
    ]  # fmt: skip
    assert bottom[1] - bottom[0] == figures.YEAR_PX


def test_a_chart_that_is_sent_says_its_own_look() -> None:
    """The framework gives Plotly a copy of each chart, which is drawn again when it has a template or data without revision."""
    stack = Stack(scale=1.35)
    axis = stack.panel(100, "Titre", {"range": [0, 1]})
    stack.traces.append(figures.scatter(x=["2026-11-01"], y=[1], yaxis=axis, marker={"size": 4}))
    stack.text("ici", x="2026-11-01", xref="x", y=1, yref=axis, color=tokens.ACCENT)
    figure = stack.figure("", {"type": "date"})
    sent, again = simple.Finished(figure).to_dict(), simple.Finished(figure).to_dict()
    layout = sent["layout"]
    assert "template" not in layout
    assert (layout["hovermode"], layout["showlegend"], layout["font"]["family"]) == ("closest", False, tokens.FONT)
    assert (layout["xaxis"]["type"], layout["xaxis"]["gridcolor"], layout["xaxis"]["fixedrange"]) == (
        "date",
        tokens.SURFACE,
        True,
    )
    assert layout["yaxis"]["range"] == [0, 1], "its own goes before the usual"
    assert layout["yaxis"]["tickformat"] == ",~f"
    (heading, note) = layout["annotations"]
    assert note["showarrow"] is False
    assert note["font"] == {"size": 13 * 1.35, "color": tokens.ACCENT}
    assert heading["font"] == {"size": 13 * 1.35, "color": tokens.INK}
    assert sent["data"][0]["connectgaps"] is False
    assert sent["data"][0]["marker"] == {"size": 4 * 1.35, "line": {"width": 0}}
    assert layout["datarevision"] == again["layout"]["datarevision"]
    figure.data[0].y = [2]
    assert simple.Finished(figure).to_dict()["layout"]["datarevision"] != layout["datarevision"], "new data are drawn"
    assert figure.layout.template.layout.hovermode == "closest", "the figure itself is as it was"
