"""Files that a web page offers: the producer's own page, or the listing of a folder that any web server gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from connectors.base import Download, FetchSettings, SourceUnavailable
from connectors.reading.http import Http, Wanted, download_changed
from connectors.reading.http_failures import host_of

LONGEST_PAGE = 5_000_000  # characters; a page of downloads has a hundred thousand


@dataclass(frozen=True)
class Link:
    """A file: its own name, and where it is read."""

    name: str
    url: str


def links(http: Http, url: str) -> list[Link]:
    """Files of a page on its own host, each name once, in the order of the page. Raises ``SourceUnavailable``."""
    page = http.get(url, expect="any").decode("utf-8", "replace")
    reader = _Links()
    reader.feed(page[:LONGEST_PAGE])
    found = (urljoin(url, address) for address in reader.addresses)
    here = [Link(_name(address), address) for address in found if host_of(address) == host_of(url)]
    return list({link.name: link for link in here if link.name}.values())


def download_listed(
    http: Http,
    settings: FetchSettings,
    published: re.Pattern[str],
    expected: str,
    every_days: int,
    is_wanted: Callable[[re.Match[str]], bool] = bool,
) -> Iterator[Download]:
    """Files whose names are ``published``, from the producer's page or the folder of a mirror that lists its files.

    Raises ``SourceUnavailable`` when there is none, with a name as it was ``expected``.
    """
    page = f"{settings.base_url}/" if settings.is_mirror else settings.base_url
    found = [(link, published.fullmatch(link.name)) for link in links(http, page)]
    wanted = [Wanted(link.name, link.url, every_days=every_days) for link, name in found if name and is_wanted(name)]
    if not wanted:
        raise SourceUnavailable(f"Aucun fichier « {expected} » sur cette page : {page}")
    yield from download_changed(http, wanted, settings)


def _name(address: str) -> str:
    """``OPEN_MEDIC_2025.zip`` of ``download_file.php?token=…&file=Folder/OPEN_MEDIC_2025.zip`` or of a plain path."""
    parts = urlsplit(address)
    path = parse_qs(parts.query).get("file", [parts.path])[0]
    return unquote(path).rpartition("/")[2]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") if tag == "a" else None
        if address:
            self.addresses.append(address.strip())
