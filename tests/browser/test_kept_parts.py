"""What never changes crosses the wire once a session: a click is only sent what it changed."""

from __future__ import annotations

from playwright.sync_api import WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.pages import MOST_KB
from tests.browser.test_history import went
from tests.browser.watch import Watched

SENT_ONCE = (b":root{--ink", b"window.vigistockLinks", b"window.vigistockSearch", b"window.vigistockLeaving")
PARTS = 2  # the style sheet, the scripts


def test_the_style_sheet_and_the_scripts_are_sent_once(demo_page: Watched) -> None:
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame.encode() if isinstance(frame, str) else frame))

    demo_page.page.on("websocket", listen)
    demo_page.open("/declarations")
    first = b"".join(frames)
    assert all(part in first for part in SENT_ONCE)
    for click in ('.vs-more a:has-text("Afficher plus")', '.vs-bar a[href="/territoires"]'):
        frames.clear()
        went(demo_page, demo_page.page.locator(click).first.click)
        sent = b"".join(frames)
        assert not [part for part in SENT_ONCE if part in sent]
        names = [ForwardMsg.FromString(frame).ref_hash for frame in frames]
        assert len([name for name in names if name]) >= PARTS
        assert 5_000 < len(sent) < 1000 * MOST_KB
    assert not demo_page.exceptions()
