"""Delimited text: decoded strictly, lines numbered as in the file, streamed."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from connectors.base import RefusedFile
from connectors.reading.container import other_format
from connectors.reading.lines import Line, Lines

CHUNK = 1 << 20
DELIMITERS = {";": "« ; »", "\t": "tabulation", "|": "« | »", ",": "« , »"}  # as a sentence names them
CP1252_UNKNOWN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
ACCENT_IN_UTF8 = re.compile(
    rb"\xc3[\x80-\xbf]"
)  # é, à, ç… ; in cp1252 it would be « Ã » and a sign, which no text holds
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class TextLimits:
    """Limits of a text: a week of 15 000 presentations × 12 regions weighs 7 MB, the widest line 2 000 characters.

    Read, 49 MB (1.5 million rows) take 800 MB of memory: what is accepted stays under 1 GB.
    """

    file_bytes: int = 50_000_000
    line_chars: int = 200_000


TEXT_LIMITS = TextLimits()


def csv_lines(path: Path, delimiter: str = ";", limits: TextLimits = TEXT_LIMITS) -> Lines:
    """Records of a CSV: (number of the line where the record begins, cells).

    Raises ``RefusedFile`` at once if it is not a text, and during iteration on broken quoting or an endless line.
    """
    encoding = encoding_of(path, limits)
    return Lines(lambda: _records(path, encoding, delimiter, limits))


def delimiter_of(
    path: Path, expected: str, is_title: Callable[[str], bool], within: int, limits: TextLimits = TEXT_LIMITS
) -> str:
    """The separator under which one of the first ``within`` lines has most titles, the first of ``expected`` on a tie."""
    encoding = encoding_of(path, limits)
    top = list(islice(_text(path, encoding, "", limits), within))
    candidates: list[str] = [*expected, *(mark for mark in DELIMITERS if mark not in expected)]
    scores = {mark: max((_titles(line, mark, is_title) for line in top), default=0) for mark in candidates}
    return max(candidates, key=lambda mark: scores[mark])


def _titles(line: str, delimiter: str, is_title: Callable[[str], bool]) -> int:
    """Titles on a line; a lone one proves no separator."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return 0
    count = sum(map(is_title, cells))
    return count if count > 1 else 0


def tsv_lines(path: Path, limits: TextLimits = TEXT_LIMITS) -> Lines:
    """Lines of tab-separated text without quoting, cells stripped.

    Lines end at LF or CRLF only: the BDPM holds lone CR and other separators inside its texts.
    """
    encoding = encoding_of(path, limits)
    return Lines(lambda: _fields(path, encoding, limits))


def encoding_of(path: Path, limits: TextLimits = TEXT_LIMITS) -> str:
    """Strict UTF-8 (mark allowed), else cp1252; raises ``RefusedFile`` on bytes that fit neither, or both."""
    check_size(path, limits)
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_cp1252, has_utf8_accents = True, True, False
    with path.open("rb") as handle:
        head = handle.read(512)
        _refuse_other(head)
        handle.seek(0)
        before = b""
        for chunk in iter(partial(handle.read, CHUNK), b""):
            _refuse_nul(chunk)
            is_utf8 = is_utf8 and _decodes(utf8, chunk)
            is_cp1252 = is_cp1252 and not CP1252_UNKNOWN.search(chunk)
            has_utf8_accents = has_utf8_accents or bool(ACCENT_IN_UTF8.search(before + chunk))
            before = chunk[-1:]
    if is_utf8 and _decodes(utf8, b"", final=True):
        return "utf-8-sig"
    if is_cp1252 and not has_utf8_accents:
        return "cp1252"
    raise RefusedFile(
        "Encodage mélangé (UTF-8 et Windows dans le même fichier) : enregistrez-le en CSV UTF-8."
        if has_utf8_accents
        else "Encodage du fichier inconnu : enregistrez-le en CSV UTF-8."
    )


def check_size(path: Path, limits: TextLimits = TEXT_LIMITS) -> None:
    """Raises ``RefusedFile`` when the file is empty or too big to be what it claims."""
    size = path.stat().st_size
    if not size:
        raise RefusedFile("Fichier vide.")
    if size > limits.file_bytes:
        raise RefusedFile(
            f"Fichier trop gros : {size // 1_000_000} Mo, {limits.file_bytes // 1_000_000} au plus. Découpez-le par période."
        )


def _refuse_other(head: bytes) -> None:
    if sentence := other_format(head):
        raise RefusedFile(sentence)
    if head.startswith(UTF16):
        raise RefusedFile("Fichier en UTF-16 (« texte Unicode ») : enregistrez-le en CSV UTF-8.")
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise RefusedFile("Page web ou XML au lieu d'un fichier texte : exportez les données en CSV.")


def _refuse_nul(chunk: bytes) -> None:
    if b"\0" in chunk:
        raise RefusedFile("Ce n'est pas un fichier texte (octets nuls) : enregistrez-le en CSV UTF-8.")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _text(path: Path, encoding: str, newline: str, limits: TextLimits) -> Iterator[str]:
    """Lines with their line ends; raises ``RefusedFile`` on one too long to be a line of a table."""
    with path.open(encoding=encoding, newline=newline) as handle:
        for number, line in enumerate(iter(partial(handle.readline, limits.line_chars + 1), ""), start=1):
            if len(line) > limits.line_chars:
                raise RefusedFile(f"Ligne {number} trop longue : plus de {limits.line_chars} caractères.")
            yield line


def _records(path: Path, encoding: str, delimiter: str, limits: TextLimits) -> Iterator[Line]:
    ended = True

    def lines() -> Iterator[str]:
        nonlocal ended
        for line in _text(path, encoding, "", limits):
            ended = line.endswith(("\n", "\r"))
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    started, width = 1, 0
    try:
        for cells in reader:
            if not ended and len(cells) < width:
                raise RefusedFile(f"Fichier coupé au milieu de sa dernière ligne ({started}) : redéposez-le entier.")
            yield started, cells
            started, width = reader.line_num + 1, len(cells)
    except csv.Error as error:
        where = f"CSV illisible à partir de la ligne {started}"
        raise RefusedFile(f"{where} : guillemets mal fermés ou champ trop long.") from error


def _fields(path: Path, encoding: str, limits: TextLimits) -> Iterator[Line]:
    lines: Iterable[str] = _text(path, encoding, "\n", limits)
    for number, line in enumerate(lines, start=1):
        yield number, [cell.strip() for cell in line.removesuffix("\n").split("\t")]
