"""Since when a link or a territory has its status: spells counted by hand, and again in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import sqlfiles
from data.building import snapshot
from data.warehouse import Artefact, Writer
from metrics.methods import methods
from tests.conftest import Home
from tests.data.market import MASKED, SHOWN, House, house_of
from tests.examples import examples
from tests.metrics.territory_world import HIGH, LAST, LOW, Panel, home_with
from tests.referential import files, simple

Row = dict[str, Any]
GROUP, MIDDLE = "essai-a", 5.0
MEASURED = ("satisfaisante", "acceptable", "insatisfaisante")


def back(weeks: int) -> date:
    return LAST - timedelta(weeks=weeks)


@dataclass(frozen=True)
class Expected:
    """A spell: status, first week (weeks before the last one), weeks, readings; what was before; the doubt between both."""

    status: str
    onset: int
    weeks: int
    readings: int
    before: tuple[str, int, bool] | None  # status, weeks, begins with the history
    gap: int | None
    below: int | None
    is_current: bool = True


# Days of each week, the last one last; None: no line that week. Bounds: 7 and 3 days.
CASES: dict[str, tuple[list[float | None], Expected]] = {
    # Four weeks at 9 (satisfied), two at 5, two at 2.5: short since S45, under the upper bound since S43.
    "FR": ([HIGH, HIGH, HIGH, HIGH, MIDDLE, MIDDLE, LOW, LOW],
           Expected("insatisfaisante", 1, 2, 2, ("acceptable", 2, False), 0, 3)),
    # A hole inside: it neither ends the spell nor counts as a reading.
    "01": ([HIGH, LOW, None, LOW], Expected("insatisfaisante", 2, 3, 2, ("satisfaisante", 1, True), 0, 2)),
    # A hole before: nothing tells in which of three weeks it began.
    "02": ([HIGH, HIGH, None, None, LOW, LOW], Expected("insatisfaisante", 1, 2, 2, ("satisfaisante", 2, True), 2, 1)),
    # Never otherwise: it may have begun before the first reading.
    "03": ([LOW, LOW, LOW], Expected("insatisfaisante", 2, 3, 3, None, None, 2)),
    # One good week is enough to begin again.
    "04": ([LOW, LOW, HIGH, LOW], Expected("insatisfaisante", 0, 1, 1, ("satisfaisante", 1, False), 0, 0)),
    # No answer in the last week: the spell is that of the last figure, and is not the one shown.
    "05": ([HIGH, LOW, LOW, None], Expected("insatisfaisante", 2, 2, 2, ("satisfaisante", 1, True), 0, 2, False)),
    # Satisfied: nothing is under the bound.
    "06": ([MIDDLE, HIGH, HIGH], Expected("satisfaisante", 1, 2, 2, ("acceptable", 1, True), 0, None)),
    # From short to acceptable: better, and still under the upper bound since the first of both.
    "07": ([HIGH, LOW, LOW, MIDDLE], Expected("acceptable", 0, 1, 1, ("insatisfaisante", 2, False), 0, 2)),
    "R84": ([HIGH, MIDDLE, LOW, LOW, LOW], Expected("insatisfaisante", 2, 3, 3, ("acceptable", 1, False), 0, 3)),
}  # fmt: skip


@pytest.fixture(scope="module")
def spells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Row]]:
    """Spells of one medicine by territory, through the files of the panel."""
    panel = Panel()
    for territory, (days, _) in CASES.items():
        for number, value in enumerate(reversed(days)):
            if value is not None:
                panel.add(GROUP, territory, value, number)
    # Sold too little in its last but one week: that reading says nothing, and neither begins nor ends a spell.
    panel.history(GROUP, "08", [HIGH, LOW, LOW])
    panel.add(GROUP, "08", LOW, 1, sales=10)
    with pytest.MonkeyPatch.context() as patch:
        home = home_with(tmp_path_factory.mktemp("spells"), [GROUP], patch)
        home.drop_text("iqvia", "panel.csv", panel.text())
        assert home.refresh().error == ""
        rows = home.reader().rows("SELECT * FROM spell WHERE subject_id = $group", group=GROUP)
    place = {"maillon": "FR", "region": "R{}", "departement": "{}"}
    yield {place[row["scope"]].format(row["place"]): row for row in rows}


@pytest.mark.parametrize("territory", CASES)
def test_a_spell_counted_by_hand(spells: dict[str, Row], territory: str) -> None:
    days, expected = CASES[territory]
    row = spells[territory]
    assert row["status"] == expected.status
    assert row["onset_week"] == back(expected.onset)
    assert (row["weeks"], row["readings"], row["doubtful_readings"]) == (expected.weeks, expected.readings, 0)
    before = row["before_status"] and (row["before_status"], row["before_weeks"], row["before_is_first"])
    assert before == expected.before
    assert row["gap_weeks"] == expected.gap
    assert row["below_onset_week"] == (None if expected.below is None else back(expected.below))
    assert row["is_current"] is expected.is_current
    assert row["coverage_days"] == [value for value in days if value is not None][-1]


def test_a_reading_under_the_floor_begins_nothing(spells: dict[str, Row]) -> None:
    row = spells["08"]
    assert (row["onset_week"], row["weeks"], row["gap_weeks"]) == (LAST, 1, 1)


AMOX = simple("90000001", "AMOXICILLINE LABORATOIRE A 500 mg/5 ml, poudre pour suspension buvable", "AMOXICILLINE")
MONDAY = date(2026, 11, 16)


def test_a_carried_week_counts_with_its_status_and_is_counted(home: Home) -> None:
    """Two wholesalers of 70 boxes a week each, 20 a day together. B is missing a week, carried, then back.

    Stocks together: 300 is 15 days, satisfied; 100 is 5 days, acceptable. B missing a second week would be no figure.
    """
    for name, content in files([AMOX]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    stocks = {"GROSSISTE A": {4: 150, 3: 150, 2: 50, 1: 50, 0: 50}, "GROSSISTE B": {4: 150, 3: 150, 2: 50, 0: 50}}
    for name, weeks in stocks.items():
        rows = [[MONDAY - timedelta(weeks=ago), name, AMOX.cip13, None, boxes, 70] for ago, boxes in weeks.items()]
        home.drop("pointstock", f"{name}.xlsx", {"pointstock_stock": rows})
    assert home.refresh().error == ""
    row = home.reader().row("SELECT * FROM spell WHERE subject_id = 'amoxicilline-susp-500' AND place = 'grossistes'")
    assert row is not None
    assert (row["status"], row["onset_week"], row["weeks"]) == ("acceptable", MONDAY - timedelta(weeks=2), 3)
    states = home.reader().rows(
        "SELECT figure_state FROM coverage_weekly WHERE subject_id = 'amoxicilline-susp-500' AND link = 'grossistes'"
        " AND week >= $onset",
        onset=row["onset_week"],
    )
    doubtful = [state for state in states if state["figure_state"] in ("estime", "incomplet")]
    assert row["doubtful_readings"] == len(doubtful) > 0
    assert (row["before_status"], row["before_weeks"], row["gap_weeks"]) == ("satisfaisante", 2, 0)


# ---- again in plain Python


def naive(weeks: Sequence[tuple[date, str | None, str]]) -> Row | None:
    """The last spell of a series of (week, status, state), as the header of the query says it."""
    known = [line for line in sorted(weeks) if line[1] in MEASURED]
    runs = [(status, list(lines)) for status, lines in groupby(known, key=lambda line: line[1])]
    if not runs:
        return None
    status, lines = runs[-1]
    first, last = lines[0][0], lines[-1][0]
    before = runs[-2][1] if len(runs) > 1 else None
    below = None
    for week, found_status, _ in known:
        below = None if found_status == "satisfaisante" else below or week
    return {
        "status": status,
        "onset_week": first,
        "last_week": last,
        "weeks": (last - first).days // 7 + 1,
        "readings": len(lines),
        "doubtful_readings": sum(state in ("estime", "incomplet") for _, _, state in lines),
        "onset_state": lines[0][2],
        "before_status": before and before[0][1],
        "before_onset_week": before and before[0][0],
        "before_weeks": before and (before[-1][0] - before[0][0]).days // 7 + 1,
        "before_readings": before and len(before),
        "before_is_first": len(runs) == 2,
        "gap_weeks": before and (first - before[-1][0]).days // 7 - 1,
        "below_onset_week": below,
        "below_weeks": below and (last - below).days // 7 + 1,
    }


SOURCES = {
    "maillon": ("coverage_weekly", "link"),
    "region": ("region_coverage", "region"),
    "departement": ("department_coverage", "department"),
}


@pytest.mark.parametrize("artefact", ["restricted", "shared"])
def test_every_spell_of_the_demo(built_demo: Path, artefact: Artefact) -> None:
    """Of the tables of each artefact: a spell of the shared one says nothing that they do not."""
    reader = Home(built_demo).reader(artefact)
    found = {(row["subject_id"], row["scope"], row["place"]): row for row in reader.rows("SELECT * FROM spell")}
    expected: dict[Any, Row] = {}
    for scope, (table, column) in SOURCES.items():
        series: dict[Any, list[tuple[date, str | None, str]]] = {}
        for row in reader.rows(f"SELECT subject_id, {column} AS place, week, status, figure_state FROM {table}"):
            line = (row["week"], row["status"], row["figure_state"])
            series.setdefault((row["subject_id"], scope, row["place"]), []).append(line)
        expected |= {key: spell for key, weeks in series.items() if (spell := naive(weeks))}
    assert len(expected) > 500
    assert {scope for _, scope, _ in expected} == SOURCES.keys()
    shown = {key: {name: row[name] for name in next(iter(expected.values()))} for key, row in found.items()}
    assert shown == expected


@pytest.mark.parametrize("artefact", ["restricted", "shared"])
def test_a_spell_that_is_shown_ends_with_the_figure_shown(built_demo: Path, artefact: Artefact) -> None:
    reader = Home(built_demo).reader(artefact)
    rows = reader.rows(
        """
        SELECT l.status, l.week, l.coverage_days, s.status AS spell_status, s.last_week, s.coverage_days AS spell_days
        FROM link_status AS l
        LEFT JOIN spell AS s
            ON s.subject_id = l.subject_id AND s.scope = 'maillon' AND s.place = l.link AND s.is_current
        WHERE l.gravity < 3
        """
    )
    assert len(rows) > 20
    for row in rows:
        assert (row["status"], row["week"], row["coverage_days"]) == (
            row["spell_status"],
            row["last_week"],
            row["spell_days"],
        )


class Bench:
    """The query on tables typed by the test."""

    def __init__(self) -> None:
        self.writer = Writer(Path(":memory:"))
        self.writer.run(sqlfiles.load(snapshot.MACROS).sql)
        empty = "SELECT 'x' AS subject_id, 'x' AS {}, DATE '2026-01-05' AS week, 'x' AS status, 'x' AS figure_state,"
        empty += " 1.0 AS coverage_days WHERE FALSE"
        for table, column in list(SOURCES.values())[1:]:
            self.writer.run(f"CREATE TABLE {table} AS {empty.format(column)}")
        for table, columns in (("link_status", "link"), ("department_status", "department, 'x' AS region")):
            self.writer.run(f"CREATE TABLE {table} AS SELECT 'x' AS subject_id, 'x' AS {columns}, NULL::DATE AS week")

    def spells(self, series: dict[str, list[tuple[date, str | None, str]]]) -> dict[str, Row]:
        lines = [
            {"subject_id": name, "link": "officines", "week": week, "status": status, "figure_state": state,
             "coverage_days": 1.0}
            for name, weeks in series.items()
            for week, status, state in weeks
        ]  # fmt: skip
        kinds = pa.schema(
            [
                *((name, pa.string()) for name in ("subject_id", "link", "status", "figure_state")),
                ("week", pa.date32()),
                ("coverage_days", pa.float64()),
            ]
        )
        self.writer.table("coverage_weekly", pa.Table.from_pylist(lines, schema=kinds))
        try:
            return {row["subject_id"]: row for row in self.writer.rows(methods()["spell"].sql)}
        finally:
            self.writer.run("DROP TABLE coverage_weekly")


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.writer.close()


STATUSES = st.sampled_from((*MEASURED, "non_pertinente", None, "absent line"))
STATES = st.sampled_from(("a_jour", "estime", "incomplet"))
HISTORIES = st.lists(st.lists(st.tuples(STATUSES, STATES), min_size=1, max_size=14), min_size=1, max_size=6)


@given(histories=HISTORIES)
@examples(fast=40, long=2000)
def test_any_history(bench: Bench, histories: list[list[tuple[str | None, str]]]) -> None:
    series = {
        f"s{number}": [
            (back(ago), status, state) for ago, (status, state) in enumerate(history) if status != "absent line"
        ]
        for number, history in enumerate(histories)
    }
    found = bench.spells(series)
    expected = {name: spell for name, weeks in series.items() if (spell := naive(weeks))}
    assert found.keys() == expected.keys()
    for name, spell in expected.items():
        assert {column: found[name][column] for column in spell} == spell


# ---- what may be shared


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return house_of(tmp_path_factory)


def test_a_masked_link_has_no_spell(house: House) -> None:
    """Its history is masked with it: neither its status nor since when is shown."""
    rows = house.reader("shared").rows("SELECT * FROM spell WHERE place = 'exploitants'")
    whole = house.reader("restricted").rows("SELECT * FROM spell WHERE place = 'exploitants'")
    assert {row["subject_id"] for row in whole} >= {*SHOWN, *MASKED}
    assert {row["subject_id"] for row in rows} >= SHOWN
    assert not {row["subject_id"] for row in rows} & MASKED
    by_name = {row["subject_id"]: row for row in whole}
    assert [row for row in rows if row["subject_id"] in SHOWN] == [
        by_name[row["subject_id"]] for row in rows if row["subject_id"] in SHOWN
    ]
