"""Everything one browser page received: frames of the web socket, answers over HTTP, files. And when a run has ended."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import dataclass, field

from playwright.sync_api import Error, Page, Response, WebSocket, expect
from pypdf import PdfReader
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.watch import Watched

Place = tuple[int, ...]  # on the page, from the outermost container inwards: sorted as the browser draws
QUIET_S, PATIENCE_S, STEP_MS = 0.25, 60.0, 40
# Code and fonts of the framework are the same for everybody.
SAME_FOR_ALL = {"script", "stylesheet", "font"}
BOXES = '[data-testid="stExpander"]'
OPEN = """numbers => { const boxes = [...document.querySelectorAll('[data-testid="stExpander"] details')];
    numbers.map(number => boxes[number]).filter(box => !box.open).forEach(box => box.querySelector("summary").click()) }"""
CLOSED_BOXES = '[data-testid="stExpander"] details:not([open]) > summary'
# Drawing costs most of a visit, and is not what is listened to: their data come all the same.
UNDRAWN = """document.addEventListener("DOMContentLoaded", () => document.head.insertAdjacentHTML("beforeend",
    "<style>[data-testid=stDeckGlJsonChart], [data-testid=stPlotlyChart] { display: none }</style>"))"""
BUTTONS = '[data-testid="stDownloadButton"] button'


@dataclass
class Wire:
    """``started`` and ``ended`` runs of the script, and whether one is awaited, are read in the frames themselves."""

    page: Page
    frames: list[bytes] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    started: int = 0
    ended: int = 0
    is_awaited: bool = False
    boxes: dict[Place, str] = field(default_factory=dict)
    lazy: set[Place] = field(default_factory=set)
    buttons: set[Place] = field(default_factory=set)
    _moved_at: float = 0.0

    def __post_init__(self) -> None:
        self.page.add_init_script(UNDRAWN)
        self.page.on("websocket", self._listen)
        self.page.on("response", self._keep)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._ask)
        socket.on("framereceived", self._hear)

    def _keep(self, response: Response) -> None:
        if response.request.resource_type not in SAME_FOR_ALL:
            self.answers.append(response)

    def _ask(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.is_awaited = True
            self._moved_at = time.monotonic()

    def _hear(self, frame: str | bytes) -> None:
        content = frame.encode() if isinstance(frame, str) else frame
        self.frames.append(content)
        message = ForwardMsg.FromString(content)
        kind = message.WhichOneof("type")
        self._moved_at = time.monotonic()
        if kind == "new_session":
            self._begin(part=bool(message.metadata.run.fragment_ids))
        elif kind == "script_finished":
            self.ended += 1
            self.is_awaited |= message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        elif kind == "delta":
            self._count(message)

    def _begin(self, *, part: bool) -> None:
        """``part``: a fragment of the page is drawn again, the rest stays."""
        self.started += 1
        self.is_awaited = False
        for drawn_before in () if part else (self.boxes, self.lazy, self.buttons):
            drawn_before.clear()

    def _count(self, message: ForwardMsg) -> None:
        """What the run draws to be opened or taken, by its place on the page."""
        place = tuple(message.metadata.delta_path)
        if message.delta.new_element.HasField("download_button"):
            self.buttons.add(place)
        if message.delta.add_block.HasField("expandable"):
            box = message.delta.add_block.expandable
            self.boxes[place] = message.delta.fragment_id
            (self.lazy.add if box.id and not box.expanded else self.lazy.discard)(place)

    def forget(self) -> None:
        """Another page begins: nothing was received yet."""
        self.frames.clear()
        self.answers.clear()
        self.files.clear()
        self.started = self.ended = 0
        self.is_awaited = False

    def settle(self, opened: str | None = None) -> None:
        """Every run asked for has begun, every run that began has ended, and nothing came since.

        ``opened``: the part of the page whose boxes were opened; its last run is one that has drawn what they hold.
        """
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.page.wait_for_timeout(STEP_MS)
            waits = self.is_awaited or any(self.boxes[place] == opened for place in self.lazy)
            if 0 < self.started <= self.ended and not waits and time.monotonic() - self._moved_at > QUIET_S:
                return
        raise TimeoutError(f"{self.page.url}: {self.ended} runs of {self.started} have ended, {self.lazy} not opened")

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
    """A workbook is an archive, and an archive may hold workbooks; the letters of a PDF are packed."""
    if content.startswith(b"%PDF"):
        return [content, *(page.extract_text().encode() for page in PdfReader(io.BytesIO(content)).pages)]
    if not content.startswith(b"PK"):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [part for name in archive.namelist() for part in (name.encode(), *opened(archive.read(name)))]


def visit(seen: Watched, wire: Wire, path: str) -> bytes:
    """One page: all its boxes opened, all its files taken. What the browser received of it."""
    wire.forget()
    seen.page.goto(f"{seen.address}{path}", wait_until="commit")
    wire.settle()
    open_boxes(seen.page, wire)
    take_files(seen.page, wire)
    return wire.received()


def open_boxes(page: Page, wire: Wire) -> None:
    """Boxes within boxes too; their content is computed when they open.

    Those of one part of the page at a time: a run of a fragment would set aside that of the whole page.
    """
    drawn(page, BOXES, len(wire.boxes))
    while page.locator(CLOSED_BOXES).count():
        for part in sorted(set(wire.boxes.values())):
            numbers = [number for number, place in enumerate(sorted(wire.boxes)) if wire.boxes[place] == part]
            page.evaluate(OPEN, numbers)
            wire.settle(opened=part)
            drawn(page, BOXES, len(wire.boxes))


def take_files(page: Page, wire: Wire) -> None:
    """Every download button of the page, as many as the server declared, all pressed at once."""
    drawn(page, BUTTONS, len(wire.buttons))
    known = len(wire.answers)
    page.evaluate("buttons => document.querySelectorAll(buttons).forEach(button => button.click())", BUTTONS)
    end = time.monotonic() + PATIENCE_S
    while len(files := [answer for answer in wire.answers[known:] if "/media/" in answer.url]) < len(wire.buttons):
        page.wait_for_timeout(STEP_MS)
        if time.monotonic() > end:
            raise TimeoutError(f"{page.url}: {len(files)} files of {len(wire.buttons)} came")
    for number, answer in enumerate(files):
        wire.files[f"{number} {answer.headers.get('content-disposition', '')}"] = answer.body()


def drawn(page: Page, what: str, count: int) -> None:
    """The browser draws a little after it has received."""
    expect(page.locator(what)).to_have_count(count, timeout=1000 * PATIENCE_S)
