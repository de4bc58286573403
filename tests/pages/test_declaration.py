"""Déclaration: did it keep its word, what each version changed, and partner text that stays text."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

import pandas as pd
import pytest

from metrics.declarations import queries as declarations
from pages.components import declaration_rows
from pages.components import format as fr
from pages.components.templating import render
from pages.declarations import facts, kept_promises, timeline
from pages.revue import declaration_lines
from tests.conftest import Home
from tests.pages.conftest import Opener, texts
from tests.typography import TYPED

PAGE = "pages/declarations/declaration.py"
AS_OF = date(2026, 11, 22)


@pytest.fixture
def slipped(demo_home: Home) -> dict[str, Any]:
    """The open declaration whose return slipped the most."""
    found = declarations.everything(demo_home.reader())
    found = found[(found["status"] == "ouverte") & (found["return_slip_days"] > 0)]
    number = str(found.sort_values("return_slip_days").iloc[-1]["declaration_no"])
    row = declarations.one(demo_home.reader(), number)
    assert row is not None
    return row


def test_the_sentence_states_the_promise_and_its_slip(slipped: dict[str, Any], open_page: Opener) -> None:
    written = texts(open_page(PAGE, numero=slipped["declaration_no"]))
    assert fr.day(slipped["expected_return_on"]) in written
    assert f"reporté de {slipped['return_slip_days']}\u00a0jours depuis la première promesse" in written
    assert slipped["laboratory"] in written


def test_each_slip_is_marked_before_and_after(slipped: dict[str, Any], open_page: Opener, demo_home: Home) -> None:
    written = texts(open_page(PAGE, numero=slipped["declaration_no"]))
    promised = declarations.promises(demo_home.reader(), slipped["declaration_no"])
    moved = promised[(promised["promise"] == "retour") & (promised["slip_days"].fillna(0) != 0)]
    assert len(moved) > 0
    for row in moved.to_dict("records"):
        before, after = fr.day(row["previous_planned_on"]), fr.day(row["planned_on"])
        assert f"<del>{before}</del> → <ins>{after}</ins> <b>{fr.change(row['slip_days'], digits=0)}</b>" in written
    assert written.count('"vs-line"') == 1


def test_it_leads_to_the_molecule_and_to_the_other_open_declarations(
    slipped: dict[str, Any], open_page: Opener, demo_home: Home
) -> None:
    written = texts(open_page(PAGE, numero=slipped["declaration_no"]))
    assert f"sujet=dci%3A{slipped['dci_key']}" in written
    linked = declarations.of_dci(demo_home.reader(), slipped["dci_key"])
    others = linked[(linked["status"] == "ouverte") & (linked["declaration_no"] != slipped["declaration_no"])]
    for number in others["declaration_no"]:
        assert f"numero={number}" in written


def test_other_open_declarations_are_rows_that_open(
    slipped: dict[str, Any], open_page: Opener, demo_home: Home
) -> None:
    linked = declarations.of_dci(demo_home.reader(), slipped["dci_key"])
    others = linked[(linked["status"] == "ouverte") & (linked["declaration_no"] != slipped["declaration_no"])]
    written = texts(open_page(PAGE, numero=slipped["declaration_no"]))
    rows = written.partition("vs-linked")[2]
    assert [n for n in others["declaration_no"] if f'href="/declaration?numero={n}"' in rows] == list(
        others["declaration_no"]
    )


def test_the_way_back_keeps_the_filters_of_the_list(slipped: dict[str, Any], open_page: Opener) -> None:
    at = open_page("pages/declarations/declarations.py", type="rupture", tri="-report", role="ansm")
    at.switch_page(PAGE)
    at.query_params["numero"] = slipped["declaration_no"]
    written = texts(at.run())
    assert f'aria-current="page">{slipped["declaration_no"]}<' in written
    assert 'href="/declarations?tri=-report&amp;type=rupture"' in written or (
        'href="/declarations?type=rupture&amp;tri=-report"' in written
    )


@pytest.mark.parametrize(
    ("changed", "slip", "late"),
    [
        ({"return_slip_days": 12}, "reportée de 12 j", ""),
        ({"return_slip_days": -3}, "avancée de 3 j", ""),
        ({"expected_return_on": date(2026, 11, 19)}, "", "dépassée de 3 j"),  # 22 − 19
        ({"expected_return_on": date(2026, 11, 22)}, "", ""),
        ({"expected_return_on": None, "return_slip_days": None}, "", ""),
        ({"return_moves": 2}, "revenue à la première après 2\u00a0changements", ""),
    ],
)
def test_a_row_says_what_became_of_the_promise(changed: dict[str, Any], slip: str, late: str) -> None:
    displayed = declaration_rows.displayed(declaration(**changed), AS_OF)
    assert (displayed["slip"], displayed["late"]) == (slip, late)


def test_a_date_withdrawn_is_not_one_never_promised() -> None:
    withdrawn, never = (
        declaration(expected_return_on=None),
        declaration(expected_return_on=None, first_expected_return_on=None),
    )
    assert "date retirée" in declaration_rows.table([withdrawn], AS_OF)
    assert "non promis" in declaration_rows.table([never], AS_OF)


def test_a_presentation_of_another_subject_says_so() -> None:
    mine = declaration_rows.table([declaration()], AS_OF, mine={"3400930000014"})
    other = declaration_rows.table([declaration()], AS_OF, mine={"3400930000021"})
    assert "autre présentation de la DCI" not in mine
    assert "autre présentation de la DCI" in other
    assert declaration_rows.table([], AS_OF) == ""


@pytest.mark.parametrize("number", ["D-0000-00000", "<script>alert(1)</script>", ""])
def test_an_unknown_number_has_a_sentence_and_a_way_back(demo_home: Home, open_page: Opener, number: str) -> None:
    at = open_page(PAGE, numero=number)
    written = texts(at)
    assert not at.exception
    assert "Revenir à la liste des déclarations" in written
    assert "<script>alert" not in written


def test_the_shared_screen_shows_nothing_of_it(slipped: dict[str, Any], open_page: Opener) -> None:
    written = texts(open_page(PAGE, numero=slipped["declaration_no"], projection="1"))
    assert declaration_rows.MASKED in written
    assert slipped["laboratory"] not in written
    assert slipped["declaration_no"] not in written.replace("numero=" + slipped["declaration_no"], "")


def test_an_empty_home_says_so(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, numero="D-2026-00001")
    assert not at.exception
    assert "Aucune déclaration ne porte le numéro" in texts(at)


def declaration(**changed: Any) -> dict[str, Any]:
    """An open declaration promised for 01/12/2026 and never moved."""
    row = {
        "declaration_no": "D-1", "kind": "rupture", "status": "ouverte", "denomination": "TESTOCILLINE 1 g",
        "presentation_label": "1 boîte", "cip13": "3400930000014", "laboratory": "LABORATOIRE A",
        "start_on": date(2026, 10, 1), "declared_on": date(2026, 9, 20), "updated_on": date(2026, 11, 1),
        "closed_on": None, "expected_return_on": date(2026, 12, 1), "first_expected_return_on": date(2026, 12, 1),
        "return_slip_days": 0, "return_moves": 0, "versions": 2, "causes": ["Incident de production"], "circuits": ["ville"],
        "duration_days": 60, "share_town_pct": 12.5, "share_hospital_pct": None, "sales_town_boxes": 100.0,
        "sales_hospital_boxes": None, "stock_boxes": 10.0, "next_supply_on": None, "sites": "Site 1",
        "alternatives": None, "comment": "Ligne arrêtée", "is_mitm": True, "public_url": None,
    }  # fmt: skip
    return {**row, **changed}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Le retour est promis pour le 01/12/2026, jamais reporté en 2\u00a0versions"),
        ({"return_slip_days": 21}, "reporté de 21 jours depuis la première promesse"),
        ({"return_slip_days": -7}, "avancé de 7 jours"),
        ({"return_moves": 2}, "revenu à la première date promise après 2\u00a0changements, en 2\u00a0versions"),
        ({"expected_return_on": date(2026, 11, 12)}, "cette date est dépassée de 10\u00a0jours sans clôture"),
        ({"expected_return_on": None}, "Date de retour retirée"),
        ({"expected_return_on": None, "first_expected_return_on": None}, "Aucune date de retour n'est promise"),
        ({"start_on": date(2026, 12, 5)}, "à partir du 05/12/2026"),
        ({"status": "close", "closed_on": date(2026, 12, 1)}, "Parole tenue, close le 01/12/2026"),
        ({"status": "close", "closed_on": date(2026, 12, 11)}, "10\u00a0jours après le retour promis au départ"),
    ],
)
def test_the_sentence_of_each_outcome(changed: dict[str, Any], words: str) -> None:
    assert words in kept_promises.sentence(declaration(**changed), AS_OF)


def test_partner_text_is_escaped_everywhere() -> None:
    evil = '<img src=x onerror="alert(1)">'
    row = declaration(comment=evil, sites=evil, alternatives=evil, laboratory=evil, denomination=evil, causes=[evil],
                      public_url="javascript:alert(1)")  # fmt: skip
    first = {**row, "version_no": 1, "version_on": date(2026, 9, 20), "comment": "avant"}
    second = {**row, "version_no": 2, "version_on": date(2026, 11, 1)}
    measure = {"measure": evil, "state": "prévue", "start_on": None, "end_on": None, "town_pct": None,
               "hospital_pct": None, "detail": evil, "version_no": 1}  # fmt: skip
    drawn = render("declarations/versions", versions=timeline.versions([first, second], [], [measure]))
    rows = declaration_rows.table([row], AS_OF, mine=())
    written = facts.html(row, [measure]) + drawn + rows
    assert written.count("&lt;img") >= 8
    assert "<img" not in written
    assert "javascript:" not in written
    assert "&lt;img" in written


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.b/c", "", None])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert declaration_rows.sheet_link(url) == ""
    assert 'href="https://ansm.sante.fr/a?b=1&amp;c=2"' in declaration_rows.sheet_link(
        "https://ansm.sante.fr/a?b=1&c=2"
    )


def promise(
    version: int, planned: date, previous: date | None, state: str | None = None, no: int = 0
) -> dict[str, Any]:
    kind = "approvisionnement" if no else "retour"
    slip = None if previous is None else (planned - previous).days
    return {"promise": kind, "supply_no": no, "version_no": version, "stated_on": date(2026, 10, version),
            "planned_on": planned, "previous_planned_on": previous, "slip_days": slip, "boxes": 500.0 if no else None,
            "state": state, "is_latest": False, "nature": "première" if slip is None else "report",
            "replaced_supply_no": None, "promise_no": no, "withdrawn_on": None}  # fmt: skip


def test_statements_that_move_nothing_leave_the_figure() -> None:
    first, second = date(2026, 12, 1), date(2026, 12, 22)
    promised = pd.DataFrame(
        [promise(1, first, None), promise(2, first, first), promise(3, second, first), promise(4, second, second)]
    )
    kept = kept_promises.moves(promised)
    assert list(kept["version_no"]) == [1, 3]
    assert list(kept["is_latest"]) == [False, True]
    assert kept_promises.title(kept) == "Retour promis le 22/12/2026 après 1\u00a0changement (+21\u00a0j)"


def test_supplies_are_announced_moved_and_received() -> None:
    day, later = date(2026, 12, 1), date(2026, 12, 8)
    supplied = [
        promise(1, day, None, "prévu", 1),
        promise(2, later, day, "prévu", 1),
        promise(3, later, later, "reçu", 1),
    ]
    assert timeline.supplies(supplied, 1)[0].before == ""
    moved = timeline.supplies(supplied, 2)[0]
    assert (moved.before[:10], moved.after[:10], moved.remark) == ("01/12/2026", "08/12/2026", "+7\u00a0j")
    assert timeline.supplies(supplied, 3)[0].after.endswith("reçu")
    assert timeline.supplies([*supplied, promise(4, later, later, "reçu", 1)], 4) == []


def test_a_renumbered_delivery_is_not_announced_again() -> None:
    day, later = date(2026, 12, 1), date(2026, 12, 8)
    supplied = [promise(1, day, None, "prévu", 2), {**promise(2, day, day, "prévu", 1), "promise_no": 2}]
    assert timeline.supplies(supplied, 2) == []
    moved = {**promise(2, later, day, "prévu", 1), "promise_no": 2}
    assert timeline.supplies([supplied[0], moved], 2)[0].remark == "+7\u00a0j"


def test_a_date_no_longer_stated_is_withdrawn() -> None:
    withdrawn = {**promise(1, date(2026, 12, 1), None, "prévu", 1), "withdrawn_on": date(2026, 10, 2)}
    version = {"version_on": date(2026, 10, 2)}
    assert [change.after for change in timeline.withdrawn([withdrawn], version)] == ["date retirée"]
    assert timeline.withdrawn([withdrawn], {"version_on": date(2026, 10, 3)}) == []
    returned = {**promise(1, date(2026, 12, 1), None), "withdrawn_on": date(2026, 10, 2)}
    kept = kept_promises.moves(pd.DataFrame([returned]))
    assert kept_promises.title(kept) == "Retour promis le 01/12/2026, date retirée depuis"
    row = declaration() | {
        "expected_return_on": None,
        "first_expected_return_on": date(2026, 12, 1),
        "status": "ouverte",
    }
    assert "Date de retour retirée" in kept_promises.sentence(row, AS_OF)


def test_measures_are_compared_with_the_last_version_that_states_any() -> None:
    measured = [{"measure": "importation", "state": "demandée", "version_no": 1},
            {"measure": "importation", "state": "en place", "version_no": 3}]  # fmt: skip
    assert timeline.measures(measured, 2) == []
    changed = timeline.measures(measured, 3)
    assert [(c.before, c.after) for c in changed] == [("demandée", "en place")]


def test_a_field_that_a_version_no_longer_states_is_shown_as_withdrawn() -> None:
    row = declaration()
    before = {**row, "version_no": 1, "version_on": AS_OF}
    after = {**row, "version_no": 2, "version_on": AS_OF, "stock_boxes": None}
    changed = timeline.changes(before, after)
    assert [c.label for c in changed] == ["Stock disponible"]
    text = render("declarations/versions", versions=timeline.versions([before, after], [], []))
    assert "n'est plus indiqué" in unescape(text)


def test_a_delivery_more_and_one_in_the_place_of_another(demo_home: Home, open_page: Opener) -> None:
    rows = demo_home.reader().rows(
        "SELECT * FROM promise WHERE nature = 'supplément' OR replaced_supply_no IS NOT NULL"
    )
    for row in rows:
        text = texts(open_page(PAGE, numero=row["declaration_no"])).translate(TYPED)
        if row["replaced_supply_no"] is None:
            assert f"Approvisionnement n° {row['supply_no']}, supplémentaire" in text
        else:
            assert f"Approvisionnement n° {row['supply_no']}, à la place du n° {row['replaced_supply_no']}" in text
    assert len(rows) >= 2


def test_shares_of_a_declaration_stay_on_their_side() -> None:
    """19.96 % is under the band of 20 %, 4.98 % under that of 5 %, wherever they are written."""
    row = declaration(share_town_pct=19.96, share_hospital_pct=4.98)
    assert "ville <b>19,9\u00a0%</b><br>hôpital <b>4,9\u00a0%</b>" in facts.html(row, [])
    first = {**row, "version_no": 1, "version_on": date(2026, 9, 20), "share_town_pct": 14.0}
    second = {**row, "version_no": 2, "version_on": date(2026, 11, 1)}
    written = render("declarations/versions", versions=timeline.versions([first, second], [], []))
    assert "19,9\u00a0%" in written
    assert "20,0" not in written
    assert declaration_lines._shares(row) == "ville 19,9\u00a0%, hôpital 4,9\u00a0%"
