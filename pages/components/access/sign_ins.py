"""Sign-ins this process has seen: their claims, those that ended before their time. Nothing of it is written anywhere."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

ASK_AGAIN_S = 5.0  # a sign-in ended in another process goes on here no longer than this
CLOCKS_DIFFER = timedelta(minutes=5)  # most that the provider's clock may be ahead of ours


@dataclass(frozen=True)
class SignIn:
    """One sign-in at the identity provider. ``key`` names it without naming the person."""

    key: str
    begun_at: datetime | None

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> SignIn:
        """``iat`` of the id token is the moment of sign-in; a token without one never opens a session."""
        named = "|".join(str(claims.get(name)) for name in ("iss", "sub", "iat", "nonce"))
        key = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return cls(key, _moment(claims.get("iat")))

    def ends_at(self, hours: float) -> datetime | None:
        """End of the session, None when it never began (no date, or a date to come)."""
        if self.begun_at is None or self.begun_at > datetime.now(UTC) + CLOCKS_DIFFER:
            return None
        return self.begun_at + timedelta(hours=hours)


def _moment(seconds: object) -> datetime | None:
    """None for what is no date: a provider, or whoever holds the secret of cookies, may write anything there."""
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    try:
        return datetime.fromtimestamp(seconds, UTC) if is_number else None  # type: ignore[arg-type]
    except (ValueError, OverflowError, OSError):
        return None


@dataclass
class Memory:
    """Shared by all sessions of the process; forgets each sign-in when its session is over.

    ``unwritten``: who ended a sign-in while the journal did not answer, by key.
    """

    clock: Callable[[], float] = time.monotonic
    unwritten: dict[str, tuple[str, str]] = field(default_factory=dict)
    _claims: dict[str, tuple[datetime, dict[str, Any]]] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _alive: dict[str, float] = field(default_factory=dict)
    journal_silent_until: float = 0.0  # by ``clock``; a journal that does not answer is not asked again at once
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def claims(self, key: str, until: datetime, find: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Claims of a sign-in, found once: an access token lives a minute, a session hours. ``find`` may raise."""
        with self._lock:
            self._forget()
            known = self._claims.get(key)
        if known is None:
            known = (until, find())  # outside the lock: a slow provider holds nobody else
            with self._lock:
                self._claims[key] = known
        return known[1]

    def end(self, key: str) -> None:
        """The person signed out: every tab and every copy of the cookie is closed with it."""
        with self._lock:
            self._ended.add(key)
            self._claims.pop(key, None)

    def is_ended(self, key: str, ask: Callable[[], bool | None]) -> bool:
        """Whether it ended, here or in another process. ``ask`` the journal: no answer (None) is not remembered."""
        asked_at = self.clock()
        if key not in self._ended and asked_at - self._alive.get(key, -ASK_AGAIN_S) >= ASK_AGAIN_S:
            answer = ask()
            if answer:
                self.end(key)
            elif answer is not None:
                with self._lock:
                    self._alive = {known: at for known, at in self._alive.items() if asked_at - at < ASK_AGAIN_S}
                    self._alive[key] = asked_at
        return key in self._ended

    def _forget(self) -> None:
        now = datetime.now(UTC)
        self._claims = {key: item for key, item in self._claims.items() if item[0] > now}


_MEMORY = Memory()


def memory() -> Memory:
    """The one of this process. Not a cache of the framework, which a message of a browser or a page could clear."""
    return _MEMORY
