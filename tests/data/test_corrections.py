"""From a line set aside to its correction: given back as received, dropped again, read, and both kept in the history."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from connectors.reading.returned import REASON_TITLE, REFERENCE_TITLE
from data import corrections
from metrics import sources
from tests.conftest import Home
from tests.connectors.partner_files import titles, write_workbook

DAYS = [date(2026, 11, day) for day in (17, 18, 19, 20)]
CIP, OTHER, THIRD = "3400930000014", "3400930000021", "3400930000038"
HOUSE = "GROSSISTE A"


def stock(code: str, boxes: object, label: str | None = None, week: str = "2026-S46") -> list[object]:
    return [week, HOUSE, code, label, boxes, 70]


def give_back(home: Home, source: str) -> bytes:
    return corrections.workbook(source, sources.waiting(home.reader(), source))


def corrected(home: Home, source: str, name: str, cells: Mapping[str, Mapping[str, object]]) -> None:
    """What a partner does: open what was given back, correct some cells, drop the file."""
    book = openpyxl.load_workbook(io.BytesIO(give_back(home, source)))
    for sheet, values in cells.items():
        for place, value in values.items():
            book[sheet][place] = value
    path = home.path / "inbox" / source / name
    book.save(path)


def states(home: Home, source: str = "pointstock") -> list[tuple[Any, ...]]:
    columns = ["file_name", "line", "state", "answered_by"]
    found = sources.quarantine(home.reader(), source).sort_values(["received_at", "line"])
    return [tuple(None if value != value else value for value in row) for row in found[columns].itertuples(index=False)]


def waiting(home: Home, source: str = "pointstock") -> int:
    (row,) = home.reader().rows("SELECT rows_waiting AS n FROM source_state WHERE source_key = $key", key=source)
    return int(row["n"])


@pytest.fixture
def two_wrong(home: Home) -> Home:
    """Three lines dropped, two of them wrong."""
    rows = [stock(CIP, 100), stock("3400930000015", 5, "=cmd|'/c calc'!A0"), stock(THIRD, "n.c.")]
    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": rows})
    home.refresh(DAYS[0])
    return home


def only_sheet(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content))["Stocks"]


def test_lines_are_given_back_as_received_with_why(two_wrong: Home) -> None:
    sheet = only_sheet(give_back(two_wrong, "pointstock"))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [*titles("pointstock", "pointstock_stock"), REASON_TITLE, REFERENCE_TITLE]
    assert rows[1][:7] == ["2026-S46", HOUSE, "3400930000015", "=cmd|'/c calc'!A0", 5, 70, None]
    assert rows[2][:7] == ["2026-S46", HOUSE, THIRD, None, "n.c.", 70, None]
    assert [row[7] for row in rows[1:]] == ["code CIP13\u00a0: clé de contrôle fausse", "nombre illisible"]
    assert [row[8].rpartition("/")[2] for row in rows[1:]] == ["3", "4"]


def test_the_faulty_cell_is_coloured_and_no_cell_is_a_formula(two_wrong: Home) -> None:
    sheet = only_sheet(give_back(two_wrong, "pointstock"))
    coloured = {cell.coordinate for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fill_type}
    assert coloured == {"C2", "E3"}
    assert sheet["D2"].data_type == "s"
    assert sheet["D2"].quotePrefix
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}


def test_a_correction_replaces_the_line_and_the_history_keeps_both(two_wrong: Home) -> None:
    home = two_wrong
    assert (states(home), waiting(home)) == (
        [("s46.xlsx", 3, "à corriger", None), ("s46.xlsx", 4, "à corriger", None)],
        2,
    )
    corrected(home, "pointstock", "s46_corrige.xlsx", {"Stocks": {"C2": OTHER, "E3": 12}})
    report = home.refresh(DAYS[1])
    assert report.exit_code == 0
    assert states(home) == [
        ("s46.xlsx", 3, "corrigée", "s46_corrige.xlsx"),
        ("s46.xlsx", 4, "corrigée", "s46_corrige.xlsx"),
    ]
    assert waiting(home) == 0
    files = home.reader().rows("SELECT file_name, rows_in, rows_loaded, rows_quarantined FROM source_file ORDER BY 1")
    assert [tuple(row.values()) for row in files] == [("s46.xlsx", 3, 1, 2), ("s46_corrige.xlsx", 2, 2, 0)]


def test_a_line_sent_back_still_wrong_waits_under_its_new_reference(two_wrong: Home) -> None:
    home = two_wrong
    corrected(home, "pointstock", "retour.xlsx", {"Stocks": {"C2": OTHER, "E3": "douze"}})
    home.refresh(DAYS[1])
    assert [state for _, _, state, _ in states(home)] == ["corrigée", "renvoyée, encore refusée", "à corriger"]
    assert waiting(home) == 1
    sheet = only_sheet(give_back(home, "pointstock"))
    assert [cell.value for cell in sheet[1]][7:] == [REASON_TITLE, REFERENCE_TITLE]
    assert sheet["I2"].value.endswith("/pointstock_stock/3")
    corrected(home, "pointstock", "retour2.xlsx", {"Stocks": {"E2": 12}})
    home.refresh(DAYS[2])
    assert [state for _, _, state, _ in states(home)] == ["corrigée", "corrigée", "corrigée"]
    assert waiting(home) == 0


def test_a_file_sent_again_whole_answers_without_references(two_wrong: Home) -> None:
    """The key of the second line could be read: the partner's own corrected file answers it. Not that of the first."""
    home = two_wrong
    rows = [stock(CIP, 100), stock(OTHER, 5), stock(THIRD, 12)]
    home.drop("pointstock", "s46_bis.xlsx", {"pointstock_stock": rows})
    home.refresh(DAYS[1])
    assert [state for _, _, state, _ in states(home)] == ["à corriger", "corrigée"]


def test_the_same_fault_day_after_day_waits_once(home: Home) -> None:
    for number, day in enumerate(DAYS[:3]):
        home.drop("pointstock", f"jour{number}.xlsx", {"pointstock_stock": [stock(CIP, number), stock(THIRD, "n.c.")]})
        home.refresh(day)
    assert [state for _, _, state, _ in states(home)] == ["renvoyée, encore refusée"] * 2 + ["à corriger"]


def test_every_file_goes_back_to_its_own_sender(home: Home) -> None:
    home.drop("pointstock", "a.xlsx", {"pointstock_stock": [stock(CIP, "x")]})
    home.drop("pointstock", "b.xlsx", {"pointstock_stock": [["2026-S46", "GROSSISTE B", OTHER, None, "y", 1]]})
    home.refresh(DAYS[0])
    rows = sources.waiting(home.reader(), "pointstock")
    assert [len(file) for file in corrections.by_file(rows)] == [1, 1]
    with zipfile.ZipFile(io.BytesIO(corrections.archive("pointstock", rows))) as archive:
        assert sorted(archive.namelist()) == ["01_a_a-corriger.xlsx", "02_b_a-corriger.xlsx"]
        houses = {name: only_sheet(archive.read(name))["B2"].value for name in archive.namelist()}
    assert houses == {"01_a_a-corriger.xlsx": HOUSE, "02_b_a-corriger.xlsx": "GROSSISTE B"}


def test_titles_and_units_are_those_of_the_partner(home: Home, tmp_path: Path) -> None:
    head = ["CSRP"], ["Sem.", "Grossiste", "Stock (milliers de boîtes)", None, "Code CIP", "Ventes semaine"]
    rows = (["2026-S46", HOUSE, 1.5, None, "123", 70], ["2026-S46", HOUSE, 0.02, "note", OTHER, 3])
    path = home.path / "inbox" / "pointstock" / "milliers.xlsx"
    path.parent.mkdir(parents=True)
    write_workbook(path, {"Stocks": [*head, *rows, ["2026-S46", HOUSE, 2, None, THIRD, 1]]})
    home.refresh(DAYS[0])
    sheet = only_sheet(give_back(home, "pointstock"))
    assert [cell.value for cell in sheet[1]][:6] == head[1]
    assert [cell.value for cell in sheet[2]][:6] == [*rows[0]]
    assert sheet["D3"].fill.fill_type  # the cell that has no title
    corrected(home, "pointstock", "retour.xlsx", {"Stocks": {"E2": CIP, "D3": None}})
    home.refresh(DAYS[1])
    assert waiting(home) == 0
    assert home.reader().rows("SELECT rows_loaded FROM source_file WHERE file_name = 'retour.xlsx'") == [
        {"rows_loaded": 2}
    ]


def test_contradicting_lines_are_both_given_back_and_one_may_be_removed(home: Home) -> None:
    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": [stock(CIP, 250), stock(CIP, 300)]})
    home.refresh(DAYS[0])
    book = openpyxl.load_workbook(io.BytesIO(give_back(home, "pointstock")))
    book["Stocks"].delete_rows(3)
    book.save(home.path / "inbox" / "pointstock" / "retour.xlsx")
    home.refresh(DAYS[1])
    assert waiting(home) == 0, "the key of both was read"


def test_a_line_sent_back_emptied_is_withdrawn(two_wrong: Home) -> None:
    home = two_wrong
    emptied = dict.fromkeys(("A2", "B2", "C2", "D2", "E2", "F2"))
    corrected(home, "pointstock", "retour.xlsx", {"Stocks": {**emptied, "E3": 12}})
    home.refresh(DAYS[1])
    assert [state for _, _, state, _ in states(home)] == ["retirée", "corrigée"]
    (file,) = home.reader().rows("SELECT * FROM source_file WHERE file_name = 'retour.xlsx'")
    assert (file["rows_in"], file["rows_loaded"], file["rows_quarantined"], file["rows_ignored"]) == (2, 1, 0, 1)


def test_a_sheet_that_has_nothing_to_correct_is_given_back_empty(home: Home) -> None:
    stocks_line = ["2026-S46", "LABORATOIRE A", CIP, None, 100, 70, 60, 15]
    supply = ["2026-S46", "LABORATOIRE A", CIP, "bientôt", 500]
    home.drop("tracstocks", "t.xlsx", {"tracstocks_stock": [stocks_line], "tracstocks_supply": [supply]})
    home.refresh(DAYS[0])
    corrected(home, "tracstocks", "retour.xlsx", {"Approvisionnements": {"D2": date(2026, 12, 7)}})
    home.refresh(DAYS[1])
    assert waiting(home, "tracstocks") == 0


def declared(number: str, measures: list[list[object]]) -> dict[str, list[list[object]]]:
    version: list[object] = [number, 1, "16/11/2026", "LABORATOIRE A", CIP, "Rupture", "Ouverte", "Grève", "Ville"]
    return {"trustmed_version": [[*version, "20/11/2026"]], "trustmed_measure": measures}


def measures(home: Home) -> list[str]:
    rows = home.reader().rows("SELECT measure FROM declaration_measure ORDER BY measure")
    return [row["measure"] for row in rows]


def test_a_corrected_measure_joins_those_of_its_file(home: Home) -> None:
    """The measures of a version are those of one file: a correction is not a file that replaces it."""
    rows: list[list[object]] = [["D-1", 1, "Importation", "En place"], ["D-1", 1, "Contingentement", "En place"]]
    home.drop("trustmed", "jour.xlsx", declared("D-1", rows))
    home.refresh(DAYS[0])
    assert measures(home) == ["importation"]
    corrected(home, "trustmed", "retour.xlsx", {"Mesures": {"C2": "Rationnement"}})
    home.refresh(DAYS[1])
    corrected(home, "trustmed", "retour2.xlsx", {"Mesures": {"C2": "Contingentement quantitatif"}})
    home.refresh(DAYS[2])
    assert measures(home) == ["contingentement quantitatif", "importation"]
    assert {state for _, _, state, _ in states(home, "trustmed")} == {"corrigée"}
    home.drop("trustmed", "jour4.xlsx", declared("D-1", [["D-1", 1, "Importation", "Terminée"]]))
    home.refresh(DAYS[3])
    assert measures(home) == ["importation"], "the next whole file replaces both"


def test_a_corrected_line_of_a_list_joins_it(home: Home) -> None:
    rows: list[list[object]] = [["Médicaments essentiels", "60000019"], ["Médicaments essentiels", "6000002"]]
    home.drop("listes", "l.xlsx", {"listes_member": rows})
    home.refresh(DAYS[0])
    corrected(home, "listes", "retour.xlsx", {"Listes": {"B2": "60000028"}})
    home.refresh(DAYS[1])
    found = home.reader().rows("SELECT cis FROM speciality_list WHERE list = 'essentiel' ORDER BY cis")
    assert [row["cis"] for row in found] == ["60000019", "60000028"]


def test_a_csv_source_comes_back_as_a_workbook_or_as_a_csv(home: Home) -> None:
    columns = ";".join(titles("openhealth", "openhealth_sales"))
    home.drop_text("openhealth", "v.csv", f"{columns}\n2026-S46;{CIP};99;1234,5;NA\n2026-S46;{OTHER};98;1;\n")
    home.refresh(DAYS[0])
    book = openpyxl.load_workbook(io.BytesIO(give_back(home, "openhealth")))
    assert [cell.value for cell in book["Ventes"][2]][:5] == ["2026-S46", CIP, "99", 1234.5, None]
    reference = book["Ventes"]["G3"].value
    corrected(home, "openhealth", "retour.xlsx", {"Ventes": {"C2": "84"}})
    home.refresh(DAYS[1])
    assert waiting(home, "openhealth") == 1
    home.drop_text(
        "openhealth", "retour.csv", f"{columns};{REASON_TITLE};{REFERENCE_TITLE}\n2026-S46;{OTHER};11;1;;;{reference}\n"
    )
    home.refresh(DAYS[2])
    assert waiting(home, "openhealth") == 0


def test_the_same_rows_give_the_same_bytes(two_wrong: Home) -> None:
    assert give_back(two_wrong, "pointstock") == give_back(two_wrong, "pointstock")


@pytest.mark.parametrize(
    ("received", "given"),
    [
        ("stocks S46.csv", "stocks_S46_a-corriger.xlsx"),
        ("stocks_S46_a-corriger.xlsx", "stocks_S46_a-corriger.xlsx"),
        ("../../etc/passwd.xlsx", "passwd_a-corriger.xlsx"),
        ("....xlsx", "fichier_a-corriger.xlsx"),
    ],
)
def test_names_of_the_files_given_back(received: str, given: str) -> None:
    assert corrections.file_name(received) == given
