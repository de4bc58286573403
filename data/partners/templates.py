"""Empty workbooks for partners: the columns of the header tables, and a sheet that explains them in French."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from connectors.base import Field, Source, Table, discover, tables
from connectors.language.typography import french
from data.command import explain_failures
from data.reference import control
from data.settings import PROJECT, Settings

FOLDER = PROJECT / "templates"
LAST_ROW = 1_048_575  # of a sheet, from 0
NOTICE = "Notice"
LISTS_COLUMN = 12  # of the notice, hidden: accepted values, source of the drop-down lists
WRITTEN_AS = {"cip13": "@", "cis": "@", "text": "@", "week": "@", "list": "@", "date": "dd/mm/yyyy", "integer": "0"}
KINDS = {
    "text": "Texte",
    "integer": "Nombre entier",
    "decimal": "Nombre (virgule décimale)",
    "percent": "Pourcentage de 0 à 100",
    "date": "Date jj/mm/aaaa",
    "week": "Semaine ISO, par exemple 2026-S46",
    "choice": "Valeur de la liste",
    "list": "Une ou plusieurs valeurs, séparées par « ; »",
    "cip13": "Code à 13 chiffres, au format texte",
    "cis": "Code à 8 chiffres, au format texte",
}
RULES = (
    "Une ligne par mesure, sous la ligne de titres. Ne pas renommer, fusionner ni ajouter de colonne.",
    "Laisser vide ce qui n'est pas connu : un zéro veut dire zéro.",
    "Les pourcentages s'écrivent de 0 à 100 : 65 et non 0,65.",
    "Une ligne illisible est mise de côté et signalée ; un fichier dont les titres ne vont pas est refusé en entier.",
)
PERCENT_RULE = {  # typed "65 %", a cell keeps 0.65 and its format; copied without it, its unit is lost
    "validate": "decimal",
    "criteria": "between",
    "minimum": 0,
    "maximum": 100,
    "input_message": french("De 0 à 100, sans signe % : 65 et non 0,65."),
}
NOTICE_TITLES = ("Feuille", "Colonne", "Remplissage", "Contenu", "Forme", "Unité", "Valeurs admises", "Exemple")
NOTICE_WIDTHS = (20, 38, 14, 60, 38, 18, 40, 34)


def partner_sources() -> list[Source]:
    """Sources deposited as files by a partner; the others are read over HTTP as published."""
    return [module.SOURCE for module in discover().values() if not hasattr(module, "fetch")]


def write_all(folder: Path = FOLDER) -> list[Path]:
    """``<folder>/<source>.xlsx`` for every partner source."""
    folder.mkdir(parents=True, exist_ok=True)
    return [write(source, folder / f"{source.key}.xlsx") for source in partner_sources()]


def write(source: Source, path: Path) -> Path:
    """The template of ``source``; the same header table gives the same bytes."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": source.title, "created": datetime(2026, 1, 1)})  # noqa: DTZ001 – a workbook keeps no zone
        sheets = [(table, book.add_worksheet(table.sheet)) for table in tables(source.key).values()]
        notice = book.add_worksheet(NOTICE)
        lists = _notice(book, notice, source)
        for table, sheet in sheets:
            _columns(book, sheet, table, lists)
    return path


def _columns(book: xlsxwriter.Workbook, sheet: Worksheet, table: Table, lists: dict[Field, str]) -> None:
    """Title line, format and drop-down list of every column, no data."""
    sheet.freeze_panes(1, 0)
    for index, field in enumerate(table.fields):
        title = field.headers[0][0]
        form = book.add_format({"num_format": WRITTEN_AS.get(field.kind, "General")})
        sheet.set_column(index, index, max(12, len(title) + 2), form)
        sheet.write_string(0, index, title, _title_format(book, field.required))
        if field in lists:
            sheet.data_validation(1, index, LAST_ROW, index, {"validate": "list", "source": lists[field]})
        if field.kind == "percent":
            sheet.data_validation(1, index, LAST_ROW, index, PERCENT_RULE)


def _notice(book: xlsxwriter.Workbook, sheet: Worksheet, source: Source) -> dict[Field, str]:
    """Writes the notice; returns, for fields with accepted values, the range that holds them."""
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(
        0, 0, french(f"{source.title} – modèle de dépôt, version {source.version}"), book.add_format({"bold": True})
    )
    for row, rule in enumerate(map(french, RULES), start=1):
        sheet.write_string(row, 0, rule)
    first = len(RULES) + 2
    for index, (title, width) in enumerate(zip(NOTICE_TITLES, NOTICE_WIDTHS, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(first, index, title, _title_format(book, required=True))
    fields = [(table, field) for table in tables(source.key).values() for field in table.fields]
    for row, (table, field) in enumerate(fields, start=first + 1):
        sheet.write_row(row, 0, _described(table, field), wrap)
    sheet.set_column(LISTS_COLUMN, LISTS_COLUMN + len(fields), None, None, {"hidden": True})
    chosen = [field for _, field in fields if field.kind == "choice"]
    return {field: _list(sheet, LISTS_COLUMN + i, accepted(field)) for i, field in enumerate(chosen)}


def _list(sheet: Worksheet, column: int, values: list[str]) -> str:
    sheet.write_column(0, column, values)
    letter = xlsxwriter.utility.xl_col_to_name(column)
    return f"={NOTICE}!${letter}$1:${letter}${len(values)}"


def _described(table: Table, field: Field) -> list[str]:
    return [
        table.sheet,
        field.headers[0][0],
        "Obligatoire" if field.required else "Facultatif",
        french(field.description),
        french(KINDS[field.kind]),
        field.unit,
        french(" ; ".join(accepted(field))) or _bounds(field),
        field.example,
    ]


def accepted(field: Field) -> list[str]:
    """Values a person may write, in their first spelling in words (``Rupture`` for ``rupture``)."""
    spellings: dict[str, str] = {}
    for spelling, value in field.choices.items():
        if spellings.get(value, value) == value:
            spellings[value] = spelling
    return list(spellings.values())


def _bounds(field: Field) -> str:
    """``de 0 à 100``, ``0 ou plus``, or nothing. The bounds of a date are years, not worth stating."""
    low, high = field.minimum, field.maximum
    if field.kind == "date" or low is None:
        return ""
    return f"{low:g} ou plus" if high is None else f"de {low:g} à {high:g}"


def _title_format(book: xlsxwriter.Workbook, required: bool) -> Format:
    look: dict[str, Any] = {"bold": True, "bottom": 1, "bg_color": "#DCE6F1" if required else "#F2F2F2"}
    return book.add_format(look)


@explain_failures
def main() -> int:
    """Command line: ``python -m data.partners.templates [--to DIR]``."""
    parser = argparse.ArgumentParser(description="Écrit les classeurs vides à remettre aux partenaires.")
    parser.add_argument("--to", type=Path, default=FOLDER, help="dossier où les écrire")
    folder = parser.parse_args().to
    Settings()
    control.check()
    for path in write_all(folder):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
