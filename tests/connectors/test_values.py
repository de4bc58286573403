"""Spellings met in partner files, one by one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from stdnum import ean

from connectors.base import Field, declared_tables
from connectors.reading.values import BadValue, Convention, Converted, Noted, fold, noting_parser, parse


def a_field(kind: str, **changes: object) -> Field:
    defaults: dict[str, object] = {
        "name": "x",
        "required": False,
        "unit": "",
        "minimum": None,
        "maximum": None,
        "choices": {},
        "headers": (("X", 1.0),),
        "description": "",
        "example": "",
    }
    return Field(kind=kind, **(defaults | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234\u202f567", 1234567),
        ("1.234,56", 1234.56),
        ("1.234.567", 1234567),
        ("1,466,29", 1466.29),
        ("1,466.29", 1466.29),
        ("1,466", 1.466),
        ("0.125", 0.125),
        ("12.5", 12.5),
        ("-4,2", -4.2),
        ("− 4,2", -4.2),
        ("+7", 7),
        (12, 12),
        (12.25, 12.25),
        (" 0 ", 0),
    ],
)
def test_numbers(cell: object, expected: float) -> None:
    assert parse(a_field("decimal"), cell) == expected


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.234", "ambigu"),
        ("12 34", "illisible"),
        ("1 234 56", "illisible"),
        ("douze", "illisible"),
        ("12 boîtes", "illisible"),
        ("1e5", "illisible"),
        ("--3", "illisible"),
        (float("nan"), "hors limites"),
        (float("inf"), "hors limites"),
        (1e16, "hors limites"),
        (10**400, "hors limites"),
        (-(10**400), "hors limites"),
        (True, "logique"),
        ("#REF!", "formule"),
    ],
)
def test_numbers_never_guessed(cell: object, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        parse(a_field("decimal"), cell)


@pytest.mark.parametrize("cell", [65, 65.0, "65", "65%", "65 %", "65\u00a0%", "65,0\u202f%"])
def test_percentages(cell: object) -> None:
    assert parse(a_field("percent", minimum=0.0, maximum=100.0), cell) == 65


def test_bounds_are_inclusive_and_enforced() -> None:
    field = a_field("percent", minimum=0.0, maximum=100.0)
    assert [parse(field, cell) for cell in (0, 100)] == [0, 100]
    with pytest.raises(BadValue, match="supérieure"):
        parse(field, "100,1")
    with pytest.raises(BadValue, match="négative"):
        parse(field, -0.1)
    with pytest.raises(BadValue, match=r"inférieure au minimum \(1\)"):
        parse(a_field("integer", minimum=1.0), 0)


def test_integers() -> None:
    assert parse(a_field("integer"), "1 200") == 1200
    assert isinstance(parse(a_field("integer"), 12.0), int)
    with pytest.raises(BadValue, match="entier"):
        parse(a_field("integer"), 12.5)


def test_unit_factor_applies_before_the_bounds_and_the_integer_check() -> None:
    assert parse(a_field("integer", maximum=2000.0), "1,001", 1000.0) == 1001
    assert parse(a_field("decimal"), 1.1, 1000.0) == 1100.0
    with pytest.raises(BadValue, match="maximum"):
        parse(a_field("integer", maximum=1000.0), "1,001", 1000.0)


@pytest.mark.parametrize(
    "cell",
    [
        "31/12/2022",
        "31-12-2022",
        "31.12.2022",
        "2022-12-31",
        "2022-12-31T00:00:00",
        "31 décembre 2022",
        "31 DECEMBRE 2022",
        "31\u00a0décembre\u00a02022",
        "31-déc-2022",
        "31-décembre-2022",
        "20221231",
        20221231,
        20221231.0,
        date(2022, 12, 31),
        datetime(2022, 12, 31, 10, 30),
        44926,
        44926.0,
    ],
)
def test_dates(cell: object) -> None:
    assert parse(a_field("date"), cell) == date(2022, 12, 31)


def test_first_of_the_month_in_words() -> None:
    assert parse(a_field("date"), "1er août 2026") == date(2026, 8, 1)


@pytest.mark.parametrize(
    "cell",
    [
        "12/31/2022",
        "31/02/2026",
        "31/12/22",
        "31/12/1989",
        "02/01/1901",
        "20221331",
        20221331,
        7,
        99999,
        "demain",
        "31 brumaire 2022",
    ],
)
def test_dates_never_guessed(cell: object) -> None:
    with pytest.raises(BadValue):
        parse(a_field("date"), cell)


def test_minimum_of_a_date_is_a_year() -> None:
    assert parse(a_field("date", minimum=1900.0), "02/05/1957") == date(1957, 5, 2)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-S46",
        "2026-W46",
        "2026S46",
        "S46 2026",
        "s46-2026",
        "Semaine 46 2026",
        "202646",
        202646,
        202646.0,
        "09/11/2026",
        "2026-11-15",
        date(2026, 11, 12),
        46335,
    ],
)
def test_weeks_are_mondays(cell: object) -> None:
    assert parse(a_field("week"), cell) == date(2026, 11, 9)


def test_week_53_exists_some_years_only() -> None:
    assert parse(a_field("week"), "2026-S53") == date(2026, 12, 28)
    with pytest.raises(BadValue, match="2025 n'a pas de semaine 53"):
        parse(a_field("week"), "2025-S53")


@pytest.mark.parametrize("cell", ["2026-11", "46", "S46", 2026, "1989-S01", "S46/26"])
def test_weeks_never_guessed(cell: object) -> None:
    with pytest.raises(BadValue):
        parse(a_field("week"), cell)


def test_choices_ignore_case_accents_and_spaces() -> None:
    field = a_field("choice", choices={"ouverte": "ouverte", "En cours": "ouverte", "Clôturée": "close"})
    assert parse(field, " EN  COURS ") == "ouverte"
    assert parse(field, "cloturee") == "close"
    with pytest.raises(BadValue, match="ouverte, close"):
        parse(field, "perdue")


def test_numeric_choice_read_as_a_float() -> None:
    assert parse(a_field("choice", choices={"1": "1", "2": "2"}), 2.0) == "2"


def test_lists_are_checked_deduplicated_and_not_shared() -> None:
    field = a_field("list", choices={"Ville": "ville", "Officine": "ville", "PUI": "hôpital"})
    first = parse(field, "Officine ; PUI;ville ;")
    assert first == ["ville", "hôpital"]
    first.append("autre")
    assert parse(field, "Officine ; PUI;ville ;") == ["ville", "hôpital"]
    assert parse(field, None) == []
    with pytest.raises(BadValue, match="inconnue"):
        parse(field, "ville ; lune")
    with pytest.raises(BadValue, match="absente"):
        parse(a_field("list", required=True), " ; ")


@pytest.mark.parametrize(
    "cell", ["3400930000014", 3400930000014, 3400930000014.0, "3400930000014.0", "34009 300 000 14"]
)
def test_cip13(cell: object) -> None:
    assert parse(a_field("cip13"), cell) == "3400930000014"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("3400930000015", "clé de contrôle"),
        ("3400830000014", "34009"),
        ("340093000001", "13 chiffres"),
        ("3,40093E+12", "derniers chiffres sont perdus"),
        ("3.4009E+12", "derniers chiffres sont perdus"),
        (3400930000000.0, "arrondi par le tableur"),
        (3400930000014.5, "13 chiffres"),
        ("9300001", "13 chiffres"),  # a UCD, not a CIP7
        ("340093", "13 chiffres"),
        ("٣٤٠٠٩٣٠٠٠٠٠١٤", "13 chiffres"),
    ],
)
def test_bad_cip13(cell: object, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        parse(a_field("cip13"), cell)


@pytest.mark.parametrize("cell", ["3000001", 3000001, 3000001.0, "300 000 1", "3000001.0", "3000001,0"])
def test_an_old_code_is_completed_with_a_remark(cell: object) -> None:
    code = parse(a_field("cip13"), cell)
    assert code == "3400930000014"
    assert isinstance(code, Converted)
    assert (code.note, code.written) == ("CIP7 converti en CIP13", "3000001")


def test_a_code_rounded_by_a_spreadsheet_is_refused_even_if_its_check_digit_fits() -> None:
    rounded = next(code for n in range(100) if ean.is_valid(code := f"34009{n:02}000000"))
    with pytest.raises(BadValue, match="arrondi"):
        parse(a_field("cip13"), float(rounded))


def test_cis() -> None:
    assert parse(a_field("cis"), 61266250.0) == "61266250"
    with pytest.raises(BadValue, match="8 chiffres"):
        parse(a_field("cis"), "6126625")
    with pytest.raises(BadValue, match="perdus"):
        parse(a_field("cis"), "6,12663E+07")


def test_a_negative_stock_is_reported_as_negative() -> None:
    with pytest.raises(BadValue, match=r"valeur négative\s: 0 ou plus attendu"):
        parse(a_field("decimal", minimum=0.0), "− 12")


def test_instants_are_in_utc() -> None:
    expected = datetime(2026, 8, 26, 4, 0, 28, tzinfo=UTC)
    assert parse(a_field("datetime"), "2026-08-26T04:00:28Z") == expected
    assert parse(a_field("datetime"), "2026-08-26T06:00:28+02:00") == expected
    with pytest.raises(BadValue, match="illisibles"):
        parse(a_field("datetime"), "hier")


@pytest.mark.parametrize("cell", [None, "", "   ", "\u00a0"])
def test_empty_cells(cell: object) -> None:
    assert parse(a_field("decimal"), cell) is None
    with pytest.raises(BadValue, match="absente"):
        parse(a_field("decimal", required=True), cell)


def test_texts() -> None:
    assert parse(a_field("text"), "  Cœur d'été ") == "Cœur d'été"
    assert parse(a_field("text"), 84.0) == "84"


def test_a_cell_equal_to_another_of_another_type_is_not_confused() -> None:
    field = a_field("decimal")
    assert parse(field, 1) == 1
    with pytest.raises(BadValue):
        parse(field, True)


@pytest.mark.parametrize(
    "title", ["N° de déclaration", "n de DECLARATION", "N°  de\ndéclaration :", "N°_de_déclaration"]
)
def test_fold(title: str) -> None:
    assert fold(title) == "ndedeclaration"


@pytest.mark.parametrize("kind", ["date", "week", "datetime", "integer", "decimal", "percent"])
def test_an_integer_too_long_for_a_float_is_a_bad_value(kind: str) -> None:
    """JSON gives integers of any length."""
    with pytest.raises(BadValue):
        parse(a_field(kind), 10**400)


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ("03400930000014", "GTIN lu comme le CIP13 qu'il contient"),
        (3400930000014, ""),
        ("0103400930000014", "GTIN lu comme le CIP13 qu'il contient"),
        ("(01)03400930000014", "GTIN lu comme le CIP13 qu'il contient"),
        ("34009.300.000.14", "CIP13 écrit avec des séparateurs"),
        ("34009-300-000-14", "CIP13 écrit avec des séparateurs"),
        ("34009 300 000 14", ""),
        ("'3400930000014", "CIP13 écrit avec des séparateurs"),
    ],
)
def test_a_code_written_otherwise_is_read_with_a_remark(cell: object, note: str) -> None:
    code = parse(a_field("cip13"), cell)
    assert code == "3400930000014"
    assert (code.note if isinstance(code, Converted) else "") == note


@pytest.mark.parametrize("cell", ["13400930000014", "003400930000014", "0340093000001", "03400930000015"])
def test_a_code_that_is_not_quite_a_gtin_is_not_guessed(cell: str) -> None:
    with pytest.raises(BadValue, match="CIP13"):
        parse(a_field("cip13"), cell)


def noted(field: Field, cell: object) -> tuple[object, str]:
    read = noting_parser(field, Convention())(cell)
    return (read.value, read.note) if isinstance(read, Noted) else (read, "")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("fin décembre 2026", date(2026, 12, 31)),
        ("Fin déc. 2026", date(2026, 12, 31)),
        ("mi-janvier 2027", date(2027, 1, 15)),
        ("début mars 2027", date(2027, 3, 10)),
        ("courant mars 2027", date(2027, 3, 31)),
        ("courant du mois de mars 2027", date(2027, 3, 31)),
        ("février 2028", date(2028, 2, 29)),
        ("02/2027", date(2027, 2, 28)),
        ("T1 2027", date(2027, 3, 31)),
        ("fin T2 2027", date(2027, 6, 30)),
        ("3e trimestre 2027", date(2027, 9, 30)),
        ("1er semestre 2027", date(2027, 6, 30)),
        ("fin 2026", date(2026, 12, 31)),
        ("2e quinzaine de mars 2027", date(2027, 3, 31)),
        ("semaine 48 2026", date(2026, 11, 29)),  # its Sunday
    ],
)
def test_an_approximate_date_is_its_last_day_with_a_remark(cell: str, day: date) -> None:
    assert noted(a_field("date"), cell) == (day, f"date approximative « {cell} » lue {day:%d/%m/%Y}")


def test_an_approximate_date_is_not_enough_where_a_day_is_needed() -> None:
    for field in (a_field("date", required=True), a_field("date", key=True)):
        with pytest.raises(BadValue) as caught:
            parse(field, "fin décembre 2026")
        assert caught.value.reason == (
            "date approximative (« fin décembre 2026 ») : un jour est attendu, par exemple 31/12/2026"
        )


def test_half_a_year_and_a_week_are_not_confused() -> None:
    with pytest.raises(BadValue) as caught:
        parse(a_field("date"), "S1 2027")
    assert "est-il un semestre ou une semaine ?" in caught.value.reason


@pytest.mark.parametrize("cell", ["15/01/27", "15.1.27"])
def test_a_year_of_two_digits_is_named(cell: str) -> None:
    with pytest.raises(BadValue, match="année sur deux chiffres"):
        parse(a_field("date"), cell)


@pytest.mark.parametrize("cell", ["-", "–", " - ", "n.c.", "NC", "néant", "N/A", "sans objet", "s.o.", "?", "inconnu"])
def test_a_dash_is_unknown_where_a_value_may_be_absent(cell: str) -> None:
    assert noted(a_field("decimal"), cell) == (
        None,
        f"« {cell.strip()} » lu comme une valeur inconnue ; écrire 0 pour zéro",
    )
    assert noted(a_field("date"), cell) == (None, f"« {cell.strip()} » lu comme une valeur inconnue")


@pytest.mark.parametrize("cell", ["-", "n.c.", "néant"])
def test_a_dash_is_neither_zero_nor_unknown_where_a_value_is_due(cell: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse(a_field("decimal", required=True, minimum=0.0), cell)
    assert caught.value.reason == f"« {cell} » : zéro ou inconnu ? Un nombre est attendu, 0 pour zéro"
    with pytest.raises(BadValue, match="une date est attendue"):
        parse(a_field("date", required=True), cell)


def test_a_bound_is_not_a_value() -> None:
    with pytest.raises(BadValue) as caught:
        parse(a_field("decimal"), "<5")
    assert caught.value.reason == "nombre illisible : « <5 » est une borne, et non une valeur"


def test_more_boxes_than_can_be_added_exactly_are_refused() -> None:
    """A thousand billion boxes is still read; one more is a slip of the hand, not a stock."""
    boxes = a_field("decimal", unit="boîtes")
    assert parse(boxes, "1000000000000") == 1e12
    with pytest.raises(BadValue, match="plus de mille milliards de boîtes"):
        parse(boxes, "1000000000001")
    with pytest.raises(BadValue, match="plus de mille milliards de boîtes"):
        parse(boxes, "2000000000", 1000.0)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("01/01/1900", "01/01/1900"),
        (date(1900, 1, 1), "01/01/1900"),
        (datetime(1899, 12, 31), "31/12/1899"),
        ("01/01/1970", "01/01/1970"),
        ("1970-01-01T00:00:00", "01/01/1970"),
        ("31/12/2099", "31/12/2099"),
        ("01/01/2100", "01/01/2100"),
        ("31/12/9999", "31/12/9999"),
        (datetime(9999, 12, 31), "31/12/9999"),
        ("00/00/0000", "00/00/0000"),
        ("0000-00-00 00:00:00", "0000-00-00 00:00:00"),
        ("00/01/1900", "00/01/1900"),
        ("01/01/0001", "01/01/0001"),
        (0, "0"),
        (0.0, "0"),
        (2958465, "2958465"),
    ],
)
def test_a_day_put_for_an_unknown_one_is_no_date(cell: object, shown: str) -> None:
    reason = f"« {shown} » est mis pour une date inconnue"
    assert noted(a_field("date"), cell) == (None, f"{reason} : lu sans date")
    with pytest.raises(BadValue) as caught:
        parse(a_field("date", required=True), cell)
    assert caught.value.reason == f"{reason} : une date est attendue"


def test_a_day_that_may_be_true_is_kept() -> None:
    assert parse(a_field("date"), "01/01/2000") == date(2000, 1, 1)
    assert parse(a_field("date"), "31/12/2097") == date(2097, 12, 31)
    assert parse(a_field("date", minimum=1900.0), "01/01/1970") == date(1970, 1, 1)  # an authorisation of that day
    assert parse(a_field("date", waits=True), "31/12/2099") == date(2099, 12, 31)  # asked of the steward
    with pytest.raises(BadValue, match="année hors des limites"):
        parse(a_field("date"), "02/01/1970")


def test_every_date_that_waits_is_judged_when_a_snapshot_is_built() -> None:
    """``waits`` of the header tables and the columns of ``27_dates.sql`` are the same."""
    marked = {(table.name, f.name) for table in declared_tables() for f in table.fields if f.waits}
    sql = (Path(__file__).parents[2] / "data" / "core" / "27_dates.sql").read_text(encoding="utf-8")
    assert {table for table, _ in marked} == set(re.findall(r"'(\w+)' AS lake_table", sql))
    assert {name for _, name in marked} == set(re.findall(r"'(\w+_on)' AS field", sql))
