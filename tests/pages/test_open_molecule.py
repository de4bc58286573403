"""Molécule of an open snapshot: what public files alone say, and what they cannot."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.components.charts import public_list
from pages.components.reimbursed import high_months
from pages.molecules import open_answer, open_records
from tests.conftest import Home
from tests.pages.conftest import Opener, links, sentence, texts, words
from tests.pages.open_world import DCI, GROUP, UNLISTED, plain

PAGE = "pages/molecules/molecule.py"


def plain_words(at: AppTest) -> str:
    return plain(words(at))


def test_the_answer_is_the_gravest_state_of_the_last_photograph(open_medicines: Home, open_page: Opener) -> None:
    """ONE is in rupture since 1 August, TWO is back: one presentation of two; 111 days up to the photograph of 20/11."""
    at = open_page(PAGE, sujet=GROUP)
    assert not at.exception
    assert sentence(at) == "En rupture : 1 sur 2 présentations commercialisées. Photographie du 20/11/2026."
    shown = plain_words(at)
    assert "111 jours" in shown
    assert "du 01/08/2026 à la photographie" in shown
    assert "Déclarations closes, 2021–2023" in shown
    assert "dont 1 rupture" in shown


def test_without_a_subject_what_is_short_comes_first(open_medicines: Home, open_page: Opener) -> None:
    """One DCI of the two; its group is in the winter plan, every other followed group is outside the list."""
    at = open_page(PAGE)
    assert not at.exception
    assert sentence(at).startswith(
        "1 DCI manque dans la liste publique, dont 1 en rupture. Photographie du 20/11/2026."
    )
    assert ("Amoxicilline", "molecule?sujet=dci%3Aamoxicilline") in links(at)
    shown = plain_words(at)
    assert "Amoxicilline orale 1 g 1 en rupture, 1 remise à disposition" in shown
    assert shown.count("absent de la liste") == 45
    assert "Aucun sujet « xyz »" in plain_words(open_page(PAGE, sujet="xyz"))


def test_every_part_says_its_figures(open_medicines: Home, open_page: Opener) -> None:
    shown = plain_words(open_page(PAGE, sujet=DCI))
    # Boxes of January 2026: (3 + 1) × 1 500, as a year before.
    assert "6 000 boîtes en janv. 2026, 0 % en un an" in shown
    # Bretagne: 400 × 4 × 100 boxes over its inhabitants; the share of LABO UN is three quarters of the boxes.
    assert "LABO UN" in shown
    assert "75 %" in shown
    assert "moins de 20 ans : 25 %, 60 ans et plus : 75 %" in shown
    assert "Augmentation du volume de vente" in shown
    assert "AMOXICILLINE 1 g, comprimé dispersible" in shown
    assert "2,02 € la boîte, honoraires compris ; remboursée à 65 %" in shown
    assert "Prescription et délivrance : liste I" in shown
    assert "Haute Autorité de santé : avis du 17/01/2024 (SMR important)" in shown


def test_a_return_put_off_is_counted_from_two_photographs(open_medicines: Home, open_page: Opener) -> None:
    """TWO: the return written on 15/10 was 20/11, that written on 20/11 is 15/12: put off once, by 25 days."""
    assert "repoussé de 25 jours" in plain_words(open_page(PAGE, sujet=DCI))


def test_what_was_not_received_is_named_and_the_rest_answers(open_list: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet=DCI)
    assert not at.exception
    shown = plain_words(at)
    assert sentence(at).startswith("En rupture : 1 sur 2")
    assert "Medic'AM n'a pas été reçu : aucune boîte remboursée par mois." in shown
    assert "Open Medic n'a pas été reçu : aucune boîte par région." in shown
    assert "Ni Medic'AM ni Open Medic n'ont été reçus : aucune part de marché." in shown
    assert "La diffusion des déclarations closes n'a pas été reçue" in shown


def test_a_dci_never_listed_does_not_pass_for_available(open_medicines: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet=UNLISTED)
    assert "Absente de la liste publique : aucune présentation sur 1 présentation commercialisée." in sentence(at)
    shown = plain_words(at)
    assert "ne pas y être ne veut pas dire être disponible" in shown
    assert "Jamais vue dans les photographies reçues." in shown
    assert "Aucun groupe générique" in shown
    assert "Aucun avis de la Haute Autorité de santé reçu pour ce médicament" in shown


def test_names_are_escaped(open_medicines: Home, open_page: Opener) -> None:
    assert "GAMMA <5>" not in texts(open_page(PAGE, sujet=UNLISTED))


def test_the_page_says_what_open_data_do_not(open_medicines: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet=DCI)
    assert "Ce que les données ouvertes ne disent pas ici" in plain_words(at)
    assert "ni couverture" not in sentence(at)
    assert any("indicateur=public_spell" in address for _, address in links(at))


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        ((2, 3, 0, 0), "En rupture : 2, 3 en tension sur 9 présentations commercialisées."),
        ((0, 1, 4, 0), "En tension : 1 sur 9 présentations commercialisées."),
        ((0, 0, 1, 2), "Arrêt de commercialisation : 1 présentation."),
        ((0, 0, 0, 2), "Remise à disposition : 2 sur 9 présentations commercialisées."),
        ((0, 0, 0, 0), "Absente de la liste publique : aucune présentation sur 9 présentations commercialisées."),
    ],
)
def test_the_verdict_has_few_words(counted: tuple[int, int, int, int], expected: str) -> None:
    row = dict(zip(("ruptures", "tensions", "stops", "returns"), counted, strict=True), marketed=9)
    found = open_answer.verdict(row, date(2026, 11, 20)).replace("\xa0", " ").replace("\u202f", " ")
    assert found == expected
    assert len(found.split()) <= 20


def test_without_a_photograph_the_verdict_says_that_none_came() -> None:
    assert open_answer.photographed(None) == ""
    assert "reçue" in open_answer.verdict({}, None)


def test_a_season_that_crosses_the_new_year_is_one() -> None:
    def of(*months: int) -> str:
        rows = [{"calendar_month": month, "is_high": month in months} for month in range(1, 13)]
        return high_months(pd.DataFrame(rows))

    assert of(11, 12, 1, 2) == "novembre à février"
    assert of(3, 9, 10) == "mars, septembre à octobre"
    assert of() == ""
    assert of(*range(1, 13)) == "janvier à décembre"


def test_a_label_of_a_group_is_shortened_without_losing_its_form() -> None:
    long = "AMOXICILLINE 1 g - CLAMOXYL 1 g, comprimé dispersible."
    assert open_records.short_label(long) == "AMOXICILLINE 1 g, comprimé dispersible"
    assert open_records.short_label("ALPHACINE 5 mg") == "ALPHACINE 5 mg"


def test_a_published_start_is_drawn_up_to_the_photograph_that_saw_it() -> None:
    """Back on 07/07, then short again from 17/09 as seen on 02/01: nothing is drawn over what a photograph saw."""

    def row(code: str, spell: int, started: date | None, first: date, last: date) -> dict[str, object]:
        return {"code": code, "spell_no": spell, "started_on": started, "first_seen_on": first, "last_seen_on": last}

    back = row("4", 1, date(2025, 6, 1), date(2025, 7, 7), date(2025, 7, 7))
    again = row("2", 2, date(2025, 9, 17), date(2026, 1, 2), date(2026, 5, 26))
    assert public_list.unseen([back, again], date(2026, 5, 26)) == [(date(2025, 9, 17), date(2026, 1, 2))]
    early = again | {"started_on": date(2025, 6, 20)}
    assert public_list.unseen([back, early], date(2026, 5, 26)) == [(date(2025, 7, 7), date(2026, 1, 2))]
    assert public_list.unseen([again | {"started_on": None}], date(2026, 5, 26)) == []
