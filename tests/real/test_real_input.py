"""The command, from files really published to the figures on screen. Skipped without them."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from metrics.review.queries import review
from tests.connectors.partner_files import SAMPLES
from tests.real import public_list
from tests.real.public_list import Line
from tests.real.serving import Operator, served

pytestmark = pytest.mark.long  # whole refreshes of the public files; their readers stay in the short run

DAYS = ("2025-07-07", "2026-01-02", "2026-05-26")
CODES = {
    "2025-07-07": {"1": 78, "2": 597, "3": 48, "4": 234},
    "2026-01-02": {"1": 69, "2": 446, "3": 44, "4": 423},
    "2026-05-26": {"1": 66, "2": 421, "3": 15, "4": 264},
}
REFERENTIAL = (
    *("CIS_bdpm.txt", "CIS_CIP_bdpm.txt", "CIS_COMPO_bdpm.txt"),
    *("CIS_GENER_bdpm.txt", "CIS_CPD_bdpm.txt", "CIS_MITM.txt", "HAS_LiensPageCT_bdpm.txt"),
)
LIST = "CIS_CIP_Dispo_Spec.txt"


@pytest.fixture(scope="module")
def photographs(real: Path) -> dict[str, list[Line]]:
    return {day: public_list.photograph(real / f"bdpm/dispo/{day}_{LIST}") for day in DAYS}


@pytest.fixture(scope="module")
def operator(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """Three runs over HTTP, the served list being replaced between them, then a fourth on the same files."""
    folder = tmp_path_factory.mktemp("bdpm")
    mirror = folder / "mirror"
    mirror.mkdir()
    for name in REFERENTIAL:
        shutil.copy(real / "bdpm/2026-05-26" / name, mirror / name)
    shutil.copy(SAMPLES / "bdpm" / "CIS_HAS_SMR_bdpm.txt", mirror)  # the folder has no real one
    operator = Operator(folder / "home")
    with served(mirror) as address:
        for day in (*DAYS, DAYS[-1]):
            shutil.copy(real / f"bdpm/dispo/{day}_{LIST}", mirror / LIST)
            operator.build("--sources", "bdpm", now=f"{day}T12:00:00+01:00", addresses={"bdpm": address})
    return operator


def test_the_referential_is_whole(operator: Operator) -> None:
    for run in range(3):
        reader = operator.reader(run)
        counts = {t: reader.rows(f"SELECT COUNT(*) AS n FROM {t}")[0]["n"] for t in ("speciality", "presentation")}
        assert counts == {"speciality": 15_848, "presentation": 20_903}
        loaded = reader.rows("SELECT rows_loaded FROM source_file WHERE file_name = 'CIS_MITM.txt'")
        assert loaded == [{"rows_loaded": 7_711}]


def test_mitm_of_the_referential(operator: Operator, real: Path) -> None:
    listed = {cells[0] for cells in public_list.cells(real / "bdpm/2026-05-26/CIS_MITM.txt")}
    known = {cells[0] for cells in public_list.cells(real / "bdpm/2026-05-26/CIS_bdpm.txt")}
    found = {row["cis"] for row in operator.reader().rows("SELECT cis FROM speciality WHERE is_mitm")}
    assert found == listed & known


@pytest.mark.parametrize("run", [0, 1, 2])
def test_each_photograph_has_its_counts(operator: Operator, run: int) -> None:
    day = DAYS[run]
    rows = operator.reader(run).rows("SELECT * FROM public_photograph ORDER BY photograph_no")
    assert [str(row["photograph_on"]) for row in rows] == list(DAYS[: run + 1])
    last = rows[-1]
    assert last["rows"] == sum(CODES[day].values()) == {"2025-07-07": 957, "2026-01-02": 982, "2026-05-26": 766}[day]
    found = (last["ruptures"], last["tensions"], last["stops"], last["returns"])
    assert found == tuple(CODES[day][code] for code in "1234")
    current = operator.reader(run).rows("SELECT code FROM public_shortage")
    assert Counter(row["code"] for row in current) == CODES[day]


def test_no_line_is_lost(operator: Operator, real: Path) -> None:
    for run in range(3):
        line = operator.source("bdpm", run)
        assert line["error"] is None
        assert line["files"] == 9 + run
        assert line["rows_in"] == line["rows_loaded"] + line["rows_quarantined"] + line["rows_ignored"]
        assert (line["rows_quarantined"], line["rows_ignored"]) == (0, 3)  # three stray blank lines
        published = [real / "bdpm/2026-05-26" / name for name in REFERENTIAL]
        published += [real / f"bdpm/dispo/{day}_{LIST}" for day in DAYS[: run + 1]]
        published += [SAMPLES / "bdpm" / "CIS_HAS_SMR_bdpm.txt"]
        assert line["rows_loaded"] == sum(len(public_list.cells(path)) for path in published)


def test_contradictions_and_orphans_are_reported(
    operator: Operator, real: Path, photographs: dict[str, list[Line]]
) -> None:
    known = {cells[0] for cells in public_list.cells(real / "bdpm/2026-05-26/CIS_bdpm.txt")}
    rows = operator.reader().rows("SELECT * FROM public_shortage_anomaly")
    for day, lines in photographs.items():
        mine = [row for row in rows if str(row["photograph_on"]) == day]
        contradictions = [row for row in mine if row["anomaly"] == "libellé contraire au code"]
        orphans = {row["cis"] for row in mine if row["anomaly"] == "spécialité absente du référentiel"}
        assert orphans == {line.cis for line in lines} - known
        assert len(contradictions) == sum(line.disagrees for line in lines) == (3 if day == "2026-01-02" else 0)
        assert {(row["code"], row["published_label"].lower()[:7]) for row in contradictions} <= {("4", "tension")}
    assert len({row["cis"] for row in rows if str(row["photograph_on"]) == "2026-05-26"}) == 12
    shown = operator.reader().rows("SELECT COUNT(*) AS n FROM public_shortage WHERE is_orphan")
    assert shown == [{"n": 12}]
    assert operator.reader(1).rows("SELECT COUNT(*) AS n FROM public_shortage WHERE label_disagrees") == [{"n": 3}]


@pytest.mark.parametrize(("before", "after"), [(DAYS[0], DAYS[1]), (DAYS[1], DAYS[2])])
def test_differences_between_photographs(
    operator: Operator, photographs: dict[str, list[Line]], before: str, after: str
) -> None:
    expected = public_list.events(photographs[before], photographs[after])
    _check_events(_events(operator, after), expected, photographs[before], photographs[after])
    assert all(len(keys) > 10 for keys in expected.values())


def _events(operator: Operator, day: str) -> dict[str, set[public_list.Key]]:
    rows = operator.reader().rows(
        "SELECT event, cis, COALESCE(cip13, '') AS cip13 FROM public_shortage_event WHERE photograph_at = $day",
        day=date.fromisoformat(day),
    )
    found: dict[str, set[public_list.Key]] = {}
    for row in rows:
        found.setdefault(row["event"], set()).add((row["cis"], row["cip13"]))
    assert sum(map(len, found.values())) == len(rows)
    return found


def _check_events(
    found: dict[str, set[public_list.Key]],
    expected: dict[str, set[public_list.Key]],
    before: list[Line],
    after: list[Line],
) -> None:
    unsure = public_list.ambiguous(before) | public_list.ambiguous(after)
    assert len(unsure) < 10
    assert {event: keys - unsure for event, keys in found.items()} == {
        event: keys - unsure for event, keys in expected.items()
    }


@pytest.mark.parametrize("reference", [0, 1])
def test_the_review_shows_them_since_the_reference(
    operator: Operator, photographs: dict[str, list[Line]], reference: int
) -> None:
    shown = review(operator.reader(2, reference)).public
    wanted = Counter[str]()
    for before, after in zip(DAYS[reference:], DAYS[reference + 1 :], strict=False):
        found = _events(operator, after)
        _check_events(
            found, public_list.events(photographs[before], photographs[after]), photographs[before], photographs[after]
        )
        wanted.update({event: len(keys) for event, keys in found.items()})
    assert Counter(shown["event"]) == wanted


def test_amoxicilline_is_one_dci_with_its_public_lines(
    operator: Operator, real: Path, photographs: dict[str, list[Line]]
) -> None:
    substances: dict[str, set[str]] = {}
    for cells in public_list.cells(real / "bdpm/2026-05-26/CIS_COMPO_bdpm.txt"):
        substances.setdefault(cells[0], set()).add(cells[3])
    alone = {cis for cis, names in substances.items() if all("AMOXICILLINE" in name for name in names)}
    assert len({name for cis in alone for name in substances[cis]}) > 1  # several salts
    rows = operator.reader().rows("SELECT cis, dci_key FROM speciality")
    assert {row["dci_key"] for row in rows if row["cis"] in alone} == {"amoxicilline"}
    assert {row["cis"] for row in rows if row["dci_key"] == "amoxicilline"} == alone
    listed = {(*line.key, line.url) for lines in photographs.values() for line in lines if line.cis in alone}
    history = operator.reader().rows("SELECT * FROM public_shortage_history WHERE dci_key = 'amoxicilline'")
    assert len(listed) > 10
    assert {(row["cis"], row["cip13"] or "", row["url"]) for row in history} == listed
    now = {(*line.key, line.url) for line in photographs[DAYS[-1]] if line.cis in alone}
    assert {(row["cis"], row["cip13"] or "", row["url"]) for row in history if row["is_current"]} == now


def test_every_followed_group_of_winter_has_presentations(operator: Operator) -> None:
    rows = operator.reader().rows("SELECT group_id, presentations FROM tracked_group WHERE plan = 'hivernal'")
    assert len(rows) == 14
    assert all(row["presentations"] > 0 for row in rows)


def test_unchanged_files_publish_nothing_new(operator: Operator) -> None:
    third, fourth = operator.reports[2], operator.reports[3]
    assert (fourth["snapshot"], fourth["published"]) == (third["snapshot"], True)
    assert operator.source("bdpm", 3) == operator.source("bdpm", 2)
    assert operator.raw_files == len(REFERENTIAL) + 1 + len(DAYS)  # and the sample that the mirror holds
    assert len([p for p in (operator.home / "snapshots").iterdir() if p.is_dir()]) == 3


@pytest.fixture(scope="module")
def dropped(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """The same files dropped in the inbox with their dated names, in one run."""
    operator = Operator(tmp_path_factory.mktemp("dropped") / "home")
    inbox = operator.home / "inbox" / "bdpm"
    inbox.mkdir(parents=True)
    for name in REFERENTIAL:
        shutil.copy(real / "bdpm/2026-05-26" / name, inbox / name)
    shutil.copy(SAMPLES / "bdpm" / "CIS_HAS_SMR_bdpm.txt", inbox)
    for day in DAYS:
        shutil.copy(real / f"bdpm/dispo/{day}_{LIST}", inbox)
    operator.build("--offline", now="2026-06-01T08:00:00+02:00")
    return operator


def test_dropped_photographs_say_the_same(operator: Operator, dropped: Operator) -> None:
    tables = {
        "public_photograph": "photograph_on, rows, ruptures, tensions, stops, returns",
        "public_shortage_event": "photograph_at, previous_at, event, cis, cip13, code, previous_code, updated_on",
        "public_shortage_history": "cis, cip13, url, code, first_seen_on, last_seen_on, is_current",
        "group_presentation": "group_id, cip13",
    }
    for table, columns in tables.items():
        sql = f"SELECT {columns} FROM {table} ORDER BY ALL"
        assert dropped.reader().rows(sql) == operator.reader().rows(sql), table
    assert dropped.source("bdpm")["rows_loaded"] == operator.source("bdpm")["rows_loaded"]


def test_groups_take_the_strengths_they_name(operator: Operator) -> None:
    """Counts read in the report by a person on 30/11/2026; see docs/referential.md."""
    rows = operator.reader().rows("SELECT * FROM group_candidate")
    taken = {group: {row["denomination"] for row in rows if row["group_id"] == group and row["is_taken"]} for group in
             {row["group_id"] for row in rows}}  # fmt: skip
    assert len(taken["adrenaline-inj"]) == 4
    assert not any("0,1 mg" in name or "PEN" in name for name in taken["adrenaline-inj"])
    assert taken["paracetamol-buvable-pediatrique"] == {
        "DOLIPRANE 2,4 POUR CENT, suspension buvable",
        "DOLKO 60 mg/2 ml, solution buvable en flacon",
        "EFFERALGAN PEDIATRIQUE 30 mg/ml, solution buvable",
    }
    assert {name.split()[0] for name in taken["insuline-asparte-100"]} == {"FIASP", "INSULINE", "NOVORAPID"}
    counts = {group: sum(row["is_taken"] for row in rows if row["group_id"] == group) for group in taken}
    assert min(counts.values()) >= 1
    assert (counts["amoxicilline-susp-500"], counts["amoxiclav-susp-100"], counts["salbutamol-inh-100"]) == (11, 27, 14)


def test_no_generic_group_is_split_by_a_name(operator: Operator) -> None:
    """One is left: a generic named by its salt, its reference by the fraction."""
    split = operator.reader().rows(
        "SELECT generic_group, COUNT(DISTINCT dci_key) AS n FROM generic_group GROUP BY generic_group HAVING n > 1"
    )
    assert [row["generic_group"] for row in split] == ["755"]
