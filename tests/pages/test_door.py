"""The places where the framework is held are still there, and what passes is a list written here a second time."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from streamlit import net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime
from streamlit.starlette import App
from streamlit.web.server import server_util
from streamlit.web.server.app_discovery import discover_asgi_app
from streamlit.web.server.starlette import starlette_server, starlette_websocket

from pages.components.access.sign_ins import memory
from pages.components.door import addresses, framework, origins
from pages.components.door.messages import Filter, Verdict
from pages.components.door.rooms import Room

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
    assert "ws_max_size" in starlette_server._get_uvicorn_config_kwargs()
    assert "_get_uvicorn_config_kwargs()" in inspect.getsource(starlette_server.UvicornRunner.run)
    assert callable(net_util.get_external_ip)


def test_held_it_says_nothing_of_the_machine_and_bounds_its_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, name in (
        (net_util, "get_external_ip"),
        (net_util, "get_internal_ip"),
        (Runtime, "connect_session"),
        (starlette_server, "_get_uvicorn_config_kwargs"),
        (framework.address.PagesManager, "uses_pages_directory"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))  # put back after the test
    framework.hold()
    framework.hold()
    assert net_util.get_external_ip() is None
    assert net_util.get_internal_ip() is None
    assert starlette_server._get_uvicorn_config_kwargs()["ws_max_size"] == 256_000
    assert not hasattr(Runtime.connect_session.__wrapped__, "__wrapped__")  # type: ignore[attr-defined]


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


def test_the_size_is_judged_before_the_message_is_read() -> None:
    assert Filter().judge(b"\xff" * 11, 10, is_open=True) is Verdict.TOO_BIG
    assert Filter().judge(b"\xff" * 10, 10, is_open=True) is Verdict.UNREADABLE
    assert Filter().judge(None, 10, is_open=True) is Verdict.NOT_BINARY


def test_the_memory_of_sign_ins_outlives_every_cache() -> None:
    import streamlit as st

    kept = memory()
    st.cache_resource.clear()
    st.cache_data.clear()
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
        ("https://vigistock.example", None, False),
        ("", "", False),
    ],
)
def test_an_origin_is_own_by_name_and_port(origin: str | None, host: str | None, own: bool) -> None:
    assert origins.is_own(origin, host) is own


def test_addresses_below_a_base_are_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.config, "get_option", lambda _: "/outils/")
    assert addresses.refusal("GET", "/outils/_stcore/upload_file/a/b") == 404
    assert addresses.refusal("GET", "/outils/_stcore/health") is None
    assert addresses.is_page("/outils/methode")
    assert not addresses.is_page("/outils/media/a")
