"""Sign-in with a real OpenID Connect provider, in a real browser: who enters, what each one gets, how it ends."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from data.journal import Journal
from data.journal.entries import Access
from metrics.declarations import queries as declarations
from tests.browser.conftest import Visitor
from tests.browser.paths import PAGES
from tests.browser.provider import PEOPLE, TABLE, Provider, Service, provider, service, sign_in, sign_out
from tests.browser.watch import Watched
from tests.conftest import Home
from tests.seeds import seeded

DEEP = "/molecule?sujet=amoxicilline-susp-500"
COOKIES = {"_streamlit_user", "_streamlit_user_tokens"}
SHORT_SESSION_S = 8


@pytest.fixture
def seen(known: Service, visitor: Visitor) -> Watched:
    return visitor(known.address)


@pytest.fixture(scope="module")
def laboratories(demo_folder: Path) -> set[str]:
    return set(declarations.everything(Home(demo_folder).reader())["laboratory"])


def entered(seen: Watched, person: str, path: str = "/") -> Watched:
    """Signed in from the closed page of an address, and back at that address."""
    seen.open(path)
    sign_in(seen, person)
    if path != "/":
        seen.page.wait_for_url(f"{seen.address}{path}*")
        seen.settle()
    return seen


def log(known: Service, action: str) -> list[Access]:
    """What the journal holds; the first to ask, before any page wrote in it, makes it."""
    journal = Journal(known.journal_url)
    journal.migrate()
    try:
        return journal.accesses(action=action)
    finally:
        journal.close()


def named(seen: Watched, names: set[str]) -> list[str]:
    content = seen.page.content()
    return [name for name in names if name in content]


def test_before_sign_in_every_address_is_the_same_closed_page(
    seen: Watched, known: Service, laboratories: set[str]
) -> None:
    received: list[bytes] = []
    seen.page.on("websocket", lambda s: s.on("framereceived", lambda data: received.append(bytes(data, "utf-8") if isinstance(data, str) else data)))  # fmt: skip
    for path in (PAGES["revue"], DEEP, PAGES["sources"], "/acces", "/inconnue", "/?role=ansm_steward&projection=1"):
        seen.open(path)
        assert "Connexion" in seen.text()
        assert not re.search(r"Revue du jour|Molécules|Données du|Amoxicilline|Déclarations", seen.text())
        assert seen.foreign_words() == []
    seen.errors = [error for error in seen.errors if "does not seem to exist" not in error]  # « /inconnue »
    content = b"".join(received)
    assert content
    for word in (b"Revue du jour", b"Amoxicilline", *(name.encode() for name in laboratories)):
        assert word not in content


def test_a_deep_link_returns_where_it_pointed(seen: Watched, known: Service, laboratories: set[str]) -> None:
    entered(seen, "dominique", DEEP)
    assert seen.page.url.startswith(f"{known.address}{DEEP}")
    assert "Amoxicilline" in seen.text()
    assert named(seen, laboratories)
    assert "Accès" not in seen.page.locator(".vs-bar").inner_text()


def test_the_request_carries_what_protects_it(seen: Watched, known: Service) -> None:
    entered(seen, "dominique")
    asked = known.provider.asked("/auth")[-1]
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert asked["prompt"] == "login"
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    earlier = known.provider.asked("/auth")[:-1]
    assert asked["state"] not in {one["state"] for one in earlier}


def test_cookies_are_out_of_reach_of_scripts(seen: Watched, known: Service) -> None:
    entered(seen, "dominique")
    found = {cookie["name"]: cookie for cookie in seen.page.context.cookies() if cookie["name"] in COOKIES}
    assert found.keys() == COOKIES
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in found.values())
    assert "_streamlit_user" not in seen.page.evaluate("() => document.cookie")


@seeded(1, "person", ["inconnue", "usurpe"])
def test_an_unknown_person_sees_whom_to_ask_and_nothing_else(seen: Watched, known: Service, person: str) -> None:
    before = len(log(known, "refus"))
    seen.open(DEEP)
    sign_in(seen, person)
    text = seen.text()
    assert "Aucun accès pour ce compte" in text
    assert "acces@ansm.example" in text
    assert "Molécules" not in text
    seen.open("/acces")
    assert "Aucun accès pour ce compte" in seen.text()
    refused = log(known, "refus")
    assert len(refused) == before + 1
    assert refused[0].login == ("inconnue@ailleurs.example" if person == "inconnue" else "sub:usurpe")


@pytest.mark.long
def test_a_regional_agency_opens_on_its_region_without_laboratories(
    seen: Watched, known: Service, laboratories: set[str]
) -> None:
    """What each of its pages receives is in the matrix."""
    entered(seen, "sacha", DEEP)
    assert named(seen, laboratories) == []
    seen.page.get_by_role("link", name="Revue du jour", exact=True).click()
    seen.page.get_by_role("link", name="Territoires").click()
    seen.page.wait_for_url(re.compile("/territoires"))
    seen.settle()
    assert "Bretagne" in seen.text()
    seen.open("/territoires?region=11")
    assert "region=11" in seen.page.url
    assert "Île-de-France" in seen.text()


@pytest.mark.long
def test_a_forbidden_page_says_so(seen: Watched, known: Service) -> None:
    entered(seen, "sacha", "/acces")
    assert "Cette page n'est pas ouverte à votre rôle." in seen.text()
    assert "camille" not in seen.text().lower()


@pytest.mark.long
def test_the_steward_reads_who_did_what(seen: Watched, known: Service, visitor: Visitor) -> None:
    entered(visitor(known.address), "dominique", DEEP)
    entered(seen, "camille", "/sources")
    seen.page.get_by_text("Table et téléchargement").first.click()
    with seen.page.expect_download() as taken:
        seen.page.get_by_role("button", name="Télécharger (CSV)").first.click()
    assert taken.value.suggested_filename == "vigistock-sources-2026-11-22-donnees-fictives.csv"
    lines = [(line.login, line.role, line.action, line.target) for line in log(known, "")]
    assert ("camille.durand@ansm.example", "ansm_steward", "connexion", "session") in lines
    assert ("camille.durand@ansm.example", "ansm_steward", "export", "Sources : sources.csv") in lines
    assert ("dominique.roy@ansm.example", "ansm", "page", "Molécules") in lines
    seen.open("/acces")
    assert re.search(r"\d+\s+personnes.*pages\s+réservées ouvertes.*\d+\s+tables? téléchargée", seen.text())
    assert seen.exceptions() == []


@pytest.mark.long
def test_reloading_is_not_signing_in_again(seen: Watched, known: Service) -> None:
    entered(seen, "dominique")
    before = len(log(known, "connexion"))
    seen.open("/")
    seen.open("/methode")
    assert len(log(known, "connexion")) == before


def test_a_person_taken_out_of_the_table_is_out_at_the_next_click(seen: Watched, known: Service) -> None:
    entered(seen, "dominique")
    known.allow(TABLE.replace('role = "ansm"\n', 'role = "ansm"\nidp_id = "un autre"\n'))
    seen.page.get_by_role("link", name="Territoires").click()
    seen.page.get_by_text("Aucun accès pour ce compte").wait_for()
    assert "Molécules" not in seen.text()


def test_a_table_with_a_mistake_locks_everybody_out_and_the_server_log_names_it(seen: Watched, known: Service) -> None:
    entered(seen, "dominique")
    known.allow(TABLE + '[[rule]]\nrol = "ansm"\n')
    seen.open("/")
    assert "Accès fermés pour le moment" in seen.text()
    assert re.search(r"clé « rol » \(ligne \d+\) : clé inconnue", known.printed)
    assert "rol »" not in seen.text()


@pytest.mark.long
def test_a_role_changes_at_the_next_sign_in(seen: Watched, known: Service, laboratories: set[str]) -> None:
    entered(seen, "dominique", DEEP)
    assert named(seen, laboratories)
    known.provider.know({**PEOPLE, "dominique": {**PEOPLE["dominique"], "siret": PEOPLE["sacha"]["siret"]}})
    seen.open(DEEP)
    assert named(seen, laboratories)  # the provider has not been asked again
    sign_out(seen, "Dominique Roy")
    sign_in(seen, "dominique")
    seen.open(DEEP)
    assert named(seen, laboratories) == []


def test_signing_out_ends_it_here_at_the_provider_and_in_every_tab(
    seen: Watched, known: Service, visitor: Visitor
) -> None:
    entered(seen, "dominique")
    stolen: list[Any] = [cookie for cookie in seen.page.context.cookies() if cookie["name"] in COOKIES]
    other = seen.page.context.new_page()
    other.goto(f"{known.address}/methode")
    other.get_by_role("link", name="Territoires").wait_for()
    sign_out(seen, "Dominique Roy")
    assert "Connexion" in seen.text()
    assert not {cookie["name"] for cookie in seen.page.context.cookies()} & COOKIES
    asked = known.provider.asked("/session/end")[-1]
    assert asked["id_token_hint"]
    assert asked["post_logout_redirect_uri"] == f"{known.address}/oauth2callback"
    assert len(asked["state"]) >= 32
    other.get_by_role("link", name="Territoires").click()
    other.get_by_text("Session expirée").wait_for()
    thief = visitor(known.address)
    thief.page.context.add_cookies(stolen)
    thief.open("/")
    assert "Session expirée" in thief.text()


@pytest.mark.long
def test_giving_up_at_the_provider_leads_back_to_the_sign_in_page(seen: Watched, known: Service) -> None:
    seen.open(DEEP)
    sign_in(seen, "annuler")
    assert "Connexion" in seen.text()
    assert "Amoxicilline" not in seen.text()


@pytest.mark.parametrize(
    "target",
    [
        "/\\ailleurs.example",  # what a browser reads as //
        *(
            pytest.param(target, marks=pytest.mark.long)
            for target in ("https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)")
        ),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(seen: Watched, known: Service, target: str) -> None:
    seen.open("/")
    seen.page.get_by_role("button", name="Se connecter avec ProConnect").click()
    seen.page.wait_for_url(f"{known.provider.issuer}/**")
    who = seen.page.url
    seen.page.goto(f"{known.address}/_stcore/health")
    seen.page.evaluate("target => sessionStorage.setItem('vigistock-return', target)", target)
    seen.page.goto(who)
    seen.page.get_by_role("link", name="dominique").click()
    seen.page.wait_for_url(f"{known.address}/**")
    seen.settle()
    seen.page.wait_for_timeout(300)
    assert seen.page.url == f"{known.address}/"
    assert "Dominique Roy" in seen.text()


def test_a_forged_return_or_cookie_opens_nothing(seen: Watched, known: Service) -> None:
    seen.open("/oauth2callback?code=forged&state=forged")
    assert "Connexion" in seen.text()
    value = "eyJpc19sb2dnZWRfaW4iOiB0cnVlLCAic3ViIjogImNhbWlsbGUifQ.aaaaaa.bbbbbb"
    seen.page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": known.address}])
    seen.open("/")
    assert "Connexion" in seen.text()


def test_the_server_prints_nobody(known: Service, laboratories: set[str]) -> None:
    """Last: it reads what the server printed during all the tests above. Nor does a library complain of its age there."""
    printed = known.printed.lower()
    assert printed
    assert "deprecat" not in printed
    assert [name for name in laboratories if name.lower() in printed] == []
    for word in (
        "camille",
        "dominique",
        "sacha",
        "ailleurs.example",
        "@ansm",
        "@ars",
        "eyj",
        "leroux",
        "13000781600017",
    ):
        assert word not in printed, word


def test_a_session_ends_in_time_whatever_the_cookie_says(
    started: Provider, demo_folder: Path, tmp_path: Path, visitor: Visitor
) -> None:
    hours = {"VIGISTOCK_SESSION_HOURS": str(SHORT_SESSION_S / 3600)}
    started.know(PEOPLE)
    with service(tmp_path / "short", demo_folder, started, "vigistock", **hours) as short:
        seen = visitor(short.address)
        seen.open("/")
        sign_in(seen, "dominique")
        # Nobody touches the page: it closes by itself.
        seen.page.get_by_text("Session expirée").wait_for(timeout=60_000)
        assert "Quelles molécules" not in seen.text()
        seen.page.wait_for_load_state("networkidle")
        assert not {cookie["name"] for cookie in seen.page.context.cookies()} & COOKIES
        seen.open("/")
        assert "Connexion" in seen.text()


@pytest.mark.long
def test_claims_of_userinfo_outlive_their_token(demo_folder: Path, tmp_path: Path, visitor: Visitor) -> None:
    """As ProConnect does: nothing but ``sub`` in the id token, the rest in a signed answer to a token of one minute."""
    with (
        provider(tmp_path / "provider", "userinfo") as known,
        service(tmp_path / "service", demo_folder, known, "signe") as running,
    ):
        seen = entered(visitor(running.address), "sacha", "/methode")
        assert "Sacha Leroux" in seen.text()
        known.stop()
        seen.open("/territoires")
        assert "Sacha Leroux" in seen.text()
        other = visitor(running.address)
        other.open("/")
        other.page.get_by_role("button", name="Se connecter avec ProConnect").click()
        other.page.get_by_text("ProConnect ne répond pas").wait_for()


def test_without_the_claims_nobody_enters(demo_folder: Path, tmp_path: Path, visitor: Visitor) -> None:
    """The provider tells claims at userinfo, and the secrets do not let the tool ask there."""
    with (
        provider(tmp_path / "provider", "userinfo") as known,
        service(tmp_path / "service", demo_folder, known, "vigistock") as running,
    ):
        seen = entered(visitor(running.address), "sacha")
        assert "Aucun accès pour ce compte" in seen.text()
