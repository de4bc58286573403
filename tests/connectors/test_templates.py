"""Templates: recognised when empty, read back when filled with their own examples."""

from __future__ import annotations

import importlib
from pathlib import Path

import openpyxl
import pytest

from connectors.base import Sheet, Source, tables
from data.partners.templates import NOTICE, accepted, partner_sources, write, write_all
from tests.conftest import HTTP_SOURCES
from tests.connectors.partner_files import raw_file

SOURCES = {source.key: source for source in partner_sources()}
by_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())


def read(source: Source, path: Path) -> list[Sheet]:
    sheets: list[Sheet] = importlib.import_module(f"connectors.{source.key}").read(raw_file(source.key, path))
    return sheets


def test_partner_sources() -> None:
    assert {"trustmed", "tracstocks", "pointstock", "grossistes", "iqvia", "openhealth"} <= SOURCES.keys()
    assert not set(HTTP_SOURCES) & SOURCES.keys()


@by_source
def test_an_empty_template_is_recognised(source: Source, tmp_path: Path) -> None:
    sheets = read(source, write(source, tmp_path / "modele.xlsx"))
    assert [(s.table, s.rows_in) for s in sheets] == [(name, 0) for name in tables(source.key)]


@by_source
def test_a_template_filled_with_its_examples_is_loaded(source: Source, tmp_path: Path) -> None:
    path = write(source, tmp_path / "modele.xlsx")
    book = openpyxl.load_workbook(path)
    for table in tables(source.key).values():
        book[table.sheet].append([field.example or None for field in table.fields])
    book.save(path)
    for sheet in read(source, path):
        assert sheet.quarantined == []
        (row,) = sheet.rows
        filled = {f.name for f in tables(source.key)[sheet.table].fields if f.example}
        assert {name for name, value in row.items() if value not in (None, [])} == filled | {"line"}


@by_source
def test_the_notice_describes_every_column(source: Source, tmp_path: Path) -> None:
    notice = openpyxl.load_workbook(write(source, tmp_path / "modele.xlsx"))[NOTICE]
    described = {(row[0], row[1]): row for row in notice.iter_rows(values_only=True)}
    for table in tables(source.key).values():
        for field in table.fields:
            row = described[table.sheet, field.headers[0][0]]
            assert row[2] == ("Obligatoire" if field.required else "Facultatif")
            assert row[3], f"{table.name}.{field.name} has no description"


def test_choices_are_proposed_in_words_and_accepted(tmp_path: Path) -> None:
    kind = tables("trustmed")["trustmed_version"].field("kind")
    assert accepted(kind) == ["Rupture", "Risque"]
    sheet = openpyxl.load_workbook(write(SOURCES["trustmed"], tmp_path / "m.xlsx"))["Déclarations"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert [str(rule.sqref).partition("1048576")[0][:3] for rule in lists] == ["F2:", "G2:"]


def test_same_header_table_same_bytes(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_all(tmp_path / "a")]
    assert first == [path.read_bytes() for path in write_all(tmp_path / "b")]
