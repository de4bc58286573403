"""Whatever is broken before a command starts, it ends in one French sentence, exit code 1, and publishes nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess, Popen

import pytest

from data import warehouse
from data.settings import PROJECT
from tests.conftest import Home

COMMANDS: dict[str, tuple[str, ...]] = {
    "app": ("app.py", "--server.port", "0", "--server.headless", "true"),
    "build": ("-m", "data.build", "--offline"),
    "first": ("-m", "data.build", "--first"),
    "json": ("-m", "data.build", "--offline", "--json"),
    "demo": ("-m", "data.demo", "--small"),
    "alerts": ("-m", "data.alerts"),
    "access": ("-m", "data.access.table"),
    "groups": ("-m", "data.building.group_report"),
    "templates": ("-m", "data.partners.templates", "--to", "modeles"),
    "bench": ("-m", "bench"),
}


class World:
    """A copy of the project in which anything may be broken, and the environment of its commands."""

    def __init__(self, folder: Path) -> None:
        self.project, self.home = folder / "projet", folder / "home"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("VIGISTOCK_")}
        self.environment["VIGISTOCK_HOME"] = str(self.home)

    def settings(self, text: str | bytes) -> None:
        path = self.project / "vigistock.toml"
        path.unlink()  # the file of a world is a link to that of all
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def reference(self, name: str, text: str) -> None:
        path = self.project / "data" / "reference" / name
        path.unlink()
        path.write_text(text, encoding="utf-8")

    def run(self, command: str) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *COMMANDS[command]],
            cwd=self.project,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def fork(self, command: str, starts: Popen[str]) -> CompletedProcess[str]:
        """As ``run``, in a fork of a process that has the libraries loaded."""
        output, errors = self.project.parent / "output", self.project.parent / "errors"
        order = {
            "command": COMMANDS[command],
            "project": str(self.project),
            "environment": self.environment,
            "output": str(output),
            "errors": str(errors),
        }
        assert starts.stdin
        assert starts.stdout
        print(json.dumps(order), file=starts.stdin, flush=True)
        code = int(starts.stdout.readline())
        texts = (path.read_text(encoding="utf-8") for path in (output, errors))
        return CompletedProcess(COMMANDS[command], code, *texts)


def _environment(**variables: str) -> Callable[[World], None]:
    return lambda world: world.environment.update(variables)


def _settings(text: str | bytes) -> Callable[[World], None]:
    return lambda world: world.settings(text)


def _reference(name: str, text: str) -> Callable[[World], None]:
    return lambda world: world.reference(name, text)


def _folder_for_settings(world: World) -> None:
    (world.project / "vigistock.toml").unlink()
    (world.project / "vigistock.toml").mkdir()


def _pipe_for_settings(world: World) -> None:
    (world.project / "vigistock.toml").unlink()
    os.mkfifo(world.project / "vigistock.toml")


def _file_for_home(world: World) -> None:
    world.home.write_bytes(b"")


# What is broken, how, and words of the sentence.
BREAKAGES: dict[str, tuple[Callable[[World], None], str]] = {
    "settings: syntax": (_settings("readers = \n"), "Réglages (vigistock.toml) : ligne 1"),
    "settings: type": (
        _settings('readers = "2"\n'),
        "clé « readers » (ligne 1) : valeur « 2 » refusée (attendu : un nombre entier de 1 à 64)",
    ),
    "settings: unknown key": (_settings("reader = 2\n"), "clé inconnue, sans doute « readers »"),
    "settings: unknown key of a table": (_settings("[http]\natempts = 2\n"), "clé inconnue, sans doute « attempts »"),
    "settings: unknown source": (_settings("[sources.bdmp]\nenabled = true\n"), "source inconnue, sans doute « bdpm »"),
    "settings: not UTF-8": (_settings("# é\n".encode("latin-1")), "texte qui n'est pas en UTF-8"),
    "settings: folder": (_folder_for_settings, "un dossier est à la place d'un fichier"),
    "settings: pipe": (_pipe_for_settings, "ce n'est pas un fichier ordinaire"),
    "settings: device": (_environment(VIGISTOCK_CONFIG="/dev/zero"), "ce n'est pas un fichier ordinaire"),
    "settings: hidden": (_settings('sign_in_provider = "\\u001b[2J\\u202e"\n'), "« ␛[2J\ufffd » : caractère invisible"),
    "settings: absent": (_environment(VIGISTOCK_CONFIG="/nulle/part.toml"), "fichier introuvable"),
    "settings: empty name": (_environment(VIGISTOCK_CONFIG=""), "VIGISTOCK_CONFIG : valeur vide refusée"),
    "variable: misspelt": (
        _environment(VIGISTOCK_READER="2"),
        "VIGISTOCK_READER ne règle rien, sans doute VIGISTOCK_READERS",
    ),
    "variable: misspelt prefix": (_environment(VIGISTOK_READERS="2"), "sans doute VIGISTOCK_READERS"),
    "variable: one underscore": (_environment(VIGISTOCK_HTTP_ATTEMPTS="2"), "sans doute VIGISTOCK_HTTP__ATTEMPTS"),
    "variable: number": (_environment(VIGISTOCK_KEEP_SNAPSHOTS="nan"), "VIGISTOCK_KEEP_SNAPSHOTS : valeur nan refusée"),
    "variable: JSON": (_environment(VIGISTOCK_COMMITTEE="{"), "VIGISTOCK_COMMITTEE : écriture JSON invalide"),
    "variable: deep JSON": (_environment(VIGISTOCK_ALERTS="[" * 100_000), "VIGISTOCK_ALERTS : écriture JSON invalide"),
    "variable: not UTF-8": (_environment(VIGISTOCK_READERS="\udcff\x1b[2J"), "VIGISTOCK_READERS : caractère invisible"),
    "clock: year 1": (_environment(VIGISTOCK_NOW="0001-01-01T00:00"), "un moment de 2000 à 2099"),
    "clock: year 9999": (_environment(VIGISTOCK_NOW="9999-12-31T23:59"), "un moment de 2000 à 2099"),
    "clock: nonsense": (_environment(VIGISTOCK_NOW="hier"), "VIGISTOCK_NOW : valeur « hier » refusée"),
    "clock: seconds": (_environment(VIGISTOCK_NOW="1795327800"), "VIGISTOCK_NOW : valeur « 1795327800 » refusée"),
    "journal: other database": (
        _environment(VIGISTOCK_JOURNAL_URL="mysql://u:motdepasse@h/b"),
        "adresse du journal refusée",
    ),
    "journal: not an address": (_environment(VIGISTOCK_JOURNAL_URL="motdepasse"), "adresse du journal refusée"),
    "journal: port": (
        _environment(VIGISTOCK_JOURNAL_URL="postgresql+psycopg://u:motdepasse@h:port/b"),
        "adresse du journal refusée",
    ),
    "journal: NUL": (_environment(VIGISTOCK_JOURNAL_URL="sqlite:///%00motdepasse"), "adresse du journal refusée"),
    "home: not UTF-8": (
        _environment(VIGISTOCK_HOME="/tmp/\udcff"),
        "VIGISTOCK_HOME : caractère invisible ou illisible",
    ),
    "home: empty": (_environment(VIGISTOCK_HOME=""), "VIGISTOCK_HOME : valeur vide refusée"),
    "home: file": (_file_for_home, "(attendu : un dossier)"),
    "reference: thresholds": (_reference("thresholds.toml", "x = 1\n"), "Seuils (data/reference/thresholds.toml) : "),
    "reference: plan": (_reference("plans/hivernal.toml", "id = 3\n"), "Plan (data/reference/plans/hivernal.toml) : "),
    "reference: grid": (_reference("risk_grid.toml", "["), "risk_grid.toml"),
    "reference: table": (_reference("departements.csv", "x\n"), "departements.csv"),
    "reference: map": (_reference("carte_departements.geojson", "{"), "carte_departements.geojson"),
}
# Every command once, and the breakages least like another; the whole table is long.
SEED = {
    *zip(COMMANDS, ("variable: misspelt", "reference: thresholds", "clock: year 9999", "home: empty", "settings: type", "settings: syntax",
                    "journal: port", "reference: plan", "settings: not UTF-8", "home: file"), strict=True),
    ("build", "clock: nonsense"),
    ("build", "settings: pipe"),
    ("first", "reference: map"),
}  # fmt: skip
# The check of the table of rights stops at that table, which is absent here.
UNREAD = {broken for broken in BREAKAGES if broken.startswith("reference:")}
CASES = [
    (command, broken) for broken in BREAKAGES for command in COMMANDS if command != "access" or broken not in UNREAD
]
NAMES = [f"{command}, {broken}" for command, broken in CASES]


HIDDEN = shutil.ignore_patterns(
    "__pycache__", "inbox", "raw", "lake", "snapshots", "feeds", "journal.db*", "last_run.json"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the commands run and read."""
    project = tmp_path_factory.mktemp("whole")
    for name in ("connectors", "data", "metrics", "pages", "bench", ".streamlit"):
        shutil.copytree(PROJECT / name, project / name, ignore=HIDDEN)
    for name in ("app.py", "vigistock.toml"):
        shutil.copy2(PROJECT / name, project / name)
    return project


@pytest.fixture
def world(whole: Path, tmp_path: Path) -> World:
    made = World(tmp_path / "monde")
    shutil.copytree(whole, made.project, copy_function=os.link)
    return made


@pytest.fixture(scope="module")
def starts() -> Iterator[Popen[str]]:
    """See ``starts.py``."""
    command = [sys.executable, "-m", "tests.reliability.starts"]
    with Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()


@pytest.mark.parametrize(("command", "broken"), sorted(SEED))
def test_a_broken_start_is_one_sentence(world: World, command: str, broken: str) -> None:
    damage, words = BREAKAGES[broken]
    damage(world)
    _assert_one_sentence(world, world.run(command), command, words)


@pytest.mark.long
@pytest.mark.parametrize(("command", "broken"), CASES, ids=NAMES)
def test_whatever_is_broken_a_start_is_one_sentence(
    world: World, starts: Popen[str], command: str, broken: str
) -> None:
    damage, words = BREAKAGES[broken]
    damage(world)
    _assert_one_sentence(world, world.fork(command, starts), command, words)


@pytest.mark.long
def test_a_forked_start_is_the_true_one(world: World, starts: Popen[str]) -> None:
    """Else the table above would speak of something that nobody runs."""
    world.settings("reader = 2\n")
    for command in COMMANDS:
        true, forked = world.run(command), world.fork(command, starts)
        assert (forked.returncode, forked.stdout, forked.stderr) == (true.returncode, true.stdout, true.stderr)


def _assert_one_sentence(world: World, done: CompletedProcess[str], command: str, words: str) -> None:
    assert done.returncode == 1, done.stderr
    assert words in done.stderr
    *table, sentence = done.stderr.strip().splitlines()
    assert command == "json" or table == []  # its output is the object: what a person reads goes beside it
    assert sentence.endswith(".")
    assert "Traceback" not in done.stdout + done.stderr
    assert "motdepasse" not in done.stdout + done.stderr
    assert not re.search(r"\b(error|invalid|expected|should|must)\b", sentence, re.IGNORECASE)
    assert warehouse.current(world.home / "snapshots") is None


def test_a_day_to_come_is_not_replayed(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it published would be later than every true day, and stop them all."""
    from data import build

    home.drop_text("tracstocks", "x.csv", "rien")
    monkeypatch.setenv("VIGISTOCK_NOW", (datetime.now(UTC) + timedelta(days=2)).isoformat())
    assert build.main(["--offline"]) == 1
    assert "un jour à venir : rien n'est pris ni publié. Seul un jour passé se rejoue." in capsys.readouterr().err
    assert not list((home.path / "raw").glob("*/*"))


def test_a_snapshot_of_the_year_9999_does_not_stop_the_next_refresh(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data import build

    assert home.refresh().snapshot
    snapshots = home.path / "snapshots"
    (name,) = warehouse.published(snapshots)
    later = f"9999{name[4:]}"
    (snapshots / name).rename(snapshots / later)
    manifest = json.loads((snapshots / later / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"snapshot_id": later, "built_at": "9999-12-31T23:59:59+00:00"}
    (snapshots / later / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    warehouse.point_to(snapshots, later)
    monkeypatch.delenv("VIGISTOCK_NOW", raising=False)
    assert build.main(["--offline"]) == 0
    assert warehouse.current(snapshots) != later


def test_a_home_that_refuses_writing_is_reported(tmp_path: Path) -> None:
    """A full or read-only disk, seen by the command itself: /proc takes no folder from anybody, administrator included."""
    environment = {**os.environ, "VIGISTOCK_HOME": "/proc/vigistock"}
    for command in ("build", "demo"):
        done = subprocess.run(
            [sys.executable, *COMMANDS[command]],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "Lecture ou écriture impossible (" in done.stderr
        assert "Traceback" not in done.stderr
