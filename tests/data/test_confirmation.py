"""Doubtful rows through files and refreshes: what is held, what the figures say meanwhile, what an acceptance changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.access.roles import Identity
from data.journal import Journal
from metrics.sources import queries as sources
from tests.conftest import Home
from tests.data.wholesalers import BOXES, DAY, LAST, history_of, send
from tests.typography import TYPED

pytestmark = pytest.mark.computes(
    "coverage_weekly",
    "declaration",
    "department_status",
    "doubtful_row",
    "file_disagreement",
    "link_status",
    "promise",
    "source_file",
    "source_state",
)

GROUP = "amoxicilline-susp-500"
STEWARD = Identity("gestion@exemple.invalid", "Gestionnaire", "ansm_steward")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return history_of(tmp_path_factory)


@pytest.fixture
def market(history: Path, home: Home) -> Home:
    """A home of its own that starts with that history."""
    shutil.copytree(history, home.path)
    return home


def weeks(home: Home) -> dict[date, dict[str, Any]]:
    rows = home.reader().rows(
        "SELECT * FROM coverage_weekly WHERE subject_id = $subject AND link = 'grossistes'", subject=GROUP
    )
    return {row["week"]: row for row in rows}


def doubtful(home: Home) -> list[dict[str, Any]]:
    return home.reader().rows("SELECT * FROM doubtful_row ORDER BY received_at, line")


def decide(home: Home, rows: Iterable[dict[str, Any]]) -> None:
    journal = Journal(home.settings().journal)
    journal.accept_rows(
        STEWARD, [(row["row_ref"], row["source_key"], row["reason"]) for row in rows], "Confirmé au téléphone"
    )
    journal.close()


def account(home: Home) -> dict[str, Any]:
    row = home.reader().row("SELECT * FROM source_state WHERE source_key = 'pointstock'")
    assert row
    return row


def wrong_line(home: Home) -> None:
    """A's first medicine typed a hundred times too big, everything else as usual."""
    send(home, "A", {0: [60_000, *[600] * 5]}, "s46")
    send(home, "B", {0: [300] * 6}, "s46")
    assert not home.refresh(DAY).error


def test_a_stock_a_hundred_times_too_big_makes_an_estimate_not_a_sum(market: Home) -> None:
    wrong_line(market)
    figure = weeks(market)[LAST]
    assert figure["stock_boxes"] == 6 * 900
    assert figure["figure_state"] == "estime"
    assert figure["missing_share_pct"] == pytest.approx(100 / 12)
    assert (figure["missing_names"], figure["held_names"]) == ("GROSSISTE A", "GROSSISTE A")
    (row,) = doubtful(market)
    assert (row["value"], row["previous_value"], row["state"]) == (60_000, 600, "à confirmer")
    assert (row["file_name"], row["line"], row["column_name"]) == ("A-s46.xlsx", 2, "Stock (boîtes)")
    expected_reason = "Stock (boîtes) : 60 000, contre 600 au dernier relevé accepté (S45 2026), multiplié par 100."
    assert row["reason"].translate(TYPED) == expected_reason
    link = market.reader().row("SELECT * FROM link_status WHERE subject_id = $s AND link = 'grossistes'", s=GROUP)
    assert link
    assert link["figure_state"] == "estime"
    assert (
        link["state_reason"] == "Relevé à confirmer reporté d'une semaine (à confirmer : GROSSISTE A, 8 % des ventes)."
    )


def test_a_doubtful_row_is_counted_apart(market: Home) -> None:
    wrong_line(market)
    counted = account(market)
    assert (counted["rows_to_confirm"], counted["rows_quarantined"]) == (1, 1)
    assert counted["rows_in"] == counted["rows_loaded"] + counted["rows_quarantined"] + counted["rows_ignored"]
    (line,) = market.reader().rows("SELECT * FROM source_file WHERE file_name = 'A-s46.xlsx'")
    assert (line["rows_in"], line["rows_loaded"], line["rows_to_confirm"]) == (6, 5, 1)


def test_an_accepted_line_counts_from_the_next_refresh(market: Home) -> None:
    wrong_line(market)
    decide(market, doubtful(market))
    report = market.refresh(DAY)
    assert report.changed
    figure = weeks(market)[LAST]
    assert (figure["stock_boxes"], figure["figure_state"]) == (6 * 900 + 59_400, "a_jour")
    (row,) = doubtful(market)
    assert (row["state"], row["accepted_by"], row["accept_reason"]) == (
        "acceptée",
        STEWARD.login,
        "Confirmé au téléphone",
    )
    assert account(market)["rows_to_confirm"] == 0


def test_an_acceptance_taken_back_holds_the_line_again(market: Home) -> None:
    wrong_line(market)
    decide(market, doubtful(market))
    market.refresh(DAY)
    journal = Journal(market.settings().journal)
    journal.revoke_row(STEWARD, doubtful(market)[0]["row_ref"], "Erreur")
    journal.close()
    assert market.refresh(DAY).changed
    assert weeks(market)[LAST]["figure_state"] == "estime"


def test_a_corrected_file_leaves_nothing_to_confirm(market: Home) -> None:
    wrong_line(market)
    send(market, "A", {0: [610]}, "corrige")
    market.refresh(DAY + timedelta(days=1))
    (row,) = doubtful(market)
    assert row["state"] == "remplacée"
    figure = weeks(market)[LAST]
    assert (figure["stock_boxes"], figure["figure_state"]) == (6 * 900 + 10, "a_jour")
    assert account(market)["rows_quarantined"] == 0


def test_a_wrong_correction_does_not_replace_a_right_line(market: Home) -> None:
    send(market, "A", {0: [620] * 6}, "s46")
    send(market, "B", {0: [300] * 6}, "s46")
    market.refresh(DAY)
    send(market, "A", {0: [62_000]}, "corrige")
    market.refresh(DAY + timedelta(days=1))
    assert weeks(market)[LAST]["stock_boxes"] == 6 * 920
    assert [row["state"] for row in doubtful(market)] == ["à confirmer"]


def test_a_level_that_lasts_is_carried_then_late_and_never_a_smaller_sum(market: Home) -> None:
    """Held for longer than a missing reporter is expected: it has spoken, it stays in the sum or the sum is unknown."""
    for back in range(10):
        monday = LAST + timedelta(weeks=back)
        for who, first in (("A", 60_000), ("B", 300)):
            usual = 600 if who == "A" else 300
            rows = [[monday, f"GROSSISTE {who}", box.cip13, None, usual, 70] for box in BOXES]
            rows[0][4] = first
            market.drop("pointstock", f"{who}-{monday}.xlsx", {"pointstock_stock": rows})
    market.refresh(DAY + timedelta(weeks=10))
    results = weeks(market)
    states = [results[LAST + timedelta(weeks=back)]["figure_state"] for back in range(10)]
    assert states == ["estime", *["en_retard"] * 9]
    assert {row["state"] for row in doubtful(market)} == {"à confirmer"}
    decide(market, doubtful(market)[:1])
    market.refresh(DAY + timedelta(weeks=10))
    assert weeks(market)[LAST + timedelta(weeks=9)]["stock_boxes"] == 6 * 900 + 59_400
    assert [row["state"] for row in doubtful(market)] == ["acceptée"]


def test_a_file_in_another_unit_is_held_whole_with_one_reason(market: Home) -> None:
    send(market, "A", {0: [0.6] * 6}, "s46")
    send(market, "B", {0: [300] * 6}, "s46")
    market.refresh(DAY)
    results = doubtful(market)
    assert [row["rule"] for row in results] == ["unite"] * 6
    assert "divisées par 1 000 environ" in results[0]["reason"].translate(TYPED)
    figure = weeks(market)[LAST]
    assert (figure["stock_boxes"], figure["figure_state"]) == (6 * 900, "estime")
    assert figure["missing_share_pct"] == pytest.approx(50)


def test_a_week_that_has_not_come_is_held_and_does_not_make_the_source_look_fresh(market: Home) -> None:
    send(market, "A", {0: [600] * 6, -52: [600]}, "s46")
    send(market, "B", {0: [300] * 6}, "s46")
    market.refresh(DAY)
    (row,) = doubtful(market)
    assert (row["rule"], row["week"]) == ("futur", LAST + timedelta(weeks=52))
    assert "reçu le 17/11/2026" in row["reason"]
    assert max(weeks(market)) == LAST
    assert weeks(market)[LAST]["figure_state"] == "a_jour"
    assert account(market)["last_period_on"] == LAST + timedelta(days=6)


def test_a_wrong_date_is_replaced_by_what_the_declarant_sends_later(market: Home) -> None:
    send(market, "A", {-52: [600]}, "s46")
    market.refresh(DAY)
    send(market, "A", {0: [600]}, "s46-corrige")
    market.refresh(DAY + timedelta(days=1))
    assert [row["state"] for row in doubtful(market)] == ["remplacée"]


def test_a_declaration_dated_after_its_reception_waits_with_its_promises(home: Home) -> None:
    version = [
        *("D-1", 1, date(2026, 11, 10), "LABORATOIRE A", BOXES[0].cip13, "Risque", "Ouverte", "Autre cause", "Ville"),
        *(date(2026, 11, 20), 30, date(2027, 1, 4), 40, None, 300, None, 12, None, None, None),
    ]
    later = [*version]
    later[1:3] = [2, date(2027, 11, 10)]
    supplies = [["D-1", 1, 1, date(2026, 12, 1), 500, "Prévu"], ["D-1", 2, 1, date(2027, 2, 1), 500, "Prévu"]]
    home.drop("trustmed", "d.xlsx", {"trustmed_version": [version, later], "trustmed_supply": supplies})
    home.refresh(DAY)
    (row,) = doubtful(home)
    assert (row["rule"], row["column_name"], row["label"]) == ("futur", "Date de la version", "D-1 v2")
    (declaration,) = home.reader().rows("SELECT * FROM declaration")
    assert (declaration["versions"], declaration["updated_on"]) == (1, date(2026, 11, 10))
    promised = home.reader().rows("SELECT planned_on FROM promise WHERE promise = 'approvisionnement'")
    assert promised == [{"planned_on": date(2026, 12, 1)}]


def test_files_that_disagree_are_reported_with_what_is_kept(market: Home) -> None:
    send(market, "A", {0: [600, 610]}, "s46")
    market.refresh(DAY)
    send(market, "A", {0: [640, 610]}, "corrige", sales=71)
    market.refresh(DAY + timedelta(days=1))
    results = market.reader().rows("SELECT * FROM file_disagreement ORDER BY cip13, column_name")
    values = [(row["cip13"], row["column_name"], row["value_kept"], row["value_replaced"]) for row in results]
    sales = "Ventes de la semaine (boîtes)"
    assert values == [
        (BOXES[0].cip13, "Stock (boîtes)", "640", "600"),
        (BOXES[0].cip13, sales, "71", "70"),
        (BOXES[1].cip13, sales, "71", "70"),
    ]
    assert {(row["file_kept"], row["file_replaced"]) for row in results} == {("A-corrige.xlsx", "A-s46.xlsx")}
    assert all(row["received_kept"] > row["received_replaced"] for row in results)


def test_the_weekly_file_and_point_stock_of_a_wholesaler_are_compared(market: Home) -> None:
    """640 boxes in the weekly file of the same week after 600 in Point Stock: the newest wins, both sources say it."""
    send(market, "A", {0: [600]}, "s46")
    market.refresh(DAY)
    line = [LAST, "GROSSISTE A", BOXES[0].cip13, None, 640, 70]
    market.drop("grossistes", "g.xlsx", {"grossistes_stock": [line]})
    market.refresh(DAY + timedelta(days=1))
    for key in ("pointstock", "grossistes"):
        (row,) = sources.disagreements(market.reader(), key).to_dict("records")
        assert (row["value_kept"], row["file_kept"], row["source_key"]) == ("640", "g.xlsx", "grossistes")
        assert (row["value_replaced"], row["file_replaced"], row["source_replaced"]) == (
            "600",
            "A-s46.xlsx",
            "pointstock",
        )


def test_two_equal_reports_are_no_disagreement(market: Home) -> None:
    send(market, "A", {0: [600.0, 610]}, "s46")
    send(market, "A", {0: [600, 610]}, "encore")
    market.refresh(DAY)
    assert market.reader().rows("SELECT * FROM file_disagreement") == []


def test_a_return_date_changed_without_a_new_version_is_a_disagreement(home: Home) -> None:
    for day, back in ((DAY, date(2027, 1, 4)), (DAY + timedelta(days=1), date(2027, 2, 1))):
        version = [
            *(
                "D-1",
                1,
                date(2026, 11, 10),
                "LABORATOIRE A",
                BOXES[0].cip13,
                "Risque",
                "Ouverte",
                "Autre cause",
                "Ville",
            ),
            *(date(2026, 11, 20), 30, back, 40, None, 300, None, 12, None, None, None),
        ]
        home.drop("trustmed", f"d-{day}.xlsx", {"trustmed_version": [version]})
        home.refresh(day)
    (row,) = home.reader().rows("SELECT * FROM file_disagreement")
    assert (row["value_kept"], row["value_replaced"], row["label"]) == ("01/02/2027", "04/01/2027", "D-1 v1")


@pytest.mark.computes
def test_nothing_of_it_is_in_the_shared_artefact(market: Home) -> None:
    wrong_line(market)
    shared = market.reader("shared")
    assert not shared.has("doubtful_row")
    assert not shared.has("file_disagreement")
    row = shared.row("SELECT rows_to_confirm FROM source_state WHERE source_key = 'pointstock'")
    assert row == {"rows_to_confirm": 1}
    assert "held_names" not in shared.frame("SELECT * FROM coverage_weekly").columns


def test_a_doubtful_reading_of_a_department_is_not_off_panel(market: Home) -> None:
    def line(back: int, place: str, days: float) -> list[Any]:
        level = "National" if place == "FR" else "Département"
        monday = LAST - timedelta(weeks=back)
        return [monday, GROUP, level, place, 40, 400, None, days, 10, 20, 30, 40]

    usual = [line(back, place, 9) for back in range(1, 5) for place in ("FR", "75", "2A")]
    market.drop("iqvia", "history.xlsx", {"iqvia_coverage": usual})
    market.refresh(DAY - timedelta(days=6))
    market.drop("iqvia", "s46.xlsx", {"iqvia_coverage": [line(0, "FR", 9), line(0, "75", 9), line(0, "2A", 900)]})
    market.refresh(DAY)
    rows = market.reader().rows("SELECT * FROM department_status WHERE subject_id = $s", s=GROUP)
    by_department = {row["department"]: row for row in rows}
    assert [by_department[place]["figure_state"] for place in ("75", "2A", "33")] == ["a_jour", "absent", "hors_panel"]
    assert by_department["2A"]["coverage_days"] is None
    assert by_department["2A"]["state_reason"] == "Mesure de la semaine à confirmer."
    assert not by_department["2A"]["is_silent"]  # it answered
    (row,) = doubtful(market)
    assert (row["rule"], row["column_name"]) == ("hors_bornes", "Couverture moyenne (jours)")
