"""One valid file of every shape that reaches the inbox, in a small market that a refresh can compute."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from connectors.base import Field, discover, tables
from tests.connectors.partner_files import SAMPLES, Rows, titles
from tests.fuzz.documents import Book, Sheet, table, written
from tests.fuzz.partners import (
    APART,
    MEDICINES,
    SEEDED,
    Value,
    alerted,
    decided,
    declarations,
    dispensed,
    hospitals,
    laboratory,
    panel,
    prepared,
    present,
    released,
    signalled,
    sold,
    weekly_file,
    wholesaler,
)
from tests.referential import files


@dataclass(frozen=True)
class Seed:
    """A valid file: ``book`` when it is tabular (JSON records included), ``tree`` for the other JSON."""

    id: str
    source: str
    name: str
    book: Book | None = None
    tree: Any = None

    @property
    def content(self) -> bytes:
        if self.book:
            return written(self.book)
        return json.dumps(self.tree, ensure_ascii=False).encode()


def _grid(source: str, lake_table: str, rows: list[Value]) -> Rows:
    """Titles of the template, then rows in their order."""
    fields = tables(source)[lake_table].fields
    return [titles(source, lake_table), *([row.get(f.name) for f in fields] for row in rows)]


def workbook(source: str, rows: dict[str, list[Value]]) -> Book:
    """A workbook with the titles of the template; ``rows`` by lake table."""
    schema_tables = tables(source)
    sheets = [Sheet(schema_tables[name].sheet, table(_grid(source, name, content))) for name, content in rows.items()]
    return Book("xlsx", tuple(sheets))


def _csv(source: str, lake_table: str, rows: list[Value], delimiter: str = ";", encoding: str = "utf-8-sig") -> Book:
    body = _grid(source, lake_table, rows)
    sheet = Sheet(tables(source)[lake_table].sheet, table([[_french(cell) for cell in line] for line in body]))
    return Book("csv", (sheet,), delimiter=delimiter, encoding=encoding)


def _french(cell: object) -> object:
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def _flat(name: str, content: bytes, encoding: str) -> Seed:
    """A public text file without titles."""
    lines = [line.rstrip("\r").split("\t") for line in content.decode(encoding).splitlines()]
    sheet = Sheet(name.removesuffix(".txt"), table(lines), head=-1)
    return Seed(name, "bdpm", name, Book("tsv", (sheet,), encoding=encoding))


def _public() -> list[Seed]:
    made = files(list(MEDICINES.values()))
    seeds = [_flat(name, made[name], "utf-8" if name == "CIS_CIP_bdpm.txt" else "cp1252") for name in made]
    others = ("CIS_GENER_bdpm.txt", "CIS_CPD_bdpm.txt", "CIS_CIP_Dispo_Spec.txt")
    return seeds + [_flat(name, (SAMPLES / "bdpm" / name).read_bytes(), "cp1252") for name in others]


def _records(name: str) -> Seed:
    """A list of records as a grid: its keys are the titles."""
    path = SAMPLES / "spf" / f"{name}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    records = document["results"] if isinstance(document, dict) else document
    keys = list(dict.fromkeys(key for record in records for key in record))
    grid = [keys, *([record.get(key) for key in keys] for record in records)]
    return Seed(name.split("-", maxsplit=1)[0], "spf", path.name, Book("json", (Sheet(name, table(grid)),)))


def _tree(source: str, name: str) -> Seed:
    return Seed(name, source, name, tree=json.loads((SAMPLES / source / name).read_text(encoding="utf-8")))


def _published() -> list[Seed]:
    """Public files of which a line is a row: sums and blocks of several months are in ``tests/connectors``."""
    codes = [medicine.cip13 for medicine in MEDICINES.values()]
    persons: list[Any] = [
        ["CIP13", "l_cip13", "nbc", "REM", "BSE", "BOITES"],
        *[[c, "X", "12", "1,50", "2,00", "30"] for c in codes],
    ]
    month: list[Any] = [
        ["CIP13", "NOM COURT", "Nombre de boites remboursées 2026-01"],
        *[[c, "X", 30] for c in codes],
    ]
    units: list[Any] = [
        ["Code UCD", "Nom", "Nombre d'unités remboursées 2025"],
        *[[str(9400000 + n), "X", 30] for n in range(4)],
    ]
    series = [
        line.split(",") for line in (SAMPLES / "sentinelles" / "incidence-RDD-3.csv").read_text().splitlines()[1:5]
    ]
    return [
        Seed(
            "openmedic",
            "openmedic",
            "NB_2024_cip13.csv",
            Book("csv", (Sheet("NB", table(persons)),), encoding="cp1252"),
        ),
        Seed("medicam", "medicam", "2026-01-a-01_medic-am.xlsx", Book("xlsx", (Sheet("tous_presc", table(month)),))),
        Seed("retrocedam", "retrocedam", "retroced-am.xlsx", Book("xlsx", (Sheet("UCD", table(units)),))),
        Seed(
            "sentinelles",
            "sentinelles",
            "incidence-RDD-3.csv",
            Book("csv", (Sheet("S", table(series)),), delimiter=",", encoding="utf-8"),
        ),
    ]


VISITS = "passages-aux-urgences-et-actes-sos-medecins"
SEEDS = (
    Seed("tracstocks", "tracstocks", "laboratoires.xlsx", workbook("tracstocks", laboratory(SEEDED))),
    Seed("pointstock", "pointstock", "grossiste.xlsx", workbook("pointstock", wholesaler("GROSSISTE A", SEEDED))),
    Seed("grossistes", "grossistes", "hebdo.xlsx", workbook("grossistes", weekly_file("GROSSISTE A", SEEDED))),
    Seed("trustmed", "trustmed", "declarations.xlsx", workbook("trustmed", declarations(SEEDED, "D-2026"))),
    Seed("iqvia-csv", "iqvia", "panel.csv", _csv("iqvia", "iqvia_coverage", panel(SEEDED))),
    Seed("iqvia-xlsx", "iqvia", "panel.xlsx", workbook("iqvia", {"iqvia_coverage": panel(SEEDED)})),
    Seed("openhealth-csv", "openhealth", "ventes.csv", _csv("openhealth", "openhealth_sales", dispensed(SEEDED))),
    Seed("openhealth-xlsx", "openhealth", "v.xlsx", workbook("openhealth", {"openhealth_sales": dispensed(SEEDED)})),
    Seed("references", "references", "references.xlsx", workbook("references", decided(SEEDED[0]))),
    Seed("dispostock", "dispostock", "pui.xlsx", workbook("dispostock", {"dispostock_stock": hospitals()})),
    Seed("csrp", "csrp", "presence.xlsx", workbook("csrp", {"csrp_presence": present(SEEDED)})),
    Seed("dpruptures", "dpruptures", "alertes.xlsx", workbook("dpruptures", alerted(SEEDED))),
    Seed("sisac", "sisac", "signaux.xlsx", workbook("sisac", {"sisac_signal": signalled(SEEDED)})),
    Seed(
        "preparations", "preparations", "passe.xlsx", workbook("preparations", {"preparations_week": prepared(SEEDED)})
    ),
    Seed("gers", "gers", "gers.xlsx", workbook("gers", {"gers_sales": sold(SEEDED)})),
    Seed(
        "historique",
        "historique",
        "closes.csv",
        _csv("historique", "historique_declaration", released(), delimiter=",", encoding="utf-8"),
    ),
    *_public(),
    _records(f"grippe-{VISITS}-departement"),
    _records(f"covid-19-{VISITS}-france"),
    _records("ma_region_epidemies_hivernales_alertes"),
    _tree("spf", "plusieurs_indicateurs.json"),
    _tree("vigilance", "CDP_CARTE_EXTERNE.json"),
    *_published(),
)


def _from_examples(source: str) -> Seed:
    """A file made of the examples of the header table, for a source that has no file of its own here."""
    rows = {
        table.name: [{item.name: _example(item, number) for item in table.fields} for number in range(1, 5)]
        for table in tables(source).values()
    }
    return Seed(source, source, f"{source}.xlsx", workbook(source, rows))


def _example(item: Field, number: int) -> object:
    named = item.key and item.kind == "text"
    return f"{item.example}-{number}" if named else item.example or None


SEEDS += tuple(_from_examples(key) for key in discover() if key not in {seed.source for seed in SEEDS})


BY_ID = {seed.id: seed for seed in SEEDS}


def others() -> dict[tuple[str, str], bytes]:
    """Valid files of other declarants about other groups, by source and name: nothing of them may ever move."""
    return {
        ("tracstocks", "autres.xlsx"): written(workbook("tracstocks", laboratory(APART))),
        ("pointstock", "autre.xlsx"): written(workbook("pointstock", wholesaler("GROSSISTE B", APART))),
        ("trustmed", "autres.xlsx"): written(workbook("trustmed", declarations(APART, "A-2026"))),
        ("iqvia", "autres.csv"): written(_csv("iqvia", "iqvia_coverage", panel(APART))),
        ("openhealth", "autres.csv"): written(_csv("openhealth", "openhealth_sales", dispensed(APART))),
        ("references", "autres.xlsx"): written(workbook("references", decided(APART[0]))),
    }


def workbook_of(seed: str) -> Book:
    """The workbook a seed was made from."""
    book = BY_ID[seed].book
    assert book
    return book
