"""Who is looking: the person signed in, or the visitor of a demo or of open data. Pages ask ``identity()``; nothing else decides a right."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import streamlit as st
from streamlit import config

from data.access import serving, table, userinfo
from data.access.roles import Identity
from data.access.table import BrokenAccessTable
from data.journal import Journal, JournalSilent, JournalUnavailable
from pages.components import this_run
from pages.components.access import openid, view_as
from pages.components.access.sign_ins import SignIn, memory
from pages.components.once import Once
from pages.components.shell import served

_LOGGER = logging.getLogger(__name__)

State = Literal[
    "open", "sign_in", "no_access", "expired", "incomplete", "broken_table", "refused_data", "refused_address",
    "refused_secrets",
]  # fmt: skip
STANDS_S = 1.0
SILENT_S = 30.0
_VISIT = "vigistock-visit"
_MAY_READ = "vigistock-may-read"
_JOURNALS: Once[Journal] = Once(4)
UNGUARDED = Identity("sans-authentification", "Sans authentification", "ansm_steward")
VISITOR = Identity("visiteur", "Visiteur", "public")


class NoAccess(PermissionError):
    """Something was asked for without the right to it."""


@dataclass(frozen=True)
class Visit:
    """The visitor of this run. ``identity`` is None unless ``state`` is open."""

    state: State
    kind: serving.Admission
    identity: Identity | None = None
    login: str = ""
    key: str = ""
    ends_at: datetime | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at <= datetime.now(UTC)


def identity() -> Identity:
    """The person of this run. Raises NoAccess: a page never works for somebody unknown."""
    found = visit().identity
    if found is None:
        raise NoAccess("Aucun accès ouvert.")
    return found


def visit() -> Visit:
    """As decided at the start of this run; again when that is more than a second old (deciding takes milliseconds)."""
    decided_at, seen = this_run.kept().get(_VISIT) or st.session_state.get(_VISIT, (0.0, None))
    return seen if seen is not None and time.monotonic() - decided_at < STANDS_S else arrive()


def arrive() -> Visit:
    """Decide, at each run: a person taken out of the table, or whose session is over, is out at their next click."""
    seen = _decide()
    st.session_state[_VISIT] = this_run.kept()[_VISIT] = (time.monotonic(), seen)
    return seen


def may_read(snapshot: str) -> None:
    """Raises NoAccess for real data published while the visitor of a demo, or of open data, was being served."""
    kept, kind = this_run.kept(), visit().kind
    if kept.get(_MAY_READ) == (kind, snapshot):
        return
    holds = {"demo": served.holds_demo, "open": served.holds_open}.get(kind)
    if holds is not None and not holds(served.settings().snapshots, snapshot):
        raise NoAccess("Données réservées.")
    kept[_MAY_READ] = kind, snapshot


def admission() -> serving.Admission:
    """How this server opens, now."""
    settings, published = served.settings(), served.in_force()
    return serving.admission(
        serving.Facts(
            auth(),
            config.get_option("server.address"),
            served.is_demo(published),
            settings.serve_without_sign_in,
            served.is_open(published),
            settings.serve_open_data,
        )
    )


def asks_sign_in() -> bool:
    """Whether visitors must sign in, and see the closed page until they do."""
    return auth() is not None and admission() != "open"


def _decide() -> Visit:
    kind = admission()
    if kind == "sign_in":
        return _signed_in()
    if kind == "demo":
        return Visit("open", kind, view_as.identity())
    if kind == "open":
        return Visit("open", kind, VISITOR)
    return Visit("open", kind, UNGUARDED) if kind == "without_sign_in" else Visit(kind, kind)


def auth() -> Mapping[str, Any] | None:
    """Section ``[auth]`` of the secrets; None when sign-in is not configured."""
    if not st.secrets.load_if_toml_exists() or "auth" not in st.secrets:
        return None
    found = st.secrets["auth"]
    return found if isinstance(found, Mapping) else {}


def _signed_in() -> Visit:
    user = st.user.to_dict()
    if not user.get("is_logged_in"):
        return Visit("sign_in", "sign_in")
    passage = SignIn.of(user)
    ends_at = passage.ends_at(served.settings().session_hours)
    if ends_at is None or ends_at <= datetime.now(UTC) or _is_ended(passage):
        return Visit("expired", "sign_in", key=passage.key)
    try:
        claims = memory().claims(passage.key, ends_at, lambda: _claims(user))
        found = table.read(served.settings().access_table).identity(claims)
    except (userinfo.UserinfoUnavailable, BrokenAccessTable) as error:
        _LOGGER.error("%s", error)  # noqa: TRY400 – a trace would carry claims
        state: State = "broken_table" if isinstance(error, BrokenAccessTable) else "incomplete"
        return Visit(state, "sign_in", key=passage.key)
    login = table.login(claims)
    return Visit("open" if found else "no_access", "sign_in", found, login, passage.key, ends_at, claims)


def _claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    """With ``expose_tokens = ["access"]`` in the secrets, completed at the provider's *userinfo*."""
    plain = {name: value for name, value in claims.items() if name != "tokens"}
    token = st.user.tokens.get("access")
    return userinfo.complete(plain, token, auth() or {}) if token else plain


def _is_ended(passage: SignIn) -> bool:
    """Signed out, here or in another process: the journal is asked again every few seconds."""

    def ask() -> bool | None:
        _write_ended()
        return _answer(lambda: journal().has_signed_out(passage.key, passage.begun_at))

    return memory().is_ended(passage.key, ask)


def _write_ended() -> None:
    """Sign-outs that other processes must learn, as soon as the journal takes them."""
    waiting = memory().unwritten
    for key in list(waiting):
        who = waiting.pop(key, None)  # taken by one thread only
        if who is not None and not quietly(partial(_write_sign_out, who, key)):
            waiting[key] = who


def _write_sign_out(who: tuple[str, str], key: str) -> None:
    journal().record_sign_out(*who, key)


def journal() -> Journal:
    """The journal, its tables brought up to date once a process. Raises JournalUnavailable; a visitor of open data has none."""
    _, seen = st.session_state.get(_VISIT, (0.0, None))  # as decided: the decision itself asks the journal
    if seen is not None and seen.kind == "open":
        raise JournalUnavailable("Le journal n'est pas ouvert aux visiteurs des données ouvertes.")
    url = served.settings().journal
    return _JOURNALS.get(url, lambda: _opened(url))


def _opened(url: str) -> Journal:
    opened = Journal(url)
    opened.migrate()
    return opened


def log(action: str, target: str, detail: str = "", by: Identity | None = None) -> None:
    """One line of the access log for the person of this run, or ``by`` the one it began with."""
    who = by or identity()
    quietly(lambda: journal().record_access(who, action, target, detail))


def recorded(action: str, key: str) -> bool:
    """Whether the access log already has it; False when it does not answer."""
    return _answer(lambda: journal().is_recorded(action, key)) is True


def _answer(ask: Callable[[], bool]) -> bool | None:
    """None when the journal does not answer."""
    found: list[bool] = []
    quietly(lambda: found.append(ask()))
    return found[0] if found else None


def quietly(record: Callable[[], None]) -> bool:
    """Reading goes on when the journal fails: the server's own log says it, and who watches it acts.

    When it cannot be reached it is left alone for a while: each call may cost the ten seconds of a database that is down.
    What it refuses concerns one record: the next one is made. False while it is silent: worth doing later.
    """
    known = memory()
    if known.clock() < known.journal_silent_until:
        return False
    try:
        record()
    except JournalSilent as error:
        known.journal_silent_until = known.clock() + SILENT_S
        _LOGGER.error("access log: %s", error)  # noqa: TRY400
        return False
    except JournalUnavailable as error:
        _LOGGER.error("access log: %s", error)  # noqa: TRY400
    return True


def sign_in() -> None:
    """Button of the sign-in page. When the provider does not answer, the French message appears here."""
    st.session_state["vigistock-provider-down"] = not userinfo.answers(auth() or {})
    if not st.session_state["vigistock-provider-down"]:
        openid.settle()
        st.login()


def sign_out() -> None:
    """Close every tab of this sign-in, then the session at the provider."""
    seen = visit()
    if seen.key:
        memory().end(seen.key)
        memory().unwritten[seen.key] = (seen.login, seen.identity.role if seen.identity else "")
        _write_ended()
    openid.settle()
    st.logout()
