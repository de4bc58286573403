"""Declarations to the European platform beside those of TrustMed: four specialities, followed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metrics.european import queries as european
from tests.conftest import Home
from tests.referential import files, simple

pytestmark = pytest.mark.computes("european_declaration", "european_dci")

MEDICINES = [
    simple(f"9000000{n}", f"MEDICAMENT{n} LABORATOIRE A 1 g, comprimé", name, form="comprimé")
    for n, name in enumerate(("AMOXICILLINE", "AMOXICILLINE", "METFORMINE", "COLCHICINE"), start=1)
]
START = date(2026, 11, 2)


@pytest.fixture
def known(home: Home) -> Home:
    made = files(MEDICINES)
    # The fourth one was authorised by Europe: its number is in the eleventh column of the public file.
    lines = made["CIS_bdpm.txt"].decode("cp1252").splitlines()
    cells = lines[3].split("\t")
    cells[9] = "EU/1/99/103"
    made["CIS_bdpm.txt"] = "".join(f"{line}\r\n" for line in [*lines[:3], "\t".join(cells)]).encode("cp1252")
    for name, content in made.items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def version(
    number: str,
    cis: str | None,
    states: str,
    *,
    rank: int = 1,
    status: str = "Ouverte",
    eu: str | None = None,
    on: int = 9,
) -> list[Any]:
    return [number, rank, cis, eu, states, "Rupture", START, None, None, None, None, None, status, date(2026, 11, on)]


def europe(home: Home, *lines: list[Any], name: str = "esmp.xlsx") -> None:
    home.drop("esmp", name, {"esmp_version": lines})


def trustmed(home: Home, *lines: tuple[str, int, str, str, date]) -> None:
    """``lines``: number, version, CIP13, status, day of the version."""
    rows = [
        [number, rank, on, "LABORATOIRE A", cip13, "Rupture", status, "Autre", "Ville", START, *[None] * 10]
        for number, rank, cip13, status, on in lines
    ]
    home.drop("trustmed", "t.xlsx", {"trustmed_version": rows})


def presences(home: Home) -> dict[str, str]:
    assert home.refresh().error == ""
    rows = home.reader().rows("SELECT esmp_no, trustmed_presence FROM european_declaration")
    return {row["esmp_no"]: row["trustmed_presence"] for row in rows}


def test_each_declaration_says_what_trustmed_has_of_its_speciality(known: Home) -> None:
    one, two, three, _ = MEDICINES
    trustmed(
        known,
        ("D-1", 1, one.cip13, "Ouverte", date(2026, 11, 3)),
        ("D-2", 1, two.cip13, "Ouverte", date(2026, 10, 1)),
        ("D-2", 2, two.cip13, "Close", date(2026, 11, 5)),  # closed after the European start
        ("D-3", 1, three.cip13, "Ouverte", date(2026, 9, 1)),
        ("D-3", 2, three.cip13, "Close", date(2026, 10, 1)),  # an older shortage, over before
    )
    europe(
        known,
        version("E-1", one.cis, "France ; Belgique"),
        version("E-2", two.cis, "France"),
        version("E-3", three.cis, "FR ; ES"),
        version("E-4", three.cis, "Espagne ; Italie"),
        version("E-5", "69999999", "France"),
    )
    assert presences(known) == {
        "E-1": "ouverte", "E-2": "close", "E-3": "absente", "E-4": "ailleurs", "E-5": "inconnue"
    }  # fmt: skip


def test_a_european_number_names_the_speciality_of_its_product(known: Home) -> None:
    europe(
        known, version("E-1", None, "France", eu="eu/1/99/103/004"), version("E-2", None, "France", eu="EU/1/99/1031")
    )
    assert presences(known) == {"E-1": "absente", "E-2": "inconnue"}
    (row,) = european.of_dci(known.reader(), "colchicine")
    assert (row["esmp_no"], row["cis"], row["specialities"]) == ("E-1", MEDICINES[3].cis, 1)


def test_the_highest_version_is_in_force_and_its_last_line_received(known: Home) -> None:
    cis = MEDICINES[2].cis
    europe(known, version("E-1", cis, "France", rank=2, on=12), version("E-1", cis, "France", status="Close"))
    presences(known)
    (row,) = european.of_dci(known.reader(), "metformine")
    assert (row["version_no"], row["versions"], row["status"]) == (2, 2, "ouverte")
    europe(known, version("E-1", cis, "France ; Malte", rank=2, on=12, status="Close"), name="again.xlsx")
    presences(known)
    (row,) = european.of_dci(known.reader(), "metformine")
    assert (row["status"], list(row["other_states"])) == ("close", ["Malte"])
    assert european.one_dci(known.reader(), "metformine") is None  # nothing open


def test_a_dci_counts_its_open_declarations_and_the_other_states(known: Home) -> None:
    one, two, *_ = MEDICINES
    trustmed(known, ("D-1", 1, one.cip13, "Ouverte", date(2026, 11, 3)))
    europe(
        known,
        version("E-1", one.cis, "France ; Belgique"),
        version("E-2", two.cis, "France ; Portugal ; Belgique"),
        version("E-3", two.cis, "Suède"),
        version("E-4", two.cis, "France ; Chypre", status="Close"),
    )
    presences(known)
    row = european.one_dci(known.reader(), "amoxicilline")
    assert row is not None
    assert (row["european_declarations"], row["absent_here"], row["only_elsewhere"]) == (3, 1, 1)
    assert row["other_states"] == "Belgique, Portugal, Suède"
    assert european.opened(known.reader())["esmp_no"].tolist()[0] == "E-2"
