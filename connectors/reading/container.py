"""Cheap checks of a workbook's zip before any library opens it: type, expansion, suspicious parts."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from connectors.base import RefusedFile

WORKBOOK_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}
OLE = b"\xd0\xcf\x11\xe0"  # old .xls, or a workbook with a password
OTHERS = {"content.xml": "LibreOffice (.ods)", "xl/workbook.bin": "binaire (.xlsb)"}
FILES = (
    ".xlsx",
    ".xlsm",
    ".xls",
    ".xlsb",
    ".ods",
    ".csv",
    ".txt",
    ".tsv",
    ".json",
    ".zip",
)  # of an archive to open by hand
LONGEST_NAME, MOST_NAMES = 60, 5  # characters and number of the file names that a sentence repeats
ARCHIVES = {b"7z\xbc\xaf\x27\x1c": ".7z", b"Rar!\x1a\x07": ".rar", b"\x1f\x8b": ".gz"}
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those that spreadsheets write
ENCRYPTED = 0x1
OUTSIDE = re.compile(r"(^|[/\\\\])\.\.([/\\\\]|$)|^[/\\\\]|^[A-Za-z]:")
DECLARED_TYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
TYPE_WITHIN = 4_096  # bytes of a part in which a document type may be declared
TO_CALCULATE = re.compile(
    rb'fullCalcOnLoad="(1|true)"'
)  # written by programs that leave the results to the spreadsheet
FORMULA = re.compile(rb"<f[ />]")
CHUNK = 1 << 20


@dataclass(frozen=True)
class ContainerLimits:
    """Size limits of a workbook's zip, compressed and expanded."""

    file_bytes: int = 50_000_000
    entries: int = 2_000
    expanded_bytes: int = 300_000_000
    ratio: float = 200.0  # expanded ÷ compressed; real workbooks stay under 40, a bomb is near 1 000
    ratio_from_bytes: int = 10_000_000  # below, the ratio says nothing


def check_container(path: Path, limits: ContainerLimits) -> None:
    """Raises ``RefusedFile`` unless the file is the zip of an ordinary workbook."""
    if path.stat().st_size > limits.file_bytes:
        raise RefusedFile(f"Fichier trop gros : plus de {limits.file_bytes // 1_000_000} Mo.")
    if not zipfile.is_zipfile(path):
        raise RefusedFile(_what_it_is(path))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_kind({part.filename for part in parts})
            _check_size(parts, limits)
            _check_parts(parts)
            _check_types(archive, parts)
            _check_formulas(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zlib.error) as error:
        raise RefusedFile("Classeur abîmé : l'archive est illisible.") from error


def _check_kind(names: set[str]) -> None:
    for name, kind in OTHERS.items():
        if name in names:
            raise RefusedFile(f"Classeur {kind} : enregistrez-le au format .xlsx.")
    files = sorted(name for name in names if name.lower().endswith(FILES) and not name.startswith("__MACOSX/"))
    if not names >= WORKBOOK_PARTS and files:
        raise RefusedFile(
            f"Archive .zip de fichiers ({', '.join(f'« {name[:LONGEST_NAME]} »' for name in files[:MOST_NAMES])}"
            f"{'…' * (len(files) > MOST_NAMES)}) : décompressez-la, puis déposez chaque fichier."
        )
    if not names >= WORKBOOK_PARTS:
        raise RefusedFile("Ce n'est pas un classeur Excel : enregistrez-le au format .xlsx.")


def _check_size(parts: list[zipfile.ZipInfo], limits: ContainerLimits) -> None:
    expanded = sum(part.file_size for part in parts)
    compressed = max(1, sum(part.compress_size for part in parts))
    too_dense = expanded > limits.ratio_from_bytes and expanded / compressed > limits.ratio
    if len(parts) > limits.entries or expanded > limits.expanded_bytes or too_dense:
        raise RefusedFile("Classeur anormalement compressé ou trop grand une fois ouvert : il n'est pas lu.")


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    """Refuses names, compression and contents that no spreadsheet writes, or that hide figures from their senders."""
    names = [part.filename for part in parts]
    if any(OUTSIDE.search(name) for name in names) or max(Counter(names).values()) > 1:
        raise RefusedFile("Classeur anormal : noms de parties en double ou sortant de l'archive. Il n'est pas lu.")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise RefusedFile("Classeur protégé par mot de passe : enregistrez-le sans mot de passe.")
    if any(part.compress_type not in METHODS for part in parts):
        raise RefusedFile("Classeur abîmé : compression inconnue des tableurs. Enregistrez-le de nouveau en .xlsx.")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise RefusedFile("Classeur avec macros : enregistrez-le au format .xlsx, sans macros.")
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise RefusedFile(
            "Classeur lié à d'autres classeurs : ses valeurs peuvent dater. Collez les valeurs, puis rompez les liens."
        )


def _check_types(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Refuses parts that declare a document type: that is how entities expand or read other files."""
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as content:
                if DECLARED_TYPE.search(content.read(TYPE_WITHIN)):
                    raise RefusedFile("Classeur anormal : il déclare des entités XML. Il n'est pas lu.")


def _check_formulas(archive: zipfile.ZipFile) -> None:
    """Refuses uncalculated formulas: a workbook made by a program may hold some, which read 0 meanwhile."""
    with archive.open("xl/workbook.xml") as book:
        if not TO_CALCULATE.search(book.read(CHUNK)):
            return
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    if any(_has_formula(archive, name) for name in sheets):
        raise RefusedFile("Classeur dont les formules n'ont jamais été calculées : ouvrez-le, puis enregistrez-le.")


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as sheet:
        before = b""
        for chunk in iter(partial(sheet.read, CHUNK), b""):
            if FORMULA.search(before + chunk):
                return True
            before = chunk[-2:]
    return False


def other_format(head: bytes) -> str:
    """Sentence for a compressed archive or a PDF, from its first bytes; empty for anything else."""
    for mark, kind in ARCHIVES.items():
        if head.startswith(mark):
            return f"Archive {kind} : décompressez-la, puis déposez chaque fichier."
    return "Document PDF : déposez le classeur ou le fichier CSV dont il vient." if head.startswith(b"%PDF") else ""


def is_old(path: Path) -> bool:
    """Whether it is an ``.xls``, or a workbook with a password, from its first bytes."""
    with path.open("rb") as handle:
        return handle.read(len(OLE)) == OLE


def _what_it_is(path: Path) -> str:
    """Sentence for a file that is not a zip, from its first bytes."""
    with path.open("rb") as handle:
        head = handle.read(512)
    if not head:
        return "Fichier vide."
    if sentence := other_format(head):
        return sentence
    if head.startswith(OLE):
        return "Ancien format .xls ou classeur protégé par mot de passe : enregistrez-le en .xlsx sans mot de passe."
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return "Page web ou XML renommé en classeur : ouvrez-le dans un tableur et enregistrez-le en .xlsx."
    if head.startswith(b"PK"):
        return "Classeur tronqué : le fichier est incomplet, redéposez-le."
    return "Ce n'est pas un classeur Excel : enregistrez-le au format .xlsx."
