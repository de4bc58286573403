"""Memory of the process that serves an address, as the system counts it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

LISTENING = "0A"


def resident_mb(address: str) -> float:
    status = (Path("/proc") / str(_process(urlsplit(address).port or 0)) / "status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1000


def _process(port: int) -> int:
    """Whoever has the listening socket of a port open."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    (inode,) = (line[9] for line in lines if line[1].endswith(f":{port:04X}") and line[3] == LISTENING)
    for opened in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(opened.readlink()) == f"socket:[{inode}]":
                return int(opened.parts[2])
        except OSError:  # a process that ended meanwhile
            continue
    raise LookupError(port)
