"""Fixtures that write a partner's file in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from connectors.base import RawFile
from tests.connectors.partner_files import MakeWorkbook, Rows, raw_file, write_workbook


@pytest.fixture
def make_workbook(tmp_path: Path) -> MakeWorkbook:
    def make(source: str, sheets: Mapping[str, Rows], name: str = "depot.xlsx") -> RawFile:
        return raw_file(source, write_workbook(tmp_path / name, sheets))

    return make


@pytest.fixture
def make_text(tmp_path: Path) -> Callable[..., RawFile]:
    def make(source: str, text: str, encoding: str = "utf-8", name: str = "depot.csv") -> RawFile:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return raw_file(source, path)

    return make
