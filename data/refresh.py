"""One refresh: receive, read, build, publish; safe to run again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

from rich.console import Console

from connectors import base
from connectors.base import FetchSettings, SourceUnavailable
from connectors.language.typography import french
from connectors.reading.http import Http
from data import clock, demo, refresh_lock, warehouse
from data.alerts import publishing
from data.building import openness, retention, snapshot
from data.files import read_json, write_json
from data.intake import inbox, raw
from data.journal import Decisions, Journal, JournalUnavailable, read_decisions
from data.loading import reading
from data.loading.load import Load
from data.loading.sandbox import Limits
from data.progress import DownloadProgress, ReadingProgress, bar, line
from data.reference import control
from data.settings import PARIS, Settings
from data.strict import BrokenReference

# Days before the demo's own day on which a snapshot is also published, so that "since" has an answer.
DEMO_DAYS = (28, 7, 1, 0)
NOTHING_OPEN = (
    "Aucune donnée ouverte n'a pu être lue. Vérifier l'accès au réseau, ou désigner un miroir : « base_url » de "
    "[sources.bdpm] dans vigistock.toml ; les fichiers peuvent aussi être déposés dans « inbox/bdpm »."
)


@dataclass
class Report:
    """What a refresh did, as printed and as ``--json`` gives it. ``published``: a snapshot is in force; ``changed``: a new one.

    ``is_inbox_clear``: nothing was left in the inbox. ``reserved``: what keeps the snapshot from being open.
    """

    snapshot: str | None = None
    published: bool = False
    changed: bool = False
    error: str = ""
    journal_error: str = ""
    notes: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    is_inbox_clear: bool = True
    reserved: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        return 0 if self.snapshot and not self.error else 1


def refresh(
    settings: Settings,
    keys: set[str] | None = None,
    *,
    demo_only: bool = False,
    fetch: bool = True,
    asks_open: bool = False,
    console: Console,
) -> Report:
    """One refresh, alone in its home. Failing sources are reported; the others go on.

    ``keys``: sources to receive (None: all); ``fetch=False`` reads the inbox only; ``asks_open``: nothing is published
    while no open data could be read.
    """
    with refresh_lock.refresh_lock(settings, console):
        modules = {k: m for k, m in base.discover().items() if settings.source(k).enabled}
        replayed = settings.now is not None
        settings = settings.model_copy(update={"now": clock.moment(settings, list(modules))})
        report = Report(warehouse.current(settings.snapshots))
        chosen = modules if keys is None else {key: modules[key] for key in keys & modules.keys()}
        report.misplaced = inbox.misplaced(settings.inbox, modules, base.discover().keys() - modules.keys())
        errors = _take_in(settings, chosen, report, console, demo_only=demo_only, fetch=fetch and not demo_only)
        loads = _read(settings, modules, report, console, replayed=replayed)
        _account(report, modules, loads, errors)
        decisions, report.journal_error = _read_decisions(settings)
        if asks_open and not any(not load.demo and not load.refused for load in loads):
            report.error = NOTHING_OPEN
        else:
            _publish(settings, modules, loads, decisions, report, console)
        for key in (key for key, module in modules.items() if report.published and hasattr(module, "fetch")):
            with suppress(OSError):  # what is not packed today is tomorrow
                raw.pack(settings.raw, key)
        if report.published and report.snapshot:
            report.notes += publishing.publish(settings, report.snapshot)
        record_last_run(settings, report)
        return report


def record_last_run(settings: Settings, report: Report) -> None:
    """The last refresh, for the page *Sources*."""
    write_json(settings.snapshots / "last_run.json", {"finished_at": settings.clock.isoformat(), **as_json(report)})


def _take_in(
    settings: Settings,
    modules: dict[str, ModuleType],
    report: Report,
    console: Console,
    *,
    demo_only: bool,
    fetch: bool,
) -> dict[str, list[str]]:
    """Copy new files to ``raw/``; by source, sentences for what could not be taken or read over HTTP."""
    errors: dict[str, list[str]] = {}
    for key, module in modules.items():
        taken = raw.take_inbox(
            *(settings.inbox, settings.raw, module.SOURCE, settings.clock),
            demo_only=demo_only,
            max_bytes=max(settings.max_file_mb, module.SOURCE.file_mb) * 1_000_000,
        )
        errors[key] = [*taken.refused, *raw.unrecorded(settings.raw, key)]
        report.is_inbox_clear = report.is_inbox_clear and not errors[key] and not report.misplaced
    online = {key: module for key, module in modules.items() if hasattr(module, "fetch") and fetch}
    # Hosts are independent: one that is slow to fail does not hold up the others.
    with line(console) as shown, ThreadPoolExecutor(max_workers=max(1, len(online))) as pool:
        progress = DownloadProgress(console, shown)
        read = pool.map(lambda module: _download(module, settings, progress), online.values())
        failures = dict(zip(online, read, strict=True))
    return {key: [*filter(None, [failures.get(key)]), *messages] for key, messages in errors.items()}


def _download(module: ModuleType, settings: Settings, progress: DownloadProgress) -> str:
    """Keep what a source publishes; a sentence for its failure, empty when all was read."""
    try:
        raw.take_downloads(_fetch(module, settings, progress), settings.raw, module.SOURCE, settings.clock)
    except SourceUnavailable as failure:
        return str(failure)
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as defect:
        return (
            f"Téléchargement interrompu par une erreur du programme ({type(defect).__name__} : {defect}) ; à signaler."
        )
    return ""


def _fetch(module: ModuleType, settings: Settings, progress: DownloadProgress) -> Iterator[base.Download]:
    chosen = settings.source(module.SOURCE.key)
    target = FetchSettings(
        base_url=(chosen.base_url or module.SOURCE.base_url).rstrip("/"),
        today=settings.today,
        api_key=chosen.api_key,
        is_mirror=bool(chosen.base_url),
        known=raw.known_answers(settings.raw, module.SOURCE.key),
    )
    yield from module.fetch(Http(settings.http, watch=progress), target)


def _read(
    settings: Settings, modules: dict[str, ModuleType], report: Report, console: Console, *, replayed: bool
) -> list[Load]:
    """Loads of the raw files, each read once: the demo's only without real ones, and in a replay only those received by then."""
    items = [(module, *copy) for key, module in modules.items() for copy in raw.received(settings.raw, key)]
    in_time = [item for item in items if not replayed or item[2].moment <= settings.clock]
    real = [item for item in in_time if not item[2].demo]
    if len(in_time) < len(items):
        later = (
            f"{len(items) - len(in_time)} fichier(s) reçu(s) après le {settings.clock.astimezone(PARIS):%d/%m/%Y %H:%M}"
        )
        report.notes.append(f"Jour rejoué : {later} ne sont pas dans les chiffres.")
    with bar(console) as shown:
        progress = ReadingProgress(console, shown, len(real or in_time))
        return reading.read_all(
            real or in_time,
            settings.lake,
            settings.readers,
            progress.tick,
            Limits(settings.reader_memory_mb, settings.reader_seconds),
            progress.watch,
        )


def _account(
    report: Report, modules: dict[str, ModuleType], loads: list[Load], errors: Mapping[str, Sequence[str]]
) -> None:
    """One record per source; a refused file is its error until a later delivery."""
    counted = ("rows_in", "rows_loaded", "rows_quarantined", "rows_ignored")
    for key in modules:
        mine = [load for load in loads if load.source == key]
        newest = max((load.received_at for load in mine), default="")
        refused = [f"{load.file_name} : {load.error}" for load in mine if load.refused and load.received_at == newest]
        report.sources.append(
            {
                "key": key,
                "is_open": openness.is_open_source(key),
                "files": len(mine),
                **{name: sum(getattr(load, name) for load in mine) for name in counted},
                "error": french(" ; ".join([*errors.get(key, ()), *refused])) or None,
            }
        )


def _read_decisions(settings: Settings) -> tuple[Decisions, str]:
    """Human decisions, and the sentence to show when only their last copy could be read."""
    journal = Journal(settings.journal)
    try:
        current = read_decisions(journal, settings.lake / "_journal.json")
        _forget_accesses(journal, settings)
        return current
    finally:
        journal.close()


def _forget_accesses(journal: Journal, settings: Settings) -> None:
    """Delete access records past their retention, by the real clock: it dated them."""
    with suppress(JournalUnavailable):
        before = datetime.now(UTC) - timedelta(days=settings.access_log_days)
        journal.purge_accesses(before, timedelta(hours=settings.session_hours))


def _publish(
    settings: Settings,
    modules: dict[str, ModuleType],
    loads: list[Load],
    decisions: Decisions,
    report: Report,
    console: Console,
) -> None:
    """Build a snapshot when an input changed, and move the pointer to it; nothing on a broken reference file."""
    try:
        control.check()
    except BrokenReference as failure:
        report.error = str(failure)
        return
    is_demo = bool(loads) and all(load.demo for load in loads)
    as_of = _day(settings, loads) if is_demo else settings.today
    report.reserved = openness.reserved(loads, decisions, settings.lake, is_inbox_clear=report.is_inbox_clear)
    is_open = bool(loads) and not is_demo and not report.reserved
    report.notes += _closed_by(loads, report.reserved)
    looks = tuple(
        (key, name, day)
        for key in modules
        for name, day in raw.looks(settings.raw, key)
        if not is_demo and day <= as_of
    )
    inputs = snapshot.fingerprint(loads, as_of, decisions, is_open=is_open, looks=looks)
    if report.snapshot and warehouse.describe(settings.snapshots, report.snapshot).get("inputs") == inputs:
        report.published = True
        warehouse.point_to(settings.snapshots, report.snapshot)
        return
    identifier = f"{settings.clock:%Y%m%dT%H%M%S}-{inputs[:8]}"
    recipe = snapshot.Recipe(
        identifier, as_of, settings.clock, is_demo, inputs, tuple(loads), decisions, is_open, looks
    )
    try:
        with bar(console) as progress:
            task = progress.add_task("Calcul des indicateurs", total=None)
            snapshot.build(
                recipe,
                modules,
                settings.lake,
                settings.snapshots,
                lambda name: progress.update(task, advance=1, description=f"Calcul : {name}"),
            )
    except snapshot.CheckFailed as failure:
        report.error = str(failure)
        return
    warehouse.point_to(settings.snapshots, identifier)
    retention.remove_oldest(settings.snapshots, settings.keep_snapshots, before=report.snapshot)
    report.notes += _change_of_kind(settings, report.snapshot, report.reserved, is_open=is_open)
    report.snapshot, report.published, report.changed = identifier, True, True


def _closed_by(loads: Sequence[Load], reserved: Sequence[str]) -> Iterator[str]:
    """What keeps a home that received public sources only from being open: whoever runs it expects it to be."""
    if reserved and loads and all(not load.demo and openness.is_open_source(load.source) for load in loads):
        yield (
            "Aucune source réservée n'a été reçue, mais l'instantané n'est pas ouvert, et ne se lit qu'une fois connecté : "
            f"il tient aussi de {', '.join(reserved)}. Un fichier refusé ou mal rangé est tenu pour réservé tant qu'il "
            "n'est pas retiré de inbox/ et de raw/ (docs/access.md)."
        )


def _change_of_kind(settings: Settings, before: str | None, reserved: Sequence[str], *, is_open: bool) -> Iterator[str]:
    """A sentence when who may read what is published changes."""
    was_open = before is not None and warehouse.describe(settings.snapshots, before).get("is_open") is True
    if was_open and not is_open:
        why = (
            f"il tient aussi de données réservées : {', '.join(reserved)}"
            if reserved
            else "aucun fichier n'y est compté"
        )
        yield (
            f"Cet instantané n'est plus ouvert, {why}. Il n'est montré qu'aux personnes connectées (docs/access.md)."
        )
    elif is_open and not was_open:
        yield (
            "Instantané ouvert : il ne tient que de données publiques et se lit sans connexion sur cette machine. "
            "Le premier fichier réservé changera ses règles."
        )


def _day(settings: Settings, loads: list[Load]) -> date:
    """A demo keeps the day it was made for: its figures do not age between refreshes."""
    last = max(datetime.fromisoformat(load.received_at) for load in loads)
    return min(last.astimezone(PARIS).date(), settings.today)


def build_demo(settings: Settings, console: Console) -> Report:
    """The demo: partner files written into the inbox day after day, refreshed through the ordinary path."""
    anchor_file = settings.inbox / "demo.json"
    read_decisions = read_json(anchor_file)
    anchor = date.fromisoformat(read_decisions["anchor"]) if read_decisions else settings.today
    previous: date | None = None
    report = Report()
    for days_before in DEMO_DAYS:
        day = anchor - timedelta(days=days_before)
        if not read_decisions:
            console.print(f"Fichiers fictifs déposés au {day:%d/%m/%Y}…")
            demo.generate(settings.inbox, day, anchor=anchor, previous=previous)
        if not read_decisions or days_before == 0:
            moment = datetime(day.year, day.month, day.day, 6, 10, tzinfo=PARIS)
            report = refresh(settings.model_copy(update={"now": moment}), demo_only=True, console=console)
        previous = day
    write_json(anchor_file, {"anchor": anchor.isoformat()})
    return report


def as_json(report: Report) -> dict[str, Any]:
    """The report as ``--json`` prints it and ``last_run.json`` keeps it."""
    return {
        "snapshot": report.snapshot,
        "published": report.published,
        "changed": report.changed,
        "error": french(report.error) or None,
        "journal_error": french(report.journal_error) or None,
        "notes": [french(note) for note in report.notes],
        "misplaced": [french(sentence) for sentence in report.misplaced],
        "sources": report.sources,
    }
