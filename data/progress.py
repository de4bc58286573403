"""How far a refresh has got: one moving line of a terminal; without one, lines that say when it starts and ends."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from connectors.language.visible import visible
from connectors.reading.http import Watch

REPORT_EVERY_SECONDS = 10.0  # where there is no terminal to draw a bar on


class ReadingProgress:
    """Files read, and how far those being read have got: a bar with the time left, or a line now and then without a terminal."""

    def __init__(self, console: Console, bar: Progress, files: int) -> None:
        self._console, self._bar, self._files, self._read = console, bar, files, 0
        self._task = bar.add_task("Lecture des fichiers", total=files)
        self._started = self._reported = time.monotonic()

    def tick(self, name: str) -> None:
        self._read += 1
        self._bar.update(self._task, completed=self._read, description=f"Lecture : {name}")

    def watch(self, parts: float) -> None:
        """``parts``: of the files being read, added up."""
        done, now = self._read + parts, time.monotonic()
        self._bar.update(self._task, completed=done)
        if self._console.is_terminal or now - self._reported < REPORT_EVERY_SECONDS or not 0 < done < self._files:
            return
        self._reported = now
        left = (now - self._started) * (self._files - done) / done
        self._console.print(
            f"Lecture des fichiers : {100 * done / self._files:.0f} %, encore {time_left(left)} environ"
        )


def time_left(seconds: float) -> str:
    """``40 s``, ``3 min``: never less than a second."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def bar(console: Console) -> Progress:
    """Files read, of how many, in how long: one line of a terminal, gone at the end."""
    columns = (
        TextColumn("{task.description:60.60}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def line(console: Console) -> Progress:
    """Words alone: what they count differs from one download to another."""
    words = TextColumn("{task.description}", markup=False)
    return Progress(words, console=console, transient=True, disable=not console.is_terminal)


@dataclass
class _Download:
    """One that goes on. ``task``: its line on a terminal."""

    task: TaskID
    started: float
    reported: float
    is_announced: bool = False


class DownloadProgress(Watch):
    """A line for each file that comes, with its size and the time left; sources are downloaded side by side."""

    def __init__(self, console: Console, shown: Progress) -> None:
        self._console, self._shown = console, shown
        self._going: dict[str, _Download] = {}
        self._lock = Lock()

    def going(self, name: str, received: int, size: int | None) -> None:
        with self._lock:
            now = time.monotonic()
            mine = self._going.get(name) or _Download(self._shown.add_task("", total=None), now, now)
            self._going[name] = mine
            words = f"Téléchargement : {visible(name)}, {_so_far(received, size, now - mine.started)}"
            self._shown.update(mine.task, description=words)
            if not mine.is_announced:
                mine.is_announced = True
                self._print(f"Téléchargement : {visible(name)}{f', {size_words(size)}' if size else ''}…")
            elif now - mine.reported >= REPORT_EVERY_SECONDS:
                mine.reported = now
                self._print(words)

    def ended(self, name: str, received: int | None) -> None:
        with self._lock:
            mine = self._going.pop(name, None)
            if mine is None:
                self._print(f"Téléchargement : {visible(name)}, non reçu.")
                return
            self._shown.remove_task(mine.task)
            took = time_left(time.monotonic() - mine.started)
            what = {None: "non reçu", 0: "inchangé"}.get(received, f"{size_words(received or 0)} en {took}")
            self._print(f"Téléchargement : {visible(name)}, {what}.")

    def _print(self, words: str) -> None:
        """On a terminal the moving line is enough: twenty small files would push the rest out of sight."""
        if not self._console.is_terminal:
            self._console.print(escape(words), soft_wrap=True)


def _so_far(received: int, size: int | None, seconds: float) -> str:
    if not size:
        return size_words(received)
    left = f", encore {time_left(seconds * (size - received) / received)} environ" if 0 < received < size else ""
    return f"{size_words(received)} sur {size_words(size)}{left}"


def size_words(size: int) -> str:
    """``840 octets``, ``12 ko``, ``1,4 Mo``, ``98 Mo``."""
    if size < 1_000:
        return f"{size} octet{'s' if size > 1 else ''}"
    if size < 1_000_000:
        return f"{size // 1_000} ko"
    return f"{size / 1e6:.1f} Mo".replace(".", ",") if size < 10_000_000 else f"{size // 1_000_000} Mo"
