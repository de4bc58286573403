"""From a quarantined row to its correction: exported as received, dropped again, read, and both kept in the history."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from connectors.reading.correction import REASON_TITLE, REFERENCE_TITLE
from data.partners import corrections
from metrics.sources import queries as sources
from tests.conftest import Home
from tests.connectors.partner_files import titles
from tests.data.corrected_workbooks import CIP, DROPS, FORMULA, THIRD, THOUSANDS, World, workbook_of


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(Home(tmp_path_factory.mktemp("corrections") / "home"))
    for drop in DROPS:
        drop(world)
        world.refresh()
    return world


def stocks_sheet(world: World, name: str) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(workbook_of(world.days[0], "pointstock", name)))["Stocks"]


def test_quarantined_rows_are_exported_as_received_with_their_reason(world: World) -> None:
    rows = [[cell.value for cell in row] for row in stocks_sheet(world, "A.xlsx").iter_rows()]
    assert rows[0] == [*titles("pointstock", "pointstock_stock"), REASON_TITLE, REFERENCE_TITLE]
    assert rows[1][:7] == ["2026-S46", "GROSSISTE A", "3400930000015", FORMULA, 5, 70, None]
    assert rows[2][:7] == ["2026-S46", "GROSSISTE A", THIRD, None, "n.c.", 70, None]
    assert [row[7] for row in rows[1:]] == [
        "code CIP13\u00a0: clé de contrôle fausse",
        "«\u00a0n.c.\u00a0»\u00a0: zéro ou inconnu\u00a0? Un nombre est attendu, 0 pour zéro",
    ]
    assert [str(row[8]).rpartition("/")[2] for row in rows[1:]] == ["3", "4"]


def test_the_faulty_cell_is_coloured_and_no_cell_is_a_formula(world: World) -> None:
    sheet = stocks_sheet(world, "A.xlsx")
    coloured = {cell.coordinate for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fill_type}
    assert coloured == {"C2", "E3"}
    assert sheet["D2"].data_type == "s"
    assert sheet["D2"].quotePrefix
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}


def test_a_correction_replaces_the_line_and_the_history_keeps_both(world: World) -> None:
    assert world.states("pointstock", 0, "A.xlsx") == [
        ("A.xlsx", 3, "à corriger", None),
        ("A.xlsx", 4, "à corriger", None),
    ]
    assert world.states("pointstock", 1, "A.xlsx") == [
        ("A.xlsx", 3, "corrigée", "A_retour.xlsx"),
        ("A.xlsx", 4, "corrigée", "A_retour.xlsx"),
    ]
    assert (world.account("A.xlsx"), world.account("A_retour.xlsx")) == ((3, 1, 2, 0), (2, 2, 0, 0))


def test_a_corrected_row_still_wrong_waits_under_its_new_reference(world: World) -> None:
    mine = ("B.xlsx", "B_retour.xlsx")
    assert [row_state[2] for row_state in world.states("pointstock", 1, *mine)] == [
        "corrigée",
        "renvoyée, encore refusée",
        "à corriger",
    ]
    again = openpyxl.load_workbook(io.BytesIO(workbook_of(world.days[1], "pointstock", "B_retour.xlsx")))["Stocks"]
    assert [cell.value for cell in again[1]][7:] == [REASON_TITLE, REFERENCE_TITLE]
    assert again["I2"].value.endswith("/pointstock_stock/3")
    assert {row_state[2:] for row_state in world.states("pointstock", 2, *mine)} == {
        ("corrigée", "B_retour.xlsx"),
        ("corrigée", "B_retour2.xlsx"),
    }


def test_a_file_sent_again_whole_answers_without_references(world: World) -> None:
    """The key of the second line could be read: the corrected file answers it, « Grossiste  c. » too. Not the first."""
    assert [row_state[2] for row_state in world.states("pointstock", 1, "C.xlsx")] == ["à corriger", "corrigée"]


def test_the_same_fault_day_after_day_waits_once(world: World) -> None:
    row_state = world.states("pointstock", 2, "D0.xlsx", "D1.xlsx", "D2.xlsx")
    assert [state for _, _, state, _ in row_state] == ["renvoyée, encore refusée"] * 2 + ["à corriger"]


def test_every_file_goes_back_to_its_own_sender(world: World) -> None:
    rows = sources.waiting(world.days[0], "pointstock")
    assert all(len({row["load_id"] for row in file}) == 1 for file in corrections.by_file(rows))
    with zipfile.ZipFile(io.BytesIO(corrections.archive("pointstock", rows))) as archive:
        houses = {
            name[3:].partition("_")[0]: {
                row[1].value
                for row in openpyxl.load_workbook(io.BytesIO(archive.read(name)))["Stocks"].iter_rows(min_row=2)
            }
            for name in archive.namelist()
        }
    assert houses == {name: {f"GROSSISTE {name[0]}"} for name in ("A", "B", "C", "D0", "E", "F", "G")}


def test_titles_and_units_are_those_of_the_partner(world: World) -> None:
    sheet = stocks_sheet(world, "E.xlsx")
    assert [cell.value for cell in sheet[1]][:6] == THOUSANDS
    assert [cell.value for cell in sheet[2]][:6] == ["2026-S46", "GROSSISTE E", 1.5, None, "123", 70]
    assert sheet["D3"].fill.fill_type  # the cell that has no title
    assert [row_state[2] for row_state in world.states("pointstock", 1, "E.xlsx")] == ["corrigée", "corrigée"]
    assert world.account("E_retour.xlsx") == (2, 2, 0, 0)


def test_conflicting_rows_are_both_exported_and_one_may_be_removed(world: World) -> None:
    assert [row_state[1:3] for row_state in world.states("pointstock", 0, "F.xlsx")] == [
        (2, "à corriger"),
        (3, "à corriger"),
    ]
    assert {row_state[2] for row_state in world.states("pointstock", 1, "F.xlsx")} == {"corrigée"}, (
        "the key of both was read"
    )


def test_an_emptied_row_is_withdrawn(world: World) -> None:
    assert [row_state[2] for row_state in world.states("pointstock", 1, "G.xlsx")] == ["retirée", "corrigée"]
    assert world.account("G_retour.xlsx") == (2, 1, 0, 1)


def test_only_rows_without_a_correction_wait(world: World) -> None:
    assert [world.waiting("pointstock", day) for day in range(4)] == [13, 3, 2, 2]
    assert [world.waiting(key, 3) for key in ("tracstocks", "trustmed", "listes", "openhealth")] == [0, 0, 0, 0]


def test_a_sheet_with_nothing_to_correct_keeps_its_titles(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(world.days[0], "tracstocks", "t.xlsx")))
    assert (book["Stocks"].max_row, book["Approvisionnements"].max_row) == (1, 2)
    assert world.states("tracstocks", 1, "t.xlsx")[0][2:] == ("corrigée", "t_retour.xlsx")


def test_a_corrected_measure_joins_those_of_its_file(world: World) -> None:
    """The measures of a version are those of one file: a correction is not a file that replaces it."""
    row_state = [
        [row["measure"] for row in reader.rows("SELECT measure FROM declaration_measure ORDER BY measure")]
        for reader in world.days
    ]
    both = ["contingentement quantitatif", "importation"]
    assert row_state == [["importation"], ["importation"], both, ["importation"]], "the next whole file replaces both"
    assert {row_state[2] for row_state in world.states("trustmed", 2, "jour.xlsx", "m_retour.xlsx")} == {"corrigée"}


def test_a_corrected_line_of_a_list_joins_it(world: World) -> None:
    row_state = world.days[1].rows("SELECT cis FROM speciality_list WHERE list = 'essentiel' ORDER BY cis")
    assert [row["cis"] for row in row_state] == ["60000019", "60000028"]


def test_a_csv_source_comes_back_as_a_workbook_or_as_a_csv(world: World) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(world.days[0], "openhealth", "v.csv")))["Ventes"]
    assert [cell.value for cell in sheet[2]][:5] == ["2026-S46", CIP, "99", 1234.5, None]
    assert [world.waiting("openhealth", day) for day in range(3)] == [2, 1, 0]


def test_the_same_rows_give_the_same_bytes(world: World) -> None:
    first, second = (workbook_of(world.days[0], "pointstock", "A.xlsx") for _ in range(2))
    assert first == second


def test_a_line_too_long_is_reported_and_not_cut() -> None:
    row: dict[str, Any] = {
        "table_name": "references_manual",
        "titles": [],
        "cells": [],
        "line": 7,
        "column_name": "Motif",
    }
    content = corrections.workbook("references", [{**row, "reason": "illisible", "row_ref": "r", "file_name": "f"}])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Références"]
    assert "la reprendre dans le fichier d'origine, ligne 7" in sheet["H2"].value


@pytest.mark.parametrize(
    ("received", "given"),
    [
        ("stocks S46.csv", "stocks_S46_a-corriger.xlsx"),
        ("stocks_S46_a-corriger.xlsx", "stocks_S46_a-corriger.xlsx"),
        ("../../etc/passwd.xlsx", "passwd_a-corriger.xlsx"),
        ("....xlsx", "fichier_a-corriger.xlsx"),
    ],
)
def test_names_of_the_corrected_workbooks(received: str, given: str) -> None:
    assert corrections.file_name(received) == given
