"""What is found in the inbox: names that play tricks, things that are not files, files that cannot be taken."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from connectors.base import Download
from connectors.pointstock import SOURCE
from data import build
from data.intake.raw import Taken, received, take_downloads, take_inbox
from tests.reliability.conftest import SECOND_MORNING, Operator
from tests.seeds import seeded

pytestmark = pytest.mark.computes("source_file")

NOW = datetime(2026, 11, 22, 5, 10, tzinfo=UTC)
TRICKS = (
    "-rf.xlsx",
    "deux\nlignes.xlsx",
    "retour\rchariot.xlsx",
    "cloche\x07.xlsx",
    "$(touch dehors);`id`|x&.xlsx",
    "\u202egnp.xslx",  # shown as « xlsx.png » by what obeys direction marks
    "zéro\u200blargeur.xlsx",
    "[bold]gras[blink].xlsx",
    "é" * 120 + ".xlsx",
    "漢" * 80 + ".xlsx",
    "%2e%2e%2fetc.xlsx",
    "' OR 1=1 --.xlsx",
    "=cmd|' .C calc'!A0.xlsx",
)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "inbox" / "pointstock"
    folder.mkdir(parents=True)
    return folder


def _take(inbox: Path, **limits: Any) -> Taken:
    return take_inbox(inbox.parent, inbox.parents[1] / "raw", SOURCE, NOW, **limits)


def _kept(inbox: Path) -> list[Path]:
    return sorted((inbox.parents[1] / "raw").rglob("*"))


@pytest.mark.parametrize("name", TRICKS)
def test_a_name_is_made_safe(inbox: Path, name: str) -> None:
    (inbox / name).write_bytes(b"x")
    assert _take(inbox).files == 1
    ((path, record),) = received(inbox.parents[1] / "raw", "pointstock")
    assert path.parent == inbox.parents[1] / "raw" / "pointstock"
    assert path.name.isascii()
    assert path.name.replace(".", "").replace("_", "").replace("-", "").isalnum()
    assert len(path.name) < 140
    assert record.name.isprintable()


def test_a_name_that_is_not_text_is_made_safe(inbox: Path) -> None:
    Path(os.fsdecode(os.fsencode(inbox) + b"/stock \xff\xe9.xlsx")).write_bytes(b"x")
    assert _take(inbox).files == 1
    ((_, record),) = received(inbox.parents[1] / "raw", "pointstock")
    assert record.name == "stock __.xlsx"


@pytest.mark.parametrize("name", ["../../dehors", "/etc/passwd", "a/../../b", "x" * 300, "n\0l"])
def test_a_name_given_by_a_server_is_made_safe(tmp_path: Path, name: str) -> None:
    assert take_downloads([Download(name, "http://127.0.0.1/x", b"x")], tmp_path / "raw", SOURCE, NOW) == 1
    ((path, _),) = received(tmp_path / "raw", "pointstock")
    assert path.parent == tmp_path / "raw" / "pointstock"
    assert [entry.name for entry in tmp_path.iterdir()] == ["raw"]


def test_every_trick_goes_through_a_whole_refresh(operator: Operator) -> None:
    for number, name in enumerate(TRICKS):
        path = operator.drop(f"{number}.xlsx")
        path.rename(path.with_name(name))
    code, report = operator.build()
    assert (code, report["error"]) == (0, None)
    assert len(operator.served) == len(TRICKS)


def test_links_are_never_followed(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.xlsx").write_bytes(b"secret")
    (tmp_path / "dossier").mkdir()
    (tmp_path / "dossier" / "secret.xlsx").write_bytes(b"secret too")
    (inbox / "lien.xlsx").symlink_to(tmp_path / "secret.xlsx")
    (inbox / "dossier").symlink_to(tmp_path / "dossier")
    (inbox / "rompu.xlsx").symlink_to(tmp_path / "absent")
    (inbox / "boucle").symlink_to(inbox)
    taken = _take(inbox)
    assert taken.files == 0
    assert sorted(taken.refused) == [
        f"{name} : lien symbolique, jamais suivi : déposer le fichier lui-même."
        for name in ("boucle", "dossier", "lien.xlsx", "rompu.xlsx")
    ]
    assert _kept(inbox) == []


def test_what_is_not_a_file_is_refused_at_once(inbox: Path) -> None:
    os.mkfifo(inbox / "tube.xlsx")
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(inbox / "prise.xlsx"))
        if os.geteuid() == 0:
            os.mknod(inbox / "nul.xlsx", 0o020666, os.makedev(1, 5))  # /dev/zero never ends
        taken = _take(inbox)
    assert taken.files == 0
    assert len(taken.refused) == len(list(inbox.iterdir()))
    assert {report.partition(" : ")[2] for report in taken.refused} == {
        "ce n'est pas un fichier (tube, périphérique ou dossier)."
    }


@pytest.fixture
def nobody() -> Iterator[Path]:
    """An inbox where the one who refreshes may not read everything."""
    if os.geteuid() != 0:
        pytest.skip("only an administrator becomes somebody else")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        inbox = Path(folder) / "inbox" / "pointstock"
        inbox.mkdir(parents=True)
        os.seteuid(65534)
        try:
            yield inbox
        finally:
            os.seteuid(0)


def test_what_may_not_be_read_does_not_stop_the_others(nobody: Path) -> None:
    os.seteuid(0)
    for name, content in (("ouvert.xlsx", b"x"), ("fermé.xlsx", b"y"), ("dossier/dedans.xlsx", b"z")):
        (nobody / name).parent.mkdir(exist_ok=True)
        (nobody / name).write_bytes(content)
    (nobody / "fermé.xlsx").chmod(0)
    (nobody / "dossier").chmod(0)
    os.seteuid(65534)
    taken = _take(nobody)
    assert taken.files == 1
    assert sorted(taken.refused) == [
        "dossier : dossier illisible, ses fichiers ne sont pas pris.",
        "fermé.xlsx : fichier illisible : vérifier les droits de lecture.",
    ]


def test_refusals_are_shown_on_the_page_sources_at_each_refresh(operator: Operator) -> None:
    operator.drop("avant.xlsx")
    (operator.home.path / "inbox" / "pointstock" / "lien.xlsx").symlink_to("/etc/passwd")
    for _ in range(2):
        code, report = operator.build()
        assert code == 0
        (line,) = (line for line in report["sources"] if line["key"] == "pointstock")
        assert line["error"] == "lien.xlsx : lien symbolique, jamais suivi : déposer le fichier lui-même."
    assert operator.served == ["avant.xlsx"]


COMMANDS = "\x1b[2J\x1b]0;titre\x07\x9b31m\u202egpj\u200b"
COMMAND = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


@seeded(2, "place", ["header", "cell", "folder", "name"])
@pytest.mark.parametrize("arguments", [["--offline"], ["--offline", "--json"]], ids=["words", "json"])
def test_no_file_commands_the_terminal_of_who_refreshes(operator: Operator, place: str, arguments: list[str]) -> None:
    """Nor what is kept of the refresh: the sentence of a refusal repeats titles, names and cells."""
    operator.drop("bon.xlsx")
    titles = "Semaine;Groupe;Niveau;Territoire;Officines du panel;Ventes (boîtes);Tendance (%);Couverture (j)"
    cell = COMMANDS if place == "cell" else "x"
    lines = [
        titles.replace("Groupe", f"Groupe{COMMANDS}") if place == "header" else titles,
        *[";".join([cell] * 8)] * 40,
    ]
    named = f"panel{COMMANDS}.csv".replace("/", "") if place == "name" else "panel.csv"
    folder = f"iqvia{COMMANDS}" if place == "folder" else "iqvia"
    path = operator.home.path / "inbox" / folder / named
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    operator.monkeypatch.setenv("VIGISTOCK_NOW", SECOND_MORNING)
    assert build.main(arguments) == 0
    printed = operator.capsys.readouterr()
    output = printed.out + printed.err
    assert "iqvia" in output
    assert COMMAND.search(output) is None
    assert COMMAND.search((operator.home.path / "snapshots" / "last_run.json").read_text(encoding="utf-8")) is None


def test_a_file_that_changes_while_it_is_copied_waits(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload that goes on: the second reading is longer than the first."""
    from data.intake import raw

    path = inbox / "en cours.xlsx"
    path.write_bytes(b"a" * 10)
    ordinary = raw._keep

    def later(*arguments) -> None:
        with path.open("ab") as handle:
            handle.write(b"b" * 10)
        ordinary(*arguments)

    monkeypatch.setattr(raw, "_keep", later)
    taken = _take(inbox)
    assert (taken.files, "modifié pendant sa copie" in taken.refused[0]) == (0, True)
    assert [path for path in _kept(inbox) if path.is_file()] == []
    monkeypatch.setattr(raw, "_keep", ordinary)
    assert _take(inbox).files == 1


OUTSIDE = b"hors de l'inbox"
SWAPPED = ("pointstock", "pointstock/partenaire", "pointstock/partenaire/semaine")


class Swapper:
    """Puts a link to a folder outside in place of a folder of the inbox, or the folder back."""

    def __init__(self, inbox: Path, outside: Path, place: str) -> None:
        self.folder, self.aside = inbox.parent / place, inbox.parents[1] / "aside"
        self.target = outside.joinpath(*place.split("/"))

    def swap(self) -> None:
        self.folder.rename(self.aside)
        self.folder.symlink_to(self.target)

    def put_back(self) -> None:
        self.folder.unlink()
        self.aside.rename(self.folder)


@pytest.fixture
def outside(inbox: Path, tmp_path: Path) -> Path:
    """The same tree, within the inbox and outside, with other bytes in the same names."""
    for root, content in ((inbox.parent, b"dans l'inbox"), (tmp_path / "dehors", OUTSIDE)):
        folder = root / SWAPPED[-1]
        folder.mkdir(parents=True)
        for number in range(3):
            (folder / f"{number}.xlsx").write_bytes(content + bytes([number]))
    return tmp_path / "dehors"


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _nothing_of_outside(raw: Path) -> None:
    """Neither a copy nor a hash of it: the file was not even read."""
    hashes = [hashlib.sha256(OUTSIDE + bytes([number])).hexdigest().encode() for number in range(3)]
    for path, content in _tree(raw).items():
        assert not content.startswith(OUTSIDE), path
        assert not any(known in content for known in hashes), path


def swapped_at_each_line(inbox: Path, swapper: Swapper | FileSwapper) -> Iterator[Taken]:
    """What each run takes, the swap one line of the intake further each time, until a run ends before it."""
    line, done = 0, False
    while not done:
        line, left = line + 1, [line + 1]

        def watch(frame: FrameType, event: str, _: object, left: list[int] = left) -> Any:
            if "/data/intake/" not in frame.f_code.co_filename:
                return None
            if event == "line":
                left[0] -= 1
                if left[0] == 0:
                    swapper.swap()
            return watch

        sys.settrace(watch)
        try:
            taken = _take(inbox)
        finally:
            sys.settrace(None)
        done = left[0] > 0
        if not done:
            swapper.put_back()
        yield taken
        shutil.rmtree(inbox.parents[1] / "raw", ignore_errors=True)
    assert line > 100


@seeded(1, "place", SWAPPED)
def test_a_folder_swapped_for_a_link_at_any_line_leads_nowhere(
    inbox: Path, outside: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The swap happens at each line that the intake runs, one after the other, until a run ends before it."""

    monkeypatch.setattr(os, "fsync", lambda _: None)  # hundreds of runs, none of which outlives the test
    before = _tree(outside)
    for _ in swapped_at_each_line(inbox, Swapper(inbox, outside, place)):
        _nothing_of_outside(inbox.parents[1] / "raw")
    assert _tree(outside) == before
    assert _take(inbox).files == 3


WITHOUT_END = """import os, sys
place, target, aside = sys.argv[1:]
while True:
    os.rename(place, aside); os.symlink(target, place); os.unlink(place); os.rename(aside, place)
"""


@pytest.mark.long
def test_a_partner_who_swaps_folders_without_end_gets_nothing(
    inbox: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real race: another process swaps and puts back. Folders opened by their path lose one intake of 3 000."""

    monkeypatch.setattr(os, "fsync", lambda _: None)
    swapper, before = Swapper(inbox, outside, SWAPPED[1]), _tree(outside)
    raw = inbox.parents[1] / "raw"
    arguments = map(str, (swapper.folder, swapper.target, swapper.aside))
    partner = subprocess.Popen([sys.executable, "-c", WITHOUT_END, *arguments])
    try:
        for _ in range(30_000):
            _take(inbox)
            _nothing_of_outside(raw)
            shutil.rmtree(raw, ignore_errors=True)
    finally:
        partner.kill()
        partner.wait()
    assert _tree(outside) == before


class FileSwapper:
    """Puts something else in place of a file of the inbox, or the file back."""

    def __init__(self, inbox: Path, outside: Path, become: str) -> None:
        self.file, self.aside, self.become = inbox.parent / SWAPPED[-1] / "1.xlsx", inbox.parents[1] / "aside", become
        self.target = outside / SWAPPED[-1] / "1.xlsx"

    def swap(self) -> None:
        self.file.rename(self.aside)
        match self.become:
            case "link":
                self.file.symlink_to(self.target)
            case "pipe":
                os.mkfifo(self.file)
            case "folder":
                self.file.mkdir()
            case "nothing":
                pass

    def put_back(self) -> None:
        if self.file.is_dir() and not self.file.is_symlink():
            self.file.rmdir()
        else:
            self.file.unlink(missing_ok=True)
        self.aside.rename(self.file)


@seeded(1, "become", ["link", "pipe", "folder", "nothing"])
def test_a_file_swapped_at_any_line_gives_nothing_else_and_stops_nobody(
    inbox: Path, outside: Path, become: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run ends, a pipe included, and the two other files are taken."""

    monkeypatch.setattr(os, "fsync", lambda _: None)
    before = _tree(outside)
    for taken in swapped_at_each_line(inbox, FileSwapper(inbox, outside, become)):
        assert taken.files + len(taken.refused) >= 2
        assert {path.read_bytes() for path in _kept(inbox) if path.suffix == ".xlsx"} >= {
            b"dans l'inbox\0", b"dans l'inbox\2"
        }  # fmt: skip
        _nothing_of_outside(inbox.parents[1] / "raw")
    assert _tree(outside) == before


def test_a_hard_link_is_copied_and_left_as_it_was(inbox: Path, tmp_path: Path) -> None:
    """It is the file itself, under another name: the kernel lets nobody make one of a file that is not theirs."""
    (tmp_path / "ailleurs.xlsx").write_bytes(b"x")
    os.link(tmp_path / "ailleurs.xlsx", inbox / "lien dur.xlsx")
    assert _take(inbox).files == 1
    ((path, _),) = received(inbox.parents[1] / "raw", "pointstock")
    assert path.stat().st_ino != (tmp_path / "ailleurs.xlsx").stat().st_ino
    assert (tmp_path / "ailleurs.xlsx").read_bytes() == b"x"


@pytest.mark.parametrize("place", ["pointstock", "pointstock/demo", "pointstock/demo/stock.xlsx"])
def test_the_demo_writes_through_no_link(tmp_path: Path, place: str) -> None:
    from data.command import Stopped
    from data.demo.files import flat

    inbox, outside = tmp_path / "inbox", tmp_path / "dehors"
    (outside / "demo").mkdir(parents=True)
    (outside / "stock.xlsx").write_bytes(OUTSIDE)
    (inbox / place).parent.mkdir(parents=True)
    (inbox / place).symlink_to(outside / "stock.xlsx" if place.endswith("xlsx") else outside)
    with pytest.raises(Stopped, match=r"^Démonstration, inbox/pointstock/demo/stock\.xlsx : lien.* à la place d'un "):
        flat(inbox / "pointstock" / "demo" / "stock.xlsx", ["écrit"])
    assert _tree(outside) == {"stock.xlsx": OUTSIDE}


def test_the_demo_replaces_what_it_wrote_and_leaves_nothing_beside(tmp_path: Path) -> None:
    from data.demo.files import flat

    path = tmp_path / "inbox" / "pointstock" / "demo" / "stock.csv"
    for text in ("long", "x"):
        flat(path, [text])
    assert _tree(tmp_path) == {"inbox/pointstock/demo/stock.csv": b"x\n"}


def test_a_source_folder_that_is_a_link_is_refused_with_what_to_do(inbox: Path, outside: Path) -> None:
    swapper = Swapper(inbox, outside, "pointstock")
    swapper.swap()
    taken = _take(inbox)
    assert taken.files == 0
    assert taken.refused == [
        "pointstock : lien symbolique ou fichier à la place d'un dossier, jamais suivi : y mettre un vrai dossier."
    ]
