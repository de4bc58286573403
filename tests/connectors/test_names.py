"""Names and numbers compared: what typography never tells apart, what a person must decide, what stays two."""

from __future__ import annotations

import pytest

from connectors.base import RefusedFile
from connectors.language.names import core_words, identity_key, in_latin, is_mixed_script, is_probably_same
from connectors.pointstock import read
from tests.connectors.partner_files import MakeWorkbook, titles

BOX = "3400930000014"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GROSSISTE A", "grossiste  a"),
        ("Société Générale", "SOCIETE GENERALE"),
        ("D-2026-00042", "d 2026\u00a000042"),
        ("D\u20112026\u201100042", "D–2026—00042"),
        ("D-2026/00042", "D.2026.00042"),
        ("GROS\u00adSISTE\u200b A\ufeff", "Grossiste A"),
        ("00042", "42"),
        ("n°12", "N° 12"),
        ("Œuvre", "OEUVRE"),
    ],
)
def test_typography_makes_no_difference(one: str, other: str) -> None:
    assert identity_key(one) == identity_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GROSSISTE A", "GROSSISTE B"),
        ("D-2026-1-11", "D-2026-11-1"),
        ("D-2026-00042", "D-2026-0042"),
        ("GROSSISTE A", "GROSSISTE \u0410"),
        ("***", "---"),
    ],
)
def test_what_stays_two(one: str, other: str) -> None:
    assert identity_key(one) != identity_key(other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("GROSSISTE A", "GROSSISTE A SAS", True),
        ("GROSSISTE A", "Grossiste A S.A.S.", True),
        ("LABORATOIRES DURAND", "Durand GmbH", True),
        ("DURAND SANTE", "DURANT SANTE", True),
        ("DURAND", "DRUAND", True),
        ("DURAND", "DURANDS", True),
        ("GROSSISTE A", "GROSSISTE B", False),
        ("LABORATOIRE 12", "LABORATOIRE 13", False),
        ("DURAND", "DURAND SANTE", False),
        ("DURAND", "DUPONT", False),
        ("DURAND MARTIN", "DURANT MARTEN", False),
    ],
)
def test_what_a_person_is_asked(one: str, other: str, expected: bool) -> None:
    assert is_probably_same(one, other) is expected
    assert is_probably_same(other, one) is expected


def test_a_name_of_legal_forms_alone_keeps_its_words() -> None:
    assert core_words("LABO SA") == ("labo", "sa")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GROSSISTE A", False),
        ("GROSSISTE \u0410", True),
        ("\u0421\u041e\u0421\u0410", True),  # СОСА, all Cyrillic, read as « COCA »
        ("\u041c\u043e\u0441\u043a\u0432\u0430", False),  # Москва passes for no Latin word
        ("ＧＲＯＳＳＩＳＴＥ Ａ", False),
        ("n° 1, 2ª", False),
        ("", False),
    ],
)
def test_a_mixed_script(text: str, expected: bool) -> None:
    assert is_mixed_script(text) is expected
    assert in_latin("GROSSISTE \u0410") == "GROSSISTE A"


def test_one_wholesaler_however_it_is_typed_and_two_otherwise(make_workbook: MakeWorkbook) -> None:
    """In one workbook: repetitions are found, and the check of one wholesaler a workbook agrees."""
    head = titles("pointstock", "pointstock_stock")
    rows = [["2026-S46", name, BOX, None, 600, 70] for name in ("GROSSISTE A", "Grossiste-A", "grossiste\u00a0a")]
    (sheet,) = read(make_workbook("pointstock", {"Stocks": [head, *rows]}))
    assert (len(sheet.rows), sheet.rows_ignored) == (1, 2)
    with pytest.raises(RefusedFile, match="Un classeur par grossiste"):
        read(
            make_workbook("pointstock", {"Stocks": [head, *rows, ["2026-S46", "GROSSISTE A SAS", BOX, None, 600, 70]]})
        )
