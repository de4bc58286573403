"""Assertions of the shared steps are told in full, as those of the tests."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.reliability.killing")
