"""Visit the first page of a dashboard over its web socket, as a browser does: ``first_page.py PORT``.

Waits until the server answers, then checks that the page asks its question and draws the demo without an error. Needs
nothing but the packages of the dashboard. Exit code: 0 the page is there, 1 it is not, with what was received.
"""

from __future__ import annotations

import sys
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

QUESTION = "Quelles molécules demandent une action ce matin"
PATIENCE_S = 600


def main(port: int) -> int:
    """Ask for the page once the server listens."""
    with _connected(f"ws://127.0.0.1:{port}/_stcore/stream", f"http://127.0.0.1:{port}") as socket:
        socket.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        drawn = _drawn(socket)
    texts = "\n".join(str(message.delta) for message in drawn)
    if QUESTION.encode() in b"".join(message.SerializeToString() for message in drawn) and "exception {" not in texts:
        print(f"First page: « {QUESTION} ? », {len(drawn)} elements.")
        return 0
    print(texts[-5000:], file=sys.stderr)
    return 1


def _connected(address: str, origin: str) -> ClientConnection:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return connect(address, origin=origin, max_size=None)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def _drawn(socket: ClientConnection) -> list[ForwardMsg]:
    """Everything the first run puts on the page, to its end."""
    drawn: list[ForwardMsg] = []
    while True:
        frame = socket.recv(timeout=PATIENCE_S)
        message = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        kind = message.WhichOneof("type")
        if kind == "delta":
            drawn.append(message)
        elif kind == "script_finished":
            return drawn


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
