"""French typography of the texts a reader sees: where a line may not break.

Texts are written in the code, in SQL and in the reference files with ordinary spaces. ``french`` (``french_html`` for
markup) puts the no-break spaces where a text leaves: page, chart, e-mail, feed, workbook, account of a refresh. Spaces
are replaced one for one: a text keeps its length, its words and its addresses, and applying it twice changes nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NO_BREAK, _THIN = "\u00a0", "\u202f"
_ORDINARY = str.maketrans({_NO_BREAK: " ", _THIN: " "})
SEPARATORS = f",{_THIN}"  # of decimals and thousands, as charting libraries ask for them

_UNITS = r"%|€|°C|j|jours?|sem\.|semaines?|mois|ans?|h|min|s|ms|[kMG]?o|[kmµ]?g|m?l|mmol|UI|unités?"
# Every rule begins with a space, « or h: the text is skipped up to the next of these, five times as fast.
_ALONE = r"(?<![\w.,/:-])"
_RULES = re.compile(
    rf"""
      (?P<address> https?:// [^\s«»<>]+ [ ]? )                  # with the space by which other programs end it
    | (?P<quoted> « [^«»\n]* » )                               # a file name, a title: nothing changes inside
    | (?P<thousands> [ ] (?= \d{{3}} (?! \w ) )
        (?: (?<= {_ALONE} \d [ ] ) | (?<= {_ALONE} \d\d [ ] ) | (?<= {_ALONE} \d\d\d [ ] ) ) )
    | (?P<stuck> [ ] (?: (?= [?!;:»] | %(?!{{) )
        | (?<= «[ ] )
        | (?<= \d[ ] ) (?= (?:{_UNITS}) (?! \w ) )
        | (?<= \bS\d\d[ ] ) (?= \d{{4}} \b )                  # a week and its year
        | (?<= n°[ ] ) | (?<= \bréf\.[ ] )
        | (?= /[ ]\d ) | (?<= [ ]/[ ] ) (?= \d ) ) )             # points out of a total
    """,
    re.VERBOSE,
)
_TAG = re.compile(
    r"""<!-- .*? --> | < (?P<raw> script | style ) \b .*? </ (?P=raw) \s* >
      | </? (?P<name> [a-z] [\w-]* ) (?: [^<>"'] | "[^"]*" | '[^']*' )* >""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_INLINE = frozenset(("a", "abbr", "b", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u"))


def thousands(count: int) -> str:
    """``12400`` → « 12 400 » in a text that ``french`` goes over when it leaves."""
    return f"{count:,}".replace(",", " ")


def french(text: str) -> str:
    """No-break spaces before « ? ! ; : » % », before units and inside quotation marks; narrow ones in numbers."""
    return _RULES.sub(_spaced, text)


@lru_cache(maxsize=2048)
def french_html(markup: str) -> str:
    """``french`` on the text of HTML; tags, their attributes, scripts and styles are given back as they came.

    A sentence goes on through ``<b>`` or ``<span>`` and ends at any other tag.
    """
    tags = list(_TAG.finditer(markup))
    starts, ends = [tag.start() for tag in tags], [tag.end() for tag in tags]
    texts = [markup[start:end] for start, end in zip([0, *ends], [*starts, len(markup)], strict=True)]
    seams = ["" if (tag["name"] or "").lower() in _INLINE else "\n" for tag in tags]
    written = french("".join(part for pair in zip(texts, [*seams, ""], strict=True) for part in pair))
    parts, at = [], 0
    for text, seam, tag in zip(texts, [*seams, ""], [*(tag[0] for tag in tags), ""], strict=True):
        parts += [written[at : at + len(text)], tag]
        at += len(text) + len(seam)
    return "".join(parts)


def tied(*words: str) -> str:
    """Words that stay on one line: a count and its noun."""
    return _NO_BREAK.join(words)


def ordinary(text: str) -> str:
    """The reverse: every space an ordinary one, as a person types it."""
    return text.translate(_ORDINARY)


def _spaced(match: re.Match[str]) -> str:
    found = match[0]
    if match["address"]:
        return found
    if match["quoted"]:
        inside = found[1:-1]
        if not inside.strip(" "):
            return found.replace(" ", _NO_BREAK)
        first, last = inside.startswith(" "), inside.endswith(" ")
        return f"«{_NO_BREAK * first}{inside[first : len(inside) - last]}{_NO_BREAK * last}»"
    return found.replace(" ", _THIN if match["thousands"] else _NO_BREAK)
