"""Where, since when, what is done, when does it end: declarations counted by hand, and what the demo answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.warehouse import Artefact, Reader
from metrics.review import answers
from metrics.risk import queries as risk
from tests.conftest import Home
from tests.connectors.partner_files import titles
from tests.referential import files, simple

DAY = date(2026, 12, 16)
LARGE, SMALL, DCI = "amoxicilline-susp-500", "amoxicilline-susp-250", "dci:amoxicilline"
NAME = "AMOXICILLINE {} {} mg/5 ml, poudre pour suspension buvable"
A = simple("90000001", NAME.format("A", 500), "AMOXICILLINE")
B = simple("90000002", NAME.format("B", 500), "AMOXICILLINE", "LABORATOIRE B")
C = simple("90000003", NAME.format("C", 250), "AMOXICILLINE", "LABORATOIRE C")


def version(number: str, version_no: int, day: str, cip13: str, back: str | None, status: str = "Ouverte") -> list[Any]:
    return [number, version_no, day, "LABORATOIRE A", cip13, "Risque de rupture", status, "Incident de production",
            "Ville", "05/11/2026", None, back]  # fmt: skip


VERSIONS = [
    # Of the group of 500: one promised for the 20/12, then for the 10/01; one without a date; one closed.
    version("D-1", 1, "10/11/2026", A.cip13, "20/12/2026"),
    version("D-1", 2, "20/11/2026", A.cip13, "10/01/2027"),
    version("D-3", 1, "12/11/2026", B.cip13, None),
    version("D-4", 1, "11/11/2026", B.cip13, "01/12/2026"),
    version("D-4", 2, "02/12/2026", B.cip13, "01/12/2026", "Close"),
    # Of the group of 250: a date that has passed the day before.
    version("D-2", 1, "14/11/2026", C.cip13, "15/12/2026"),
]
MEASURES = [
    ["D-1", 2, "Contingentement quantitatif", "En place", "12/11/2026"],
    ["D-3", 1, "Contingentement quantitatif", "En place", "20/11/2026", "31/01/2027"],
    ["D-1", 2, "Restriction de circuit", "En place", "24/12/2026"],  # begins later, whatever it is called
    ["D-3", 1, "Importation", "Demandée", None],
    ["D-3", 1, "Stock de dépannage", "Terminée", "12/11/2026"],
    ["D-4", 1, "Mise à disposition", "En place", "12/11/2026"],  # of a file that is closed
    ["D-2", 1, "Alternatives recommandées", "En place", None],  # its start is not written
]


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("answers") / "home")
    for name, content in files([A, B, C]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert titles("trustmed", "trustmed_measure")[2:5] == ["Mesure", "État", "Début"]
    home.drop("trustmed", "t.xlsx", {"trustmed_version": VERSIONS, "trustmed_measure": MEASURES})
    assert home.refresh(DAY).error == ""
    assert home.reader().rows("SELECT * FROM quarantine") == []
    return home


@pytest.mark.parametrize("artefact", ["restricted", "shared"])
def test_declarations_of_the_group_and_of_the_dci(declared: Home, artefact: Artefact) -> None:
    """Open: D-1 and D-3 on boxes of 500, D-2 on a box of 250; three on the DCI."""
    rows = {row["group_id"]: row for row in declared.reader(artefact).rows("SELECT * FROM plan_status")}
    counts = {name: (row["group_declarations"], row["open_declarations"]) for name, row in rows.items()}
    assert counts[LARGE] == (2, 3)
    assert counts[SMALL] == (1, 3)
    assert {both for name, both in counts.items() if not name.startswith("amoxicilline")} == {(0, 0)}


def test_the_end_announced(declared: Home) -> None:
    """Of 500: 10/01, put off once, one file without a date. Of the DCI: 15/12, passed the day before, to 10/01."""
    rows = {row["subject_id"]: row for row in declared.reader().rows("SELECT * FROM announced_end")}
    names = ("open_declarations", "dated", "passed", "earliest_on", "latest_on", "postponed", "postponed_declarations")
    assert {name: tuple(row[column] for column in names) for name, row in rows.items()} == {
        LARGE: (2, 1, 0, date(2027, 1, 10), date(2027, 1, 10), 1, 1),
        SMALL: (1, 1, 1, date(2026, 12, 15), date(2026, 12, 15), 0, 0),
        DCI: (3, 2, 1, date(2026, 12, 15), date(2027, 1, 10), 1, 1),
    }


def measures(rows: Any) -> set[tuple[Any, ...]]:
    return {(row["measure"], row["phase"], row["declarations"], row["since_on"], row["until_on"]) for row in rows}


def test_measures_of_a_group(declared: Home) -> None:
    rows = declared.reader().rows("SELECT * FROM subject_measure WHERE subject_id = $group", group=LARGE)
    assert measures(rows) == {
        # Of two files; the end of one is not written: none is known for both.
        ("contingentement quantitatif", "en vigueur", 2, date(2026, 11, 12), None),
        ("restriction de circuit", "à venir", 1, date(2026, 12, 24), None),
        ("importation", "à venir", 1, None, None),
        ("stock de dépannage", "terminée", 1, date(2026, 11, 12), None),
        ("mise à disposition", "terminée", 1, date(2026, 11, 12), None),
    }
    rows = declared.reader().rows("SELECT * FROM subject_measure WHERE subject_id = $group", group=SMALL)
    assert measures(rows) == {("alternatives recommandées", "en vigueur", 1, None, None)}


def test_the_register_puts_each_measure_where_it_is(declared: Home) -> None:
    """« En place » of a later day is to come; without a day, it is in force; of a closed file, it is over."""
    table = risk.measures(declared.reader())
    assert {phase: sorted(rows["measure"]) for phase, rows in table.groupby("phase")} == {
        "en vigueur": ["alternatives recommandées", "contingentement quantitatif", "contingentement quantitatif"],
        "à venir": ["importation", "restriction de circuit"],
        "terminée": ["mise à disposition", "stock de dépannage"],
    }
    assert table["is_in_force"].equals(table["phase"] == "en vigueur")


def test_what_those_who_may_not_see_laboratories_read(declared: Home) -> None:
    """Measures of the DCI and the month of the first; that files are open; no promised date."""
    found = answers.answers_of(declared.reader("shared"), LARGE)
    assert found is not None
    shared = found.declared
    assert (shared.is_detailed, shared.of_group, shared.of_dci, shared.end, shared.promises, shared.last_on) == (
        False, 2, 3, None, None, None,
    )  # fmt: skip
    assert measures(shared.measures) == {
        ("contingentement quantitatif", "en vigueur", 2, date(2026, 11, 1), None),
        ("alternatives recommandées", "en vigueur", 1, None, None),
        ("restriction de circuit", "à venir", 1, date(2026, 12, 1), None),
        ("importation", "à venir", 1, None, None),
        ("stock de dépannage", "terminée", 1, date(2026, 11, 1), None),
        ("mise à disposition", "terminée", 1, date(2026, 11, 1), None),
    }
    whole = answers.answers_of(declared.reader(), LARGE)
    assert whole is not None
    assert whole.declared.is_detailed
    assert whole.declared.last_on == date(2026, 11, 14)
    assert whole.declared.end is not None


@pytest.fixture(scope="module", params=["restricted", "shared"])
def demo(request: pytest.FixtureRequest, built_demo: Path) -> Reader:
    return Home(built_demo).reader(request.param)


@pytest.fixture
def listed(demo: Reader) -> Iterator[list[answers.Answers]]:
    yield answers.needing_action(demo)


def test_who_needs_an_action(demo: Reader, listed: list[answers.Answers]) -> None:
    """The groups that alerts watch and that are not satisfied; the DCI that tip over, counted once."""
    groups = demo.rows(
        "SELECT group_id FROM plan_status INNER JOIN plan USING (plan)"
        " WHERE is_watched AND weakest_status IN ('acceptable', 'insatisfaisante')"
    )
    names = [found.subject["subject_id"] for found in listed]
    assert len(names) == len(set(names))
    assert {row["group_id"] for row in groups} == {name for name in names if not name.startswith("dci:")}
    assert groups
    tipping = demo.rows("SELECT DISTINCT dci_key FROM tipping WHERE is_tipping") if demo.has("tipping") else []
    assert {row["dci_key"] for row in tipping} == {found.subject["dci_key"] for found in listed if found.is_tipping}
    assert demo.has("tipping") == any(found.is_tipping for found in listed)


def test_the_gravest_is_first(listed: list[answers.Answers]) -> None:
    def rank(found: answers.Answers) -> int:
        if found.status is not None and found.weakest and found.weakest["status"] == "insatisfaisante":
            return 0
        return 1 if found.is_tipping else 2

    ranks = [rank(found) for found in listed]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    lowest = [float(found.weakest["bound_share_pct"]) for found in listed if rank(found) == 0 and found.weakest]
    assert lowest == sorted(lowest)


def test_a_card_agrees_with_the_tables(demo: Reader, listed: list[answers.Answers]) -> None:
    for found in listed:
        if found.status is None:
            continue
        assert found.weakest is not None
        assert found.weakest["link"] == found.status["weakest_link"]
        assert found.spell is not None
        assert (found.spell["place"], found.spell["status"]) == (found.weakest["link"], found.weakest["status"])
        assert sum(row["insufficient"] for row in found.regions) == found.status["departments_insufficient"]
        assert found.declared.of_dci == found.status["open_declarations"] >= found.status["group_declarations"]
        if found.declared.end:
            assert found.declared.end["open_declarations"] == found.status["group_declarations"]
        assert found == answers.answers_of(demo, found.subject["subject_id"])


def test_a_department_against_its_region_and_the_country(demo: Reader) -> None:
    found = answers.answers_in(demo, LARGE, "departement", "29")
    assert found is not None
    assert (found.here.name, found.region.name, found.country.name) == ("Finistère", "Bretagne", "France")
    assert {row["department"] for row in found.neighbours} == {"22", "35", "56"}
    assert found.here.now == demo.row(
        "SELECT * FROM department_status WHERE subject_id = $group AND department = '29'", group=LARGE
    )
    for place in (found.here, found.region, found.country):
        assert place.spell is not None
        assert place.now is not None
        assert place.now["coverage_days"] == place.spell["coverage_days"]


def test_a_region_with_its_departments(demo: Reader) -> None:
    """53 is Bretagne among regions, Mayenne among departments."""
    found = answers.answers_in(demo, LARGE, "region", "53")
    assert found is not None
    assert found.here is found.region
    assert found.here.name == "Bretagne"
    assert {row["department"] for row in found.neighbours} == {"22", "29", "35", "56"}
    other = answers.answers_in(demo, LARGE, "departement", "53")
    assert other is not None
    assert (other.here.name, other.region.name) == ("Mayenne", "Pays de la Loire")


def test_what_a_region_lacks(demo: Reader) -> None:
    """Those short in most of its departments first; nothing of a region that does not exist."""
    found = answers.needing_action_in(demo, "53")
    low = [sum(row["status"] == "insatisfaisante" for row in local.neighbours) for local in found]
    assert low == sorted(low, reverse=True)
    expected = demo.rows(
        "SELECT DISTINCT s.subject_id FROM department_status AS s"
        " INNER JOIN tracked_group AS g ON g.group_id = s.subject_id INNER JOIN plan AS p ON p.plan = g.plan"
        " WHERE region = '53' AND is_watched AND status IN ('insatisfaisante', 'acceptable')"
    )
    assert {local.subject["subject_id"] for local in found} == {row["subject_id"] for row in expected}
    assert found
    assert answers.needing_action_in(demo, "99") == []


@pytest.mark.parametrize(
    ("subject", "scope", "code"),
    [(LARGE, "departement", "99"), (LARGE, "canton", "29"), ("inconnu", "departement", "29"), (DCI, "region", "53")],
)
def test_what_is_unknown_has_no_answer(demo: Reader, subject: str, scope: str, code: str) -> None:
    assert answers.answers_in(demo, subject, scope, code) is None
    assert answers.answers_of(demo, "inconnu") is None
