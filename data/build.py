"""``python -m data.build``: the command line of a refresh. What a refresh does is in ``data/refresh.py``."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from connectors import base
from connectors.language.typography import french
from connectors.language.visible import visible
from data import warehouse
from data.alerts import sending
from data.clock import WrongClock, check_replay
from data.command import explain_failures
from data.files import disk_sentence
from data.intake import inbox
from data.reference import control
from data.refresh import Report, as_json, build_demo, record_last_run, refresh
from data.refresh_lock import Busy
from data.settings import Settings
from data.strict import BrokenReference


def _has_real_files(settings: Settings) -> bool:
    folders = sorted(path.name for path in settings.inbox.iterdir()) if settings.inbox.is_dir() else []
    return any(not item.demo for folder in folders for item in inbox.dropped(settings.inbox, folder, []))


def _propose_open(settings: Settings, console: Console) -> None:
    """Beside a demo: there is more to see without any reserved file."""
    current = warehouse.current(settings.snapshots)
    if current and warehouse.describe(settings.snapshots, current).get("is_demo"):
        console.print("Données fictives. Pour les données publiques du jour à leur place, sans connexion : make open")


def _why_not_open(report: Report) -> str:
    """Why what is in force is not open, empty when it is."""
    if not report.reserved or report.error:
        return ""
    return french(
        f"Instantané non ouvert : il tient aussi de données réservées ({', '.join(report.reserved)}). Il n'est montré "
        "qu'aux personnes connectées (docs/access.md) ; « make run » le sert."
    )


def _summary(report: Report, console: Console) -> None:
    table = Table(title="Sources", title_justify="left")
    for name in ("Source", "Fichiers", "Lues", "Chargées", "En quarantaine", "Ignorées"):
        table.add_column(name, justify="left" if name == "Source" else "right")
    for line in report.sources:
        counts = (line[name] for name in ("files", "rows_in", "rows_loaded", "rows_quarantined", "rows_ignored"))
        table.add_row(line["key"], *(f"{count:,}".replace(",", " ") for count in counts))
    console.print(table)
    for line in report.sources:
        if line["error"]:
            console.print(f"[bold]{line['key']}[/bold] : {escape(visible(line['error']))}")
    for note in [*report.misplaced, *report.notes]:
        console.print(escape(visible(note)))
    if report.journal_error:
        console.print(escape(visible(report.journal_error)), style="bold")
    if report.error:
        kept = "le précédent reste en place" if report.snapshot else "il n'y en a aucun"
        print(f"Instantané non publié, {kept}. {visible(report.error)}", file=sys.stderr)
    elif report.changed:
        console.print(f"Instantané publié : {report.snapshot}")
    else:
        console.print(f"Rien de nouveau : l'instantané {report.snapshot} reste en place.")


def _failed(settings: Settings, error: str) -> Report:
    """A refresh that stopped: *Sources* says why, unless the disk refuses that too."""
    report = Report(warehouse.current(settings.snapshots), error=error)
    with suppress(OSError):
        record_last_run(settings, report)
    return report


def _send(settings: Settings, report: Report) -> None:
    """Alerts by e-mail, after the refresh and outside its lock; failures go to the same report."""
    sentences = sending.send(settings)
    report.notes += sentences
    if sentences:
        with suppress(OSError):
            record_last_run(settings, report)


@explain_failures
def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when a snapshot is published or nothing changed, 1 when none could be."""
    parser = argparse.ArgumentParser(prog="python -m data.build", description="Rafraîchit l'entrepôt de Vigistock.")
    parser.add_argument(
        "--demo", action="store_true", help="données fictives, écrites dans l'inbox puis lues comme les vraies"
    )
    parser.add_argument(
        "--first", action="store_true", help="ne fait rien si un instantané existe ; sinon fichiers déposés, ou démo"
    )
    parser.add_argument(
        "--open",
        action="store_true",
        help="données ouvertes : les lit par HTTP ; échoue si l'instantané n'est pas ouvert",
    )
    parser.add_argument(
        "--sources", help="clés séparées par des virgules ; les autres sources gardent leurs derniers fichiers"
    )
    parser.add_argument(
        "--offline", action="store_true", help="ne lit que les fichiers déposés, sans données ouvertes par HTTP"
    )
    parser.add_argument(
        "--send", action="store_true", help="envoie ensuite par courriel les alertes nouvelles ou aggravées"
    )
    parser.add_argument("--json", action="store_true", help="un objet JSON en dernière ligne")
    options = parser.parse_args(arguments)
    settings = Settings()
    console = Console(stderr=options.json)
    shown = warehouse.current(settings.snapshots)
    if options.first and shown and warehouse.has_shape_of_pages(settings.snapshots, shown):
        control.check()  # pages do not start either on a broken reference file
        _propose_open(settings, console)
        return 0
    keys = set(options.sources.split(",")) if options.sources else None
    unknown = (keys or set()) - base.discover().keys()
    if unknown:
        parser.error(f"source inconnue : {', '.join(sorted(unknown))} ; connues : {', '.join(base.discover())}")
    try:
        if options.demo or (options.first and not _has_real_files(settings)):
            control.check()  # before the minute that the demo takes to write
            report = build_demo(settings, console)
        else:
            check_replay(settings)
            report = refresh(settings, keys, fetch=not options.offline, asks_open=options.open, console=console)
    except Busy as failure:
        report = Report(warehouse.current(settings.snapshots), error=str(failure))
    except (BrokenReference, WrongClock) as failure:
        report = _failed(settings, str(failure))
    except OSError as failure:
        report = _failed(settings, disk_sentence(failure, settings.home))
    return _reported(options, settings, report, console)


def _reported(options: argparse.Namespace, settings: Settings, report: Report, console: Console) -> int:
    """The end of a refresh, as its options ask; the exit code."""
    if options.send:
        _send(settings, report)
    _summary(report, console)
    if options.json:
        print(json.dumps(as_json(report), ensure_ascii=False, default=str))
    if options.first:
        _propose_open(settings, console)
    if options.open and (why := _why_not_open(report)):
        print(visible(why), file=sys.stderr)
        return 1
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
