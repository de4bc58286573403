"""Tension and coverage announced by a pharmacy software."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from connectors import vigirupture
from connectors.base import RawFile, RefusedFile
from tests.connectors.partner_files import sample, titles

TITLES = titles("vigirupture", "vigirupture_tension")
A, B = "3400930000014", "3400930000021"


def test_sample() -> None:
    (sheet,) = vigirupture.read(sample("vigirupture", "vigirupture_2026-11-16.csv"))
    assert [
        (r["read_on"], r["cip13"], r["tension_level"], r["coverage_days"], r["pharmacies"]) for r in sheet.rows
    ] == [
        (date(2026, 11, 16), A, "moyenne", 4.5, 850),
        (date(2026, 11, 16), B, "forte", None, None),
    ]
    assert [(r.line, r.column, r.reason) for r in sheet.quarantined] == [
        (4, "Tension", "niveau de tension ou jours de couverture attendus")
    ]
    assert sheet.balanced


def test_a_reading_of_tomorrow_waits(make_text: Callable[..., RawFile]) -> None:
    raw = make_text("vigirupture", ";".join(TITLES) + f"\n17/11/2026;{A};;Forte;2;\n")
    (sheet,) = vigirupture.read(raw)
    assert [issue.reason for issue in sheet.quarantined] == ["date après la réception du fichier (16/11/2026)"]


def test_another_file_is_refused(make_text: Callable[..., RawFile]) -> None:
    with pytest.raises(RefusedFile):
        vigirupture.read(make_text("vigirupture", "a;b\n1;2\n"))
