"""How many sessions one process holds at once, and how much each may send: by whether the visitor signed in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from data.settings import SessionLimits, Settings
from data.strict import BrokenReference


@dataclass
class Room:
    """Sessions of one kind. ``message_bytes``: the longest message one of them may send."""

    sessions: int
    of_one_address: int
    message_bytes: int
    _present: Counter[str] = field(default_factory=Counter)

    def is_full(self, address: str) -> bool:
        return self._present.total() >= self.sessions or self._present[address] >= self.of_one_address

    def enter(self, address: str) -> None:
        self._present[address] += 1

    def leave(self, address: str) -> None:
        self._present[address] -= 1
        self._present += Counter()  # an address that has nobody left is forgotten


@dataclass(frozen=True)
class Rooms:
    """The three kinds of visitors.

    before_sign_in: sign-in is asked, and this visitor has not signed in: the page is one button. without_sign_in: everybody,
    where no sign-in is asked.
    """

    before_sign_in: Room
    without_sign_in: Room
    signed_in: Room

    def of(self, *, is_signed_in: bool, is_sign_in_asked: bool) -> Room:
        if is_signed_in:
            return self.signed_in
        return self.before_sign_in if is_sign_in_asked else self.without_sign_in


LONGEST_MESSAGE, LONGEST_BEFORE_SIGN_IN = 256_000, 32_000


def rooms(limits: SessionLimits) -> Rooms:
    """As many places as the settings say, all empty."""
    return Rooms(
        Room(limits.not_signed_in, limits.not_signed_in_of_one_address, LONGEST_BEFORE_SIGN_IN),
        Room(limits.without_sign_in, limits.without_sign_in, LONGEST_MESSAGE),
        Room(limits.signed_in, limits.signed_in, LONGEST_MESSAGE),
    )


def configured() -> Rooms:
    """Under ``streamlit run`` broken settings are reported by the pages; until then the limits are those of the code."""
    try:
        return rooms(Settings().sessions)
    except BrokenReference:
        return rooms(SessionLimits())
