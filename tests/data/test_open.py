"""Open snapshots: what makes one, what ends it, what its two artefacts hold."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from data import build, refresh, warehouse
from data.access.table import BrokenAccessTable
from data.access.table import read as read_access_table
from data.journal import Journal
from data.settings import Settings
from tests.conftest import Home
from tests.connectors.partner_files import SAMPLES

DAY = date(2026, 11, 22)
OPEN = ("bdpm", "historique", "vigilance")
# The kind is decided before anything is computed; what is computed of it is looked at whole by the tests that ask for it.
pytestmark = pytest.mark.computes("public_spell")
NO_LONGER, NOW_OPEN = "Cet instantané n'est plus ouvert", "Instantané ouvert"


def drop_open_data(home: Home, *sources: str) -> Home:
    for source in sources or OPEN:
        shutil.copytree(SAMPLES / source, home.path / "inbox" / source)
    (home.path / "inbox" / "spf").mkdir(parents=True, exist_ok=True)
    return home


def is_open(home: Home) -> bool:
    """As written in the manifest and in both artefacts, which agree."""
    snapshots = home.path / "snapshots"
    described = warehouse.describe(snapshots, warehouse.current(snapshots) or "")["is_open"]
    written = [home.reader(kind).rows("SELECT is_open FROM snapshot_info")[0]["is_open"] for kind in ("restricted", "shared")]  # fmt: skip
    assert written == [described, described]
    return bool(described)


def notes(home: Home) -> str:
    return " ".join(json.loads((home.path / "snapshots" / "last_run.json").read_text("utf-8"))["notes"])


def a_week_of_stocks(home: Home) -> Path:
    return home.drop(
        "pointstock",
        "S46 GROSSISTE.xlsx",
        {"pointstock_stock": [["2026-S46", "GROSSISTE B", "3400930000120", None, 7, 1]]},
    )


def test_open_data_alone_make_an_open_snapshot(home: Home) -> None:
    drop_open_data(home)
    report = home.refresh(DAY)
    assert (report.error, report.published, report.reserved) == ("", True, ())
    assert is_open(home)
    assert NOW_OPEN in notes(home)
    assert [line["is_open"] for line in report.sources if line["key"] in (*OPEN, "spf", "listes")] == [True] * 5
    assert not any(line["is_open"] for line in report.sources if line["key"] in ("tracstocks", "trustmed", "iqvia"))


@pytest.mark.computes
def test_nothing_of_an_open_snapshot_is_secret(home: Home) -> None:
    """The shared artefact holds the same tables as the restricted one, row by row."""
    drop_open_data(home).refresh(DAY)
    restricted, shared = home.reader("restricted"), home.reader("shared")
    assert restricted.tables == shared.tables
    assert {"public_spell", "history_declaration", "source_file", "presentation"} <= shared.tables
    for table in sorted(restricted.tables):
        query = f'SELECT * FROM "{table}"'
        assert restricted.rows(query) == shared.rows(query), table
    assert restricted.rows("SELECT 1 AS a FROM history_declaration LIMIT 1")


def test_a_home_that_received_nothing_is_not_open(home: Home) -> None:
    home.refresh(DAY)
    assert not is_open(home)


@pytest.mark.computes
def test_the_first_reserved_file_changes_the_kind_with_a_sentence(home: Home) -> None:
    drop_open_data(home).refresh(DAY)
    a_week_of_stocks(home)
    report = home.refresh(DAY + timedelta(days=1))
    assert report.changed
    assert not is_open(home)
    assert NO_LONGER in notes(home)
    assert "Point Stock" in notes(home), "the source, never the file"
    assert "GROSSISTE" not in notes(home)
    assert "source_file" not in home.reader("shared").tables, "what is secret is no longer in the shared artefact"


def test_a_reserved_file_counts_even_refused(home: Home) -> None:
    """Its name and its sentence are shown: they reveal who sends what."""
    drop_open_data(home).refresh(DAY)
    home.drop_text("tracstocks", "LABORATOIRE A.csv", "rien;du;tout\n1;2;3\n")
    report = home.refresh(DAY)
    assert next(line["error"] for line in report.sources if line["key"] == "tracstocks")
    assert not is_open(home)


@pytest.mark.parametrize(
    "misplaced",
    ["bdpm/stocks LABORATOIRE A.xlsx", "spf/LABORATOIRE A.json", "grossiste/S46.xlsx", "LABORATOIRE A.xlsx"],
)
def test_what_nobody_recognises_may_be_reserved(home: Home, misplaced: str) -> None:
    """In the folder of an open source, in a folder of no source, or at the root of the inbox."""
    drop_open_data(home).refresh(DAY)
    path = home.path / "inbox" / misplaced
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"PK\x03\x04 of some laboratory")
    home.refresh(DAY)
    assert not is_open(home), "in doubt, access is denied"
    path.unlink()
    for taken in (home.path / "raw").glob("*/*LABORATOIRE*"):
        taken.unlink()
    home.refresh(DAY)
    assert is_open(home)


def test_a_list_with_internal_lines_is_reserved(home: Home) -> None:
    """Lists are public; the agency's decisions on stocks, which the same workbook may hold, are not."""
    drop_open_data(home, "bdpm")
    home.drop("listes", "listes.xlsx", {"listes_member": [["Essentiel", None, "amoxicilline", None, None, None]]})
    home.refresh(DAY)
    assert is_open(home)
    line = ["Décision de stock", None, "amoxicilline", None, 3, None]
    home.drop("listes", "décisions.xlsx", {"listes_member": [line]})
    report = home.refresh(DAY)
    assert not is_open(home)
    assert "lignes internes" in " ".join(report.reserved)


def test_a_decision_of_the_journal_closes_the_snapshot(home: Home) -> None:
    """It holds the name of an agent, and what they typed."""
    drop_open_data(home).refresh(DAY)
    journal = Journal(home.settings().journal)
    journal.migrate()
    from data.access.roles import Identity

    journal.accept_row(Identity("agent@exemple.fr", "Agent", "ansm_steward"), "bdpm/x/1", "bdpm", "vu")
    journal.close()
    home.refresh(DAY)
    assert not is_open(home)
    assert "journal" in notes(home)


def test_the_demo_is_not_open(built_demo: Path) -> None:
    assert not is_open(Home(built_demo))


def test_nobody_is_granted_the_role_of_a_visitor(tmp_path: Path) -> None:
    table = tmp_path / "access.toml"
    table.write_text('[[rule]]\nrole = "public"\ndomains = ["exemple.fr"]', encoding="utf-8")
    with pytest.raises(BrokenAccessTable, match="« public »"):
        read_access_table(table)


def command(home: Home, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setenv("VIGISTOCK_HOME", str(home.path))
    monkeypatch.setenv("VIGISTOCK_HTTP__ATTEMPTS", "1")
    return build.main([*arguments])


def test_open_data_that_nobody_answers_publish_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty snapshot would stand in the way of the demo that ``make run`` builds."""
    assert command(home, monkeypatch, "--open") == 1
    printed = capsys.readouterr().err.replace("\u00a0", " ")
    assert "Instantané non publié, il n'y en a aucun. Aucune donnée ouverte n'a pu être lue" in printed
    assert warehouse.current(home.path / "snapshots") is None


def test_open_data_asked_for_beside_reserved_ones_say_why_not(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_week_of_stocks(drop_open_data(home))
    assert command(home, monkeypatch, "--open") == 1
    assert "Instantané non ouvert" in capsys.readouterr().err.replace("\u00a0", " ")
    assert not is_open(home)


def test_a_demo_in_force_proposes_open_data(
    built_demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Last line before the address of the dashboard; nothing of the kind beside real data."""
    assert command(Home(built_demo), monkeypatch, "--first") == 0
    assert capsys.readouterr().out.strip().endswith("make open")


def test_real_data_in_force_propose_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_week_of_stocks(home)
    home.refresh(DAY)
    assert command(home, monkeypatch, "--first") == 0
    assert "make open" not in capsys.readouterr().out


@pytest.mark.computes("declaration")
def test_open_data_take_the_place_of_the_demo(built_demo: Path, tmp_path: Path) -> None:
    """What the demo invented of reserved sources is nobody's secret, and is no longer read."""
    home = Home(shutil.copytree(built_demo, tmp_path / "home"))
    drop_open_data_beside(home)
    report: Any = refresh.refresh(
        Settings(home=home.path, now=home.settings(DAY + timedelta(days=1)).now),
        fetch=False,
        console=Console(quiet=True),
    )
    assert report.error == ""
    assert is_open(home)
    assert home.reader().rows("SELECT COUNT(*) AS n FROM declaration") == [{"n": 0}]


def drop_open_data_beside(home: Home) -> None:
    for path in sorted((SAMPLES / "bdpm").glob("*.txt")):
        shutil.copy(path, home.path / "inbox" / "bdpm" / path.name)


def test_public_sources_that_are_not_open_say_what_to_remove(home: Home) -> None:
    """A public file that is refused closes the home: the refresh names it, each time, until it is removed."""
    drop_open_data(home)
    home.drop_text("historique", "recap 2024.csv", "annee,nombre\n2024,3825\n")
    for day in (DAY, DAY):
        report = home.refresh(day)
        assert report.published
        assert not is_open(home)
        assert "Aucune source réservée n'a été reçue, mais l'instantané n'est pas ouvert" in notes(home)
        shown = notes(home).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert "« recap 2024.csv », refusé, déposé dans « inbox/historique » et gardé dans « raw/historique »" in shown
    (home.path / "inbox" / "historique" / "recap 2024.csv").unlink()
    for kept in (home.path / "raw" / "historique").glob("*recap*"):
        kept.unlink()
    assert home.refresh(DAY).published
    assert is_open(home)
    assert "n'est pas ouvert" not in notes(home)


def test_reserved_sources_are_not_reported_as_reserved_every_day(home: Home) -> None:
    drop_open_data(home)
    a_week_of_stocks(home)
    home.refresh(DAY)
    assert "n'est pas ouvert" not in notes(home)
