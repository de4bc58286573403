"""One address in front of two dashboards, as a proxy is: each new connection goes where the test says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_CHUNK = 65_536


@dataclass
class Relay:
    """Connections already open stay where they are."""

    listening: socket.socket
    target: str = ""

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        with suppress(OSError):  # closed by the test
            while True:
                arrived, _ = self.listening.accept()
                place = urlsplit(self.target)
                try:
                    behind = socket.create_connection((place.hostname, place.port), timeout=10)
                except OSError:
                    arrived.close()
                    continue
                behind.settimeout(None)
                for source, sink in ((arrived, behind), (behind, arrived)):
                    threading.Thread(target=_pour, args=(source, sink), daemon=True).start()


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while received := source.recv(_CHUNK):
            sink.sendall(received)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay() -> Iterator[Relay]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        opened = Relay(listening)
        threading.Thread(target=opened.serve, daemon=True).start()
        yield opened
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
