"""Delimited text: decoding without a guess, lines numbered as in the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from connectors.base import RefusedFile

Line = tuple[int, list[object]]


def decode(content: bytes) -> str:
    """Strict UTF-8 (mark allowed), else cp1252; raises ``RefusedFile`` on NUL bytes or bytes that neither knows."""
    if b"\0" in content:
        raise RefusedFile("Ce n'est pas un fichier texte (octets nuls)\u00a0: enregistrez-le en CSV UTF-8.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedFile("Encodage du fichier inconnu\u00a0: enregistrez-le en CSV UTF-8.")


def csv_rows(text: str, delimiter: str = ";") -> Iterator[Line]:
    """(number of the line where the record begins, cells); raises ``RefusedFile`` on broken quoting."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    started = 1
    try:
        for cells in reader:
            yield started, list(cells)
            started = reader.line_num + 1
    except csv.Error as error:
        where = f"CSV illisible à partir de la ligne {started}"
        raise RefusedFile(f"{where}\u00a0: guillemets mal fermés ou champ trop long.") from error


def tsv_rows(text: str) -> Iterator[Line]:
    """(line number, cells stripped) of tab-separated text without quoting.

    Lines end at LF or CRLF only: the BDPM holds lone CR and other separators inside its texts.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    for number, line in enumerate(lines, start=1):
        yield number, [cell.strip() for cell in line.split("\t")]
