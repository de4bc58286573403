"""Lines to confirm on *Sources*: why, one click of the steward, nobody else's, and nothing of it on a shared screen."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from data.access.roles import Identity
from data.journal import Journal
from metrics.sources import queries as sources
from pages.components.access import identity
from pages.sources import asked, confirmations
from tests import worlds
from tests.conftest import Home
from tests.data.wholesalers import DAY, LAST, history_of, send
from tests.pages.conftest import Opener, click, labels, links, sentence, serve, texts, twins, words

PAGE = "pages/sources/sources.py"
REVIEW = "pages/revue/revue_du_jour.py"


@pytest.fixture(scope="module")
def doubts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A: one stock a hundred times too big. B: a whole file in thousands, then its S45 reported again, differently."""
    home = Home(worlds.linked(history_of(tmp_path_factory), tmp_path_factory.mktemp("doubts")))
    send(home, "A", {0: [60_000, *[600] * 5]}, "s46")
    send(home, "B", {0: [0.3] * 6}, "s46")
    send(home, "B", {1: [310]}, "s45-bis")
    assert not home.refresh(DAY).error
    return home.path


@pytest.fixture
def home(doubts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    shutil.copytree(doubts, tmp_path / "served")
    return serve(tmp_path / "served", monkeypatch)


def test_each_line_says_who_where_and_why(home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, vue="confirmer")
    assert not at.exception
    assert "7 lignes attendent d'être confirmées" in sentence(at)
    shown = words(at)
    assert "Lignes à confirmer : 7" in shown
    assert "Stock (boîtes) : 60 000, contre 600 au dernier relevé accepté (S45 2026), multiplié par 100." in shown
    assert "A-s46.xlsx, feuille Stocks, ligne 2, reçu le 17/11/2026" in shown
    assert "<b>GROSSISTE B</b>, 6 lignes, S46, semaine du 09/11/2026" in shown
    assert labels(at) == [], "a form is drawn when its line is opened"
    assert [label for label, _ in links(at)].count("Répondre") == 2


def opened(open_page: Opener, line: int) -> AppTest:
    """The page on the form of one line: 0 is the lone row, 1 the file in another unit."""
    (_, address) = [link for link in links(open_page(PAGE, vue="confirmer")) if link[0] == "Répondre"][line]
    return open_page(PAGE, **dict(parse_qsl(address.partition("?")[2])))


def test_one_line_at_a_time_has_its_form(home: Home, open_page: Opener) -> None:
    assert [labels(opened(open_page, line)) for line in (0, 1)] == [["Accepter"], ["Accepter le fichier"]]


def test_one_click_accepts_and_says_when_it_will_count(home: Home, journal: Journal, open_page: Opener) -> None:
    at = opened(open_page, 0)
    next(item for item in at.text_input if item.label.startswith("Motif")).set_value("Vu avec le grossiste")
    at = click(at, "Accepter")
    (kept,) = journal.acceptances()
    assert (kept.login, kept.source_key, kept.reason) == (
        identity.UNGUARDED.login,
        "pointstock",
        "Vu avec le grossiste",
    )
    assert kept.description.startswith("A-s46.xlsx, feuille Stocks, ligne 2 : Stock (boîtes)")
    shown = words(at)
    assert f"Acceptée par {kept.login} le" in shown
    assert "comptée au prochain rafraîchissement. Motif : Vu avec le grossiste" in shown
    assert [(item.action, item.target, item.detail) for item in journal.accesses(1)] == [
        ("acceptation", kept.row_ref, "A-s46.xlsx, feuille Stocks, ligne 2")
    ]
    assert home.refresh(DAY).changed
    states = sources.doubtful(home.reader())["state"]
    assert list(states) == ["à confirmer"] * 6 + ["acceptée"]


def test_an_acceptance_can_be_taken_back(home: Home, journal: Journal, open_page: Opener) -> None:
    at = click(opened(open_page, 0), "Accepter")
    at = click(at, "Retirer")
    assert journal.acceptances() == []
    assert [item.revoked for item in journal.acceptance_history()] == [False, True]
    assert labels(at) == ["Accepter"]


def test_a_file_in_another_unit_is_answered_whole(home: Home, journal: Journal, open_page: Opener) -> None:
    at = click(opened(open_page, 1), "Accepter le fichier")
    known = sources.doubtful(home.reader())
    assert {item.row_ref for item in journal.acceptances()} == set(known[known["rule"] == "unite"]["row_ref"])
    click(at, "Retirer")
    assert journal.acceptances() == []


@pytest.mark.parametrize("role", ["ansm", "ars"])
def test_nobody_but_the_steward_accepts(
    role: str, home: Home, journal: Journal, open_page: Opener, monkeypatch
) -> None:
    who = Identity("autre@exemple.invalid", "Autre", role, "52" if role == "ars" else None)  # type: ignore[arg-type]
    monkeypatch.setattr(identity, "UNGUARDED", who)
    at = open_page(PAGE, vue="confirmer", ligne=asked.mark(sources.doubtful(home.reader())["row_ref"][0]))
    assert labels(at) == []
    assert "Répondre" not in dict(links(at))
    with pytest.raises(identity.NoAccess):
        confirmations._accept(confirmations.Message(({"row_ref": "x"},)))
    assert journal.acceptances() == []
    assert ("A-s46.xlsx" in texts(at)) == (role == "ansm")


def test_a_shared_screen_only_counts(home: Home, open_page: Opener) -> None:
    assert "7 lignes attendent d'être confirmées" in sentence(open_page(PAGE, projection="1"))
    for where in ({"source": "pointstock"}, {"vue": "confirmer"}, {"source": "pointstock", "onglet": "desaccords"}):
        at = open_page(PAGE, projection="1", **where)
        assert not at.exception
        assert labels(at) == []
        assert "GROSSISTE" not in texts(at)
        assert "A-s46.xlsx" not in texts(at)


def test_files_that_disagree_are_shown_with_the_source(home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, source="pointstock", onglet="desaccords")
    assert "Fichiers qui se contredisent : 1 valeur" in words(at)
    table = next(item for item in twins(at) if "Valeur gardée" in item.columns)
    assert [table.column(name)[0] for name in ("Valeur gardée", "Valeur remplacée")] == ["310", "300"]


def test_the_review_of_the_day_counts_them(home: Home, open_page: Opener) -> None:
    assert "7 lignes attendent d'être confirmées" in words(open_page(REVIEW))
    assert "confirmées" not in words(open_page(REVIEW, projection="1"))


def test_a_journal_that_does_not_answer_leaves_the_page_standing(home: Home, monkeypatch, open_page: Opener) -> None:
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", "postgresql+psycopg://vigistock@127.0.0.1:9/journal")
    at = open_page(PAGE, vue="confirmer")
    assert not at.exception
    assert "Les acceptations ne peuvent pas être lues." in texts(at)
    assert labels(at) == []


def test_a_panel_in_another_unit_is_one_message_whatever_its_places() -> None:
    row = {"rule": "unite", "load_id": "l", "lake_table": "iqvia_coverage", "source_key": "iqvia", "week": LAST}
    common = {
        **row,
        "file_name": "f.csv",
        "sheet": "Couverture",
        "reason": "Motif",
        "state": "à confirmer",
        "received_at": DAY,
    }
    rows = [
        {**common, "row_ref": place, "reporter": f"departement {place}", "label": "x", "line": 2}
        for place in ("2A", "75")
    ]
    (message,) = confirmations.messages(rows)
    assert message.refs == ("2A", "75")
    line = confirmations.line(message, {}, {"iqvia": "IQVIA\u00a0: panel"})
    assert (line.head, line.rest) == ("IQVIA", ", 2\u00a0lignes, S46, semaine du 09/11/2026")
