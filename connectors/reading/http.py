"""Read a URL without hanging, filling memory or taking an error page for data."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Literal

import requests
from pydantic import BaseModel, ConfigDict
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from connectors.base import Download, FetchSettings, SourceUnavailable, Validators
from connectors.reading.http_failures import (
    Busy,
    Passing,
    Slow,
    TooSlow,
    Unreachable,
    check_redirect,
    check_status,
    host_of,
    translated,
)

SECRET_HEADERS = ("apikey",)  # never forwarded to another host by a redirect
SILENT_FILES = 2  # slow files after which a host is abandoned, or a refresh would last an hour
PAGE_STARTS = (b"<!doctype html", b"<html")
CHUNK_BYTES = 64 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UNCHANGED = 304

_Going = Callable[[int, int | None], None]  # bytes received, of those announced


class Watch:
    """Is given how each named download goes; this one does nothing of it. Called from the thread that downloads."""

    def going(self, name: str, received: int, size: int | None) -> None:
        """Bytes received so far, as they travel, of those announced, if they are. From 0 at each attempt."""

    def ended(self, name: str, received: int | None) -> None:
        """Size of what was received, 0 when it has not changed; None: nothing could be kept."""


class HttpLimits(BaseModel):
    """Every tunable of a download; the unit is in the name. Their bounds are those of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connect_seconds: float = 5.0  # a host that does not accept the connection
    read_seconds: float = 30.0  # silence between two packets
    total_seconds: float = 300.0  # one file, its retries and pauses included
    attempts: int = 4
    first_pause_seconds: float = 1.0  # doubled at each retry
    longest_pause_seconds: float = 30.0
    longest_retry_after_seconds: float = 60.0  # a server that asks for more is left alone until the next refresh
    max_bytes: int = 200_000_000  # decompressed; the largest real file is about 20 MB
    max_redirects: int = 5


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class _Session(requests.Session):
    """A session that sends a secret to its own host only, and follows no redirect away from HTTP or from TLS.

    The body of a redirect is not read: nothing bounds it, and it may contradict its headers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hooks["response"].append(_drop_redirect_body)

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        check_redirect(response.request.url or "", prepared_request.url or "")
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call]
        if self.should_strip_auth(response.request.url, prepared_request.url):  # type: ignore[no-untyped-call]
            for name in SECRET_HEADERS:
                prepared_request.headers.pop(name, None)


def _drop_redirect_body(response: requests.Response, **_: object) -> None:
    if response.is_redirect:
        response._content = b""  # noqa: SLF001 - what requests would otherwise read whole before it goes on
        response.raw.close()


class Http:
    """Downloads with time-outs, retries and limits; ``sleep`` is replaced by tests."""

    def __init__(
        self,
        limits: HttpLimits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        watch: Watch | None = None,
    ) -> None:
        self.limits = limits or HttpLimits()
        self._sleep = sleep
        self._watch = watch or Watch()
        self._silent_hosts: set[str] = set()
        self._cookies = requests.cookies.RequestsCookieJar()  # a link may hold for the session that was given it only
        self._slow_files: Counter[str] = Counter()

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        expect: Literal["data", "any"] = "data",
        name: str = "",
    ) -> bytes:
        """The whole body, decompressed. Raises ``SourceUnavailable`` with the host and the cause, in French.

        ``expect="data"`` refuses a web page: maintenance and error pages come with a status 200. ``name``: of the file,
        for whoever watches.
        """
        return self._watched(name, url, headers, params, expect).body

    def get_if_changed(
        self, url: str, known: Validators | None, params: Mapping[str, str] | None = None, name: str = ""
    ) -> tuple[bytes, Validators] | None:
        """The body as stored by the server and its validators, or None when it has not changed since ``known``.

        An archive is not expanded on the way, whatever the server offers: it is read by chunks afterwards.
        """
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        headers = {"Accept-Encoding": "identity", **{name: value for name, value in asked.items() if value}}
        may_be_unchanged = bool(known and any(asked.values()))
        answer = self._watched(name, url, headers, params, "data", may_be_unchanged=may_be_unchanged)
        if answer.status == UNCHANGED:
            return None
        return answer.body, Validators(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))

    def _watched(
        self,
        name: str,
        url: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
        expect: Literal["data", "any"],
        *,
        may_be_unchanged: bool = False,
    ) -> _Answer:
        """``_get``; what has no name (the page that lists the files) is of interest to nobody."""
        watch = self._watch if name else Watch()
        received: int | None = None
        try:
            answer = self._get(url, headers, params, expect, partial(watch.going, name), may_be_unchanged)
            received = len(answer.body)
        finally:
            watch.ended(name, received)
        return answer

    def _get(
        self,
        url: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
        expect: Literal["data", "any"],
        going: _Going,
        may_be_unchanged: bool,
    ) -> _Answer:
        limits, end = self.limits, time.monotonic() + self.limits.total_seconds
        retrying = Retrying(
            stop=lambda state: stop_after_attempt(limits.attempts)(state) or self._is_hopeless(state, end),
            wait=self._pause_seconds,
            retry=retry_if_exception_type(Passing),
            sleep=self._sleep,
            reraise=True,
        )
        self._check_host(url)
        try:
            answer = retrying(self._once, url, dict(headers or {}), dict(params or {}), end, going, may_be_unchanged)
        except Unreachable:
            self._silent_hosts.add(host_of(url))
            raise
        except (Slow, TooSlow):
            self._slow_files[host_of(url)] += 1
            raise
        if expect == "data" and _is_page(answer.body):
            raise SourceUnavailable(f"{host_of(url)} a répondu une page web au lieu de données : {url}")
        return answer

    def _check_host(self, url: str) -> None:
        """Raises at once for a host already found silent or too slow in this refresh."""
        if host_of(url) in self._silent_hosts:
            raise SourceUnavailable(f"{host_of(url)} est injoignable : {url}")
        if self._slow_files[host_of(url)] >= SILENT_FILES:
            raise SourceUnavailable(f"{host_of(url)} est trop lent, ses autres fichiers ne sont pas demandés : {url}")

    def _is_hopeless(self, state: RetryCallState, end: float) -> bool:
        """True when the wait asked for is longer than we accept, or than what is left."""
        asked = getattr(_error(state), "pause_seconds", None) or 0.0
        pause = max(asked, state.upcoming_sleep)
        return asked > self.limits.longest_retry_after_seconds or time.monotonic() + pause >= end

    def _pause_seconds(self, state: RetryCallState) -> float:
        asked = getattr(_error(state), "pause_seconds", None)
        if asked is not None:
            return float(asked)
        first, longest = self.limits.first_pause_seconds, self.limits.longest_pause_seconds
        # With jitter, so that machines do not all retry together.
        return wait_exponential_jitter(multiplier=first, max=longest, jitter=first)(state)

    def _once(
        self,
        url: str,
        headers: dict[str, str],
        params: dict[str, str],
        end: float,
        going: _Going,
        may_be_unchanged: bool,
    ) -> _Answer:
        with translated(url), _Session() as session:
            session.cookies = self._cookies
            session.max_redirects = self.limits.max_redirects
            session.headers["User-Agent"] = "Vigistock"
            times = (self.limits.connect_seconds, self.limits.read_seconds)
            with session.get(url, headers=headers, params=params, timeout=times, stream=True) as response:
                if not (may_be_unchanged and response.status_code == UNCHANGED):
                    check_status(response, url)
                body = self._body(response, url, end, going)
                return _Answer(response.status_code, response.headers, body)

    def _body(self, response: requests.Response, url: str, end: float, going: _Going) -> bytes:
        body = bytearray()
        size = _announced(response)
        going(0, size)
        with _cut_off(response, end) as is_late:
            try:
                for chunk in response.iter_content(CHUNK_BYTES):
                    body += chunk
                    if len(body) > self.limits.max_bytes:
                        raise SourceUnavailable(f"{host_of(url)} envoie plus de {self.limits.max_bytes} octets : {url}")
                    going(response.raw.tell(), size)
            except (OSError, ValueError):  # what a socket closed under a reader raises depends on its layers
                if not is_late():
                    raise
        if is_late():
            raise TooSlow(f"{host_of(url)} est trop lent (plus de {self.limits.total_seconds:g} s) : {url}")
        return bytes(body)


def download_all(
    http: Http, wanted: Sequence[tuple[str, str, Mapping[str, str]]], least_pct: Mapping[str, float] | None = None
) -> Iterator[Download]:
    """Every file that can be read (name, address, parameters); then ``SourceUnavailable`` says which could not, and why.

    A cause shared by several files is reported once. ``least_pct``, by name: see ``Download``.
    """
    causes: dict[str, list[str]] = {}
    for name, url, params in wanted:
        try:
            content = http.get(url, params=params, name=name)
        except SourceUnavailable as error:
            causes.setdefault(str(error).replace(f" : {url}", ""), []).append(name)
        else:
            yield Download(name, url, content, (least_pct or {}).get(name, 0.0))
    _raise(causes, len(wanted))


@dataclass(frozen=True)
class Wanted:
    """A file to ask for if it changed. ``address`` stands for it from one refresh to the next (a link may hold a token).

    ``every_days``: a server that gives no validators is asked again after as many days only.
    """

    name: str
    url: str
    address: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    least_pct: float = 0.0
    every_days: int = 1

    @property
    def kept_as(self) -> str:
        return self.address or self.url


def download_changed(http: Http, wanted: Sequence[Wanted], settings: FetchSettings) -> Iterator[Download]:
    """Files that changed since they were last read, and those that say they did not; then as ``download_all``."""
    causes: dict[str, list[str]] = {}
    resting: dict[str, str] = {}  # a host that asks for an hour is not asked for its other files either
    for item in wanted:
        if cause := resting.get(host_of(item.url)):
            causes[cause].append(item.name)
            continue
        known = settings.known.get(item.kept_as)
        if known and _asked_lately(known, settings.today, item.every_days):
            continue
        try:
            answer = http.get_if_changed(item.url, known, item.params, item.name)
        except SourceUnavailable as error:
            cause = str(error).replace(f" : {item.url}", "")
            causes.setdefault(cause, []).append(item.name)
            if isinstance(error, Busy) and (error.pause_seconds or 0) > http.limits.longest_retry_after_seconds:
                resting[host_of(item.url)] = cause
            continue
        if answer is None and known:
            yield Download(
                item.name, item.kept_as, b"", validators=replace(known, asked_on=settings.today), unchanged=True
            )
        elif answer is not None:
            content, validators = answer
            validators = replace(validators, asked_on=settings.today)
            yield Download(item.name, item.kept_as, content, item.least_pct, validators)
    _raise(causes, len(wanted))


def _asked_lately(known: Validators, today: date, every_days: int) -> bool:
    is_mute = not (known.etag or known.last_modified)
    return is_mute and known.asked_on is not None and 0 <= (today - known.asked_on).days < every_days


def _raise(causes: Mapping[str, list[str]], total: int) -> None:
    if causes:
        raise SourceUnavailable(" ; ".join(f"{cause} ({_names(names, total)})" for cause, names in causes.items()))


def _names(names: list[str], total: int) -> str:
    if len(names) == total:
        return f"aucun des {total} fichiers lu"
    return f"non lu{'s' if len(names) > 1 else ''} : {', '.join(names)}"


@contextmanager
def _cut_off(response: requests.Response, end: float) -> Iterator[Callable[[], bool]]:
    """Stop at ``end``: a server that drips bytes never exceeds the time-out between two packets."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError, RuntimeError, ValueError):  # the body has just ended
            response.raw.shutdown()

    timer = threading.Timer(max(0.0, end - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield late.is_set
    finally:
        timer.cancel()


def _announced(response: requests.Response) -> int | None:
    """Bytes to come, as they travel."""
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def _is_page(body: bytes) -> bool:
    start = body[:1024].removeprefix(BYTE_ORDER_MARK).lstrip().lower()
    return start.startswith(PAGE_STARTS)


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
