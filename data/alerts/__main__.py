"""``python -m data.alerts``: what each recipient would receive; ``--send`` sends it. Exit code 0 unless nothing is published."""

from __future__ import annotations

import argparse
import sys

from connectors.language.typography import french
from data import warehouse
from data.alerts.publishing import open_alerts, publish
from data.alerts.reading import every_audience, heard
from data.alerts.sending import send
from data.alerts.words import count
from data.command import explain_failures
from data.reference import control
from data.settings import Settings


@explain_failures
def main(arguments: list[str] | None = None) -> int:
    """Count the open alerts of each audience, or send the digests."""
    parser = argparse.ArgumentParser(prog="python -m data.alerts", description="Alertes de l'instantané en vigueur.")
    parser.add_argument("--send", action="store_true", help="envoie par courriel ce qui est nouveau ou aggravé")
    parser.add_argument("--feeds", action="store_true", help="réécrit les flux Atom")
    options = parser.parse_args(arguments)
    settings = Settings()
    control.check()
    snapshot = warehouse.current(settings.snapshots)
    if snapshot is None:
        print("Aucun instantané publié.", file=sys.stderr)  # noqa: T201 – output of the command
        return 1
    print("\n".join(_asked(settings, snapshot, options)))  # noqa: T201
    return 0


def _asked(settings: Settings, snapshot: str, options: argparse.Namespace) -> list[str]:
    """What was done, or the count of each audience."""
    lines = [] if options.send or options.feeds else _counts(settings, snapshot)
    lines += publish(settings, snapshot) if options.feeds else []
    lines += send(settings) or ["Aucun courriel à envoyer."] if options.send else []
    return lines


def _counts(settings: Settings, snapshot: str) -> list[str]:
    open_by_artefact = open_alerts(settings, snapshot)
    return [
        french(
            f"{audience.label} : {count(len(heard(open_by_artefact[audience.artefact], audience)), 'alerte', 'alertes')}"
        )
        for audience in every_audience()
    ]


if __name__ == "__main__":
    sys.exit(main())
