"""What the fuzzing reads in forks is what a refresh reads in a process of its own, limits included."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors import tracstocks
from connectors.base import RefusedFile
from connectors.reading import workbook
from tests.connectors.partner_files import raw_file
from tests.fuzz.documents import packed, workbook_parts
from tests.fuzz.nursery import Nursery
from tests.fuzz.seeds import workbook_of

PARTS = workbook_parts(workbook_of("tracstocks"))
FILES = {
    "whole": PARTS,
    "far cell": [(name, content.replace(b'r="A2"', b'r="XFD1048576"')) for name, content in PARTS],
    "damaged": [(name, content[:900] if name.endswith("sheet1.xml") else content) for name, content in PARTS],
}


@pytest.fixture(scope="module")
def forks() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.mark.parametrize("name", FILES)
def test_a_fork_reads_as_the_child_does(
    name: str, forks: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(packed(FILES[name]))
    verdicts = []
    for launcher in (subprocess, forks):
        monkeypatch.setattr(workbook, "subprocess", launcher)
        verdicts.append(_verdict(path))
    assert verdicts[0] == verdicts[1]
    assert isinstance(verdicts[0], str) == (name != "whole")


def _verdict(path: Path) -> Any:
    try:
        return [sheet.rows for sheet in tracstocks.read(raw_file("tracstocks", path))]
    except RefusedFile as refusal:
        return str(refusal)
