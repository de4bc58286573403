"""Files deposited by each partner by a given day, in an invented world."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from data.demo.declarations import build_declarations
from data.demo.series import build_series
from data.demo.timeline import Span
from data.demo.world import Scale, build_world

DEFAULT_SEED = 2026


def generate(
    inbox: Path,
    day: date,
    *,
    seed: int = DEFAULT_SEED,
    scale: Scale = "full",
    previous: date | None = None,
    anchor: date | None = None,
) -> list[Path]:
    """Write into ``inbox/<source>/demo/`` the files deposited after ``previous`` and by ``day``; their paths.

    ``previous`` None: everything since the beginning, the history in a few big files. ``anchor`` (default: ``day``) is
    the day the stories refer to: calls with the same anchor show the same world on other days.
    Raises ValueError for a day beyond the world's horizon, 8 weeks after the anchor, or before ``previous``.
    """
    anchor = anchor or day
    world = build_world(seed, anchor, scale)
    span = Span(world.timeline, previous, day)
    if day > world.timeline.last_day or (previous and previous > day):
        raise ValueError(f"no demo file between {previous} and {day}: the world is known to {world.timeline.last_day}")
    shown = {
        "world": world,
        "span": span,
        "series": build_series(world),
        "declarations": build_declarations(world),
    }
    return [path for key, write in writers().items() for path in _call(write, inbox / key / "demo", shown)]


def writers() -> dict[str, Callable[..., list[Path]]]:
    """Functions ``write_<key>`` of the modules of this package, by source, in alphabetical order.

    Each takes its folder, then by name what it shows: ``world``, ``span``, ``series``, ``declarations``.
    """
    package = import_module("data.demo")
    modules = [
        import_module(f"data.demo.{i.name}") for i in pkgutil.iter_modules(package.__path__) if i.name != "__main__"
    ]
    found = {
        name.removeprefix("write_"): function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("write_") and function.__module__ == module.__name__
    }
    return dict(sorted(found.items()))


def _call(write: Callable[..., list[Path]], folder: Path, shown: dict[str, Any]) -> list[Path]:
    asked = [name for name in inspect.signature(write).parameters if name != "folder"]
    return write(folder, **{name: shown[name] for name in asked})
