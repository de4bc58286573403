"""Cells of alternatives: split where the separators are clear, each item recognised in the referential or kept as typed."""

from __future__ import annotations

from typing import Any

import pytest

from metrics.declarations import queries
from pages.components import declaration_rows
from tests.conftest import Home
from tests.referential import Medicine, files, simple

GEL, TABLET = (simple(f"9000000{n}", name, "AMOXICILLINE TRIHYDRATÉE") for n, name in
               ((1, "FICTICILLINE LABO A 500 mg, gélule"), (2, "FICTICILLINE LABO A 1 g, comprimé")))  # fmt: skip
OTHER = simple("90000003", "DOUCEMOL 2,5 mg, comprimé", "PARACÉTAMOL")
BOTH = Medicine("90000004", "BIMOX 500 mg/62,5 mg, poudre", [("SA", "1", "AMOXICILLINE TRIHYDRATÉE"),
                ("SA", "2", "ACIDE CLAVULANIQUE")], "LABORATOIRE A", "poudre")  # fmt: skip

AMOX, PARA, ASSOCIATION = ("DCI", "amoxicilline"), ("DCI", "paracetamol"), ("DCI", "acide-clavulanique--amoxicilline")
CELLS: dict[str, list[tuple[str, tuple[str, str] | None]]] = {
    # Separators of other cells with several values.
    "Amoxicilline ; paracétamol": [("Amoxicilline", AMOX), ("paracétamol", PARA)],
    "Amoxicilline\nparacétamol": [("Amoxicilline", AMOX), ("paracétamol", PARA)],
    "• amoxicilline • paracétamol": [("amoxicilline", AMOX), ("paracétamol", PARA)],
    "1) amoxicilline 2) paracétamol": [("amoxicilline", AMOX), ("paracétamol", PARA)],
    "amoxicilline, PARACETAMOL": [("amoxicilline", AMOX), ("PARACETAMOL", PARA)],
    "amoxicilline ou paracétamol": [("amoxicilline", AMOX), ("paracétamol", PARA)],
    "amoxicilline - paracétamol": [("amoxicilline", AMOX), ("paracétamol", PARA)],
    # A slash, a « et », a comma that belong to what is named.
    "acide clavulanique / amoxicilline": [("acide clavulanique / amoxicilline", ASSOCIATION)],
    "amoxicilline et acide clavulanique": [("amoxicilline et acide clavulanique", ASSOCIATION)],
    "BIMOX 500 mg/62,5 mg, poudre, paracétamol": [
        ("BIMOX 500 mg/62,5 mg, poudre", ("CIS", "90000004")),
        ("paracétamol", PARA),
    ],
    "DOUCEMOL 2,5 mg": [("DOUCEMOL 2,5 mg", ("CIS", "90000003"))],
    # A name that two specialities of one DCI share, a code with its name, a box.
    "Ficticilline Labo A": [("Ficticilline Labo A", AMOX)],
    "90000001 FICTICILLINE LABO A 500 mg, gélule": [
        ("90000001 FICTICILLINE LABO A 500 mg, gélule", ("CIS", "90000001"))
    ],
    f"{OTHER.cip13} ; 90000002": [(OTHER.cip13, ("CIS", "90000003")), ("90000002", ("CIS", "90000002"))],
    "amoxicilline (90000001) et DOUCEMOL 2,5 mg": [
        ("amoxicilline (90000001)", ("CIS", "90000001")),
        ("DOUCEMOL 2,5 mg", ("CIS", "90000003")),
    ],
    "Autres spécialités d'amoxicilline": [("Autres spécialités d'amoxicilline", AMOX)],
    # As typed: nothing recognised, or too little to say what separates.
    "Zorglub forte / Truc": [("Zorglub forte / Truc", None)],
    "paracétamol, en respectant la dose": [("paracétamol, en respectant la dose", None)],
    "amoxicilline, paracétamol, autre selon avis": [
        ("amoxicilline", AMOX), ("paracétamol", PARA), ("autre selon avis", None)],
    "90000001 et 99999999": [("90000001", ("CIS", "90000001")), ("99999999", None)],
}  # fmt: skip


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Every cell in a declaration of its own, and one in a stop, after a refresh."""
    home = Home(tmp_path_factory.mktemp("alternatives"))
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True)
    for name, content in files([GEL, TABLET, OTHER, BOTH]).items():
        (folder / name).write_bytes(content)
    lines = [
        [f"D-{n}", 1, "10/11/2026", "LABORATOIRE A", GEL.cip13, "Rupture", "Ouverte", "Autre", "Ville", "15/11/2026",
         *[None] * 7, cell]
        for n, cell in enumerate(CELLS)
    ]  # fmt: skip
    home.drop("trustmed", "t.xlsx", {"trustmed_version": lines})
    stop = ["A-1", "02/11/2026", "LABORATOIRE A", GEL.cis, None, "31/03/2027", "Commerciale", None, None, None,
            "Bimox ; Zorglub"]  # fmt: skip
    home.drop("arrets", "a.xlsx", {"arrets_intention": [stop]})
    report = home.refresh()
    assert report.published, report.error
    reader = home.reader()
    return {cell: queries.alternatives(reader, cell) for cell in [*CELLS, str(stop[-1])]}


@pytest.mark.parametrize("cell", CELLS)
def test_items_are_those_that_the_cell_lists(read: dict[str, list[dict[str, Any]]], cell: str) -> None:
    names = {"amoxicilline": "amoxicilline", "paracetamol": "paracétamol"} | {
        "acide-clavulanique--amoxicilline": "acide clavulanique / amoxicilline"
    }
    expected = [
        (
            item,
            named[1] if named and named[0] == "CIS" else None,
            names[named[1]] if named and named[0] == "DCI" else None,
        )
        for item, named in CELLS[cell]
    ]
    found = [(row["item"], row["cis"], None if row["cis"] else row["dci"]) for row in read[cell]]
    assert found == expected


def test_the_pages_say_what_each_item_names(read: dict[str, list[dict[str, Any]]]) -> None:
    texts = [declaration_rows.alternative(item) for item in read["1) amoxicilline 2) paracétamol"]]
    assert texts == ["amoxicilline (DCI amoxicilline)", "paracétamol (DCI paracétamol)"]
    text = " ; ".join(declaration_rows.alternative(item) for item in read["Bimox ; Zorglub"])
    assert text == "Bimox (CIS 90000004, BIMOX 500 mg/62,5 mg, poudre) ; Zorglub"
