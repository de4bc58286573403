"""Where the framework is patched: a test fails when a version no longer has one of these functions."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import cache, wraps
from typing import Any

from starlette.middleware import Middleware
from streamlit import net_util
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.app_session import AppSession
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets import websockets_sansio_impl

from pages.components.gate import parcels, server_log
from pages.components.gate.gate import CONNECTION, Gate
from pages.components.gate.rooms import LONGEST_MESSAGE
from pages.components.search import ready
from pages.components.shell import address


def hold() -> None:
    """Once a process, before it listens."""
    address.own_navigation()
    server_log.hold()
    if hasattr(Runtime.connect_session, "__wrapped__"):
        return
    vars(net_util).update(get_external_ip=_nothing, get_internal_ip=_nothing)
    setattr(Runtime, "connect_session", _counted(Runtime.connect_session))  # noqa: B010 – a method is not assigned to
    _bound_frames()
    _send_at_once()
    _read_theme_once()
    together = parcels.sent_together(AppSession._on_scriptrunner_event)  # noqa: SLF001 – a test fails when it is no longer there
    setattr(AppSession, "_on_scriptrunner_event", together)  # noqa: B010 – a method is not assigned to


def middleware() -> list[Middleware]:
    return [Middleware(Gate)]


@asynccontextmanager
async def held(_app: Any) -> AsyncIterator[None]:
    """Under ``streamlit run`` too, where nothing of ours runs before the server is made."""
    hold()
    with ready.kept_ready():
        yield


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ctrl+C and systemd end the server as it should end: code 0, nothing in English. It raises its signal again last."""
    earlier = {kind: signal.signal(kind, lambda *_: sys.exit(0)) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in earlier.items():
            signal.signal(kind, handler)


def _nothing() -> None:
    """The address of this machine: the framework would ask a third party for it, while everybody waits."""


def _counted(connect: Callable[..., str]) -> Callable[..., str]:
    """A session begins: its visitor is known at last. Raises Refused when there is no room."""

    @wraps(connect)
    def connect_session(self: Runtime, client: Any, user_info: Mapping[str, Any], *rest: Any, **named: Any) -> str:
        connection = CONNECTION.get(None)
        if connection is not None:
            connection.enter(user_info)
        session_id = connect(self, client, user_info, *rest, **named)
        if connection is not None:
            connection.session_id = session_id
        return session_id

    return connect_session


def _bound_frames() -> None:
    """A frame longer than any message is refused as soon as it says so, not once it is whole in memory.

    At each web socket: under ``streamlit run`` the server has read its own limit before anything of ours runs.
    """
    protocol = websockets_sansio_impl.WebSocketsSansIOProtocol
    given = protocol.__init__

    @wraps(given)
    def bounded(self: Any, config: Any, *rest: Any, **named: Any) -> None:
        config.ws_max_size = LONGEST_MESSAGE
        given(self, config, *rest, **named)

    setattr(protocol, "__init__", bounded)  # noqa: B010 – a method is not assigned to


def _send_at_once() -> None:
    """Each part of an answer leaves when it is written.

    The framework's socket names no protocol, so that asyncio does not know it for TCP and leaves the system to hold a
    short message back until the browser acknowledged the one before: forty milliseconds a click. A web socket begins as a
    request on the same connection.
    """
    given = AutoHTTPProtocol.connection_made

    @wraps(given)
    def connection_made(self: Any, transport: Any) -> None:
        held = transport.get_extra_info("socket")
        if held is not None and held.family in (socket.AF_INET, socket.AF_INET6):
            held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        given(self, transport)

    setattr(AutoHTTPProtocol, "connection_made", connection_made)  # noqa: B010 – a method is not assigned to


def _read_theme_once() -> None:
    """The theme is sent with each run, six times over; its settings do not change while a server runs."""
    given = app_session._populate_theme_msg  # noqa: SLF001 – a test fails when it is no longer there

    @cache
    def written(section: str) -> bytes:
        found = CustomThemeConfig()
        given(found, section)
        made: bytes = found.SerializeToString()
        return made

    @wraps(given)
    def populate(message: CustomThemeConfig, section: str = "theme") -> None:
        if found := written(section):
            message.MergeFromString(found)

    vars(app_session).update(_populate_theme_msg=populate)
