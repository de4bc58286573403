"""The access table (``access.toml``): which signed-in person has which role, by their claims.

``python -m data.access.table`` reads it as the dashboard does and reports its errors.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator, model_validator

from data.access.roles import Granted, Identity
from data.command import explain_failures
from data.departments import region_names
from data.settings import Settings
from data.strict import BrokenReference, Strict, read_toml

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+$", re.ASCII)
_HALF = re.compile(r"[\ud800-\udfff]")  # of a character: JSON may carry one, no page nor database can


class BrokenAccessTable(BrokenReference):
    """An access table that cannot be used: file, line, key, reason. Nobody has access meanwhile."""


class Rule(Strict):
    """One rule of the table: every criterion given must hold; within one criterion, any value of the list."""

    role: Granted
    region: str | None = None
    emails: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    sirets: tuple[str, ...] = ()
    idp_id: str | None = None
    note: str = Field("", description="for whoever reads the table")

    @field_validator("emails")
    @classmethod
    def _are_emails(cls, emails: tuple[str, ...]) -> tuple[str, ...]:
        for email in emails:
            if not email.isascii() or not _EMAIL.match(email):
                raise ValueError(f"« {email} » n'est pas une adresse électronique")
        return tuple(email.lower() for email in emails)

    @field_validator("domains")
    @classmethod
    def _are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        for domain in domains:
            if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", domain):
                raise ValueError(f"« {domain} » n'est pas un domaine (sans « @ » ni « * »)")
        return tuple(domain.lower() for domain in domains)

    @field_validator("sirets")
    @classmethod
    def _are_sirets(cls, sirets: tuple[str, ...]) -> tuple[str, ...]:
        compact = tuple(siret.replace(" ", "") for siret in sirets)
        for siret in compact:
            if not re.fullmatch(r"[0-9]{14}", siret):
                raise ValueError(f"« {siret} » n'est pas un SIRET (14 chiffres)")
        return compact

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if not (self.emails or self.domains or self.sirets):
            raise ValueError("aucun critère : donner « emails », « domains » ou « sirets »")
        if (self.role == "ars") is (self.region is None):
            raise ValueError("« region » est obligatoire pour le rôle « ars », et pour lui seul")
        names = region_names()
        if self.region is not None and names and self.region not in names:
            raise ValueError(f"région « {self.region} » inconnue (code de data/reference/departements.csv)")
        return self

    def holds(self, email: str, siret: str, idp_id: str) -> bool:
        """Whether the rule applies to a person. ``email`` is empty when the provider has not verified it."""
        return (
            (not self.emails or email in self.emails)
            and (not self.domains or email.rpartition("@")[2] in self.domains)
            and (not self.sirets or siret in self.sirets)
            and (self.idp_id is None or idp_id == self.idp_id)
        )


class AccessTable(Strict):
    """Rules in the order of the file; those that name e-mails come first, and the first that holds decides."""

    rule: tuple[Rule, ...] = ()

    def identity(self, claims: Mapping[str, Any]) -> Identity | None:
        """Who the person is here, or None: unknown means no access."""
        email, siret, idp_id = verified_email(claims), _text(claims, "siret").replace(" ", ""), _text(claims, "idp_id")
        for rule in sorted(self.rule, key=lambda rule: not rule.emails):
            if rule.holds(email, siret, idp_id):
                return Identity(login(claims), _name(claims), rule.role, rule.region)
        return None


def verified_email(claims: Mapping[str, Any]) -> str:
    """The e-mail in lower case; empty when the provider has not verified it, or when it is not plain ASCII.

    Other letters are refused before lower-casing: some of them would become the ASCII letters of another address.
    """
    email = _text(claims, "email")
    if str(claims.get("email_verified", True)).lower() in {"false", "0", "none"}:
        return ""
    return email.lower() if email.isascii() and _EMAIL.match(email) else ""


def login(claims: Mapping[str, Any]) -> str:
    """Name of the person in the journal: their e-mail, else the provider's own identifier."""
    return verified_email(claims) or f"sub:{_text(claims, 'sub')}"


def read(path: Path) -> AccessTable:
    """The table, read again when the file changes. Raises BrokenAccessTable with a sentence for its author."""
    try:
        return read_toml(path, AccessTable, "Table des accès, modèle access.toml.example")
    except BrokenReference as error:
        raise BrokenAccessTable(str(error)) from error


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return _HALF.sub("\ufffd", value.strip()) if isinstance(value, str) else ""


def _name(claims: Mapping[str, Any]) -> str:
    parts = (_text(claims, "given_name"), _text(claims, "usual_name") or _text(claims, "family_name"))
    return " ".join(part for part in parts if part) or _text(claims, "name") or login(claims)


@explain_failures
def main() -> int:
    """0 when the table can be used."""
    path = Settings().access_table
    print(f"{path} : {len(read(path).rule)} règles.")  # noqa: T201 – output of the command
    return 0


if __name__ == "__main__":
    sys.exit(main())
