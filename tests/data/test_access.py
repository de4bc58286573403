"""Who has which role: the access table, and whom a server without sign-in lets in."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, update

from data.access import serving, table
from data.access.roles import ROLES, Identity
from data.access.serving import Facts
from data.access.table import AccessTable, BrokenAccessTable
from data.journal import Journal
from data.journal.models import AccessRow
from data.settings import PROJECT
from tests.conftest import Home

TABLE = """
[[rule]]
role = "ansm"
domains = ["ansm.example"]

[[rule]]
role = "ars"
region = "53"
sirets = ["130 007 816 00017"]

[[rule]]
role = "cap"
sirets = ["13000781600017"]

[[rule]]
role = "ansm_steward"
emails = ["Camille.Durand@ansm.example"]

[[rule]]
role = "dgs"
domains = ["direction.example"]
idp_id = "federation-a"
"""
AUTH = dict.fromkeys(serving.SECRETS, "x" * serving.SHORTEST_SECRET)


def read(folder: Path, text: str) -> AccessTable:
    path = folder / "access.toml"
    path.write_text(text, encoding="utf-8")
    return table.read(path)


def role(table: AccessTable, **claims: Any) -> str | None:
    granted = table.identity({"sub": "1", **claims})
    return granted.role if granted else None


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"email": "dominique.roy@ansm.example"}, "ansm"),
        ({"email": "DOMINIQUE.ROY@ANSM.EXAMPLE"}, "ansm"),
        ({"email": "camille.durand@ansm.example"}, "ansm_steward"),  # though the rule of the domain comes first
        ({"email": "x@ailleurs.example", "siret": "13000781600017"}, "ars"),  # first of the two that hold
        ({"siret": "130 007 816 00017"}, "ars"),
        ({"email": "y@direction.example", "idp_id": "federation-a"}, "dgs"),
        ({"email": "y@direction.example", "idp_id": "federation-b"}, None),
        ({"email": "y@direction.example"}, None),
        ({"email": "x@sub.ansm.example"}, None),
        ({"email": "x@notansm.example"}, None),
        ({"email": "x@ansm.example@ailleurs.example"}, None),
        ({"email": "x@an\u017fm.example"}, None),  # ſ, whose capital is S
        ({"email": "camille.durand@ansm.example", "email_verified": False}, None),
        ({"email": "camille.durand@ansm.example", "email_verified": "false"}, None),
        ({"email": "camille.durand@ansm.example", "email_verified": True}, "ansm_steward"),
        ({"email": ["camille.durand@ansm.example"]}, None),
        ({"siret": 13000781600017}, None),
        ({"email": ""}, None),
        ({}, None),
    ],
)
def test_claims_give_one_role_or_none(tmp_path: Path, claims: dict[str, Any], expected: str | None) -> None:
    assert role(read(tmp_path, TABLE), **claims) == expected


def test_an_identity_carries_login_name_and_region(tmp_path: Path) -> None:
    table = read(tmp_path, TABLE)
    claims = {"sub": "s1", "email": "Sacha@ars.example", "siret": "13000781600017", "given_name": "Sacha",
              "usual_name": "Leroux"}  # fmt: skip
    assert table.identity(claims) == Identity("sacha@ars.example", "Sacha Leroux", "ars", "53")
    unverified = table.identity({**claims, "email_verified": False})
    assert unverified is not None
    assert unverified.login == "sub:s1"


def test_every_criterion_of_a_rule_must_hold(tmp_path: Path) -> None:
    table = read(tmp_path, '[[rule]]\nrole = "ansm"\ndomains = ["ansm.example"]\nsirets = ["18005202900018"]')
    assert role(table, email="x@ansm.example") is None
    assert role(table, siret="18005202900018") is None
    assert role(table, email="x@ansm.example", siret="18005202900018") == "ansm"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[rule]]\nrole = "ansm"\nemail = ["a@b.fr"]', "rule n° 1 « ansm », clé « email » (ligne 3) : clé inconnue"),
        ('\n\n[[rule]]\nrole = "ansm"\ndomains = ["b.fr"]\n[[rule]]\nrole = "chef"\ndomains = ["b.fr"]',
         "rule n° 2 « chef », clé « role » (ligne 7) : valeur « chef » refusée (attendu : « ansm »"),
        ('[[rule]]\ndomains = ["b.fr"]', "clé « role » (à partir de la ligne 1) : clé obligatoire absente"),
        ('[[rule]]\nrole = "ansm"', "aucun critère"),
        ('[[rule]]\nrole = "ansm"\nidp_id = "a"', "aucun critère"),
        ('[[rule]]\nrole = "ansm"\ndomains = "b.fr"', "clé « domains » (ligne 3) : valeur « b.fr » refusée (attendu : une liste)"),
        ('[[rule]]\nrole = "ansm"\ndomains = ["*.fr"]', "« *.fr » n'est pas un domaine"),
        ('[[rule]]\nrole = "ansm"\ndomains = ["@b.fr"]', "n'est pas un domaine"),
        ('[[rule]]\nrole = "ansm"\nemails = ["b.fr"]', "n'est pas une adresse"),
        ('[[rule]]\nrole = "ansm"\nsirets = ["123"]', "n'est pas un SIRET"),
        ('[[rule]]\nrole = "ars"\ndomains = ["b.fr"]', "« region » est obligatoire"),
        ('[[rule]]\nrole = "cap"\nregion = "53"\ndomains = ["b.fr"]', "« region » est obligatoire pour le rôle « ars »"),
        ('[[rule]]\nrole = "ars"\nregion = "00"\ndomains = ["b.fr"]', "région « 00 » inconnue"),
        ('[[rules]]\nrole = "ansm"', "clé « rules » : clé inconnue, sans doute « rule »"),
        ('[[rule]\nrole = "ansm"', "ligne 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BrokenAccessTable) as broken:
        read(tmp_path, text)
    assert "access.toml" in str(broken.value)
    assert message in str(broken.value)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    assert role(read(tmp_path, TABLE), email="x@ansm.example") == "ansm"
    assert role(read(tmp_path, TABLE.replace("ansm.example", "anses.example")), email="x@ansm.example") is None
    (tmp_path / "access.toml").unlink()
    with pytest.raises(BrokenAccessTable, match="introuvable"):
        table.read(tmp_path / "access.toml")


def test_the_template_is_a_table(tmp_path: Path) -> None:
    granted = table.read(PROJECT / "access.toml.example")
    assert {rule.role for rule in granted.rule} == set(ROLES)


def test_the_command_reports_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "access.toml"
    path.write_text('[[rule]]\nrole = "ansm"\nemail = ["a@b.fr"]', encoding="utf-8")
    command = [sys.executable, "-m", "data.access.table"]
    message = {**os.environ, "VIGISTOCK_ACCESS_TABLE": str(path)}
    done = subprocess.run(command, env=message, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "clé « email » (ligne 3) : clé inconnue" in done.stderr


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(AUTH, "0.0.0.0", False, False), "sign_in"),
        (Facts(AUTH, "127.0.0.1", True, True), "sign_in"),  # a setting never opens what sign-in closes
        (Facts({}, "127.0.0.1", True, True), "refused_secrets"),
        (Facts({**AUTH, "cookie_secret": "court"}, "127.0.0.1", True, False), "refused_secrets"),
        (Facts({**AUTH, "client_id": ""}, "127.0.0.1", False, False), "refused_secrets"),
        (Facts(None, "127.0.0.1", True, False), "demo"),
        (Facts(None, "::1", True, False), "demo"),
        (Facts(None, "localhost", None, False), "demo"),
        (Facts(None, "127.0.0.1", False, False), "refused_data"),
        (Facts(None, "0.0.0.0", True, False), "refused_address"),
        (Facts(None, None, True, False), "refused_address"),
        (Facts(None, "10.0.0.4", False, False), "refused_address"),
        (Facts(None, "unix:///run/vigistock.sock", True, False), "refused_address"),
        (Facts(None, "0.0.0.0", False, True), "without_sign_in"),
        (Facts(None, "0.0.0.0", True, True), "demo"),
        # A snapshot made of public data only: on this machine, and beyond it only if the operator says so.
        (Facts(None, "127.0.0.1", False, False, is_open=True), "open"),
        (Facts(None, "0.0.0.0", False, False, is_open=True), "refused_address"),
        (Facts(None, "0.0.0.0", False, False, is_open=True, serve_open_data=True), "open"),
        (Facts(None, "0.0.0.0", False, True, is_open=True), "open"),
        (Facts(AUTH, "0.0.0.0", False, False, is_open=True), "sign_in"),
        (Facts(AUTH, "127.0.0.1", False, False, is_open=True), "sign_in"),
        (Facts(AUTH, "0.0.0.0", False, False, is_open=True, serve_open_data=True), "open"),
        (Facts({}, "0.0.0.0", False, False, is_open=True, serve_open_data=True), "refused_secrets"),
        # The setting opens nothing else, and a demo that says so stays a demo.
        (Facts(None, "127.0.0.1", False, False, serve_open_data=True), "refused_data"),
        (Facts(None, "0.0.0.0", False, False, serve_open_data=True), "refused_address"),
        (Facts(None, "0.0.0.0", False, True, serve_open_data=True), "without_sign_in"),
        (Facts(AUTH, "0.0.0.0", False, True, serve_open_data=True), "sign_in"),
        (Facts(None, "127.0.0.1", True, False, is_open=True), "demo"),
        (Facts(None, "127.0.0.1", None, False, is_open=True), "demo"),
    ],
)
def test_the_door_of_a_server(facts: Facts, expected: str) -> None:
    assert serving.admission(facts) == expected


def test_faults_of_the_secrets_name_keys_and_no_value() -> None:
    message = " ".join(serving.faults({**AUTH, "cookie_secret": "motdepasse", "client_id": " "}))
    assert "client_id" in message
    assert "cookie_secret" in message
    assert "motdepasse" not in message


def test_a_refresh_forgets_accesses_past_their_retention(home: Home) -> None:
    """And nothing else: yesterday's line and the decisions stay."""
    journal = Journal(home.settings().journal)
    journal.migrate()
    who = Identity("camille@ansm.example", "Camille", "ansm_steward")
    for action in ("ancien", "récent"):
        journal.record_access(who, action, "session")
    engine = create_engine(home.settings().journal)
    with engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=home.settings().access_log_days + 1)
        connection.execute(update(AccessRow).where(AccessRow.action == "ancien").values(at=long_ago))
    engine.dispose()
    assert home.refresh().published
    assert [line.action for line in journal.accesses()] == ["récent"]
