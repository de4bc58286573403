"""Workbooks read in forks of one process that has the library loaded: the child's own code and limits, in 10 ms not 300.

``Nursery`` stands for the module ``subprocess`` in ``connectors.reading.workbook``: same arguments, same answer.
Run as a script, it is the process that forks: one JSON order a line, one exit code a line.
"""

from __future__ import annotations

import json
import os
import runpy
import select
import subprocess
import sys
from typing import Any

MODULE = "connectors.reading.workbook_child"


class Nursery:
    """One process that forks; every other name is that of ``subprocess``."""

    DEVNULL = subprocess.DEVNULL
    TimeoutExpired = subprocess.TimeoutExpired

    def __init__(self) -> None:
        self._parent: subprocess.Popen[str] | None = None

    def run(self, command: list[str], *, stdout: Any, cwd: Any, env: dict[str, str], timeout: float, **_: Any) -> Any:
        """As ``subprocess.run`` for ``python -m connectors.reading.workbook_child …``."""
        if self._parent is None or self._parent.poll() is not None:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.nursery"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=cwd,
                env=env,
            )
        order = {"arguments": command[2:], "output": f"/proc/{os.getpid()}/fd/{stdout.fileno()}"}
        assert self._parent.stdin
        assert self._parent.stdout
        print(json.dumps(order), file=self._parent.stdin, flush=True)
        if not select.select([self._parent.stdout], [], [], timeout)[0]:
            self.close()
            raise subprocess.TimeoutExpired(command, timeout)
        return subprocess.CompletedProcess(command, int(self._parent.stdout.readline()))

    def close(self) -> None:
        if self._parent:
            self._parent.kill()
            self._parent.communicate()
            self._parent = None


def _bear(order: dict[str, Any]) -> int:
    """Exit code of one reading, negative when a signal ended it."""
    child = os.fork()
    if child == 0:
        _live(order)
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status)


def _live(order: dict[str, Any]) -> None:
    """The script as Python starts it, its output in the file of the parent; never returns."""
    code = 1
    try:
        output = os.open(order["output"], os.O_WRONLY)
        os.dup2(output, 1)
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        sys.argv = order["arguments"]
        runpy.run_module(MODULE, run_name="__main__", alter_sys=False)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        try:
            sys.stdout.flush()
        except BaseException:  # noqa: BLE001 - as an interpreter that cannot flush ends
            code = 120
        os._exit(code)


if __name__ == "__main__":
    import python_calamine  # noqa: F401 - loaded once for all its forks

    for line in sys.stdin:
        sys.stdout.write(f"{_bear(json.loads(line))}\n")
        sys.stdout.flush()
