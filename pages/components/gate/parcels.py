"""Parts of a page on their way from the thread that makes it to the one that sends it, together rather than one by one.

The framework wakes the sending thread for each part, some thirty times a page, and each time the two change places at the
processor. It sends what it has every five milliseconds anyway.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime_util import MESSAGE_FLUSH_INTERVAL_SECS
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

_NAME = "vigistock_waiting"


@dataclass
class _Waiting:
    """Events of one session, in their order. ``is_called``: the sending thread comes for them."""

    events: deque[tuple[Any, ScriptRunnerEvent, dict[str, Any]]] = field(default_factory=deque)
    is_called: bool = False


def sent_together(given: Callable[..., None]) -> Callable[..., None]:
    """In the place of ``AppSession._on_scriptrunner_event``: beginning and end of a page do not wait, nor what stands before."""

    @wraps(given)
    def on_event(self: AppSession, sender: Any, event: ScriptRunnerEvent, **rest: Any) -> None:
        waiting: _Waiting = vars(self).get(_NAME) or vars(self).setdefault(_NAME, _Waiting())
        waiting.events.append((sender, event, rest))
        if event is not ScriptRunnerEvent.ENQUEUE_FORWARD_MSG:
            self._call_soon_on_event_loop(partial(_deliver, self, waiting))
        elif not waiting.is_called:
            waiting.is_called = True
            self._call_soon_on_event_loop(partial(_deliver_soon, self, waiting))

    return on_event


def _deliver_soon(session: AppSession, waiting: _Waiting) -> None:
    session._event_loop.call_later(MESSAGE_FLUSH_INTERVAL_SECS, partial(_deliver, session, waiting))  # noqa: SLF001


def _deliver(session: AppSession, waiting: _Waiting) -> None:
    waiting.is_called = False  # before the first is taken: what comes from now on calls again
    while waiting.events:
        sender, event, rest = waiting.events.popleft()
        try:
            session._handle_scriptrunner_event_on_event_loop(sender, event, **rest)  # noqa: SLF001
        except BaseException:
            session._event_loop.call_soon(partial(_deliver, session, waiting))  # noqa: SLF001
            raise
