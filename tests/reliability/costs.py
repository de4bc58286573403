"""What stands for a reader that costs too much. Alone here: each process of its own imports this and nothing else."""

from __future__ import annotations

import os
import time
from pathlib import Path

from connectors.reading import progress


def allocate(megabytes: int) -> int:
    """Hold so much memory for a while."""
    return len(bytearray(megabytes * 1_000_000)) // 1_000_000


def die(code: int) -> None:
    os._exit(code)


def half_done(seen: str) -> int:
    """Half of a task, whose other half waits until the first one was seen."""
    progress.advance(1, 2)
    while not Path(seen).exists():
        time.sleep(0.02)
    return 7
