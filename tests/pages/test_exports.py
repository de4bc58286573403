"""Files that leave: words, formats, notice, day, and the mark of invented or public data on each of them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pandas as pd
import pypdf
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from metrics.declarations import queries as declarations
from pages.components import tables
from pages.components.exports import labels, offering
from pages.components.exports.notice import Meaning
from pages.components.exports.stamp import INVENTED, PUBLIC, Mark, Stamp, carried
from tests.conftest import Home
from tests.pages.exports_walk import Offered, every_export, every_open_export
from tests.worlds import DEMO_DAY

RECEIVED: list[dict[str, Any]] = [
    {"source_key": "trustmed", "title": "TrustMed : déclarations", "producer": "ANSM", "state": "a_jour",
     "last_period_on": date(2026, 11, 28), "last_received_at": None},
    {"source_key": "iqvia", "title": "IQVIA : panel", "producer": "IQVIA", "state": "en_retard",
     "last_period_on": None, "last_received_at": datetime(2026, 11, 1)},
]  # fmt: skip
REAL = Stamp(None, date(2026, 11, 29), None, "Plan hivernal", "/plan-hivernal?sujet=x", lambda: RECEIVED)
INVENTED_DATA = Stamp(INVENTED, date(2026, 11, 29), None, "Plan hivernal", "/plan-hivernal", lambda: RECEIVED)
PUBLIC_DATA = replace(INVENTED_DATA, kind=PUBLIC)
COLUMNS = {"link": "Maillon", "figure_state": "État", "status": "Statut", "coverage_days": "Couverture (j)",
           "share_pct": "Part (%)", "boxes": "Boîtes", "year": "Année", "week": "Semaine du", "is_mitm": "MITM"}  # fmt: skip
# Words that are no codes: names of substances, units, yes and no, words of a circuit.
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
UNACCENTED = {"a_jour", "estime", "non_pertinente", "localisee", "en_retard", "exploitants", "grossistes", "officines"}


def rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "link": ["exploitants", "grossistes", None],
            "figure_state": ["a_jour", "en_retard", "absent"],
            "status": ["satisfaisante", "insatisfaisante", None],
            "coverage_days": [21.392132963989, 2.4, None],
            "share_pct": [12.5, 0.0, None],
            "boxes": [135_806, 28_973, None],
            "year": [2026, 2026, 2025],
            "week": [date(2026, 11, 16)] * 3,
            "is_mitm": [True, False, None],
        }
    )


def sheet_of(content: bytes, name: str = "Données") -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(content))[name]
    assert isinstance(found, Worksheet)
    return found


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_workbook_holds_words_real_dates_percentages_and_thousands() -> None:
    sheet = sheet_of(tables.to_xlsx(tables.select(rows(), COLUMNS), {}, stamp=REAL))
    head, first, second = list(sheet.iter_rows(min_row=1, max_row=3))
    assert [cell.value for cell in head] == list(COLUMNS.values())
    assert [cell.value for cell in second][:3] == ["Grossistes-répartiteurs", "En retard", "Insatisfaisante"]
    looks = {title.value: (cell.value, cell.number_format) for title, cell in zip(head, first, strict=True)}
    assert looks["Couverture (j)"] == (21.392132963989, "#,##0.0")
    assert looks["Part (%)"] == (0.125, "0.0%")  # 12,5 %
    assert looks["Boîtes"] == (135_806, "#,##0")
    assert looks["Année"] == (2026, "0")  # no thousands in a year
    assert looks["Semaine du"] == (datetime(2026, 11, 16), "dd/mm/yyyy")
    assert looks["MITM"][0] == "oui"
    assert [cell.value for cell in list(sheet.iter_rows())[3]] == [None, "Aucune donnée", None, None, None, None, 2025,
                                                                   datetime(2026, 11, 16), None]  # fmt: skip


def test_columns_are_as_wide_as_what_they_hold() -> None:
    table = pd.DataFrame({"short": ["x"], "long": ["Amoxicilline susp. buv. 500 mg/5 ml"], "most": ["mot " * 60]})
    columns = {"short": "Type", "long": "Nom", "most": "Motif"}
    sheet = sheet_of(tables.to_xlsx(tables.select(table, columns), {}))
    wide = [round(sheet.column_dimensions[letter].width) for letter in "ABC"]
    # 8 at least; 35 letters and one more; 60 at most, the text then wraps (Excel adds 0.71 for its margins).
    assert wide == [9, 37, 61]
    assert sheet["C2"].alignment.wrap_text
    assert not sheet["B2"].alignment.wrap_text


@pytest.mark.parametrize(("stamp", "head"), [(REAL, 1), (INVENTED_DATA, 2), (PUBLIC_DATA, 2)])
def test_headings_stay_in_sight_and_filter(stamp: Stamp, head: int) -> None:
    sheet = sheet_of(tables.to_xlsx(tables.select(rows(), COLUMNS), {}, stamp=stamp))
    assert sheet.freeze_panes == f"A{head + 1}"
    assert sheet.auto_filter.ref == f"A{head}:I{head + 3}"
    assert not stamp.kind or sheet["A1"].value == stamp.mark
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.oddHeader
    assert str(sheet.oddHeader.right.text or "") == (stamp.kind.name if stamp.kind else "")


def test_the_notice_says_what_was_chosen_the_days_the_sources_and_each_column() -> None:
    meaning = Meaning({"Couverture (j)": "Jours de demande en stock."}, {"Formule": "stock ÷ demande"})
    content = tables.to_xlsx(tables.select(rows(), COLUMNS), {"Plan": "Plan hivernal"}, meaning, REAL)
    found = {line[0]: line[1] for line in sheet_of(content, "Notice").iter_rows(values_only=True)}
    assert found["Vigistock"] == "Plan hivernal"
    assert found["Plan"] == "Plan hivernal"
    assert found["Données au"] == "29/11/2026"
    assert found["Adresse de la vue"] == "/plan-hivernal?sujet=x"
    assert found["TrustMed (ANSM)"] == "jusqu'au 28/11/2026"
    assert found["IQVIA"] == "jusqu'au 01/11/2026 (en retard)"
    assert found["Couverture (j)"] == "Jours de demande en stock."
    assert found["Formule"] == "stock ÷ demande"
    assert not {INVENTED.name, PUBLIC.name} & set(found)


def test_the_sources_named_are_those_the_page_stands_on() -> None:
    mine = Stamp(receive=lambda: RECEIVED, chosen=["iqvia"])
    assert [line.split(",")[0] for line in mine.sources()] == ["IQVIA"]
    assert len(Stamp(receive=lambda: RECEIVED, chosen=["unknown"]).sources()) == 2


def test_a_csv_keeps_figures_that_a_program_reads() -> None:
    lines = lines_of(tables.to_csv(tables.select(rows(), COLUMNS), {"Plan": "Plan hivernal"}, REAL))
    head = lines.index(list(COLUMNS.values()))
    assert lines[head + 1] == ["Exploitants", "À jour", "Satisfaisante", "21,3921", "12,5", "135806", "2026",
                               "16/11/2026", "oui"]  # fmt: skip
    assert ["# Plan", "Plan hivernal"] in lines
    assert ["# Sources", "TrustMed (ANSM), 28/11/2026 · IQVIA, 01/11/2026 (en retard)"] in lines
    assert lines[0][0] == "# Vigistock"
    for mark in (INVENTED, PUBLIC):
        assert lines_of(tables.to_csv(rows(), {}, replace(REAL, kind=mark)))[0] == [f"# {mark.name}", mark.words]


def test_a_file_is_named_by_its_day_and_says_what_is_invented_or_public() -> None:
    assert REAL.file_name("plan-hivernal.xlsx") == "plan-hivernal-2026-11-29.xlsx"
    assert INVENTED_DATA.file_name("plan-hivernal.xlsx") == "plan-hivernal-2026-11-29-donnees-fictives.xlsx"
    assert PUBLIC_DATA.file_name("carte.png") == "carte-2026-11-29-donnees-ouvertes.png"


def test_whatever_writes_a_file_it_carries_the_stamp_of_its_button() -> None:
    recorded: list[str] = []
    write = offering._recorded(lambda: recorded.append("left"), lambda: tables.to_csv(rows(), {}), INVENTED_DATA)
    assert lines_of(write())[0][0] == f"# {INVENTED.name}"
    assert recorded == ["left"]
    assert lines_of(tables.to_csv(rows(), {}))[0][0] == "# Vigistock"  # and nothing remains of it afterwards


def test_codes_without_words_of_their_own_are_still_read_as_words() -> None:
    labelled = labels.words("kind_of_rule", pd.Series(["date_due", "link"]))
    assert list(labelled) == ["Date due", "link"]
    names = pd.Series(["amoxicilline", "fluticasone"])
    assert list(labels.words("dci_key", names)) == list(names)
    sentences = pd.Series(["Relevé manquant", "a_jour"])
    assert list(labels.words("reason", sentences)) == list(sentences)


@pytest.fixture(scope="module")
def walked() -> dict[str, list[Offered]]:
    return {}


@pytest.fixture
def files(demo_home: Home, monkeypatch: pytest.MonkeyPatch, walked: dict[str, list[Offered]]) -> list[Offered]:
    """Of every page of the demo; asked once."""
    if "files" not in walked:
        number = str(declarations.everything(demo_home.reader())["declaration_no"].iloc[0])
        walked["files"] = every_export(monkeypatch, number)
    return walked["files"]


def test_every_file_of_the_demo_says_its_data_are_invented(files: list[Offered]) -> None:
    assert len(files) > 60
    assert {offered.name.rsplit(".")[-1] for offered in files} == {"csv", "xlsx", "pdf", "zip", "atom"}
    for offered in files:
        assert INVENTED.suffix in offered.leaves_as, offered.name
        assert f"{DEMO_DAY:%Y-%m-%d}" in offered.leaves_as, offered.name
        assert_marked(offered.leaves_as, offered.content(), INVENTED)


def test_every_file_of_an_open_home_says_its_data_are_public(
    open_medicines: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = every_open_export(monkeypatch)
    assert {offered.name.rsplit(".")[-1] for offered in found} >= {"csv", "xlsx"}
    assert len(found) > 20
    for offered in found:
        assert PUBLIC.suffix in offered.leaves_as, offered.name
        assert_marked(offered.leaves_as, offered.content(), PUBLIC)


def assert_marked(name: str, content: bytes, mark: Mark) -> None:
    kind = name.rsplit(".", maxsplit=1)[-1]
    if kind == "csv":
        assert lines_of(content)[0] == [f"# {mark.name}", mark.words], name
    elif kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert str(book["Notice"]["A1"].value).startswith(mark.name), name
        if "a-corriger" not in name or name.startswith("a-corriger-"):  # what a partner sends back is read as it is
            assert all(str(sheet["A1"].value).startswith(mark.name) for sheet in book), name
    elif kind == "pdf":
        read = pypdf.PdfReader(io.BytesIO(content))
        assert all(mark.name in page.extract_text() for page in read.pages), name
    elif kind == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert packed.namelist(), name
            for member in packed.namelist():
                assert mark.suffix in member, name
                assert_marked(member, packed.read(member), mark)
    else:
        assert mark.name.lower() in content.decode().lower(), name


def test_no_cell_of_a_file_is_a_code(files: list[Offered]) -> None:
    """Names of columns and files, which are quoted as received, apart."""
    quoted = {"Unité", "Précision", "Colonne", "Fichier", "Par le fichier", "Identifiant", "Seuil", "Nom", "Valeur lue"}
    for offered in (one for one in files if one.name.endswith(".csv")):
        lines = lines_of(offered.content())
        start = next(place for place, line in enumerate(lines) if not line[0].startswith("# "))
        for line in lines[start + 1 :]:
            found = {t: c for t, c in zip(lines[start], line, strict=True) if t not in quoted}
            assert not [(t, c) for t, c in found.items() if CODE.fullmatch(c) or c in UNACCENTED], offered.name


def test_every_table_of_a_snapshot_describes_its_columns(files: list[Offered]) -> None:
    """The coverage of one molecule: every heading is described, but words the page itself makes of two columns."""
    found = next(one for one in files if one.name == "couverture-amoxicilline-susp-500.xlsx").content()
    titles = {str(cell.value) for cell in sheet_of(found)[2]}
    described = {str(line[0]) for line in sheet_of(found, "Notice").iter_rows(values_only=True)}
    assert titles - described <= {"État"}
    assert {"Question", "Formule", "Absence", "Source"} <= described


def test_a_partner_file_sent_back_twice_keeps_a_short_name() -> None:
    from data.partners import corrections

    with carried(INVENTED_DATA) as stamp:
        once = f"vigistock-{stamp.file_name(corrections.file_name('stocks_S46.csv'))}"
    assert once == "vigistock-stocks_S46_a-corriger-2026-11-29-donnees-fictives.xlsx"
    assert corrections.file_name(once) == "stocks_S46_a-corriger.xlsx"


def test_rows_may_be_those_of_a_block() -> None:
    held: list[dict[str, Any]] = [{"link": "exploitants", "boxes": 3}, {"link": None, "boxes": None}]
    sheet = sheet_of(tables.to_xlsx(tables.select(offering.table_of(held), {"link": "Maillon", "boxes": "Boîtes"}), {}))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Maillon", "Boîtes"],
        ["Exploitants", 3],
        [None, None],
    ]
