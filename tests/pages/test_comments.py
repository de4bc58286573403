"""Comments on a molecule: written on the page, read by the roles chosen, withdrawn by their author, none on a shared screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from data.access.roles import Identity
from data.journal import Journal
from tests.conftest import Home
from tests.pages.conftest import Opener, texts

PAGE = "pages/molecules/molecule.py"
SUBJECT = "amoxicilline-susp-500"
OTHER = Identity("autre@ansm.example", "Autre", "ansm")


@pytest.fixture
def journal(demo_home: Home, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    """A journal of this test only: the demo's home is shared by all."""
    url = f"sqlite:///{tmp_path}/journal.db"
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", url)
    opened = Journal(url)
    opened.migrate()
    yield opened
    opened.close()


def button(at: AppTest, label: str) -> Button:
    return next(item for item in at.button if item.label == label)


def writing(open_page: Opener) -> AppTest:
    """The page, its form opened."""
    at = open_page(PAGE, sujet=SUBJECT)
    assert not at.text_area, "drawn when it is asked for"
    at.session_state[f"commenter-{SUBJECT}"] = True
    return at.run()


def test_a_comment_written_on_the_page_is_kept_and_shown(journal: Journal, open_page: Opener) -> None:
    at = writing(open_page)
    at.text_area[0].set_value("Livraison <b>jeudi</b>\n=A1")
    button(at, "Enregistrer le commentaire").click().run()
    (kept,) = journal.comments(SUBJECT, "ansm")
    assert kept.text == "Livraison <b>jeudi</b>\n=A1"
    assert journal.comments(SUBJECT, "ars") == []
    assert "Livraison &lt;b&gt;jeudi&lt;/b&gt;<br>=A1" in texts(open_page(PAGE, sujet=SUBJECT))


def test_an_empty_comment_is_not_kept(journal: Journal, open_page: Opener) -> None:
    at = writing(open_page)
    at.text_area[0].set_value("   ")
    button(at, "Enregistrer le commentaire").click().run()
    assert "rien n'a été enregistré" in at.warning[0].value
    assert journal.comments(SUBJECT, "ansm_steward") == []


def test_a_role_reads_only_what_is_for_it(journal: Journal, open_page: Opener) -> None:
    journal.add_comment(OTHER, SUBJECT, "Entre nous", ())
    journal.add_comment(OTHER, SUBJECT, "Pour les agences", ("ars",))
    as_agency = texts(open_page(PAGE, sujet=SUBJECT, role="ars-52"))
    assert "Pour les agences" in as_agency
    assert "Entre nous" not in as_agency


def test_only_its_author_is_offered_to_withdraw_it(journal: Journal, open_page: Opener) -> None:
    journal.add_comment(OTHER, SUBJECT, "D'un autre", ("ansm_steward",))
    at = open_page(PAGE, sujet=SUBJECT)
    assert "Retirer" not in [item.label for item in at.button]
    at = writing(open_page)
    at.text_area[0].set_value("De moi")
    button(at, "Enregistrer le commentaire").click().run()
    at = open_page(PAGE, sujet=SUBJECT)
    button(at, "Retirer").click().run()
    assert [item.text for item in journal.comments(SUBJECT, "ansm_steward")] == ["D'un autre"]


def test_a_shared_screen_shows_no_comment(journal: Journal, open_page: Opener) -> None:
    journal.add_comment(OTHER, SUBJECT, "Pour le comité", ("cap", "ansm_steward"))
    assert "Pour le comité" not in texts(open_page(PAGE, sujet=SUBJECT, projection="1"))


def test_a_journal_that_does_not_answer_leaves_the_page_standing(
    demo_home: Home, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", "postgresql+psycopg://vigistock@127.0.0.1:9/journal")
    written = texts(open_page(PAGE, sujet=SUBJECT))
    assert "Les commentaires ne peuvent pas être lus" in written
    assert "Mesures et déclarations" in written
