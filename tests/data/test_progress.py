"""What a refresh prints of its downloads, from a real server, on a terminal and without one."""

from __future__ import annotations

import gzip
import io
from http.server import BaseHTTPRequestHandler
from itertools import count
from types import SimpleNamespace

import pytest
from rich.console import Console

from connectors.base import Download, SourceUnavailable
from connectors.reading.http import Http, Watch, download_all
from data import progress
from tests.connectors.test_http import FAST, Answer, body, no_proxy, serving

__all__ = ["no_proxy"]

BIG = bytes(2_500_000)
LIMITS = FAST.model_copy(update={"max_bytes": 10_000_000, "attempts": 1})


def printed(*answers: Answer, terminal: bool = False) -> tuple[str, list[Download]]:
    """What the console shows while ``cartes.csv``, then ``autre.csv``, are downloaded."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, color_system=None)
    found: list[Download] = []
    with serving(*answers) as (url, _), progress.line(console) as shown:
        http = Http(LIMITS, watch=progress.DownloadProgress(console, shown))
        with pytest.raises(SourceUnavailable):
            found += download_all(http, [("cartes.csv", f"{url}/a", {}), ("autre.csv", f"{url}/b", {})])
    return out.getvalue(), found


def test_without_a_terminal_a_file_has_a_line_at_its_start_and_one_at_its_end() -> None:
    shown, _ = printed(body(BIG), body(status=404))
    assert shown.splitlines() == [
        "Téléchargement : cartes.csv, 2,5 Mo…",
        "Téléchargement : cartes.csv, 2,5 Mo en 1 s.",
        "Téléchargement : autre.csv, non reçu.",
    ]


def test_without_a_terminal_a_long_download_says_its_size_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes a second forward each time it is read: 2.5 MB by pieces of 64 kB are 39 pieces."""
    clock = count()
    monkeypatch.setattr(progress, "REPORT_EVERY_SECONDS", 30.0)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))
    shown, _ = printed(body(BIG), body(status=404))
    between = [line for line in shown.splitlines() if "encore" in line]
    assert between
    assert all(line.startswith("Téléchargement : cartes.csv, ") and " sur 2,5 Mo, encore " in line for line in between)


def test_on_a_terminal_one_line_moves_and_nothing_is_left_of_it() -> None:
    class Looking(progress.DownloadProgress):
        lines: list[str] = []  # noqa: RUF012 – of this test

        def going(self, name: str, received: int, size: int | None) -> None:
            super().going(name, received, size)
            self.lines.append(str(self._shown.tasks[-1].description))
            assert len(self._shown.tasks) == 1

    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with serving(body(BIG)) as (url, _), progress.line(console) as shown:
        http = Http(LIMITS, watch=Looking(console, shown))
        assert http.get(f"{url}/a", name="cartes.csv") == BIG
        assert shown.tasks == []
    assert Looking.lines[0] == "Téléchargement : cartes.csv, 0 octet sur 2,5 Mo"
    assert Looking.lines[-1] == "Téléchargement : cartes.csv, 2,5 Mo sur 2,5 Mo"


def test_what_is_received_is_counted_as_it_travels() -> None:
    """Unpacked, a file is longer than announced, and would be all there before its end."""
    seen: list[tuple[int, int | None]] = []

    class Seen(Watch):
        def going(self, name: str, received: int, size: int | None) -> None:  # noqa: ARG002 – the signature
            seen.append((received, size))

    packed = gzip.compress(b"61266250\tpommade\n" * 9_000)
    with serving(body(packed, Content_Encoding="gzip")) as (url, _):
        assert len(Http(LIMITS, watch=Seen()).get(f"{url}/a", name="a")) == 153_000  # 9 000 lines of 17 bytes
    assert seen[0] == (0, len(packed))
    assert seen[-1] == (len(packed), len(packed))


def test_a_size_that_is_not_announced_is_not_invented() -> None:
    def unannounced(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 2_000)

    shown, _ = printed(unannounced, body(status=404))
    assert shown.splitlines()[:2] == [
        "Téléchargement : cartes.csv…",
        "Téléchargement : cartes.csv, 2 ko en 1 s.",
    ]


def test_a_page_in_place_of_a_file_is_not_received() -> None:
    shown, found = printed(body(b"<!doctype html><p>Maintenance</p>"), body(status=404))
    assert "Téléchargement : cartes.csv, non reçu." in shown
    assert found == []


def test_a_name_commands_no_terminal() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=False, width=100)
    with progress.line(console) as shown:
        watch = progress.DownloadProgress(console, shown)
        watch.going("a\x1b[2J[red]b.csv", 0, 10)
        watch.ended("a\x1b[2J[red]b.csv", 0)
    assert "\x1b" not in out.getvalue()
    assert "[red]b.csv, inchangé." in out.getvalue()


def test_sizes_in_french() -> None:
    sizes = (0, 1, 840, 12_345, 1_449_000, 98_200_000)
    assert [progress.size_words(size) for size in sizes] == ["0 octet", "1 octet", "840 octets", "12 ko", "1,4 Mo", "98 Mo"]  # fmt: skip
