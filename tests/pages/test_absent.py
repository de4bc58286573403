"""Presentations missing from files that came, on *Sources*: named, and one decision of the steward a sender."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.access.roles import Identity
from data.journal import Journal
from data.journal.decisions import absent_is_zero
from metrics.sources import queries as sources
from pages.components.access import identity
from pages.sources import absent, asked
from tests import worlds
from tests.conftest import Home
from tests.data.wholesalers import BOXES, DAY, history_of, send
from tests.pages.conftest import Opener, click, labels, serve, texts, words

PAGE = "pages/sources/sources.py"
REF = absent_is_zero("pointstock", "GROSSISTE A")
OPENED = {"vue": "absentes", "ligne": asked.mark(REF)}


@pytest.fixture(scope="module")
def shorter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A's file of S46 has five of its six presentations; B's has the six."""
    home = Home(worlds.linked(history_of(tmp_path_factory), tmp_path_factory.mktemp("absent")))
    send(home, "A", {0: [600] * 5}, "s46")
    send(home, "B", {0: [300] * 6}, "s46")
    assert not home.refresh(DAY).error
    return home.path


@pytest.fixture
def home(shorter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    shutil.copytree(shorter, tmp_path / "served")
    return serve(tmp_path / "served", monkeypatch)


def test_the_presentation_is_named_with_its_sender(home: Home, open_page: Opener) -> None:
    shown = words(open_page(PAGE, vue="absentes"))
    assert "Présentations absentes d'un fichier reçu : 1" in shown
    assert labels(open_page(PAGE, vue="absentes")) == [], "a form is drawn when its line is opened"
    assert f"<b>GROSSISTE A</b>, PointStock, 1 présentation : {BOXES[5].denomination} (reportée)." in shown


def test_one_click_says_absent_is_zero_and_it_can_be_taken_back(
    home: Home, journal: Journal, open_page: Opener
) -> None:
    at = click(open_page(PAGE, **OPENED), "Absent = 0")
    (kept,) = journal.acceptances()
    assert (kept.row_ref, kept.source_key, kept.login) == (REF, "pointstock", identity.UNGUARDED.login)
    assert [(item.action, item.target) for item in journal.accesses(1)] == [("absent = 0", REF)]
    assert "une ligne absente vaut un stock nul, ventes inconnues" in words(at)
    assert home.refresh(DAY).changed
    assert list(sources.left_out(home.reader())["state"]) == ["comptée nulle"]
    click(open_page(PAGE, **OPENED), "Retirer")
    assert journal.acceptances() == []
    assert home.refresh(DAY).changed
    assert list(sources.left_out(home.reader())["state"]) == ["reportée"]


@pytest.mark.parametrize("role", ["ansm", "ars"])
def test_nobody_but_the_steward_decides(
    role: str, home: Home, journal: Journal, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = Identity("autre@exemple.invalid", "Autre", role, "52" if role == "ars" else None)  # type: ignore[arg-type]
    monkeypatch.setattr(identity, "UNGUARDED", who)
    at = open_page(PAGE, **OPENED)
    assert labels(at) == []
    with pytest.raises(identity.NoAccess):
        absent._decide(REF)
    assert journal.acceptances() == []
    assert ("GROSSISTE A" in texts(at)) == (role == "ansm")
