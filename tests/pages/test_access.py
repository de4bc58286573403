"""The frame with and without sign-in: which closed page, role and artefact, and what the access log keeps."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from data import warehouse
from data.access.roles import ROLES, Identity
from data.access.serving import SECRETS
from data.journal import Journal
from data.journal.entries import Access
from data.settings import PARIS
from pages.components.access import closed_page, view_as
from pages.components.once import Once
from tests.conftest import Home
from tests.pages.conftest import APP, DAY, TIMEOUT_S, WEEK_BEFORE, Opener, links, serve, texts
from tests.typography import TYPED

REVIEW, MOLECULE, LOG = "pages/revue/revue_du_jour.py", "pages/molecules/molecule.py", "pages/acces/acces.py"
TERRITORIES = "pages/territoires/territoires.py"
SUBJECT = "amoxicilline-susp-500"
NAME = "Amoxicilline susp. buv. 500 mg/5 ml"
TABLE = "\n".join(
    f'[[rule]]\nrole = "{role}"\nemails = ["{role}@exemple.fr"]\n{chr(10).join(["region = " + chr(34) + "53" + chr(34)] * (role == "ars"))}'
    for role in ROLES
)
AUTH = {key: f"a value of the tests, long enough: {key}" for key in SECRETS}

Person = Callable[..., AppTest]


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """A journal of this test only."""
    url = f"sqlite:///{tmp_path}/journal.db"
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", url)
    opened = Journal(url)
    opened.migrate()
    return opened


@pytest.fixture
def person(demo_home: Home, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """``person("ars")``: the frame as somebody of this role, signed in a moment ago, finds it."""
    table = tmp_path / "access.toml"
    table.write_text(TABLE, encoding="utf-8")
    monkeypatch.setenv("VIGISTOCK_ACCESS_TABLE", str(table))

    def signed_in(who: str, script: str = "", *, ago_s: float = 0, **parameters: str) -> AppTest:
        at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
        at.secrets["auth"] = AUTH
        at.user = {"is_logged_in": True, "sub": who, "email": f"{who}@exemple.fr", "iat": int(time.time() - ago_s),
                   "nonce": f"{who}-{ago_s}"}  # fmt: skip
        at.run()
        if script:
            at.switch_page(script)
        for name, value in parameters.items():
            at.query_params[name] = value
        return at.run() if script or parameters else at

    return signed_in


def text_of(at: AppTest) -> str:
    return texts(at).replace("&#x27;", "'").translate(TYPED)


def lines(journal: Journal, action: str) -> list[Access]:
    return journal.accesses(action=action)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_artefact(person: Person, role: str) -> None:
    written = text_of(person(role, MOLECULE, sujet=SUBJECT))
    assert "Amoxicilline" in written
    assert ("LABORATOIRE" in written) is (role in {"ansm", "ansm_steward"})


def test_what_a_session_left_in_memory_is_never_read_by_another_role(person: Person) -> None:
    """One process, one cache: each role right after another that sees the other artefact."""
    for role in ("ansm", "ars", "ansm_steward", "cap", "dgs", "ansm"):
        assert ("LABORATOIRE" in text_of(person(role, MOLECULE, sujet=SUBJECT))) is (role.startswith("ansm")), role


def test_what_was_read_of_a_snapshot_is_not_shown_for_another(
    built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    """Published again while the page is open: the figures, their day and the file behind them change together."""
    shutil.copytree(built_demo / "snapshots", tmp_path / "snapshots")
    serve(tmp_path, monkeypatch, without_sign_in=False)
    at = open_page(MOLECULE, sujet=SUBJECT, role="cap")
    assert f"Données du {DAY:%d/%m/%Y}" in text_of(at)
    (tmp_path / "snapshots" / "current").write_text(f"{warehouse.published(tmp_path / 'snapshots')[0]}\n")
    at.run()
    assert f"Données du {WEEK_BEFORE:%d/%m/%Y}" in text_of(at)
    assert f"{DAY:%d/%m/%Y}" not in text_of(at)


@pytest.mark.parametrize("role", ROLES)
def test_the_access_log_is_a_page_for_the_steward_only(person: Person, role: str) -> None:
    if role == "ansm_steward":
        assert "Qui est entré" in text_of(person(role, LOG))
        return
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        person(role, LOG)


def test_the_access_log_is_counted_and_read_by_action(person: Person, journal: Journal) -> None:
    """Twenty exports of one and a page of another: tabs count them, the first fifteen are shown, newest first."""
    one, other = (Identity(f"{name}@exemple.fr", name, "ansm", None) for name in ("un", "autre"))
    journal.record_access(other, "page", "Molécules", SUBJECT)
    for rank in range(20):
        journal.record_access(one, "export", "Plans", f"table {rank}")
    at = person("ansm_steward", LOG, action="export")
    shown = text_of(at)
    assert {"Table téléchargée 20", "Page réservée ouverte 2"} <= set(dict(links(at))), "and the page of the review"
    assert "table 19" in shown
    assert "table 4<" not in shown
    assert "15 sur 20 lignes" in shown
    assert "20 tables téléchargées" in shown
    assert NAME not in shown
    assert "table 4<" in text_of(person("ansm_steward", LOG, action="export", lignes="60"))
    shown = text_of(person("ansm_steward", LOG, action="page", personne=other.login))
    assert NAME in shown, "the medicine, not its code"
    assert f">{SUBJECT}<" not in shown
    assert "Revue du jour</td>" not in shown, "a page of somebody else"
    assert "table 19" not in shown


def test_the_access_log_says_no_internal_code(person: Person, journal: Journal) -> None:
    """Each kind of thing that is read or decided is named as its own page names it."""
    one = Identity("un@exemple.fr", "Un", "ansm", None)
    journal.record_access(one, "page", "Sources", "trustmed")
    journal.record_access(one, "page", "Classement", "dci:amoxicilline")
    journal.record_access(one, "page", "Déclaration", "D-0001")
    journal.record_access(one, "acceptation", "pointstock:0a1b:Stocks:2", "A-s46.xlsx, feuille Stocks, ligne 2")
    shown = text_of(person("ansm_steward", LOG, lignes="60"))
    assert {">TrustMed<", ">Amoxicilline<", ">D-0001<", ">A-s46.xlsx, feuille Stocks, ligne 2<"} <= {
        f">{cell}<" for cell in re.findall(r">([^<>]+)<", shown)
    }
    for code in ("trustmed", "dci:amoxicilline", "0a1b"):
        assert code not in shown.partition("<tbody>")[2]


def test_times_of_the_access_log_are_those_of_paris(person: Person, journal: Journal) -> None:
    journal.record_access(Identity("un@exemple.fr", "Un", "ansm", None), "export", "Plans", "table")
    (line,) = lines(journal, "export")
    at = person("ansm_steward", LOG, action="export")
    assert f"{line.at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}" in text_of(at)


def test_sign_in_and_reserved_pages_are_logged_once(person: Person, journal: Journal) -> None:
    at = person("ansm", MOLECULE, sujet=SUBJECT)
    at.run()
    at.run()
    assert [(line.login, line.role) for line in lines(journal, "connexion")] == [("ansm@exemple.fr", "ansm")]
    opened = [(line.target, line.detail) for line in lines(journal, "page")]
    assert opened == [("Molécules", SUBJECT), ("Revue du jour", "")]


def test_a_page_without_laboratories_is_not_an_event(person: Person, journal: Journal) -> None:
    person("ars", MOLECULE, sujet=SUBJECT)
    person("ansm", TERRITORIES)
    assert {line.role for line in lines(journal, "page")} == {"ansm"}
    assert {line.target for line in lines(journal, "page")} == {"Revue du jour"}


def test_an_unknown_person_gets_the_closed_page_and_a_line(person: Person, journal: Journal) -> None:
    at = person("inconnu")
    at.run()
    assert "Aucun accès pour ce compte" in text_of(at)
    assert "inconnu@exemple.fr" in text_of(at)
    assert "Amoxicilline" not in text_of(at)
    assert [(line.login, line.role) for line in lines(journal, "refus")] == [("inconnu@exemple.fr", "")]


@pytest.mark.parametrize("ago_s", [10 * 3600 + 5, -3600])
def test_a_session_too_old_or_to_come_is_closed(person: Person, ago_s: float) -> None:
    at = person("ansm", ago_s=ago_s)
    assert "Session expirée" in text_of(at)
    assert "LABORATOIRE" not in text_of(at)


def test_nobody_is_let_in_when_the_journal_is_lost_but_reading_goes_on(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An access log that does not answer is the server's concern, written in its own log; it does not blind everybody."""
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", "sqlite:////proc/absent/journal.db")
    Once.forget()
    assert "Quelles molécules demandent une action ce matin ?" in text_of(person("ansm"))
    assert "Aucun accès pour ce compte" in text_of(person("inconnu"))


def test_a_regional_agency_comes_to_its_region_and_may_leave_it(person: Person) -> None:
    at = person("ars", TERRITORIES)
    assert "region" not in at.query_params, "an address is written by readers only"
    assert at.selectbox(key="choix-region").value == "53"
    assert "Bretagne" in text_of(at)
    at.query_params["region"] = "11"
    at.run()
    assert at.selectbox(key="choix-region").value == "11"
    at.query_params["region"] = "france"
    at.run()
    assert at.selectbox(key="choix-region").value == "france"
    del at.query_params["region"]
    at.query_params["departement"] = "33"
    at.run()
    assert at.selectbox(key="choix-region").value == "france", "a department of another region"


def test_the_role_of_a_tab_changes_and_nothing_of_the_former_one_stays(person: Person) -> None:
    at = person("ansm", MOLECULE, sujet=SUBJECT)
    at.session_state["choix-laboratoire"] = "LABORATOIRE A"
    at.user = {**at.user, "email": "ars@exemple.fr", "nonce": "z"}
    at.run()
    assert "choix-laboratoire" not in at.session_state
    assert "LABORATOIRE" not in text_of(at)


def test_the_demo_needs_no_sign_in_and_says_so(demo_home: Home, open_page: Opener) -> None:
    written = text_of(open_page())
    assert "inventés · sans authentification" in written
    assert "LABORATOIRE" in written


@pytest.mark.parametrize("asked", ["ars-53", "cap", "dgs"])
def test_the_demo_is_seen_as_each_role(demo_home: Home, open_page: Opener, asked: str) -> None:
    at = open_page(MOLECULE, sujet=SUBJECT, role=asked)
    assert "LABORATOIRE" not in text_of(at)
    assert role_of(at) == asked
    at.query_params["role"] = view_as.DEFAULT
    assert "LABORATOIRE" in text_of(at.run())


@pytest.mark.parametrize("asked", ["roi", "ars", "ars-00", "ansm-53", ""])
def test_an_unknown_role_in_the_url_is_ignored(demo_home: Home, open_page: Opener, asked: str) -> None:
    at = open_page(REVIEW, role=asked)
    assert not at.exception
    assert role_of(at) == view_as.DEFAULT


def role_of(at: AppTest) -> str:
    """The role that the strip marks among those a demo is looked at as."""
    strip = next(str(e.proto.body) for e in at.get("html") if 'class="vs-strip' in str(e.proto.body))
    return re.findall(r'role=([\w-]+)[^"]*" aria-current="true"', strip)[0]


def test_the_role_in_the_url_is_nothing_to_somebody_signed_in(person: Person) -> None:
    at = person("cap", MOLECULE, sujet=SUBJECT, role="ansm_steward")
    assert "LABORATOIRE" not in text_of(at)
    assert "Voir comme" not in text_of(at)


@pytest.fixture
def real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Published data that are not the demo's, sign-in not configured."""
    home = Home(tmp_path / "real")
    assert home.refresh().published
    return serve(home.path, monkeypatch, without_sign_in=False)


def test_real_data_without_sign_in_are_refused_with_what_to_set(real_home: Home, open_page: Opener) -> None:
    written = text_of(open_page())
    assert "Données réservées : connexion obligatoire" in written
    assert "« make refresh » dit quel fichier empêche" in written
    assert "serve_without_sign_in" in written
    assert "Quelles molécules" not in written
    assert "Quelles molécules" not in text_of(open_page(role="ansm"))


def test_served_all_the_same_they_wear_a_banner(
    real_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGISTOCK_SERVE_WITHOUT_SIGN_IN", "true")
    Once.forget()
    for script in ("", MOLECULE, TERRITORIES):
        assert "Données réservées servies sans authentification" in text_of(open_page(script))


def test_beyond_loopback_not_even_the_demo_is_served(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: "0.0.0.0" if name == "server.address" else asked(name))
    written = text_of(open_page())
    assert "Connexion obligatoire hors de cette machine" in written
    assert "LABORATOIRE" not in written


def test_sign_in_half_configured_locks_everybody_out(demo_home: Home) -> None:
    at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
    at.secrets["auth"] = {**AUTH, "client_secret": "", "cookie_secret": "court"}
    written = text_of(at.run())
    assert "Connexion mal configurée" in written
    assert "« client_secret » manque" in written
    assert "court" not in written.replace("moins court", "")


def test_every_closed_state_has_its_words() -> None:
    from typing import get_args

    from pages.components.access.identity import State

    assert {state for state in get_args(State) if state != "open"} == closed_page._TEXTS.keys()


def test_an_export_is_recorded_and_refused_once_the_right_is_gone(
    person: Person, journal: Journal, tmp_path: Path
) -> None:
    """As the button does: prepared while the page is drawn, called later, away from any session."""
    from pages.components.access import access_log, sign_ins
    from pages.components.access.identity import NoAccess, Visit

    at = person("ansm")
    seen: Visit = at.session_state["vigistock-visit"][1]
    assert seen.identity is not None

    def export(**changes: Any) -> None:
        known = sign_ins.Memory()
        if changes.get("ended"):
            known.end(seen.key)
        access_log._export(seen, [journal], tmp_path / "access.toml", known, "Molécules : stocks.csv")

    export()
    assert [(line.login, line.target) for line in lines(journal, "export")] == [("ansm@exemple.fr", "Molécules : stocks.csv")]  # fmt: skip
    with pytest.raises(NoAccess):
        export(ended=True)
    (tmp_path / "access.toml").write_text(TABLE.replace("ansm@exemple.fr", "autre@exemple.fr"), encoding="utf-8")
    with pytest.raises(NoAccess):
        export()
    assert len(lines(journal, "export")) == 1
