"""What leaves for those who may not see laboratories: no name, no byte, no figure that stands on too few of them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.warehouse import Reader
from tests import worlds
from tests.conftest import Home
from tests.data.market import DAY, HOLDER, LAST, MARKETS, MASKED, SECRETS, SHOWN, WHOLESALERS, House, house_of

FORBIDDEN_TABLES = (
    *("declaration", "declaration_version", "declaration_measure", "promise", "planned_supply", "tipping"),
    *("market_share", "declared_share", "left_out_presentation", "quarantine", "source_file", "source_sheet"),
    *("source_sender", "manual_reference", "identity", "firm", "name_question", "unmatched_key"),
    *("safety_stock", "safety_stock_week", "safety_box_week", "safety_declaration", "safety_candidate", "measure"),
    *("stop_intention", "stop_register", "stop_transfer", "alternative_item"),
    *("anticipation_value", "anticipation_rank", "open_rank_value", "open_rank", "public_record"),
    *("history_declaration", "monthly_declaration", "monthly_situation", "monthly_laboratory"),
    *("generic_member", "past_cause", "has_opinion"),
    *("circuit_share", "reference_share", "pui_week", "dispensed_prescribed", "dispensed_detail"),
    *("past_declaration", "group_candidate", "subject_measure", "announced_end", "reimbursed_market"),
    *("pharmacy_alert", "agency_signal", "agency_signal_about", "announced_stock"),
    *("weak_signal_presentation", "european_declaration", "codex_speciality"),
    *("production_site", "site_step", "site_speciality", "management_plan"),
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
    return house_of(tmp_path_factory)


@pytest.fixture(scope="module")
def restricted(house: House) -> Reader:
    return house.reader("restricted")


@pytest.fixture(scope="module")
def shared(house: House) -> Reader:
    return house.reader("shared")


def test_the_shared_artefact_has_no_table_of_laboratories(restricted: Reader, shared: Reader) -> None:
    assert set(FORBIDDEN_TABLES) <= restricted.tables
    assert not set(FORBIDDEN_TABLES) & shared.tables
    assert not {name for name in shared.tables if name.startswith("secrecy_")}
    columns = shared.rows(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'snap'"
    )
    named = {c["data_type"] for c in columns if "laborator" in c["column_name"] or "reporter" in c["column_name"]}
    assert "VARCHAR" not in {kind[:7] for kind in named}  # how many, never which
    assert not {c["column_name"] for c in columns} & {"declaration_no", "wholesaler", "participant", "sites", "comment"}


def secrets_of(restricted: Reader) -> set[str]:
    """Names, texts, numbers and files that only partners sent, and what holders of the public referential are called."""
    files = restricted.rows("SELECT file_name, load_id FROM source_file WHERE source_key NOT IN ('bdpm', 'historique')")
    names = restricted.rows("SELECT DISTINCT laboratory AS name FROM market_share")
    secrets = {*SECRETS, HOLDER, *WHOLESALERS, *(row["name"] for row in names)}
    return secrets | {row["file_name"] for row in files} | {row["load_id"].split("/")[-1] for row in files}


def hashes_of(names: set[str]) -> set[str]:
    """The first letters of usual digests of each name, as written in hexadecimal."""
    digests = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.blake2b)
    spellings = {form for name in names for form in (name, name.lower(), name.title())}
    return {digest(form.encode()).hexdigest()[:8] for form in spellings for digest in digests}


def everything_in(reader: Reader) -> str:
    """Every value of every column, nested ones included, in lower case: the file itself holds them compressed."""
    rows = (row for table in sorted(reader.tables) for row in reader.rows(f"SELECT * FROM {table}"))
    return "\n".join(" ".join(str(value) for value in row.values()) for row in rows).lower()


def test_no_value_of_the_shared_artefact_names_a_laboratory(shared: Reader, restricted: Reader) -> None:
    names = secrets_of(restricted)
    assert len(names) > 15
    content, whole = everything_in(shared), everything_in(restricted)
    assert len(content) > 100_000
    assert {name for name in names if name.lower() in content} == set()
    assert {name for name in names if name.lower() not in whole} == set()  # the same search does find them there
    hashes = hashes_of(names)
    assert {digest for digest in hashes if digest in content} == set()


def test_no_whole_number_of_the_shared_artefact_is_a_hash_of_a_name(shared: Reader, restricted: Reader) -> None:
    """DuckDB's own hash fits a BIGINT column, which looks like a count."""
    names = sorted(secrets_of(restricted))
    hashed = {str(shared.rows("SELECT hash($name) AS h", name=name)[0]["h"]) for name in names}
    content = everything_in(shared)
    assert {value for value in hashed if value in content} == set()


def test_no_byte_of_the_shared_file_names_a_laboratory(house: House, restricted: Reader) -> None:
    """Deleted rows and statistics of columns are bytes too."""
    words = {word.encode() for word in secrets_of(restricted)}
    kept = (house.folder / "restricted.duckdb").read_bytes()
    assert any(word in kept for word in words)
    content = (house.folder / "shared.duckdb").read_bytes()
    assert {word for word in words if word in content} == set()


def test_medicines_are_named_without_their_laboratory(shared: Reader) -> None:
    rows = shared.rows("SELECT DISTINCT denomination FROM presentation WHERE dci_key = 'clarithromycine' ORDER BY 1")
    assert [row["denomination"] for row in rows] == [
        "clarithromycine 25 mg/ml comprimé",
        "clarithromycine 50 mg/ml comprimé",
    ]


def test_only_the_two_artefacts_and_their_record_are_published(house: House) -> None:
    names_on_disk = {path.name for path in house.folder.iterdir()}
    assert names_on_disk == {"restricted.duckdb", "shared.duckdb", "manifest.json"}


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


def test_wholesalers_keep_their_days_without_boxes_or_names(shared: Reader, restricted: Reader) -> None:
    days = ("coverage_days", "coverage_current_days", "status", "subject_id", "week", "figure_state")
    for table in ("coverage_weekly", "link_status"):
        sql = f"SELECT * FROM {table} WHERE link = 'grossistes' ORDER BY subject_id, week"
        rows, whole = shared.rows(sql), restricted.rows(sql)
        assert [_only(row, days) for row in rows] == [_only(row, days) for row in whole]
        assert any(row["coverage_days"] for row in rows)
        assert {row[name] for row in rows for name in ("missing_names", "missing_share_pct", "stock_boxes")} == {None}
        assert "REPARTITEUR SECRET ABSENT" in {row["missing_names"] for row in whole}


def test_a_missing_wholesaler_is_reported_without_its_name_or_its_share(shared: Reader) -> None:
    """The share carried, times the sales, would be what this wholesaler sold."""
    reasons = {row["state_reason"] for row in shared.rows("SELECT * FROM link_status WHERE figure_state = 'estime'")}
    assert reasons == {"Un relevé manquant ou à confirmer est reporté d'une semaine."}


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


def test_a_dci_that_would_give_its_remainder_is_masked(shared: Reader, restricted: Reader) -> None:
    """Amoxicilline stands on three laboratories; without its followed group, on one."""
    (whole,) = restricted.rows(
        "SELECT * FROM link_status WHERE subject_id = 'dci:amoxicilline' AND link = 'exploitants'"
    )
    (row,) = shared.rows("SELECT * FROM link_status WHERE subject_id = 'dci:amoxicilline' AND link = 'exploitants'")
    assert whole["coverage_days"] is not None
    assert row["coverage_days"] is None
    assert (row["figure_state"], row["status"], row["participants"]) == ("masque", None, None)
    assert row["state_reason"] == "Masqué : comparé aux autres chiffres partagés, il désignerait un laboratoire."


def test_a_masked_figure_says_why_with_the_bounds_in_force(shared: Reader) -> None:
    for table in ("link_status", "coverage_weekly"):
        rows = shared.rows(f"SELECT * FROM {table} WHERE subject_id = 'azithromycine-susp-40' AND link = 'exploitants'")
        assert {row["state_reason"] for row in rows} == {
            "Masqué : trop peu de laboratoires derrière ce chiffre (moins de 3, ou un seul au-delà de 85 %)."
        }


def test_a_week_that_lacks_a_report_gives_way_to_the_one_before(shared: Reader, restricted: Reader) -> None:
    """Masked, since its arrival would tell it; the week before, already shared, is shown with its age."""
    sql = "SELECT * FROM {} WHERE subject_id = 'salbutamol-inh-100' AND link = 'exploitants' ORDER BY week DESC"
    (row,), (whole,) = shared.rows(sql.format("link_status")), restricted.rows(sql.format("link_status"))
    last, before = shared.rows(sql.format("coverage_weekly"))[:2]
    assert (whole["figure_state"], whole["week"]) == ("estime", last["week"])
    assert (last["figure_state"], last["coverage_days"]) == ("masque", None)
    assert (row["figure_state"], row["week"], row["age_days"]) == ("en_retard", before["week"], whole["age_days"] + 7)
    assert row["coverage_days"] == before["coverage_days"] is not None
    assert row["measured_on"] == whole["measured_on"] - timedelta(days=7)
    assert "Un relevé manque ou est à confirmer pour la dernière semaine" in row["state_reason"]


def test_a_decided_reference_is_shown_without_its_reason(shared: Reader, restricted: Reader) -> None:
    sql = "SELECT * FROM link_status WHERE subject_id = 'clarithromycine-susp-25' AND link = 'grossistes'"
    (row,), (whole,) = shared.rows(sql), restricted.rows(sql)
    assert whole["legal_origin"] == "référence manuelle : Motif confidentiel"
    assert whole["coverage_legal_days"] is not None
    assert row["legal_origin"] == "référence manuelle : motif réservé à l'ANSM"
    assert row["coverage_legal_days"] is None  # times the reference, known elsewhere, it would be boxes
    assert row["coverage_days"] == whole["coverage_days"]


@pytest.mark.parametrize(("group", "hidden"), [("amoxicilline-susp-500", False), ("azithromycine-susp-40", True)])
def test_shares_of_sales_of_departments_are_hidden_with_the_sales(
    house: House, tmp_path: Path, group: str, hidden: bool
) -> None:
    """A group on few laboratories: where its boxes are sold is theirs to know. Its classes stay those of the whole."""
    home = Home(worlds.linked(house.home.path, tmp_path / "home"))
    rows = [
        [LAST, group, "Département", code, 40, sales, None, days]
        for code, sales, days in (("01", 100, 2), ("02", 300, 9))
    ]
    home.drop("iqvia", "panel.xlsx", {"iqvia_coverage": [[*row, None, None, None, None] for row in rows]})
    assert home.refresh(DAY).error == ""
    sql = "SELECT * FROM plan_status WHERE group_id = $group"
    whole, row = home.reader().row(sql, group=group), home.reader("shared").row(sql, group=group)
    assert whole is not None
    assert row is not None
    # 100 boxes of 400 where it is short; (100 × 2 + 300 × 9) / 400 = 7.25 days.
    assert (whole["insufficient_sales_pct"], whole["departments_mean_days"]) == (25, 7.25)
    expected = (None, None) if hidden else (25, 7.25)
    assert (row["insufficient_sales_pct"], row["departments_mean_days"]) == expected
    assert (row["departments_insufficient"], row["departments_measured"]) == (1, 2)
