"""Whether this server may serve at all, and under which banner: decided from facts, away from pages."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Admission = Literal["sign_in", "demo", "open", "without_sign_in", "refused_data", "refused_address", "refused_secrets"]

SECRETS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SHORTEST_SECRET = 32  # characters of cookie_secret: it signs who people are


@dataclass(frozen=True)
class Facts:
    """``auth``: section of the secrets, None when sign-in is not configured. ``is_demo``: None when nothing is published.

    ``is_open``: all that may be served is public (``data/building/openness.py``).
    """

    auth: Mapping[str, Any] | None
    address: str | None
    is_demo: bool | None
    serve_without_sign_in: bool
    is_open: bool = False
    serve_open_data: bool = False


def admission(facts: Facts) -> Admission:
    """What stands between a visitor and the pages. When in doubt, access is denied."""
    is_open = facts.is_open and facts.is_demo is False
    if facts.auth is not None:
        if faults(facts.auth):
            return "refused_secrets"
        return "open" if is_open and facts.serve_open_data else "sign_in"
    if is_open and (facts.serve_open_data or facts.serve_without_sign_in or is_loopback(facts.address)):
        return "open"
    if facts.serve_without_sign_in:
        return "demo" if facts.is_demo else "without_sign_in"
    if not is_loopback(facts.address):
        return "refused_address"
    return "refused_data" if facts.is_demo is False else "demo"


def faults(auth: Mapping[str, Any]) -> list[str]:
    """What is missing or weak in the section ``[auth]``, by key; values are never shown."""
    missing = [f"« {key} » manque" for key in SECRETS if not str(auth.get(key) or "").strip()]
    secret = str(auth.get("cookie_secret") or "")
    if secret and len(secret) < SHORTEST_SECRET:
        missing.append(f"« cookie_secret » fait moins de {SHORTEST_SECRET} caractères")
    return missing


def is_loopback(address: str | None) -> bool:
    """Whether only this machine reaches the server. No address means every interface."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "0.0.0.0").is_loopback  # noqa: S104 – read, not bound
    except ValueError:
        return False
