"""Keys that resolve to nothing: the rows are loaded, listed with the likely key, counted apart; figures go on."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Home
from tests.data.test_identity import version
from tests.data.wholesalers import BOXES, DAY, LAST, history_of, send
from tests.referential import files, simple

pytestmark = pytest.mark.computes("coverage_weekly", "source_file", "source_state", "unmatched_key")

GROUP = "amoxicilline-susp-500"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return history_of(tmp_path_factory)


@pytest.fixture
def market(history: Path, home: Home) -> Home:
    shutil.copytree(history, home.path)
    return home


def unmatched(home: Home) -> list[dict[str, Any]]:
    return home.reader().rows("SELECT * FROM unmatched_key ORDER BY table_name, line, column_name")


def brief(home: Home) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in ("column_name", "key", "rows", "likely_key")) for row in unmatched(home)]


def stranger(cis: str = "90999999"):
    return simple(cis, "AMOXICILLINE LABO Z 500 mg/5 ml", "AMOXICILLINE")


def stock(name: str, cip13: str, boxes: int, label: str | None = None) -> list[Any]:
    return [LAST, name, cip13, label, boxes, 70]


def test_a_code_absent_from_the_referential_is_listed_with_its_label_and_the_likely_box(market: Home) -> None:
    rows = [stock("GROSSISTE A", box.cip13, 600) for box in BOXES]
    label = "Amoxicilline 500mg/5ml Laboratoire 4 poudre susp. buv."
    market.drop(
        "pointstock", "A.xlsx", {"pointstock_stock": [*rows, stock("GROSSISTE A", stranger().cip13, 4000, label)]}
    )
    send(market, "B", {0: [300] * 6}, "s46")
    assert not market.refresh(DAY).error
    (row,) = unmatched(market)
    assert (row["file_name"], row["sheet"], row["line"], row["column_name"]) == ("A.xlsx", "Stocks", 8, "CIP13")
    assert (row["key"], row["rows"], row["label"]) == (stranger().cip13, 1, label)
    assert row["reason"] == "présentation absente du référentiel public"
    # No code differs by a digit: the nearest label of the same first word.
    assert row["likely_key"] == BOXES[3].cip13
    figure = market.reader().row(
        "SELECT stock_boxes FROM coverage_weekly WHERE subject_id = $s AND link = 'grossistes' AND week = $w",
        s=GROUP, w=LAST,
    )  # fmt: skip
    assert figure == {"stock_boxes": 6 * 900}
    state = market.reader().row("SELECT * FROM source_state WHERE source_key = 'pointstock'")
    assert state
    assert (state["rows_without_effect"], state["rows_quarantined"]) == (1, 0)
    (file,) = market.reader().rows(
        "SELECT rows_loaded, rows_without_effect FROM source_file WHERE file_name = 'A.xlsx'"
    )
    assert file == {"rows_loaded": 7, "rows_without_effect": 1}


def test_a_code_that_differs_by_one_digit_has_its_likely_one(market: Home) -> None:
    """BOXES end in 1 to 6; 90000091 is one digit (0 → 9) from 90000001 and two from the others."""
    market.drop("pointstock", "A.xlsx", {"pointstock_stock": [stock("GROSSISTE A", stranger("90000091").cip13, 600)]})
    market.refresh(DAY)
    assert brief(market) == [("CIP13", stranger("90000091").cip13, 1, BOXES[0].cip13)]


def test_a_row_counts_once_its_key_is_known_without_being_sent_again(market: Home) -> None:
    market.drop("pointstock", "A.xlsx", {"pointstock_stock": [stock("GROSSISTE A", stranger().cip13, 600)]})
    market.refresh(DAY)
    assert len(unmatched(market)) == 1
    for name, content in files([*BOXES, stranger()]).items():
        (market.path / "inbox" / "bdpm" / name).write_bytes(content)
    assert not market.refresh(DAY + timedelta(days=1)).error
    assert unmatched(market) == []
    figure = market.reader().row(
        "SELECT stock_boxes FROM coverage_weekly WHERE subject_id = $s AND link = 'grossistes' AND week = $w",
        s=GROUP, w=LAST,
    )  # fmt: skip
    assert figure == {"stock_boxes": 6 * 900 + 600}  # S45 of the six boxes, carried, and the 600 of the new one


def test_supplies_and_measures_of_an_unknown_declaration_are_listed(market: Home) -> None:
    market.drop(
        "trustmed",
        "d.xlsx",
        {
            "trustmed_version": [version("D-2026-00042", 1)],
            "trustmed_supply": [
                ["D-2026-00042", 1, 1, date(2026, 12, 7), 500, "Prévu"],
                ["D-2026-0042", 1, 1, date(2026, 12, 7), 500, "Prévu"],
                ["D-2026-00042", 2, 1, date(2026, 12, 7), 500, "Prévu"],
            ],
            "trustmed_measure": [["X", 1, "Importation", "En place", None, None, None, None, None]],
        },
    )
    assert not market.refresh(DAY).error
    number = "N° de déclaration"
    assert brief(market) == [
        (number, "X v1", 1, None),
        (number, "D-2026-0042 v1", 1, "D-2026-00042 v1"),
        (number, "D-2026-00042 v2", 1, "D-2026-00042 v1"),
    ]
    state = market.reader().row(
        "SELECT rows_loaded, rows_without_effect FROM source_state WHERE source_key = 'trustmed'"
    )
    assert state == {"rows_loaded": 5, "rows_without_effect": 3}


def test_a_group_of_no_plan_and_a_misspelt_subject_are_listed_with_the_likely_ones(market: Home) -> None:
    panel = [LAST, "amoxicilline-sups-500", "Département", "75", 40, 400, None, 4, 10, 20, 30, 40]
    market.drop("iqvia", "g.xlsx", {"iqvia_coverage": [panel, [*panel[:1], "groupe-inconnu", *panel[2:]]]})
    manual = ["dci:amoxycilline", "Grossistes", 1000, date(2026, 1, 1), None, "Essai", "Moi"]
    excluded = [["*", date(2026, 10, 1), "x"], ["dci:amoxycilline", date(2026, 10, 1), "x"]]
    market.drop("references", "r.xlsx", {"references_manual": [manual], "references_excluded": excluded})
    market.refresh(DAY)
    assert brief(market) == [
        ("Groupe", "amoxicilline-sups-500", 1, GROUP),
        ("Groupe", "groupe-inconnu", 1, None),
        ("Sujet", "dci:amoxycilline", 1, "dci:amoxicilline"),
        ("Sujet", "dci:amoxycilline", 1, "dci:amoxicilline"),
    ]


def test_lists_and_stops_that_name_nothing_known_are_listed(market: Home) -> None:
    lists = [["Essentiel", "69999999", None, None, None, None], ["Stock 4 mois", None, "amoxiciline", None, None, None],
             ["Essentiel", None, "Amoxicilline", None, None, None]]  # fmt: skip
    market.drop("listes", "l.xlsx", {"listes_member": lists})
    stop = [date(2026, 11, 2), "LABORATOIRE A", "69999999", None, date(2027, 3, 31), "Commerciale", 45, 30, None, None]
    market.drop("arrets", "a.xlsx", {"arrets_intention": [["A-1", *stop], ["A-2", *stop[:2], "90000001", *stop[3:]]]})
    market.refresh(DAY)
    assert brief(market) == [
        ("Code CIS", "69999999", 1, None),
        ("Code CIS", "69999999", 1, None),
        ("DCI", "amoxiciline", 1, "amoxicilline"),
    ]


def test_a_route_that_no_speciality_of_the_dci_has_is_listed(market: Home) -> None:
    """The boxes are oral: « Voie Orale » is theirs, another route or a misspelt one leaves the line without effect."""
    routes = ("Voie Orale", "intraveineuse", "oralle")
    market.drop("listes", "l.xlsx", {"listes_member": [["Essentiel", None, "Amoxicilline", route] for route in routes]})
    market.refresh(DAY)
    assert brief(market) == [
        ("Voie", "amoxicilline intraveineuse", 1, None),
        ("Voie", "amoxicilline oralle", 1, "amoxicilline orale"),
    ]
    assert market.reader().rows("SELECT DISTINCT list FROM speciality_list WHERE list = 'essentiel'")


def test_a_list_that_uses_a_synonym_is_not_listed_without_effect(home: Home) -> None:
    for name, content in files([simple("90000008", "HEA 130 mg/ml", "HYDROXYÉTHYLAMIDON")]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    home.drop("listes", "l.xlsx", {"listes_member": [["Essentiel", None, "Hydroxyéthylamidon 130 000", None]]})
    assert not home.refresh(DAY).error
    assert home.reader().rows("SELECT cis FROM speciality_list WHERE list = 'essentiel'") == [{"cis": "90000008"}]
    assert brief(home) == []


def test_without_any_referential_keys_are_not_listed_one_by_one(home: Home) -> None:
    rows = [stock("GROSSISTE A", box.cip13, 600) for box in BOXES]
    home.drop("pointstock", "A.xlsx", {"pointstock_stock": rows})
    assert not home.refresh(DAY).error
    (row,) = unmatched(home)
    assert (row["key"], row["rows"]) == (None, 6)
    assert row["reason"] == "référentiel public jamais reçu : aucune présentation n'est connue"


@pytest.mark.computes
def test_the_steward_is_alerted_once_per_file(market: Home) -> None:
    market.drop("pointstock", "A.xlsx", {"pointstock_stock": [stock("GROSSISTE A", stranger().cip13, 600)]})
    market.refresh(DAY)
    alerts = market.reader().rows("SELECT * FROM alert WHERE rule = 'without_effect'")
    assert [(row["place"], row["value"], row["targets"]) for row in alerts] == [("A.xlsx", 1, ["pointstock"])]
    assert not market.reader("shared").rows("SELECT * FROM alert WHERE rule = 'without_effect'")
    assert not market.reader("shared").has("unmatched_key")
    market.refresh(DAY + timedelta(days=40))
    assert market.reader().rows("SELECT * FROM alert WHERE rule = 'without_effect'") == []
