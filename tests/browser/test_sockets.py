"""What a program that is no page sends to the process: messages, origins, files, too much, too many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.components.gate.rooms import LONGEST_MESSAGE
from tests.browser import sockets
from tests.browser.conftest import Visitor
from tests.browser.provider import PEOPLE, TABLE, Provider, Service, provider, service, sign_in
from tests.browser.server import BY_SCRIPT, BY_STREAMLIT, dashboard
from tests.browser.sockets import FOREIGN, first, heard, opened, rerun

WATCH = Path(__file__).with_name("watched")
LOOPBACK = re.compile(r"socket\.\w+ (127\.|::1|localhost|/)")


# Messages that the framework obeys and no page needs, each with what it would answer or do.
def message(**fields: Any) -> BackMsg:
    """A message by its fields, which protobuf takes as mappings, though its stubs do not."""
    return BackMsg(**fields)


OTHERS = {
    "clear_cache": BackMsg(clear_cache=True),
    "set_run_on_save": BackMsg(set_run_on_save=True),
    "load_git_info": BackMsg(load_git_info=True),
    "debug_disconnect_websocket": BackMsg(debug_disconnect_websocket=True),
    "debug_shutdown_runtime": BackMsg(debug_shutdown_runtime=True),
    "file_urls_request": message(file_urls_request={"request_id": "1", "file_names": ["a"], "session_id": "1"}),
    "install_skills": message(backend_operation_request={"request_id": "1", "session_id": "1", "install_skills": {}}),
    "dismiss_skills_nudge": message(
        backend_operation_request={"request_id": "1", "session_id": "1", "dismiss_skills_nudge": {}}
    ),
    "nothing": BackMsg(),
}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(BY_SCRIPT, id="app.py"),
        pytest.param(BY_STREAMLIT, id="streamlit run", marks=pytest.mark.long),
    ],
)
def plain(request: pytest.FixtureRequest, demo_folder: Path) -> Iterator[str]:
    """Both ways of starting are held."""
    with dashboard(demo_folder, request.param) as address:
        yield address


def test_nobody_outside_signs_everybody_out(demo_folder: Path, tmp_path: Path, visitor: Visitor) -> None:
    """Claims given at userinfo are known to the memory of sign-ins alone: emptied, every session would be over."""
    with (
        provider(tmp_path / "provider", "userinfo") as known,
        service(tmp_path / "service", demo_folder, known, "signe") as running,
    ):
        seen = visitor(running.address)
        seen.open("/methode")
        sign_in(seen, "sacha")
        assert "Sacha Leroux" in seen.text()
        known.stop()
        with opened(running.address) as anybody:
            heard(anybody, OTHERS["clear_cache"].SerializeToString())
        seen.open("/territoires")
        assert "Sacha Leroux" in seen.text()


def test_a_message_that_no_page_needs_has_no_answer_and_is_logged_once(known: Service) -> None:
    with opened(known.address) as anybody:
        for _ in range(3):
            for kind, asked in OTHERS.items():
                assert heard(anybody, asked.SerializeToString()) == [], kind
    printed = known.printed
    for kind in OTHERS:
        assert printed.count(f"no page needs ({kind})") == 1, kind


def test_before_sign_in_no_file_is_asked_for(known: Service) -> None:
    asked = message(backend_operation_request={"request_id": "1", "session_id": "1", "deferred_file": {"file_id": "1"}})
    with opened(known.address) as anybody:
        assert heard(anybody, asked.SerializeToString()) == []


def test_nothing_is_uploaded(plain: str) -> None:
    """With the session and the token that a page would have."""
    token = requests.get(f"{plain}/_stcore/health", timeout=10).cookies["_streamlit_xsrf"]
    with opened(plain) as anybody:
        anybody.send(rerun())
        session = first(anybody, "new_session").new_session.initialize.session_id
        own = f"_stcore/upload_file/{session}/1"
        for path in (
            own,
            f"/{own}",
            f"methode/{own}",
            f"%5fstcore{own.removeprefix('_stcore')}",
            "media/1",
            "methode",
            "",
        ):
            for method in ("PUT", "POST", "DELETE", "OPTIONS", "PATCH"):
                answer = requests.request(
                    method,
                    f"{plain}/{path}",
                    files={"file": b"x"},
                    headers={"X-Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}"},
                    timeout=10,
                )
                assert answer.status_code == 405, (method, path)
    closed = ("_stcore/upload_file/a/b", "_stcore/metrics", "_stcore/agent/mcp", "_stcore/bidi-components/a", "component/a/b")  # fmt: skip
    for path in (*closed, "app/static/a", "_stcore/", "_stcore/health/a", "_stcore//metrics"):
        assert requests.get(f"{plain}/{path}", timeout=10).status_code == 404, path
    for path in ("_stcore/health", "_stcore/host-config", "", "methode"):
        assert requests.get(f"{plain}/{path}", timeout=10).status_code == 200, path


def test_what_is_not_a_message_closes_its_own_socket_alone(plain: str) -> None:
    with opened(plain) as reader:
        assert sockets.code_after(plain, "texte") == 1003
        assert sockets.code_after(plain, b"\xff\xff\xff") == 1002
        assert sockets.code_after(plain, rerun(LONGEST_MESSAGE)) == 1009
        assert heard(reader) == []


def test_a_frame_too_long_is_refused_by_its_first_bytes(plain: str) -> None:
    """Its length only is sent: nobody waits for 50 MB, nor keeps them."""
    with opened(plain) as socket:
        # Final, binary; masked, a length of 8 bytes; the mask. No payload follows.
        socket.socket.sendall(b"\x82\xff" + (50_000_000 - 1).to_bytes(8, "big") + b"\0\0\0\0")
        assert sockets.end(socket) == 1009


@pytest.mark.parametrize(
    "origin", [FOREIGN, "http://localhost:1", "http://127.0.0.1", "https://127.0.0.1.ailleurs.example", "null", "file://", "http://[", ""]
)  # fmt: skip
def test_a_page_of_another_origin_is_refused(known: Service, origin: str) -> None:
    assert sockets.refusal(known.address, origin) == 403
    assert "ailleurs" not in known.printed


def test_a_page_of_this_server_is_served_by_either_name(plain: str) -> None:
    for own in (plain, plain.replace("127.0.0.1", "localhost")):
        assert sockets.refusal(own, own) == 101
        assert sockets.refusal(own, own.replace("http", "https")) == 101  # behind a proxy that speaks TLS


def test_a_server_reaches_nobody_but_its_provider(
    started: Provider, demo_folder: Path, tmp_path: Path, visitor: Visitor
) -> None:
    """From its start to a person signed in, with handshakes of its own pages and of others between."""
    kept = tmp_path / "connections"
    watched: dict[str, Any] = {"PYTHONPATH": str(WATCH), "WATCHED_CONNECTIONS": str(kept)}
    started.know(PEOPLE)
    with service(tmp_path / "service", demo_folder, started, "vigistock", **watched) as running:
        running.allow(TABLE)
        for origin in (None, running.address, FOREIGN, FOREIGN, "http://192.0.2.1:8501"):
            sockets.refusal(running.address, origin)
        seen = visitor(running.address)
        seen.open("/")
        sign_in(seen, "dominique")
        for path in ("/methode", "/territoires", "/sources"):
            seen.open(path)
        assert "Dominique Roy" in seen.text()
    lines = kept.read_text(encoding="utf-8").splitlines()
    assert any("connect 127.0.0.1" in line for line in lines)  # the watch works: the provider was asked
    assert [line for line in lines if not LOOPBACK.match(line)] == []


@pytest.mark.long
def test_a_server_started_plainly_reaches_nobody(demo_folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "connections"
    watched: dict[str, Any] = {"PYTHONPATH": str(WATCH), "WATCHED_CONNECTIONS": str(kept)}
    for command in (BY_SCRIPT, BY_STREAMLIT):
        with dashboard(demo_folder, command, **watched) as address:
            for origin in (address, FOREIGN):
                sockets.refusal(address, origin)
            with opened(address, address) as reader:
                reader.send(rerun())
                first(reader, "script_finished")
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    assert [line for line in lines if not LOOPBACK.match(line)] == []
