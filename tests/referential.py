"""A referential typed in a test, in the format of the public files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stdnum import ean


@dataclass(frozen=True)
class Medicine:
    """One speciality of one presentation. ``substances``: (nature, link number, name)."""

    cis: str
    denomination: str
    substances: Sequence[tuple[str, str, str]]
    holder: str = "LABORATOIRE A"
    form: str = "poudre pour suspension buvable"
    atc: str = ""

    @property
    def cip13(self) -> str:
        """A valid CIP13 made from the CIS."""
        stem = f"340093{self.cis[-6:]}"
        return stem + ean.calc_check_digit(stem)


def simple(cis: str, denomination: str, substance: str, holder: str = "LABORATOIRE A", form: str = "") -> Medicine:
    return Medicine(cis, denomination, [("SA", "1", substance)], holder, form or "poudre pour suspension buvable")


def files(medicines: Sequence[Medicine]) -> dict[str, bytes]:
    """The public files by name: UTF-8 and LF for the presentations, cp1252 and CRLF for the others."""
    lines: dict[str, list[list[str]]] = {"CIS_bdpm.txt": [], "CIS_COMPO_bdpm.txt": [], "CIS_MITM.txt": []}
    presentations = []
    for one in medicines:
        lines["CIS_bdpm.txt"].append(
            [one.cis, one.denomination, one.form, "orale", "Autorisation active", "Procédure nationale"]
            + ["Commercialisée", "01/01/2020", "", "", f" {one.holder}", "Non"]
        )
        for nature, link, name in one.substances:
            lines["CIS_COMPO_bdpm.txt"].append([one.cis, "poudre", "00001", name, "1 g", "un flacon", nature, link])
        if one.atc:
            lines["CIS_MITM.txt"].append([one.cis, one.atc, one.denomination, "https://exemple.invalid"])
        presentations.append(
            [one.cis, one.cip13[5:12], "1 flacon", "Présentation active", "Déclaration de commercialisation"]
            + ["01/01/2020", one.cip13, "oui", "65%", "1,00", "2,02", "1,02", ""]
        )
    made = {
        name: "".join("\t".join(cells) + "\r\n" for cells in rows).encode("cp1252")
        for name, rows in lines.items()
        if rows
    }
    made["CIS_CIP_bdpm.txt"] = "".join("\t".join(cells) + "\n" for cells in presentations).encode()
    return made
