"""How a command ends when it cannot go on: one French sentence on the error output, exit code 1."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from connectors.language.visible import visible
from data.files import disk_sentence
from data.strict import BrokenReference

P = ParamSpec("P")


class Stopped(Exception):
    """Something outside the program prevents it from going on; the message is a French sentence."""


def explain_failures(main: Callable[P, int]) -> Callable[P, int]:
    """Wraps a command: failures of settings, reference files, clock, journal and disk give a sentence, not a traceback."""

    @wraps(main)
    def run(*given: P.args, **named: P.kwargs) -> int:
        try:
            return main(*given, **named)
        except (BrokenReference, Stopped) as failure:
            sentence = str(failure)
        except OSError as failure:
            sentence = disk_sentence(failure, Path.cwd())
        print(visible(sentence), file=sys.stderr)  # noqa: T201 – output of the command
        return 1

    return run
