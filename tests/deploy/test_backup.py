"""What the backup copies is enough: restored in an empty home, it gives the same marts and the same journal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from rich.console import Console
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from connectors.base import Download, discover
from data.intake import raw
from data.intake.raw import take_inbox
from data.journal import Journal
from data.refresh import refresh
from data.settings import Settings
from tests.browser.server import PROJECT
from tests.conftest import Home
from tests.journal.conftest import AGENCY, EVALUATOR, STEWARD

DEPLOY = PROJECT / "docs" / "deploy"
FIRST, DAY = date(2026, 11, 21), date(2026, 11, 22)
MONDAY = date(2026, 11, 16)
BOX = "3400930000014"


@dataclass
class Site:
    """A home, its journal's address, and the scripts run as the timer does."""

    home: Home
    url: str

    def settings(self, day: date = DAY) -> Settings:
        return self.home.settings(day).model_copy(update={"journal_url": self.url})

    def refresh(self, day: date = DAY) -> None:
        report = refresh(self.settings(day), fetch=False, console=Console(quiet=True))
        assert report.exit_code == 0, report.error

    def run(self, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "VIGISTOCK_HOME": str(self.home.path),
            "VIGISTOCK_JOURNAL_URL": self.url,
            "VIGISTOCK_PYTHON": sys.executable,
        }
        command = [str(DEPLOY / script), str(folder)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    def marts(self) -> dict[str, list[tuple[str, ...]]]:
        """Every table of the published snapshot, its rows in order; the moment of the build is set aside."""
        reader = self.home.reader()
        return {
            name: sorted(
                tuple(map(str, row)) for row in reader.frame(f'SELECT * FROM "{name}"').itertuples(index=False)
            )
            for name in reader.tables
        }

    def decided(self) -> tuple[object, ...]:
        journal = Journal(self.url)
        try:
            return (
                journal.acceptance_history(),
                journal.comments("dci:amoxicilline", "ars"),
                journal.evaluations(),
                journal.accesses(),
            )
        finally:
            journal.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def sites(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    """The one in use and the empty one, on both databases."""
    if not shutil.which("rsync"):
        pytest.fail("rsync absent : « make test » l'installe (apt-get install rsync).")
    homes = [Home(tmp_path / name) for name in ("used", "empty")]
    if request.param == "sqlite":
        urls = [f"sqlite:///{home.path}/journal/journal.db" for home in homes]
    else:
        urls = [_database(request.getfixturevalue("postgres")) for _ in homes]
    yield Site(homes[0], urls[0]), Site(homes[1], urls[1])


def _database(server: str) -> str:
    name = f"b{uuid4().hex[:12]}"
    _admin(f"{server}/postgres", f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def _admin(url: str, *orders: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for order in orders:
            connection.execute(text(order))
    engine.dispose()


def _use(site: Site) -> None:
    """Deliveries of two days, one with a quarantined line, and what people decided; nothing is built."""
    source = discover()["tracstocks"].SOURCE
    for day, boxes in ((FIRST, 100), (DAY, 250)):
        rows = [
            [MONDAY, "LABORATOIRE A", BOX, None, boxes, None, None, 40],
            [MONDAY, "B", BOX, None, "?", None, None, 1],
        ]
        site.home.drop("tracstocks", f"t{day}.xlsx", {"tracstocks_stock": rows, "tracstocks_supply": []})
        settings = site.settings(day)
        assert take_inbox(settings.inbox, settings.raw, source, settings.clock).files == 1
    journal = Journal(site.url)
    journal.migrate()
    journal.accept_row(STEWARD, "abc/tracstocks_stock/2", "tracstocks", "stock à zéro", "confirmé")
    journal.add_comment(AGENCY, "dci:amoxicilline", "Rupture à Rennes « depuis lundi »", ("ansm",))
    journal.evaluate(EVALUATOR, "D-1", "L", 3, "enfants")
    journal.record_access(AGENCY, "page", "molecule")
    journal.close()


def _raw(site: Site) -> dict[str, bytes]:
    folder = site.home.path / "raw"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_and_journal_come_back_as_they_were(sites: tuple[Site, Site], tmp_path: Path) -> None:
    used, empty = sites
    _use(used)
    saved = used.run("backup.sh", tmp_path / "backup")
    assert saved.returncode == 0, saved.stderr
    restored = empty.run("restore.sh", tmp_path / "backup")
    assert restored.returncode == 0, restored.stderr
    assert "2 files received, 0 altered" in restored.stdout
    assert empty.decided() == used.decided()
    assert all(used.decided())
    assert _raw(empty) == _raw(used) != {}
    before = used.decided()
    assert used.run("restore.sh", tmp_path / "backup").returncode == 2, "a home in use is not overwritten"
    assert used.decided() == before


@pytest.mark.parametrize("sites", ["sqlite"], indirect=True)
def test_packed_photographs_and_the_days_nothing_changed_come_back(sites: tuple[Site, Site], tmp_path: Path) -> None:
    """A backup on a new disk, made once the copies have gone; an altered pack is seen as an altered file is."""
    used, empty = sites
    _use(used)
    source = discover()["bdpm"].SOURCE
    for day in range(7):
        settings = used.settings(FIRST - timedelta(days=9 - day))
        content = b"60000001\tMEDICAMENT %d\r\n" % min(day, 5) * 20
        raw.take_downloads(
            [Download("CIS_bdpm.txt", "https://exemple.invalid", content)], settings.raw, source, settings.clock
        )
    assert raw.pack(used.home.path / "raw", "bdpm") == 3
    assert used.run("backup.sh", tmp_path / "backup").returncode == 0
    restored = empty.run("restore.sh", tmp_path / "backup")
    assert "8 files received, 0 altered" in restored.stdout, restored.stdout + restored.stderr
    unchanged_on = FIRST - timedelta(days=3)  # of the file, and of the whole source: it has no other
    assert raw.looks(empty.home.path / "raw", "bdpm") == [("", unchanged_on), ("CIS_bdpm.txt", unchanged_on)]
    pack = next((tmp_path / "backup" / "raw" / "bdpm" / ".packed").iterdir())
    pack.write_bytes(b"altered")
    shutil.rmtree(empty.home.path)
    assert "3 altered" in empty.run("restore.sh", tmp_path / "backup").stdout, "and the two that stand on it"


@pytest.mark.long
@pytest.mark.parametrize("sites", ["sqlite"], indirect=True)
def test_an_empty_home_gives_the_same_marts(sites: tuple[Site, Site], tmp_path: Path) -> None:
    used, empty = sites
    _use(used)
    used.refresh()
    used.run("backup.sh", tmp_path / "backup")
    empty.run("restore.sh", tmp_path / "backup")
    empty.refresh()
    assert empty.marts() == used.marts()
    assert len(used.marts()["quarantine"]) == 2


@pytest.mark.parametrize("sites", ["sqlite"], indirect=True)
def test_an_altered_file_neither_replaces_its_good_copy_nor_passes_unseen(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    used, empty = sites
    _use(used)
    used.run("backup.sh", tmp_path / "backup")
    victim = next(path for path in (used.home.path / "raw" / "tracstocks").glob("*.xlsx"))
    good = victim.read_bytes()
    victim.write_bytes(b"altered")
    assert used.run("backup.sh", tmp_path / "backup").returncode == 0
    copy = tmp_path / "backup" / "raw" / "tracstocks" / victim.name
    assert copy.read_bytes() == good
    copy.write_bytes(b"altered on the backup disk")
    done = empty.run("restore.sh", tmp_path / "backup")
    assert done.returncode == 1
    assert "1 altered" in done.stdout
    assert victim.name in done.stdout


def test_the_pages_role_writes_in_the_journal_and_can_erase_nothing(postgres: str) -> None:
    """Both SQL files as they are shipped, run by psql."""
    server = postgres.removeprefix("postgresql+psycopg")
    run = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-f"]
    # The server of the tests is owned by « vigistock »: another name stands for it.
    roles = (
        (DEPLOY / "postgresql-roles.sql").read_text(encoding="utf-8").replace("ROLE vigistock ", "ROLE proprietaire ")
    )
    roles = roles.replace("OWNER vigistock ", "OWNER proprietaire ")
    subprocess.run([*run, "-", f"postgresql{server}/postgres"], input=roles, text=True, check=True)
    owner = postgres.replace("vigistock@", "proprietaire@") + "/vigistock"
    Journal(owner).migrate()
    rights = str(DEPLOY / "postgresql-rights.sql")
    subprocess.run([*run, rights, owner.replace("+psycopg", "")], check=True)
    pages = owner.replace("proprietaire@", "vigistock_pages@")
    journal = Journal(pages)
    journal.migrate()
    journal.record_access(AGENCY, "page", "molecule")
    journal.accept_row(STEWARD, "abc/t/1", "tracstocks", "x", "y")
    journal.add_comment(AGENCY, "s", "texte", ("ansm",))
    (comment,) = journal.comments("s", "ars")
    assert journal.withdraw_comment(AGENCY, comment.id)
    assert len(journal.accesses()) == 1
    for order in (
        "DELETE FROM access_log",
        "UPDATE access_log SET login = 'x'",
        "UPDATE comment SET text = 'x'",
        "TRUNCATE acceptance",
        "DROP TABLE evaluation",
        "UPDATE alembic_version SET version_num = 'x'",
    ):
        with pytest.raises(ProgrammingError):
            _admin(pages, order)
    journal.close()
