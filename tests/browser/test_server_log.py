"""What somebody not signed in sends is repeated by the server's own log escaped, or not at all."""

from __future__ import annotations

import re
import socket
from urllib.parse import quote, urlsplit

import requests

from tests.browser.provider import Service

COMMAND = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
LONGEST = 5_000
FORGED = "2026-11-30 09:00:00.000 ERROR forged"
HOSTILE = f"intrus\x1b[2J\x1b]0;title\x07\r\n{FORGED}\u2028{FORGED}\x85{FORGED}\u202egpj"


def sent(address: str, request: bytes) -> bytes:
    """Bytes as they are: a library would correct them."""
    target = urlsplit(address)
    with socket.create_connection((target.hostname, target.port), timeout=10) as opened:
        opened.sendall(request)
        return opened.recv(1000)


def test_what_an_anonymous_caller_sends_neither_forges_a_line_nor_commands_a_terminal(known: Service) -> None:
    before = len(known.printed)
    for error, description in ((HOSTILE, HOSTILE), ("intrus-long", "x" * 20_000), ("intrus-nul", "\0" * 3_000)):
        asked = f"{known.address}/oauth2callback?error={quote(error)}&error_description={quote(description)}"
        assert requests.get(asked, timeout=20, allow_redirects=False).status_code in {302, 307}
    odd = HOSTILE.encode().replace(b"\r\n", b" ")
    for head in (
        b"GET /oauth2callback?error=intrus-brut\x1b[2J HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"GET /" + odd.replace(b" ", b"%20") + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"GET /auth/login?provider=" + quote(HOSTILE).encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"GET /auth/logout HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: _streamlit_user=" + odd + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: " + odd + b"\r\nUser-Agent: " + odd + b"\r\nX-Forwarded-For: " + odd + b"\r\n",
        b"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: http://" + odd + b"\r\n",
        odd + b" / HTTP/1.1\r\n",
    ):
        sent(known.address, head + b"Connection: close\r\n\r\n")
    assert requests.get(f"{known.address}/_stcore/health", timeout=10).ok
    printed = known.printed[before:]
    # Streamlit itself takes CR and LF out of these two; the rest is our concern.
    assert r"Error during authentication: intrus\x1b[2J\x1b]0;title\x07" in printed
    assert "… (20000 characters)" in printed
    assert COMMAND.search(printed) is None
    assert not [line for line in re.split(r"[\n\x85\u2028]", printed) if line.startswith(FORGED)]
    assert max(map(len, printed.split("\n"))) < LONGEST
