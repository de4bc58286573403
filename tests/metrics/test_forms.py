"""One classification of pharmaceutical forms, on wordings of the BDPM."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from data import sqlfiles
from data.building import snapshot
from data.warehouse import Writer

SWALLOWED, EASY = "orale solide", "orale facile à avaler"
CASES = [
    ("comprimé pelliculé sécable", "orale", SWALLOWED, None),
    ("gélule gastro-résistant(e)", "orale", SWALLOWED, None),
    ("comprimé pelliculé à libération prolongée", "orale", "orale solide, à libération modifiée", None),
    ("comprimé osmotique", "orale", "orale solide, à libération modifiée", None),
    ("microgranule à libération prolongée en gélule", "orale", "orale solide, à libération modifiée", None),
    ("granulés en gélule", "orale", SWALLOWED, None),
    ("comprimé", "sublinguale", "solide, à ne pas avaler", None),
    ("capsule molle", "vaginale", "solide, à ne pas avaler", None),
    ("comprimé orodispersible", "orale", EASY, "orale, facile à avaler"),
    ("comprimé à croquer", "orale", EASY, "orale, facile à avaler"),
    ("granulés", "orale", EASY, "orale, facile à avaler"),
    ("poudre", "orale", EASY, "orale, facile à avaler"),
    ("lyophilisat", "orale", EASY, "orale, facile à avaler"),
    ("poudre pour suspension buvable", "orale", "orale liquide", "orale, facile à avaler"),
    ("solution", "orale", "orale liquide", "orale, facile à avaler"),
    ("solution buvable en gouttes", "sublinguale", "orale liquide", "orale, facile à avaler"),
    ("solution gouttes", "auriculaire", "solution gouttes", None),
    ("collyre à libération prolongée", "ophtalmique", "collyre à libération prolongée", None),
    ("poudre pour inhalation en gélule", "inhalée", "à inhaler", None),
    ("gaz", "inhalée", "à inhaler", None),
    ("suppositoire effervescent(e)", "rectale", "suppositoire effervescent(e)", "rectale"),
    ("suspension injectable à libération prolongée", "intramusculaire", "injectable", "injectable"),
    ("lyophilisat pour usage parentéral", "intraveineuse", "injectable", "injectable"),
    ("poudre et solvant", "intramusculaire", "injectable", "injectable"),
    ("solution injectable", "intramusculaire;intraveineuse;rectale", "injectable", "injectable"),
    ("solution buvable et injectable", "intramusculaire;intraveineuse;orale", "injectable", "injectable"),
    ("implant", "sous-cutanée", "implant", None),
    ("crème", "cutanée", "crème", None),
    (None, None, "non précisée", None),
    ("comprimé", None, SWALLOWED, None),
]


@pytest.mark.parametrize(("form", "routes", "kind", "needed"), CASES)
def test_a_form_has_its_kind(form: str | None, routes: str | None, kind: str, needed: str | None) -> None:
    writer = Writer(Path(":memory:"))
    row = {"cis": "60000001", "dci": "x", "dci_key": "x", "form": form, "routes": routes}
    schema = pa.schema([(name, pa.string()) for name in row])
    writer.table("speciality", pa.Table.from_pylist([row], schema=schema))
    for path in (snapshot.MACROS, snapshot.CORE / "12_forms.sql"):
        writer.run(sqlfiles.load(path).sql)
    found = writer.rows("SELECT form_kind, needed_route FROM speciality_use")
    writer.close()
    assert found == [{"form_kind": kind, "needed_route": needed}]
