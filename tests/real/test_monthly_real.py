"""The monthly dashboard on the closed declarations really published, against counts made here from the file itself."""

from __future__ import annotations

import csv
import shutil
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.reference.published import published_totals
from data.warehouse import Reader
from metrics.monthly import queries as monthly
from metrics.risk import queries as risk
from tests.conftest import Home
from tests.metrics.monthly_compare import differences
from tests.metrics.monthly_naive import Dashboard, Fact
from tests.real import public_list

pytestmark = pytest.mark.long  # whole refreshes of the public files; their readers stay in the short run

DAY = date(2026, 11, 22)
RELEASE = "ansm/declarations_2021_2023.csv"
REFERENTIAL = ("CIS_bdpm.txt", "CIS_COMPO_bdpm.txt", "CIS_MITM.txt", "CIS_CIP_bdpm.txt")
LINES, WITHOUT_COPIES = {2021: 1378, 2022: 3161, 2023: 4744}, {2021: 1332, 2022: 3111, 2023: 4675}


@pytest.fixture(scope="module")
def lines(real: Path) -> list[dict[str, str]]:
    with (real / RELEASE).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def home(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The release and the referential of the day, dropped as they are."""
    home = Home(tmp_path_factory.mktemp("monthly") / "home")
    for source in ("historique", "bdpm"):
        (home.path / "inbox" / source).mkdir(parents=True)
    shutil.copy(real / RELEASE, home.path / "inbox" / "historique")
    for name in REFERENTIAL:
        shutil.copy(real / "bdpm/2026-05-26" / name, home.path / "inbox" / "bdpm")
    home.receive_reserved()
    report = home.refresh(DAY)
    assert report.exit_code == 0, report.error
    return home


@pytest.fixture(scope="module")
def reader(home: Home) -> Reader:
    return home.reader()


@pytest.fixture(scope="module")
def naive(lines: list[dict[str, str]], reader: Reader) -> Dashboard:
    """DCI are those of the referential, which other tests check; all else is counted from the file."""
    dcis = {row["cis"]: row["dci_key"] for row in reader.rows("SELECT cis, dci_key FROM speciality")}
    seen = Counter[tuple[str, ...]]()
    facts = []
    for line in lines:
        seen[tuple(line.values())] += 1
        facts.append(
            Fact(
                source="historique",
                on=date.fromisoformat(line["date_evenement"]),
                kind=line["classification"],
                speciality=line["cis"],
                dci=dcis[line["cis"]],
                group=line["code_atc"][:1] or None,
                laboratory=line["laboratoire"].upper(),
                is_copy=seen[tuple(line.values())] > 1,
            )
        )
    return Dashboard(facts, DAY)


def test_every_published_line_is_loaded(reader: Reader, lines: list[dict[str, str]]) -> None:
    (state,) = reader.rows("SELECT * FROM source_state WHERE source_key = 'historique'")
    assert state["rows_in"] == state["rows_loaded"] == len(lines) == 9_283
    assert (state["rows_quarantined"], state["rows_ignored"]) == (0, 0)
    assert state["last_period_on"] == date(2023, 12, 31) == max(date.fromisoformat(x["date_evenement"]) for x in lines)


def test_years_raw_and_without_identical_lines(reader: Reader, lines: list[dict[str, str]]) -> None:
    """As published, and counted once where every cell is the same."""
    years = Counter(int(line["date_evenement"][:4]) for line in lines)
    distinct = Counter(int(cells[4][:4]) for cells in {tuple(line.values()) for line in lines})
    assert (years, distinct) == (LINES, WITHOUT_COPIES)
    for year, count in LINES.items():
        found = monthly.dashboard(reader, date(year, 12, 1)).year
        assert found["declarations"] == count
        assert found["declarations"] - found["copies"] == WITHOUT_COPIES[year]
    assert sum(LINES.values()) - sum(WITHOUT_COPIES.values()) == 165


def test_several_causes_of_a_cell_are_counted_apart(reader: Reader, lines: list[dict[str, str]]) -> None:
    expected = Counter(" ".join(c.split()) for line in lines for c in line["cause"].split(","))
    rows = reader.rows("SELECT UNNEST(causes) AS cause FROM history_declaration")
    assert Counter(row["cause"] for row in rows) == expected
    assert len(expected) == 12
    assert sum(expected.values()) > len(lines)


def test_every_month_every_block(reader: Reader, naive: Dashboard) -> None:
    assert len(naive.months) == 32  # May 2021 to December 2023
    assert differences(reader, naive) == []


def test_laboratories_liable_to_declare(reader: Reader, real: Path) -> None:
    """Holders of at least one MITM marketed, from the public files alone."""
    folder = real / "bdpm/2026-05-26"
    mitm = {cells[0] for cells in public_list.cells(folder / "CIS_MITM.txt")}
    specialities = public_list.cells(folder / "CIS_bdpm.txt")
    holders = {cells[10].strip() for cells in specialities if cells[0] in mitm and cells[6] == "Commercialisée"}
    assert holders
    # The release ends in 2023 and the only referential is of 2026: no base for those years.
    assert reader.rows("SELECT DISTINCT liable_holders FROM monthly_count") == [{"liable_holders": None}]
    (row,) = reader.rows(
        "SELECT COUNT(*) AS holders FROM (SELECT DISTINCT holder FROM speciality WHERE is_mitm AND marketing_state = 'Commercialisée')"
    )
    assert row["holders"] == len(holders)


def test_closings_are_unknown_not_zero(reader: Reader) -> None:
    assert reader.rows("SELECT DISTINCT closed FROM monthly_count") == [{"closed": None}]


def test_the_published_totals_are_larger(real: Path) -> None:
    """They count files still open too; the table kept in the project is the published one."""
    with (real / "ansm/declarations_par_an_2014_2024.csv").open(encoding="utf-8", newline="") as handle:
        published = {int(line["annee"]): int(line["declarations"]) for line in csv.DictReader(handle)}
    assert published_totals() == published
    assert published[2023] == 4_925
    assert all(published[year] > LINES[year] for year in LINES)


def test_the_shared_artefact_names_no_laboratory(home: Home, lines: list[dict[str, str]]) -> None:
    """Names found nowhere in the monthly tables of the shared file; in the restricted one they are."""
    names = {line["laboratoire"].upper() for line in lines if len(line["laboratoire"]) > 8}
    shared, restricted = home.reader("shared"), home.reader()
    tables = {table for table in shared.tables if table.startswith("monthly")}
    assert tables == {"monthly_count", "monthly_level", "monthly_class", "monthly_dci", "monthly_movement"}
    for table in tables:
        content = " ".join(str(row) for row in shared.rows(f"SELECT * FROM {table}")).upper()
        assert not {name for name in names if name in content}, table
    assert "VIATRIS SANTE" in str(restricted.rows("SELECT laboratories FROM monthly_movement"))


def test_how_often_declarations_added_up(reader: Reader, lines: list[dict[str, str]], real: Path) -> None:
    """Past tipping recounted from the release and the public files: 30, 50 and 70 % of the presentations of a DCI."""
    dci_of = {
        row["cis"]: row["dci_key"] for row in reader.rows("SELECT cis, dci_key FROM speciality") if row["dci_key"]
    }
    boxes = Counter(
        cells[0] for cells in public_list.cells(real / "bdpm/2026-05-26/CIS_CIP_bdpm.txt") if cells[0] in dci_of
    )
    market = Counter[str]()
    for cis, count in boxes.items():
        market[dci_of[cis]] += count
    releases = {(line["cis"], date.fromisoformat(line["date_evenement"])) for line in lines if line["cis"] in boxes}
    first = min(day for _, day in releases)
    ends = [
        date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        for year in (2021, 2022, 2023)
        for month in range(1, 13)
    ]
    for days in (30, 90, 180):
        shares = []
        for end in (end for end in ends if end >= first):
            opened = {cis for cis, day in releases if end - timedelta(days=days) < day <= end}
            declared: dict[str, list[int]] = defaultdict(list)
            for cis in opened:
                declared[dci_of[cis]].append(boxes[cis])
            shares += [(dci, len(parts), 100 * sum(parts) / market[dci]) for dci, parts in declared.items()]
        for row in risk.crossings(reader, days).to_dict("records"):
            over = [item for item in shares if item[2] >= row["bound_pct"]]
            assert row["dci_months"] == len(shares)
            assert (row["over_dci_months"], row["over_dcis"]) == (len(over), len({item[0] for item in over}))
            several = [item for item in over if item[1] > 1]
            assert (row["sum_dci_months"], row["sum_dcis"]) == (len(several), len({item[0] for item in several}))
