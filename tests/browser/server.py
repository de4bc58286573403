"""A dashboard as a reader reaches it: its own process on a free port, over a home built for the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import requests

PROJECT = Path(__file__).parents[2]
START_S, STOP_S = 90, 10
# Both ways of starting: as an operator does, and as a deployment may.
BY_SCRIPT: Sequence[str] = ("app.py",)
BY_STREAMLIT: Sequence[str] = ("-m", "streamlit", "run", "app.py")


@contextmanager
def dashboard(
    home: Path,
    command: Sequence[str] = BY_STREAMLIT,
    *,
    under: Sequence[str] = (),
    port: int | None = None,
    **environment: str,
) -> Iterator[str]:
    """Address of a dashboard just started, stopped on leaving. Raises TimeoutError with its output when it never answers.

    ``under``: a command that starts it with fewer rights; it must become the dashboard (exec). ``port``: a free one if None.
    """
    port = port or free_port()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [*under, sys.executable, *command, "--server.port", str(port)],
            cwd=PROJECT,
            env={**os.environ, "VIGISTOCK_HOME": str(home), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, output)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_S)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], output: BinaryIO) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(f"{address}/_stcore/health", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    output.seek(0)
    raise TimeoutError(f"dashboard did not start: {output.read().decode(errors='replace')[-2000:]}")
