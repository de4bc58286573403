"""``python -m bench.crowd 50 100``: sessions that think three seconds between two clicks, one server, real web sockets.

**A click** is what a connected reader does: the message of a browser that changes page or filter. **Its time** runs from
that message to the server's own « script finished », sent after everything the page draws: what one waits on the server.
What the browser then does is not in it (``bench/felt.py`` measures that), nor is the opening of a session, stated apart.

The sessions are one process of their own, beside the server on the same cores: it does what a browser does of a message
(names the parts it keeps, so that they are not sent again) and nothing else. Its processor is printed, and what the rest
of the machine took meanwhile: times mean nothing on a machine that works for others, the processor of a click still does.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from data.settings import PROJECT

THINK_S, LASTS_S, WARM_S = 3.0, 45.0, 12.0
# What people open in a morning: path of the page, query. Each click goes to the next one.
WALK = (
    ("", ""),
    ("plan-hivernal", ""),
    ("molecule", "sujet=amoxicilline-susp-500"),
    ("molecule", "sujet=amoxicilline-susp-500&maillon=officines"),
    ("territoires", "sujet=amoxicilline-susp-500&departement=29"),
    ("declarations", ""),
    ("declarations", "type=rupture"),
    ("sources", ""),
)
_FAILED = b"Une erreur est survenue"
_KEPT_RUNS = 2  # runs after which a browser forgets a part that no page shows any more


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class Browser:
    """What a browser holds of the server's answers: addresses of pages, parts kept by name, at which run each was last shown."""

    pages: dict[str, str] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    run: int = 0

    def click(self, page: str, query: str) -> bytes:
        """The message that opens a page."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        if page in self.pages:
            asked.rerun_script.page_script_hash = self.pages[page]
        else:
            asked.rerun_script.page_name = page
        asked.rerun_script.cached_message_hashes.extend(self.kept)
        sent: bytes = asked.SerializeToString()
        return sent

    def hear(self, frame: bytes) -> bool:
        """Whether the run is over. Raises RuntimeError on the page of an error: nothing would be measured."""
        if _FAILED in frame:
            raise RuntimeError("a page failed")
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            self.kept[message.ref_hash] = self.run
        elif message.metadata.cacheable:
            self.kept[message.hash] = self.run
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self.run += 1
            self.kept = {name: shown for name, shown in self.kept.items() if self.run - shown <= _KEPT_RUNS}
            return True
        return False


@dataclass
class Times:
    """Of a crowd: milliseconds of each opening, and of each click once everybody is there."""

    openings: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)


async def session(address: str, number: int, end: float, times: Times) -> None:
    """One person: opens the tool, then a click every three seconds."""
    chance = random.Random(number)
    async with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=60, proxy=None) as wire:  # type: ignore[list-item]
        await asyncio.sleep(chance.uniform(0, THINK_S))
        browser = Browser()
        times.openings.append(await _run(wire, browser, *WALK[number % len(WALK)]))
        step = number + 1
        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_S)
        while (begun := time.monotonic()) < end:
            taken = await _run(wire, browser, *WALK[step % len(WALK)])
            if begun > end - LASTS_S:
                times.clicks.append(taken)
            step += 1
            await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_S)


async def _run(wire: ClientConnection, browser: Browser, page: str, query: str) -> float:
    begun = time.monotonic()
    await wire.send(browser.click(page, query))
    while not browser.hear(await asyncio.wait_for(wire.recv(decode=False), 120)):
        pass
    return 1000 * (time.monotonic() - begun)


async def crowd(address: str, people: int) -> Times:
    """Milliseconds of the openings and of the clicks, in order."""
    times = Times()
    end = time.monotonic() + WARM_S + LASTS_S
    await asyncio.gather(*(session(address, number, end, times) for number in range(people)))
    return Times(sorted(times.openings), sorted(times.clicks))


async def walked(address: str) -> None:
    """One reader opens every page of the walk: their parts are made once, before anybody is timed."""
    async with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=60, proxy=None) as wire:  # type: ignore[list-item]
        browser = Browser()
        for page, query in (*WALK, *WALK):
            await _run(wire, browser, page, query)


def measure(counts: Sequence[int] = (1, 50, 100)) -> None:
    """Print two lines per number of sessions: times of the clicks and of the openings, then who used the processor."""
    with served() as (pid, address):
        asyncio.run(walked(address))
        for people in counts:
            server, mine, all_, begun = _processor(pid), time.process_time(), _machine(), time.monotonic()
            found = asyncio.run(crowd(address, people))
            server, mine = _processor(pid) - server, time.process_time() - mine
            lasted, runs = time.monotonic() - begun, len(found.clicks) / LASTS_S * (WARM_S + LASTS_S)
            others = _machine() - all_ - server - mine
            print(f"{people:4} sessions: {len(found.clicks)} clicks p50 {_at(found.clicks, 0.5):.0f} ms, "
                  f"p95 {_at(found.clicks, 0.95):.0f} ms, p99 {_at(found.clicks, 0.99):.0f} ms; "
                  f"openings p50 {_at(found.openings, 0.5):.0f} ms, p95 {_at(found.openings, 0.95):.0f} ms")  # fmt: skip
            print(f"      server {100 * server / lasted:.0f} % of a core ({1000 * server / runs:.1f} ms a click), "
                  f"sessions {100 * mine / lasted:.0f} %, rest of the machine {100 * others / lasted:.0f} %")  # fmt: skip


@contextmanager
def served() -> Iterator[tuple[int, str]]:
    """A server of the home in force: its process, the address of its web sockets."""
    port = free_port()
    command = [sys.executable, "app.py", "--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(command, cwd=PROJECT, env={**os.environ})
    try:
        answers(f"http://127.0.0.1:{port}/_stcore/health")
        yield server.pid, f"ws://127.0.0.1:{port}/_stcore/stream"
    finally:
        server.terminate()
        server.wait(30)


def answers(address: str) -> None:
    """Wait until something answers there."""
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=2)
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise RuntimeError("the server does not answer")


def _at(found: Sequence[float], share: float) -> float:
    return found[min(int(share * len(found)), len(found) - 1)]


def _processor(pid: int) -> float:
    """Seconds of processor of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _machine() -> float:
    """Seconds of processor of everything on this machine: all but idle and waiting for a disk."""
    spent = [int(field) for field in Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]]
    return (sum(spent) - spent[3] - spent[4]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    measure([int(count) for count in sys.argv[1:]] or (1, 50, 100))
