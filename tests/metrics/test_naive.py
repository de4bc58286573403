"""The triple suivi equals a recomputation in plain Python from the same files, to the box and the day."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.base import discover
from data.intake import raw
from data.settings import PARIS, PROJECT, Settings
from tests import worlds
from tests.conftest import Home
from tests.metrics import naive, naive_hospitals, naive_plans
from tests.metrics.naive_files import Inputs, read

# Its seed: markets of a few rows, drawn and recomputed by the same loops (test_properties.py).
pytestmark = pytest.mark.long

FIRST, DAY = worlds.DEMO_DAY, date(2026, 11, 24)
LAST = date(2026, 11, 9)  # Monday of the last week wholesalers have sent
MISSING, UNLISTED = "GROSSISTE C", "fluticasone-inh-50"
CORRECTED, RETIRED = "GROSSISTE A", "GROSSISTE Z"
TOLERANCE = 1e-6
Figure = dict[str, Any]


class World:
    """A small demo and what the tests add to it, refreshed on two days; the naive figures of the same raw files."""

    def __init__(self, inbox: Path, path: Path) -> None:
        self.home = Home(path)
        shutil.copytree(inbox, path / "inbox")
        settings = Settings(home=self.home.path, now=datetime(2026, 11, 22, 6, 10, tzinfo=PARIS), readers=1)
        for module in discover().values():
            raw.take_inbox(settings.inbox, settings.raw, module.SOURCE, settings.clock)
        self._deposit(read(settings.raw, FIRST, sources=()))
        self.report = self.home.refresh(DAY)
        self.inputs: Inputs = read(settings.raw, DAY)
        self.hospitals = naive_hospitals.pui_week(self.inputs, naive_hospitals.read(settings.raw))
        self.coverage = naive.coverage(self.inputs) | naive_hospitals.coverage(self.inputs, self.hospitals)
        self.links = naive_plans.link_status(self.inputs, self.coverage)
        self.plans = naive_plans.plan_status(self.inputs, self.links, departments())

    def _deposit(self, inputs: Inputs) -> None:
        """A correction received later, a wholesaler gone since long, decisions on references."""
        one, two = sorted(inputs.subjects["salbutamol-inh-100"])[:2]
        lines: list[list[object]] = [
            [LAST, CORRECTED, one, None, 11, 7],
            [None] * 6,
            [LAST, CORRECTED, two, None, 12_345.5, 6780],
            [LAST, CORRECTED, one, None, 21, 9],  # reported twice in the same file: neither is believed
            [LAST, CORRECTED, one[:-1] + str((int(one[-1]) + 1) % 10), None, 1e6, 1e6],
            ["Total", None, None, None, 1e9, 1e9],
        ]
        self.home.drop("grossistes", "demo/correctif.xlsx", {"grossistes_stock": lines})
        gone = [[LAST - timedelta(weeks=back), RETIRED, one, None, 500, 40] for back in range(15, 30)]
        self.home.drop("grossistes", "demo/retiré.xlsx", {"grossistes_stock": gone})
        self.home.drop(
            "references",
            "demo/décisions.xlsx",
            {
                "references_manual": [
                    ["amoxicilline-susp-500", "Grossistes", 4321, date(2026, 6, 1), date(2026, 8, 31), "Été", "Équipe"]
                ],
                "references_excluded": [
                    ["*", date(2026, 3, 17), "Épidémie"],
                    ["prednisolone-20", date(2026, 1, 1), "Autre"],
                ],
            },
        )

        self._deposit_hospitals()

    def _deposit_hospitals(self) -> None:
        """One medicine written in every way, one whose use nobody gives, one that nobody uses, one that is short."""
        one, two, three, four, gone = (
            f"{code}000000{rank}" for rank, code in enumerate(("75", "69", "13", "31", "59"), 1)
        )
        lines: list[list[object]] = []

        def line(back: int, finess: str, product: str, form: str | None, stock: object, use: float | None) -> None:
            lines.append([LAST - timedelta(weeks=back), finess, None, product, form, stock, use])

        for back in range(9):
            line(back, one, "metformine", None, 300 + back, 20)
            line(back, two, "Metformine", "comprimé 500 mg", 120, 10)
            line(back, two, "metformine", "comprimé 1 000 mg", 80.5, 5)
            if back:  # in the last week two hospitals answer: too few
                line(back, three, "metformine", None, 50, 4)
                line(back, three, "metformine", "comprimé 500 mg", 45, 3)  # inside the whole DCI: not counted again
                line(back, four, "9812345", "METFORMINE 1000 mg COMPRIME", 200, None if back == 2 else 9)
            if back >= 4:  # more than half of the use falls silent
                line(back, gone, "metformine", None, 900, 200)
        for finess in (one, two, three):
            line(0, finess, "flécaïnide", None, 40, 0)
            line(0, finess, "prednisolone", "comprimé orodispersible 20 mg", 10, 6)
            for back, stock in ((1, 7000), (0, 7)):
                line(back, finess, "lévétiracétam", None, stock, None)
        line(0, four, "prednisolone", "comprimé orodispersible 20 mg", "n.c.", 6)  # quarantined
        self.home.drop("dispostock", "demo/pui.xlsx", {"dispostock_stock": lines})
        corrected = [[LAST - timedelta(weeks=1), one, None, "metformine", None, 33, 21]]
        self.home.drop("dispostock", "demo/pui-corrigé.xlsx", {"dispostock_stock": corrected})
        bought = [
            [date(2026, month, 1), "9854321", "Hôpital", "LEVETIRACETAM 100 mg/ml INJ", None, None, 3000]
            for month in (9, 10)
        ]
        self.home.drop("gers", "demo/hôpital.xlsx", {"gers_sales": bought})

    def rows(self, table: str) -> list[Figure]:
        return self.home.reader().rows(f"SELECT * FROM {table}")


def departments() -> list[str]:
    with (PROJECT / "data" / "reference" / "departements.csv").open(encoding="utf-8", newline="") as handle:
        return [line["code"] for line in csv.DictReader(handle)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(worlds.demo_inbox(tmp_path_factory), tmp_path_factory.mktemp("naive") / "home")


def differences(expected: Mapping[Any, Figure], actual: Mapping[Any, Figure]) -> list[str]:
    """What differs, in words; nothing when every row and every figure is the same."""
    mismatches = [f"absent de la base : {key}" for key in expected.keys() - actual.keys()]
    mismatches += [f"de trop dans la base : {key}" for key in actual.keys() - expected.keys()]
    for key in expected.keys() & actual.keys():
        for name, value in expected[key].items():
            if not _same(value, actual[key][name]):
                mismatches.append(f"{key} {name} : {value!r} attendu, {actual[key][name]!r} trouvé")
    return mismatches


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(expected, set):
        return actual is not None and set(actual.split(", ")) == expected
    if isinstance(expected, list):
        return actual is not None and len(expected) == len(actual) and all(map(_same, expected, actual))
    if isinstance(expected, float) and isinstance(actual, float | Decimal):
        return abs(expected - float(actual)) <= TOLERANCE
    return bool(expected == actual)


def _by(rows: Iterable[Figure], *names: str) -> dict[Any, Figure]:
    return {tuple(row[name] for name in names): row for row in rows}


def test_every_figure_of_coverage(world: World) -> None:
    expected = {(*key, week): figure for key, weeks in world.coverage.items() for week, figure in weeks.items()}
    actual = _by(world.rows("coverage_weekly"), "subject_id", "link", "week")
    assert len(actual) > 1_500
    assert differences(expected, actual) == []


def test_every_figure_of_hospital_pharmacies(world: World) -> None:
    actual = _by(world.rows("pui_week"), "subject_id", "week")
    assert len(actual) > 60
    assert differences(world.hospitals, actual) == []


def test_every_kind_of_hospital_figure_is_in_the_data(world: World) -> None:
    """Of all, of less than half of the use, of too few; a minimum that suffices or not; nothing used."""
    mine = {(subject, (LAST - week).days // 7): figure for (subject, week), figure in world.hospitals.items()}
    states = {key: figure["figure_state"] for key, figure in mine.items()}
    metformin, epilepsy = "dci:metformine", "dci:levetiracetam"
    # Uses known: 20 + 15 + 4 + 9 + 200 = 248 in week 4; 48 of 248 in week 3; two hospitals in the last one.
    assert [states[metformin, back] for back in (4, 3, 0)] == ["a_jour", "incomplet", "non_pertinente"]
    assert mine[metformin, 4]["daily_use_units"] == 248
    assert mine[metformin, 4]["coverage_days"] == pytest.approx((304 + 200.5 + 50 + 200 + 900) / 248)
    # 21 000 units, then 21, against 6 000 bought in twelve months: 16.4 a day.
    assert [states[epilepsy, back] for back in (1, 0)] == ["incomplet", "non_pertinente"]
    assert mine[epilepsy, 1]["hospital_daily_units"] == pytest.approx(6000 / 365.25)
    assert mine["dci:flecainide", 0]["coverage_days"] is None
    statuses = {figure["status"] for (_, link), figure in world.links.items() if link == naive_hospitals.LINK}
    assert {"satisfaisante", "insatisfaisante", "non_pertinente"} <= statuses


def test_every_link(world: World) -> None:
    assert differences(world.links, _by(world.rows("link_status"), "subject_id", "link")) == []


def test_every_followed_group(world: World) -> None:
    expected = {(group,): figure for group, figure in world.plans.items()}
    assert differences(expected, _by(world.rows("plan_status"), "group_id")) == []


def test_every_class_of_tension_is_in_the_data(world: World) -> None:
    expected = {"nationale", "diffuse", "localisee", "aucune", None}
    assert {figure["tension"] for figure in world.plans.values()} == expected
    assert {figure["departments_silent"] for figure in world.plans.values()} == {2, 0}


def test_the_week_of_the_missing_wholesaler_is_in_the_data(world: World) -> None:
    assert not any(week == LAST and who == MISSING for _, week, _, who in world.inputs.readings)
    followed = {group for _, group in world.inputs.groups if (group, "grossistes") in world.coverage}
    assert len(followed) == 6
    for group in followed - {UNLISTED}:
        figure = world.coverage[group, "grossistes"][LAST]
        others = sum(_stock(world, group, LAST, who) for who in _wholesalers(world) - {MISSING})
        assert figure["figure_state"] == "estime"
        assert figure["missing_names"] == {MISSING}
        assert figure["stock_boxes"] == pytest.approx(others + _stock(world, group, LAST - naive.WEEK, MISSING))
        assert 0 < figure["missing_share_pct"] < 100


def _wholesalers(world: World) -> set[str]:
    return {
        who for link, week, _, who in world.inputs.readings if link == "grossistes" and week > LAST - 3 * naive.WEEK
    }


def _stock(world: World, group: str, week: date, who: str) -> float:
    lines = (world.inputs.readings.get(("grossistes", week, cip13, who)) for cip13 in world.inputs.subjects[group])
    return sum(line.stock for line in lines if line)


def test_presentations_left_out_of_files_that_came_leave_the_sum(world: World) -> None:
    weeks = world.coverage[UNLISTED, "grossistes"]
    states = [weeks[LAST - back * naive.WEEK]["figure_state"] for back in (3, 2, 1, 0)]
    assert states == ["a_jour", "estime", "incomplet", "incomplet"]
    assert weeks[LAST]["status"] is not None


def test_a_wholesaler_gone_for_long_leaves_the_sum(world: World) -> None:
    weeks = world.coverage["salbutamol-inh-100", "grossistes"]
    states = {back: weeks[LAST - back * naive.WEEK]["figure_state"] for back in range(5, 17)}
    assert [states[back] for back in (15, 14, 13, 7, 6)] == ["a_jour", "estime", "en_retard", "en_retard", "a_jour"]


def test_a_correction_received_later_wins(world: World) -> None:
    one, two = sorted(world.inputs.subjects["salbutamol-inh-100"])[:2]
    assert world.inputs.readings["grossistes", LAST, one, CORRECTED].stock > 21
    assert world.inputs.readings["grossistes", LAST, two, CORRECTED].stock == 12_345.5


def test_references_of_every_origin_are_in_the_data(world: World) -> None:
    origins = {figure["legal_origin"] for weeks in world.coverage.values() for figure in weeks.values()}
    assert "référence manuelle : Été" in origins
    assert {"ventes des 12 mois glissants", "ventes habituelles déclarées", None} < origins
    assert ("*", date(2026, 3, 17)) in world.inputs.excluded


def test_pharmacies_under_the_floor_are_in_the_data(world: World) -> None:
    small = [panel for panel in world.inputs.panel.values() if not naive.is_reliable(world.inputs, panel)]
    assert len(small) > 10


def test_quarantined_rows_are_accounted_for(world: World) -> None:
    (line,) = (source for source in world.report.sources if source["key"] == "grossistes")
    mine = sum(link == "grossistes" for link, *_ in world.inputs.readings)
    assert line["rows_quarantined"] == 6
    assert line["rows_in"] == line["rows_loaded"] + line["rows_quarantined"] + line["rows_ignored"]
    assert mine == line["rows_loaded"] - 1  # the correction repeats another row
