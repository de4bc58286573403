"""Déclarations: its answer follows the filters of the address, the list that grows, what the shared screen may say."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from metrics.declarations import queries as declarations
from pages.components import atc, declaration_rows, lists
from pages.components import format as fr
from pages.declarations import choice
from tests.conftest import Home
from tests.pages.conftest import DAY, Opener, sentence, texts, words

PAGE = "pages/declarations/declarations.py"
FIRST = 15
MOST_BYTES, MOST_ELEMENTS = 120_000, 40


@pytest.fixture
def opened(demo_home: Home) -> pd.DataFrame:
    return declarations.listing(demo_home.reader(), "ouverte")


def numbers(at: AppTest) -> list[str]:
    """Numbers of the declarations listed, in order."""
    rows = texts(at).partition("vs-listed")[2].partition("</table>")[0]
    return re.findall(r'href="/declaration\?numero=([^"]+)"', rows)


def first(table: pd.DataFrame, most: int = FIRST) -> list[str]:
    return list(table["declaration_no"].head(most))


def test_the_sentence_counts_open_declarations(opened: pd.DataFrame, open_page: Opener) -> None:
    answered = sentence(open_page(PAGE))
    kinds = opened["kind"].value_counts()
    assert answered.startswith(
        f"{len(opened)} déclarations sont ouvertes : {kinds['rupture']} ruptures et {kinds['risque']} risques de "
        f"rupture, sur {opened['dci_key'].nunique()} DCI."
    )


def test_the_list_starts_with_the_latest_update_and_grows(opened: pd.DataFrame, open_page: Opener) -> None:
    assert len(opened) > FIRST
    at = open_page(PAGE)
    assert numbers(at) == first(opened)
    assert opened["updated_on"].is_monotonic_decreasing
    assert 'href="/declarations?lignes=60" data-stay>Afficher plus</a>' in texts(at)
    assert f"{FIRST} sur {len(opened)}" in fr_plain(texts(at))
    assert numbers(open_page(PAGE, lignes="60")) == first(opened, 60)


def fr_plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("parameter", "column"),
    [("type", "kind"), ("dci", "dci_key"), ("atc", "atc_group"), ("laboratoire", "laboratory")],
)
def test_a_filter_of_the_url_keeps_its_rows_and_the_answer_follows(
    opened: pd.DataFrame, open_page: Opener, parameter: str, column: str
) -> None:
    value = opened[column].iloc[0]
    wanted = opened[opened[column] == value]
    assert 0 < len(wanted) < len(opened)
    at = open_page(PAGE, **{parameter: value})
    assert numbers(at) == first(wanted)
    word = "déclaration ouverte" if len(wanted) == 1 else "déclarations ouvertes"
    assert sentence(at).startswith(f"{len(wanted)} {word} sur {len(opened)} : ")


def test_filters_of_cause_list_status_month_and_words(opened: pd.DataFrame, open_page: Opener, demo_home: Home) -> None:
    cause = opened["causes"].iloc[0][0]
    assert numbers(open_page(PAGE, cause=cause)) == first(opened[[cause in causes for causes in opened["causes"]]])
    assert numbers(open_page(PAGE, liste="mitm")) == first(opened[opened["is_mitm"]])
    assert numbers(open_page(PAGE, liste="hors")) == first(opened[~opened["is_mitm"]])
    closed = declarations.listing(demo_home.reader(), "close")
    assert numbers(open_page(PAGE, statut="close")) == first(closed)
    everything = declarations.listing(demo_home.reader())
    month = f"{pd.Timestamp(everything['declared_on'].iloc[-1]):%Y-%m}"
    in_month = everything[pd.to_datetime(everything["declared_on"]).dt.strftime("%Y-%m") == month]
    assert numbers(open_page(PAGE, statut="toutes", mois=month)) == first(in_month)
    one = str(opened["declaration_no"].iloc[-1])
    assert numbers(open_page(PAGE, q=one.lower())) == [one]


def test_each_status_counts_what_the_same_filters_keep(open_page: Opener, demo_home: Home) -> None:
    everything = declarations.listing(demo_home.reader())
    ruptures = everything[everything["kind"] == "rupture"]["status"].value_counts()
    written = texts(open_page(PAGE, type="rupture"))
    for label, count in (("Ouvertes", ruptures["ouverte"]), ("Closes", ruptures["close"]), ("Toutes", ruptures.sum())):
        assert f">{label} <b>{count}</b></a>" in written


@pytest.mark.parametrize(
    ("wanted", "column"), [("report", "return_slip_days"), ("ville", "share_town_pct"), ("numero", "declaration_no")]
)
@pytest.mark.parametrize("descends", [False, True])
def test_a_head_sorts_the_list_unknown_values_last(
    opened: pd.DataFrame, open_page: Opener, wanted: str, column: str, descends: bool
) -> None:
    at = open_page(PAGE, tri=f"-{wanted}" if descends else wanted)
    expected = opened.sort_values(column, ascending=not descends, kind="stable", na_position="last")
    values = dict(zip(opened["declaration_no"], opened[column], strict=True))
    assert [values[number] for number in numbers(at)] == list(expected[column].head(FIRST))
    assert f'aria-sort="{"descending" if descends else "ascending"}"><a href="/declarations?tri=' in texts(at)


def test_an_address_that_says_nothing_known_shows_the_first_rows(opened: pd.DataFrame, open_page: Opener) -> None:
    at = open_page(PAGE, tri="<script>", lignes="-1", type="zzz", statut="zzz", liste="zzz")
    assert numbers(at) == first(opened)
    assert "<script>alert" not in texts(at)
    assert not at.exception


def test_filters_that_leave_nothing_say_so(opened: pd.DataFrame, open_page: Opener) -> None:
    at = open_page(PAGE, q="zzzz")
    assert "Aucune déclaration ne passe ces filtres." in texts(at)
    assert sentence(at).startswith(f"Aucune déclaration ouverte ne passe ces filtres parmi {len(opened)} déclarations.")
    assert numbers(at) == []


def test_the_files_hold_what_was_chosen_and_say_it() -> None:
    asked = choice.Choice("toutes", kind="rupture", listed="mitm", month="2026", typed="amox")
    assert asked.words() == {"Statut": "Toutes", "Type": "Rupture de stock", "Liste": "MITM", "Déclarée en": "2026",
                             "Recherche": "amox"}  # fmt: skip


@pytest.mark.parametrize(("asked", "lines"), [("15", 15), ("200", lists.HEAVY)])
def test_five_thousand_declarations_stay_a_light_page(
    opened: pd.DataFrame, open_page: Opener, monkeypatch: pytest.MonkeyPatch, asked: str, lines: int
) -> None:
    many = pd.concat([opened] * (5_000 // len(opened) + 1), ignore_index=True).head(5_000)
    many["declaration_no"] = [f"D-2026-{place:05d}" for place in range(len(many))]
    monkeypatch.setattr(declarations, "listing", lambda _reader, status=None: many)  # noqa: ARG005
    at = open_page(PAGE, lignes=asked)
    assert len(numbers(at)) == lines
    assert sentence(at).startswith("5 000 déclarations sont ouvertes")
    assert 10_000 < weight(at) < MOST_BYTES
    assert 8 < elements(at) <= MOST_ELEMENTS


def weight(at: AppTest) -> int:
    """Bytes of HTML of the page, without the style sheet, which the browser keeps."""
    htmls = [str(element.proto.body) for element in at.get("html")]
    return sum(len(body.encode()) for body in htmls if not body.startswith("<style>"))


def elements(at: AppTest) -> int:
    return sum(1 for element in at.main if not hasattr(element, "children"))


def test_the_shared_screen_gives_counts_by_dci_only(demo_home: Home, open_page: Opener) -> None:
    counted = declarations.summary(demo_home.reader("shared"))
    at = open_page(PAGE, projection="1")
    written = texts(at)
    assert "LABORATOIRE" not in written
    assert declaration_rows.MASKED in written
    total = int(counted["open_declarations"].sum())
    assert fr.plural(total, "déclaration est ouverte", "déclarations sont ouvertes") in written
    assert f"sujet=dci%3A{counted.iloc[0]['dci_key']}" in written
    assert numbers(at) == []


def test_the_answer_of_the_shared_screen_follows_its_search(demo_home: Home, open_page: Opener) -> None:
    counted = declarations.summary(demo_home.reader("shared"))
    chosen = counted[counted["open_declarations"] > 0].iloc[0]
    at = open_page(PAGE, projection="1", q=str(chosen["dci"]))
    opened = counted[counted["open_declarations"] > 0]
    same = opened[[str(chosen["dci"]) in str(dci) for dci in opened["dci"]]]
    total = int(same["open_declarations"].sum())
    assert sentence(at).startswith(fr_plain(fr.plural(total, "déclaration est ouverte", "déclarations sont ouvertes")))
    assert f"sur {len(same)} DCI" in sentence(at)
    nothing = open_page(PAGE, projection="1", q="<b>zzzz")
    assert "ne s'écrit avec « <b>zzzz »" in words(nothing)
    assert "Aucune DCI ne correspond." in texts(nothing)
    assert "<b>zzzz" not in texts(nothing)


def test_an_empty_home_says_what_to_deposit(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert "inbox/trustmed" in texts(at)


def test_recent_counts_seven_days_today_included() -> None:
    rows = [{"updated_on": date(2026, 11, 22)}, {"updated_on": date(2026, 11, 16)}, {"updated_on": date(2026, 11, 15)}]
    assert choice.recent(rows, DAY) == 2


def test_the_fourteen_groups_of_the_atc_are_named() -> None:
    assert len(atc.GROUPS) == 14
    assert atc.label("J") == "J – Anti-infectieux à usage systémique"
    assert atc.label("Z") == "Z"
