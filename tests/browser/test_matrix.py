"""Every role × every page × every export: what is, and what is not, in the bytes that reach the browser."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, WebSocket

from data import warehouse
from tests.browser.conftest import Visitor
from tests.browser.paths import PAGES
from tests.browser.watch import Watched

ANSM = ("ansm_steward", "ansm")
SHARED = ("ars-52", "cap", "dgs")
CLOSED = {
    "evaluation": SHARED,
    "acces": ("ansm", *SHARED),
    "tableau-mensuel": ("cap",),
}
# Where a reader of the restricted artefact must find a laboratory: proves that the wire is really read.
NAMES_EXPECTED = ("declarations", "declaration", "evaluation", "molecule")
REFUSAL = "pas ouverte à votre rôle"


@dataclass
class Wire:
    """Everything the browser received for one page: frames, answers, files."""

    received: list[bytes] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def listen(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("response", self._answer)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.received.append(_bytes(frame)))

    def _answer(self, response: Response) -> None:
        kind = response.headers.get("content-type", "")
        if response.ok and "/static/" not in response.url and "javascript" not in kind and "font" not in kind:
            try:
                self.received.append(response.body())
            except Exception:  # noqa: BLE001 – a download or a closed page has no body here; files are read apart
                return

    def holds(self, word: str) -> bool:
        looked = word.encode()
        return any(looked in part for part in (*self.received, *map(_opened, self.files.values())))


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def _opened(content: bytes) -> bytes:
    """A workbook is a zip: its parts, one after the other."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


@dataclass(frozen=True)
class Secrets:
    """Words of the restricted artefact that no shared session may receive."""

    laboratories: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.laboratories, *self.others)


@pytest.fixture(scope="module")
def secrets(demo_folder: Path) -> Secrets:
    snapshots = demo_folder / "snapshots"
    current = warehouse.current(snapshots)
    assert current is not None
    reader = warehouse.reader(snapshots, current, "restricted", None, 256, 1)

    def words(sql: str) -> tuple[str, ...]:
        return tuple(str(next(iter(row.values()))) for row in reader.rows(sql))

    return Secrets(
        laboratories=words("SELECT DISTINCT laboratory FROM declaration ORDER BY 1"),
        others=(
            *words(
                "SELECT DISTINCT file_name FROM source_file WHERE source_key IN ('tracstocks', 'trustmed', 'pointstock')"
            ),
            *words("SELECT declaration_no FROM declaration ORDER BY 1 LIMIT 40"),
            *words("SELECT DISTINCT comment FROM declaration WHERE LENGTH(comment) > 12 LIMIT 20"),
            *words("SELECT DISTINCT sites FROM declaration WHERE LENGTH(sites) > 8 LIMIT 20"),
        ),
    )


@pytest.fixture(scope="module")
def pages(secrets: Secrets, demo_folder: Path) -> dict[str, str]:
    number = next(word for word in secrets.others if word.startswith("D-"))
    return PAGES | {"declaration": f"/declaration?numero={number}", "evaluation": "/evaluation", "acces": "/acces"}


def visit(seen: Watched, path: str, role: str, *, projected: bool = False) -> Wire:
    """One page opened as one role in a new tab, its tables opened, its files downloaded."""
    wire = Wire()
    wire.listen(seen.page)
    extra = f"role={role}" + ("&projection=1" if projected else "")
    seen.open(f"{path}{'&' if '?' in path else '?'}{extra}")
    boxes = seen.page.locator('[data-testid="stExpander"] summary')
    for place in range(boxes.count()):
        boxes.nth(place).click()
        seen.settle()
    for button in seen.page.locator('[data-testid="stDownloadButton"] button').all():
        with seen.page.expect_download() as download:
            button.click()
        got = download.value
        wire.files[got.suggested_filename] = Path(got.path()).read_bytes()
    return wire


@pytest.mark.parametrize("role", [*ANSM, *SHARED])
def test_a_role_receives_what_it_may_see_and_nothing_else(
    role: str, pages: dict[str, str], secrets: Secrets, demo_address: str, visitor: Visitor
) -> None:
    exports = 0
    for name, path in pages.items():
        seen = visitor(demo_address)
        wire = visit(seen, path, role)
        assert wire.received, f"{role} {name}: nothing was heard on the wire"
        exports += len(wire.files)
        is_closed = role in CLOSED.get(name, ())
        assert (REFUSAL in seen.text()) is is_closed, f"{role} {name}"
        assert not (is_closed and wire.files), f"{role} {name}: a closed page gives files"
        if role in SHARED:
            leaked = [word for word in secrets.all if wire.holds(word)]
            assert not leaked, f"{role} {name}: {leaked[:5]}"
        elif name in NAMES_EXPECTED and not is_closed:
            assert any(wire.holds(word) for word in secrets.laboratories), f"{role} {name}: no laboratory was heard"
        seen.page.close()
    assert exports > 0
    print(f"{role}: {len(pages)} pages, {exports} files")  # noqa: T201 – the count is the evidence


def test_a_shared_screen_of_the_agency_receives_no_laboratory(
    pages: dict[str, str], secrets: Secrets, demo_address: str, visitor: Visitor
) -> None:
    for name, path in pages.items():
        seen = visitor(demo_address)
        wire = visit(seen, path, "ansm", projected=True)
        leaked = [word for word in secrets.all if wire.holds(word)]
        assert not leaked, f"{name}: {leaked[:5]}"
        seen.page.close()
