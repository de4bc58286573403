"""The only door to the database: read only, closed on itself, and without laboratories for those who share."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data import warehouse
from data.warehouse import Artefact, Reader
from tests.conftest import Home
from tests.referential import Medicine, files, simple

pytestmark = pytest.mark.xdist_group("warehouse")

LAST = date(2026, 11, 16)
FIRST_DAY, DAY = date(2026, 11, 22), date(2026, 11, 23)
# Names that only partners' files hold: holders of the public referential are called otherwise.
SECRETS = ("EXPLOITANT SECRET", "REPARTITEUR SECRET", "Commentaire confidentiel", "Site confidentiel", "DECL-SECRET")
HOLDER = "TITULAIRE PUBLIC"
FORBIDDEN_TABLES = (
    *("declaration", "declaration_version", "declaration_measure", "promise", "planned_supply", "tipping"),
    *("market_share", "quarantine", "source_file", "manual_reference"),
)
# Group, name that its rule catches, weekly sales by laboratory.
MARKETS: dict[str, tuple[str, dict[str, int]]] = {
    "amoxicilline-susp-500": (
        "AMOXICILLINE {} 500 mg/5 ml, poudre pour suspension buvable",
        {"A": 40, "B": 35, "C": 25},
    ),
    "clarithromycine-susp-25": (
        "CLARITHROMYCINE {} 25 mg/ml, poudre pour suspension buvable",
        {"A": 85, "B": 10, "C": 5},
    ),
    "clarithromycine-susp-50": (
        "CLARITHROMYCINE {} 50 mg/ml, poudre pour suspension buvable",
        {"A": 86, "B": 9, "C": 5},
    ),
    "azithromycine-susp-40": ("AZITHROMYCINE {} 40 mg/ml, poudre pour suspension buvable", {"A": 50, "B": 50}),
    "prednisolone-20": ("PREDNISOLONE {} 20 mg, comprimé", {"A": 50, "B": 50, "C": 0}),
}
SHOWN = {"amoxicilline-susp-500", "clarithromycine-susp-25"}
MASKED = MARKETS.keys() - SHOWN


def _medicines() -> dict[tuple[str, str], Medicine]:
    """One box by group and laboratory."""
    found: dict[tuple[str, str], Medicine] = {}
    for group, (name, sales) in MARKETS.items():
        for letter in sales:
            denomination, number = name.format(f"{HOLDER} {letter}"), 90_000_001 + len(found)
            substance = denomination.split()[0]
            found[group, letter] = simple(str(number), denomination, substance, HOLDER, "comprimé")
    return found


def _deposit(home: Home, weeks: range, version: int) -> None:
    medicines = _medicines()
    lines = [
        [LAST - timedelta(weeks=back), f"EXPLOITANT SECRET {letter}", medicines[group, letter].cip13, None]
        + [1000 + 10 * back, None, None, boxes]
        for group, (_, sales) in MARKETS.items()
        for letter, boxes in sales.items()
        for back in weeks
    ]
    supplies = [[LAST, "EXPLOITANT SECRET A", lines[0][2], date(2026, 12, 24), 777]]
    home.drop("tracstocks", f"t{version}.xlsx", {"tracstocks_stock": lines, "tracstocks_supply": supplies})
    held = [
        [LAST - timedelta(weeks=b), "REPARTITEUR SECRET", m.cip13, None, 50, 7]
        for m in medicines.values()
        for b in weeks
    ]
    home.drop("pointstock", f"p{version}.xlsx", {"pointstock_stock": held})
    told = ["DECL-SECRET-1", version, date(2026, 11, 19 + version), "EXPLOITANT SECRET A", lines[0][2], "Rupture"]
    told += ["Ouverte", "Capacité de production insuffisante", "Ville", date(2026, 11, 10), 30]
    told += [
        date(2026, 12, 10 * version),
        40,
        None,
        300,
        None,
        12,
        None,
        "Site confidentiel",
        "Commentaire confidentiel",
    ]
    supply = ["DECL-SECRET-1", version, 1, date(2026, 12, 10 * version), 500, "Prévu"]
    home.drop("trustmed", f"d{version}.xlsx", {"trustmed_version": [told], "trustmed_supply": [supply]})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[str]]:
    """Two snapshots a day apart, on markets of every shape."""
    home = Home(tmp_path_factory.mktemp("house") / "home")
    inbox = home.path / "inbox" / "bdpm"
    inbox.mkdir(parents=True)
    for name, content in files(list(_medicines().values())).items():
        (inbox / name).write_bytes(content)
    _deposit(home, range(1, 12), 1)
    first = home.refresh(FIRST_DAY)
    _deposit(home, range(1), 2)
    second = home.refresh(DAY)
    assert not first.error
    assert not second.error
    return home, [str(first.snapshot), str(second.snapshot)]


def _reader(house: tuple[Home, list[str]], artefact: Artefact, reference: int | None = None) -> Reader:
    home, names = house
    other = None if reference is None else names[reference]
    return warehouse.reader(home.path / "snapshots", names[-1], artefact, other, 256, 1)


@pytest.fixture(scope="module")
def restricted(house: tuple[Home, list[str]]) -> Reader:
    return _reader(house, "restricted")


@pytest.fixture(scope="module")
def shared(house: tuple[Home, list[str]]) -> Reader:
    return _reader(house, "shared")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE snap.mine AS SELECT 1 AS un",
        "DELETE FROM declaration",
        "UPDATE plan SET title = 'autre'",
        "INSERT INTO plan_link SELECT * FROM plan_link",
        "DROP TABLE plan",
    ],
)
def test_a_reader_writes_nothing(restricted: Reader, sql: str) -> None:
    with pytest.raises(duckdb.Error, match="read-only"):
        restricted.rows(sql)
    assert restricted.rows("SELECT COUNT(*) AS n FROM declaration") == [{"n": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_parquet('http://127.0.0.1:9/a.parquet')",
        "COPY (SELECT 1 AS un) TO '/tmp/vigistock-must-not-exist.csv'",
        "EXPORT DATABASE '/tmp/vigistock-must-not-exist'",
        "ATTACH '/tmp/vigistock-must-not-exist.duckdb' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
    ],
)
def test_a_reader_reaches_no_file(restricted: Reader, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        restricted.rows(sql)
    assert not list(Path("/tmp").glob("vigistock-must-not-exist*"))


def test_the_other_artefact_cannot_be_opened_from_a_shared_reader(
    house: tuple[Home, list[str]], shared: Reader, tmp_path: Path
) -> None:
    home, names = house
    copy = shutil.copy(home.path / "snapshots" / names[-1] / "restricted.duckdb", tmp_path / "copy.duckdb")
    with pytest.raises(duckdb.Error, match="disabled by configuration"):
        shared.rows(f"ATTACH '{copy}' AS other (READ_ONLY)")


@pytest.mark.parametrize(
    "sql",
    [
        "SET memory_limit = '4GB'",
        "SET threads = 64",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "PRAGMA enable_profiling",
        "RESET enable_external_access",
    ],
)
def test_a_reader_changes_no_setting(restricted: Reader, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        restricted.rows(sql)
    (row,) = restricted.rows("SELECT current_setting('enable_external_access') AS value")
    assert str(row["value"]).lower() == "false"


def test_values_are_bound_and_never_read_as_sql(restricted: Reader) -> None:
    wicked = "'; DROP TABLE plan; --"
    assert restricted.rows("SELECT $text AS text", text=wicked) == [{"text": wicked}]
    assert restricted.row("SELECT * FROM plan WHERE plan = $plan", plan=wicked) is None
    assert restricted.has("plan")


def test_a_frame_and_rows_say_the_same(restricted: Reader) -> None:
    sql = "SELECT subject_id, week, coverage_days FROM coverage_weekly WHERE link = $link ORDER BY ALL"
    frame, rows = restricted.frame(sql, link="grossistes"), restricted.rows(sql, link="grossistes")
    assert len(frame) == len(rows) > 100
    assert list(frame["subject_id"]) == [row["subject_id"] for row in rows]


def test_two_snapshots_are_compared(house: tuple[Home, list[str]]) -> None:
    reader = _reader(house, "restricted", reference=0)
    assert reader.has_reference
    sql = "SELECT expected_return_on AS on_day FROM {}.declaration"
    assert reader.rows(sql.format("ref")) == [{"on_day": date(2026, 12, 10)}]
    assert reader.rows(sql.format("snap")) == [{"on_day": date(2026, 12, 20)}]
    moved = reader.rows(
        """
        SELECT n.subject_id, n.link, o.week AS before, n.week AS after
        FROM snap.link_status AS n
        INNER JOIN ref.link_status AS o ON o.subject_id = n.subject_id AND o.link = n.link
        WHERE n.week > o.week AND n.subject_id = 'amoxicilline-susp-500'
        """
    )
    assert {(row["link"], row["after"] - row["before"]) for row in moved} == {
        ("exploitants", timedelta(weeks=1)),
        ("grossistes", timedelta(weeks=1)),
    }
    assert not _reader(house, "restricted").has_reference


def test_the_reference_is_read_only_too(house: tuple[Home, list[str]]) -> None:
    with pytest.raises(duckdb.Error, match="read-only"):
        _reader(house, "restricted", reference=0).rows("DELETE FROM ref.plan")


def test_the_shared_artefact_has_no_table_of_laboratories(restricted: Reader, shared: Reader) -> None:
    assert set(FORBIDDEN_TABLES) <= restricted.tables
    assert not set(FORBIDDEN_TABLES) & shared.tables
    columns = shared.rows("SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'snap'")
    named = {(c["table_name"], c["column_name"]) for c in columns if "laborator" in c["column_name"]}
    assert named == {("dci", "laboratories")}  # how many, from the public referential
    assert not {c["column_name"] for c in columns} & {"declaration_no", "wholesaler", "participant", "sites", "comment"}


def test_no_text_of_the_shared_artefact_names_a_laboratory(shared: Reader) -> None:
    assert _texts_with(shared, SECRETS) == []
    public = {(table, column) for table, column in _texts_with(shared, (HOLDER,))}
    assert public == {("speciality", "denomination"), ("speciality", "holder")} | {
        ("presentation", "denomination"),
        ("presentation", "holder"),
    }


def test_the_same_search_finds_them_in_the_restricted_artefact(restricted: Reader) -> None:
    tables = {table for table, _ in _texts_with(restricted, SECRETS)}
    assert {"declaration", "market_share", "planned_supply", "promise"} <= tables


def _texts_with(reader: Reader, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Columns, lists included, where one of ``words`` is found."""
    columns = reader.rows(
        """
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE database_name = 'snap' AND data_type LIKE '%VARCHAR%'
        """
    )
    assert len(columns) > 50
    return [
        (c["table_name"], c["column_name"])
        for c in columns
        if any(
            reader.row(
                f"SELECT 1 AS un FROM {c['table_name']} WHERE CAST({c['column_name']} AS VARCHAR) ILIKE $word LIMIT 1",
                word=f"%{word}%",
            )
            for word in words
        )
    ]


def test_no_byte_of_the_shared_file_names_a_laboratory(house: tuple[Home, list[str]]) -> None:
    """Deleted rows and statistics of columns are bytes too."""
    home, names = house
    folder = home.path / "snapshots" / names[-1]
    words = [word.encode() for word in SECRETS]
    assert any(word in (folder / "restricted.duckdb").read_bytes() for word in words)
    content = (folder / "shared.duckdb").read_bytes()
    assert [word for word in words if word in content] == []
    assert HOLDER.encode() in content  # the search does find what is there


def test_only_the_two_artefacts_and_their_record_are_published(house: tuple[Home, list[str]]) -> None:
    home, names = house
    found = {path.name for path in (home.path / "snapshots" / names[-1]).iterdir()}
    assert found == {"restricted.duckdb", "shared.duckdb", "manifest.json"}


NUMBERS = (
    "coverage_days",
    "coverage_legal_days",
    "coverage_current_days",
    "stock_boxes",
    "status",
    "missing_share_pct",
)


@pytest.mark.parametrize("group", sorted(MARKETS))
def test_laboratories_are_masked_when_too_few_or_too_big(shared: Reader, restricted: Reader, group: str) -> None:
    """Under 3 that sell, or one above 85 %: 85 % itself may be shown."""
    for table, extra in (("coverage_weekly", ("sales_boxes", "current_daily_boxes")), ("link_status", ("spark",))):
        sql = f"SELECT * FROM {table} WHERE subject_id = $group AND link = 'exploitants' ORDER BY week"
        rows, whole = shared.rows(sql, group=group), restricted.rows(sql, group=group)
        assert len(rows) == len(whole) > 0
        assert all(row["coverage_days"] is not None for row in whole)
        if group in SHOWN:
            assert [_only(row, NUMBERS) for row in rows] == [_only(row, NUMBERS) for row in whole]
        else:
            assert {row["figure_state"] for row in rows} == {"masque"}
            assert {row[name] for row in rows for name in (*NUMBERS, *extra)} == {None}


def _only(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def test_wholesalers_stay_as_they_are_without_their_names(shared: Reader, restricted: Reader) -> None:
    sql = "SELECT * FROM coverage_weekly WHERE link = 'grossistes' ORDER BY subject_id, week"
    names = (*NUMBERS, "subject_id", "week", "figure_state")
    assert [_only(row, names) for row in shared.rows(sql)] == [_only(row, names) for row in restricted.rows(sql)]
    assert {row["missing_names"] for row in shared.rows(sql)} == {None}


def test_the_weakest_link_of_a_masked_group_is_a_visible_one(shared: Reader, restricted: Reader) -> None:
    whole = {row["group_id"]: row for row in restricted.rows("SELECT * FROM plan_status")}
    rows = {row["group_id"]: row for row in shared.rows("SELECT * FROM plan_status")}
    assert rows.keys() == whole.keys()
    for group in MASKED:
        assert rows[group]["weakest_link"] == "grossistes"
        assert rows[group]["weakest_state"] != "masque"


def test_declarations_are_counted_without_their_laboratory(shared: Reader) -> None:
    (row,) = shared.rows("SELECT * FROM declaration_summary")
    assert (row["dci_key"], row["open_declarations"], row["open_ruptures"]) == ("amoxicilline", 1, 1)
