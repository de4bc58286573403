"""Déclarations: counts, filters carried by the URL, the list, and what the shared screen may say."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from metrics.declarations import queries as declarations
from pages.components import atc, declaration_rows
from pages.components import format as fr
from pages.declarations import listing
from tests.conftest import Home
from tests.pages.conftest import DAY, Opener, texts

PAGE = "pages/declarations/declarations.py"


@pytest.fixture
def opened(demo_home: Home) -> pd.DataFrame:
    return declarations.listing(demo_home.reader(), "ouverte")


def numbers(at: object) -> list[str]:
    """Numbers of the declarations listed, in order."""
    return list(at.dataframe[0].value["Déclaration"])  # type: ignore[attr-defined]


def test_the_sentence_counts_open_declarations(opened: pd.DataFrame, open_page: Opener) -> None:
    written = texts(open_page(PAGE))
    kinds = opened["kind"].value_counts()
    assert fr.plural(len(opened), "déclaration est ouverte", "déclarations sont ouvertes") in written
    assert fr.plural(kinds["rupture"], "rupture", "ruptures") in written
    assert f"sur {opened['dci_key'].nunique()} DCI" in written


def test_the_list_starts_with_the_latest_update(opened: pd.DataFrame, open_page: Opener) -> None:
    assert numbers(open_page(PAGE)) == list(opened["declaration_no"])
    assert opened["updated_on"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("parameter", "column"),
    [("type", "kind"), ("dci", "dci_key"), ("atc", "atc_group"), ("laboratoire", "laboratory")],
)
def test_a_filter_of_the_url_keeps_its_rows(
    opened: pd.DataFrame, open_page: Opener, parameter: str, column: str
) -> None:
    value = opened[column].iloc[0]
    wanted = opened[opened[column] == value]
    assert 0 < len(wanted) < len(opened)
    assert numbers(open_page(PAGE, **{parameter: value})) == list(wanted["declaration_no"])


def test_filters_of_cause_list_status_and_words(opened: pd.DataFrame, open_page: Opener, demo_home: Home) -> None:
    cause = opened["causes"].iloc[0][0]
    assert numbers(open_page(PAGE, cause=cause)) == list(
        opened[[cause in causes for causes in opened["causes"]]]["declaration_no"]
    )
    assert numbers(open_page(PAGE, liste="mitm")) == list(opened[opened["is_mitm"]]["declaration_no"])
    closed = declarations.listing(demo_home.reader(), "close")
    assert numbers(open_page(PAGE, statut="close")) == list(closed["declaration_no"])
    one = str(opened["declaration_no"].iloc[-1])
    assert numbers(open_page(PAGE, q=one.lower())) == [one]


def test_filters_that_leave_nothing_say_so(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, q="zzzz")
    assert "Aucune déclaration ne passe ces filtres." in texts(at)
    assert not at.dataframe


def test_the_shared_screen_gives_counts_by_dci_only(demo_home: Home, open_page: Opener) -> None:
    counted = declarations.summary(demo_home.reader("shared"))
    at = open_page(PAGE, projection="1")
    written = texts(at)
    assert "LABORATOIRE" not in written
    assert declaration_rows.MASKED in written
    total = int(counted["open_declarations"].sum())
    assert fr.plural(total, "déclaration est ouverte", "déclarations sont ouvertes") in written
    assert f"sujet=dci%3A{counted.iloc[0]['dci_key']}" in written
    assert not at.dataframe


def test_an_empty_home_says_what_to_deposit(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert "inbox/trustmed" in texts(at)


def test_recent_counts_seven_days_today_included() -> None:
    table = pd.DataFrame({"updated_on": [date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 15)]})
    assert listing.recent(table, DAY) == 2


def test_a_click_on_a_cell_gives_its_row() -> None:
    assert listing.clicked({"selection": {"cells": [(3, "DCI")]}}) == 3
    assert listing.clicked({"selection": {"cells": []}}) is None


def test_the_fourteen_groups_of_the_atc_are_named() -> None:
    assert len(atc.GROUPS) == 14
    assert atc.label("J") == "J – Anti-infectieux à usage systémique"
    assert atc.label("Z") == "Z"


def test_coming_back_from_a_declaration_finds_the_filters_again(opened: pd.DataFrame, open_page: Opener) -> None:
    at = open_page(PAGE, type="rupture")
    at.query_params.clear()
    at.query_params["numero"] = str(opened["declaration_no"].iloc[0])
    at.run()
    assert numbers(at) == list(opened[opened["kind"] == "rupture"]["declaration_no"])
    assert "numero" not in at.query_params
