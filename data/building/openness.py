"""Whether a snapshot is open: nothing that it is made of is reserved, so that anybody may read all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.base import Source, discover
from data.journal.decisions import Decisions
from data.loading.load import Load

OPEN_TIER = "O"


def is_open_source(key: str) -> bool:
    """Whether all that a source gives is public; an unknown one gives nothing public."""
    module = discover().get(key)
    return module is not None and module.SOURCE.tier == OPEN_TIER


def reserved(loads: Iterable[Load], journal: Decisions, lake: Path, *, is_inbox_clear: bool = True) -> tuple[str, ...]:
    """What keeps a snapshot from being open, in French; empty when all is public.

    A reserved file counts even when it is refused: its name and its lines are shown. So does what cannot be recognised:
    a file dropped by hand and refused, or left in the inbox. A decision counts whatever it is about: it holds the name
    of an agent and what they typed.
    """
    found = {name for load in loads if not load.demo for name in _of_load(load, lake)}
    decided = any((journal.acceptances, journal.evaluations, journal.names, journal.preparations))
    return (
        *sorted(found),
        *(["des décisions du journal"] if decided else []),
        *([] if is_inbox_clear else ["un dépôt que rien ne reconnaît (page Sources)"]),
    )


def _of_load(load: Load, lake: Path) -> Iterator[str]:
    module = discover().get(load.source)
    source: Source | None = module.SOURCE if module else None
    if source is None or source.tier != OPEN_TIER:
        yield source.title if source else load.source
    elif load.refused and load.modified_at:
        yield f"« {load.file_name} », refusé, déposé dans « inbox/{source.key} » et gardé dans « raw/{source.key} »"
    elif source.reserved_lines and (load.rows_quarantined or _holds(source.reserved_lines, load, lake)):
        yield f"des lignes internes de « {source.title} »"


def _holds(lines: tuple[str, str, str], load: Load, lake: Path) -> bool:
    """Whether a load holds lines that its source does not publish."""
    table, column, value = lines
    parts = [pq.read_table(lake / part, columns=[column]) for part in load.files.get(table, [])]
    return any(pc.any(pc.equal(part[column], value)).as_py() for part in parts)
