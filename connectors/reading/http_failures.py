"""Failures of reading a URL, in French, and which are worth a retry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from requests import exceptions as failures
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import Retry

from connectors.base import SourceUnavailable

BUSY = 429
ABSENT = frozenset((404, 410))
RETRIED = frozenset((BUSY, 500, 502, 503, 504))
# What lower layers raise when an answer breaks the protocol (an address in Latin-1, a length of -1).
MALFORMED = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, HTTPError)
SCHEMES = frozenset(("http", "https"))


class Passing(SourceUnavailable):
    """A failure worth a retry; ``pause_seconds`` when the server states how long to wait."""

    def __init__(self, message: str, pause_seconds: float | None = None) -> None:
        super().__init__(message)
        self.pause_seconds = pause_seconds


class Absent(SourceUnavailable):
    """The host has no such file."""


class Busy(Passing):
    """A host that asks to be left alone for a while."""


class Unreachable(Passing):
    """The host is unreachable; after its retries, its other files are not requested."""


class Slow(Passing):
    """A host that accepted the connection but answered too late."""


class TooSlow(SourceUnavailable):
    """A host that dripped bytes until the deadline: not worth a retry."""


# Library's error, ours, sentence about the host; the first that fits, so a subclass comes before its parent.
_FAILURES: tuple[tuple[type[Exception], type[SourceUnavailable], str], ...] = (
    (failures.SSLError, SourceUnavailable, "le certificat de {host} n'est pas valable"),
    (failures.ConnectTimeout, Unreachable, "{host} ne répond pas dans le temps imparti"),
    (failures.Timeout, Slow, "{host} ne répond pas dans le temps imparti"),
    (failures.ChunkedEncodingError, Passing, "la réponse de {host} est incomplète"),
    (failures.ContentDecodingError, Passing, "la réponse de {host} est abîmée"),
    (failures.TooManyRedirects, SourceUnavailable, "{host} renvoie sans fin d'une adresse à l'autre"),
    (failures.ConnectionError, Unreachable, "{host} est injoignable"),
    (Exception, SourceUnavailable, "{host} n'a pas pu être lu ({error})"),
)


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Failures of ``requests`` translated into French; transient ones are marked."""
    try:
        yield
    except (failures.RequestException, *MALFORMED) as error:
        ours, sentence = next((ours, sentence) for theirs, ours, sentence in _FAILURES if isinstance(error, theirs))
        raise ours(f"{sentence.format(host=host_of(url), error=type(error).__name__)} : {url}") from error


def check_redirect(before: str, after: str) -> None:
    """Raises ``SourceUnavailable`` for a redirect to a file, another protocol, or from TLS to none."""
    if urlsplit(after).scheme not in SCHEMES:
        raise SourceUnavailable(f"{host_of(before)} renvoie vers une adresse qui n'est pas du web : {before}")
    if urlsplit(before).scheme == "https" and urlsplit(after).scheme != "https":
        raise SourceUnavailable(f"{host_of(before)} renvoie vers une adresse sans chiffrement : {before}")


def check_status(response: requests.Response, url: str) -> None:
    """Raises ``SourceUnavailable`` for anything but 200."""
    status, host = response.status_code, host_of(url)
    if status == BUSY:
        raise Busy(f"{host} demande de patienter (trop de requêtes) : {url}", _retry_after(response))
    if status in RETRIED:
        raise Passing(f"{host} est en panne (réponse {status}) : {url}", _retry_after(response))
    if status in ABSENT:
        raise Absent(f"{host} a refusé la demande (réponse {status}) : {url}")
    if status != requests.codes.ok:
        raise SourceUnavailable(f"{host} a refusé la demande (réponse {status}) : {url}")


def _retry_after(response: requests.Response) -> float | None:
    """Seconds to wait, from a number of seconds or a date; ``None`` when absent or not readable."""
    try:
        return Retry().parse_retry_after(response.headers.get("Retry-After", ""))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def host_of(url: str) -> str:
    """Host and port, without the secret an address may carry."""
    return urlsplit(url).netloc.rpartition("@")[2] or url
