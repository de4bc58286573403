"""The base of every typed file, and the types its fields share."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

LARGEST = 1_000_000_000  # far above any count or duration, far below what 64 bits hold

Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]


class Strict(BaseModel):
    """A misspelt key, ``"30"`` for ``30``, ``true`` for ``1`` and ``nan`` are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _as_written(value: object) -> int | float:
    """A number that stays whole when it is written so: a column of integers must not become one of doubles."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("float_type", "number expected")
    if not math.isfinite(value):
        raise PydanticCustomError("finite_number", "finite number expected")
    if abs(value) > LARGEST:
        raise PydanticCustomError("less_than_equal", "number too large", {"le": LARGEST})
    return value


Number = Annotated[int | float, PlainValidator(_as_written)]


def given_twice(names: Iterable[str]) -> str:
    """Names that come more than once, in order and separated by commas; empty when each is given once."""
    return ", ".join(sorted(name for name, times in Counter(names).items() if times > 1))
