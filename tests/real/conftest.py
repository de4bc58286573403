"""Public files as really published, kept beside the checkout; these tests are skipped without them."""

from __future__ import annotations

from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def real() -> Path:
    if not REAL.is_dir():
        pytest.skip(f"fichiers publics réels absents ({REAL})")
    return REAL
