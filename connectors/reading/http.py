"""Read a URL without hanging, filling memory or taking an error page for data."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Literal

import requests
from pydantic import BaseModel, ConfigDict
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from connectors.base import Download, SourceUnavailable
from connectors.reading.http_failures import (
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


class _Session(requests.Session):
    """A session that sends a secret to its own host only, and follows no redirect away from HTTP or from TLS."""

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        check_redirect(response.request.url or "", prepared_request.url or "")
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call]
        if self.should_strip_auth(response.request.url, prepared_request.url):  # type: ignore[no-untyped-call]
            for name in SECRET_HEADERS:
                prepared_request.headers.pop(name, None)


class Http:
    """Downloads with time-outs, retries and limits; ``sleep`` is replaced by tests."""

    def __init__(self, limits: HttpLimits | None = None, sleep: Callable[[float], None] = time.sleep) -> None:
        self.limits = limits or HttpLimits()
        self._sleep = sleep
        self._silent_hosts: set[str] = set()
        self._slow_files: Counter[str] = Counter()

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        expect: Literal["data", "any"] = "data",
    ) -> bytes:
        """The whole body, decompressed. Raises ``SourceUnavailable`` with the host and the cause, in French.

        ``expect="data"`` refuses a web page: maintenance and error pages come with a status 200.
        """
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
            body = retrying(self._once, url, dict(headers or {}), dict(params or {}), end)
        except Unreachable:
            self._silent_hosts.add(host_of(url))
            raise
        except (Slow, TooSlow):
            self._slow_files[host_of(url)] += 1
            raise
        if expect == "data" and _is_page(body):
            raise SourceUnavailable(f"{host_of(url)} a répondu une page web au lieu de données : {url}")
        return body

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

    def _once(self, url: str, headers: dict[str, str], params: dict[str, str], end: float) -> bytes:
        with translated(url), _Session() as session:
            session.max_redirects = self.limits.max_redirects
            session.headers["User-Agent"] = "Vigistock"
            times = (self.limits.connect_seconds, self.limits.read_seconds)
            with session.get(url, headers=headers, params=params, timeout=times, stream=True) as response:
                check_status(response, url)
                return self._body(response, url, end)

    def _body(self, response: requests.Response, url: str, end: float) -> bytes:
        body = bytearray()
        with _cut_off(response, end) as is_late:
            try:
                for chunk in response.iter_content(CHUNK_BYTES):
                    body += chunk
                    if len(body) > self.limits.max_bytes:
                        raise SourceUnavailable(f"{host_of(url)} envoie plus de {self.limits.max_bytes} octets : {url}")
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
            content = http.get(url, params=params)
        except SourceUnavailable as error:
            causes.setdefault(str(error).replace(f" : {url}", ""), []).append(name)
        else:
            yield Download(name, url, content, (least_pct or {}).get(name, 0.0))
    if causes:
        sentences = [f"{cause} ({_names(names, len(wanted))})" for cause, names in causes.items()]
        raise SourceUnavailable(" ; ".join(sentences))


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


def _is_page(body: bytes) -> bool:
    start = body[:1024].removeprefix(BYTE_ORDER_MARK).lstrip().lower()
    return start.startswith(PAGE_STARTS)


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
