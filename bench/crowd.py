"""``python -m bench.crowd 50 100``: sessions that think 3 s between two clicks, on one process, over real web sockets."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
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


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


async def session(address: str, number: int, end: float, times: list[tuple[float, float]]) -> None:
    """One person: opens the tool, then a click every three seconds; keeps (moment, milliseconds to the end of the run)."""
    async with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=60, proxy=None) as wire:  # type: ignore[list-item]
        await asyncio.sleep(random.uniform(0, THINK_S))
        step = number
        hashes: dict[str, str] = {}
        while time.monotonic() < end:
            page, query = WALK[step % len(WALK)]
            begun = time.monotonic()
            await wire.send(_click(hashes.get(page, ""), page, query))
            await _answered(wire, hashes)
            times.append((begun, 1000 * (time.monotonic() - begun)))
            step += 1
            await asyncio.sleep(random.uniform(0.5, 1.5) * THINK_S)


def _click(page_hash: str, page: str, query: str) -> bytes:
    asked = BackMsg()
    asked.rerun_script.query_string = query
    if page_hash:
        asked.rerun_script.page_script_hash = page_hash
    else:
        asked.rerun_script.page_name = page
    sent: bytes = asked.SerializeToString()
    return sent


async def _answered(wire: ClientConnection, hashes: dict[str, str]) -> None:
    """Until the run has ended; an exception on the page stops the measure."""
    while True:
        frame = await asyncio.wait_for(wire.recv(), 120)
        message = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        kind = message.WhichOneof("type")
        if kind == "navigation":
            hashes.update({page.url_pathname: page.page_script_hash for page in message.navigation.app_pages})
        if kind == "delta" and "Une erreur est survenue" in str(message.delta):
            raise RuntimeError("a page failed")
        if kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return


async def crowd(address: str, people: int) -> list[float]:
    """Milliseconds of every click once the crowd is warm, in order."""
    times: list[tuple[float, float]] = []
    start = time.monotonic()
    end = start + WARM_S + LASTS_S
    await asyncio.gather(*(session(address, number, end, times) for number in range(people)))
    return sorted(spent for moment, spent in times if moment > start + WARM_S)


def measure(counts: Sequence[int] = (1, 50, 100)) -> None:
    """Print one line per number of sessions: p50, p95, p99 of a click, processor of the server."""
    port = free_port()
    command = [sys.executable, "app.py", "--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(command, cwd=PROJECT, env={**os.environ})
    try:
        answers(f"http://127.0.0.1:{port}/_stcore/health")
        for people in counts:
            before, begun = _processor(server.pid), time.monotonic()
            found = asyncio.run(crowd(f"ws://127.0.0.1:{port}/_stcore/stream", people))
            busy = 100 * (_processor(server.pid) - before) / (time.monotonic() - begun)
            p50, p95, p99 = (found[min(int(share * len(found)), len(found) - 1)] for share in (0.5, 0.95, 0.99))
            print(f"{people:4} sessions  p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   p99 {p99:6.0f} ms   "
                  f"{len(found)} clicks, server {busy:.0f} % of a core")  # fmt: skip
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


def _processor(pid: int) -> float:
    """Seconds of processor of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    measure([int(count) for count in sys.argv[1:]] or (1, 50, 100))
