"""Classement: the list chosen, its order, the lines behind one score, what is shown as unknown, who may see."""

from __future__ import annotations

import re
from typing import Any

import pytest

from connectors.language.folding import fold_words
from metrics.anticipation import queries as anticipation
from pages.anticiper import rank_words as words
from pages.components import format as fr
from pages.components import lists
from tests.conftest import Home
from tests.pages.conftest import Opener, bodies, links, sentence, texts
from tests.typography import TYPED

PAGE = "pages/anticiper/classement.py"


@pytest.fixture
def ranks(demo_home: Home) -> list[dict[str, Any]]:
    return demo_home.reader().rows("SELECT * FROM anticipation_rank ORDER BY list, place, dci")


def of(ranks: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [row for row in ranks if row["list"] == name]


def plain(text: str) -> str:
    return text.translate(TYPED).replace("&#x27;", "'")


def shown(at: Any) -> list[str]:
    return [label for label, target in links(at) if re.match(r"classement\?liste=[^&]*&dci=", target)]


@pytest.mark.parametrize("name", ["MITM", "essentiel", "stock 4 mois"])
def test_a_list_is_shown_in_the_order_of_its_scores(ranks: list[dict[str, Any]], open_page: Opener, name: str) -> None:
    at = open_page(PAGE, liste=name)
    assert not at.exception
    mine = of(ranks, name)
    assert shown(at) == [fr.capital(row["dci"]) for row in mine][: lists.FIRST]
    assert shown(open_page(PAGE, liste=name, lignes="200")) == [fr.capital(row["dci"]) for row in mine]
    answer = sentence(at)
    assert f"« {words.LISTS[name]} » ({len(mine)} DCI), la première à regarder est {mine[0]['dci']}" in answer
    often = sum((row["declarations_24"] or 0) >= 3 for row in mine)
    assert f"{often} DCI" in answer


def test_the_order_may_be_that_of_one_component(ranks: list[dict[str, Any]], open_page: Opener) -> None:
    mine = sorted(
        of(ranks, "MITM"), key=lambda row: (-row["vulnerability_score"], -row["score"], fold_words(row["dci"]))
    )
    at = open_page(PAGE, liste="MITM", tri="-vulnerabilite", lignes="200")
    assert shown(at) == [fr.capital(row["dci"]) for row in mine]
    assert 'aria-sort="descending"' in "".join(bodies(at))


def test_the_answer_follows_the_search(ranks: list[dict[str, Any]], open_page: Opener) -> None:
    mine = of(ranks, "MITM")
    last = mine[-1]
    at = open_page(PAGE, liste="MITM", q=last["dci"].upper())
    assert shown(at) == [fr.capital(last["dci"])]
    assert sentence(at).startswith(
        f"1 DCI sur {len(mine)} de la liste « MITM » : {last['dci']}, rang {last['place']}, {fr.number(last['score'], 1)} sur 100"
    )
    nothing = open_page(PAGE, liste="MITM", q="introuvable")
    assert sentence(nothing).startswith(f"Aucune des {len(mine)} DCI de la liste « MITM »")
    assert shown(nothing) == []


def test_every_component_of_every_row_is_written(
    demo_home: Home, ranks: list[dict[str, Any]], open_page: Opener
) -> None:
    bounds = anticipation.share_bounds(demo_home.reader())
    written = plain(texts(open_page(PAGE, liste="MITM", lignes="200")))
    for row in of(ranks, "MITM"):
        assert (
            plain(f"{fr.number(row['declarations_24'])} en 24 mois, {fr.number(row['declarations_36'])} en 36")
            in written
        )
        assert plain(f"premier exploitant {fr.percent(row['largest_share_pct'], bounds=bounds)}") in written
        assert plain(f"{fr.number(row['monthly_boxes'])} boîtes par mois") in written


def test_one_score_opens_on_its_ten_lines(demo_home: Home, ranks: list[dict[str, Any]], open_page: Opener) -> None:
    row = of(ranks, "MITM")[0]
    at = open_page(PAGE, liste="MITM", dci=row["dci_key"])
    values = demo_home.reader().rows(
        "SELECT * FROM anticipation_value WHERE list = 'MITM' AND dci_key = $dci ORDER BY order_no", dci=row["dci_key"]
    )
    assert len(values) == 10
    assert "".join(bodies(at)).count('data-label="Indicateur"') == 10
    assert ("Classement", "classement") in links(at)
    assert sentence(at).startswith(f"{fr.capital(row['dci'])} est au rang 1 de la liste « MITM »")
    written = plain(texts(at))
    for value in values:
        assert value["title"] in written
        assert f"<b>{value['points']}</b> / {value['most_points']}" in written
    assert any(target.startswith("molecule?sujet=") for _, target in links(at))


def test_weights_and_what_is_not_known_are_on_the_page(demo_home: Home, open_page: Opener) -> None:
    written = plain(texts(open_page(PAGE)))
    assert "récurrence 40, vulnérabilité 30, impact 30" in written
    assert "à valider" in written
    assert "l'état des lieux annuel n'est pas reçu" in written
    assert "des 36 derniers mois" in written


def test_an_unknown_list_or_dci_opens_the_usual_page(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, liste="x", dci="y")
    assert not at.exception
    assert "la première à regarder" in sentence(at)


def test_a_shared_screen_shows_places_and_other_roles_have_no_page(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, projection="1")
    assert not at.exception
    assert "DCI classées" in sentence(at)
    assert "LABORATOIRE" not in texts(at)
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_page("", role="cap").switch_page(PAGE)


def test_the_ministry_reads_places_without_what_follows_the_sales_of_a_laboratory(
    demo_home: Home, open_page: Opener
) -> None:
    at = open_page("", role="dgs").switch_page(PAGE).run()
    assert not at.exception
    (first,) = demo_home.reader("shared").rows("SELECT * FROM dci_rank ORDER BY list, place, dci LIMIT 1")
    whole = demo_home.reader().row(
        "SELECT * FROM anticipation_rank WHERE list = $l AND dci_key = $d", l=first["list"], d=first["dci_key"]
    )
    assert whole is not None
    renamed = {"holders": "laboratories", "other_dci": "alternatives"}
    assert {name: whole[renamed.get(name, name)] for name in first} == first
    secret = {
        "score",
        "largest_share_pct",
        "monthly_boxes",
        "vulnerability_score",
        "impact_score",
        "sites_cited",
        "narrowest_sites",
        "outside_union_pct",
    }
    assert secret <= set(whole)
    assert not secret & set(first)
    known = demo_home.reader("shared").rows("SELECT * FROM dci_rank WHERE list = 'essentiel' ORDER BY place, dci")
    assert sentence(at).startswith(
        f"Liste « {words.LISTS['essentiel']} », {len(known)} DCI classées : d'abord {known[0]['dci']}"
    )
    at.query_params["liste"], at.query_params["tri"] = "MITM", "-declarations_24"
    most = demo_home.reader("shared").row("SELECT MAX(declarations_24) AS most FROM dci_rank WHERE list = 'MITM'")
    assert most is not None
    first_row = "".join(bodies(at.run())).split("<tbody>")[1].split("</tr>")[0]
    assert f'data-label="Déclarations, 24 mois" class="vs-right">{most["most"]:.0f}</td>' in first_row


def test_without_data_the_page_says_what_to_deposit(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert "Aucune liste n'est connue" in sentence(at)


def test_a_share_under_a_band_is_not_written_at_its_bound() -> None:
    """The band of 50 % is not reached at 49.7: written 49, not 50."""
    row = {"declarations_24": None, "largest_share_pct": 49.7, "monthly_boxes": None}
    assert words.reasons(row, [50]).translate(TYPED) == "premier exploitant à 49 %"
