"""Read each raw file once: typed rows in the lake, and an account of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from connectors.base import RawFile, RefusedFile, Sheet
from connectors.language.typography import french
from data.files import digest_of, read_json, write_json
from data.intake import packing
from data.intake.raw import Provenance
from data.loading import parquet, sandbox
from data.loading.load import Load, load_id, manifest_path
from data.loading.sandbox import Limits

FEW_FILES = 6  # starting processes costs about a second
SMALL_BYTES = 250_000  # a workbook of this size opens to 50 MB at most: read without a sandbox
LIMITS = Limits()


def read_all(
    items: list[tuple[ModuleType, Path, Provenance]],
    lake: Path,
    readers: int,
    tick: Callable[[str], None],
    limits: Limits = LIMITS,
    watch: Callable[[float], None] | None = None,
) -> list[Load]:
    """Loads of raw files in the order given, reading those not read yet; ``tick(name)`` after each one.

    ``watch`` is given the part done of the files being read (0.5: half of one file).

    Parsing is plain Python: a few processes halve the time of a history, one is enough for a day's files.
    """
    loads: dict[Path, Load] = {}
    unread = []
    for module, path, provenance in items:
        already_read = _already_read(module, provenance, lake)
        if already_read:
            loads[path] = already_read
            tick(provenance.name)
        else:
            unread.append((module.__name__, path, provenance))
    for path, load in _read_now(unread, lake, readers, limits, watch):
        loads[path] = load
        tick(load.file_name)
    return [loads[path] for _, path, _ in items]


def _read_now(
    unread: list[tuple[str, Path, Provenance]],
    lake: Path,
    readers: int,
    limits: Limits,
    watch: Callable[[float], None] | None,
) -> Iterator[tuple[Path, Load]]:
    """Large files, and all files when they are many, are read in sandboxed processes."""
    many = len(unread) >= FEW_FILES and readers > 1
    sandboxed = [item for item in unread if many or item[2].size_bytes > SMALL_BYTES]
    for name, path, provenance in unread:
        if (name, path, provenance) not in sandboxed:
            yield path, read_one(name, path, provenance, lake)
    for number, outcome in (
        sandbox.run(read_one, [(*item, lake) for item in sandboxed], readers, limits, watch) if sandboxed else ()
    ):
        name, path, provenance = sandboxed[number]
        if isinstance(outcome, sandbox.Interrupted):
            # Its account is not kept: the file is read again at the next refresh.
            identifier = load_id(provenance, import_module(name).SOURCE.version)
            yield path, replace(_blank(provenance, path, identifier), error=str(outcome))
        else:
            yield path, outcome


def _already_read(module: ModuleType, provenance: Provenance, lake: Path) -> Load | None:
    """The load of a file already read, from its manifest."""
    account = read_json(manifest_path(lake, provenance.source, load_id(provenance, module.SOURCE.version)))
    try:
        load = Load(**account) if account else None
    except TypeError:  # written by another version of the tool
        return None
    whole = load is not None and load.sheets == len(load.accounts)
    return load if load and whole and _is_kept(load, lake) else None


def _is_kept(load: Load, lake: Path) -> bool:
    """Whether its rows are all in the lake, as they were written."""
    parts = [part for paths in load.files.values() for part in paths]
    try:
        return all(load.hashes.get(part) == digest_of(lake / part) for part in parts)
    except OSError:
        return False


def read_one(module_name: str, path: Path, provenance: Provenance, lake: Path) -> Load:
    """Read one raw file and keep its rows and its account.

    A defect of the reader refuses this file only; its account is not kept, so a fixed reader tries again.
    """
    module = import_module(module_name)
    identifier = load_id(provenance, module.SOURCE.version)
    damaged = replace(
        _blank(provenance, path, identifier),
        error=f"La copie gardée dans raw/ est abîmée ({path.name}) : la restaurer d'une sauvegarde.",
    )
    try:
        with packing.whole(path, lake / ".unpacked") as copy:
            if digest_of(copy) != provenance.sha256:
                return damaged
            load = _read(module, provenance.raw_file(copy), provenance, identifier, lake)
    except packing.Unreadable:
        return damaged
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
        modified_at=provenance.modified_at,
        saved_at=provenance.saved_at,
    )


def _read(module: ModuleType, raw: RawFile, provenance: Provenance, identifier: str, lake: Path) -> Load:
    blank = _blank(provenance, raw.path, identifier)
    try:
        sheets: list[Sheet] = module.read(raw)
    except RefusedFile as refusal:
        return replace(blank, error=french(str(refusal)))
    unbalanced = [sheet.name for sheet in sheets if not sheet.balanced]
    if unbalanced:
        # A reader that loses a row is a defect of ours: the file is not used.
        return replace(blank, error=f"Lecture incomplète de la feuille {', '.join(unbalanced)} : fichier non utilisé.")
    files = parquet.write(sheets, raw, identifier, lake)
    return replace(
        blank,
        sheets=len(sheets),
        rows_in=sum(s.rows_in for s in sheets),
        rows_loaded=sum(s.rows_loaded for s in sheets),
        rows_quarantined=sum(len(s.quarantined) for s in sheets),
        rows_ignored=sum(s.rows_ignored for s in sheets),
        layout=max((s.layout for s in sheets), default=1),
        accounts=[s.account for s in sheets],
        files=files,
        hashes={part: digest_of(lake / part) for parts in files.values() for part in parts},
    )
