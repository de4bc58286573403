"""Public files served over loopback, and the real command run on them as an operator does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from data import warehouse
from data.settings import PROJECT
from data.warehouse import Artefact, Reader

MEMORY_MB = 512


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """A served file is not an event."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address of ``folder`` on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Operator:
    """A home, and what each run of the command printed on it."""

    home: Path
    reports: list[dict[str, Any]] = field(default_factory=list)

    def build(self, *arguments: str, now: str, addresses: Mapping[str, str] | None = None) -> dict[str, Any]:
        """``python -m data.build … --json`` at the moment ``now``; the object it prints last. Exit code 0 required."""
        found = {f"VIGISTOCK_SOURCES__{key.upper()}__BASE_URL": url for key, url in (addresses or {}).items()}
        done = subprocess.run(
            [sys.executable, "-m", "data.build", *arguments, "--json"],
            env={**os.environ, "VIGISTOCK_HOME": str(self.home), "VIGISTOCK_NOW": now, **found},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.reports.append(json.loads(done.stdout.splitlines()[-1]))
        return self.reports[-1]

    def reader(self, run: int = -1, reference: int | None = None, artefact: Artefact = "restricted") -> Reader:
        """The snapshot a run published, compared with that of another run."""
        other = None if reference is None else self.reports[reference]["snapshot"]
        return warehouse.reader(self.home / "snapshots", self.reports[run]["snapshot"], artefact, other, MEMORY_MB, 1)

    def source(self, key: str, run: int = -1) -> dict[str, Any]:
        return next(line for line in self.reports[run]["sources"] if line["key"] == key)

    @property
    def raw_files(self) -> int:
        return len(list((self.home / "raw").rglob("*.prov")))
