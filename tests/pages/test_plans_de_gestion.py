"""Plans de gestion: the sentence recounted, filters, measures beside a declaration, who may open it."""

from __future__ import annotations

from typing import Any

import pytest

from pages.anticiper import pgp_rows
from pages.anticiper import pgp_words as words
from pages.components import lists
from pages.declarations import facts
from tests.conftest import Home
from tests.pages.conftest import Opener, links, sentence, texts
from tests.typography import TYPED

PAGE = "pages/anticiper/plans_de_gestion.py"
Row = dict[str, Any]


@pytest.fixture
def plans(demo_home: Home) -> list[Row]:
    return [row for row in demo_home.reader().rows("SELECT * FROM management_plan") if row["is_due"]]


def shown(at: Any) -> list[str]:
    return [label for label, target in links(at) if target.startswith("molecule?sujet=")]


def test_the_sentence_counts_who_has_no_plan_of_how_many(plans: list[Row], open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    lacking = [row for row in plans if row["plan_state"] in ("aucun", "ancien")]
    old = [row for row in lacking if row["plan_state"] == "ancien"]
    assert old
    answer = sentence(at)
    assert answer.startswith(
        f"Sur {len(plans)} spécialités qui en doivent un, {len(lacking)} n'ont pas de plan de 2025"
    )
    assert f"dont {len(old)} en {'a' if len(old) == 1 else 'ont'} un plus ancien" in answer
    under = sum(row["is_under_duty"] is True for row in plans if row not in lacking)
    assert under
    assert f"{under} promet{'' if under == 1 else 'tent'} un stock sous le dû" in answer


def test_states_and_gaps_are_links_with_their_counts(plans: list[Row], open_page: Opener) -> None:
    first = open_page(PAGE)
    assert len(shown(first)) == lists.FIRST
    targets = [target for _, target in links(first)]
    for state in words.GROUPS:
        mine = [row for row in plans if row["plan_state"] == state]
        assert any(f"etat={state}" in target for target in targets)
        if mine:
            at = open_page(PAGE, etat=state, lignes="80")
            assert sorted(shown(at)) == sorted(row["denomination"] for row in mine)[:80] or len(mine) > lists.HEAVY
    for key, (column, _) in words.CROSSINGS.items():
        mine = [row for row in plans if row[column] is True]
        assert any(f"manque={key}" in target for target in targets)
        assert len(shown(open_page(PAGE, manque=key, lignes="80"))) == min(len(mine), lists.HEAVY)


def test_words_typed_keep_a_speciality(plans: list[Row], open_page: Opener) -> None:
    at = open_page(PAGE, q=plans[0]["cis"])
    assert sentence(at).startswith("Sur 1 spécialité qui en doit un")
    assert shown(at) == [plans[0]["denomination"]]
    assert sentence(open_page(PAGE, q="introuvable")).startswith("Aucune spécialité ne passe ces filtres.")


def test_nothing_is_shown_on_a_shared_screen_nor_to_other_roles(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, projection="1")
    assert not at.exception
    assert "masqués" in sentence(at)
    assert "LABORATOIRE" not in texts(at)
    for role in ("cap", "dgs", "ars-53"):
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            open_page("", role=role).switch_page(PAGE)


def test_without_data_the_page_says_what_to_deposit(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert sentence(at).startswith("Aucune fiche de lecture n'a été reçue")
    assert "inbox/pgp" in texts(at)


def test_a_declaration_shows_what_its_plan_foresaw(demo_home: Home, plans: list[Row], open_page: Opener) -> None:
    by_cis = {row["cis"]: row for row in plans if row["shortage_measures"]}
    rows = demo_home.reader().rows("SELECT declaration_no, cis FROM declaration ORDER BY declaration_no")
    declared = next(row for row in rows if row["cis"] in by_cis)
    written = texts(open_page("pages/declarations/declaration.py", numero=declared["declaration_no"]))
    assert "Prévu au plan de gestion" in written
    assert by_cis[declared["cis"]]["shortage_measures"].replace("'", "&#39;") in written.replace("&#x27;", "&#39;")


PLAN: Row = {
    "plan_state": "insuffisant", "campaign": 2025, "year": 2025, "received_on": None, "safety_stock_months": 1.0,
    "duty_months": 2.0, "is_under_duty": True, "is_without_measure": False, "prevention_measures": None,
    "shortage_measures": "Importation",
}  # fmt: skip


def test_the_words_of_a_plan() -> None:
    said = facts.plan_words(PLAN)
    assert (said["state"], said["stock"].translate(TYPED), said["is_under"]) == (
        "Plan insuffisant",
        "stock promis : 1 mois ; stock dû : 2 mois",
        True,
    )
    assert said["foreseen"] == [("En cas de pénurie", "Importation")]
    none = PLAN | dict.fromkeys(("year", "safety_stock_months", "is_under_duty", "shortage_measures"))
    assert facts.plan_words(none | {"plan_state": "aucun"})["state"] == "Aucun plan reçu"
    assert facts.plan_words(none | {"plan_state": "ancien"})["state"] == "Aucun plan de 2025"


def test_one_and_several_agree() -> None:
    one = PLAN | {"is_without_measure": True}
    assert tuple(text.translate(TYPED) for text in words.sentence([one | {"plan_state": "aucun"}])) == (
        "Sur 1 spécialité qui en doit un, 1 n'a pas de plan de 2025.",
        "",
    )
    assert words.sentence([one])[1].translate(TYPED) == (
        "Du plan reçu, 0 est illisible, 1 insuffisant, 0 non lu ; 1 promet un stock sous le dû, 1 n'annonce aucune mesure."
    )


def test_without_a_campaign_no_plan_is_said_to_be_missing() -> None:
    assert words.sentence([PLAN | {"year": 2027, "campaign": None}])[0].translate(TYPED) == (
        "1 plan reçu est d'une année à venir : aucun n'est dit manquant."
    )


def test_a_long_cell_is_cut_between_two_words() -> None:
    text = "mesure " * 40
    assert len(pgp_rows.shortened(text)) <= pgp_rows.MOST_WORDS + 4
    assert pgp_rows.shortened(text).endswith("mesure […]")
    assert pgp_rows.shortened("courte") == "courte"


@pytest.mark.parametrize(
    ("promised", "due", "written"),
    [
        (1.5, 2.0, "1,5 mois promis, 2 mois dus"),
        (None, 4.0, "4 mois dus"),
        (2.0, None, "2 mois promis, aucun stock dû"),
    ],
)
def test_a_promise_stands_beside_its_duty(promised: float | None, due: float | None, written: str) -> None:
    assert words.stock({"safety_stock_months": promised, "duty_months": due}).translate(TYPED) == written
