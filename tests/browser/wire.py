"""Everything one browser page received: frames of the web socket, answers over HTTP, files. And when a run has ended."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Download, Error, Page, Response, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.watch import Watched

QUIET_S, PATIENCE_S, STEP_MS = 0.25, 60.0, 40
# Code and fonts of the framework are the same for everybody.
SAME_FOR_ALL = {"script", "stylesheet", "font"}
CLOSED_BOXES = '[data-testid="stExpander"] details:not([open]) > summary'
BUTTONS = '[data-testid="stDownloadButton"] button'


@dataclass
class Wire:
    """``started`` and ``ended`` runs of the script, counted in the frames themselves: no pause has to be guessed."""

    page: Page
    frames: list[bytes] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    started: int = 0
    ended: int = 0
    _heard_at: float = 0.0

    def __post_init__(self) -> None:
        self.page.on("websocket", self._listen)
        self.page.on("response", self._keep)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._hear)

    def _keep(self, response: Response) -> None:
        if response.request.resource_type not in SAME_FOR_ALL:
            self.answers.append(response)

    def _hear(self, frame: str | bytes) -> None:
        content = frame.encode() if isinstance(frame, str) else frame
        self.frames.append(content)
        kind = ForwardMsg.FromString(content).WhichOneof("type")
        self.started += kind == "new_session"
        self.ended += kind == "script_finished"
        self._heard_at = time.monotonic()

    def forget(self) -> None:
        """Another page begins: nothing was received yet."""
        self.frames.clear()
        self.answers.clear()
        self.files.clear()
        self.started = self.ended = 0

    def settle(self) -> None:
        """Every run that began has ended, and nothing was said since."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.page.wait_for_timeout(STEP_MS)
            if 0 < self.started <= self.ended and time.monotonic() - self._heard_at > QUIET_S:
                return
        raise TimeoutError(f"{self.page.url}: {self.ended} runs of {self.started} have ended")

    def received(self) -> bytes:
        """All of it, workbooks and archives opened, one part after the other."""
        return b"\n".join([*self.frames, *map(_body, self.answers), *self.file_parts()])

    def file_parts(self) -> list[bytes]:
        return [part for name, content in self.files.items() for part in (name.encode(), *opened(content))]


def _body(answer: Response) -> bytes:
    try:
        return answer.url.encode() + b"\n" + answer.body()
    except Error:  # a download, whose bytes are read as a file, or a redirection
        return answer.url.encode()


def opened(content: bytes) -> list[bytes]:
    """A workbook is an archive, and an archive may hold workbooks."""
    if not content.startswith(b"PK"):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [part for name in archive.namelist() for part in (name.encode(), *opened(archive.read(name)))]


def visit(seen: Watched, wire: Wire, path: str) -> bytes:
    """One page: all its boxes opened, all its files taken. What the browser received of it."""
    wire.forget()
    seen.page.goto(f"{seen.address}{path}")
    wire.settle()
    open_boxes(seen.page, wire)
    take_files(seen.page, wire)
    return wire.received()


def open_boxes(page: Page, wire: Wire) -> None:
    """Boxes within boxes too; their content is computed when they open."""
    while page.locator(CLOSED_BOXES).count():
        page.evaluate("boxes => document.querySelectorAll(boxes).forEach(box => box.click())", CLOSED_BOXES)
        wire.settle()


def take_files(page: Page, wire: Wire) -> None:
    """Every download button of the page."""
    for number, button in enumerate(page.locator(BUTTONS).all()):
        with page.expect_download() as started:
            button.click()
        file: Download = started.value
        wire.files[f"{number} {file.suggested_filename}"] = Path(file.path()).read_bytes()
