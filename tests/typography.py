"""What a page writes, as a test types it: the unbreakable space of French punctuation is an ordinary one."""

from __future__ import annotations

import re

_UNBREAKABLE = re.compile("\u00a0(?=[:;?!»])|(?<=«)\u00a0")


def as_typed(text: str) -> str:
    return _UNBREAKABLE.sub(" ", text)
