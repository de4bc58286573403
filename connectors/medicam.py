"""Medic'AM: boxes reimbursed in town each month, by presentation, for all prescribers, those of town and those of hospitals."""

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
from connectors.language.folding import fold
from connectors.reading.blocks import Layout, header_of, read_blocks, unread
from connectors.reading.header import listed
from connectors.reading.http import Http
from connectors.reading.listing import download_listed
from connectors.reading.packed import published_sheets
from connectors.reading.to_come import refuse_to_come
from connectors.reading.values import parse
from connectors.reading.workbook import WorkbookSheet

SOURCE = Source(
    key="medicam",
    title="Medic'AM : médicaments remboursés chaque mois",
    producer="Assurance maladie (CNAM)",
    licence="Licence Ouverte 2.0",
    tier="O",
    rhythm_days=31,
    form="Archive .zip d'un classeur .xls par semestre, complétée chaque mois",
    limits=(
        "Médicaments remboursés, délivrés en ville : ni automédication, ni hôpital",
        "Publié trois à quatre mois après le mois dit",
        "Champ changé en 2012 et en 2016 : une série ne se compare pas au-delà",
        "« Hôpital » dit qui a prescrit, et non où la boîte est délivrée",
    ),
    base_url="https://www.assurance-maladie.ameli.fr/etudes-et-donnees/medicaments-type-prescripteur-medicam",
    patterns=("*medic*am*",),
    periods=("medicam_sales.month",),
    period_lag_days=120,
)

YEARS_BACK = 4  # calendar years asked for: three whole ones and the current one
ASKED_EVERY_DAYS = 7
PUBLISHED = re.compile(r"(?P<year>20\d\d)-\d\d-a-\d\d_medic-?am.*\.(?:zip|xlsx?)", re.IGNORECASE)
MONTH = re.compile(r"(20\d\d)[-/ ](0[1-9]|1[0-2])$")
TABLE = "medicam_sales"
# Sheets are named « MedicAM_2026mois_tous_presc »: the word that names the prescribers.
PRESCRIBERS = {
    "tous": "tous",
    "hopital": "hopital",
    "hosp": "hopital",
    "salari": "hopital",
    "ville": "ville",
    "liber": "ville",
}


def fetch(http: Http, settings: FetchSettings) -> Iterator[Download]:
    """The half-years of the last years."""
    oldest = settings.today.year - YEARS_BACK + 1
    expected = "2026-01-a-06_medic-am…"
    yield from download_listed(
        http, settings, PUBLISHED, expected, ASKED_EVERY_DAYS, lambda name: int(name["year"]) >= oldest
    )


def read(raw: RawFile) -> list[Sheet]:
    """One sheet per kind of prescribers, then those that hold no presentation. Raises ``RefusedFile``."""
    with published_sheets(raw.path) as sheets:
        found = _sheets(sheets, raw.name)
    months = [month for sheet in found for month in sheet.columns.get("month", ())]
    refuse_to_come(raw, max(months), f"{max(months):%Y-%m}")
    return found


def _sheets(found: list[WorkbookSheet], name: str) -> list[Sheet]:
    table = tables(SOURCE.key)[TABLE]
    read: dict[str, Sheet] = {}
    others: list[Sheet] = []
    for part in found:
        who = _prescriber(part.name)
        header = header_of(part.lines, LAYOUT, part.name) if who else None
        if header is None:
            others.append(unread(part, "présentation"))
        elif who in read:
            raise RefusedFile(f"Deux feuilles pour les mêmes prescripteurs : « {read[who].name} » et « {part.name} ».")
        else:
            read[who] = Sheet(part.name, TABLE)
            read_blocks(part.lines, header, LAYOUT, table, read[who], prescriber=who)
    if "tous" not in read:
        names = listed([part.name for part in found])
        raise RefusedFile(
            f"« {name} » : aucune feuille « …tous_presc » avec une ligne de titres « CIP13 » (feuilles trouvées : {names})."
        )
    if not read["tous"].columns["cip13"]:
        raise RefusedFile(f"« {name} » : la feuille « {read['tous'].name} » n'a aucune présentation lisible.")
    return [*read.values(), *(sheet for sheet in others if sheet.rows_in)]


def _prescriber(sheet: str) -> str:
    words = fold(sheet)
    return next((who for word, who in PRESCRIBERS.items() if word in words), "")


def _month(title: str) -> date | None:
    match = MONTH.search(title)
    return date(int(match[1]), int(match[2]), 1) if match else None


def _code(cell: object, _: str) -> str:
    return str(parse(tables(SOURCE.key)[TABLE].field("cip13"), cell))


LAYOUT = Layout(
    code=("CIP13", "Code CIP13"),
    labels=("NOM COURT", "Nom", "Libellé CIP13", "Présentation"),
    measures={
        "boxes": ("Nombre de boites remboursées", "Nombre de boites"),
        "base_eur": ("Base de remboursement",),
        "reimbursed_eur": ("Montant remboursé",),
    },
    period=_month,
    period_words="2026-01",
    totals=("total", "homeopath"),
    code_of=_code,
    code_field="cip13",
    period_field="month",
)
