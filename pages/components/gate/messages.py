"""Messages that browsers may send: those that pages need. The framework knows others, which act on everybody."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from enum import Enum

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg

_LOGGER = logging.getLogger(__name__)

# Run the page again, stop it, say that the tab is alive.
_OF_ANYBODY = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
# What a page offers later than it is drawn: a file at the press of its button, the rest of a long table.
_OF_A_PAGE = frozenset({"deferred_file", "dataframe_chunk"})


class Verdict(Enum):
    """What becomes of a message; the numbers are codes of the web socket that close it."""

    PASS = 0
    DROP = 1
    UNREADABLE = 1002
    NOT_BINARY = 1003
    TOO_BIG = 1009


@dataclass
class Filter:
    """``is_open``: whether the session may be given a page, rather than the closed page."""

    _logged: set[str] = field(default_factory=set)

    def judge(self, data: bytes | None, longest: int, *, is_open: bool) -> Verdict:
        if data is None:
            return Verdict.NOT_BINARY
        if len(data) > longest:
            self._tell("too long")
            return Verdict.TOO_BIG
        try:
            kind = _kind(BackMsg.FromString(data))
        except DecodeError:
            return Verdict.UNREADABLE
        if kind in _OF_ANYBODY or (is_open and kind in _OF_A_PAGE):
            return Verdict.PASS
        self._tell(kind)
        return Verdict.DROP

    def _tell(self, kind: str) -> None:
        """Once for each kind, named by the framework and never by the sender."""
        if kind not in self._logged:
            self._logged.add(kind)
            _LOGGER.warning("a browser sent a message that no page needs (%s): dropped, logged once", kind)


def _kind(message: BackMsg) -> str:
    kind: str | None = message.WhichOneof("type")
    if kind == "backend_operation_request":
        kind = message.backend_operation_request.WhichOneof("payload")
    return kind or "nothing"
