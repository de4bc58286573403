"""Arrêts de commercialisation: the register, its views, one stop with its arithmetic, the way from a molecule, who may see."""

from __future__ import annotations

from typing import Any

import pytest

from pages.anticiper import stop_words as words
from pages.components import format as fr
from tests.conftest import Home
from tests.pages.conftest import Opener, links, sentence, texts
from tests.typography import TYPED

PAGE, MOLECULE = "pages/anticiper/arrets.py", "pages/molecules/molecule.py"


@pytest.fixture
def register(demo_home: Home) -> list[dict[str, Any]]:
    return demo_home.reader().rows("SELECT * FROM stop_register ORDER BY stop_no")


def plain(text: str) -> str:
    return text.translate(TYPED).replace("&#x27;", "'")


def opened(at: Any) -> list[str]:
    return [label for label, target in links(at) if target.startswith("arrets?arret=")]


def test_the_sentence_counts_those_to_come_and_names_the_heaviest(
    register: list[dict[str, Any]], open_page: Opener
) -> None:
    at = open_page(PAGE)
    assert not at.exception
    coming = [row for row in register if not row["is_effective"]]
    answer = sentence(at)
    assert answer.startswith(f"{len(coming)} arrêts à venir, dont {sum(row['is_mitm'] for row in coming)} de MITM")
    heaviest = max(coming, key=lambda row: row["sales_share_pct"] or 0)
    assert f"Le plus lourd : {heaviest['denomination']}" in answer
    assert plain(fr.days(heaviest["others_after_days"])) in answer
    assert set(opened(at)) == {row["stop_no"] for row in coming}


@pytest.mark.parametrize("view", [key for key in words.VIEWS if key != "tous"])
def test_each_view_keeps_its_rows(register: list[dict[str, Any]], open_page: Opener, view: str) -> None:
    kept = {
        "mitm": lambda row: row["is_mitm"],
        "a-transmettre": lambda row: row["is_to_refer"] and row["review"] != "examiné",
        "preavis-court": lambda row: row["is_mitm"] and row["notice_days"] < 365,
        "autres-courts": lambda row: row["others_worse"] > 0,
    }[view]
    expected = {row["stop_no"] for row in register if kept(row)}
    assert set(opened(open_page(PAGE, quand="tous", vue=view))) == expected


def test_the_answer_follows_the_filters(register: list[dict[str, Any]], open_page: Opener) -> None:
    coming = [row for row in register if not row["is_effective"]]
    mine = [row for row in coming if row["dci_key"] == "metformine"]
    answer = sentence(open_page(PAGE, q="metformine"))
    count = "1 arrêt à venir" if len(mine) == 1 else f"{len(mine)} arrêts à venir"
    assert answer.startswith(f"{count} sur {len(coming)}, dont {sum(row['is_mitm'] for row in mine)} de MITM")
    nothing = open_page(PAGE, q="introuvable")
    assert sentence(nothing).startswith("Aucun arrêt ne passe ces filtres.")
    assert opened(nothing) == []


def test_the_register_is_sorted_by_its_heads(register: list[dict[str, Any]], open_page: Opener) -> None:
    last_first = sorted(register, key=lambda row: row["stop_on"], reverse=True)
    assert opened(open_page(PAGE, quand="tous", tri="-arret"))[0] in {
        row["stop_no"] for row in last_first if row["stop_on"] == last_first[0]["stop_on"]
    }
    numbers = sorted(row["stop_no"] for row in register)
    assert opened(open_page(PAGE, quand="tous", tri="dossier")) == numbers
    assert opened(open_page(PAGE, quand="tous", tri="x")) == opened(open_page(PAGE, quand="tous"))


def test_what_has_stopped_is_apart_and_leaves_nothing_to_move(
    register: list[dict[str, Any]], open_page: Opener
) -> None:
    (gone,) = [row for row in register if row["is_effective"]]
    assert opened(open_page(PAGE, quand="effectifs")) == [gone["stop_no"]]
    assert "Ses ventes sont déjà à zéro" in sentence(open_page(PAGE, arret=gone["stop_no"]))


def test_one_stop_shows_every_figure_of_its_calculation(demo_home: Home, open_page: Opener) -> None:
    reader = demo_home.reader()
    row = reader.row(
        "SELECT * FROM stop_register WHERE dci_key = 'metformine' AND others_reported > 0 ORDER BY sales_share_pct DESC"
    )
    assert row is not None
    at = open_page(PAGE, arret=row["stop_no"])
    assert not at.exception
    written = plain(texts(at))
    total = f"{fr.number(row['others_stock_units'])} ÷ ({fr.number(row['others_daily_units'])} + {fr.number(row['load_daily_units'])})"
    assert plain(total) in written
    measured = reader.rows(
        "SELECT * FROM stop_transfer WHERE stop_no = $n AND daily_boxes IS NOT NULL", n=row["stop_no"]
    )
    assert measured
    for line in measured:
        for value in (line["stock_boxes"], line["daily_boxes"], line["moved_daily_boxes"], line["daily_after_boxes"]):
            assert plain(fr.number(value)) in written
        assert plain(fr.days(line["coverage_after_days"])) in written
    if row["others"] > row["others_reported"]:
        assert "majorant" in written
    open_numbers = reader.rows(
        "SELECT declaration_no FROM declaration WHERE dci_key = 'metformine' AND status = 'ouverte'"
    )
    assert {item["declaration_no"] for item in open_numbers} <= {label for label, _ in links(at)}


def test_an_unknown_number_says_so_above_the_register(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, arret="A-1999-0001")
    assert not at.exception
    assert "« A-1999-0001 » inconnu" in plain(texts(at))
    assert opened(at)


def test_a_molecule_leads_to_the_stops_of_its_dci(register: list[dict[str, Any]], open_page: Opener) -> None:
    mine = {row["stop_no"] for row in register if row["dci_key"] == "metformine"}
    assert mine <= set(opened(open_page(MOLECULE, sujet="dci:metformine")))
    assert opened(open_page(MOLECULE, sujet="dci:metformine", projection="1")) == []


def test_a_shared_screen_counts_stops_by_dci_and_other_roles_have_no_page(demo_home: Home, open_page: Opener) -> None:
    for parameters in ({}, {"arret": "A-2026-0001"}):
        at = open_page(PAGE, projection="1", **parameters)
        assert not at.exception
        assert "arrêt à venir" in sentence(at)
        assert "LABORATOIRE" not in texts(at)
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_page("", role="cap").switch_page(PAGE)


def test_without_data_the_page_says_what_to_deposit(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert "Aucun arrêt de commercialisation à venir" in sentence(at)
    assert "inbox/arrets" in texts(at)


def test_the_ministry_reads_stops_by_dci_without_laboratory_nor_day(
    register: list[dict[str, Any]], demo_home: Home, open_page: Opener
) -> None:
    at = open_page("", role="dgs").switch_page(PAGE).run()
    assert not at.exception
    coming = {row["dci_key"] for row in register if not row["is_effective"]}
    rows = demo_home.reader("shared").rows("SELECT * FROM dci_stop")
    assert {row["dci_key"] for row in rows if not row["is_effective"]} == coming
    assert sentence(at).startswith(f"{len(coming)} DCI ont un arrêt à venir" if len(coming) > 1 else "1 DCI a un")
    assert {row["first_month"].day for row in rows} == {1}
    assert {row["share_band"] for row in rows} <= {"masquée", "inconnue", "moins de 30 %", "au moins 30 %"}
    assert not {"laboratory", "stop_no", "cis", "denomination", "stop_on"} & set(rows[0])
    assert "LABORATOIRE" not in texts(at)
