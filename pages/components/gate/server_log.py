"""The server's own log: a record is one line and a trace is indented, whoever wrote what they quote.

Held where every record is made, so that no logger nor handler of a library, present or to come, stands outside.
"""

from __future__ import annotations

import logging
from functools import wraps
from typing import Any

from connectors.language.visible import HIDDEN

LONGEST_LINE = 2_000  # characters
FIRST_LINES, LAST_LINES = 50, 150  # of a trace
_MARGIN = "  | "


def hold() -> None:
    """Once a process."""
    given = logging.getLogRecordFactory()
    if hasattr(given, "__wrapped__"):
        return

    @wraps(given)
    def cleaned(*args: Any, **named: Any) -> logging.LogRecord:
        return _clean(given(*args, **named))

    logging.setLogRecordFactory(cleaned)


def line(text: str) -> str:
    """What would start a line, command a terminal or hide is escaped as Python writes it; a long text is cut."""
    shown = HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text[:LONGEST_LINE])
    is_whole = len(text) <= LONGEST_LINE and len(shown) <= LONGEST_LINE
    return shown if is_whole else f"{shown[:LONGEST_LINE]}… ({len(text)} characters)"


def trace(text: str) -> str:
    """Several lines, none of which can be taken for a record."""
    lines = text.split("\n")
    left_out = len(lines) - FIRST_LINES - LAST_LINES
    if left_out > 0:
        lines = [*lines[:FIRST_LINES], f"… ({left_out} lines)", *lines[-LAST_LINES:]]
    return "\n".join(f"{_MARGIN}{line(one)}" for one in lines)


def _clean(record: logging.LogRecord) -> logging.LogRecord:
    if isinstance(record.args, tuple):  # kept apart: some formatters read them one by one
        record.args = tuple(line(value) if isinstance(value, str) else value for value in record.args)
    try:
        message = record.getMessage()
    except Exception:  # noqa: BLE001 – a template and arguments that do not fit: shown as they are, escaped
        message = f"{record.msg!r} {record.args!r}"
        record.msg, record.args = line(message), None
    is_bounded = isinstance(record.args, tuple) and all(isinstance(value, str | int | float) for value in record.args)
    if HIDDEN.search(message) or (len(message) > LONGEST_LINE and not is_bounded):
        record.msg, record.args = line(message), None
    if record.exc_info:
        record.exc_text = trace(logging.Formatter().formatException(record.exc_info))
    if record.stack_info:
        record.stack_info = trace(record.stack_info)
    return record
