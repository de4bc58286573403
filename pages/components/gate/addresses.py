"""Addresses and methods that pages use. Everything else of the framework is closed: upload, metrics, programs, components."""

from __future__ import annotations

from streamlit import config

_METHODS = frozenset({"GET", "HEAD"})
_OF_THE_FRAMEWORK = frozenset({"_stcore/health", "_stcore/host-config", "_stcore/stream"})
_CLOSED = frozenset({"_stcore", "component", "app"})
_BESIDE_PAGES = frozenset({"_stcore", "static", "media", "auth", "oauth2callback"})


def refusal(method: str, path: str) -> int | None:
    """The status to answer, None when the address is served."""
    if method not in _METHODS:
        return 405
    asked = _below_base(path)
    return 404 if _first(asked) in _CLOSED and asked not in _OF_THE_FRAMEWORK else None


def is_page(path: str) -> bool:
    """Whether a browser would open a session after it."""
    return _first(_below_base(path)) not in _BESIDE_PAGES


def _below_base(path: str) -> str:
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    asked = path.lstrip("/")
    return asked.removeprefix(base).lstrip("/") if base else asked


def _first(asked: str) -> str:
    return asked.split("/", maxsplit=1)[0]
