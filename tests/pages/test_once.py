"""What is made once for every session: by whom, for how long, and that nobody changes what another is shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pandas as pd
import pytest
import streamlit as st
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.testing.v1 import AppTest

from bench.pages import PAGES
from data.warehouse import Reader
from pages.components import this_run
from pages.components.once import Once
from pages.components.shell import menu, session
from tests.conftest import Home
from tests.pages.conftest import Opener


def test_whoever_comes_while_it_is_made_waits_and_is_given_the_same() -> None:
    made, let_go, kept = [], Event(), Once[object](10)

    def slow() -> object:
        made.append(object())
        assert let_go.wait(10)
        return made[-1]

    with ThreadPoolExecutor(8) as readers:
        asked = [readers.submit(kept.get, "key", slow) for _ in range(8)]
        let_go.set()
    assert {id(one.result()) for one in asked} == {id(made[0])}
    assert len(made) == 1


def test_while_one_is_made_another_does_not_wait() -> None:
    let_go, kept = Event(), Once[bool](10)
    with ThreadPoolExecutor(1) as reader:
        slow = reader.submit(kept.get, "slow", lambda: let_go.wait(10))
        assert kept.get("other", lambda: True)
        let_go.set()
        assert slow.result()


def test_what_fails_is_asked_again() -> None:
    kept = Once[int](10)
    with pytest.raises(OSError, match="disque"):
        kept.get("key", _fails)
    assert kept.get("key", lambda: 3) == 3
    assert kept.get("key", _fails) == 3


def _fails() -> int:
    raise OSError("disque")


def test_the_one_not_asked_for_longest_goes() -> None:
    kept = Once[str](2)
    for key in ("a", "b", "a", "c"):  # « b » was last asked for before « a »
        kept.get(key, str)
    assert [kept.get(key, lambda: "made again") for key in ("a", "c", "b")] == ["", "", "made again"]
    Once.forget()
    assert kept.get("a", lambda: "made again") == "made again"


def test_a_page_that_changes_its_table_does_not_change_that_of_another(demo_home: Home, open_page: Opener) -> None:
    """By a cell, by a column."""
    session.begin()
    mine = session.load(_table)
    mine.loc[0, "days"] = 99
    mine["more"] = 1
    assert session.load(_table).to_dict("list") == {"week": ["S1", "S2"], "days": [1, 2]}


def _table(_reader: Reader) -> pd.DataFrame:
    return pd.DataFrame({"week": ["S1", "S2"], "days": [1, 2]})


def test_a_page_is_looked_up_on_the_disk_once_and_each_run_has_its_own(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared, declare = [], menu._declared

    def counted(entry: menu.Entry) -> st.Page:
        declared.append(entry)
        return declare(entry)

    monkeypatch.setattr(menu, "_declared", counted)
    for script in ("", "pages/molecules/molecule.py", "pages/methode/methode.py"):
        assert not open_page(script).exception
    assert len(declared) == len({entry.path for entry in declared}) > 10


@pytest.mark.parametrize("name", PAGES)
def test_a_page_drawn_again_asks_no_query_and_makes_no_table(
    name: str, demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, where the bench measures: those of closed boxes neither."""
    script, parameters = PAGES[name]
    made: list[str] = []
    at = open_page(script, **parameters)
    for place, call in ((Reader, "frame"), (Reader, "rows"), (pd.DataFrame, "to_dict"), (pd.DataFrame, "assign")):
        _counted(place, call, made, monkeypatch)
    assert not at.run().exception
    assert made == []


def test_what_it_would_make_is_counted(demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    _counted(Reader, "rows", made, monkeypatch)
    open_page("pages/sources/sources.py")
    assert "rows" in made


def _counted(place: type, call: str, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    given = getattr(place, call)

    def counted(*args: object, **named: object) -> object:
        made.append(call)
        return given(*args, **named)

    monkeypatch.setattr(place, call, counted)


def test_no_cache_of_the_framework_is_asked() -> None:
    """Each of its calls costs a signature and the hash of every argument."""
    scripts = Path(menu.__file__).parents[2].rglob("*.py")
    assert [
        path.name for path in scripts if "st.cache_" in path.read_text("utf-8").replace("``st.cache_data``", "")
    ] == []


def test_what_is_decided_for_a_run_is_forgotten_at_the_next() -> None:
    assert "self.cursors = {}" in _source_of_reset()

    def script() -> None:
        import streamlit as st

        from pages.components import this_run

        kept = this_run.kept()
        kept["seen"] = kept.get("seen", 0) + 1
        kept = this_run.kept()
        st.text(f"{kept['seen']}")

    at = AppTest.from_function(script)
    assert [at.run().text[0].value for _ in range(3)] == ["1", "1", "1"]
    assert this_run.kept() == {}


def _source_of_reset() -> str:
    import inspect

    return inspect.getsource(script_run_context.ScriptRunContext.reset)
