"""In a server under watch: each address it tries to reach is written down, and one beyond this machine is refused."""

from __future__ import annotations

import os
import sys
from pathlib import Path

REACHES = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
LOOPBACK = ("127.", "::1", "localhost", "/")


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in REACHES:
        return
    place = arguments[REACHES[event]]
    host = str(place[0] if isinstance(place, tuple) else place)
    with Path(os.environ["WATCHED_CONNECTIONS"]).open("a", encoding="utf-8") as kept:
        kept.write(f"{event} {host}\n")
    if not host.startswith(LOOPBACK):
        raise ConnectionRefusedError(host)


sys.addaudithook(watch)
