"""Promised dates followed from version to version: renumbered, replaced, withdrawn; doubted when they cannot be dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from data.access.roles import Identity
from data.journal import Journal
from metrics.review import queries as review
from pages.components.charts import figures
from pages.revue import declaration_lines, movement_lines
from tests.conftest import Home
from tests.connectors.partner_files import Rows, titles
from tests.referential import files, simple
from tests.seeds import seeded

pytestmark = pytest.mark.computes(
    "promise",
    "promise_record",
    "reminder",
    "declaration",
    "declaration_criterion",
    "doubtful_row",
    "quarantine",
    "source_file",
)

DAY = date(2026, 12, 1)
STEWARD = Identity("gestion@exemple.invalid", "Gestionnaire", "ansm_steward")
Supply = tuple[int, str, int, str]


def version(number: int, day: str, back: str | None = "20/12/2026", status: str = "Ouverte") -> list[object]:
    return ["D-1", number, day, "LABORATOIRE A", "3400930000014", "Risque de rupture", status,
            "Incident de production", "Ville", "15/11/2026", None, back]  # fmt: skip


def built(home: Home, versions: Rows, supplies: dict[int, list[Supply]]) -> Home:
    assert len(titles("trustmed", "trustmed_supply")) == 6
    lines = [["D-1", number, *line] for number, stated in supplies.items() for line in stated]
    home.drop("trustmed", "t.xlsx", {"trustmed_version": versions, "trustmed_supply": lines})
    outcome = home.refresh(DAY)
    assert outcome.published, outcome.error
    return home


def supplies(home: Home) -> list[dict[str, Any]]:
    return home.reader().rows(
        "SELECT * FROM promise WHERE promise = 'approvisionnement' ORDER BY version_no, supply_no"
    )


def reminders(home: Home) -> set[tuple[str, int]]:
    return {(row["promise"], row["supply_no"]) for row in home.reader().rows("SELECT * FROM reminder")}


FIRST: list[Supply] = [(1, "25/11/2026", 100, "Prévu"), (2, "15/12/2026", 200, "Prévu")]


@seeded(2,
    ("second", "promises", "slips", "natures", "withdrawn"),
    [
        # Rank 1 is gone, rank 3 has its boxes: the same delivery, 14 days later.
        ([(2, "15/12/2026", 200, "Prévu"), (3, "09/12/2026", 100, "Prévu")], {2: 2, 3: 1}, {2: 0, 3: 14},
         {2: "inchangée", 3: "report"}, set()),
        # Other boxes, but a near date: 25/11 to 20/12 is 25 days.
        ([(2, "15/12/2026", 200, "Prévu"), (3, "20/12/2026", 90, "Prévu")], {2: 2, 3: 1}, {2: 0, 3: 25},
         {2: "inchangée", 3: "report"}, set()),
        # Neither boxes nor date: 25/11 to 25/01 is 61 days. One date withdrawn, one delivery more.
        ([(2, "15/12/2026", 200, "Prévu"), (3, "25/01/2027", 900, "Prévu")], {2: 2, 3: 3}, {2: 0, 3: None},
         {2: "inchangée", 3: "supplément"}, {1}),
        # Renumbered: what was rank 2 is written as rank 1 and has not moved; what was rank 1 is no longer stated.
        ([(1, "15/12/2026", 200, "Prévu")], {1: 2}, {1: 0}, {1: "inchangée"}, {1}),
        # Renumbered, and the first one put off at the end of the list.
        ([(1, "15/12/2026", 200, "Prévu"), (2, "10/01/2027", 100, "Prévu")], {1: 2, 2: 1}, {1: 0, 2: 46},
         {1: "inchangée", 2: "report"}, set()),
        # Received, and its rank used again: another delivery, not a postponement of what came.
        ([(1, "25/11/2026", 100, "Reçu"), (2, "15/12/2026", 200, "Prévu")], {1: 1, 2: 2}, {1: 0, 2: 0},
         {1: "inchangée", 2: "inchangée"}, set()),
    ],
    ids=["replaced", "replaced by a near date", "another delivery", "renumbered", "renumbered and put off", "received"],
)  # fmt: skip
def test_a_delivery_is_followed_whatever_its_rank(
    home: Home,
    second: list[Supply],
    promises: dict[int, int],
    slips: dict[int, int | None],
    natures: dict[int, str],
    withdrawn: set[int],
) -> None:
    built(home, [version(1, "10/11/2026"), version(2, "28/11/2026")], {1: FIRST, 2: second})
    rows = supplies(home)
    stated = {row["supply_no"]: row for row in rows if row["version_no"] == 2}
    assert {number: row["promise_no"] for number, row in stated.items()} == promises
    assert {number: row["slip_days"] for number, row in stated.items()} == slips
    assert {number: row["nature"] for number, row in stated.items()} == natures
    assert {row["promise_no"] for row in rows if row["withdrawn_on"] is not None} == withdrawn
    # On the 1st of December nothing planned for the 25th of November is left to claim.
    assert ("approvisionnement", 1) not in reminders(home)
    record = home.reader().row("SELECT * FROM promise_record WHERE scope = 'laboratoire'")
    assert record is not None
    assert record["withdrawn"] == len(withdrawn)


def test_a_replaced_delivery_counts_once(home: Home) -> None:
    """Rank 1 of the 20/11, then rank 2 of the 28/11: one promise, 8 days late, due and not kept; one reminder, not two."""
    stated = {1: [(1, "20/11/2026", 100, "Prévu")], 2: [(2, "28/11/2026", 100, "Prévu")]}
    built(home, [version(1, "10/11/2026"), version(2, "18/11/2026")], stated)
    assert reminders(home) == {("approvisionnement", 2)}
    row = home.reader().row("SELECT * FROM reminder")
    assert row is not None
    assert (row["postponed"], row["first_planned_on"], row["total_slip_days"]) == (1, date(2026, 11, 20), 8)
    record = home.reader().row("SELECT * FROM promise_record WHERE scope = 'laboratoire'")
    assert record is not None
    assert (record["due"], record["kept"], record["additional"], record["postponed"]) == (1, 0, 0, 1)


@pytest.mark.long
def test_a_rank_used_again_after_a_reception_is_another_delivery(home: Home) -> None:
    stated = {1: [(1, "20/11/2026", 100, "Reçu")], 2: [(1, "20/12/2026", 100, "Prévu")]}
    built(home, [version(1, "22/11/2026"), version(2, "28/11/2026")], stated)
    last = supplies(home)[-1]
    assert (last["slip_days"], last["nature"], last["promise_no"]) == (None, "supplément", 2)


def test_a_supply_no_longer_stated_is_withdrawn_and_may_come_back(home: Home) -> None:
    versions = [version(1, "10/11/2026"), version(2, "18/11/2026"), version(3, "25/11/2026")]
    stated: dict[int, list[Supply]] = {1: [(1, "20/11/2026", 100, "Prévu")]}
    built(home, versions[:2], stated)
    (only,) = supplies(home)
    assert (only["is_latest"], only["withdrawn_on"]) == (False, date(2026, 11, 18))
    assert reminders(home) == set()
    # Stated again, it is the same promise, ten days later, in force and not withdrawn.
    home.drop("trustmed", "u.xlsx", {"trustmed_version": versions[2:],
                                     "trustmed_supply": [["D-1", 3, 1, "30/11/2026", 100, "Prévu"]]})  # fmt: skip
    assert home.refresh(DAY).published
    first, back = supplies(home)
    assert (first["withdrawn_on"], first["promise_no"], back["promise_no"]) == (None, 1, 1)
    assert (back["slip_days"], back["nature"], back["is_latest"]) == (10, "report", True)
    assert reminders(home) == {("approvisionnement", 1)}


def test_a_file_without_the_sheet_withdraws_nothing(home: Home) -> None:
    built(home, [version(1, "10/11/2026")], {1: [(1, "20/11/2026", 100, "Prévu")]})
    home.drop("trustmed", "u.xlsx", {"trustmed_version": [version(2, "18/11/2026")]})
    assert home.refresh(DAY).published
    assert reminders(home) == {("approvisionnement", 1)}


@pytest.mark.computes
def test_a_return_withdrawn_is_not_overdue(home: Home) -> None:
    """Promised for the 20th of November, then no longer: withdrawn on the 25th, not overdue on the 1st of December."""
    built(home, [version(1, "10/11/2026", "20/11/2026"), version(2, "25/11/2026", None)], {})
    (row,) = home.reader().rows("SELECT * FROM promise")
    assert (row["is_latest"], row["withdrawn_on"]) == (False, date(2026, 11, 25))
    assert reminders(home) == set()
    assert home.reader().rows("SELECT * FROM alert WHERE rule IN ('date_passed', 'date_due')") == []


@pytest.mark.long
def test_a_return_of_a_closed_declaration_is_not_withdrawn(home: Home) -> None:
    built(home, [version(1, "10/11/2026", "20/11/2026"), version(2, "25/11/2026", None, "Close")], {})
    (row,) = home.reader().rows("SELECT * FROM promise")
    assert row["withdrawn_on"] is None


def test_the_longest_postponement_is_scored_not_their_sum(home: Home) -> None:
    """The return slips by 30 days and its supply by 31: 31, not 61."""
    built(
        home,
        [version(1, "10/11/2026", "01/12/2026"), version(2, "18/11/2026", "31/12/2026")],
        {1: [(1, "30/11/2026", 100, "Prévu")], 2: [(1, "31/12/2026", 100, "Prévu")]},
    )
    row = home.reader().row("SELECT * FROM declaration_criterion WHERE criterion = 'G'")
    assert row is not None
    assert (row["value"], row["detail"]) == (31, "2 reports, le plus long compté")


def doubts(home: Home) -> list[dict[str, Any]]:
    return home.reader().rows("SELECT * FROM doubtful_row ORDER BY lake_table, line")


@seeded(
    1,
    ("start", "back", "rule", "words"),
    [
        ("15/11/2026", "31/12/2099", "lointaine", "plus de 5 ans après le 10/11/2026"),
        ("15/11/2026", "01/01/2000", "ordre", "avant le début (15/11/2026)"),
        ("15/11/2026", "14/11/2026", "ordre", "avant le début (15/11/2026)"),
        ("01/01/2000", "20/12/2026", "lointaine", "plus de 10 ans avant le 10/11/2026"),
        ("31/12/2099", None, "lointaine", "plus de 5 ans après le 10/11/2026"),
    ],
)
def test_a_date_that_stands_for_an_unknown_one_waits(
    home: Home, start: str, back: str | None, rule: str, words: str
) -> None:
    line = version(1, "10/11/2026", back)
    line[9] = start
    built(home, [line], {})
    (row,) = doubts(home)
    assert (row["rule"], row["state"], row["label"]) == (rule, "à confirmer", "D-1 v1")
    assert words in row["reason"].replace("\u00a0", " ")
    assert home.reader().rows("SELECT * FROM declaration") == []
    assert reminders(home) == set()


@seeded(1, ("start", "back"), [("15/11/2026", "31/12/9999"), ("01/01/1900", "20/12/2026")])
def test_a_date_of_no_possible_year_is_refused_when_read(home: Home, start: str, back: str) -> None:
    line = version(1, "10/11/2026", back)
    line[9] = start
    built(home, [line], {})
    (row,) = home.reader().rows("SELECT * FROM quarantine")
    assert (row["state"], row["line"]) == ("à corriger", 2)
    assert home.reader().rows("SELECT * FROM declaration") == []


def test_a_date_put_off_and_back_has_moved_and_a_declaration_closes_once(home: Home) -> None:
    """20/12, 10/01, 20/12 again: no day of slip, two moves. Closed on the 18th, a comment added on the 20th: the 18th."""
    built(
        home,
        [
            version(1, "10/11/2026"), version(2, "12/11/2026", "10/01/2027"), version(3, "14/11/2026"),
            version(4, "18/11/2026", status="Close"), version(5, "20/11/2026", status="Close"),
        ],
        {},
    )  # fmt: skip
    (row,) = home.reader().rows("SELECT * FROM declaration")
    assert (row["return_slip_days"], row["return_moves"]) == (0, 2)
    assert (row["closed_on"], row["updated_on"]) == (date(2026, 11, 18), date(2026, 11, 20))


@seeded(1, "back", ["15/11/2026", "09/11/2031", None])
def test_a_plain_date_is_believed(home: Home, back: str | None) -> None:
    """A return on the day of the start; one day less than five years after the version of the 10/11/2026; none."""
    built(home, [version(1, "10/11/2026", back)], {})
    assert doubts(home) == []
    assert len(home.reader().rows("SELECT * FROM declaration")) == 1


@pytest.mark.long
def test_a_closed_declaration_may_end_before_its_start(home: Home) -> None:
    built(home, [version(1, "10/11/2026", "12/11/2026", "Close")], {})
    assert doubts(home) == []


def test_the_version_before_a_doubtful_one_stays_in_force(home: Home) -> None:
    built(home, [version(1, "10/11/2026", "20/12/2026"), version(2, "18/11/2026", "31/12/2099")], {})
    (row,) = home.reader().rows("SELECT * FROM declaration")
    assert (row["versions"], row["expected_return_on"]) == (1, date(2026, 12, 20))


def test_a_supply_promised_for_2099_waits_alone(home: Home) -> None:
    stated = {1: [(1, "31/12/2099", 100, "Prévu"), (2, "10/12/2026", 200, "Prévu")]}
    built(home, [version(1, "10/11/2026")], stated)
    (row,) = doubts(home)
    assert (row["lake_table"], row["label"], row["column_name"]) == ("trustmed_supply", "D-1 v1 n° 1", "Date prévue")
    assert [line["supply_no"] for line in supplies(home)] == [2]
    (sheet,) = home.reader().rows("SELECT * FROM source_file")
    assert (sheet["rows_in"], sheet["rows_to_confirm"]) == (3, 1)


def test_a_corrected_line_replaces_a_doubtful_date(home: Home) -> None:
    built(home, [version(1, "10/11/2026", "31/12/2099")], {})
    home.drop("trustmed", "corrected.xlsx", {"trustmed_version": [version(1, "10/11/2026", "20/12/2026")]})
    assert home.refresh(DAY + timedelta(days=1)).published
    assert [row["state"] for row in doubts(home)] == ["remplacée"]
    (row,) = home.reader().rows("SELECT * FROM declaration")
    assert row["expected_return_on"] == date(2026, 12, 20)


def test_an_accepted_date_counts(home: Home) -> None:
    built(home, [version(1, "10/11/2026", "31/12/2032")], {})
    (row,) = doubts(home)
    journal = Journal(home.settings().journal)
    journal.accept_rows(STEWARD, [(row["row_ref"], "trustmed", row["reason"])], "Confirmé au téléphone")
    journal.close()
    assert home.refresh(DAY).published
    assert [row["state"] for row in doubts(home)] == ["acceptée"]
    (kept,) = home.reader().rows("SELECT * FROM declaration")
    assert kept["expected_return_on"] == date(2032, 12, 31)


@pytest.mark.computes
def test_the_review_says_a_date_withdrawn_since(home: Home) -> None:
    """The return of the 20/12 is no longer stated on the 24/11: it moved, though no date took its place."""
    built(home, [version(1, "10/11/2026")], {})
    first = home.reader().rows("SELECT snapshot_id FROM snapshot_info")[0]["snapshot_id"]
    home.drop("trustmed", "b.xlsx", {"trustmed_version": [version(2, "24/11/2026", None)]})
    assert home.refresh(DAY + timedelta(days=1)).published
    moved = review.review(home.reader(reference=first)).promises
    (row,) = figures.records(moved)
    assert (row["planned_before"].strftime("%d/%m/%Y"), row["stated_on"].strftime("%d/%m/%Y")) == (
        "20/12/2026",
        "24/11/2026",
    )
    section = declaration_lines.promises(moved, visible=True)
    assert (section.count, section.note) == (1, "0\u00a0date repoussée, 0\u00a0avancée, 1\u00a0retirée")
    _, cells = movement_lines.drawn(section, {str(name): value for name, value in row.items()})
    assert "20/12/2026 → date retirée" in "".join(cells)


@pytest.mark.parametrize(("who", "cip13", "is_held"), [
    ("LABORATOIRE B", "3400930000021", True),  # nothing in common but the number
    ("LABORATOIRE B", "3400930000014", False),  # the same box, sold to another company
    ("Laboratoire A", "3400930000021", False),  # the code of the box corrected
])  # fmt: skip
def test_a_number_already_used_by_another_laboratory_waits(home: Home, who: str, cip13: str, is_held: bool) -> None:
    """D-1 is A's, for one box. A file received later gives it to B, for another: A's declaration stays until confirmed."""
    built(home, [version(1, "10/11/2026")], {})
    line = version(1, "12/11/2026", "25/12/2026")
    line[3:5] = who, cip13
    home.drop("trustmed", "b.xlsx", {"trustmed_version": [line]})
    assert home.refresh(DAY + timedelta(days=1)).published
    (kept,) = home.reader().rows("SELECT * FROM declaration")
    assert (kept["cip13"] == "3400930000014" and kept["laboratory"] == "LABORATOIRE A") == is_held
    said = [row["reason"].replace("\u00a0", " ") for row in doubts(home)]
    words = (
        "N° de déclaration : D-1, déjà pris par LABORATOIRE A pour 3400930000014 : LABORATOIRE B a-t-il donné le numéro"
        " d'un autre pour 3400930000021 ?"
    )
    assert said == ([words] if is_held else [])


@pytest.mark.computes("planned_supply")
@seeded(1, "has_sheet", [True, False])
def test_a_supply_of_tracstocks_no_longer_stated_is_not_awaited(home: Home, has_sheet: bool) -> None:
    """500 boxes said in S45 for the 07/12; the file of S46 says nothing of it: its sheet is there, or not.

    Another presentation that S46 does not report keeps its own.
    """
    one, two = (simple(f"9000000{number}", f"FICTIVIR {number}00 mg", "FICTIVIR") for number in (1, 2))
    for name, content in files([one, two]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    before, last = date(2026, 11, 2), date(2026, 11, 9)
    stock = [[before, "A", box.cip13, None, 100, None, None, 70] for box in (one, two)]
    awaited = [[before, "A", box.cip13, date(2026, 12, 7), 500] for box in (one, two)]
    home.drop("tracstocks", "s45.xlsx", {"tracstocks_stock": stock, "tracstocks_supply": awaited})
    sheets = {"tracstocks_stock": [[last, "A", one.cip13, None, 100, None, None, 70]]}
    home.drop("tracstocks", "s46.xlsx", sheets | ({"tracstocks_supply": []} if has_sheet else {}))
    assert home.refresh(DAY).published
    (row,) = home.reader().rows("SELECT planned_on, boxes FROM planned_supply WHERE subject_id = 'dci:fictivir'")
    assert (row["planned_on"], row["boxes"]) == (date(2026, 12, 7), 500 if has_sheet else 1000)
