"""Failures of reading a URL, in French, and which are worth a retry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from requests import exceptions as failures
from urllib3.exceptions import HTTPError

from connectors.base import SourceUnavailable

BUSY = 429
RETRIED = frozenset((BUSY, 500, 502, 503, 504))
# What lower layers raise when an answer breaks the protocol (an address in Latin-1, a length of -1).
MALFORMED = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, HTTPError)
SCHEMES = frozenset(("http", "https"))


class Passing(SourceUnavailable):
    """A failure worth a retry; ``pause_seconds`` when the server said how long to wait."""

    def __init__(self, message: str, pause_seconds: float | None = None) -> None:
        super().__init__(message)
        self.pause_seconds = pause_seconds


class Unreachable(Passing):
    """The host is unreachable; after its retries, its other files are not requested."""


class Slow(Passing):
    """A host that accepted the connection but answered too late."""


class TooSlow(SourceUnavailable):
    """A host that dripped bytes until the deadline: not worth a retry."""


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Failures of ``requests`` translated into French; transient ones are marked."""
    host = host_of(url)
    try:
        yield
    except failures.SSLError as error:
        raise SourceUnavailable(f"le certificat de {host} n'est pas valable\u00a0: {url}") from error
    except failures.ConnectTimeout as error:
        raise Unreachable(f"{host} ne répond pas dans le temps imparti\u00a0: {url}") from error
    except failures.Timeout as error:
        raise Slow(f"{host} ne répond pas dans le temps imparti\u00a0: {url}") from error
    except failures.ChunkedEncodingError as error:
        raise Passing(f"la réponse de {host} est incomplète\u00a0: {url}") from error
    except failures.ContentDecodingError as error:
        raise Passing(f"la réponse de {host} est abîmée\u00a0: {url}") from error
    except failures.TooManyRedirects as error:
        raise SourceUnavailable(f"{host} renvoie sans fin d'une adresse à l'autre\u00a0: {url}") from error
    except failures.ConnectionError as error:
        raise Unreachable(f"{host} est injoignable\u00a0: {url}") from error
    except (failures.RequestException, *MALFORMED) as error:
        raise SourceUnavailable(f"{host} n'a pas pu être lu ({type(error).__name__})\u00a0: {url}") from error


def check_redirect(before: str, after: str) -> None:
    """Raises ``SourceUnavailable`` for a redirect to a file, another protocol, or from TLS to none."""
    if urlsplit(after).scheme not in SCHEMES:
        raise SourceUnavailable(f"{host_of(before)} renvoie vers une adresse qui n'est pas du web\u00a0: {before}")
    if urlsplit(before).scheme == "https" and urlsplit(after).scheme != "https":
        raise SourceUnavailable(f"{host_of(before)} renvoie vers une adresse sans chiffrement\u00a0: {before}")


def check_status(response: requests.Response, url: str) -> None:
    """Raises ``SourceUnavailable`` for anything but 200."""
    status, host = response.status_code, host_of(url)
    if status == BUSY:
        raise Passing(f"{host} demande de patienter (trop de requêtes)\u00a0: {url}", _retry_after(response))
    if status in RETRIED:
        raise Passing(f"{host} est en panne (réponse {status})\u00a0: {url}", _retry_after(response))
    if status != requests.codes.ok:
        raise SourceUnavailable(f"{host} a refusé la demande (réponse {status})\u00a0: {url}")


def _retry_after(response: requests.Response) -> float | None:
    """Seconds to wait, from a number of seconds or a date; ``None`` when absent or not readable."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def host_of(url: str) -> str:
    """Host and port, without the secret an address may carry."""
    return urlsplit(url).netloc.rpartition("@")[2] or url
