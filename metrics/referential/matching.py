"""A search among named entries: words in any order, their beginnings, codes, one or two wrong letters.

Pure: entries in, hits out. Words are compared without case or accents, codes without spaces or dots.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from connectors.language.folding import fold_words, unaccented, unaccented_in_place

SHORTEST = 2  # letters typed before anything is looked for
_WORDS = re.compile(r"[a-z]+|\d+")
# Written before a code or between words: they find nothing by themselves.
_PREFIX = re.compile(
    r"(?:n°|(?:code|cip ?13|cip ?7|cip|cis|atc|gtin|ean|no|numero|declaration|departement|dpt)\b)[ :.]*"
)
_LINKING = frozenset(("de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "a", "au", "aux", "pour"))
_NUMBER = re.compile(r"\d{5,}")  # shorter, it is rather a strength
_CLASS = re.compile(r"[a-z]\d\d[a-z0-9]*")
_NEAR_NUMBER = re.compile(r"\d{7,14}")
_BEYOND = "\uffff"
# How well a label answers: it is what was typed, it has all the words whole, it has their beginnings, or less than that.
_IS_IT, _WHOLE, _BEGUN = 30_000, 20_000, 10_000
_OF_RANK, _LAST_RANK = 100, 90
_WHOLE_WORD, _FIRST_WORD = 2, 5
_LETTERS_FOR_ONE, _LETTERS_FOR_TWO = 4, 6  # a short word with two wrong letters is another word
_ALTERNATIVES, _TRIED, _LONGEST = 3, 9, 8

Ids = NDArray[np.int32]
Scores = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found. ``code``, ``other_codes``: its own, and those it is also known by, spaced.

    names: other names, as good as the label. words: what it is also found by. rank: of two that answer as well, the
    smaller stands first. row: what the caller wants back.
    """

    label: str
    names: str = ""
    words: str = ""
    code: str = ""
    other_codes: str = ""
    rank: int = 0
    row: Any = None


@dataclass(frozen=True)
class Found:
    """Entries, best first. ``corrected``: the words they answer, when those typed found nothing.

    is_sure: what stands first may be opened without being chosen: a code close to the one typed may not.
    """

    entries: tuple[Entry, ...] = ()
    total: int = 0
    corrected: str | None = None
    is_sure: bool = True


def words_of(text: str) -> list[str]:
    """« Comprimés 500mg/5 ml » → comprime, 500, mg, 5, ml: the plural is left out."""
    return [_stem(word) for word in _WORDS.findall(unaccented(text).lower())]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > _LETTERS_FOR_ONE and word.endswith("s") else word


def code_of(text: str) -> str:
    """A code as compared: « CIP 34009 301 234 5-6 » → 3400930123456; the zero before a GTIN is dropped."""
    folded = fold_words(text)
    while prefix := _PREFIX.match(folded):
        folded = folded[prefix.end() :]
    plain = "".join(character for character in folded if character.isalnum())
    return plain[1:] if re.fullmatch(r"0\d{13}", plain) else plain


class _Postings:
    """Entries of each word, in the order of the words: those of a beginning are side by side."""

    def __init__(self, vocabulary: dict[str, int], words: Sequence[Collection[str]]) -> None:
        places = np.array([vocabulary[word] for several in words for word in several], dtype=np.int32)
        entries = np.repeat(np.arange(len(words), dtype=np.int32), [len(several) for several in words])
        order = np.argsort(places, kind="stable")
        self.entries: Ids = entries[order]
        self.starts = np.searchsorted(places[order], np.arange(len(vocabulary) + 1))
        self._size = len(words)

    def of(self, low: int, high: int) -> Ids:
        return self.entries[self.starts[low] : self.starts[high]]

    def mask(self, low: int, high: int) -> NDArray[np.bool_]:
        """True for the entries of these words."""
        found = np.zeros(self._size, dtype=bool)
        found[self.of(low, high)] = True
        return found


class Index:
    """Entries in the order in which equals are shown."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        split = cache(words_of)  # a denomination is written once a box
        labels = [split(entry.label) for entry in entries]
        named = [{*label, *split(entry.names)} for label, entry in zip(labels, entries, strict=True)]
        beside = [set(split(entry.words)) for entry in entries]
        self._vocabulary = sorted(set().union(*named, *beside))
        places = {word: place for place, word in enumerate(self._vocabulary)}
        self._named, self._beside = _Postings(places, named), _Postings(places, beside)
        self._first = np.array([places[label[0]] if label else -1 for label in labels], dtype=np.int32)
        self._rank = np.array([_LAST_RANK - entry.rank for entry in entries], dtype=np.int32) * _OF_RANK
        self._labels: dict[str, list[int]] = {}
        for entry, label in enumerate(labels):
            self._labels.setdefault(" ".join(label), []).append(entry)
        self._own = _codes(entry.code for entry in entries)
        self._others = _codes(entry.other_codes for entry in entries)
        self._near = _Near([word for word in self._vocabulary if word.isalpha()])

    def scores(self, words: Sequence[str]) -> Scores:
        """Of each entry, zero where a word is missing."""
        size = len(self.entries)
        found, named, whole, first = (np.ones(size, dtype=bool) for _ in range(4))
        first[:] = False
        fine = np.zeros(size, dtype=np.int32)
        for word in words:
            low, high = self._range(word)
            exact = low + (low < high and self._vocabulary[low] == word)
            is_named, is_whole = self._named.mask(low, high), self._named.mask(low, exact)
            found &= is_named | self._beside.mask(low, high)
            named &= is_named
            whole &= is_whole
            first |= (self._first >= low) & (self._first < high)
            fine += is_whole * _WHOLE_WORD
        answer = np.where(whole, _WHOLE, np.where(named, _BEGUN, 0))
        answer[self._labels.get(" ".join(words), [])] = _IS_IT
        total: Scores = np.where(found, answer + self._rank + fine + first * _FIRST_WORD, 0).astype(np.int32)
        return total

    def knows(self, word: str) -> bool:
        """Whether some word begins so."""
        low, high = self._range(word)
        return low < high

    def coded(self, code: str) -> list[int]:
        """Entries of that very code: their own first."""
        return [entry for codes in (self._own, self._others) for entry in codes.exact.get(code, [])]

    def beginning(self, code: str) -> list[int]:
        """Entries one of whose codes begins so, when it looks like a code."""
        if not _NUMBER.match(code) and not _CLASS.fullmatch(code):
            return []
        return [entry for codes in (self._own, self._others) for entry in codes.beginning(code)]

    def near_words(self, word: str) -> list[tuple[int, str]]:
        """(wrong letters, word), the closest first, then those of the entries shown first."""
        found = self._near.of(word)
        return sorted(found, key=lambda near: (near[0], near[1][0] != word[0], self._earliest(near[1])))[:_ALTERNATIVES]

    def near_codes(self, code: str) -> list[int]:
        """Entries whose code has one digit wrong, missing, too many, or two exchanged."""
        return [entry for near in self._own.near(code)[:_ALTERNATIVES] for entry in self._own.exact[near]]

    def _range(self, word: str) -> tuple[int, int]:
        return bisect_left(self._vocabulary, word), bisect_left(self._vocabulary, word + _BEYOND)

    def written(self, word: str) -> str:
        """With its accents, as the first entry that has it writes it."""
        first = self._earliest(word)
        if first < len(self.entries):
            text = f"{self.entries[first].label} {self.entries[first].names} {self.entries[first].words}".lower()
            for found in _WORDS.finditer(unaccented_in_place(text)):
                if _stem(found[0]) == word:
                    return text[found.start() : found.end()]
        return ""

    def _earliest(self, word: str) -> int:
        low, _ = self._range(word)
        mine = [found.min() for found in (self._named.of(low, low + 1), self._beside.of(low, low + 1)) if len(found)]
        return int(min(mine, default=len(self.entries)))


class _Codes:
    def __init__(self, exact: dict[str, list[int]]) -> None:
        self.exact = exact
        self.known = sorted(exact)

    def near(self, code: str) -> list[str]:
        """Codes with one digit wrong, missing, too many, or two exchanged."""
        compared = [known for known in self.known if abs(len(known) - len(code)) <= 1]
        return [compared[place] for place in np.flatnonzero(_wrong_letters(code, compared, 1) <= 1)] if compared else []

    def beginning(self, code: str, most: int = 200) -> Iterable[int]:
        """Entries of the codes that begin so."""
        low, high = bisect_left(self.known, code), bisect_left(self.known, code + _BEYOND)
        return islice((entry for known in self.known[low:high] for entry in self.exact[known]), most)


def _codes(spaced: Iterable[str]) -> _Codes:
    exact: dict[str, list[int]] = {}
    for entry, several in enumerate(spaced):
        for one in several.split():
            if code := one.lower() if one.isascii() and one.isalnum() else code_of(one):
                exact.setdefault(code, []).append(entry)
    return _Codes(exact)


class _Near:
    """Words with one or two wrong letters, whole or as far as typed."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = [word for word in words if len(word) >= _LETTERS_FOR_ONE]
        self._begun = cache(lambda letters: [word[:letters] for word in self._words])

    def of(self, word: str) -> list[tuple[int, str]]:
        """(wrong letters, word)."""
        if not word.isalpha() or len(word) < _LETTERS_FOR_ONE:
            return []
        most = 1 if len(word) < _LETTERS_FOR_TWO else 2
        compared = [self._words, *(self._begun(len(word) + more) for more in (-1, 0, 1))]
        wrong = np.min([_wrong_letters(word, words, most) for words in compared], axis=0)
        return [(int(wrong[place]), self._words[place]) for place in np.flatnonzero(wrong <= most)]


def _wrong_letters(typed: str, known: Sequence[str], most: int) -> NDArray[np.uint8]:
    """Letters wrong, missing, too many or exchanged; above ``most``, more than that."""
    found: NDArray[np.uint8] = process.cdist(
        [typed], known, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8, workers=1
    )[0]
    return found


def search(indexes: Sequence[Index], typed: str, most: int = 10) -> Found:
    """Entries of all indexes that answer what was typed: the same code, then the same words, then the closest ones."""
    words, code = words_of(typed), code_of(typed)
    if len("".join(words)) < SHORTEST:
        same = tuple(index.entries[entry] for index in indexes for entry in index.coded(code))
        return Found(same[:most], len(same))
    # The last one may be the beginning of a word, or a letter that is a name.
    terms = [word for at, word in enumerate(words) if word not in _LINKING or at == len(words) - 1][:_LONGEST]
    found = _listed(indexes, terms, code, most)
    if not found.entries and len(terms) > 1 and terms[-1] in _LINKING:
        found = _listed(indexes, terms[:-1], code, most)
    if found.entries:
        return found
    if _NEAR_NUMBER.fullmatch(code):
        near = [index.entries[entry] for index in indexes for entry in index.near_codes(code)]
        meant = [one for entry in near for one in entry.code.split() if abs(len(one) - len(code)) <= 1]
        return Found(tuple(near[:most]), len(near), next(iter(meant), None), is_sure=False)
    return _corrected(indexes, terms, most)


def _listed(indexes: Sequence[Index], words: Sequence[str], code: str, most: int) -> Found:
    """The same code first, then words, by score; then codes that begin so."""
    exact = [index.entries[entry] for index in indexes for entry in index.coded(code)]
    scored = [(index, index.scores(words)) for index in indexes]
    ranked: list[tuple[int, int, int]] = []
    for rank, (_, scores) in enumerate(scored):
        hits = np.flatnonzero(scores)
        best = hits[np.argsort(-scores[hits], kind="stable")][: most + len(exact)]
        ranked += [(-int(scores[entry]), rank, int(entry)) for entry in best]
    by_words = [indexes[rank].entries[entry] for _, rank, entry in sorted(ranked)]
    begun = [index.entries[entry] for index in indexes for entry in index.beginning(code)]
    kept = list({id(entry): entry for entry in (*exact, *by_words, *begun)}.values())
    total = max(len(kept), sum(int(np.count_nonzero(scores)) for _, scores in scored))
    return Found(tuple(kept[:most]), total)


def _corrected(indexes: Sequence[Index], words: Sequence[str], most: int) -> Found:
    """The fewest wrong letters with which something is found."""
    for attempt in _attempts(indexes, words):
        found = _listed(indexes, attempt, "", most)
        if found.entries:
            return Found(found.entries, found.total, " ".join(_as_written(indexes, word) for word in attempt))
    return Found()


def _attempts(indexes: Sequence[Index], words: Sequence[str]) -> Iterable[list[str]]:
    """Words read otherwise: two written apart, unknown ones corrected, then those that were known as well."""
    for at in range(len(words) - 1):
        yield [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]
    known = {word: _knows(indexes, word) for word in words}
    near = cache(lambda word: _near(indexes, word))
    for corrects_known in (False, True):
        if corrects_known and not any(known.values()):
            return
        choices = [
            [*([(0, word)] if known[word] else []), *(near(word) if corrects_known or not known[word] else [])]
            for word in words
        ]
        tried = sorted(product(*choices), key=lambda several: sum(letters for letters, _ in several))
        yield from ([word for _, word in several] for several in tried[:_TRIED])


def _knows(indexes: Sequence[Index], word: str) -> bool:
    return any(index.knows(word) for index in indexes)


def _near(indexes: Sequence[Index], word: str) -> list[tuple[int, str]]:
    found = [near for index in indexes for near in index.near_words(word)]
    return sorted(dict.fromkeys(found), key=lambda near: near[0])[:_ALTERNATIVES]


def _as_written(indexes: Sequence[Index], word: str) -> str:
    return next(filter(None, (index.written(word) for index in indexes)), word)
