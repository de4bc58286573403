"""Read and keep: one raw file becomes typed Parquet tables and an account of every line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.base import HEADERS, Field, RawFile, RefusedFile, Sheet, Table, tables
from data import aside, guarded
from data.files import digest_of, read_json, whole_file, write_json
from data.guarded import Limits
from data.raw import Provenance

FEW_FILES = 6  # starting processes costs about a second
SMALL_BYTES = 250_000  # a workbook of this size opens to 50 MB at most: read without a process of its own
LIMITS = Limits()

TYPES: dict[str, pa.DataType] = {
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "percent": pa.float64(),
    "date": pa.date32(),
    "week": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
}


@dataclass(frozen=True)
class Load:
    """The account of one raw file as read once; written last, so that a torn load is read again.

    ``rows_in = rows_loaded + rows_quarantined + rows_ignored`` always; ``error`` is set when the file is refused whole.
    ``layout``: version of the partner's template it is written in. ``accounts``: the same four counts, sheet by sheet.
    """

    load_id: str
    source: str
    file_name: str
    raw_path: str
    received_at: str
    size_bytes: int
    demo: bool
    sheets: int = 0
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_ignored: int = 0
    layout: int = 1
    error: str = ""
    accounts: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return bool(self.error)


def schema(table: Table) -> pa.Schema:
    """Columns of a lake table: its fields in order, then the line they were read from and the load."""
    columns = [pa.field(f.name, _type(f)) for f in table.fields]
    return pa.schema([*columns, pa.field("line", pa.int64()), pa.field("load_id", pa.string())])


def _type(item: Field) -> pa.DataType:
    return TYPES.get(item.kind, pa.string())


def load_id(provenance: Provenance, version: int) -> str:
    """Sorts by reception; changes when the file, its header table or the reader's version changes."""
    layout = (HEADERS / f"{provenance.source}.csv").read_bytes() + str(version).encode()
    received = datetime.fromisoformat(provenance.received_at)
    key = hashlib.sha256(provenance.name.encode()).hexdigest()[:4]
    return f"{received:%Y%m%dT%H%M%S}-{provenance.sha256[:12]}-{key}-{hashlib.sha256(layout).hexdigest()[:6]}"


def manifest_path(lake: Path, source: str, identifier: str) -> Path:
    """Where the account of a load is kept."""
    return lake / "_loads" / source / f"{identifier}.json"


def read_all(
    items: list[tuple[ModuleType, Path, Provenance]],
    lake: Path,
    readers: int,
    tick: Callable[[str], None],
    limits: Limits = LIMITS,
) -> list[Load]:
    """Loads of raw files in the order given, reading those not read yet; ``tick(name)`` after each one.

    Parsing is plain Python: a few processes read a history in half the time, one process is enough for a day's files.
    """
    loads: dict[Path, Load] = {}
    unread = []
    for module, path, provenance in items:
        known = _known(module, provenance, lake)
        if known:
            loads[path] = known
            tick(provenance.name)
        else:
            unread.append((module.__name__, path, provenance))
    for path, load in _read_now(unread, lake, readers, limits):
        loads[path] = load
        tick(load.file_name)
    return [loads[path] for _, path, _ in items]


def _read_now(
    unread: list[tuple[str, Path, Provenance]], lake: Path, readers: int, limits: Limits
) -> Iterator[tuple[Path, Load]]:
    """Big files, and all files when they are many, are read in processes of their own."""
    many = len(unread) >= FEW_FILES and readers > 1
    apart = [item for item in unread if many or item[2].size_bytes > SMALL_BYTES]
    for name, path, provenance in unread:
        if (name, path, provenance) not in apart:
            yield path, read_one(name, path, provenance, lake)
    for number, outcome in guarded.run(read_one, [(*item, lake) for item in apart], readers, limits) if apart else ():
        name, path, provenance = apart[number]
        if isinstance(outcome, guarded.Interrupted):
            # Its account is not kept: it is tried again at the next refresh.
            identifier = load_id(provenance, import_module(name).SOURCE.version)
            yield path, replace(_blank(provenance, path, identifier), error=str(outcome))
        else:
            yield path, outcome


def _known(module: ModuleType, provenance: Provenance, lake: Path) -> Load | None:
    """The load of a file already read, from its manifest."""
    known = read_json(manifest_path(lake, provenance.source, load_id(provenance, module.SOURCE.version)))
    try:
        load = Load(**known) if known else None
    except TypeError:  # written by another version of the tool
        return None
    whole = load is not None and load.sheets == len(load.accounts)
    return load if load and whole and _is_kept(load, lake) else None


def _is_kept(load: Load, lake: Path) -> bool:
    """Whether its rows are all in the lake, as they were written."""
    parts = [part for found in load.files.values() for part in found]
    try:
        return all(load.hashes.get(part) == digest_of(lake / part) for part in parts)
    except OSError:
        return False


def read_one(module_name: str, path: Path, provenance: Provenance, lake: Path) -> Load:
    """Read one raw file and keep its rows and its account.

    A defect of the reader refuses this file and no other; its account is not kept, so a corrected reader tries again.
    """
    module = import_module(module_name)
    identifier = load_id(provenance, module.SOURCE.version)
    if digest_of(path) != provenance.sha256:
        message = f"La copie gardée dans raw/ est abîmée ({path.name}) : la restaurer d'une sauvegarde."
        return replace(_blank(provenance, path, identifier), error=message)
    try:
        load = _read(module, provenance.raw_file(path), provenance, identifier, lake)
    except (
        *(ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    ) as defect:
        message = f"Lecture interrompue par une erreur du programme ({type(defect).__name__} : {defect}) ; à signaler."
        return replace(_blank(provenance, path, identifier), error=message)
    write_json(manifest_path(lake, provenance.source, identifier), asdict(load))
    return load


def _blank(provenance: Provenance, path: Path, identifier: str) -> Load:
    return Load(
        load_id=identifier,
        source=provenance.source,
        file_name=provenance.name,
        raw_path=path.name,
        received_at=provenance.received_at,
        size_bytes=provenance.size_bytes,
        demo=provenance.demo,
    )


def _read(module: ModuleType, raw: RawFile, provenance: Provenance, identifier: str, lake: Path) -> Load:
    blank = _blank(provenance, raw.path, identifier)
    try:
        sheets: list[Sheet] = module.read(raw)
    except RefusedFile as refusal:
        return replace(blank, error=str(refusal))
    unbalanced = [sheet.name for sheet in sheets if not sheet.balanced]
    if unbalanced:
        # A reader that loses a line is a defect of ours: the file is not used.
        return replace(blank, error=f"Lecture incomplète de la feuille {', '.join(unbalanced)} : fichier non utilisé.")
    files = _write(sheets, raw, identifier, lake)
    return replace(
        blank,
        sheets=len(sheets),
        rows_in=sum(s.rows_in for s in sheets),
        rows_loaded=sum(len(s.rows) for s in sheets),
        rows_quarantined=sum(len(s.rejects) for s in sheets),
        rows_ignored=sum(s.rows_ignored for s in sheets),
        layout=max((s.layout for s in sheets), default=1),
        accounts=[s.account for s in sheets],
        files=files,
        hashes={part: digest_of(lake / part) for parts in files.values() for part in parts},
    )


def _write(sheets: list[Sheet], raw: RawFile, identifier: str, lake: Path) -> dict[str, list[str]]:
    """Parquet files of a load, by lake table, as paths relative to the lake."""
    files: dict[str, list[str]] = {}
    known = tables(raw.source)
    for number, sheet in enumerate(sheets):
        if sheet.rows:
            arrow = _typed(sheet, schema(known[sheet.table]), identifier)
            files.setdefault(sheet.table, []).append(_part(arrow, lake, sheet.table, raw, f"{identifier}-{number}"))
    for table, arrow in aside.lake_tables(sheets, identifier).items():
        files[table] = [_part(arrow, lake, table, raw, identifier)]
    return files


def _typed(sheet: Sheet, kinds: pa.Schema, identifier: str) -> pa.Table:
    """Rows by column: five times faster than handing Arrow a dictionary a row."""
    columns = [
        pa.repeat(identifier, len(sheet.rows))
        if kind.name == "load_id"
        else pa.array([row[kind.name] for row in sheet.rows], kind.type)
        for kind in kinds
    ]
    return pa.table(columns, schema=kinds)


def _part(arrow: pa.Table, lake: Path, table: str, raw: RawFile, name: str) -> str:
    """Write to one side, then rename: a name in the lake is always a whole file."""
    kept = Path(table) / f"source={raw.source}" / f"period={raw.received_at:%Y-%m}" / f"{name}.parquet"
    # Not waited for on the disk: its hash is in the account, so rows lost in a power cut are read again.
    with whole_file(lake / kept, durable=False) as handle:
        pq.write_table(arrow, handle, compression="zstd")
    return str(kept)
