"""Names that may be one, wrong folders and keys without effect on *Sources*: what is shown, to whom, and who answers."""

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
from pages.components.charts import figures
from pages.sources import account, names
from pages.sources import asked as asked_lines
from tests import worlds
from tests.conftest import Home
from tests.data.test_identity import send_as
from tests.data.wholesalers import DAY, LAST, history_of, send
from tests.pages.conftest import Opener, click, links, sentence, serve, texts, twins, words
from tests.referential import simple

PAGE = "pages/sources/sources.py"
STRANGER = simple("90999999", "AMOXICILLINE LABO Z 500 mg/5 ml", "AMOXICILLINE").cip13


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """« GROSSISTE A SAS » for S46, a code of no referential, a file dropped in no folder."""
    home = Home(worlds.linked(history_of(tmp_path_factory), tmp_path_factory.mktemp("asked")))
    send_as(home, "GROSSISTE A SAS", "A")
    send(home, "B", {0: [300] * 6}, "s46")
    row = [LAST, "GROSSISTE B", STRANGER, "AMOXICILLINE LABO Z", 4000, 500]
    home.drop("pointstock", "B-plus.xlsx", {"pointstock_stock": [row]})
    (home.path / "inbox" / "GROSSISTE C pointstock.xlsx").write_bytes(b"x")
    assert not home.refresh(DAY).error
    return home.path


@pytest.fixture
def home(asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    shutil.copytree(asked, tmp_path / "served")
    return serve(tmp_path / "served", monkeypatch)


def opened(open_page: Opener, label: str = "Répondre") -> AppTest:
    """The page on the form of the question."""
    address = dict(links(open_page(PAGE, vue="noms")))[label]
    return open_page(PAGE, **dict(parse_qsl(address.partition("?")[2])))


def test_the_question_its_file_and_what_waits_are_shown(home: Home, open_page: Opener) -> None:
    at = opened(open_page)
    assert not at.exception
    shown = words(at)
    assert "Noms à reconnaître : 1" in shown
    assert "« GROSSISTE A SAS » est proche de « GROSSISTE A » : le même ?" in shown
    assert "A.xlsx, reçu le 17/11/2026, 6 lignes attendent la réponse" in shown
    assert {"Le même", "Un autre"} <= {item.label for item in at.button}
    assert "1 ligne lue est sans effet" in sentence(at)
    assert not {item.label for item in open_page(PAGE, vue="noms").button}, "a form is drawn when its line is opened"


def test_one_click_answers_and_the_answer_is_taken_back(home: Home, journal: Journal, open_page: Opener) -> None:
    at = opened(open_page)
    next(item for item in at.text_input if "réponse" in item.label).set_value("Vu au téléphone")
    at = click(at, "Le même")
    (kept,) = journal.name_answers()
    assert (kept.login, kept.name, kept.other_name, kept.is_same, kept.reason) == (
        *(identity.UNGUARDED.login, "GROSSISTE A SAS", "GROSSISTE A", True, "Vu au téléphone"),
    )
    assert "le même, prise en compte au prochain rafraîchissement. Motif : Vu au téléphone" in words(at)
    assert [(item.action, item.detail) for item in journal.accesses(1)] == [
        ("nom", "« GROSSISTE A SAS » et « GROSSISTE A » : le même")
    ]
    assert home.refresh(DAY).changed
    assert list(sources.name_questions(home.reader())["state"]) == ["le même"]
    click(opened(open_page, "Revenir"), "Retirer")
    assert journal.name_answers() == []
    assert [item.revoked for item in journal.name_history()] == [False, True]


@pytest.mark.parametrize("role", ["ansm", "ars"])
def test_nobody_but_the_steward_answers(
    role: str, home: Home, journal: Journal, open_page: Opener, monkeypatch
) -> None:
    who = Identity("autre@exemple.invalid", "Autre", role, "52" if role == "ars" else None)  # type: ignore[arg-type]
    monkeypatch.setattr(identity, "UNGUARDED", who)
    (question,) = figures.records(sources.name_questions(home.reader()))
    at = open_page(PAGE, vue="noms", ligne=asked_lines.mark("-".join(names.key(question))))
    assert not {item.label for item in at.button} & {"Le même", "Un autre"}
    assert "Répondre" not in dict(links(at))
    with pytest.raises(identity.NoAccess):
        names._answer({"kind": "grossiste", "key": "a", "other_key": "b", "name": "A", "other_name": "B"}, True)
    assert journal.name_answers() == []
    assert ("GROSSISTE" in texts(at)) == (role == "ansm")


def test_a_shared_screen_names_nobody(home: Home, open_page: Opener) -> None:
    for where in ({"source": "pointstock"}, {"source": "pointstock", "onglet": "sans-effet"}, {"vue": "noms"}, {}):
        at = open_page(PAGE, projection="1", **where)
        assert not at.exception
        assert "GROSSISTE" not in texts(at)
        assert STRANGER not in texts(at)
    assert "1 dépôt(s) à déplacer." in texts(at)


def test_keys_without_effect_are_shown_with_the_source(home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, source="pointstock", onglet="sans-effet")
    assert "Lignes lues, sans effet : 1" in words(at)
    table = next(item for item in twins(at) if "Clé probable" in item.columns)
    assert [table.column(name)[0] for name in ("Fichier", "Clé", "Lignes")] == ["B-plus.xlsx", STRANGER, "1"]


def test_a_wrong_folder_is_shown_with_the_right_one(home: Home, open_page: Opener) -> None:
    shown = words(open_page(PAGE))
    assert "Des fichiers ont été déposés hors des dossiers lus" in shown
    assert "GROSSISTE C pointstock.xlsx : déposé dans inbox/, hors du dossier d'une source : il n'est pas lu." in shown
    assert "Sans doute inbox/pointstock/." in shown


def test_a_name_alone_is_shown_as_it_is() -> None:
    row = {"kind": "grossiste", "key": "x", "other_key": "", "name": "X", "other_name": "", "reason": None,
           "rows_held": 0, "file_name": None, "received_at": None, "state": "un autre"}  # fmt: skip
    assert names.line(row, None).head == "« X »"
    assert "Réponse retirée" in names.decision(row, None)
    assert account.answer([], 0) == ("", "Aucune source n'est encore arrivée.")
