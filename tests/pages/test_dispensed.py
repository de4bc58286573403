"""Dispensed on prescription, by age, sex and origin: shares with their denominators, for those who may see them."""

from __future__ import annotations

import pytest

from metrics.coverage import queries as coverage
from pages.components import format as fr
from pages.molecules import dispensed
from tests.conftest import Home
from tests.pages.conftest import Opener, texts
from tests.pages.test_evaluation import readable

PAGE, SUBJECT = "pages/molecules/molecule.py", "amoxicilline-susp-500"


def test_the_share_its_denominator_and_its_day(demo_home: Home, open_page: Opener) -> None:
    recent, year = coverage.prescribed(demo_home.reader(), SUBJECT)
    text = readable(texts(open_page(PAGE, sujet=SUBJECT)))
    assert "4 dernières semaines" in text
    assert "52 dernières semaines" in text
    for row in (recent, year):
        assert f"{row['prescribed_pct']:.0f} %" in text
        assert f"jusqu'au {row['through_on']:%d/%m/%Y}" in text
    assert "Sans ordonnance" in text


def test_classes_of_each_dimension_with_their_whole(demo_home: Home, open_page: Opener) -> None:
    table = coverage.dispensed_detail(demo_home.reader(), SUBJECT)
    assert set(table["dimension"]) == {"age", "sex", "origin"}
    assert table.groupby("dimension")["share_pct"].sum().tolist() == pytest.approx([100, 100, 100])
    text = readable(texts(open_page(PAGE, sujet=SUBJECT)))
    for words in ("0-19 ans", "20-64 ans", "65 ans et plus", "Femmes", "Hommes", "Ville", "Hôpital", "Inconnue"):
        assert words in text
    whole = fr.number(float(table[table["dimension"] == "age"]["whole_boxes"].iloc[0]))
    assert readable(f"{whole} boîtes, du") in text


@pytest.mark.parametrize("role", ["ars-52", "cap", "dgs"])
def test_other_roles_see_none_of_it(demo_home: Home, open_page: Opener, role: str) -> None:
    text = readable(texts(open_page(PAGE, sujet=SUBJECT, role=role)))
    assert "dernières semaines jusqu'au" not in text
    assert "0-19 ans" not in text


def test_ages_are_in_order_and_the_unknown_last() -> None:
    rows = [{"dimension": "age", "class": name, "whole_boxes": 9, "first_week": None, "through_on": None}
            for name in ("inconnu", "10-14", "5-9", "65 et plus")]  # fmt: skip
    found = dispensed.dimension("age", rows)
    assert found is not None
    assert [row["words"] for row in found["rows"]] == ["5-9 ans", "10-14 ans", "65 ans et plus", "Inconnu"]
    assert dispensed.dimension("sex", rows) is None
