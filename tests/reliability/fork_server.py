"""Runs refreshes in processes forked from one that has imported everything: a start costs 10 ms instead of a second.

Reads one JSON object a line: ``{"home", "now", "readers", "die_at", "count_in"}`` forks a refresh and answers its pid;
``{"wait": pid}`` answers how it ended, a signal being negative. ``die_at`` n: the process and all it started are killed
just before its n-th operation on the disk or on DuckDB. ``count_in``: a file where the operations are listed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from rich.console import Console

from connectors import base
from data import warehouse
from data.refresh import refresh
from data.settings import Settings

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.link"}


class Operations:
    """Counts what a refresh does to the disk, and dies at a given count."""

    def __init__(self, die_at: int, log: Path | None) -> None:
        self.done = 0
        self.die_at = die_at
        self.log = log.open("w") if log else None

    def __call__(self, what: str) -> None:
        self.done += 1
        if self.log:
            self.log.write(what + "\n")
            self.log.flush()
        if self.done == self.die_at:
            os.killpg(0, signal.SIGKILL)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in CHANGES:
            self(f"{event} {arguments[0]}")
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            self(f"open {arguments[0]}")

    def wrap(self, owner: Any, name: str) -> None:
        """The function itself, announced first: nothing of it is replaced."""
        function = getattr(owner, name)

        def announced(*arguments: Any, **named: Any) -> Any:
            self(f"{name} {str(arguments[1])[:60] if len(arguments) > 1 else ''}".replace("\n", " "))
            return function(*arguments, **named)

        setattr(owner, name, announced)


def watch(die_at: int, log: Path | None) -> None:
    """From here every operation is counted."""
    operations = Operations(die_at, log)
    operations.wrap(os, "fsync")
    operations.wrap(pq, "write_table")
    for method in ("run", "rows", "close"):
        operations.wrap(warehouse.Writer, method)
    sys.addaudithook(operations.audit)


def run(order: dict[str, Any]) -> int:
    """One refresh of what was dropped; its exit code."""
    if order.get("die_at") or order.get("count_in"):
        watch(order.get("die_at") or 0, Path(order["count_in"]) if order.get("count_in") else None)
    now = datetime.fromisoformat(order["now"])
    settings = Settings(home=Path(order["home"]), now=now, readers=order["readers"])
    return refresh(settings, fetch=False, console=Console(quiet=True)).exit_code


def forked(order: dict[str, Any]) -> int:
    """Pid of the child, alone with its own children in a process group."""
    pid = os.fork()
    if pid:
        os.setpgid(pid, pid)
        return pid
    os.setpgid(0, 0)
    try:
        code = run(order)
    except BaseException:  # noqa: BLE001 – reported, whatever it is, then the process ends
        traceback.print_exc()
        code = 99
    os._exit(code)


def main() -> None:
    base.discover()
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = forked(order)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
