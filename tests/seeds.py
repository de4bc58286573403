"""Tables of cases whose first ones are the seed that ``make test`` keeps: the others are for ``make test-long``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet


def seeded(
    keep: int | Collection[int],
    names: str | Sequence[str],
    cases: Iterable[Any],
    ids: Iterable[str] | None = None,
) -> pytest.MarkDecorator:
    """``pytest.mark.parametrize`` that marks ``long`` every case but the first ``keep``, or but those of these places."""
    kept = range(keep) if isinstance(keep, int) else keep
    several = not isinstance(names, str) and len(names) > 1
    found = [_case(case, several=several, is_long=place not in kept) for place, case in enumerate(cases)]
    return pytest.mark.parametrize(names, found, ids=None if ids is None else list(ids))


def _case(case: Any, *, several: bool, is_long: bool) -> ParameterSet:
    values, marks, name = (case, (), None) if not isinstance(case, ParameterSet) else case
    if not isinstance(case, ParameterSet):
        values = case if several else (case,)
    return pytest.param(*values, marks=[*marks, *([pytest.mark.long] if is_long else [])], id=name)
