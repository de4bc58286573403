"""``python -m data.demo --home DIR --until 2026-11-22 [--since-last]``: deposit demo files in the inbox."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from data.command import explain_failures
from data.demo.generate import DEFAULT_SEED, generate
from data.files import read_json, write_json
from data.reference import control
from data.settings import Settings


@explain_failures
def main(arguments: list[str] | None = None) -> int:
    """Exit code 0; 2 when the day is outside the world already written."""
    parser = argparse.ArgumentParser(prog="python -m data.demo", description="Écrit des fichiers fictifs dans l'inbox.")
    settings = Settings()
    parser.add_argument("--home", type=Path, default=settings.home, help="dossier qui contient inbox/")
    parser.add_argument("--until", type=date.fromisoformat, default=settings.today, help="jour, AAAA-MM-JJ")
    parser.add_argument("--since-last", action="store_true", help="seulement ce qui est paru depuis le dernier appel")
    parser.add_argument("--small", action="store_true", help="quelques molécules, 60 semaines")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    options = parser.parse_args(arguments)
    control.check()
    inbox, state = options.home / "inbox", options.home / "inbox" / "demo.json"
    last_call = (read_json(state) if options.since_last else None) or {}
    anchor = date.fromisoformat(last_call.get("anchor", options.until.isoformat()))
    last = last_call.get("last") or last_call.get("anchor")
    try:
        written = generate(
            inbox,
            options.until,
            seed=last_call.get("seed", options.seed),
            scale=last_call.get("scale", "small" if options.small else "full"),
            previous=date.fromisoformat(last) if last else None,
            anchor=anchor,
        )
    except (ValueError, OverflowError) as failure:
        print(f"Rien d'écrit : {failure}", file=sys.stderr)
        return 2
    scale = last_call.get("scale", "small" if options.small else "full")
    record = {"anchor": anchor, "last": options.until, "seed": last_call.get("seed", options.seed), "scale": scale}
    write_json(state, record)
    print(f"{len(written)} fichiers fictifs déposés dans {inbox} au {options.until:%d/%m/%Y}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
