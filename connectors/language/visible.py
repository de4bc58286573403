"""Characters of foreign text that no reader sees, or that command a terminal: detected, and shown as pictures."""

from __future__ import annotations

import re

# Controls, separators of lines, marks that turn the direction of what follows, halves of a character, and all that has
# no shape (joiners, soft hyphen, fillers, tags): two names that a reader sees alike would be two.
HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def picture(character: str) -> str:
    """Of a hidden character: a picture of each ASCII control, U+FFFD for the rest."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def visible(text: str) -> str:
    """One for one: an escape that clears a screen is read « ␛[2J »."""
    return HIDDEN.sub(lambda found: picture(found[0]), text)
