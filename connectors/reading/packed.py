"""Published files as they come: plain, ``.gz``, or the only file of a ``.zip``; read by chunks, never expanded on disk or in memory."""

from __future__ import annotations

import csv
import gzip
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from connectors.base import RefusedFile
from connectors.language.folding import fold
from connectors.reading import progress
from connectors.reading.container import ENCRYPTED, OLE, other_format
from connectors.reading.text import ACCENT_IN_UTF8, UTF16
from connectors.reading.workbook import WorkbookSheet, open_workbook

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
ADVANCE_EVERY = 20_000  # lines
WORKBOOKS = (".xls", ".xlsx")
TEXTS = (".csv", ".txt")
MARK = "\ufeff"
TORN = (EOFError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile)


@dataclass(frozen=True)
class PackedLimits:
    """Limits of a published file: a year of Open Medic expands to 450 MB, a half-year of Medic'AM to 20 MB."""

    expanded_bytes: int = 3_000_000_000
    workbook_bytes: int = 150_000_000
    line_bytes: int = 100_000
    entries: int = 100


LIMITS = PackedLimits()


def published_lines(path: Path, delimiter: str, limits: PackedLimits = LIMITS) -> Iterator[tuple[int, list[str]]]:
    """Records of a delimited text: (number of its first line, cells). Raises ``RefusedFile`` on anything else.

    The encoding is UTF-8 or Windows, whichever fits the first accent; a text that mixes them is refused.
    """
    with _opened(path, limits) as (stream, raw, size):
        text = _Text(stream, raw, size, limits)
        reader = csv.reader(text.lines(), delimiter=delimiter, strict=True)
        started, width = 1, 0
        try:
            for cells in reader:
                if not text.ended and len(cells) < width:
                    raise RefusedFile(
                        f"Fichier coupé au milieu de sa dernière ligne ({started}) : redéposez-le entier."
                    )
                yield started, cells
                started, width = reader.line_num + 1, len(cells)
        except csv.Error as error:
            where = f"CSV illisible à partir de la ligne {started}"
            raise RefusedFile(f"{where} : guillemets mal fermés ou champ trop long.") from error


class _Text:
    """Lines of a stream, decoded one by one; ``ended``: the last one given had its line end."""

    def __init__(self, stream: IO[bytes], raw: IO[bytes], size: int, limits: PackedLimits) -> None:
        self._stream, self._raw, self._size, self._limits = stream, raw, size, limits
        self._encoding = ""
        self.ended = True

    def lines(self) -> Iterator[str]:
        read = 0
        for number, line in enumerate(self._raw_lines(), start=1):
            read += len(line)
            if number == 1:
                _refuse_other(line)
            if read > self._limits.expanded_bytes:
                raise RefusedFile(
                    f"Fichier trop gros une fois ouvert : plus de {self._limits.expanded_bytes // 10**9} Go."
                )
            if number % ADVANCE_EVERY == 0:
                progress.advance(self._raw.tell(), self._size)
            self.ended = line.endswith(b"\n")
            yield self._decoded(line, number)

    def _raw_lines(self) -> Iterator[bytes]:
        try:
            while line := self._stream.readline(self._limits.line_bytes + 1):
                if len(line) > self._limits.line_bytes:
                    raise RefusedFile(
                        f"Ligne trop longue : plus de {self._limits.line_bytes} caractères. Ce n'est pas un tableau."
                    )
                yield line
        except TORN as error:
            raise RefusedFile(
                "Archive coupée ou abîmée : téléchargez-la de nouveau, puis redéposez-la entière."
            ) from error

    def _decoded(self, line: bytes, number: int) -> str:
        if line.isascii():
            if b"\0" in line:
                raise RefusedFile("Ce n'est pas un fichier texte (octets nuls) : enregistrez-le en CSV UTF-8.")
            return line.decode("ascii")
        self._encoding = self._encoding or ("utf-8" if _decodes(line, "utf-8") else "cp1252")
        is_mixed = not _decodes(line, "utf-8") if self._encoding == "utf-8" else bool(ACCENT_IN_UTF8.search(line))
        if is_mixed:
            raise RefusedFile(
                f"Ligne {number} : encodage mélangé (UTF-8 et Windows dans le même fichier). Enregistrez-le en CSV UTF-8."
            )
        # Five bytes are no sign of cp1252; they are in Latin-1, of which it is an extension.
        text = line.decode(self._encoding if self._encoding == "utf-8" or _decodes(line, "cp1252") else "latin-1")
        return text.removeprefix(MARK) if number == 1 else text


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _opened(path: Path, limits: PackedLimits) -> Iterator[tuple[IO[bytes], IO[bytes], int]]:
    """The content as a stream, the file itself, and its size on disk."""
    size = path.stat().st_size
    if not size:
        raise RefusedFile("Fichier vide.")
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        head = raw.read(512)
        raw.seek(0)
        stream: Any = raw
        if head.startswith(GZIP):
            stream = stack.enter_context(gzip.open(raw, "rb"))
        elif head.startswith(b"PK"):
            member: Any = stack.enter_context(_member(raw, TEXTS, limits))
            stream = io.BufferedReader(member)
        yield stream, raw, size


@contextmanager
def _member(raw: IO[bytes], suffixes: tuple[str, ...], limits: PackedLimits) -> Iterator[IO[bytes]]:
    """The only file of these suffixes in an archive."""
    try:
        archive = zipfile.ZipFile(raw)
        parts = [part for part in archive.infolist() if not part.is_dir() and not part.filename.startswith("__MACOSX/")]
    except TORN as error:
        raise RefusedFile("Archive coupée ou abîmée : téléchargez-la de nouveau, puis redéposez-la entière.") from error
    wanted = [part for part in parts if part.filename.lower().endswith(suffixes)]
    names = ", ".join(f"« {part.filename[:60]} »" for part in (wanted or parts)[:5]) or "aucun fichier"
    if len(wanted) != 1 or len(parts) > limits.entries:
        kinds = " ou ".join(suffixes)
        raise RefusedFile(
            f"Archive .zip d'un seul fichier {kinds} attendue (trouvé : {names}) : déposez une archive par fichier."
        )
    (part,) = wanted
    if part.flag_bits & ENCRYPTED:
        raise RefusedFile("Archive protégée par mot de passe : déposez-la sans mot de passe.")
    if part.file_size > limits.expanded_bytes:
        raise RefusedFile(f"Fichier trop gros une fois ouvert : plus de {limits.expanded_bytes // 10**9} Go.")
    try:
        with archive, archive.open(part) as stream:
            yield stream
    except (NotImplementedError, RuntimeError) as error:
        raise RefusedFile("Archive d'une compression inconnue : décompressez-la, puis déposez le fichier.") from error


@contextmanager
def published_workbook(path: Path, folder: Path, limits: PackedLimits = LIMITS) -> Iterator[Path]:
    """The workbook itself: the file, or the only ``.xls`` or ``.xlsx`` of a zip, written into ``folder``."""
    with path.open("rb") as raw:
        head = raw.read(8)
        if not head:
            raise RefusedFile("Fichier vide.")
        if head.startswith(b"PK") and not _is_workbook(path):
            raw.seek(0)
            with _member(raw, WORKBOOKS, limits) as stream:
                yield _copied(stream, folder / "classeur", limits)
            return
    yield path


@contextmanager
def published_sheets(path: Path) -> Iterator[list[WorkbookSheet]]:
    """Sheets of a workbook as a producer publishes it: packed or not, old or not."""
    with (
        tempfile.TemporaryDirectory() as folder,
        published_workbook(path, Path(folder)) as workbook,
        open_workbook(workbook, old=True) as sheets,
    ):
        yield sheets


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except TORN:
        return False


def _copied(stream: IO[bytes], path: Path, limits: PackedLimits) -> Path:
    try:
        with path.open("wb") as copy:
            while chunk := stream.read(1 << 20):
                copy.write(chunk)
                if copy.tell() > limits.workbook_bytes:
                    raise RefusedFile(
                        f"Classeur trop gros une fois ouvert : plus de {limits.workbook_bytes // 10**6} Mo."
                    )
    except TORN as error:
        raise RefusedFile("Archive coupée ou abîmée : téléchargez-la de nouveau, puis redéposez-la entière.") from error
    return path


def _refuse_other(head: bytes) -> None:
    """``head``: the first line."""
    if sentence := other_format(head):
        raise RefusedFile(sentence)
    if head.startswith((OLE, ZIP)):
        raise RefusedFile("Classeur au lieu d'un fichier texte : déposez le fichier CSV publié.")
    if head.startswith(UTF16):
        raise RefusedFile("Fichier en UTF-16 (« texte Unicode ») : enregistrez-le en CSV UTF-8.")
    if re.match(rb"(\xef\xbb\xbf)?\s*<", head):
        raise RefusedFile("Page web ou XML au lieu d'un fichier texte : téléchargez le fichier lui-même.")


def columns_of(cells: list[str], wanted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Place of each wanted column on a header line, whatever the case of its titles; those found only."""
    places = {fold(cell): index for index, cell in reversed(list(enumerate(cells)))}
    return {
        name: places[fold(title)]
        for name, titles in wanted.items()
        for title in reversed(titles)
        if fold(title) in places
    }
