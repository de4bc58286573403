"""The four facts in words: no more than their figures say, and each state shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metrics.review.answers import Answers, Declared, LocalAnswers, Place
from pages.components import answers
from pages.components.answers import Fact
from tests.conftest import Home
from tests.typography import TYPED

Row = dict[str, Any]
DAY = date(2026, 11, 29)


def typed(fact: Fact) -> tuple[str, str]:
    return fact.value.translate(TYPED), fact.words.translate(TYPED)


# ---- since when

SPELL: Row = {
    "scope": "maillon", "place": "grossistes", "status": "insatisfaisante", "onset_week": date(2026, 10, 26),
    "onset_state": "a_jour", "last_week": date(2026, 11, 16), "measured_on": date(2026, 11, 22), "coverage_days": 2.3,
    "weeks": 4, "readings": 4, "doubtful_readings": 0, "before_status": "satisfaisante",
    "before_onset_week": date(2026, 4, 27), "before_weeks": 26, "before_readings": 26, "before_is_first": False,
    "gap_weeks": 0, "below_onset_week": date(2026, 10, 26), "below_weeks": 4, "is_current": True,
}  # fmt: skip
UNKNOWN_BEFORE: Row = {name: None for name in SPELL if name.startswith("before_")} | {"gap_weeks": None}


@pytest.mark.parametrize(
    ("change", "value", "words"),
    [
        ({}, "S44", "(4 semaines), après 26 semaines satisfaisantes"),
        ({"weeks": 1, "readings": 1, "onset_week": date(2026, 11, 16), "below_onset_week": date(2026, 11, 16)},
         "S47", "(1 semaine), après 26 semaines satisfaisantes"),
        # Its history begins with the first reading received: it was so at least as long.
        ({"before_is_first": True}, "S44", "(4 semaines), après au moins 26 semaines satisfaisantes"),
        # Two weeks without a figure: nothing says in which of them it began.
        ({"gap_weeks": 2}, "S44 ou avant", "(4 semaines), après 26 semaines satisfaisantes et 2 semaines sans chiffre"),
        ({**UNKNOWN_BEFORE, "before_is_first": False}, "S44 ou avant",
         "(4 semaines), insatisfaisante depuis le premier relevé connu"),
        ({"readings": 3}, "S44", "(4 semaines, 3 relevés), après 26 semaines satisfaisantes"),
        ({"doubtful_readings": 1}, "S44", "(4 semaines, dont 1 estimé ou incomplet), après 26 semaines satisfaisantes"),
        # Acceptable between both: short since S44, under the satisfactory bound since S34.
        ({"before_status": "acceptable", "before_weeks": 1, "before_onset_week": date(2026, 10, 19),
          "below_onset_week": date(2026, 8, 17)},
         "S44", "(4 semaines), après 1 semaine acceptable ; sous la borne satisfaisante depuis S34"),
        ({"onset_week": date(2025, 10, 27), "weeks": 56, "readings": 56, "below_onset_week": date(2025, 10, 27),
          "before_onset_week": date(2025, 4, 28)},
         "S44 2025", "(56 semaines), après 26 semaines satisfaisantes"),
    ],
)  # fmt: skip
def test_since_when(change: Row, value: str, words: str) -> None:
    spell = SPELL | change
    assert typed(Fact("", answers.onset(spell), answers.spell_words(spell))) == (value, words)


def test_a_late_link_says_of_when_its_status_is() -> None:
    words = answers.spell_words(SPELL, is_late=True).translate(TYPED)
    assert words == "(4 semaines), après 26 semaines satisfaisantes ; en retard, dernier relevé au 22/11/2026"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"onset_week": date(2026, 10, 12)}, "2 semaines après la France (S42)"),
        ({"onset_week": date(2026, 11, 2)}, "1 semaine avant la France (S45)"),
        ({}, "en même temps que la France"),
        ({"status": "acceptable"}, ""),  # another status: both beginnings are not compared
        ({"gap_weeks": 1}, ""),  # a beginning nobody saw
        ({"is_current": False}, ""),
    ],
)
def test_a_territory_against_the_country(change: Row, words: str) -> None:
    assert answers.against_country(SPELL, SPELL | change).translate(TYPED) == words


# ---- where


@pytest.mark.parametrize(
    ("kind", "low", "measured", "silent", "words"),
    [
        ("nationale", 97, 97, 0, "Partout"),
        ("nationale", 97, 97, 2, "Dans tous les départements mesurés"),
        ("diffuse", 97, 97, 0, "Dans tous les départements mesurés"),
        ("nationale", 92, 97, 0, "Dans la plupart des départements"),
        ("diffuse", 49, 97, 0, "Dans la plupart des départements"),
        ("diffuse", 48, 96, 0, "Dans la moitié des départements"),
        ("diffuse", 35, 97, 0, "Par endroits"),
        ("localisee", 1, 97, 0, "Dans un seul département"),
        ("localisee", 1, 1, 0, "Dans le seul département mesuré"),
        ("nationale", 0, 97, 0, "Aucun département insatisfaisant"),
        ("aucune", 0, 97, 0, "Aucun département insatisfaisant"),
    ],
)
def test_how_far(kind: str, low: int, measured: int, silent: int, words: str) -> None:
    assert answers.extent(kind, low, measured, silent) == words


STATUS: Row = {"tension": "diffuse", "departments_insufficient": 35, "departments_measured": 97,
               "departments_silent": 0, "group_declarations": 1, "open_declarations": 3}  # fmt: skip
NOTHING = Declared(0, 0, (), None, None, None, True, DAY)
REGIONS = tuple(
    {"region": str(code), "region_name": name, "insufficient": low, "measured": measured}
    for code, (name, low, measured) in enumerate([("Île-de-France", 8, 8), ("Grand Est", 9, 10), ("Corse", 1, 2)])
)
WEAKEST: Row = {"link": "grossistes", "status": "insatisfaisante", "figure_state": "a_jour", "coverage_days": 2.3}


def subject(**fields: Any) -> Answers:
    known: Row = {"subject": {"subject_id": "g", "kind": "groupe", "label": "G", "dci_key": "g"}, "links": (WEAKEST,),
                  "weakest": WEAKEST, "status": STATUS, "regions": (), "spell": SPELL, "declared": NOTHING,
                  "tipping": ()}  # fmt: skip
    return Answers(**{**known, **fields})


@pytest.mark.parametrize(
    ("status", "value", "words"),
    [
        ({}, "Par endroits", "35 insatisfaisants sur 97 mesurés ; surtout Île-de-France (8 sur 8), Grand Est (9 sur 10)"),
        # Most of them: two regions would say less than the count.
        ({"departments_insufficient": 92}, "Dans la plupart des départements", "92 insatisfaisants sur 97 mesurés"),
        ({"departments_insufficient": 0, "tension": "aucune"}, "Aucun département insatisfaisant",
         "sur 97 mesurés, en officine"),
        ({"departments_insufficient": 92, "departments_silent": 1}, "Dans la plupart des départements",
         "92 insatisfaisants sur 97 mesurés ; 1 département n'a pas répondu cette semaine"),
        ({"departments_insufficient": 0, "departments_measured": 0, "tension": None}, "Aucun département mesuré", ""),
    ],
)  # fmt: skip
def test_where(status: Row, value: str, words: str) -> None:
    assert typed(answers.where(subject(status=STATUS | status, regions=REGIONS))) == (value, words)


def test_a_dci_that_tips_over_is_not_placed_in_departments() -> None:
    tipping = tuple({"circuit": circuit, "is_tipping": True} for circuit in ("ville", "hôpital"))
    declared = Declared(5, None, (), None, None, date(2026, 11, 12), True, DAY)
    found = subject(status=None, spell=None, weakest=None, tipping=tipping, declared=declared)
    assert typed(answers.where(found)) == ("En ville et à l'hôpital", "pas de mesure par département")
    assert typed(answers.since(found)) == ("12/11/2026", "dernière des 5 déclarations ouvertes")


@pytest.mark.parametrize(
    ("fields", "value", "words"),
    [
        ({"weakest": None, "spell": None}, "Inconnu", "aucun maillon mesuré"),
        ({"spell": SPELL | {"is_current": False}}, "Inconnu", "début non connu"),
        ({"weakest": WEAKEST | {"figure_state": "en_retard"}}, "S44",
         "(4 semaines), après 26 semaines satisfaisantes ; en retard, dernier relevé au 22/11/2026"),
    ],
)  # fmt: skip
def test_since_when_of_what_is_not_known(fields: Row, value: str, words: str) -> None:
    assert typed(answers.since(subject(**fields))) == (value, words)


# ---- measures


def measure(name: str, phase: str, since_on: date | None, until_on: date | None = None) -> Row:
    return {"measure": name, "phase": phase, "declarations": 1, "since_on": since_on, "until_on": until_on}


RATION = measure("contingentement quantitatif", "en vigueur", date(2026, 11, 28))
IMPORT = measure("importation", "en vigueur", date(2026, 12, 1), date(2027, 1, 31))
ASKED = measure("importation", "à venir", date(2026, 12, 20))
OVER = measure("stock de dépannage", "terminée", date(2026, 9, 1))


@pytest.mark.parametrize(
    ("rows", "of_dci", "is_detailed", "value", "words"),
    [
        ((RATION,), 2, True, "1 en vigueur",
         "contingentement quantitatif depuis le 28/11/2026 ; aucune importation déclarée"),
        ((RATION, IMPORT), 2, True, "2 en vigueur",
         "contingentement quantitatif depuis le 28/11/2026 ; importation depuis le 01/12/2026 jusqu'au 31/01/2027"),
        ((RATION, ASKED), 2, True, "1 en vigueur",
         "contingentement quantitatif depuis le 28/11/2026 ; importation à venir, début le 20/12/2026"),
        ((ASKED,), 2, True, "Aucune en vigueur", "importation à venir, début le 20/12/2026"),
        ((ASKED | {"since_on": None},), 2, True, "Aucune en vigueur", "importation à venir, début non écrit"),
        # Announced for a day that has passed: nothing says that it began.
        ((ASKED | {"since_on": date(2026, 11, 28)},), 2, True, "Aucune en vigueur",
         "importation, début annoncé le 28/11/2026, pas en place"),
        ((ASKED | {"since_on": date(2026, 11, 29)},), 2, True, "Aucune en vigueur", "importation à venir, début le 29/11/2026"),
        ((ASKED | {"since_on": date(2026, 10, 1)},), 2, False, "Aucune en vigueur sur la DCI",
         "importation, début annoncé en octobre 2026, pas en place"),
        ((ASKED | {"since_on": date(2026, 11, 1)},), 2, False, "Aucune en vigueur sur la DCI",
         "importation à venir, début en novembre 2026"),
        ((OVER,), 2, True, "Aucune en vigueur", "1 terminée"),
        ((RATION | {"since_on": None},), 2, True, "1 en vigueur",
         "contingentement quantitatif ; aucune importation déclarée"),
        ((), 2, True, "Aucune déclarée", ""),
        ((), 0, True, "Aucune déclarée", "aucune déclaration ouverte"),
        # Neither a day nor the group is shared: the month of the first of the DCI.
        ((RATION | {"since_on": date(2026, 11, 1)},), 2, False, "1 en vigueur sur la DCI",
         "contingentement quantitatif depuis novembre 2026 ; aucune importation déclarée"),
    ],
)  # fmt: skip
def test_measures(rows: tuple[Row, ...], of_dci: int, is_detailed: bool, value: str, words: str) -> None:
    declared = Declared(of_dci, 1, rows, None, None, None, is_detailed, DAY)
    assert typed(answers.measures(declared)) == (value, words)


def test_measures_of_an_older_snapshot_are_unknown_not_none() -> None:
    assert answers.measures(Declared(1, None, None, None, None, None, False, DAY)).value == "Inconnues"


# ---- end

END: Row = {"open_declarations": 2, "dated": 2, "passed": 0, "earliest_on": date(2027, 1, 8),
            "latest_on": date(2027, 1, 17), "postponed": 2, "postponed_declarations": 2}  # fmt: skip
ONE: Row = END | {"open_declarations": 1, "dated": 1, "latest_on": date(2027, 1, 8)}


@pytest.mark.parametrize(
    ("end", "record", "value", "words"),
    [
        (END, None, "08/01 à 17/01/2027", "2 reports en tout"),
        (END | {"earliest_on": date(2026, 12, 19), "postponed": 0}, None, "19/12/2026 à 17/01/2027", ""),
        (ONE, None, "08/01/2027", "repoussée 2 fois"),
        (ONE | {"passed": 1, "postponed": 0}, None, "08/01/2027", "date passée"),
        (END | {"open_declarations": 3, "passed": 1}, None, "08/01 à 17/01/2027",
         "1 date passée ; 2 reports en tout ; 1 déclaration sans date"),
        (END | {"dated": 0, "earliest_on": None, "latest_on": None}, None, "Non annoncée",
         "2 déclarations ouvertes sans date de retour"),
        (END, {"due": 3, "kept": 1}, "08/01 à 17/01/2027", "2 reports en tout ; 1 promesse sur 3 tenue sur la DCI"),
        (END, {"due": 9, "kept": 4}, "08/01 à 17/01/2027", "2 reports en tout ; 4 promesses sur 9 tenues sur la DCI"),
        (END, {"due": 0, "kept": 0}, "08/01 à 17/01/2027", "2 reports en tout"),
        (None, None, "Non annoncée", "aucune déclaration ouverte sur le groupe (3 sur la DCI)"),
    ],
)  # fmt: skip
def test_the_end(end: Row | None, record: Row | None, value: str, words: str) -> None:
    declared = Declared(3, end["open_declarations"] if end else 0, (), end, record, None, True, DAY)
    assert typed(answers.end(declared)) == (value, words)


@pytest.mark.parametrize(
    ("of_dci", "of_group", "value", "words"),
    [
        (3, 2, "Non communiquée", "2 déclarations ouvertes (3 sur la DCI)"),
        (2, 2, "Non communiquée", "2 déclarations ouvertes"),
        (1, None, "Non communiquée", "1 déclaration ouverte"),
        # Nothing is open: that is known, and is not a secret.
        (0, 0, "Non annoncée", "aucune déclaration ouverte"),
    ],
)
def test_the_end_is_not_communicated_with_the_shared_figures(
    of_dci: int, of_group: int | None, value: str, words: str
) -> None:
    assert typed(answers.end(Declared(of_dci, of_group, (), None, None, None, False, DAY))) == (value, words)


# ---- in a territory


def department(code: str, name: str, days: float | None, status: str | None, **fields: Any) -> Row:
    return {"department": code, "name": name, "coverage_days": days, "status": status, "figure_state": "a_jour",
            "state_reason": None, "is_measured": days is not None, "pharmacies": 122, **fields}  # fmt: skip


HERE = department("29", "Finistère", 2.0, "insatisfaisante")
BESIDE = (
    department("22", "Côtes-d'Armor", 2.4, "insatisfaisante"),
    department("35", "Ille-et-Vilaine", None, None, figure_state="en_retard"),
    department("56", "Morbihan", 2.1, "insatisfaisante"),
)
REGION = Place("region", "53", "Bretagne", {"coverage_days": 2.3, "status": "insatisfaisante", "figure_state": "a_jour",
                                            "pharmacies": 400}, SPELL)  # fmt: skip
COUNTRY = Place("maillon", "officines", "France", {"coverage_days": 2.6, "status": "insatisfaisante",
                                                   "figure_state": "a_jour"}, SPELL)  # fmt: skip


def local(here: Place | None = None, **fields: Any) -> LocalAnswers:
    place = here or Place("departement", "29", "Finistère", HERE, SPELL)
    known: Row = {"subject": {}, "here": place, "region": REGION, "country": COUNTRY, "status": STATUS,
                  "neighbours": BESIDE, "declared": NOTHING}  # fmt: skip
    return LocalAnswers(**{**known, **fields})


def test_a_department() -> None:
    facts = {fact.label: typed(fact) for fact in answers.facts_in(local())}
    assert list(facts) == ["Ici", "Depuis", "Mesures", "Fin annoncée", "Région"]
    assert facts["Ici"] == ("Insatisfaisante, 2,0 j", "122 officines du panel ; Bretagne 2,3 j ; France 2,6 j")
    assert facts["Depuis"] == ("S44", "(4 semaines), après 26 semaines satisfaisantes ; en même temps que la France")
    # The lowest first; a department without a figure is not compared.
    assert facts["Région"] == ("", "Morbihan 2,1 j · Côtes-d'Armor 2,4 j")


def test_the_sentence_of_a_department() -> None:
    words = "Finistère : 2,0 j, insatisfaisante depuis S44 ; Bretagne 2,3 j ; France 2,6 j (S47, 22/11/2026)."
    assert answers.headline(local()).translate(TYPED) == words
    late = Place("departement", "29", "Finistère", HERE | {"figure_state": "en_retard"}, SPELL)
    assert answers.headline(local(late)).translate(TYPED) == words.replace("2026).", "2026, en retard).")
    unknown = Place("departement", "976", "Mayotte", HERE | {"coverage_days": None, "figure_state": "hors_panel"}, None)
    assert answers.headline(local(unknown)).translate(TYPED) == "Mayotte : hors panel ; Bretagne 2,3 j ; France 2,6 j."


def test_a_department_that_does_not_answer_gives_its_last_figure_as_such() -> None:
    now = department("29", "Finistère", None, None, figure_state="en_retard", is_measured=False,
                     state_reason="N'a pas répondu cette semaine, dernier relevé au 15/11/2026.")  # fmt: skip
    old = SPELL | {"is_current": False, "last_week": date(2026, 11, 9), "measured_on": date(2026, 11, 15)}
    found = local(Place("departement", "29", "Finistère", now, old))
    value, words = typed(answers.here(found))
    assert value == "Pas de réponse"
    assert words.startswith("cette semaine, dernier relevé au 15/11/2026"), "once"
    assert "dernier chiffre 2,3 j, insatisfaisante, S46 (15/11/2026)" in words
    assert "Bretagne 2,3 j ; France 2,6 j" in words
    assert typed(answers.since_in(found)) == ("Inconnu", "sans chiffre depuis la semaine S46")


def test_a_department_never_measured() -> None:
    now = department("976", "Mayotte", None, None, figure_state="hors_panel", is_measured=False,
                     state_reason="Département hors du panel.")  # fmt: skip
    found = local(Place("departement", "976", "Mayotte", now, None))
    value, words = typed(answers.here(found))
    assert (value, words) == ("Hors panel", "Département hors du panel ; Bretagne 2,3 j ; France 2,6 j")
    assert typed(answers.since_in(found)) == ("Inconnu", "aucun relevé fiable")


def test_a_region_counts_its_departments() -> None:
    found = local(REGION)
    value, words = typed(answers.here(found))
    assert value == "Insatisfaisante, 2,3 j"
    assert words == "2 départements insatisfaisants sur 2 mesurés ; 400 officines du panel ; France 2,6 j"
    assert answers.neighbours(found).words == ""


def test_a_region_the_panel_does_not_measure() -> None:
    found = local(Place("region", "06", "Mayotte", None, None), neighbours=())
    assert typed(answers.here(found)) == ("Non mesuré", "France 2,6 j")


# ---- blocks


@pytest.mark.parametrize("place", [(), ("departement", "29"), ("region", "53")])
def test_the_block_draws_every_fact_of_the_demo(demo_home: Home, place: tuple[str, ...]) -> None:
    """Made from what is published, for every followed group; what no figure supports is not drawn."""
    from metrics.review import answers as reading

    reader = demo_home.reader()
    for row in reader.rows("SELECT group_id FROM tracked_group"):
        found = (
            reading.answers_in(reader, row["group_id"], *place)
            if place
            else reading.answers_of(reader, row["group_id"])
        )
        assert found is not None
        facts = answers.facts_in(found) if isinstance(found, LocalAnswers) else answers.facts_of(found)
        drawn = str(answers.lines(facts))
        assert [fact.label for fact in facts][1:4] == ["Depuis", "Mesures", "Fin annoncée"]
        assert all(fact.value for fact in facts[:4])
        assert drawn.count("<dt>") == len([fact for fact in facts if fact.value or fact.words])
        assert "None" not in drawn
        assert "nan" not in drawn


def test_what_is_written_in_a_fact_is_text() -> None:
    drawn = str(answers.lines([Fact("Où", "<b>ici</b>", "<script>")]))
    assert "<script>" not in drawn
    assert "&lt;b&gt;ici" in drawn
