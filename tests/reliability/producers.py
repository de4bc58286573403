"""Producers of open data that fail on demand, and what a refresh must have kept of them."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from rich.console import Console

from connectors import bdpm, spf
from connectors.language.typography import ordinary
from data.refresh import Report, refresh
from data.settings import PARIS, HttpSettings, Settings
from tests.conftest import HTTP_SOURCES, Home
from tests.connectors.partner_files import SAMPLES
from tests.connectors.test_http import Answer, body

FIRST, SECOND = (datetime(2026, 11, day, 6, 10, tzinfo=PARIS) for day in (21, 22))
LIMITS = HttpSettings(
    connect_seconds=0.5,
    read_seconds=0.5,
    total_seconds=3,
    attempts=2,
    first_pause_seconds=0.05,
    longest_retry_after_seconds=2,
    max_bytes=2_000_000,
    max_redirects=3,
)
CARD = "CDP_CARTE_EXTERNE.json"


def published() -> dict[str, bytes]:
    """What the three producers publish, by path."""
    visits = {
        "departement": f"grippe-{spf.VISITS}-departement.json",
        "dep": f"grippe-{spf.VISITS}-departement.json",
        "france": f"covid-19-{spf.VISITS}-france.json",
        spf.ALERTS: f"{spf.ALERTS}.json",
    }
    datasets = {
        name: next((SAMPLES / "spf" / kept).read_bytes() for end, kept in visits.items() if name.endswith(end))
        for name in spf.DATASETS
    }
    return {
        **{f"/bdpm/{name}": (SAMPLES / "bdpm" / name).read_bytes() for name in bdpm.FILES},
        **{f"/spf/{name}/exports/json": content for name, content in datasets.items()},
        f"/vigilance/{CARD}": (SAMPLES / "vigilance" / CARD).read_bytes(),
    }


@dataclass
class Producer:
    """A server of every published file; ``faults`` by path, played in turn and the last one for ever."""

    content: dict[str, bytes] = field(default_factory=published)
    faults: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.partition("?")[0]
        self.calls[path] += 1
        if answers := self.faults.get(path):
            answers[min(self.calls[path], len(answers)) - 1](handler)
        else:
            body(self.content[path])(handler)

    def bdpm(self, *faults: Answer | tuple[Answer, ...]) -> None:
        """One fault for each file of the BDPM, in their order."""
        for name, fault in zip(bdpm.FILES, faults, strict=False):
            self.faults[f"/bdpm/{name}"] = fault if isinstance(fault, tuple) else (fault,)


def run(home: Path, url: str, moment: datetime, **addresses: str) -> Report:
    """A refresh of the three, each source at its address."""
    sources: dict[str, dict[str, Any]] = {key: {"enabled": False} for key in HTTP_SOURCES}
    sources |= {key: {"base_url": addresses.get(key, f"{url}/{key}")} for key in KEPT}
    settings = Settings(home=home, now=moment, readers=1, http=LIMITS, sources=sources)
    return refresh(settings, console=Console(quiet=True))


def error(report: Report, key: str) -> str:
    """What the source's line says, in ordinary spaces."""
    return ordinary(next(line["error"] or "" for line in report.sources if line["key"] == key))


KEPT = {
    "bdpm": ("speciality", "presentation", "public_shortage", "public_shortage_event"),
    "spf": ("epidemic_weekly",),
    "vigilance": ("vigilance_daily",),
}


def figures(home: Home, key: str) -> dict[str, list[dict[str, Any]]]:
    return {table: home.reader().rows(f"SELECT * FROM {table} ORDER BY ALL") for table in KEPT[key]}


def assert_kept(home: Home, report: Report, before: Mapping[str, Any], key: str) -> None:
    """The run ended and published; the source has its last good data, a day old; the partner's file was read."""
    assert report.exit_code == 0
    assert report.changed
    assert figures(home, key) == before
    state = home.reader().row("SELECT * FROM source_state WHERE source_key = $key", key=key)
    assert state
    assert (state["age_days"], state["last_received_at"].astimezone(PARIS)) == (1, FIRST)
    partner = home.reader().row("SELECT rows_loaded FROM source_state WHERE source_key = 'pointstock'")
    assert partner == {"rows_loaded": 1}
    summary = json.loads((home.path / "snapshots" / "last_run.json").read_text(encoding="utf-8"))
    assert ordinary(next(line["error"] for line in summary["sources"] if line["key"] == key)) == error(report, key)


def fresh_rates(content: bytes) -> bytes:
    """The same list, a rate having changed."""
    return content.replace(b"210.5", b"333.25")


def chunked_half(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"5\r\nabcde\r\nff\r\nand then")


def cut(content: bytes) -> Answer:
    """Half of the lines, and nothing says that there were more."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])

    return answer


def renamed(content: bytes, **names: str) -> bytes:
    for old, new in names.items():
        content = content.replace(f'"{old}"'.encode(), f'"{new}"'.encode())
    return content


@contextmanager
def deaf() -> Iterator[str]:
    """An address that never answers the call: its queue is full."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for one in (*waiting, listener):
            one.close()
