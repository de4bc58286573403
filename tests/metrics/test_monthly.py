"""Rules of the monthly dashboard on rows typed here, small enough to be counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from data import sqlfiles
from data.building import snapshot
from data.warehouse import Reader, Writer
from metrics.methods import methods
from metrics.monthly import queries as monthly
from pages.mensuel import words
from tests.conftest import Home
from tests.referential import Medicine, files, simple

DAYS = (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22))
TITLES = "cis,nom_medicament,cause,classification,date_evenement,code_atc,molecule,laboratoire,nb_patients_ville"
AMOXICILLINE, KETAMINE = "60990001", "60990002"


def medicines() -> list[Medicine]:
    """Two MITM of two holders."""
    return [
        Medicine(AMOXICILLINE, "AMOXICILLINE A 1 g", [("SA", "1", "AMOXICILLINE")], "LABORATOIRE A", atc="J01CA04"),
        Medicine(KETAMINE, "KETAMINE B 50 mg", [("SA", "1", "KETAMINE")], "LABORATOIRE B", atc="N01AX03"),
        simple("60990003", "VITAMINE C", "ACIDE ASCORBIQUE", "LABORATOIRE C"),
    ]


def release(*lines: tuple[str, str, str]) -> str:
    """Lines of the public release: CIS, day, laboratory."""
    return f"{TITLES}\n" + "".join(f"{cis},nom,Autre,risque,{on},J01CA04,Molécule,{lab},\n" for cis, on, lab in lines)


def version(number: str, rank: int, on: date, cip13: str, kind: str, status: str) -> list[object]:
    head = [number, rank, on, "LABORATOIRE A", cip13, kind, status, "Autre", "Ville", on]
    return [*head, *[None] * 10]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Declarations of 2026 and one of 2023; a release, then a newer one of 2023, then one that has a stray line of 2023."""
    home = Home(tmp_path_factory.mktemp("monthly") / "home")
    for name, content in files(medicines()).items():
        home.drop_text("bdpm", name, content.decode("cp1252" if name != "CIS_CIP_bdpm.txt" else "utf-8"), "cp1252")
    amoxicilline, ketamine, _ = (item.cip13 for item in medicines())
    september = [date(2026, 9, day) for day in (10, 12, 15, 20, 25)]
    version_rows = [
        version("D-1", 1, september[0], amoxicilline, "Risque", "Ouverte"),
        version("D-1", 2, date(2026, 10, 5), amoxicilline, "Rupture", "Close"),
        version("D-1", 3, date(2026, 11, 2), amoxicilline, "Rupture", "Close"),  # a comment added once closed
        version("D-2", 1, september[1], ketamine, "Risque", "Ouverte"),
        version("D-2", 2, september[3], ketamine, "Risque", "Close"),
        version("D-2", 3, september[4], ketamine, "Risque", "Ouverte"),  # opened again
        version("D-3", 1, september[2], amoxicilline, "Rupture", "Ouverte"),
        version("D-4", 1, date(2023, 5, 2), ketamine, "Risque", "Ouverte"),
    ]
    home.drop("trustmed", "extraction.xlsx", {"trustmed_version": version_rows})
    twice = (AMOXICILLINE, "2023-03-01", "Labo Été")
    home.drop_text("historique", "1.csv", release(*[(KETAMINE, "2022-06-01", "x")] * 2, *[twice] * 4))
    assert not home.refresh(DAYS[0]).error
    home.drop_text("historique", "2.csv", release(twice, twice, (AMOXICILLINE, "2023-04-01", "LABO ETE")))
    assert not home.refresh(DAYS[1]).error
    home.drop_text("historique", "3.csv", release((KETAMINE, "2023-12-31", "y"), *[(KETAMINE, "2021-02-01", "z")] * 3))
    assert not home.refresh(DAYS[2]).error
    return home


@pytest.fixture(scope="module")
def reader(home: Home) -> Reader:
    return home.reader()


def figures(reader: Reader, month: date, span: str, *names: str) -> tuple[object, ...]:
    row = monthly.dashboard(reader, month)
    side = row.month if span == "mois" else row.year
    return tuple(side[name] for name in names)


def test_raw_then_once_by_speciality(reader: Reader) -> None:
    """D-1, D-2 and D-3 of September: two on one speciality; the kind is that of the first version."""
    names = ("declarations", "ruptures", "risks", "specialities", "declarants", "liable_holders")
    assert figures(reader, date(2026, 9, 1), "mois", *names) == (3, 1, 2, 2, 1, 2)
    assert figures(reader, date(2026, 10, 1), "mois", "declarations", "specialities") == (0, 0)
    assert figures(reader, date(2026, 10, 1), "cumul", "declarations", "specialities") == (3, 2)


def test_no_ratio_for_a_year_whose_referential_was_not_received(reader: Reader) -> None:
    """The only photograph is of 2026: 2023 is not divided by the holders of 2026."""
    names = ("liable_holders", "declaring_holders", "liable_on")
    assert figures(reader, date(2023, 4, 1), "cumul", *names) == (None, None, None)
    liable, declaring, taken = figures(reader, date(2026, 9, 1), "cumul", *names)
    assert isinstance(taken, date)
    assert taken.year == 2026
    assert 0 < int(str(declaring)) <= int(str(liable))


def test_more_laboratories_than_holders_do_not_make_300_percent(tmp_path: Path) -> None:
    """One marketed MITM of one holder, declared by three exploitants: 1 of 1 holders, and three declarants.

    A second speciality, no MITM, is declared by its holder: it is outside the base, hence outside the numerator.
    """
    home = Home(tmp_path / "home")
    mitm = Medicine("90000001", "AMOXICILLINE 1 g", [("SA", "1", "AMOXICILLINE")], "TITULAIRE A", atc="J01CA04")
    other = simple("90000002", "KETAMINE 250 mg", "KETAMINE", "TITULAIRE B")
    for name, content in files([mitm, other]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows = [
        [f"D-{number}", 1, "10/11/2026", who, medicine.cip13, "Rupture", "Ouverte", "Incident", "Ville", "10/11/2026"]
        for number, (who, medicine) in enumerate(
            (("EXPLOITANT X", mitm), ("EXPLOITANT Y", mitm), ("EXPLOITANT Z", mitm), ("TITULAIRE B", other)), start=1
        )
    ]
    home.drop("trustmed", "d.xlsx", {"trustmed_version": rows})
    assert home.refresh(date(2026, 11, 22)).published
    names = ("declarants", "declaring_holders", "liable_holders")
    assert figures(home.reader(), date(2026, 11, 1), "mois", *names) == (4, 1, 1)
    shown = monthly.dashboard(home.reader(), date(2026, 11, 1))
    written = words.declarants(shown).replace("\u00a0", " ")
    assert "pour 1 des 1 titulaires d'au moins un MITM commercialisé (100 %, BDPM du 22/11/2026)" in written


def test_a_file_closes_once_and_not_when_opened_again(reader: Reader) -> None:
    closed = {m: figures(reader, date(2026, m, 1), "mois", "closed")[0] for m in (9, 10, 11)}
    assert closed == {9: 0, 10: 1, 11: 0}
    assert figures(reader, date(2026, 11, 1), "cumul", "closed") == (1,)


def test_a_year_comes_from_the_source_that_holds_more_of_it(reader: Reader) -> None:
    """2023: three lines of the release against one declaration, which is counted as left out."""
    assert figures(reader, date(2023, 4, 1), "cumul", "source_key", "declarations", "copies") == ("historique", 3, 1)
    assert figures(reader, date(2023, 4, 1), "mois", "left_aside", "closed") == (1, None)
    kept = reader.rows("SELECT declaration_no FROM monthly_declaration WHERE is_counted AND declaration_no IS NOT NULL")
    assert {row["declaration_no"] for row in kept} == {"D-1", "D-2", "D-3"}


def test_a_newer_release_replaces_a_year_a_stray_line_does_not(reader: Reader) -> None:
    years = reader.rows(
        "SELECT EXTRACT(YEAR FROM event_on) AS year, COUNT(*) AS lines FROM history_declaration GROUP BY ALL ORDER BY year"
    )
    assert [(row["year"], row["lines"]) for row in years] == [(2021, 3), (2022, 2), (2023, 3)]


def test_months_stop_where_a_source_stops(reader: Reader) -> None:
    """No zero is made up: not before the first month known, nor in years that no source knows."""
    months = [row["month"] for row in monthly.months(reader)]
    assert {month.year for month in months} == {2021, 2022, 2023, 2026}
    assert (min(months), max(months)) == (date(2021, 2, 1), date(2026, 11, 1))
    assert min(month for month in months if month.year == 2026) == date(2026, 1, 1)  # known from May 2023 on
    with pytest.raises(LookupError):
        monthly.dashboard(reader, date(2025, 1, 1))


def test_one_laboratory_under_two_spellings(reader: Reader) -> None:
    assert figures(reader, date(2023, 4, 1), "cumul", "declarants") == (1,)


def test_the_month_opened_first_is_a_whole_one_with_declarations(reader: Reader) -> None:
    by_month = monthly.months(reader)
    assert monthly.default(by_month) == date(2026, 9, 1)
    november = next(row for row in by_month if row["month"] == date(2026, 11, 1))
    assert not monthly.is_whole(november)
    assert november["counted_to"] == DAYS[2]


def test_a_situation_has_the_highest_level_of_its_declarations(tmp_path: Path) -> None:
    """The queries themselves on four lines: low then high on one speciality, none on another."""
    writer = Writer(tmp_path / "levels.duckdb")
    month = date(2026, 9, 1)
    lines = [("D-1", "S1"), ("D-2", "S1"), ("D-3", "S2"), ("D-4", "S3")]
    blank = {"closed_on": month, "kind": "risque", "dci": "d", "dci_key": "d", "atc_group": "J", "laboratory": "A"}
    writer.table(
        "monthly_line",
        pa.Table.from_pylist(
            [
                {"source_key": "trustmed", "declaration_no": no, "declared_on": month, "speciality_key": key}
                | {"speciality": key, "is_copy": False, **blank}
                for no, key in lines
            ]
        ),
    )
    scores = [("D-1", "faible", 0), ("D-2", "haut", 3), ("D-3", "important", 2)]
    writer.table(
        "declaration_score",
        pa.Table.from_pylist([{"declaration_no": n, "level": v, "level_no": rank} for n, v, rank in scores]),
    )
    writer.table("monthly_year", pa.Table.from_pylist([{"year": 2026, "source_key": "trustmed"}]))
    span = {"month": month, "source_key": "trustmed", "span": "mois", "counted_month": month}
    writer.table("monthly_span", pa.Table.from_pylist([span]))
    writer.run(sqlfiles.load(snapshot.MACROS).sql)
    for name in ("monthly_declaration", "monthly_situation", "monthly_level"):
        writer.run(f"CREATE TABLE {name} AS {methods()[name].sql}")
    rows = writer.rows("SELECT level, situations, declarations FROM monthly_level")
    writer.close()
    counts = {row["level"]: (row["situations"], row["declarations"]) for row in rows}
    assert counts == {"haut": (1, 2), "important": (1, 1), "non évalué": (1, 1)}
