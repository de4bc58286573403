"""Sites of annual statements: six specialities of three laboratories, followed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data.reference.countries import code_of, french_name, is_in_union
from metrics.sites import queries as sites
from tests.conftest import Home
from tests.referential import Medicine, files

pytestmark = pytest.mark.computes("production_site", "site_step", "site_speciality")

ONE, TWO, THREE, FOUR = (f"9000000{n}" for n in range(1, 5))
MITM = {ONE, TWO, FOUR}
A, B = "LABORATOIRE A", "LABORATOIRE B"


def medicine(cis: str, substance: str) -> Medicine:
    return Medicine(
        cis,
        f"MEDICAMENT {cis}, comprimé",
        [("SA", "1", substance)],
        form="comprimé",
        atc="A10BA02" if cis in MITM else "",
    )


@pytest.fixture
def known(home: Home) -> Home:
    medicines = [medicine(cis, "METFORMINE") for cis in (ONE, TWO)]
    medicines += [medicine(THREE, "COLCHICINE"), medicine(FOUR, "DIGOXINE")]
    for name, content in files(medicines).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def line(
    cis: str,
    step: str,
    site: str,
    country: str | None = "France",
    *,
    who: str = A,
    year: int = 2026,
    mitm: str | None = None,
) -> list[Any]:
    return [year, who, cis, None, step, site, country, None, mitm, None]


def state(home: Home, *lines: list[Any], name: str = "edl.xlsx") -> None:
    home.drop("edl", name, {"edl_site": lines})


def rows(home: Home, table: str) -> list[dict[str, Any]]:
    return home.reader().rows(f"SELECT * FROM {table}")


def by_site(home: Home) -> dict[str, dict[str, Any]]:
    return {row["site_key"]: row for row in rows(home, "production_site")}


def test_a_site_counts_what_depends_on_it_and_what_has_no_other(known: Home) -> None:
    state(
        known,
        line(ONE, "Substance active", "KADAMPUR", "Inde"),
        line(TWO, "Substance active", "KADAMPUR", "Inde"),
        line(TWO, "Substance active", "VALDORGE"),
        line(ONE, "Fabrication", "VALMONT"),
        line(THREE, "Fabrication", "VALMONT"),
        line(THREE, "Libération", "VALMONT"),
    )
    assert known.refresh().error == ""
    found = by_site(known)
    names = ("country", "place", "steps", "specialities", "dcis", "mitm_specialities", "only_specialities", "only_dcis")
    assert {key: tuple(row[name] for name in names) for key, row in found.items()} == {
        # ONE has no other source of its substance; TWO has VALDORGE too. One DCI, metformine.
        "kadampur-in": ("Inde", "hors_union", "substance active", 2, 1, 2, 1, 1),
        "valdorge-fr": ("France", "union", "substance active", 1, 1, 1, 0, 0),
        "valmont-fr": ("France", "union", "fabrication, libération", 2, 2, 1, 2, 2),
    }
    stated = {row["cis"]: row for row in rows(known, "site_speciality")}
    assert (stated[ONE]["single_steps"], stated[ONE]["single_making_steps"], stated[ONE]["outside_steps"]) == (
        "fabrication, substance active",
        2,
        "substance active",
    )
    # Half of the substance of TWO comes from the Union; the release of THREE is no making step.
    assert (stated[TWO]["single_steps"], stated[TWO]["outside_steps"]) == (None, None)
    assert (stated[THREE]["single_steps"], stated[THREE]["single_making_steps"]) == ("fabrication, libération", 1)


def test_a_site_typed_otherwise_is_the_same_and_a_slip_is_another(known: Home) -> None:
    state(
        known,
        line(ONE, "Fabrication", "Atelier VALMONT"),
        line(TWO, "Fabrication", "ATELIER - VALMONT.", "FR"),
        line(THREE, "Fabrication", "Atelier Valmon"),
    )
    assert known.refresh().error == ""
    found = by_site(known)
    assert set(found) == {"ateliervalmont-fr", "ateliervalmon-fr"}
    assert (found["ateliervalmont-fr"]["specialities"], found["ateliervalmont-fr"]["spellings"]) == (2, 2)
    assert found["ateliervalmont-fr"]["site_name"] == "Atelier VALMONT"  # the first received


def test_one_name_in_two_countries_is_two_sites(known: Home) -> None:
    state(
        known,
        line(ONE, "Fabrication", "VALMONT"),
        line(TWO, "Fabrication", "Valmont", "Espagne"),
        line(THREE, "Fabrication", "VALMONT", None),  # neither of them: nobody says which
        line(FOUR, "Fabrication", "TERRALBA", "Italia"),
        line(FOUR, "Conditionnement", "TERRALBA", None),  # no country: the only other one written
    )
    assert known.refresh().error == ""
    found = by_site(known)
    assert {key: row["place"] for key, row in found.items()} == {
        "valmont-fr": "union",
        "valmont-es": "union",
        "valmont": "inconnu",
        "terralba-it": "union",
    }
    assert (found["terralba-it"]["steps"], found["terralba-it"]["unread_country"]) == (
        "conditionnement, fabrication",
        None,
    )


def test_a_country_written_and_not_recognised_is_never_replaced_by_another(known: Home) -> None:
    state(
        known,
        line(ONE, "Fabrication", "VALMONT"),
        line(TWO, "Fabrication", "VALMONT", "France (69)"),
        line(THREE, "Fabrication", "VALMONT", "Inde / Chine"),
        line(FOUR, "Fabrication", "VALMONT", None),  # joins the only country that is read
    )
    assert known.refresh().error == ""
    assert {row["cis"]: (row["site_key"], row["unread_country"]) for row in rows(known, "site_step")} == {
        ONE: ("valmont-fr", None),
        TWO: ("valmont", "France (69)"),
        THREE: ("valmont", "Inde / Chine"),
        FOUR: ("valmont-fr", None),
    }
    found = by_site(known)
    assert {key: (row["place"], row["specialities"], row["unread_country"]) for key, row in found.items()} == {
        "valmont-fr": ("union", 2, None),
        "valmont": ("inconnu", 2, "France (69) ; Inde / Chine"),
    }


def test_the_last_year_that_describes_a_speciality_is_in_force_whoever_wrote_it(known: Home) -> None:
    state(
        known,
        line(ONE, "Fabrication", "VIEUX", year=2025),
        line(TWO, "Fabrication", "VIEUX", year=2025),
        line(ONE, "Fabrication", "NEUF", year=2026),
        line(TWO, "Sérialisation", "NEUF", year=2026),  # no step: quarantined, its statement of 2025 stands
        line(THREE, "Fabrication", "CEDANT", year=2025, who=B),
        line(THREE, "Fabrication", "REPRENEUR", year=2026, who=A),
    )
    assert known.refresh().error == ""
    assert {(row["cis"], row["site_name"], row["year"]) for row in rows(known, "site_step")} == {
        (ONE, "NEUF", 2026),
        (TWO, "VIEUX", 2025),
        (THREE, "REPRENEUR", 2026),
    }
    counted = sites.counts(known.reader())
    assert (counted["specialities"], counted["first_year"], counted["year"]) == (3, 2025, 2026)
    assert [(row["first_year"], row["year"]) for row in sites.of_dci(known.reader(), "metformine")] == [
        (2026, 2026),
        (2025, 2025),
    ]


def test_a_statement_sent_again_replaces_each_speciality_it_names(known: Home) -> None:
    state(known, line(ONE, "Fabrication", "FAUX"), line(TWO, "Fabrication", "GARDE"))
    known.refresh()
    state(known, line(ONE, "Fabrication", "JUSTE"), name="edl_corrige.xlsx")
    assert known.refresh(date(2026, 11, 23)).error == ""
    assert {(row["cis"], row["site_name"]) for row in rows(known, "site_step")} == {(ONE, "JUSTE"), (TWO, "GARDE")}


def test_a_mitm_said_and_absent_from_the_list_is_named(known: Home) -> None:
    state(
        known,
        line(ONE, "Fabrication", "S", mitm="Oui"),
        line(TWO, "Fabrication", "S", mitm="Non"),
        line(THREE, "Fabrication", "S", mitm="Oui"),
        line(FOUR, "Fabrication", "S", mitm=None),
        line("99999991", "Fabrication", "S", mitm="Oui"),  # absent from the referential: not on the list either
    )
    assert known.refresh().error == ""
    assert {row["cis"]: row["mitm_gap"] for row in rows(known, "site_speciality")} == {
        ONE: None,
        TWO: "non_dit",
        THREE: "dit_absent",
        FOUR: None,
        "99999991": "dit_absent",
    }
    reader = known.reader()
    assert sites.mitm_gaps(reader)["cis"].tolist() == [THREE, "99999991", TWO]
    counted = sites.counts(reader)
    assert (counted["unlisted_mitm"], counted["unsaid_mitm"], counted["specialities"], counted["dcis"]) == (2, 1, 5, 3)
    assert by_site(known)["s-fr"]["unlisted_specialities"] == 2


def test_open_declarations_stand_beside_the_specialities_of_a_site(known: Home) -> None:
    state(known, line(ONE, "Fabrication", "S"), line(ONE, "Libération", "S"), line(THREE, "Fabrication", "S"))
    code = medicine(ONE, "METFORMINE").cip13
    opened = ["D-1", 1, date(2026, 11, 3), A, code, "Rupture", "Ouverte", "Autre", "Ville", date(2026, 11, 3)]
    known.drop("trustmed", "t.xlsx", {"trustmed_version": [[*opened, *[None] * 10]]})
    assert known.refresh().error == ""
    depending = {row["cis"]: row for row in sites.depending(known.reader(), "s-fr").to_dict("records")}
    assert depending[ONE]["declaration_nos"] == "D-1"
    assert depending[ONE]["only_steps"] == "fabrication, libération"
    assert depending[THREE]["open_declarations"] == 0
    assert by_site(known)["s-fr"]["open_declarations"] == 1  # one declaration, though two steps


def test_nothing_of_it_is_shared(known: Home) -> None:
    known.receive_reserved()
    state(known, line(ONE, "Fabrication", "SITE TRES SECRET"))
    assert known.refresh().error == ""
    shared = known.reader("shared")
    assert not {"site_step", "site_speciality", "production_site", "identity"} & shared.tables
    assert sites.of_dci(shared, "metformine") == []
    assert not sites.is_visible(shared)


@pytest.mark.parametrize(
    ("text", "country", "in_union"),
    [
        ("Pays-Bas", "Pays-Bas", True),
        ("NETHERLANDS", "Pays-Bas", True),
        ("IN", "Inde", False),
        ("États Unis", "États-Unis", False),
        ("La Réunion", "La Réunion", True),
        ("UK", "Royaume-Uni", False),
        ("Schweiz", "Suisse", False),
        ("Guyane", "Guyane française", True),
        ("Corse", "France", True),
        ("France métropolitaine", "France", True),
        ("Hong-Kong", "R.A.S. chinoise de Hong Kong", False),
        ("HONG KONG", "R.A.S. chinoise de Hong Kong", False),
        ("Macédoine", "Macédoine du Nord", False),
    ],
)
def test_a_country_is_read_in_several_languages(text: str, country: str, in_union: bool) -> None:
    code = code_of(text)
    assert code is not None
    assert (french_name(code), is_in_union(code)) == (country, in_union)


@pytest.mark.parametrize("text", ["Fance", "Europe", "UE", "XX", "?", "hors UE"])
def test_what_names_no_country_is_none(text: str) -> None:
    assert code_of(text) is None
