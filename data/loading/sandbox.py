"""Run a function on untrusted files: in separate processes, with a memory limit and a time-out."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from connectors.reading import progress

T = TypeVar("T")
WATCHED_SECONDS = 0.5


@dataclass(frozen=True)
class Limits:
    """Limits per file. ``memory_mb`` comes on top of what a process holds before it opens anything."""

    memory_mb: int = 900
    seconds: float = 300.0


class Interrupted(Exception):
    """The function did not finish; the message is a French sentence."""


def run(
    function: Callable[..., T],
    tasks: Sequence[tuple[Any, ...]],
    processes: int,
    limits: Limits,
    watch: Callable[[float], None] | None = None,
) -> Iterator[tuple[int, T | Interrupted]]:
    """(position of the task, result or interruption), as they finish.

    ``watch`` is given, twice a second, the part done of the tasks that are running, added up: 0.5 for one half done. A task that runs out of memory is tried once more in a fresh process: memory left by earlier files must not decide.
    A disk failure stops everything: OSError.
    """
    again = []
    for number, outcome in _run(function, tasks, processes, limits, watch):
        if isinstance(outcome, MemoryError):
            again.append(number)
        else:
            yield number, outcome
    for number in again:
        ((_, outcome),) = _run(function, [tasks[number]], 1, limits, watch)
        too_big = f"Fichier trop gros : sa lecture demande plus de {limits.memory_mb} Mo de mémoire. Le découper."
        yield number, Interrupted(too_big) if isinstance(outcome, MemoryError) else outcome


def _run(
    function: Callable[..., T],
    tasks: Sequence[tuple[Any, ...]],
    processes: int,
    limits: Limits,
    watch: Callable[[float], None] | None,
) -> Iterator[tuple[int, T | Interrupted | MemoryError]]:
    spawn = multiprocessing.get_context("spawn")
    parts = spawn.RawArray("d", len(tasks))  # without a lock: a process killed while holding one would stop the others
    pool = ProcessPool(
        min(processes, len(tasks)),
        initializer=_confine,
        initargs=(limits.memory_mb, function, parts),
        context=spawn,
    )
    try:
        with _without_main():
            futures: list[ProcessFuture[Any]] = [
                pool.schedule(_bounded, args=(number, function, *task), timeout=limits.seconds)
                for number, task in enumerate(tasks)
            ]
            numbers = {id(future): number for number, future in enumerate(futures)}
            waiting: set[Any] = set(futures)
            while waiting:
                done, waiting = wait(waiting, WATCHED_SECONDS if watch else None, FIRST_COMPLETED)
                for future in done:
                    number = numbers[id(future)]
                    parts[number] = 0.0
                    outcome = _outcome(futures[number], limits)  # apart: an expression to yield would type the future
                    yield number, outcome
                if watch:
                    watch(sum(parts))
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _bounded(number: int, function: Callable[..., T], *task: Any) -> T:
    """The limit is lifted once it is reached: reporting it takes memory too, and a process without any may wait for ever."""
    progress.watch(partial(_note, _shared[0], number) if _shared else None)
    try:
        return function(*task)
    except (MemoryError, SystemError) as failure:  # C code out of memory may not report it: a SystemError
        if sys.platform == "linux":
            ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
        raise MemoryError(str(failure)) from None


def _outcome(future: ProcessFuture[T], limits: Limits) -> T | Interrupted | MemoryError:
    try:
        return future.result()
    except MemoryError as failure:
        return failure
    except TimeoutError:
        return Interrupted(f"Lecture abandonnée au bout de {_french(limits.seconds)} s : fichier trop long à lire.")
    except ProcessExpired as failure:
        return Interrupted(f"Lecture interrompue par le système (code {failure.exitcode}) ; à relancer.")
    except BrokenProcessPool:
        return Interrupted("Lecture interrompue ; à relancer.")
    except OSError as failure:
        if failure.errno == errno.ENOMEM:
            return MemoryError(str(failure))
        raise


def _french(seconds: float) -> str:
    return f"{seconds:g}".replace(".", ",")


_shared: list[Any] = []  # of a process of the pool: where it notes how far its tasks have got


def _note(parts: Any, number: int, part: float) -> None:
    parts[number] = part


def _confine(memory_mb: int, _: Callable[..., Any], parts: Any) -> None:
    """Called first in each process. The function is passed so that its imports are loaded before the limit applies."""
    _shared[:] = [parts]
    # Arrow's own allocator reserves a gigabyte of addresses at once.
    pa.set_memory_pool(pa.system_memory_pool())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
        # The soft limit only: a child of this process sets its own.
        resource.setrlimit(resource.RLIMIT_AS, (held + memory_mb * 1_000_000, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    """Nothing enforces the time-out once the refresh is killed: its processes end with it."""
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _without_main() -> Iterator[None]:
    """A process imports the function's module only, not the script that started it (nor a page under test)."""
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name, None) for name in ("__spec__", "__file__")}
    try:
        for name in kept:
            setattr(main, name, None)
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)
