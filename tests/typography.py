"""What a page writes, as a test types it: no-break spaces are ordinary ones."""

from __future__ import annotations

import re

# Every space, for ``str.translate``.
TYPED = str.maketrans("\u00a0\u202f", "  ")
_AROUND_SIGNS = re.compile("\u00a0(?=[:;?!»])|(?<=«)\u00a0|(?<=\\d)\u00a0(?=(?:[kmµ]?g|m?l|mmol|UI|unités?)\\b)")


def as_typed(text: str) -> str:
    """Spaces around signs and of doses only: those of figures stay, as the writers of figures give them."""
    return _AROUND_SIGNS.sub(" ", text)
