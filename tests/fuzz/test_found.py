"""Defects the fuzzing found, each by the smallest file or answer that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors import pointstock, spf
from connectors.base import RefusedFile, SourceUnavailable
from connectors.reading.http import Http
from tests.connectors.partner_files import raw_file, titles
from tests.fuzz.documents import Book, packed, workbook_parts
from tests.fuzz.seeds import workbook_of
from tests.fuzz.test_answers import LIMITS, speaking

MakeFile = Callable[..., Any]
RATES = {"taux_passages_grippe_sau": 1.5, "taux_hospit_grippe_sau": 2.5, "taux_actes_grippe_sos": 3.5}
WEEK = {"semaine": "2026-S46", "date_complet": "2026-11-09"}


def refusal(make_text: MakeFile, records: object) -> str:
    with pytest.raises(RefusedFile) as refused:
        spf.read(make_text("spf", json.dumps(records), name="jeu.json"))
    return str(refused.value)


def test_a_department_code_renamed_does_not_make_the_nation(make_text: MakeFile) -> None:
    record = {**WEEK, "code": "2A", "libgeo": "Corse-du-Sud", "sursaud_cl_age_gene": "Tous âges", **RATES}
    assert "sans code de département" in refusal(make_text, [record])


def test_an_age_class_renamed_does_not_make_all_ages(make_text: MakeFile) -> None:
    assert "Champs inconnus : « age »" in refusal(make_text, [{**WEEK, "age": "65 ans ou plus", **RATES}])


def test_an_age_class_lost_does_not_make_all_ages(make_text: MakeFile) -> None:
    other = {**RATES, "taux_passages_grippe_sau": 9.5}
    assert "Plusieurs valeurs pour la même semaine" in refusal(make_text, [{**WEEK, **RATES}, {**WEEK, **other}])


def test_a_rate_renamed_is_not_a_rate_unknown(make_text: MakeFile) -> None:
    rates = {key.replace("hospit", "hosp"): rate for key, rate in RATES.items()}
    assert "taux_hosp_grippe_sau" in refusal(make_text, [{**WEEK, "sursaud_cl_age_gene": "Tous âges", **rates}])


@pytest.mark.parametrize("day", ["x" * 40_000, None, True, [1]])
def test_a_wrong_day_is_quoted_and_short(make_text: MakeFile, day: object) -> None:
    (sheet,) = spf.read(make_text("spf", json.dumps([{**WEEK, "dep": "13", **RATES, "date_complet": day}])))
    assert all(len(issue.reason) < 120 and "«" in issue.reason for issue in sheet.quarantined)
    assert bool(sheet.quarantined) == (day is not None)


@pytest.mark.parametrize("message", [None, "", "e" * 40_000])
def test_an_error_of_the_producer_is_a_sentence(make_text: MakeFile, message: str | None) -> None:
    sentence = refusal(make_text, {"error_code": "ODSQLError", "message": message})
    assert sentence.startswith("Odissé a répondu par une erreur : «")
    assert "None" not in sentence
    assert len(sentence) < 300


def test_a_name_of_forty_thousand_letters_does_not_make_a_sentence_of_them(make_workbook: MakeFile) -> None:
    line = ["2026-S46", "GROSSISTE A", "3400930000014", None, 5, 7]
    others = [["2026-S46", name, *line[2:]] for name in ("A" * 30_000, *(f"GROSSISTE {n}" for n in range(500)))]
    with pytest.raises(RefusedFile) as refused:
        pointstock.read(
            make_workbook("pointstock", {"Stocks": [titles("pointstock", "pointstock_stock"), line, *others]})
        )
    assert str(refused.value).startswith("Un classeur par grossiste est attendu. Grossistes trouvés : « AAAA")
    assert str(refused.value).endswith("et 492 autres.")
    assert len(str(refused.value)) < 500


def test_a_sheet_name_of_any_length_is_cut(tmp_path: Path) -> None:
    (sheet,) = workbook_of("pointstock").sheets
    path = tmp_path / "f.xlsx"
    path.write_bytes(packed(workbook_parts(Book("xlsx", (replace(sheet, name="n" * 40_000),)))))
    with pytest.raises(RefusedFile) as refused:
        pointstock.read(raw_file("pointstock", path))
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "head",
    [
        b"429 Attendez\r\nRetry-After: Fri, 31 Dec 2100 23:59:59 +9999999999999999999999",
        b"302 Ailleurs\r\nLocation: http://\xff/",
    ],
)
def test_a_malformed_header_is_a_failure_of_the_source_only(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """An OverflowError, a UnicodeDecodeError of the layers below ended the refresh of every source."""
    monkeypatch.setenv("NO_PROXY", "*")
    with speaking() as mouth:
        mouth.answer = b"HTTP/1.1 " + head + b"\r\nContent-Length: 0\r\n\r\n"
        with pytest.raises(SourceUnavailable):
            Http(LIMITS).get(mouth.url)
