"""Closed declarations made public, generic groups and conditions of a DCI, on rows typed here."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from tests.conftest import Home
from tests.referential import Medicine, files, simple

ALONE, GENERIC = simple("60000001", "ALPHA 5 mg, comprimé", "ALPHACINE"), simple("60000002", "BETA 5 mg", "ALPHACINE")
PAIR = Medicine("60000003", "DUO 5 mg/1 mg, comprimé", [("SA", "1", "ALPHACINE"), ("SA", "2", "BÊTACINE")])
RELEASE = """cis,nom_medicament,cause,classification,date_evenement,code_atc,molecule,laboratoire,nb_patients_ville
60000001,alpha 5 mg,Autre,rupture,2021-03-02,J01AA01,Alphacine,labo un,100.0
60000001,alpha 5 mg,Autre,rupture,2021-03-02,J01AA01,Alphacine,labo un,100.0
60000002,beta 5 mg,Autre,risque,2021-11-30,J01AA01,Alphacine,LABO DEUX,
60000002,beta 5 mg,Autre,risque,2023-01-15,J01AA01,Alphacine,labo deux,
69999999,ancien duo,Autre,rupture,2022-05-05,J01AA01,Bêtacine et alphacine,labo un,
69999998,inconnu,Autre,rupture,2022-05-06,J01AA01,Gammacine,labo un,
"""
GROUPS = """1\tALPHACINE 5 mg - ALPHA 5 mg, comprimé.\t60000001\t0\t1
1\tALPHACINE 5 mg - ALPHA 5 mg, comprimé.\t60000002\t1\t2
1\tALPHACINE 5 mg - ALPHA 5 mg, comprimé.\t69999997\t1\t3
"""
CONDITIONS = "60000001\tliste I\n60000002\tliste I\n60000002\tprescription  hospitalière\n60000003\tliste II\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Read by every test, changed by none."""
    home = Home(tmp_path_factory.mktemp("records") / "home")
    for name, content in files([ALONE, GENERIC, PAIR]).items():
        home.drop_text("bdpm", name, content.decode("cp1252" if name != "CIS_CIP_bdpm.txt" else "utf-8"))
    home.drop_text("bdpm", "CIS_GENER_bdpm.txt", GROUPS)
    home.drop_text("bdpm", "CIS_CPD_bdpm.txt", CONDITIONS)
    home.drop_text("historique", "declarations.csv", RELEASE)
    home.receive_reserved()
    assert home.refresh().error == ""
    return home


def test_closed_declarations_are_counted_by_year_and_kind(built: Home) -> None:
    years = declarations.past_years(built.reader(), "alphacine").to_dict("records")
    # 2023: one risk; 2021: two identical shortages and one risk, of two specialities and two laboratories.
    assert [
        (
            row["year"],
            row["lines"],
            row["ruptures"],
            row["risks"],
            row["copies"],
            row["specialities"],
            row["laboratories"],
        )
        for row in years
    ] == [(2023, 1, 0, 1, 0, 1, 1), (2021, 3, 2, 1, 1, 2, 2)]
    assert years[1]["last_event_on"].date() == date(2021, 11, 30)


def test_a_speciality_that_left_the_referential_is_found_by_its_molecule(built: Home) -> None:
    """« Bêtacine et alphacine » is the association whose key is in the order of the alphabet."""
    (row,) = declarations.past_years(built.reader(), "alphacine--betacine").to_dict("records")
    assert (row["year"], row["lines"], row["ruptures"]) == (2022, 1, 1)
    unknown = built.reader().rows("SELECT name FROM past_declaration WHERE dci_key IS NULL")
    assert unknown == [{"name": "inconnu"}]


def test_lines_name_laboratories_in_the_restricted_artefact_only(built: Home) -> None:
    lines = declarations.past_lines(built.reader(), "alphacine")
    assert set(lines["laboratory"]) == {"LABO UN", "LABO DEUX"}
    shared = built.reader("shared")
    assert not shared.has("past_declaration")
    assert declarations.past_years(shared, "alphacine")["lines"].tolist() == [1, 3]


def test_generic_groups_count_what_is_in_the_referential(built: Home) -> None:
    (group,) = referential.generic_groups(built.reader(), "alphacine").to_dict("records")
    assert (group["references_count"], group["generics"], group["unlisted"]) == (1, 1, 1)
    assert group["label"].startswith("ALPHACINE 5 mg")
    assert "label" not in referential.generic_groups(built.reader("shared"), "alphacine")
    assert referential.generic_groups(built.reader(), "alphacine--betacine").empty


def test_conditions_say_on_how_many_specialities(built: Home) -> None:
    found = referential.conditions(built.reader("shared"), "alphacine").to_dict("records")
    assert [(row["condition"], row["specialities"], row["dci_specialities"]) for row in found] == [
        ("liste I", 2, 2),
        ("prescription hospitalière", 1, 2),  # two spaces in the file
    ]
