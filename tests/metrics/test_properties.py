"""What must hold of coverage whatever the stocks: invented ones go straight into the tables of the lake."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import discover, tables
from data import sqlfiles
from data.building import confirmation, empty_stocks, snapshot
from data.loading import parquet
from data.warehouse import Writer
from metrics.methods import methods
from tests.examples import examples
from tests.metrics import naive, naive_files, naive_subjects
from tests.metrics.secrecy_bench import SCHEMAS
from tests.referential import Medicine, simple

DAY = date(2026, 11, 22)
LAST = date(2026, 11, 9)
GROUP, DCI = "amoxicilline-susp-500", "dci:amoxicilline"
MEDICINES = [
    simple(f"9000000{n}", f"AMOXICILLINE 500 mg/5 ml LABORATOIRE {n}, poudre pour suspension buvable", "AMOXICILLINE")
    for n in (1, 2, 3)
]
BOXES = [medicine.cip13 for medicine in MEDICINES]
WHOLESALERS = ("GROSSISTE A", "GROSSISTE B", "GROSSISTE C")
WEEKS = 13
RANKS = {None: -1, "non_pertinente": -1, "insatisfaisante": 0, "acceptable": 1, "satisfaisante": 2}
Figure = dict[str, Any]


class Line(NamedTuple):
    """A line of a wholesaler's file: ``back`` weeks before the last one."""

    back: int
    who: str
    cip13: str
    stock: float
    sales: float

    @property
    def week(self) -> date:
        return LAST - timedelta(weeks=self.back)


class Bench:
    """The queries of coverage on tables in memory; each question leaves no trace."""

    def __init__(self) -> None:
        self.writer = Writer(Path(":memory:"))
        recipe = snapshot.Recipe("", DAY, datetime(2026, 11, 22, tzinfo=UTC), True, "", ())
        snapshot._reference(self.writer, recipe, discover())
        for source in (
            "bdpm",
            "tracstocks",
            "grossistes",
            "iqvia",
            "openhealth",
            "references",
            "dispostock",
            "gers",
            "retrocedam",
        ):
            for name, table in tables(source).items():
                rows = [row for medicine in MEDICINES for row in _referential(name, medicine)]
                self.writer.table(name, pa.Table.from_pylist(rows, schema=parquet.schema(table)), temporary=True)
        # Any stocks are allowed here: none of them waits to be confirmed.
        self.writer.table("pending_row", confirmation.DOUBTFUL_ROWS.empty_table(), temporary=True)
        self.writer.table("journal_zero", empty_stocks.SENDERS.empty_table(), temporary=True)
        for name in ("iqvia_coverage", "tracstocks_stock", "grossistes_stock", "dispostock_stock", "gers_sales"):
            self.writer.run(f"CREATE TEMP VIEW {name}_received AS SELECT * FROM {name}")
        for name in ("corrected_row", "quarantine_row", "correction_row", "pui_week"):
            self.writer.table(name, pa.schema(SCHEMAS[name]).empty_table(), temporary=True)
        snapshot._substances(self.writer)
        snapshot._strengths(self.writer)
        self._core(
            "00_macros", "05_last_received", "10_referential", "12_forms", "20_groups", "25_references", "40_territory"
        )
        self.writer.run("SET threads = 1")  # tables of a few lines: a second thread costs more than it does

    def _core(self, *names: str) -> None:
        for name in names:
            self.writer.run(sqlfiles.load(snapshot.CORE / f"{name}.sql").sql)

    def coverage(self, lines: list[Line]) -> dict[tuple[str, date], Figure]:
        """Figures of the wholesalers by subject and week."""
        self.writer.run("BEGIN")
        try:
            self.writer.table("pointstock_stock", _arrow(lines), temporary=True)
            self.writer.run("CREATE TEMP VIEW pointstock_stock_received AS SELECT * FROM pointstock_stock")
            self._core(
                *("30_stocks", "31_rhythm", "31_stock_week", "34_members", "35_demand", "35_period_sales"),
                *("36_known_market", "36_link_demand"),
            )
            rows = self.writer.rows(methods()["coverage_weekly"].sql)
        finally:
            self.writer.run("ROLLBACK")
        return {(row["subject_id"], row["week"]): row for row in rows}


def _referential(table: str, medicine: Medicine) -> Iterator[Figure]:
    """The row of a medicine in a table of the referential; columns of no use here stay empty."""
    common = {"photograph_on": DAY, "load_id": "1", "cis": medicine.cis}
    if table == "bdpm_speciality":
        yield {**common, "denomination": medicine.denomination, "form": medicine.form}
    elif table == "bdpm_presentation":
        yield {**common, "cip13": medicine.cip13, "label": "1 flacon"}
    elif table == "bdpm_composition":
        yield {**common, "substance": "AMOXICILLINE", "nature": "SA", "link_no": "1"}


def _arrow(lines: list[Line]) -> pa.Table:
    rows = [
        {
            "week": line.week,
            "wholesaler": line.who,
            "cip13": line.cip13,
            "stock_boxes": line.stock,
            "sales_boxes": line.sales,
            "load_id": "1",
            "line": number,
        }
        for number, line in enumerate(lines)
    ]
    return pa.Table.from_pylist(rows, schema=parquet.schema(tables("pointstock")["pointstock_stock"]))


@cache
def bench() -> Bench:
    """Made once, by the worker that runs these tests."""
    return Bench()


GRID = [(back, who, cip13) for back in range(WEEKS) for who in WHOLESALERS for cip13 in BOXES]
BOX_COUNTS = st.one_of(st.integers(0, 60), st.integers(0, 50_000).map(lambda tenths: tenths / 10))


@st.composite
def stocks(draw: st.DrawFn) -> list[Line]:
    """Any subset of readings: wholesalers that come and go, presentations that some never list."""
    keys = draw(st.lists(st.sampled_from(GRID), min_size=1, max_size=40, unique=True))
    return [Line(*key, draw(BOX_COUNTS), draw(BOX_COUNTS)) for key in keys]


@st.composite
def whole(draw: st.DrawFn, weeks: int = 5) -> list[Line]:
    """Every wholesaler every week."""
    return [Line(*key, draw(st.integers(0, 300)), draw(st.integers(0, 80))) for key in GRID if key[0] < weeks]


few = examples(fast=10, long=500)


@few
@given(stocks(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(lines: list[Line], chance: random.Random) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    expected, actual = bench().coverage(lines), bench().coverage(shuffled)
    assert expected.keys() == actual.keys()
    for key, figure in expected.items():
        assert actual[key] == _rounded(figure)


@few
@given(stocks())
def test_totals_are_kept(lines: list[Line]) -> None:
    actual = bench().coverage(lines)
    for week in {week for _, week in actual}:
        group, dci = actual[GROUP, week], actual[DCI, week]
        mine = [line for line in lines if line.week == week]
        totals = sum(line.stock for line in mine), sum(line.sales for line in mine)
        if not any(group[names] for names in ("missing_names", "left_out_names", "carried_names")):
            assert (group["stock_boxes"], group["sales_boxes"]) == pytest.approx(totals)
        assert group["stock_boxes"] >= totals[0] - 1e-6
        # The only group of its DCI is the whole DCI.
        assert {**dci, "subject_id": GROUP} == _rounded(group)


def _rounded(figure: Figure) -> Figure:
    return {name: pytest.approx(v, rel=1e-9) if isinstance(v, float) else v for name, v in figure.items()}


@few
@given(stocks())
def test_coverage_is_a_number_of_days_or_unknown(lines: list[Line]) -> None:
    for figure in bench().coverage(lines).values():
        for name in ("coverage_days", "coverage_legal_days", "coverage_current_days"):
            assert figure[name] is None or (math.isfinite(figure[name]) and figure[name] >= 0)
        assert figure["missing_share_pct"] is None or 0 <= figure["missing_share_pct"] <= 100 + 1e-9
        assert (figure["status"] in (None, "non_pertinente")) == (figure["coverage_days"] is None)


@few
@given(whole(), st.integers(0, 3), st.sampled_from(WHOLESALERS[1:]), st.integers(0, 50))
def test_adding_a_missing_week_never_lowers_the_stock(lines: list[Line], back: int, who: str, more: int) -> None:
    """The last week, reported late, at least as high as the week before: never less than what was shown without it."""
    before = {line.cip13: line for line in lines if (line.back, line.who) == (back + 1, who)}
    others = [line for line in lines if (line.back, line.who) != (back, who)]
    totals = [replace_stock(before[cip13], back, more) for cip13 in BOXES]
    week = LAST - timedelta(weeks=back)
    without, complete = (bench().coverage(some)[GROUP, week] for some in (others, [*others, *totals]))
    assert without["figure_state"] == "estime"
    assert without["stock_boxes"] == pytest.approx(complete["stock_boxes"] - more * len(BOXES))
    assert without["stock_boxes"] >= sum(line.stock for line in others if line.back == back)
    assert complete["figure_state"] != "estime"


def replace_stock(line: Line, back: int, more: int) -> Line:
    return line._replace(back=back, stock=line.stock + more)


@few
@given(stocks(), st.data())
def test_more_stock_never_makes_a_status_worse(lines: list[Line], data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, len(lines) - 1))
    richer = list(lines)
    richer[chosen] = lines[chosen]._replace(stock=lines[chosen].stock + data.draw(st.floats(0, 10_000)))
    before, after = bench().coverage(lines), bench().coverage(richer)
    for key, figure in before.items():
        assert RANKS[after[key]["status"]] >= RANKS[figure["status"]]
        assert after[key]["figure_state"] == figure["figure_state"]


@few
@given(stocks())
def test_any_stocks_equal_the_naive_recomputation(lines: list[Line]) -> None:
    inputs = naive_files.Inputs(as_of=DAY)
    named = {m.cis: (m.denomination, m.form) for m in MEDICINES}
    dcis = dict.fromkeys(named, "amoxicilline")
    naive_subjects.fill_subjects(inputs, named, {m.cip13: m.cis for m in MEDICINES}, dcis)
    for line in lines:
        inputs.readings["grossistes", line.week, line.cip13, line.who] = naive_files.Reading(line.stock, line.sales)
    expected = naive.coverage(inputs)
    actual = bench().coverage(lines)
    assert {(subject, week) for (subject, _), weeks in expected.items() for week in weeks} == actual.keys()
    for (subject, week), figure in actual.items():
        wanted = expected[subject, "grossistes"][week]
        listed = {name: ", ".join(sorted(value)) if isinstance(value, set) else value for name, value in wanted.items()}
        expected_row = _rounded(
            {name: value or None if isinstance(value, str) else value for name, value in listed.items()}
        )
        assert {name: figure[name] for name in wanted} == expected_row
