"""Four days of one home: what partners drop, receive, correct and drop again, each in its own situation."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import openpyxl

from connectors.reading.correction import REASON_TITLE, REFERENCE_TITLE
from data.partners import corrections
from data.warehouse import Reader
from metrics.sources import queries as sources
from tests.conftest import Home
from tests.connectors.partner_files import titles, write_workbook

DAYS = [date(2026, 11, day) for day in (17, 18, 19, 20)]
CIP, OTHER, THIRD = "3400930000014", "3400930000021", "3400930000038"
FORMULA = "=cmd|'/c calc'!A0"
THOUSANDS = ["Sem.", "Grossiste", "Stock (milliers de boîtes)", None, "Code CIP", "Ventes semaine"]
SALES = ";".join(titles("openhealth", "openhealth_sales"))

Cells = Mapping[str, Mapping[str, Any]]
Found = list[tuple[str, int, str, str | None]]


def stock(house: str, code: str, boxes: object, label: str | None = None) -> list[object]:
    return ["2026-S46", f"GROSSISTE {house}", code, label, boxes, 70]


def two_wrong(house: str) -> list[list[object]]:
    return [stock(house, CIP, 100), stock(house, "3400930000015", 5, FORMULA), stock(house, THIRD, "n.c.")]


def declared(measures: list[list[object]]) -> dict[str, list[list[object]]]:
    version: list[object] = ["D-1", 1, "16/11/2026", "LABORATOIRE A", CIP, "Rupture", "Ouverte", "Grève", "Ville"]
    return {
        "trustmed_version": [[*version, "20/11/2026"]],
        "trustmed_measure": [["D-1", 1, *measure] for measure in measures],
    }


def workbook_of(reader: Reader, source: str, name: str) -> bytes:
    """The workbook of one file, as downloaded."""
    rows = sources.waiting(reader, source)
    return corrections.workbook(source, [row for row in rows if row["file_name"] == name])


class World:
    """Four refreshes; ``days[n]`` reads what was published on day n."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.days: list[Reader] = []

    def drop_stocks(self, name: str, *rows: list[object]) -> None:
        self.home.drop("pointstock", name, {"pointstock_stock": rows})

    def send_back(self, source: str, received: str, name: str, cells: Cells, removed: int = 0) -> None:
        """What a partner does: open the workbook, correct some cells, drop the file."""
        book = openpyxl.load_workbook(io.BytesIO(workbook_of(self.days[-1], source, received)))
        for sheet, values in cells.items():
            for place, value in values.items():
                book[sheet][place] = value
        if removed:
            book.worksheets[0].delete_rows(removed)
        book.save(self.home.path / "inbox" / source / name)

    def refresh(self) -> None:
        report = self.home.refresh(DAYS[len(self.days)])
        assert report.exit_code == 0, report.error
        assert not [line["error"] for line in report.sources if line["error"]]
        self.days.append(self.home.reader())

    def states(self, source: str, day: int, *names: str) -> Found:
        """File, line, state, file that answers it, of the quarantined rows of some files."""
        records = self.days[day].rows(
            "SELECT file_name, line, state, answered_by FROM quarantine WHERE source_key = $key ORDER BY received_at, file_name, line",
            key=source,
        )
        return [tuple(row.values()) for row in records if row["file_name"] in names]

    def waiting(self, source: str, day: int) -> int:
        (row,) = self.days[day].rows("SELECT rows_waiting AS n FROM source_state WHERE source_key = $k", k=source)
        return int(row["n"])

    def account(self, name: str) -> tuple[int, ...]:
        counts = "rows_in, rows_loaded, rows_quarantined, rows_ignored"
        (row,) = self.days[-1].rows(f"SELECT {counts} FROM source_file WHERE file_name = $name", name=name)
        return tuple(row.values())


def first_day(world: World) -> None:
    for house in "ABCG":
        world.drop_stocks(f"{house}.xlsx", *two_wrong(house))
    world.drop_stocks("D0.xlsx", stock("D", CIP, 100), stock("D", THIRD, "n.c."))
    world.drop_stocks("F.xlsx", stock("F", CIP, 250), stock("F", CIP, 300))
    rows = [["2026-S46", "GROSSISTE E", *cells] for cells in ((1.5, None, "123", 70), (0.02, "note", OTHER, 3))]
    path = world.home.path / "inbox" / "pointstock" / "E.xlsx"
    write_workbook(path, {"Stocks": [["CSRP"], THOUSANDS, *rows, ["2026-S46", "GROSSISTE E", 2, None, THIRD, 1]]})
    laboratory = ["2026-S46", "LABORATOIRE A", CIP]
    supplies = {"tracstocks_stock": [[*laboratory, None, 100, 70, 60, 15]]}
    world.home.drop("tracstocks", "t.xlsx", supplies | {"tracstocks_supply": [[*laboratory, "bientôt", 500]]})
    world.home.drop("trustmed", "jour.xlsx", declared([["Importation", "En place"], ["Mesure à préciser", "En place"]]))
    essential = [["Médicaments essentiels", code] for code in ("60000019", "6000002")]
    world.home.drop("listes", "l.xlsx", {"listes_member": essential})
    world.home.drop_text(
        "openhealth", "v.csv", f"{SALES}\n2026-S46;{CIP};99;1234,5;NA\n2026-S46;{OTHER};98;1;\n2026-S46;{THIRD};84;1;\n"
    )


def second_day(world: World) -> None:
    world.send_back("pointstock", "A.xlsx", "A_retour.xlsx", {"Stocks": {"C2": OTHER, "E3": 12}})
    world.send_back("pointstock", "B.xlsx", "B_retour.xlsx", {"Stocks": {"C2": OTHER, "E3": "douze"}})
    sent_again = [stock("C", CIP, 100), stock("C", OTHER, 5), stock("C", THIRD, 12)]
    world.drop_stocks("C_bis.xlsx", *([week, "Grossiste  c.", *cells] for week, _, *cells in sent_again))
    world.drop_stocks("D1.xlsx", stock("D", CIP, 101), stock("D", THIRD, "n.c."))
    world.send_back("pointstock", "E.xlsx", "E_retour.xlsx", {"Stocks": {"E2": CIP, "D3": None}})
    world.send_back("pointstock", "F.xlsx", "F_retour.xlsx", {}, removed=3)
    emptied = dict.fromkeys(("A2", "B2", "C2", "D2", "E2", "F2"))
    world.send_back("pointstock", "G.xlsx", "G_retour.xlsx", {"Stocks": {**emptied, "E3": 12}})
    world.send_back("tracstocks", "t.xlsx", "t_retour.xlsx", {"Approvisionnements": {"D2": date(2026, 12, 7)}})
    world.send_back("trustmed", "jour.xlsx", "m_retour.xlsx", {"Mesures": {"C2": "Rationnement"}})
    world.send_back("listes", "l.xlsx", "l_retour.xlsx", {"Listes": {"B2": "60000028"}})
    world.send_back("openhealth", "v.csv", "v_retour.xlsx", {"Ventes": {"C2": "84"}})


def third_day(world: World) -> None:
    world.send_back("pointstock", "B_retour.xlsx", "B_retour2.xlsx", {"Stocks": {"E2": 12}})
    world.drop_stocks("D2.xlsx", stock("D", CIP, 102), stock("D", THIRD, "n.c."))
    world.send_back("trustmed", "m_retour.xlsx", "m_retour2.xlsx", {"Mesures": {"C2": "Contingentement quantitatif"}})
    (row,) = sources.waiting(world.days[-1], "openhealth")
    cells = ["2026-S46", OTHER, "11", "1"]
    blank = [""] * (len(SALES.split(";")) - len(cells))
    line = ";".join([*cells, *blank, "", row["row_ref"]])
    world.home.drop_text("openhealth", "retour.csv", f"{SALES};{REASON_TITLE};{REFERENCE_TITLE}\n{line}\n")


def fourth_day(world: World) -> None:
    world.home.drop("trustmed", "jour4.xlsx", declared([["Importation", "Terminée"]]))


DROPS = (first_day, second_day, third_day, fourth_day)
