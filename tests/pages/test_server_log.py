"""The server's own log: whoever wrote what it repeats, a record is one line and nothing commands a terminal."""

from __future__ import annotations

import re
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from connectors.language.visible import HIDDEN
from pages.components.gate import server_log
from tests.browser.server import PROJECT
from tests.examples import examples

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
COMMAND = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
SCRIPT = r"""
import logging, sys
from streamlit.logger import get_logger
from pages.components.gate import server_log
early = get_logger("streamlit.early")       # its handler exists before the log is held
server_log.hold(); server_log.hold()
hostile = "intrus\x1b[2J\r\nERROR forged\u2028ERROR forged\x85\u202egpj\ud800 " + "x" * 50_000
for name in ("", "streamlit.late", "tornado.access", "uvicorn.error", "asyncio", "pages.components"):
    logger = get_logger(name) if name.startswith("streamlit") else logging.getLogger(name)
    for logger in (logger, early):
        logger.error(hostile)
        logger.error("got %s and %r, %d", hostile, hostile, 3)
        logger.error("got %(what)s", {"what": hostile})
        logger.error(ValueError(hostile))
        logger.error("does not fit %d", hostile)
        logger.error("with its stack", stack_info=True)
    try:
        try:
            raise ValueError(hostile)
        except ValueError as error:
            raise KeyError(hostile) from error
    except KeyError:
        logger.exception("failed")
from uvicorn.logging import AccessFormatter
handler = logging.StreamHandler(); handler.setFormatter(AccessFormatter("%(client_addr)s %(request_line)s %(status_code)s", use_colors=False))
access = logging.getLogger("uvicorn.access"); access.addHandler(handler); access.propagate = False; access.setLevel("INFO")
access.info('%s - "%s %s HTTP/%s" %d', hostile, "GET", "/" + hostile, "1.1", 200)
"""


def test_no_logger_of_the_process_repeats_what_it_was_sent() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, cwd=PROJECT, check=True)
    printed = done.stderr.decode("utf-8")
    lines = printed.split("\n")
    assert "Logging error" not in printed
    assert printed.count(r"intrus\x1b[2J\r\nERROR forged\u2028ERROR forged\x85\u202egpj\ud800 xx") > 50
    assert COMMAND.search(printed.replace("\n", "")) is None
    assert not [line for line in lines if line.startswith("ERROR")]
    assert max(map(len, lines)) < 3 * server_log.LONGEST_LINE
    assert "  | KeyError" in printed
    assert "  |   File" in printed  # a trace is set back


@examples(fast=80, long=5_000)
@given(ANYTHING)
def test_a_line_holds_no_command_and_ordinary_words_are_as_written(anything: str) -> None:
    shown = server_log.line(anything)
    assert COMMAND.search(shown) is None
    assert server_log.line(shown) == shown
    if HIDDEN.search(anything) is None:
        assert shown == anything


def test_a_long_text_is_cut_and_says_so() -> None:
    # 3 000 NUL would be 12 000 characters once written « \x00 ».
    assert server_log.line("\0" * 3000) == "\\x00" * 500 + "… (3000 characters)"
    shown = server_log.trace("\n".join(map(str, range(1000)))).split("\n")
    # 50 first, the count of the 800 left out, 150 last.
    assert len(shown) == 201
    assert (shown[49], shown[50], shown[51], shown[-1]) == ("  | 49", "  | … (800 lines)", "  | 850", "  | 999")
