"""The only access to the database: read only, and no way out of it."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from data.warehouse import Reader
from tests.data.market import House, house_of


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return house_of(tmp_path_factory)


@pytest.fixture(scope="module")
def restricted(house: House) -> Reader:
    return house.reader("restricted")


@pytest.fixture(scope="module")
def shared(house: House) -> Reader:
    return house.reader("shared")


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


def test_the_other_artefact_cannot_be_opened_from_a_shared_reader(house: House, shared: Reader, tmp_path: Path) -> None:
    copy = shutil.copy(house.folder / "restricted.duckdb", tmp_path / "copy.duckdb")
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


def test_two_snapshots_are_compared(house: House) -> None:
    reader = house.reader("restricted", reference=0)
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
    assert not house.reader("restricted").has_reference


def test_the_reference_is_read_only_too(house: House) -> None:
    with pytest.raises(duckdb.Error, match="read-only"):
        house.reader("restricted", reference=0).rows("DELETE FROM ref.plan")
