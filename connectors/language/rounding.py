"""Figures written short without crossing the bounds they are compared with: one way for pages, alerts and exports."""

from __future__ import annotations

import math
from collections.abc import Iterable


def same_side(value: float, digits: int, bounds: Iterable[float]) -> float:
    """Nearest rounding that crosses no bound (reached from the bound itself on): 19.6 against 20 is 19, not 20."""
    near = round(value, digits)
    if any(value < bound <= near for bound in bounds):
        return downward(value, digits)
    if any(near < bound <= value for bound in bounds):
        return -downward(-value, digits)
    return near


def downward(value: float, digits: int) -> float:
    """Largest number of so many decimals that is not above: a figure under a bound is never written at the bound."""
    scale = 10.0**digits
    return math.floor(round(value * scale, 6)) / scale
