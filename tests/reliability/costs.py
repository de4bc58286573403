"""What stands for a reader that costs too much. Alone here: each process of its own imports this and nothing else."""

from __future__ import annotations

import os


def allocate(megabytes: int) -> int:
    """Hold so much memory for a while."""
    return len(bytearray(megabytes * 1_000_000)) // 1_000_000


def die(code: int) -> None:
    os._exit(code)
