"""Damaged files: dashboards fall back on the newest snapshot that opens and say so; the next refresh rebuilds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data import build, warehouse
from data.warehouse import ARTEFACTS, SCHEMA_VERSION, InForce
from tests.data.market import DAY, House, house_of
from tests.pages.conftest import Opener, serve, texts
from tests.reliability.conftest import FIRST_MORNING, Operator
from tests.reliability.killing import differences, marts
from tests.seeds import seeded
from tests.typography import TYPED

Harm = Callable[[Path], None]
PAGES = ("", "pages/molecules/molecule.py", "pages/territoires/territoires.py", "pages/sources/sources.py")


def garble(path: Path) -> None:
    """A page of the file overwritten in place, its length unchanged."""
    with path.open("r+b") as handle:
        handle.seek(path.stat().st_size // 2)
        handle.write(b"\xa5" * 4096)


def truncate(path: Path) -> None:
    with path.open("r+b") as handle:
        handle.truncate(path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


HARMS = [garble, truncate, empty, remove]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    return house_of(tmp_path_factory)


@pytest.fixture
def house(built: House, tmp_path: Path) -> House:
    """A copy to harm."""
    shutil.copytree(built.home.path, tmp_path / "home", dirs_exist_ok=True)
    home = type(built.home)(tmp_path / "home")
    return House(home, built.names)


@seeded(2, "harm", HARMS)
@pytest.mark.parametrize("artefact", ARTEFACTS)
def test_a_damaged_artefact_is_not_served(house: House, artefact: warehouse.Artefact, harm: Harm) -> None:
    snapshots, (before, last) = house.home.path / "snapshots", house.names
    assert warehouse.in_force(snapshots) == InForce(last)
    harm(house.folder / f"{artefact}.duckdb")
    assert warehouse.in_force(snapshots, artefact) == InForce(before, last)
    assert warehouse.in_force(snapshots) == InForce(before, last)
    (other,) = set(ARTEFACTS) - {artefact}
    assert warehouse.in_force(snapshots, other) == InForce(last)
    assert house.home.reader(artefact).rows("SELECT snapshot_id FROM snapshot_info") == [{"snapshot_id": before}]


@pytest.mark.parametrize("harm", [truncate, empty, remove])
def test_a_damaged_manifest_is_not_trusted(house: House, harm: Harm) -> None:
    snapshots, (before, last) = house.home.path / "snapshots", house.names
    harm(house.folder / "manifest.json")
    assert warehouse.in_force(snapshots) == InForce(before, last)


@seeded(
    2,
    "pointer",
    [b"", b"\xff\xfe\x00", b"../../etc", b"20261122T", b"x" * 100_000, b"20261123T051000-ffffffff\n"],
)
def test_a_damaged_pointer_leaves_the_newest_snapshot(house: House, pointer: bytes) -> None:
    snapshots = house.home.path / "snapshots"
    (snapshots / "current").write_bytes(pointer)
    assert warehouse.current(snapshots) == house.names[-1]
    assert house.home.refresh(DAY).snapshot == house.names[-1]
    assert (snapshots / "current").read_text() == f"{house.names[-1]}\n"


def test_nothing_opens_any_more(house: House) -> None:
    for name in house.names:
        truncate(house.home.path / "snapshots" / name / "restricted.duckdb")
    assert warehouse.in_force(house.home.path / "snapshots", "restricted") == InForce(None, house.names[-1])
    assert house.home.refresh(DAY).exit_code == 0
    assert warehouse.in_force(house.home.path / "snapshots").damaged is None


@pytest.mark.parametrize("harm", [garble, pytest.param(remove, marks=pytest.mark.long)])
def test_the_next_refresh_rebuilds_the_same_figures(house: House, built: House, harm: Harm) -> None:
    harm(house.folder / "restricted.duckdb")
    report = house.home.refresh(DAY)
    assert (report.exit_code, report.changed) == (0, True)
    snapshots = house.home.path / "snapshots"
    assert warehouse.in_force(snapshots) == InForce(report.snapshot)
    expected = marts(built.home.path / "snapshots", built.names[-1])
    assert differences(expected, marts(snapshots, str(report.snapshot))) == []


@pytest.mark.parametrize(
    ("what", "harm"),
    [
        ("*.parquet", garble),
        pytest.param("*.parquet", remove, marks=pytest.mark.long),
        pytest.param("_loads/**/*.json", truncate, marks=pytest.mark.long),
    ],
)
def test_a_damaged_lake_is_read_again(house: House, built: House, what: str, harm: Harm) -> None:
    for path in (house.home.path / "lake").rglob(what):
        harm(path)
    report = house.home.refresh(DAY)
    assert report.exit_code == 0
    assert not report.changed
    shutil.rmtree(house.home.path / "snapshots" / house.names[-1])
    again = house.home.refresh(DAY)
    expected = marts(built.home.path / "snapshots", built.names[-1])
    assert differences(expected, marts(house.home.path / "snapshots", str(again.snapshot))) == []


@pytest.mark.long
def test_a_record_lost_is_made_again_with_its_own_date(operator: Operator) -> None:
    operator.drop("avant.xlsx")
    operator.build(FIRST_MORNING)
    shown = operator.home.reader().rows("SELECT load_id, received_at FROM source_file")
    (record,) = (operator.home.path / "raw").rglob("*.prov")
    truncate(record)
    code, answer = operator.build()
    assert (code, answer["error"]) == (0, None)
    assert operator.home.reader().rows("SELECT load_id, received_at FROM source_file") == shown
    assert len(list((operator.home.path / "raw" / "pointstock").iterdir())) == 2


def test_a_record_lost_for_ever_is_reported(operator: Operator) -> None:
    """The file is no longer in the inbox: it leaves the figures, and the page *Sources* says which one."""
    dropped = operator.drop("avant.xlsx")
    operator.build(FIRST_MORNING)
    dropped.unlink()
    (record,) = (operator.home.path / "raw").rglob("*.prov")
    empty(record)
    _, answer = operator.build()
    (line,) = (line for line in answer["sources"] if line["key"] == "pointstock")
    assert "fiche de provenance illisible" in line["error"]
    assert "avant.xlsx" in line["error"]


def test_a_copy_damaged_in_raw_is_reported_and_never_read(operator: Operator) -> None:
    operator.drop("avant.xlsx")
    operator.build(FIRST_MORNING)
    (copy,) = (operator.home.path / "raw" / "pointstock").glob("*.xlsx")
    whole = copy.read_bytes()
    truncate(copy)
    assert operator.build()[1]["error"] is None  # its rows are in the lake
    assert operator.served == ["avant.xlsx"]
    shutil.rmtree(operator.home.path / "lake")
    _, answer = operator.build()
    (line,) = (line for line in answer["sources"] if line["key"] == "pointstock")
    assert "La copie gardée dans raw/ est abîmée" in line["error"]
    copy.write_bytes(whole)
    operator.build()
    assert operator.served == ["avant.xlsx"]


@seeded(1, "page", PAGES)
def test_pages_show_the_previous_snapshot_and_say_so(
    house: House,
    page: str,
    open_page: Opener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serve(house.home.path, monkeypatch)
    garble(house.folder / "restricted.duckdb")
    at = open_page(page)
    assert not at.exception
    answer = texts(at)
    assert "Données plus anciennes que prévu" in answer
    assert "Le relevé du 23/11/2026 06:10 est abîmé" in answer
    assert "ceux du relevé du 22/11/2026 06:10" in answer
    assert "Données du 22/11/2026 06:10" in answer


@pytest.mark.long
def test_the_mark_goes_once_the_snapshot_is_rebuilt(
    house: House,
    open_page: Opener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serve(house.home.path, monkeypatch)
    garble(house.folder / "restricted.duckdb")
    assert "Données plus anciennes" in texts(open_page())
    house.home.refresh(DAY)
    answer = texts(open_page())
    assert "Données plus anciennes" not in answer
    assert "Données du 23/11/2026 06:10" in answer


def test_without_any_snapshot_that_opens_the_page_says_what_to_do(
    house: House,
    open_page: Opener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serve(house.home.path, monkeypatch)
    for name in house.names:
        garble(house.home.path / "snapshots" / name / "restricted.duckdb")
    at = open_page()
    assert not at.exception
    assert "Aucun relevé publié n'a pu être ouvert." in texts(at).replace("&#x27;", "'")


def test_a_snapshot_of_another_version_is_named_and_replaced(
    house: House, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update: no page reads columns that are not there, and the first command of the README publishes again."""
    serve(house.home.path, monkeypatch)
    for name in house.names:
        manifest = house.home.path / "snapshots" / name / "manifest.json"
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "schema_version": SCHEMA_VERSION - 1}))
    for script in (None, "pages/declarations/declarations.py", "pages/molecules/molecule.py"):
        at = open_page(script) if script else open_page()
        assert not at.exception
        assert "ont été publiées par une autre version de Vigistock" in texts(at).translate(TYPED)
    monkeypatch.setenv("VIGISTOCK_HOME", str(house.home.path))
    assert build.main(["--first", "--offline"]) == 0
    assert "ont été publiées par une autre version" not in texts(open_page()).translate(TYPED)
