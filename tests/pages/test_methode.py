"""Méthode: every indicator has its entry, every threshold its value, origin and mark, all of it in French."""

from __future__ import annotations

from html import escape

import pytest

from connectors.language.folding import fold
from metrics import methods
from metrics.plans import queries as plans
from pages.components import badges, tokens
from pages.components.lists import FIRST
from pages.methode import entry
from tests.conftest import Home
from tests.pages.conftest import Opener, as_escaped, links, sentence, texts, words
from tests.typography import TYPED, as_typed

PAGE = "pages/methode/methode.py"
KNOWN = methods.methods()


def test_every_indicator_is_in_the_family_of_its_folder() -> None:
    families = methods.families()
    assert sorted(name for names in families.values() for name in names) == sorted(KNOWN)
    assert "link_status" in families["Couverture et ventes"]
    assert list(families) == sorted(families, key=fold)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_indicator_says_its_question_unit_grain_formula_and_absence(name: str) -> None:
    assert KNOWN[name].question.endswith("?")
    assert {"grain", "unité", "formule", "absence", "source", "règle"} <= KNOWN[name].method.keys()


def test_every_threshold_named_by_a_query_exists(demo_home: Home) -> None:
    known = set(methods.thresholds(demo_home.reader())["name"])
    for indicator in KNOWN.values():
        named = {name.strip() for name in indicator.method.get("seuils", "").split(",") if name.strip()}
        assert named <= known, indicator.name


def test_the_url_opens_an_entry_with_its_thresholds_resolved(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, indicateur="plan_status")
    assert not at.exception
    body = as_typed(next(as_escaped(e.proto.body) for e in at.get("html") if "plan_status</p>" in e.proto.body))
    assert escape(KNOWN["plan_status"].question) in body
    assert "Ce que veut dire une case vide" in body
    assert "25\N{NO-BREAK SPACE}% des départements mesurés" in body
    assert "à valider" in body


def test_an_unknown_indicator_opens_the_first(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, indicateur="nul")
    assert not at.exception
    assert f"Requête : {next(iter(methods.families().values()))[0]}" in texts(at)


def test_the_sentence_counts_what_is_to_be_validated(demo_home: Home, open_page: Opener) -> None:
    thresholds = methods.thresholds(demo_home.reader())
    waiting = int(thresholds["to_validate"].sum())
    at = open_page(PAGE)
    assert sentence(at).endswith(f" ; {waiting} seuils sur {len(thresholds)}, sans source publique, restent à valider.")
    assert (f"Indicateurs {len(KNOWN)}", "methode") in links(at)
    assert f"Seuils {len(thresholds)}" in dict(links(at))


def test_thresholds_are_read_by_parts_with_their_origin(demo_home: Home, open_page: Opener) -> None:
    thresholds = methods.thresholds(demo_home.reader())
    at = open_page(PAGE, vue="seuils")
    assert not at.exception
    shown = words(at)
    first = thresholds.head(FIRST)
    assert not [text for text in (*first["label"], *first["origin"]) if text.translate(TYPED) not in shown]
    assert f"{FIRST} sur {len(thresholds)} seuils" in words(at)
    every = words(open_page(PAGE, vue="seuils", lignes="200"))
    assert not [label for label in thresholds["label"] if label.translate(TYPED) not in every]


def test_every_indicator_can_be_opened_from_the_list(demo_home: Home, open_page: Opener) -> None:
    opened = {address for _, address in links(open_page(PAGE))}
    assert {f"methode?indicateur={name}" for name in KNOWN} <= opened


def test_the_bands_of_every_plan_are_shown_with_their_origin(demo_home: Home, open_page: Opener) -> None:
    text = texts(open_page(PAGE, vue="bornes"))
    for plan in ("hivernal", "canicule"):
        for origin in plans.bands(demo_home.reader(), plan)["origin"]:
            assert escape(origin) in text
    assert "de 3 à moins de 10\N{NO-BREAK SPACE}j" in text


def test_every_state_of_a_figure_has_its_sign(demo_home: Home, open_page: Opener) -> None:
    glossary = texts(open_page(PAGE, vue="signes"))
    for look in tokens.REPLACING.values():
        assert look.word in glossary
    for state in tokens.QUALIFYING:
        assert badges.state_tag(state) in glossary
    assert "sous la borne basse : une action est à envisager" in glossary


def test_an_empty_warehouse_still_explains(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert f"Requête : {next(iter(methods.families().values()))[0]}" in texts(at)


def test_the_columns_of_an_indicator_are_described(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, indicateur="coverage_weekly")
    assert not at.exception
    body = as_escaped(
        next(e.proto.body for e in at.get("html") if "coverage_weekly</p>" in e.proto.body).translate(TYPED)
    )
    for row in methods.columns(demo_home.reader(), "coverage_weekly"):
        assert f"<code>{row['column_name']}</code>" in body
        assert escape(row["description"]).translate(TYPED) in body


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [(1, "jours après la date", "jour après la date"), (1.5, "semaines", "semaine"), (-2, "jours", "jours"),
     (1, "mois de ventes", "mois de ventes"), (0, "relevés", "relevé"), (1, "%", "%")],
)  # fmt: skip
def test_the_unit_of_a_threshold_agrees_with_its_number(value: float, unit: str, written: str) -> None:
    assert entry.unit(value, unit) == written
