"""Promises, reminders, measures and past tipping, recomputed in plain Python from the partners' files of the small demo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from data.intake import raw
from data.warehouse import Reader
from metrics.risk import queries as risk
from tests.conftest import Home
from tests.connectors.partner_files import titles
from tests.pages.conftest import DAY

Row = dict[str, Any]
Chain = tuple[str, str, int]


@pytest.fixture(scope="module")
def demo(built_demo: Path) -> Iterator[Reader]:
    yield Home(built_demo).reader()


def rows(folder: Path, source: str, table: str) -> Iterator[Row]:
    """Typed rows of a table in every file received, the oldest file first."""
    module = import_module(f"connectors.{source}")
    for path, numbers in raw.received(folder / "raw", source):
        for sheet in module.read(numbers.raw_file(path)):
            if sheet.table == table:
                yield from sheet.rows


class ByHand:
    """Last word of the files on versions and supplies, and the chain of each promise (0 is the return)."""

    def __init__(self, folder: Path) -> None:
        self.versions: dict[str, dict[int, Row]] = defaultdict(dict)
        for row in rows(folder, "trustmed", "trustmed_version"):
            self.versions[row["declaration_no"]][row["version_no"]] = row
        self.supplies: dict[str, dict[int, dict[int, Row]]] = defaultdict(lambda: defaultdict(dict))
        for row in rows(folder, "trustmed", "trustmed_supply"):
            self.supplies[row["declaration_no"]][row["version_no"]][row["supply_no"]] = row
        self.history: dict[Chain, list[Row]] = defaultdict(list)
        for number in self.versions:
            self._returns(number)
            self._supplies(number)

    def last(self, number: str) -> Row:
        return self.versions[number][max(self.versions[number])]

    def _returns(self, number: str) -> None:
        before: date | None = None
        for version in sorted(self.versions[number]):
            planned = self.versions[number][version]["expected_return_on"]
            if planned is not None:
                self._tell((number, "retour", 0), version, planned, before, None, is_new=False)
                before = planned

    def _supplies(self, number: str) -> None:
        first = min(self.supplies[number], default=0)
        tails: dict[int, tuple[Chain, Row]] = {}
        previous: dict[int, Row] = {}
        chains = 0
        for version in sorted(self.supplies[number]):
            now = self.supplies[number][version]
            links, cancelled = _links(previous, now)
            latest = dict(tails)
            for rank in sorted(now, key=lambda rank: (rank in cancelled.values(), rank)):
                origin = links.get(rank, cancelled.get(rank, rank))
                known = latest.get(origin) if origin in previous and rank in {*links, *cancelled} else None
                if known is None and rank in latest and rank not in previous and latest[rank][1]["state"] != "reçu":
                    known = latest[rank]
                if known is None:
                    chains += 1
                chain, before = known or ((number, "approvisionnement", chains), None)
                planned = before["planned_on"] if before else None
                self._tell(chain, version, now[rank]["planned_on"], planned, now[rank], is_new=version > first)
                tails[rank] = (chain, now[rank])
            for gone in {*links.values(), *cancelled.values()} - now.keys():
                tails.pop(gone, None)
            previous = now

    def _tell(
        self, chain: Chain, version: int, planned: date, before: date | None, row: Row | None, *, is_new: bool
    ) -> None:
        slip = None if before is None else (planned - before).days
        nature = ("supplément" if is_new else "première") if slip is None else _moved(slip)
        state = row["state"] if row else None
        self.history[chain].append(
            {
                "version_no": version,
                "supply_no": row["supply_no"] if row else 0,
                "planned_on": planned,
                "slip_days": slip,
                "nature": nature,
                "state": state,
                "before": before,
            }
        )

    def is_withdrawn(self, chain: Chain) -> bool:
        """Planned in its last version, and a later open version of the declaration no longer says it."""
        last = self.history[chain][-1]
        later = [v for number, v in self.versions[chain[0]].items() if number > last["version_no"]]
        return last["state"] in (None, "prévu") and any(version["status"] == "ouverte" for version in later)

    def in_force(self) -> Iterator[tuple[Chain, Row]]:
        """Last word of each promise that no later version withdrew, on open files."""
        for chain, lines in self.history.items():
            if self.last(chain[0])["status"] == "ouverte" and not self.is_withdrawn(chain):
                yield chain, lines[-1]


def _links(previous: dict[int, Row], now: dict[int, Row]) -> tuple[dict[int, int], dict[int, int]]:
    """By rank, the rank it follows; then the ranks that replace one no longer stated, or cancelled."""
    same = {rank for rank, row in now.items() if rank in previous and _same(previous[rank], row)}
    links = {rank: rank for rank in same}
    for rank in sorted(now.keys() - links.keys()):
        twins = [old for old in sorted(previous.keys() - set(links.values())) if _same(previous[old], now[rank])]
        links |= {rank: twins[0]} if twins else {}
    for rank in sorted(now.keys() - links.keys()):
        is_over = rank in previous and previous[rank]["state"] == "reçu" and now[rank]["state"] == "prévu"
        if rank in previous and rank not in links.values() and not is_over:
            links[rank] = rank
    kept = {old for rank, old in links.items() if now[rank]["state"] != "annulé"}
    gone = [old for old in previous if previous[old]["state"] == "prévu" and old not in kept]
    new = [rank for rank in now if rank not in links and now[rank]["state"] == "prévu"]
    replaced: dict[int, int] = {}
    for alike in (
        lambda a, b: a["boxes"] == b["boxes"],
        lambda a, b: abs((a["planned_on"] - b["planned_on"]).days) <= 31,
    ):
        for rank in sorted(new, key=lambda rank: (now[rank]["planned_on"], rank)):
            free = sorted(set(gone) - set(replaced.values()), key=lambda old: (previous[old]["planned_on"], old))
            found = [old for old in free if alike(previous[old], now[rank])]
            if rank not in replaced and found:
                replaced[rank] = found[0]
    return links, replaced


def _same(before: Row, after: Row) -> bool:
    is_over = before["state"] == "reçu" and after["state"] == "prévu"
    return bool(before["planned_on"] == after["planned_on"] and before["boxes"] == after["boxes"] and not is_over)


def _moved(slip: int) -> str:
    if slip == 0:
        return "inchangée"
    return "report" if slip > 0 else "avancée"


@pytest.fixture(scope="module")
def by_hand(built_demo: Path) -> ByHand:
    return ByHand(built_demo)


def chain_of(row: Row) -> Chain:
    return row["declaration_no"], row["promise"], row["promise_no"]


def test_each_promise_slips_as_recomputed(demo: Reader, by_hand: ByHand) -> None:
    actual: dict[Chain, list[tuple[Any, ...]]] = defaultdict(list)
    for row in demo.rows("SELECT * FROM promise ORDER BY version_no, state <> 'annulé', supply_no"):
        actual[chain_of(row)].append((row["version_no"], row["planned_on"], row["slip_days"], row["nature"]))
    numbers = set(demo.frame("SELECT declaration_no FROM declaration")["declaration_no"])
    expected = {
        chain: [(line["version_no"], line["planned_on"], line["slip_days"], line["nature"]) for line in lines]
        for chain, lines in by_hand.history.items()
        if chain[0] in numbers
    }
    assert dict(actual) == expected
    natures = {row[3] for lines in actual.values() for row in lines}
    assert natures == {"première", "inchangée", "report", "avancée", "supplément"}


def test_a_new_delivery_in_the_place_of_an_abandoned_one_is_a_postponement(demo: Reader, by_hand: ByHand) -> None:
    history = demo.rows("SELECT * FROM promise WHERE replaced_supply_no IS NOT NULL")
    assert history
    assert {row["nature"] for row in history} == {"report"}
    for row in history:
        ranks = [line["supply_no"] for line in by_hand.history[chain_of(row)]]
        assert ranks.index(row["replaced_supply_no"]) < ranks.index(row["supply_no"])
    still = demo.rows("SELECT * FROM promise WHERE is_latest")
    assert len({chain_of(row) for row in still}) == len(still), "an abandoned delivery is no longer in force"


def test_reminders_are_those_of_two_days_and_those_passed(demo: Reader, by_hand: ByHand) -> None:
    expected = {
        chain: (line["planned_on"] - DAY).days
        for chain, line in by_hand.in_force()
        if line["state"] in (None, "prévu") and line["planned_on"] <= DAY + timedelta(days=2)
    }
    table = risk.reminders(demo)
    listed = demo.rows(
        """
        SELECT r.*, p.promise_no
        FROM reminder AS r
        INNER JOIN promise AS p
            ON p.declaration_no = r.declaration_no AND p.promise = r.promise AND p.supply_no = r.supply_no AND p.is_latest
                AND p.planned_on = r.planned_on
        """
    )
    assert {chain_of(row): row["days_left"] for row in listed} == expected
    assert len(table) == len(listed)
    assert set(table["reminder"]) == {"à rappeler", "passée sans confirmation"}
    assert (table["days_left"] < 0).tolist() == (table["reminder"] == "passée sans confirmation").tolist()
    for row in listed:
        lines = by_hand.history[chain_of(row)]
        assert row["postponed"] == sum(line["nature"] == "report" for line in lines)
        assert row["first_planned_on"] == (lines[0]["before"] or lines[0]["planned_on"])


@pytest.mark.parametrize("scope", ["laboratoire", "dci"])
def test_records_of_laboratories_and_dci(demo: Reader, by_hand: ByHand, scope: str) -> None:
    boxes = {row["cip13"]: row["dci_key"] for row in demo.rows("SELECT cip13, dci_key FROM presentation")}

    def who(chain: Chain) -> Any:
        last = by_hand.last(chain[0])
        return last["laboratory"] if scope == "laboratoire" else boxes.get(last["cip13"])

    chains: dict[Any, list[tuple[Chain, list[Row]]]] = defaultdict(list)
    for chain, lines in by_hand.history.items():
        chains[who(chain)].append((chain, lines))
    actual = {
        row["name"] if scope == "laboratoire" else row["dci_key"]: row
        for row in risk.records(demo, scope).to_dict("records")
    }
    assert actual
    for name, row in actual.items():
        lines = [line for _, history in chains[name] for line in history]
        slips = [line["slip_days"] for line in lines if line["nature"] in ("report", "avancée")]
        gone = [chain for chain, _ in chains[name] if by_hand.is_withdrawn(chain)]
        ended = [
            history
            for chain, history in chains[name]
            if chain[1] == "approvisionnement" and chain not in gone and _is_due(history)
        ]
        kept = [
            history
            for history in ended
            if history[-1]["state"] == "reçu" and all(line["nature"] != "report" for line in history)
        ]
        assert row["postponed"] == sum(line["nature"] == "report" for line in lines)
        assert row["additional"] == sum(line["nature"] == "supplément" for line in lines)
        assert (row["due"], row["kept"], row["withdrawn"]) == (len(ended), len(kept), len(gone))
        if slips:
            assert row["median_slip_days"] == median(slips)
        if ended:
            assert row["kept_pct"] == pytest.approx(100 * len(kept) / len(ended))
    assert any(row["kept"] for row in actual.values())


def _is_due(history: list[Row]) -> bool:
    return bool(history[-1]["state"] != "prévu" or history[0]["planned_on"] < DAY)


def test_measures_and_the_coverage_around_their_start(demo: Reader) -> None:
    weekly: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    for row in demo.rows("SELECT * FROM coverage_weekly WHERE subject_id LIKE 'dci:%'"):
        if row["coverage_current_days"] is not None:
            weekly[row["subject_id"].removeprefix("dci:"), row["link"]][row["week"]] = row["coverage_current_days"]
    table = demo.rows("SELECT * FROM measure")
    assert len(table) == len(risk.measures(demo)) > 0
    compared = 0
    for row in table:
        start = row["start_on"]
        was_started = row["state"] in ("en place", "terminée") and start is not None and start <= DAY
        assert bool(row["was_started"]) == was_started
        for link in ("exploitants", "grossistes"):
            before, after = _around(weekly[row["dci_key"], link], start) if was_started else (None, None)
            assert row[f"{link}_before_days"] == before
            assert row[f"{link}_after_days"] == after
            compared += before is not None and after is not None
    assert compared > 8


def _around(weeks: dict[date, float], start: date | None) -> tuple[float | None, float | None]:
    """Last finished week before, last finished week at most four weeks after; neither looked for further than four weeks."""
    assert start is not None
    far = timedelta(weeks=4)
    before = [week for week in weeks if start - far <= week + timedelta(days=6) < start]
    after = [week for week in weeks if week >= start and week + timedelta(days=6) <= start + far]
    return (weeks[max(before)] if before else None), (weeks[max(after)] if after else None)


def test_a_measure_is_in_force_while_the_file_is_open(demo: Reader) -> None:
    for row in risk.measures(demo).to_dict("records"):
        if row["is_in_force"]:
            assert (row["state"], row["status"]) == ("en place", "ouverte")
    closed = demo.rows("SELECT * FROM measure WHERE status = 'close'")
    assert closed
    assert not any(row["is_in_force"] for row in closed)


def test_past_declarations_added_up(demo: Reader, built_demo: Path) -> None:
    """Share of the presentations of a DCI declared in the days before each end of month, for the three durations."""
    boxes: dict[str, list[str]] = defaultdict(list)
    for row in demo.rows("SELECT cis, dci_key FROM presentation WHERE dci_key IS NOT NULL"):
        boxes[row["dci_key"]].append(row["cis"])
    dci_of = {cis: key for key, codes in boxes.items() for cis in codes}
    lines = {(row["cis"], row["event_on"]) for row in rows(built_demo, "historique", "historique_declaration")}
    ends = {_end(day) for _, day in lines}
    expected: dict[tuple[int, str, date], tuple[int, float]] = {}
    for days in (30, 90, 180):
        for end in {_end(first) for first in _months(min(ends), max(ends))}:
            opened = {cis for cis, day in lines if end - timedelta(days=days) < day <= end and cis in dci_of}
            for key in {dci_of[cis] for cis in opened}:
                mine = [cis for cis in boxes[key] if cis in opened]
                expected[days, key, end] = (len(set(mine)), 100 * len(mine) / len(boxes[key]))
    actual = {
        (row["window_days"], row["dci_key"], _end(row["month"])): (row["declared_specialities"], row["share_pct"])
        for row in demo.rows("SELECT * FROM tipping_history")
    }
    assert actual.keys() == expected.keys()
    for place, (specialities, share) in expected.items():
        assert actual[place] == (specialities, pytest.approx(share))
    for row in demo.rows("SELECT * FROM tipping_crossing"):
        mine_over = [v for k, v in expected.items() if k[0] == row["window_days"] and v[1] >= row["bound_pct"]]
        assert row["over_dci_months"] == len(mine_over)
        assert row["sum_dci_months"] == sum(v[0] > 1 for v in mine_over)


def _end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _months(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day = _end(day + timedelta(days=1))


PLANNED = [date(2026, 11, 25), date(2026, 12, 9)]


def version(number: int, *, day: int) -> list[object]:
    return ["D-1", number, f"{day}/11/2026", "LABORATOIRE A", "3400930000014", "Risque de rupture", "Ouverte",
            "Incident de production", "Ville", "20/11/2026"]  # fmt: skip


@pytest.mark.parametrize(
    ("second", "natures", "latest"),
    [
        ([(1, "25/11/2026", "Prévu"), (2, "09/12/2026", "Prévu")], {1: "inchangée", 2: "supplément"}, {1, 2}),
        ([(2, "09/12/2026", "Prévu")], {2: "report"}, {2}),
        ([(1, "25/11/2026", "Annulé"), (2, "09/12/2026", "Prévu")], {1: "inchangée", 2: "report"}, {2}),
        ([(1, "25/11/2026", "Reçu"), (2, "09/12/2026", "Prévu")], {1: "inchangée", 2: "supplément"}, {1, 2}),
        ([(1, "09/12/2026", "Prévu")], {1: "report"}, {1}),
        ([(1, "20/11/2026", "Prévu")], {1: "avancée"}, {1}),
        ([], {}, set()),
    ],
    ids=[
        "one more",
        "replaced without a word",
        "cancelled for another",
        "received then one more",
        "later",
        "earlier",
        "withdrawn",
    ],
)
def test_postponed_or_one_more(
    home: Home, second: list[tuple[int, str, str]], natures: dict[int, str], latest: set[int]
) -> None:
    assert len(titles("trustmed", "trustmed_supply")) == 6
    sheets = {
        "trustmed_version": [version(1, day=10), version(2, day=17)],
        "trustmed_supply": [
            ["D-1", 1, 1, "25/11/2026", 100, "Prévu"],
            *(["D-1", 2, n, on, 100, state] for n, on, state in second),
        ],
    }
    home.drop("trustmed", "t.xlsx", sheets)
    assert home.refresh(date(2026, 11, 22)).published
    actual = home.reader().rows("SELECT * FROM promise WHERE promise = 'approvisionnement'")
    assert {row["supply_no"]: row["nature"] for row in actual if row["version_no"] == 2} == natures
    assert {row["supply_no"] for row in actual if row["is_latest"]} == latest
