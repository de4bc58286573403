"""A disk that is full, read only or limited: what is published stays, the sentence says what and where, room heals all."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from data import warehouse
from data.warehouse import InForce
from tests.reliability.conftest import FIRST_MORNING, Disk, Operator
from tests.reliability.killing import leftovers

Mount = Callable[[Path], Disk]


def _publish_then_drop(operator: Operator) -> None:
    operator.drop("avant.xlsx")
    code, report = operator.build(FIRST_MORNING)
    assert (code, report["error"]) == (0, None)
    operator.drop("après.xlsx")


def _refused(operator: Operator, why: str, where: str) -> None:
    """The command says so, ends with 1, and the figures are still those of before."""
    code, report = operator.build()
    assert code == 1
    assert report["error"].startswith(f"Lecture ou écriture impossible ({why})"), report["error"]
    assert where in report["error"]
    assert operator.served == ["avant.xlsx"]


def _heals(operator: Operator) -> None:
    code, report = operator.build()
    assert (code, report["error"]) == (0, None)
    assert operator.served == ["après.xlsx", "avant.xlsx"]
    assert leftovers(operator.home.path) == []
    assert len(warehouse.published(operator.snapshots)) == 2


@pytest.mark.parametrize(
    "stage", [*(pytest.param(stage, marks=pytest.mark.long) for stage in ("raw", "lake")), "snapshots"]
)
def test_a_full_disk_at_each_stage(operator: Operator, disk: Mount, stage: str) -> None:
    small = disk(operator.home.path / stage)
    _publish_then_drop(operator)
    small.fill()
    _refused(operator, "disque plein", f"/{stage}")
    small.empty()
    _heals(operator)


@pytest.mark.parametrize("artefact", [pytest.param("restricted", marks=pytest.mark.long), "shared"])
def test_a_disk_that_fills_while_an_artefact_is_written(operator: Operator, disk: Mount, artefact: str) -> None:
    small = disk(operator.snapshots)
    _publish_then_drop(operator)
    whole = {path.stem: path.stat().st_size for path in operator.snapshots.rglob("*.duckdb")}
    small.fill(whole["restricted"] // 2 if artefact == "restricted" else whole["restricted"] + whole["shared"] // 2)
    _refused(operator, "disque plein", f"{artefact}.duckdb")
    small.empty()
    _heals(operator)


def test_a_disk_without_room_for_the_pointer(operator: Operator, disk: Mount) -> None:
    """The new snapshot is whole: four names of files. The pointer would be the fifth."""
    small = disk(operator.snapshots)
    _publish_then_drop(operator)
    small.spare_names(4)
    _refused(operator, "disque plein", "/snapshots/current")
    assert len(warehouse.published(operator.snapshots)) == 2
    small.remount("nr_inodes=10000")
    _heals(operator)


def test_a_read_only_disk(operator: Operator, disk: Mount) -> None:
    small = disk(operator.home.path)
    _publish_then_drop(operator)
    small.remount("ro")
    _refused(operator, "disque en lecture seule", str(operator.home.path))
    small.remount("rw")
    _heals(operator)


@pytest.mark.long
def test_a_limit_on_the_size_of_files(operator: Operator) -> None:
    _publish_then_drop(operator)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
    try:
        _refused(operator, "fichier plus gros que la limite du système", "restricted.duckdb")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    _heals(operator)


def test_the_page_sources_says_why_nothing_was_published(operator: Operator, disk: Mount) -> None:
    small = disk(operator.home.path / "lake")
    _publish_then_drop(operator)
    small.fill()
    operator.build()
    report = json.loads((operator.snapshots / "last_run.json").read_text())
    assert "disque plein" in report["error"]
    assert report["published"] is False


def test_a_full_disk_never_refuses_a_partner_s_file(
    operator: Operator, disk: Mount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workbooks are read through a temporary file: no room for it is our trouble, not the file's."""
    small = disk(tmp_path / "temporary")
    monkeypatch.setattr("tempfile.tempdir", str(small.path))
    _publish_then_drop(operator)
    small.fill()
    _refused(operator, "disque plein", str(small.path))
    small.empty()
    _heals(operator)


@pytest.mark.long
def test_the_first_refresh_of_a_full_disk(operator: Operator, disk: Mount) -> None:
    small = disk(operator.home.path)
    operator.drop("avant.xlsx")
    small.fill()
    code, report = operator.build(FIRST_MORNING)
    assert (code, report["snapshot"]) == (1, None)
    assert "disque plein" in report["error"]
    assert warehouse.in_force(operator.snapshots) == InForce(None)
    small.empty()
    assert operator.build(FIRST_MORNING)[0] == 0
    assert operator.served == ["avant.xlsx"]
