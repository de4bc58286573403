"""Files deposited by each partner by a given day, in an invented world."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data.demo.decisions import write_references
from data.demo.declarations import build_declarations
from data.demo.health import write_spf
from data.demo.history import write_history
from data.demo.lists import write_lists
from data.demo.panels import write_iqvia, write_openhealth
from data.demo.referential import write_bdpm
from data.demo.registry import write_trustmed
from data.demo.series import build_series
from data.demo.stocks import write_pointstock, write_tracstocks, write_wholesalers
from data.demo.stops import write_arrets
from data.demo.timeline import Span
from data.demo.weather import write_vigilance
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
    series = build_series(world)
    declarations = build_declarations(world)

    def folder(source: str) -> Path:
        return inbox / source / "demo"

    return [
        *write_bdpm(folder("bdpm"), world, declarations, span),
        *write_trustmed(folder("trustmed"), world, declarations, span),
        *write_tracstocks(folder("tracstocks"), world, series, span),
        *write_wholesalers(folder("grossistes"), world, series, span),
        *write_pointstock(folder("pointstock"), world, series, span),
        *write_iqvia(folder("iqvia"), world, series, span),
        *write_openhealth(folder("openhealth"), world, series, span),
        *write_spf(folder("spf"), world, span),
        *write_references(folder("references"), world, span),
        *write_lists(folder("listes"), world, span),
        *write_arrets(folder("arrets"), world, span),
        *write_history(folder("historique"), world, span),
        *write_vigilance(folder("vigilance"), world, span),
    ]
