"""What the cells of a column prove: marks of numbers, order of dates, unit of percentages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from connectors import iqvia, trustmed
from connectors.base import RawFile, Sheet, tables
from connectors.reading.grid import read_grid
from tests.connectors.partner_files import raw_file, titles

CODES = [f"34009300000{n}" for n in (14, 21, 38, 45, 52, 69, 76)]
MEASURES = titles("trustmed", "trustmed_measure")
VERSIONS = tables("trustmed")["trustmed_version"]
SALES = tables("openhealth")["openhealth_sales"]


def sales(*cells: object, title: str = "BOITES") -> Sheet:
    """A file of sales whose boxes are ``cells``."""
    rows = [["2026-S46", code, "84", cell] for code, cell in zip(CODES, cells, strict=False)]
    return read_grid(enumerate([["SEMAINE", "CIP13", "REGION", title], *rows], start=1), SALES, "Ventes")


def boxes(sheet: Sheet) -> list[float]:
    return [row["boxes"] for row in sheet.rows]


def reasons(sheet: Sheet) -> list[tuple[int, str]]:
    return [(issue.line, issue.reason) for issue in sheet.quarantined]


def test_english_thousands_are_settled_by_their_column() -> None:
    # 1,234,567 has one reading only: its comma separates thousands, so 1,200 is 1 200 boxes and not 1.2.
    sheet = sales("1,200", "1,234,567", "950")
    assert boxes(sheet) == [1200, 1234567, 950]
    assert [(note.line, note.column, note.reason) for note in sheet.notes] == [
        (2, "BOITES", "« 1,200 » lu 1200 : la colonne sépare ainsi les milliers")
    ]


def test_french_thousands_are_settled_by_their_column() -> None:
    # 1.234.567 and 12,5 are French: 1.200 is 1 200 boxes.
    sheet = sales("1.200", "1.234.567")
    assert (boxes(sheet), sheet.notes[0].reason) == (
        [1200, 1234567],
        "« 1.200 » lu 1200 : la colonne sépare ainsi les milliers",
    )
    assert boxes(sales("1.200", "12,5")) == [1200, 12.5]
    assert boxes(sales("1,234", "0,5")) == [1.234, 0.5]


def test_decimals_of_a_program_are_settled_by_their_column() -> None:
    sheet = sales("1.234", "12.5", "0.75")
    assert (boxes(sheet), sheet.notes[0].reason) == (
        [1.234, 12.5, 0.75],
        "« 1.234 » lu 1,234 : la colonne sépare ainsi les décimales",
    )


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (("1,200", "950"), [950]),  # nothing proves anything
        (("1.200", "950"), [950]),
        (("1,200", "1.234,5", "1,234,567"), [1234.5, 1234567]),  # both conventions in one column
        (("1,200", "12,5"), [12.5]),  # no program writes 1,200 for 1,2 beside 12,5
    ],
)
def test_a_number_with_two_readings_is_quarantined_with_both(cells: Sequence[str], kept: list[float]) -> None:
    sheet = sales(*cells)
    assert boxes(sheet) == kept
    ((line, reason),) = reasons(sheet)
    assert line == 2
    assert reason == (
        f"nombre ambigu : « {cells[0]} » est-il 1200 ou 1,2 ? La colonne ne permet pas de trancher ; l'écrire sans"
        " séparateur de milliers"
    )


def test_thousands_of_boxes_have_three_decimals() -> None:
    table = tables("pointstock")["pointstock_stock"]
    head = ["Semaine", "Grossiste", "CIP13", "Stock (milliers de boîtes)", "Ventes semaine"]
    rows = [head, ["2026-S46", "Grossiste A", CODES[0], "1,250", "310"]]
    assert read_grid(enumerate(rows, start=1), table, "Stocks").rows[0]["stock_boxes"] == 1250


def declarations(*days: tuple[object, object]) -> Sheet:
    """One declaration for each (date of the version, expected return)."""
    head = ["N° de déclaration", "Version", "Date de la version", "Laboratoire", "CIP13", "Classification", "Statut"]
    head += ["Causes", "Circuits", "Début", "Remise à disposition prévue"]
    rows = [
        [f"D-{n}", 1, version_on, "LABO A", CODES[0], "Rupture", "Ouverte", "Autre", "Ville", "20/11/2026", expected]
        for n, (version_on, expected) in enumerate(days)
    ]
    return read_grid(enumerate([head, *rows], start=1), VERSIONS, "Déclarations")


def test_dates_written_month_first_are_settled_by_their_column() -> None:
    # 11/16/2026 exists month first only, so 11/02/2026 is 2 November. The other column proves its own order: 13/01.
    sheet = declarations(("11/02/2026", "13/01/2027"), ("11/16/2026", "04/01/2027"))
    assert [row["version_on"] for row in sheet.rows] == [date(2026, 11, 2), date(2026, 11, 16)]
    assert [row["expected_return_on"] for row in sheet.rows] == [date(2027, 1, 13), date(2027, 1, 4)]
    assert [(note.column, note.reason) for note in sheet.notes] == [
        ("Date de la version", "dates écrites mois d'abord : « 11/02/2026 » lu 02/11/2026 (ainsi de 2 cellules)")
    ]


def test_a_date_with_two_readings_is_quarantined_with_both() -> None:
    # Both orders in one column: 02/11 may be either; 16/11 and 11/16 have one reading.
    sheet = declarations(("02/11/2026", None), ("16/11/2026", None), ("11/16/2026", None))
    assert [row["version_on"] for row in sheet.rows] == [date(2026, 11, 16)] * 2
    assert reasons(sheet) == [
        (
            2,
            (
                "date ambiguë : « 02/11/2026 » est-il le 2 novembre 2026 ou le 11 février 2026 ? D'autres dates sont écrites"
                " mois d'abord ; écrire jj/mm/aaaa partout"
            ),
        )
    ]


def test_a_column_that_proves_nothing_is_doubted_beside_one_written_month_first() -> None:
    sheet = declarations(("11/16/2026", "01/04/2027"), ("11/17/2026", None))
    assert [row["version_on"] for row in sheet.rows] == [date(2026, 11, 17)]
    assert sheet.quarantined[0].column == "Remise à disposition prévue"
    assert "le 1er avril 2027 ou le 4 janvier 2027" in reasons(sheet)[0][1]


def test_days_that_a_french_spreadsheet_inverted_are_doubted() -> None:
    # A spreadsheet set to French opens an American file: 11/02 becomes the 11th of February, 11/16 stays a text.
    sheet = declarations((date(2026, 2, 11), None), ("11/16/2026", None))
    assert [row["version_on"] for row in sheet.rows] == [date(2026, 11, 16)]
    assert "le 11 février 2026 ou le 2 novembre 2026" in reasons(sheet)[0][1]


def test_a_row_sent_back_no_longer_needs_its_column() -> None:
    # Line 2 waits for its number of boxes; alone in the corrected workbook, 11/02 would be the 11th of February.
    head = ["N° de déclaration", "Version", "N° d'approvisionnement", "Date prévue", "Quantité (boîtes)", "Statut"]
    rows = [["D-1", 1, 1, "11/02/2026", "1,200", "?"], ["D-2", 1, 1, "11/16/2026", "1,234,567", "Prévu"]]
    table = tables("trustmed")["trustmed_supply"]
    sheet = read_grid(enumerate([head, *rows], start=1), table, "Approvisionnements")
    assert [(row["planned_on"], row["boxes"]) for row in sheet.rows] == [(date(2026, 11, 16), 1234567)]
    (issue,) = sheet.quarantined
    assert issue.cells == ("D-1", "1", "1", "2026-11-02", "1200", "?")


def test_french_dates_are_read_without_a_word() -> None:
    sheet = declarations(("02/11/2026", "04/01/2027"), (date(2026, 11, 3), "01/02/2027"))
    assert [row["version_on"] for row in sheet.rows] == [date(2026, 11, 2), date(2026, 11, 3)]
    assert (sheet.notes, sheet.quarantined) == ([], [])


def measures(tmp_path: Path, *shares: tuple[object, str | None]) -> Sheet:
    """Measures whose share in town is a number under a number format; the workbook goes through the child process."""
    path = tmp_path / "d.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        head = [f.headers[0][0] for f in VERSIONS.fields]
        sheet = book.add_worksheet("Déclarations")
        sheet.write_row(0, 0, head)
        sheet = book.add_worksheet("Mesures")
        sheet.write_row(0, 0, MEASURES)
        for line, (share, number_format) in enumerate(shares, start=1):
            sheet.write_row(line, 0, [f"D-{line}", 1, "Importation", "En place"])
            place = MEASURES.index("Part ville (%)")
            sheet.write(line, place, share, book.add_format({"num_format": number_format}) if number_format else None)
    return trustmed.read(raw_file("trustmed", path))[1]


def town(sheet: Sheet) -> list[float | None]:
    return [row["town_pct"] for row in sheet.rows]


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "0.0 %", "[Red]0.0%;-0.0%", "# ##0,0\\ %"])
def test_cells_shown_as_percentages_are_read_as_shown(tmp_path: Path, number_format: str) -> None:
    # 0.125 shown as 12,5 %, 1 shown as 100 %.
    sheet = measures(tmp_path, (0.125, number_format), (1, number_format), (None, number_format))
    assert town(sheet) == [12.5, 100, None]
    assert [(note.line, note.value, note.reason) for note in sheet.notes] == [
        (2, "12,5 %", "cellules au format pourcentage : 0,125 lu 12,5 % (ainsi de 2 cellules)")
    ]


def test_each_cell_is_read_by_its_own_format(tmp_path: Path) -> None:
    # 60 is 60 %; 0.6 shown as 60 % is 60 %; « 60 % » typed as a text is 60 %; a literal sign changes nothing to 60.
    sheet = measures(tmp_path, (60, None), (0.6, "0%"), ("60 %", None), (60, '0"%"'))
    assert town(sheet) == [60, 60, 60, 60]


def test_a_percentage_beyond_a_hundred_is_quarantined(tmp_path: Path) -> None:
    sheet = measures(tmp_path, (12.5, "0%"))  # shown as 1250 %
    assert reasons(sheet) == [(2, "valeur supérieure au maximum (100)")]
    assert sheet.quarantined[0].value == "1250 %"


def test_percentages_all_under_one_are_quarantined_with_both_readings(tmp_path: Path) -> None:
    sheet = measures(tmp_path, (0.125, None), (1, None), (0, None))
    assert town(sheet) == [0]  # zero has one reading
    assert reasons(sheet) == [
        (
            2,
            (
                "pourcentage ambigu : « 0.125 » est-il 0,125 % ou 12,5 % ? Aucun autre de la colonne ne dépasse 1 ; l'écrire"
                " avec le signe %"
            ),
        ),
        (
            3,
            (
                "pourcentage ambigu : « 1 » est-il 1 % ou 100 % ? Aucun autre de la colonne ne dépasse 1 ; l'écrire avec le"
                " signe %"
            ),
        ),
    ]
    assert town(measures(tmp_path, ("0,4 %", None))) == [0.4]


def test_a_small_percentage_is_settled_by_the_others(tmp_path: Path) -> None:
    sheet = measures(tmp_path, (0.4, None), (60, None))
    assert (town(sheet), sheet.notes) == ([0.4, 60], [])


def test_a_column_of_small_percentages_is_settled_by_another_column(make_text: Callable[..., RawFile]) -> None:
    # Panel: 0.4 % of pharmacies without stock, 99.6 % well supplied; nobody writes both units on one line.
    head = "Semaine;Groupe;Niveau;Territoire;Officines;Ventes;Part sans stock (%);Part 7 jours et plus (%)"
    (sheet,) = iqvia.read(make_text("iqvia", f"{head}\n2026-S46;g;National;FR;9000;10;0,4;99,6\n"))
    assert [(row["share_none_pct"], row["share_high_pct"]) for row in sheet.rows] == [(0.4, 99.6)]
    assert [note.reason for note in sheet.notes] == [
        "« 0,4 » lu 0,4 % et non 40 % : les autres pourcentages vont jusqu'à 100"
    ]


def test_shares_of_a_panel_given_as_fractions_are_quarantined(make_text: Callable[..., RawFile]) -> None:
    head = "Semaine;Groupe;Niveau;Territoire;Officines;Ventes;Part sans stock (%);Part 7 jours et plus (%)"
    (sheet,) = iqvia.read(make_text("iqvia", f"{head}\n2026-S46;g;National;FR;9000;10;0,2;0,8\n"))
    assert sheet.rows == []
    assert reasons(sheet)[0][1].startswith("pourcentage ambigu : « 0,2 » est-il 0,2 % ou 20 %")


def test_a_number_shown_as_a_percentage_elsewhere_is_quarantined(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Couverture")
        sheet.write_row(0, 0, ["Semaine", "Groupe", "Niveau", "Territoire", "Officines", "Ventes"])
        sheet.write_row(1, 0, ["2026-S46", "g", "National", "FR", 9000])
        sheet.write(1, 5, 0.5, book.add_format({"num_format": "0%"}))
    (read,) = iqvia.read(raw_file("iqvia", path))
    assert reasons(read) == [(2, "nombre au format pourcentage dans une colonne qui n'en attend pas")]
    assert read.quarantined[0].cells[-1] == "50 %"
