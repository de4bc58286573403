"""A few public files typed here, in their published formats: three photographs of the list, a release, generic groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tests.conftest import Home
from tests.referential import files, simple

FIRST, SECOND, LAST = date(2026, 10, 1), date(2026, 11, 10), date(2026, 11, 20)
DAY = date(2026, 11, 22)
ALPHA_1, ALPHA_2, BETA, GAMMA, DELTA, EPSILON = (f"6000000{rank}" for rank in range(1, 7))
ORPHAN = "69999999"
LABELS = {"1": "Rupture de stock", "2": "Tension d'approvisionnement", "3": "Arrêt de commercialisation", "4": "Remise à disposition"}  # fmt: skip
HOLDERS = {ALPHA_1: "LABO UN", ALPHA_2: "LABO DEUX", BETA: "LABO UN", GAMMA: "LABO TROIS", DELTA: "LABO UN", EPSILON: "LABO UN"}  # fmt: skip
NAMES = {ALPHA_1: ("ALPHA 5 mg, <b>comprimé", "ALPHACINE"), ALPHA_2: ("ALPHA DEUX 5 mg", "ALPHACINE"), BETA: ("BETA 1 g", "BÊTACINE"),
         GAMMA: ("GAMMA 1 g", "GAMMACINE"), DELTA: ("DELTA 1 g", "DELTACINE"), EPSILON: ("EPSILON 1 g", "EPSILACINE")}  # fmt: skip
CLASSES = {ALPHA_1: "J01AA01", BETA: "J01AA02", GAMMA: "N02BE01"}  # MITM; two of them share J01AA


class Line(NamedTuple):
    """One line of a photograph: code, start, return date."""

    cis: str
    code: str
    started: date
    returned: date | None = None


PHOTOGRAPHS: dict[date, Sequence[Line]] = {
    FIRST: [
        Line(ALPHA_1, "2", date(2026, 9, 1)),
        Line(BETA, "1", date(2026, 9, 15)),
        Line(GAMMA, "4", date(2026, 9, 20), date(2026, 9, 20)),
        Line(DELTA, "2", date(2026, 8, 1), date(2026, 10, 15)),
    ],
    SECOND: [
        Line(ALPHA_1, "2", date(2026, 9, 1)),
        Line(GAMMA, "2", date(2026, 11, 5)),
        Line(DELTA, "2", date(2026, 8, 1), date(2026, 11, 30)),
    ],
    LAST: [
        Line(ALPHA_1, "1", date(2026, 9, 1)),
        Line(ALPHA_2, "1", date(2026, 11, 15)),
        Line(GAMMA, "2", date(2026, 11, 5)),
        Line(DELTA, "4", date(2026, 11, 18), date(2026, 11, 18)),
        Line(ORPHAN, "2", date(2026, 11, 12)),
    ],
}
RELEASE = """cis,nom_medicament,cause,classification,date_evenement,code_atc,molecule,laboratoire,nb_patients_ville
60000001,alpha 5 mg,Autre,rupture,2021-03-02,J01AA01,Alphacine,labo un,100.0
60000001,alpha 5 mg,Autre,rupture,2021-03-02,J01AA01,Alphacine,labo un,100.0
60000002,alpha deux 5 mg,"Défaut de matière première, Autre",risque,2023-11-30,J01AA01,Alphacine,LABO DEUX,
60000005,delta 1 g,Défaut de matière première,risque,2022-01-15,A01AA01,Deltacine,labo un,
"""
GROUPS = "1\tALPHACINE 5 mg\t60000001\t0\t1\r\n1\tALPHACINE 5 mg\t60000002\t1\t2\r\n"


def text_of(lines: Sequence[Line], day: date) -> str:
    """A photograph as the BDPM writes it: tabulations, dates of the day first, no heading."""
    return "".join(
        "\t".join([line.cis, "", line.code, LABELS[line.code], f"{line.started:%d/%m/%Y}", f"{day:%d/%m/%Y}",
                   f"{line.returned:%d/%m/%Y}" if line.returned else "", f"https://exemple.invalid/{line.cis}"]) + "\r\n"
        for line in lines
    )  # fmt: skip


def medicines() -> dict[str, bytes]:
    """The public referential of the six specialities."""
    made = []
    for cis, (name, substance) in NAMES.items():
        one = simple(cis, name, substance, HOLDERS[cis])
        one = type(one)(one.cis, one.denomination, one.substances, one.holder, one.form, CLASSES.get(cis, ""))
        made.append(one)
    return files(made)


def drop(home: Home, days: Sequence[date] = tuple(PHOTOGRAPHS)) -> None:
    """The files, with the photographs of ``days``."""
    for name, content in medicines().items():
        home.drop_text("bdpm", name, content.decode("cp1252" if name != "CIS_CIP_bdpm.txt" else "utf-8"))
    home.drop_text("bdpm", "CIS_GENER_bdpm.txt", GROUPS, "cp1252")
    for day in days:
        home.drop_text("bdpm", f"{day}_CIS_CIP_Dispo_Spec.txt", text_of(PHOTOGRAPHS[day], day), "cp1252")
    home.drop_text("historique", "declarations.csv", RELEASE)


def build(folder: Path) -> None:
    """For ``worlds.once``."""
    home = Home(folder)
    drop(home)
    report = home.refresh(DAY)
    assert report.published, report.error
