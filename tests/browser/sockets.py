"""Web sockets opened by no page: whatever a program sends to a dashboard, and what it is answered."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

STREAM = "/_stcore/stream"
ANSWER_S = 60
FOREIGN = "https://ailleurs.example"


def opened(
    address: str, origin: str | None = None, *, sender: str | None = None, authority: Path | None = None
) -> ClientConnection:
    """``sender``: the address of the client, as a proxy tells it. Raises InvalidStatus when the handshake is refused."""
    return connect(
        address.replace("http", "ws", 1) + STREAM,
        origin=origin,  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers={"X-Forwarded-For": sender} if sender else None,
        ssl=ssl.create_default_context(cafile=str(authority)) if authority else None,
        max_size=None,
        proxy=None,
        open_timeout=ANSWER_S,
    )


def refusal(address: str, origin: str | None, **named: Any) -> int:
    """Status of a handshake; 101 when it is accepted."""
    try:
        opened(address, origin, **named).close()
    except InvalidStatus as refused:
        return refused.response.status_code
    return 101


def rerun(size: int = 0) -> bytes:
    """The page is asked for, with as many bytes of a widget that no page has."""
    asked = BackMsg()
    asked.rerun_script.SetInParent()
    if size:
        asked.rerun_script.widget_states.widgets.add(id="x", string_value="a" * size)
    return asked.SerializeToString()


def first(socket: ClientConnection, kind: str) -> ForwardMsg:
    """The next message of one kind. Raises ConnectionClosed."""
    while True:
        frame = socket.recv(timeout=ANSWER_S)
        message = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        if message.WhichOneof("type") == kind:
            return message


def heard(socket: ClientConnection, *sent: bytes) -> list[str]:
    """Kinds of what is answered to messages, up to the answer to a sign of life sent after them."""
    for message in (*sent, BackMsg(app_heartbeat=True).SerializeToString()):
        socket.send(message)
    kinds: list[str] = []
    while "heartbeat_ack" not in kinds:
        frame = socket.recv(timeout=ANSWER_S)
        kinds.append(
            str(ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode()).WhichOneof("type"))
        )
    return kinds[:-1]


def end(socket: ClientConnection) -> int:
    """Code of the closing, once everything sent before was read."""
    try:
        while True:
            socket.recv(timeout=ANSWER_S)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006


def code_after(address: str, *sent: bytes | str) -> int:
    with opened(address) as socket:
        for message in sent:
            socket.send(message)
        return end(socket)


@contextmanager
def crowd(address: str, count: int, sender: str = "") -> Iterator[list[ClientConnection]]:
    """As many sessions that the server has let in; they leave together. ``sender``: « 10.1.0.{} », one address each."""
    with ExitStack() as stack:
        inside = []
        for number in range(count):
            socket = stack.enter_context(opened(address, sender=sender.format(number) if sender else None))
            heard(socket)
            inside.append(socket)
        yield inside
