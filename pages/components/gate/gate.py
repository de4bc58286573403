"""The gate in front of the framework's own application: nothing reaches it that pages do not need."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.server_util import AUTH_COOKIE_NAME

from pages.components.access import identity
from pages.components.gate import addresses, origins
from pages.components.gate.messages import Filter, Verdict
from pages.components.gate.rooms import Room, Rooms, configured
from pages.components.templating import render

_LOGGER = logging.getLogger(__name__)
_FOREIGN_ORIGIN, _COME_BACK_LATER = 1008, 1013
_RETRY_S = 15

FULL = "Trop de visiteurs à la fois."
# Where a page goes when there was no room for its web socket; it returns to its address after a while.
_TURNED_AWAY = "plein"


class Refused(Exception):
    """No room for one more session of this kind."""


@dataclass
class Connection:
    """One web socket. Its room is known once the framework has read its cookies."""

    address: str
    rooms: Rooms
    room: Room | None = None
    session_id: str | None = None

    def enter(self, user: Mapping[str, Any]) -> None:
        """Raises Refused."""
        room = self.rooms.of(is_signed_in=user.get("is_logged_in") is True, is_sign_in_asked=identity.asks_sign_in())
        if room.is_full(self.address):
            raise Refused
        room.enter(self.address)
        self.room = room

    @property
    def is_open(self) -> bool:
        return self.room is not self.rooms.before_sign_in

    def leave(self) -> None:
        """Somebody who never signed in has nothing to come back to: their session ends with its web socket."""
        if self.room is None:
            return
        self.room.leave(self.address)
        if self.session_id and not self.is_open and not runtime.get_instance().is_active_session(self.session_id):
            runtime.get_instance().close_session(self.session_id)


CONNECTION: ContextVar[Connection] = ContextVar("vigistock-connection")


class Gate:
    """ASGI middleware, outside all of the framework's."""

    def __init__(self, app: ASGIApp, rooms: Rooms | None = None) -> None:
        self._app = app
        self._rooms = rooms or configured()
        self._filter = Filter()
        self._foreign_logged = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._web_socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        if status := addresses.refusal(scope["method"], scope["path"]):
            await PlainTextResponse("", status)(scope, receive, send)
        elif addresses.is_page(scope["path"]) and (_is_turned_away(scope) or self._is_full(scope)):
            page = render(
                "components/gate/full", seconds=_RETRY_S, reason=FULL, back="; url=?" if _is_turned_away(scope) else ""
            )
            retry = {"Retry-After": str(_RETRY_S), "Cache-Control": "no-store"}
            await HTMLResponse(page, 429, retry)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_full(self, scope: Scope) -> bool:
        """A guess, before the web socket decides: a forged cookie gets the framework's files, and no session."""
        has_cookie = AUTH_COOKIE_NAME in HTTPConnection(scope).cookies
        room = self._rooms.of(is_signed_in=has_cookie, is_sign_in_asked=identity.asks_sign_in())
        return room.is_full(_address(scope))

    async def _web_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not origins.is_own(headers.get("origin"), headers.get("host")):
            self._tell_foreign()
            await receive()
            await send({"type": "websocket.close", "code": _FOREIGN_ORIGIN})
            return
        connection = Connection(_address(scope), self._rooms)
        wire = _Wire(receive, send, connection, self._filter)
        token = CONNECTION.set(connection)
        try:
            await self._app(scope, wire.receive, wire.send)
        except Refused:
            await wire.turn_away()
        finally:
            CONNECTION.reset(token)
            connection.leave()

    def _tell_foreign(self) -> None:
        if not self._foreign_logged:
            self._foreign_logged = True
            _LOGGER.warning("a page of another origin asked for a web socket: refused, logged once")


@dataclass
class _Wire:
    """A web socket of which the framework hears only what passes."""

    _receive: Receive
    _send: Send
    _connection: Connection
    _filter: Filter
    _is_closed: bool = False

    async def receive(self) -> Message:
        while True:
            message = await self._receive()
            room = self._connection.room
            if message["type"] != "websocket.receive" or room is None:
                return message
            data = message.get("bytes")
            verdict = self._filter.judge(data, room.message_bytes, is_open=self._connection.is_open)
            if verdict is Verdict.PASS:
                return message
            if verdict is not Verdict.DROP:
                await self._close(verdict.value)
                return {"type": "websocket.disconnect", "code": verdict.value}

    async def send(self, message: Message) -> None:
        if not self._is_closed:
            await self._send(message)

    async def turn_away(self) -> None:
        """Send the page to the French message that there is no room."""
        away = ForwardMsg()
        away.auth_redirect.url = f"?{_TURNED_AWAY}"
        await self.send({"type": "websocket.send", "bytes": away.SerializeToString()})
        await self._close(_COME_BACK_LATER, FULL)

    async def _close(self, code: int, reason: str = "") -> None:
        self._is_closed = True
        await self._send({"type": "websocket.close", "code": code, "reason": reason})


def _is_turned_away(scope: Scope) -> bool:
    return bool(scope["query_string"] == _TURNED_AWAY.encode())


def _address(scope: Scope) -> str:
    """The client's, as the proxy on this machine tells it."""
    client = scope.get("client")
    return str(client[0]) if client else ""
