"""An open snapshot in the real frame: who reads it, what its menu holds, and how it closes under an open page."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from app import configured, entries
from data.access.serving import SECRETS
from pages.components.once import Once
from tests import worlds
from tests.conftest import Home
from tests.connectors.partner_files import SAMPLES
from tests.pages.conftest import APP, DAY, TIMEOUT_S, Opener, bodies, links, serve, texts
from tests.typography import TYPED

# Written again here, not read from the menu: a page that opens itself to visitors fails this test.
WITHOUT_ANSWER = {
    "bilan-de-saison",
    "declaration", "evaluation", "basculement", "dates-promises", "mesures", "stocks-de-securite", "plans-de-gestion", "sites",
    "arrets", "acces",
}  # fmt: skip
SILENT = "Les données ouvertes ne répondent pas à cette question."
OPEN_PAGES = [entry for entry in entries(configured()) if entry.path not in WITHOUT_ANSWER]
CLOSED, BANNER = "Données réservées : connexion obligatoire", "Données réservées servies sans authentification"
AUTH = {key: f"a value of the tests, long enough: {key}" for key in SECRETS}
SECRET = "GROSSISTE TRES SECRET"


def _open_data(folder: Path) -> None:
    for source in ("bdpm", "historique", "vigilance"):
        shutil.copytree(SAMPLES / source, folder / "inbox" / source)
    assert Home(folder).refresh(DAY).published


@pytest.fixture
def open_home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    world = worlds.once(tmp_path_factory, "open-data", _open_data)
    return serve(worlds.linked(world, tmp_path / "open"), monkeypatch, without_sign_in=False)


def text_of(at: AppTest) -> str:
    return texts(at).replace("&#x27;", "'").translate(TYPED)


def beyond_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: "0.0.0.0" if name == "server.address" else asked(name))


def receive_a_reserved_file(home: Home) -> None:
    row = ["2026-S46", SECRET, "3400930000120", None, 7, 1]
    home.drop("pointstock", "S46.xlsx", {"pointstock_stock": [row]})
    assert home.refresh(DAY + timedelta(days=1)).changed
    assert SECRET in str(home.reader().rows("SELECT * FROM source_sender"))


@pytest.mark.parametrize("entry", OPEN_PAGES, ids=lambda entry: entry.path or "revue")
def test_a_visitor_opens_every_page_that_has_an_open_answer(open_home: Home, open_page: Opener, entry) -> None:
    at = open_page()
    menu = next(str(e.proto.body) for e in at.get("html") if 'class="vs-bar' in str(e.proto.body))
    assert f'href="/{entry.path}' in menu
    if entry.variant:
        return  # the same script as another entry of the menu
    at = open_page(entry.script)
    written = text_of(at)
    assert not at.exception
    assert "Une erreur est survenue" not in written
    assert "Données ouvertes" in written
    assert BANNER not in written
    assert "Voir comme" not in written
    assert bodies(at)
    # Nothing to type that would be kept: comments, acknowledgements, scores, decisions.
    assert not at.get("form")
    assert [button.label for button in at.button] == []


def test_pages_without_an_open_answer_are_not_declared(open_home: Home, open_page: Opener) -> None:
    at = open_page()
    menu = next(str(e.proto.body) for e in at.get("html") if 'class="vs-bar' in str(e.proto.body))
    for entry in entries(configured()):
        assert (f'href="/{entry.path}"' in menu) is (entry.path not in WITHOUT_ANSWER), entry.path
        if entry.path in WITHOUT_ANSWER:
            assert "Page absente des données ouvertes." in text_of(open_page(entry.script)), entry.path


def test_a_visitor_leaves_nothing_in_the_journal(open_home: Home, open_page: Opener) -> None:
    """Not even the log of who read what: nobody is there, and the journal may be out of reach."""
    for entry in OPEN_PAGES[:3]:
        open_page(entry.script)
    from data.journal import Journal

    journal = Journal(open_home.settings().journal)
    journal.migrate()
    assert journal.accesses() == []
    journal.close()


def test_a_role_in_the_address_is_nothing_to_a_visitor(open_home: Home, open_page: Opener) -> None:
    at = open_page(role="ansm_steward")
    assert at.session_state["vigistock-visit"][1].identity.role == "public"


@pytest.mark.parametrize("projection", [{}, {"projection": "1"}])
def test_a_running_server_that_receives_a_reserved_file_closes_at_once(
    open_home: Home, open_page: Opener, projection: dict[str, str]
) -> None:
    """No restart, nothing forgotten on purpose: the page was open, its cache is warm, and its next run is the closed page."""
    at = open_page(**projection)
    assert "Données ouvertes" in text_of(at)
    receive_a_reserved_file(open_home)
    at.run()
    written = text_of(at)
    assert CLOSED in written
    assert SECRET not in written
    assert "Données ouvertes" not in written
    assert not links(at)


def test_a_page_that_goes_on_under_a_reserved_file_reads_none_of_it(open_home: Home, open_page: Opener) -> None:
    """A part of a page that runs alone within the second after the file was published, its visitor still held for admitted."""
    from pages.components.access import identity
    from pages.components.shell import session

    at = open_page()
    seen = at.session_state["vigistock-visit"][1]
    receive_a_reserved_file(open_home)
    with pytest.MonkeyPatch.context() as held:
        held.setattr(identity, "visit", lambda: seen)
        with pytest.raises(identity.NoAccess):
            identity.may_read(open_home.refresh(DAY + timedelta(days=1)).snapshot or "")
        with pytest.raises(identity.NoAccess):
            session.snapshot()


def test_an_earlier_snapshot_that_was_reserved_is_never_compared_with(open_home: Home, open_page: Opener) -> None:
    """The reserved file is withdrawn: the home is open again, what was published meanwhile is not."""
    receive_a_reserved_file(open_home)
    shutil.rmtree(open_home.path / "raw" / "pointstock")
    (open_home.path / "inbox" / "pointstock" / "S46.xlsx").unlink()
    open_home.refresh(DAY + timedelta(days=2))
    open_page()
    from pages.components.shell import session

    (day,) = session._earlier(open_home.refresh(DAY + timedelta(days=2)).snapshot or "", "restricted")
    assert day[1] == DAY, "the day before was reserved"


def test_sources_shows_visitors_open_sources_and_asks_them_nothing(open_home: Home, open_page: Opener) -> None:
    written = text_of(open_page("pages/sources/sources.py"))
    assert "Base de données publique des médicaments" in written
    for absent in ("TracStocks", "TrustMed", "vue=noms", "vue=absentes", "vue=confirmer"):
        assert absent not in written, absent
    assert "TracStocks" not in text_of(open_page()), "nor the review, among those never received"


def test_what_a_refused_refresh_met_is_not_shown_to_visitors(open_home: Home, open_page: Opener) -> None:
    """Nothing was published: the snapshot stays open, and the account of the refresh names a file of a laboratory."""
    from data.files import read_json, write_json

    path = open_home.path / "snapshots" / "last_run.json"
    run = read_json(path) or {}
    sources = [*run["sources"], {"key": "tracstocks", "is_open": False, "error": f"{SECRET}.xlsx : refusé"}]
    write_json(
        path, {**run, "published": False, "error": SECRET, "notes": [SECRET], "misplaced": [SECRET], "sources": sources}
    )
    assert SECRET not in text_of(open_page("pages/sources/sources.py"))
    assert SECRET not in text_of(open_page())


def test_beyond_loopback_only_if_the_operator_says_so(
    open_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    beyond_loopback(monkeypatch)
    closed = text_of(open_page())
    assert "Connexion obligatoire hors de cette machine" in closed
    # The setting that stops at the first reserved file is named before the one that shows everything.
    assert 0 < closed.find("serve_open_data = true") < closed.find("serve_without_sign_in = true")
    monkeypatch.setenv("VIGISTOCK_SERVE_OPEN_DATA", "true")
    Once.forget()
    assert "Données ouvertes" in text_of(open_page())
    receive_a_reserved_file(open_home)
    assert "Connexion obligatoire hors de cette machine" in text_of(open_page()), "it serves open data, nothing else"


def test_without_sign_in_no_banner_cries_wolf(
    open_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGISTOCK_SERVE_WITHOUT_SIGN_IN", "true")
    Once.forget()
    assert BANNER not in text_of(open_page())
    receive_a_reserved_file(open_home)
    assert BANNER in text_of(open_page())


def test_sign_in_configured_is_asked_unless_open_data_are_served(
    open_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def arrive() -> str:
        Once.forget()
        at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
        at.secrets["auth"] = AUTH
        return text_of(at.run())

    assert "Se connecter" in arrive() or "Connexion" in arrive()
    monkeypatch.setenv("VIGISTOCK_SERVE_OPEN_DATA", "true")
    assert "Données ouvertes" in arrive()
