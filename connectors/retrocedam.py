"""Rétroced'AM: medicines dispensed by hospital pharmacies to patients at home, by UCD and year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from connectors.base import (
    Download,
    FetchSettings,
    RawFile,
    RefusedFile,
    Sheet,
    Source,
    tables,
)
from connectors.reading.blocks import Layout, header_of, read_blocks, unread
from connectors.reading.header import listed
from connectors.reading.http import Http
from connectors.reading.lines import plain
from connectors.reading.listing import download_listed
from connectors.reading.packed import published_sheets
from connectors.reading.to_come import refuse_to_come
from connectors.reading.ucd import EXPECTED, UCD
from connectors.reading.values import BadValue
from connectors.reading.workbook import WorkbookSheet

SOURCE = Source(
    key="retrocedam",
    title="Rétroced'AM : rétrocession hospitalière",
    producer="Assurance maladie (CNAM)",
    licence="Licence Ouverte 2.0",
    tier="O",
    rhythm_days=450,
    version=2,
    form="Classeur Excel de plusieurs années, une fois par an, sans date fixe",
    limits=(
        "Médicaments remboursés de la rétrocession : ni séjours à l'hôpital, ni officines",
        "Champ (régimes, territoires) variable selon les années : régime général et métropole pour les plus anciennes",
        "Compté en UCD, un comprimé ou un flacon, et non en boîtes",
        "Une UCD n'est pas reliée aux présentations par le référentiel public",
    ),
    base_url="https://www.assurance-maladie.ameli.fr/etudes-et-donnees/medicaments-retrocession-hospitaliere-retrocedam",
    patterns=("*retroced*",),
)

ASKED_EVERY_DAYS = 30
PUBLISHED = re.compile(r".*retroced.*\.(?:zip|xlsx?)", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(20[0-4]\d)$")
TABLE = "retrocedam_units"


def fetch(http: Http, settings: FetchSettings) -> Iterator[Download]:
    """Every workbook listed."""
    yield from download_listed(http, settings, PUBLISHED, "…retroced-am…", ASKED_EVERY_DAYS)


def read(raw: RawFile) -> list[Sheet]:
    """The sheet of UCD, then those that hold none. Raises ``RefusedFile``."""
    with published_sheets(raw.path) as sheets:
        found = _sheets(sheets, raw.name)
    last = max(year for sheet in found for year in sheet.columns.get("year", ()))
    refuse_to_come(raw, date(last, 1, 1), str(last))
    return found


def _sheets(found: list[WorkbookSheet], name: str) -> list[Sheet]:
    read: list[Sheet] = []
    others: list[Sheet] = []
    for part in found:
        header = header_of(part.lines, LAYOUT, part.name)
        if header is None:
            others.append(unread(part, "UCD"))
        else:
            read.append(Sheet(part.name, TABLE))
            read_blocks(part.lines, header, LAYOUT, tables(SOURCE.key)[TABLE], read[-1])
    if not any(sheet.columns["units"] for sheet in read):
        names = listed([part.name for part in found])
        raise RefusedFile(
            f"« {name} » : aucune feuille avec une ligne de titres « Code UCD » et des unités (feuilles trouvées : {names})."
        )
    return [*read, *(sheet for sheet in others if sheet.rows_in)]


def _year(title: str) -> int | None:
    match = YEAR.search(title)
    return int(match[1]) if match else None


def _code(cell: object, label: str) -> str | None:
    """Seven digits; none for the lines that the producer aggregates, which have a name and no code."""
    text = plain(float(cell)) if isinstance(cell, int | float) else str(cell or "").strip()
    if match := UCD.fullmatch(text):
        return match[1]
    if any(sign.isdigit() for sign in text) or not (text or label):
        raise BadValue(EXPECTED)
    return None


LAYOUT = Layout(
    code=("Code UCD", "cod_ucd", "Code UCD7", "UCD", "Code UCD 7", "Code UCD13"),
    labels=("Nom", "Libellé", "Libellé UCD", "nom_ucd", "lib_ucd", "Nom UCD", "Dénomination"),
    measures={
        "units": ("Nombre d'unités", "Nombre d'UCD", "Nombre", "Unités"),
        "base_eur": ("Base de remboursement", "Base"),
        "reimbursed_eur": ("Montant remboursé", "Montant"),
        "margin_eur": ("dont Marge", "Marge"),
    },
    period=_year,
    period_words="2025",
    totals=("total", "soustotal"),
    code_of=_code,
    code_field="ucd",
    period_field="year",
)
