"""Homes for the tests of pages: the small demo of two weeks, or an empty one; and how a page is opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from app import configured, entries
from data.journal import Journal
from pages.components.access import sign_ins
from pages.components.once import Once
from tests import worlds
from tests.conftest import Home
from tests.pages import open_world
from tests.typography import TYPED, as_typed
from tests.worlds import DEMO_DAY

APP = Path(__file__).parents[2] / "app.py"
DAY, WEEK_BEFORE = DEMO_DAY, DEMO_DAY - timedelta(weeks=1)
TIMEOUT_S = 30

Opener = Callable[..., AppTest]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            # DuckDB's own way of making a table of dates.
            item.add_marker(pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning"))


def serve(folder: Path, monkeypatch: pytest.MonkeyPatch, *, without_sign_in: bool = True) -> Home:
    """Make the pages of this test read one home; what an earlier test cached is forgotten.

    A home that is not the demo is only shown without sign-in when the setting says so.
    """
    monkeypatch.setenv("VIGISTOCK_HOME", str(folder))
    monkeypatch.setenv("VIGISTOCK_SERVE_WITHOUT_SIGN_IN", str(without_sign_in).lower())
    monkeypatch.setattr(sign_ins, "_MEMORY", sign_ins.Memory())
    Once.forget()
    return Home(folder)


@pytest.fixture
def demo_home(built_demo: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return serve(built_demo, monkeypatch, without_sign_in=False)


@pytest.fixture
def empty_home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A refresh that received nothing: a snapshot is published, every table of it is empty."""
    world = worlds.once(tmp_path_factory, "nothing-received", _refresh_nothing)
    return serve(worlds.linked(world, tmp_path / "home"), monkeypatch)


def _refresh_nothing(folder: Path) -> None:
    assert Home(folder).refresh().published


@pytest.fixture
def open_page() -> Opener:
    """``open_page("pages/molecules/molecule.py", sujet="dci:amoxicilline")``: the page inside the real frame."""

    def opened(script: str = "", **parameters: str) -> AppTest:
        at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
        if script:
            at._page_hash = page_hash(script)  # as a link opens it: ``switch_page`` wants another page drawn before
        for name, value in parameters.items():
            at.query_params[name] = value
        return at.run()

    return opened


def page_hash(script: str) -> str:
    """By which the framework asks for a page: that of its address, the first of several; empty for the landing page."""
    paths = (entry.path for entry in entries(configured()) if entry.script == script)
    path = next(paths, Path(script).stem)  # the page of a plan has no address while no plan can be read
    return calc_hash(path) if path else ""


def texts(at: AppTest) -> str:
    """Everything written on the page, links included, as one text (HTML kept), its punctuation spaced as it is typed."""
    htmls = [as_escaped(str(element.proto.body)) for element in at.get("html")]
    others = [str(element.value) for kind in (at.markdown, at.caption, at.error, at.exception) for element in kind]
    tables = [element.value.to_string() for element in at.dataframe]
    return as_typed("\n".join([*htmls, *(f"{label} → {target}" for label, target in links(at)), *others, *tables]))


class _Anchors(HTMLParser):
    """Label and address of the links of a page, without those of its frame (``_FRAME``)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._address: str | None = None
        self._words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address, self._words = (dict(attrs).get("href") or "").lstrip("/"), []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address is not None:
            self.found.append((" ".join("".join(self._words).split()), self._address))
            self._address = None


_FRAME = ("vs-bar", "vs-strip", "vs-meeting")


def bodies(at: AppTest) -> list[str]:
    """HTML of the page, without its frame."""
    written = [str(element.proto.body) for element in at.get("html")]
    return [body for body in written if not any(f'class="{name}' in body for name in _FRAME)]


def as_escaped(body: str) -> str:
    """One way of escaping quotes: that of the standard library."""
    return body.replace("&#39;", "&#x27;").replace("&#34;", "&quot;")


@dataclass(frozen=True)
class Twin:
    """A table as drawn: its headings, its first rows, and how many there are in all."""

    columns: list[str]
    rows: list[list[str]]
    total: int

    def column(self, name: str) -> list[str]:
        return [row[self.columns.index(name)] for row in self.rows]


def twins(at: AppTest) -> list[Twin]:
    """Tables of the page that files go with, in order; their texts as typed."""
    drawn = [str(element.proto.body) for element in at.get("html")]
    return [_twin(body) for body in drawn if 'class="vs-table vs-twin"' in body]


def _twin(body: str) -> Twin:
    plain = unescape(body).translate(TYPED)
    rows = [
        re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", plain, re.DOTALL)
    ]
    counted = re.search(r"sur ([\d ]+) lignes", plain)
    total = int(counted[1].replace(" ", "")) if counted else len(rows) - 1
    return Twin(re.findall(r"<th [^>]*>(.*?)</th>", plain, re.DOTALL), rows[1:], total)


def links(at: AppTest) -> list[tuple[str, str]]:
    """Label and address (``molecule?sujet=…``) of every link of the page."""
    found = [element.proto for element in at.get("page_link")]
    old = [(re.sub(r"\\(.)", r"\1", link.label), f"{link.page}?{link.query_string}") for link in found]
    return old + [link for body in bodies(at) for link in _Anchors(body).found]


def sentence(at: AppTest) -> str:
    """The answer under the title, without marks, its no-break spaces made plain."""
    body = next(str(element.proto.body) for element in at.get("html") if 'class="vs-answer"' in str(element.proto.body))
    answer = body.split('class="vs-answer">')[1].split("</p>")[0]
    return unescape(re.sub(r"<[^>]+>", "", answer)).translate(TYPED)


@pytest.fixture
def journal(home: Home) -> Iterator[Journal]:
    opened = Journal(home.settings().journal)
    opened.migrate()
    yield opened
    opened.close()


def words(at: AppTest) -> str:
    """Texts of a page as they are typed, without entities nor special spaces."""
    return unescape(texts(at)).translate(TYPED)


def labels(at: AppTest) -> list[str]:
    return [item.label for item in at.button]


def click(at: AppTest, label: str) -> AppTest:
    return next(item for item in at.button if item.label == label).click().run()


@pytest.fixture
def open_medicines(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of public files only: *open_world*. Read, never written."""
    world = worlds.once(tmp_path_factory, "open-medicines", open_world.build)
    return serve(worlds.linked(world, tmp_path / "home"), monkeypatch, without_sign_in=False)


@pytest.fixture
def open_list(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The public list and the referential, nothing else."""
    world = worlds.once(tmp_path_factory, "open-list", open_world.build_list_only)
    return serve(worlds.linked(world, tmp_path / "home"), monkeypatch, without_sign_in=False)
