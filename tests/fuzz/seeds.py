"""One valid file of every shape that reaches the inbox, in a small market that a refresh can compute."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from connectors.base import tables
from tests.connectors.partner_files import SAMPLES, titles
from tests.fuzz.documents import Book, Sheet, table, written
from tests.referential import Medicine, files, simple

DAY = date(2026, 11, 22)
LAST = date(2026, 11, 9)  # Monday of the last week told
WEEKS = tuple(LAST - timedelta(weeks=back) for back in (3, 2, 1, 0))
NAMES = {
    "amoxicilline-susp-500": "AMOXICILLINE TITULAIRE {} 500 mg/5 ml, poudre pour suspension buvable",
    "clarithromycine-susp-25": "CLARITHROMYCINE TITULAIRE {} 25 mg/ml, poudre pour suspension buvable",
    "azithromycine-susp-40": "AZITHROMYCINE TITULAIRE {} 40 mg/ml, poudre pour suspension buvable",
    "prednisolone-20": "PREDNISOLONE TITULAIRE {} 20 mg, comprimé",
}
# The seeds tell the first two groups; other files of the same partners tell the last two, which must never move.
TOLD = tuple(NAMES)[:2]
APART = tuple(NAMES)[2:]


def _medicines() -> dict[tuple[str, str], Medicine]:
    found: dict[tuple[str, str], Medicine] = {}
    for group, name in NAMES.items():
        for letter in "AB":
            denomination = name.format(letter)
            cis = str(90_000_001 + len(found))
            found[group, letter] = simple(cis, denomination, denomination.split()[0], f"TITULAIRE {letter}", "comprimé")
    return found


MEDICINES = {key: replace(medicine, atc="J01CA04") for key, medicine in _medicines().items()}
Value = dict[str, Any]


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


def _grid(source: str, lake_table: str, rows: list[Value]) -> list[list[object]]:
    """Titles of the template, then rows in their order."""
    fields = tables(source)[lake_table].fields
    return [titles(source, lake_table), *([row.get(f.name) for f in fields] for row in rows)]


def _workbook(source: str, rows: dict[str, list[Value]]) -> Book:
    known = tables(source)
    sheets = [Sheet(known[name].sheet, table(_grid(source, name, content))) for name, content in rows.items()]
    return Book("xlsx", tuple(sheets))


def _csv(source: str, lake_table: str, rows: list[Value], delimiter: str = ";", encoding: str = "utf-8-sig") -> Book:
    body = _grid(source, lake_table, rows)
    sheet = Sheet(tables(source)[lake_table].sheet, table([[_french(cell) for cell in line] for line in body]))
    return Book("csv", (sheet,), delimiter=delimiter, encoding=encoding)


def _french(cell: object) -> object:
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def laboratory(groups: tuple[str, ...], weeks: tuple[date, ...] = WEEKS) -> dict[str, list[Value]]:
    """What two laboratories tell of some groups."""
    stocks = [
        {
            **{"week": monday, "laboratory": f"LABORATOIRE {letter}", "cip13": MEDICINES[group, letter].cip13},
            **{"label": f"Boîte {letter}", "stock_boxes": 1200.5 + 10 * n, "usual_monthly_sales_boxes": 3000},
            **{"sales_4w_boxes": 2800, "sales_boxes": 700 + n},
        }
        for n, monday in enumerate(weeks)
        for group in groups
        for letter in "AB"
    ]
    supplies = [
        {**{key: row[key] for key in ("week", "laboratory", "cip13")}, "planned_on": date(2026, 12, 7), "boxes": 1500}
        for row in stocks
        if row["week"] == weeks[-1]
    ]
    return {"tracstocks_stock": stocks, "tracstocks_supply": supplies}


def wholesaler(name: str, groups: tuple[str, ...], weeks: tuple[date, ...] = WEEKS) -> dict[str, list[Value]]:
    """What one wholesaler tells of some groups."""
    rows = [
        {
            **{"week": f"{monday:%G-S%V}", "wholesaler": name, "cip13": MEDICINES[group, letter].cip13},
            **{"label": None, "stock_boxes": 120 + n, "sales_boxes": 70},
        }
        for n, monday in enumerate(weeks)
        for group in groups
        for letter in "AB"
    ]
    return {"pointstock_stock": rows}


def declarations(groups: tuple[str, ...], stem: str) -> dict[str, list[Value]]:
    """Two versions of one declaration by box, with a supply and a measure."""
    versions: list[Value] = []
    for number, (group, letter) in enumerate((g, letter) for g in groups for letter in "AB"):
        for version in (1, 2):
            versions.append(
                {
                    **{"declaration_no": f"{stem}-{number}", "version_no": version},
                    **{"version_on": date(2026, 11, 2) + timedelta(weeks=version - 1), "kind": "Rupture"},
                    **{"laboratory": f"LABORATOIRE {letter}", "cip13": MEDICINES[group, letter].cip13},
                    **{"status": "Ouverte", "causes": "Incident de production ; Transfert de site"},
                    **{"circuits": "Ville ; Hôpital", "start_on": date(2026, 11, 1), "duration_days": 40},
                    **{"expected_return_on": date(2026, 12, 10 + version), "share_town_pct": 30.5},
                    **{"stock_boxes": 300, "sales_town_boxes": 400, "comment": "Ligne arrêtée"},
                }
            )
    keys = [{name: row[name] for name in ("declaration_no", "version_no")} for row in versions]
    return {
        "trustmed_version": versions,
        "trustmed_supply": [
            {**key, "supply_no": 1, "planned_on": date(2026, 12, 7), "boxes": 1500, "state": "Prévu"} for key in keys
        ],
        "trustmed_measure": [
            {**key, "measure": "Importation", "state": "En place", "start_on": date(2026, 11, 5)} for key in keys
        ],
    }


def panel(groups: tuple[str, ...]) -> list[Value]:
    """A panel of pharmacies: the nation, a region, two departments."""
    places = (("National", "FR", 8912), ("Région", "84", 900), ("Département", "01", 42), ("Département", "2A", 31))
    shares = {"share_none_pct": 12.0, "share_low_pct": 20.0, "share_medium_pct": 30.0, "share_high_pct": 38.0}
    return [
        {
            **{"week": f"{monday:%G-S%V}", "group_id": group, "level": level, "territory": territory},
            **{"pharmacies": pharmacies, "sales_boxes": 310, "sales_trend_pct": -4.2, "coverage_days": 5.4, **shares},
        }
        for monday in WEEKS
        for group in groups
        for level, territory, pharmacies in places
    ]


def dispensed(groups: tuple[str, ...]) -> list[Value]:
    """Boxes sold by region."""
    return [
        {
            **{"week": f"{monday:%G-S%V}", "cip13": MEDICINES[group, letter].cip13, "region": region},
            **{"boxes": 1234.5, "prescribed_boxes": 1100.0},
        }
        for monday in WEEKS
        for group in groups
        for letter in "AB"
        for region in ("11", "84")
    ]


def decided(group: str) -> dict[str, list[Value]]:
    """A manual reference and an excluded month."""
    manual = {"subject_id": group, "link": "Exploitants", "monthly_boxes": 4000, "since": date(2026, 1, 1)}
    return {
        "references_manual": [{**manual, "reason": "Campagne", "author": "Équipe"}],
        "references_excluded": [{"subject_id": group, "month_on": date(2026, 1, 1), "reason": "Épidémie"}],
    }


def released() -> list[Value]:
    """Closed declarations rendered public."""
    return [
        {
            **{"cis": MEDICINES[group, "A"].cis, "name": "amoxicilline a, comprimé", "kind": "rupture"},
            **{"causes": "Incident de production, Autre", "event_on": f"2023-0{month}-20", "atc": "J01CA04"},
            **{"molecule": "Amoxicilline", "laboratory": "laboratoire a", "town_patients": "1000.0"},
        }
        for group in TOLD
        for month in (1, 2, 3)
    ]


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
    return Seed(name.split("-")[0], "spf", path.name, Book("json", (Sheet(name, table(grid)),)))


def _tree(source: str, name: str) -> Seed:
    return Seed(name, source, name, tree=json.loads((SAMPLES / source / name).read_text(encoding="utf-8")))


VISITS = "passages-aux-urgences-et-actes-sos-medecins"
SEEDS = (
    Seed("tracstocks", "tracstocks", "laboratoires.xlsx", _workbook("tracstocks", laboratory(TOLD))),
    Seed("pointstock", "pointstock", "grossiste.xlsx", _workbook("pointstock", wholesaler("GROSSISTE A", TOLD))),
    Seed("trustmed", "trustmed", "declarations.xlsx", _workbook("trustmed", declarations(TOLD, "D-2026"))),
    Seed("iqvia-csv", "iqvia", "panel.csv", _csv("iqvia", "iqvia_coverage", panel(TOLD))),
    Seed("iqvia-xlsx", "iqvia", "panel.xlsx", _workbook("iqvia", {"iqvia_coverage": panel(TOLD)})),
    Seed("openhealth-csv", "openhealth", "ventes.csv", _csv("openhealth", "openhealth_sales", dispensed(TOLD))),
    Seed("openhealth-xlsx", "openhealth", "v.xlsx", _workbook("openhealth", {"openhealth_sales": dispensed(TOLD)})),
    Seed("references", "references", "references.xlsx", _workbook("references", decided(TOLD[0]))),
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
)


def others() -> dict[tuple[str, str], bytes]:
    """Valid files of other declarants about other groups, by source and name: nothing of them may ever move."""
    return {
        ("tracstocks", "autres.xlsx"): written(_workbook("tracstocks", laboratory(APART))),
        ("pointstock", "autre.xlsx"): written(_workbook("pointstock", wholesaler("GROSSISTE B", APART))),
        ("trustmed", "autres.xlsx"): written(_workbook("trustmed", declarations(APART, "A-2026"))),
        ("iqvia", "autres.csv"): written(_csv("iqvia", "iqvia_coverage", panel(APART))),
        ("openhealth", "autres.csv"): written(_csv("openhealth", "openhealth_sales", dispensed(APART))),
        ("references", "autres.xlsx"): written(_workbook("references", decided(APART[0]))),
    }
