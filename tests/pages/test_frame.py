"""The frame around every page: never skipped, marks invented data, keeps a projected screen projected."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from data.reference.plans import plans
from pages.components.once import Once
from tests.conftest import Home
from tests.pages.conftest import APP, TIMEOUT_S, Opener, texts

SCRIPTS = [
    "pages/revue/revue_du_jour.py",
    "pages/plans/plan.py",
    "pages/molecules/molecule.py",
    "pages/territoires/territoires.py",
    "pages/declarations/declarations.py",
    "pages/declarations/declaration.py",
    "pages/mensuel/tableau_mensuel.py",
    "pages/sources/sources.py",
    "pages/methode/methode.py",
]
BANNER, STATE = 'class="vs-strip', "Données du 22/11/2026 06:10"


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_opened_directly_is_inside_the_frame(demo_home: Home, open_page: Opener, script: str) -> None:
    at = open_page(script)
    assert not at.exception
    written = texts(at)
    assert BANNER in written
    assert STATE in written
    assert "<h1" in written


def test_a_deep_link_on_a_server_just_started_runs_the_frame(demo_home: Home) -> None:
    """Nothing was run before: the folder ``pages`` alone must not be enough to serve a page without ``app.py``."""
    at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
    at.switch_page("pages/molecules/molecule.py").run()
    assert at.session_state["vigistock-page"] == "molecule"
    assert BANNER in texts(at)


def test_the_wrong_message_of_a_first_deep_link_is_closed(demo_home: Home) -> None:
    """Started by ``streamlit run``, the first visitor reads in English that the page does not exist."""
    written = texts(AppTest.from_file(str(APP), default_timeout=TIMEOUT_S).run())
    assert 'if (true) return box.querySelector("button").click()' in written
    assert "Cette adresse n'existe pas" in written


def test_the_projects_own_start_avoids_that_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """``python app.py`` says, before a server exists, that the folder ``pages`` declares nothing."""
    started: list[tuple[list[str], bool | None]] = []
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    monkeypatch.setattr(
        "streamlit.web.cli.main", lambda arguments, **_: started.append((arguments, PagesManager.uses_pages_directory))
    )
    monkeypatch.setattr("sys.argv", ["app.py", "--server.port", "8599"])
    runpy.run_path(str(APP), run_name="__main__")
    assert started == [(["run", str(APP), "--server.port", "8599"], False)]


def test_nothing_is_printed_before_the_server_starts() -> None:
    """Streamlit warns of caches made without a server; whoever types ``make run`` has nothing to do about it."""
    done = subprocess.run(
        [sys.executable, "-c", "import app"], cwd=APP.parent, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_no_page_script_lies_directly_in_the_folder_streamlit_serves_by_itself() -> None:
    assert [path.name for path in (APP.parent / "pages").glob("*.py")] == ["__init__.py"]


def test_a_projected_screen_has_the_bar_of_the_meeting_and_a_way_out(demo_home: Home, open_page: Opener) -> None:
    at = open_page(projection="1")
    assert "LABORATOIRE" not in texts(at)
    meeting = next(str(e.proto.body) for e in at.get("html") if 'class="vs-meeting"' in str(e.proto.body))
    assert re.findall(r'<a href="([^"]*)" aria-current="page">1 Revue du jour', meeting) == ["/"]
    assert 'href="/?projection=0" data-quit' in meeting
    assert "Données fictives" in meeting
    assert "/evaluation" not in meeting, "a page of laboratories has nothing to show there"
    at.query_params["projection"] = "0"
    assert "LABORATOIRE" in texts(at.run())


def test_the_menu_has_one_page_a_plan_file(demo_home: Home, open_page: Opener) -> None:
    at = open_page()
    assert set(at.session_state["vigistock-plans"]) == {plan.id for plan in plans()}
    bar = next(str(e.proto.body) for e in at.get("html") if 'class="vs-bar"' in str(e.proto.body))
    assert all(f'href="/plan-{plan.id}"' in bar for plan in plans())


def test_without_any_snapshot_the_frame_says_what_to_do(open_page: Opener) -> None:
    Once.forget()
    written = texts(open_page())
    assert "Aucune donnée n'a encore été publiée." in written.replace("&#x27;", "'")
    assert "make refresh" in written
