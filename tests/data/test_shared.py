"""What leaves for those who may not see laboratories: no name, no byte, no figure that stands on too few of them."""

from __future__ import annotations

from typing import Any

import pytest

from data.warehouse import Reader
from tests.data.market import HOLDER, MARKETS, MASKED, SECRETS, SHOWN, House, build_house

pytestmark = pytest.mark.xdist_group("shared")

FORBIDDEN_TABLES = (
    *("declaration", "declaration_version", "declaration_measure", "promise", "planned_supply", "tipping"),
    *("market_share", "quarantine", "source_file", "manual_reference"),
)
NUMBERS = (
    "coverage_days",
    "coverage_legal_days",
    "coverage_current_days",
    "stock_boxes",
    "status",
    "missing_share_pct",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build_house(tmp_path_factory.mktemp("house") / "home")


@pytest.fixture(scope="module")
def restricted(house: House) -> Reader:
    return house.reader("restricted")


@pytest.fixture(scope="module")
def shared(house: House) -> Reader:
    return house.reader("shared")


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


def test_no_byte_of_the_shared_file_names_a_laboratory(house: House) -> None:
    """Deleted rows and statistics of columns are bytes too."""
    folder = house.folder
    words = [word.encode() for word in SECRETS]
    assert any(word in (folder / "restricted.duckdb").read_bytes() for word in words)
    content = (folder / "shared.duckdb").read_bytes()
    assert [word for word in words if word in content] == []
    assert HOLDER.encode() in content  # the search does find what is there


def test_only_the_two_artefacts_and_their_record_are_published(house: House) -> None:
    found = {path.name for path in house.folder.iterdir()}
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
    for table in ("coverage_weekly", "link_status"):
        sql = f"SELECT * FROM {table} WHERE link = 'grossistes' ORDER BY subject_id, week"
        names = (*NUMBERS, "subject_id", "week", "figure_state")
        assert [_only(row, names) for row in shared.rows(sql)] == [_only(row, names) for row in restricted.rows(sql)]
        assert {row["missing_names"] for row in shared.rows(sql)} == {None}
        assert "REPARTITEUR SECRET ABSENT" in {row["missing_names"] for row in restricted.rows(sql)}


def test_a_missing_wholesaler_is_told_without_its_name(shared: Reader) -> None:
    reasons = {row["state_reason"] for row in shared.rows("SELECT * FROM link_status WHERE figure_state = 'estime'")}
    assert reasons == {"Relevé manquant reporté d'une semaine (50 % des ventes)."}


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
