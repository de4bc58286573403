"""Coverage of the pharmacies of the panel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from connectors import iqvia
from connectors.base import RawFile, RefusedFile
from connectors.reading.territory import department
from tests.connectors.partner_files import MakeWorkbook, sample, titles

TITLES = titles("iqvia", "iqvia_coverage")
LINE = ["2026-S46", "amoxicilline-1g", "Département", 1.0, 42, 310, -4.2, 5.4, 12, 20, 30, 38]


def test_sample() -> None:
    (sheet,) = iqvia.read(sample("iqvia", "iqvia_2026-S46.csv"))
    assert [(r["line"], r["level"], r["territory"], r["pharmacies"], r["coverage_days"]) for r in sheet.rows] == [
        (2, "national", "FR", 8912, 5.4),
        (3, "region", "06", 14, 2.1),
        (4, "departement", "01", 42, 5.4),
        (5, "departement", "2A", 9, None),
    ]
    assert sheet.rows[0]["sales_boxes"] == 61204
    assert sheet.rows[0]["sales_trend_pct"] == -4.2
    assert [(r.line, r.column, r.value, r.reason) for r in sheet.quarantined] == [
        (6, "Territoire", "20", "code de département inconnu"),
        (7, "Niveau 0 (%)", "0,12", "les quatre parts font 1 au lieu de 100"),
    ]
    assert sheet.balanced


def test_workbook_gives_the_same_as_csv(make_workbook: MakeWorkbook) -> None:
    (row,) = iqvia.read(make_workbook("iqvia", {"Couverture": [TITLES, LINE]}))[0].rows
    assert (row["week"], row["territory"], row["share_high_pct"]) == (date(2026, 11, 9), "01", 38)


def test_the_bytes_decide_not_the_extension(make_workbook: MakeWorkbook) -> None:
    assert len(iqvia.read(make_workbook("iqvia", {"Couverture": [TITLES, LINE]}, name="export.csv"))[0].rows) == 1


def test_text_renamed_as_a_workbook_is_refused(make_text: Callable[..., RawFile]) -> None:
    with pytest.raises(RefusedFile, match="pas un classeur"):
        iqvia.read(make_text("iqvia", ";".join(TITLES) + "\n", name="export.xlsx"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(make_text: Callable[..., RawFile], encoding: str) -> None:
    text = ";".join(TITLES) + "\n2026-S46;g;Région;84;1;1;;;;;;\n"
    assert iqvia.read(make_text("iqvia", text, encoding))[0].rows[0]["level"] == "region"


def test_every_department_is_known_and_nothing_else() -> None:
    mainland = [f"{n:02}" for n in range(1, 96) if n != 20]
    codes = [*mainland, "2A", "2B", "971", "972", "973", "974", "976"]
    assert len(codes) == 101
    assert [department(code, "territory") for code in codes] == codes
    for code in ("00", "20", "96", "97", "975", "2C", "FR", "1A"):
        with pytest.raises(ValueError, match="inconnu"):
            department(code, "territory")
