"""The places where the framework is held are still there, and what passes is a list written here a second time."""

from __future__ import annotations

import asyncio
import inspect
import math
import socket
import threading
from collections.abc import Callable
from inspect import unwrap
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit import config, net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import ScriptRunnerEvent
from streamlit.starlette import App
from streamlit.web.server import server_util
from streamlit.web.server.app_discovery import discover_asgi_app
from streamlit.web.server.starlette import starlette_server, starlette_websocket
from uvicorn import Config
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from data.settings import SessionLimits
from pages.components.access.sign_ins import SignIn, memory
from pages.components.gate import addresses, framework, origins
from pages.components.gate.messages import Filter, Verdict
from pages.components.gate.parcels import sent_together
from pages.components.gate.rooms import Room, configured, rooms
from pages.components.once import Once

APP = Path(__file__).parents[2] / "app.py"
PASSED = {"rerun_script", "stop_script", "app_heartbeat"}
PASSED_IN_A_PAGE = {"deferred_file", "dataframe_chunk"}


def test_the_framework_is_held_where_it_was() -> None:
    """A new version that moves one of these asks for a new place before it is taken."""
    assert discover_asgi_app(APP).import_string == "app:app"
    assert {"middleware", "lifespan"} <= inspect.signature(App.__init__).parameters.keys()
    assert list(inspect.signature(Runtime.connect_session).parameters)[:3] == ["self", "client", "user_info"]
    assert "runtime.connect_session(" in inspect.getsource(starlette_websocket)
    assert {"net_util.get_external_ip", "net_util.get_internal_ip"} <= {
        word.strip(" ,") for word in inspect.getsource(server_util.is_url_from_allowed_origins).splitlines()
    }
    assert starlette_server._get_websocket_protocol() == "websockets-sansio"
    assert "max_size=self.config.ws_max_size" in inspect.getsource(WebSocketsSansIOProtocol.__init__)
    assert inspect.getsource(starlette_server).count('config.get_option("server.enableWebsocketCompression")') == 1
    assert config.get_option("server.enableWebsocketCompression") is False  # a short frame is a short message
    assert callable(net_util.get_external_ip)
    assert list(inspect.signature(app_session._populate_theme_msg).parameters) == ["msg", "section"]
    assert "on_event.connect(self._on_scriptrunner_event)" in inspect.getsource(AppSession._create_scriptrunner)
    given = list(inspect.signature(AppSession._handle_scriptrunner_event_on_event_loop).parameters)
    assert given == list(inspect.signature(AppSession._on_scriptrunner_event).parameters)


def test_held_it_says_nothing_of_the_machine_and_bounds_its_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, name in (
        (net_util, "get_external_ip"),
        (net_util, "get_internal_ip"),
        (Runtime, "connect_session"),
        (WebSocketsSansIOProtocol, "__init__"),
        (AutoHTTPProtocol, "connection_made"),
        (app_session, "_populate_theme_msg"),
        (AppSession, "_on_scriptrunner_event"),
        (PagesManager, "uses_pages_directory"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))  # put back after the test
    framework.hold()
    framework.hold()
    assert net_util.get_external_ip() is None
    assert net_util.get_internal_ip() is None
    served = Config(lambda: None, ws_max_size=50_000_000)
    WebSocketsSansIOProtocol(served, ServerState(), {}, asyncio.new_event_loop())
    assert served.ws_max_size == 256_000
    assert not hasattr(Runtime.connect_session.__wrapped__, "__wrapped__")  # type: ignore[attr-defined]


def test_held_it_sends_the_same_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    populate = app_session._populate_theme_msg
    monkeypatch.setattr(app_session, "_populate_theme_msg", populate)  # put back after the test
    framework._read_theme_once()
    for section in ("theme", "theme.light", "theme.dark.sidebar"):
        read, twice = NewSession(), [NewSession(), NewSession()]
        populate(read.custom_theme, section)
        for message in twice:
            app_session._populate_theme_msg(message.custom_theme, section)
        assert twice == [read, read]
        assert read.HasField("custom_theme") is (section == "theme")  # config.toml has no other section


def test_parts_of_a_page_are_delivered_in_their_order_with_its_end() -> None:
    """Thirty parts: the sending thread is called for the beginning, for what is drawn meanwhile, for the end."""
    calls, delivered = [], []

    class Session:
        _event_loop: Any = asyncio.new_event_loop()

        def _call_soon_on_event_loop(self, callback: Callable[[], None]) -> None:
            calls.append(callback)
            self._event_loop.call_soon_threadsafe(callback)

        def _handle_scriptrunner_event_on_event_loop(self, _: object, event: ScriptRunnerEvent, **rest: object) -> None:
            delivered.append(rest.get("forward_msg", event))
            if rest.get("forward_msg") == 7:
                raise ValueError("one part")
            if event is ScriptRunnerEvent.SHUTDOWN:
                self._event_loop.stop()

    session, failures = Session(), []
    on_event: Any = sent_together(AppSession._on_scriptrunner_event)

    def page() -> None:
        on_event(session, None, event=ScriptRunnerEvent.SCRIPT_STARTED)
        for part in range(30):
            on_event(session, None, event=ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=part)
        on_event(session, None, event=ScriptRunnerEvent.SHUTDOWN)

    session._event_loop.set_exception_handler(lambda _, found: failures.append(found["exception"]))
    thread = threading.Thread(target=page)
    thread.start()
    thread.join(10)
    session._event_loop.run_forever()
    session._event_loop.close()
    assert delivered == [ScriptRunnerEvent.SCRIPT_STARTED, *range(30), ScriptRunnerEvent.SHUTDOWN]
    assert len(calls) == 3
    assert [str(failure) for failure in failures] == ["one part"], "what fails takes nothing away from what follows"


def test_a_part_of_a_slow_page_does_not_wait_for_the_next() -> None:
    delivered = []

    class Session:
        _event_loop: Any = asyncio.new_event_loop()

        def _call_soon_on_event_loop(self, callback: Callable[[], None]) -> None:
            self._event_loop.call_soon_threadsafe(callback)

        def _handle_scriptrunner_event_on_event_loop(self, _: object, event: object, *, forward_msg: int) -> None:  # noqa: ARG002
            delivered.append(forward_msg)
            self._event_loop.stop()

    session = Session()
    on_event: Any = sent_together(AppSession._on_scriptrunner_event)
    on_event(session, None, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=1)
    session._event_loop.run_forever()
    on_event(session, None, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=2)
    session._event_loop.run_forever()
    session._event_loop.close()
    assert delivered == [1, 2]


def test_held_it_sends_each_part_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the framework's own socket, which names no protocol: left to itself, asyncio lets the system hold parts back."""

    async def delays_nothing(server: socket.socket) -> bool:
        state, loop = ServerState(), asyncio.get_running_loop()
        protocol: Any = AutoHTTPProtocol
        served = await loop.create_server(lambda: protocol(Config(App(APP)), state, {}, loop), sock=server)
        _, writer = await asyncio.open_connection(*server.getsockname())
        while not state.connections:  # noqa: ASYNC110 – nothing of the server says that it has accepted
            await asyncio.sleep(0)
        (connection,) = cast("set[Any]", state.connections)
        held = connection.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        writer.close()
        served.close()
        return bool(held)

    def asked() -> bool:
        return asyncio.run(delays_nothing(starlette_server._bind_socket("127.0.0.1", 0, 5)))

    # As the framework gives it, whatever another test held; put back after the test.
    monkeypatch.setattr(AutoHTTPProtocol, "connection_made", unwrap(AutoHTTPProtocol.connection_made))
    assert not asked(), "the framework does it: framework._send_at_once can go"
    framework._send_at_once()
    assert asked()


@pytest.mark.parametrize("is_open", [True, False])
def test_every_other_message_is_dropped_those_of_tomorrow_too(is_open: bool) -> None:
    passed = set()
    for field in BackMsg.DESCRIPTOR.fields:
        message = BackMsg()
        if field.name != "backend_operation_request":
            _fill(message, field.name)
            passed |= {field.name} if _passes(message, is_open) else set()
            continue
        for payload in field.message_type.oneofs_by_name["payload"].fields:
            message = BackMsg()
            getattr(message.backend_operation_request, payload.name).SetInParent()
            passed |= {payload.name} if _passes(message, is_open) else set()
    assert passed == (PASSED | PASSED_IN_A_PAGE if is_open else PASSED)


def _fill(message: BackMsg, name: str) -> None:
    if hasattr(getattr(message, name), "SetInParent"):
        getattr(message, name).SetInParent()
    else:
        setattr(message, name, True)


def _passes(message: BackMsg, is_open: bool) -> bool:
    return Filter().judge(message.SerializeToString(), 1000, is_open=is_open) is Verdict.PASS


def test_of_several_kinds_in_one_message_the_one_that_is_judged_is_the_one_obeyed() -> None:
    """Bytes of two messages put end to end are one message: the last kind stands, whoever reads it."""
    allowed, dropped = BackMsg(app_heartbeat=True).SerializeToString(), BackMsg(clear_cache=True).SerializeToString()
    for data, verdict in ((allowed + dropped, Verdict.DROP), (dropped + allowed, Verdict.PASS)):
        kind = BackMsg.FromString(data).WhichOneof("type")
        assert Filter().judge(data, 1000, is_open=True) is verdict
        assert kind == ("app_heartbeat" if verdict is Verdict.PASS else "clear_cache")
    unknown = b"\xfa\x7f\x01x"  # a field of no version: nothing that a page needs
    assert Filter().judge(unknown, 1000, is_open=True) is Verdict.DROP
    assert Filter().judge(b"", 1000, is_open=True) is Verdict.DROP


def test_the_size_is_judged_before_the_message_is_read() -> None:
    assert Filter().judge(b"\xff" * 11, 10, is_open=True) is Verdict.TOO_BIG
    assert Filter().judge(b"\xff" * 10, 10, is_open=True) is Verdict.UNREADABLE
    assert Filter().judge(None, 10, is_open=True) is Verdict.NOT_BINARY


def test_the_memory_of_sign_ins_outlives_every_cache() -> None:
    kept = memory()
    Once.forget()
    assert memory() is kept


def test_places_are_counted_by_address_and_given_back() -> None:
    room = Room(sessions=3, of_one_address=2, message_bytes=1)
    for address in ("a", "a"):
        room.enter(address)
    assert (room.is_full("a"), room.is_full("b")) == (True, False)
    room.enter("b")
    assert room.is_full("c")
    room.leave("a")
    assert (room.is_full("a"), room.is_full("c")) == (False, False)
    room.leave("a")
    room.leave("b")
    assert not room._present


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("https://vigistock.example", "vigistock.example", True),
        ("https://Vigistock.example:8443", "vigistock.example:8443", True),
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        (None, "vigistock.example", True),  # no browser, no cookie read
        ("http://localhost:3000", "localhost:8501", False),
        ("https://vigistock.example.ailleurs.example", "vigistock.example", False),
        ("https://qui@vigistock.example", "vigistock.example", False),
        ("null", "vigistock.example", False),
        ("http://[", "[", False),
        ("http://[::1]:8501", "[::1]:8501", True),
        ("HTTPS://VIGISTOCK.EXAMPLE", "vigistock.example", True),
        ("https://vigistock.example.", "vigistock.example", False),
        ("https://vigistock.example:443", "vigistock.example", False),  # no browser writes the port of its scheme
        ("https://vigistock.example:", "vigistock.example", False),
        ("https://vigistock.example/", "vigistock.example", False),
        ("https://vigistock.example#.ailleurs.example", "vigistock.example", False),
        ("https://vigistock.example?.ailleurs.example", "vigistock.example", False),
        ("https://vigi\tstock.example", "vigistock.example", False),
        (" https://vigistock.example", "vigistock.example", False),
        ("https://vigistock.example https://ailleurs.example", "vigistock.example", False),
        ("https://xn--vgistock-3ya.example", "vigistock.example", False),
        ("https://vıgistock.example", "vigistock.example", False),
        ("https://VIGISTOC\u212a.example", "vigistock.example", False),  # the Kelvin sign, « k » in lower case
        ("wss://vigistock.example", "vigistock.example", False),
        ("https://", "", False),
        ("chrome-extension://vigistock.example", "vigistock.example", False),
        ("https://vigistock.example", None, False),
        ("", "", False),
    ],
)
def test_an_origin_is_own_by_name_and_port(origin: str | None, host: str | None, own: bool) -> None:
    assert origins.is_own(origin, host) is own


@pytest.mark.parametrize(
    "iat", [None, "1764500000", "", "x", True, [1764500000], {}, math.nan, math.inf, -math.inf, 1e300, -1e300, 10**30]
)
def test_a_date_of_sign_in_that_is_none_opens_no_session(iat: object) -> None:
    passage = SignIn.of({"iss": "i", "sub": "s", "nonce": "n", "iat": iat})
    assert passage.ends_at(10) is None
    assert len(passage.key) == 24


@pytest.mark.parametrize("iat", [-1, 0, -62_135_596_800, 0.5])
def test_a_sign_in_of_long_ago_is_over(iat: float) -> None:
    end = SignIn.of({"iat": iat}).ends_at(10)
    assert end is not None
    assert end.year < 1971


def test_places_are_those_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = SessionLimits(not_signed_in=7, not_signed_in_of_one_address=3, signed_in=9, without_sign_in=5)
    found = rooms(asked)
    assert (found.before_sign_in.sessions, found.before_sign_in.of_one_address) == (7, 3)
    assert (found.without_sign_in.sessions, found.signed_in.sessions) == (5, 9)
    monkeypatch.setenv("VIGISTOCK_SESSIONS__SIGNED_IN", "11")
    assert configured().signed_in.sessions == 11
    monkeypatch.setenv("VIGISTOCK_SESSIONS__SIGNED_IN", "0")
    assert configured().signed_in.sessions == 500  # refused in French by the command and by the pages


@pytest.mark.parametrize(
    "path",
    [
        *("/_stcore/upload_file/a/b", "//_stcore/upload_file/a/b", "/_stcore/upload_file", "_stcore/upload_file/a/b"),
        *(
            "/_stcore/health/",
            "/_stcore/health/../upload_file/a/b",
            "/_stcore/stream/../metrics",
            "/_stcore",
            "/_stcore/./metrics",
        ),
        *("/component/a", "/app/static/a", "/_stcore/script-health-check", "/_stcore/agent/openapi.json"),
    ],
)
def test_no_other_spelling_of_a_closed_address_is_served(path: str) -> None:
    assert addresses.refusal("GET", path) == 404
    for method in ("PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "put", "get", ""):
        assert addresses.refusal(method, path) == 405
        assert addresses.refusal(method, "/methode") == 405


def test_addresses_below_a_base_are_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda _: "/outils/")
    assert addresses.refusal("GET", "/outils/_stcore/upload_file/a/b") == 404
    assert addresses.refusal("GET", "/outils/_stcore/health") is None
    assert addresses.is_page("/outils/methode")
    assert not addresses.is_page("/outils/media/a")
