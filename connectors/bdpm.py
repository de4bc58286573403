"""Base de données publique des médicaments: text files without header, one table per published name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import date

from connectors.base import (
    Download,
    FetchSettings,
    Field,
    RawFile,
    RefusedFile,
    Row,
    RowIssue,
    Sheet,
    Source,
    Table,
    tables,
)
from connectors.language.typography import thousands
from connectors.reading.http import Http, download_all
from connectors.reading.lines import kept
from connectors.reading.text import tsv_lines
from connectors.reading.to_come import received_on
from connectors.reading.values import ALONE, BadValue, Noted, noting_parser, value_of

SOURCE = Source(
    key="bdpm",
    title="Base de données publique des médicaments",
    producer="ANSM, HAS, Assurance maladie (CNAM)",
    licence="Licence Ouverte 2.0",
    tier="O",
    rhythm_days=31,
    form="Fichiers texte par HTTP, au moins une fois par mois",
    limits=(
        "Spécialités commercialisées ou arrêtées depuis moins de deux ans seulement",
        "Photographie du jour : une ligne qui quitte la liste des disponibilités est une information, pas un oubli",
        "Quelques spécialités des disponibilités, et beaucoup de celles des groupes génériques, manquent au référentiel",
        "Disponibilités : le code fait foi, le libellé peut le contredire",
        "Disponibilités : MITM sans alternative seulement ; une spécialité absente de la liste peut manquer",
    ),
    base_url="https://base-donnees-publique.medicaments.gouv.fr/download/file",
    patterns=("*CIS_*.txt", "*HAS_LiensPageCT_*.txt"),
    periods=("bdpm_speciality.photograph_on", "bdpm_availability.photograph_on"),
    period_lag_days=0,
    dated_names=True,
)

FILES = (
    *("CIS_bdpm.txt", "CIS_CIP_bdpm.txt", "CIS_COMPO_bdpm.txt", "CIS_GENER_bdpm.txt"),
    *("CIS_CPD_bdpm.txt", "CIS_MITM.txt", "CIS_CIP_Dispo_Spec.txt", "CIS_HAS_SMR_bdpm.txt", "HAS_LiensPageCT_bdpm.txt"),
)
PHOTOGRAPH = "photograph_on"
# Of the size of the previous file. Cut anywhere, a file of lines is still readable and half the medicines would be gone;
# the list of shortages does lose a fifth of its lines in five months.
LEAST_PCT = {**dict.fromkeys(FILES, 80.0), "CIS_CIP_Dispo_Spec.txt": 50.0}
PUBLISHED_NAME = re.compile(r"(?:(?P<day>\d{4}-\d{2}-\d{2})_)?(?P<name>.+?)(?:\.txt)?", re.IGNORECASE)
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")  # of the opinions of HAS; every other file writes jj/mm/aaaa
CODES = frozenset(("cis", "cip13", "choice"))  # emptied, they would mean something else: the row is quarantined
UPDATED = "updated_on"
LEAST_LATER = 3  # lines of the list updated after its day: a mistyped date is one of a line, not of the file
RENAME = "Redéposez le fichier avec, devant son nom, le jour où il a été téléchargé (2026-01-02_)."


def fetch(http: Http, settings: FetchSettings) -> Iterator[Download]:
    """Every file that can be read; then ``SourceUnavailable`` names those that could not."""
    base = settings.base_url.rstrip("/")
    yield from download_all(http, [(name, f"{base}/{name}", {}) for name in FILES], LEAST_PCT)


def photograph_on(raw: RawFile) -> date:
    """The day of the photograph: the ISO date before the file's name, else its day of reception in Paris.

    Raises ``RefusedFile`` for a day that does not exist, or has not come yet: it would hide every true photograph.
    """
    day, received = _published(raw.name)["day"], received_on(raw)
    if day is None:
        return received
    try:
        written = date.fromisoformat(day)
    except ValueError:
        raise RefusedFile(f"« {raw.name} » commence par une date qui n'existe pas.") from None
    if written > received:
        raise RefusedFile(
            f"« {raw.name} » : le {written:%d/%m/%Y} écrit devant son nom vient après sa réception, le {received:%d/%m/%Y}."
            f" {RENAME}"
        )
    return written


def read(raw: RawFile) -> list[Sheet]:
    """The table of the file, recognised by its published name. Raises ``RefusedFile`` when no line fits it."""
    table = _table(raw.name)
    day, columns = photograph_on(raw), tuple(f for f in table.fields if f.name != PHOTOGRAPH)
    sheet = Sheet(table.sheet, table.name, titles=tuple(f.headers[0][0] for f in columns))
    for line, cells in tsv_lines(raw.path):
        sheet.rows_in += 1
        if not any(cells):
            sheet.rows_ignored += 1
        elif row := _row(sheet, columns, line, cells):
            sheet.rows.append({**row, PHOTOGRAPH: day, "line": line})
    if not sheet.rows:
        raise RefusedFile(_misfit(raw, columns, sheet))
    if sheet.quarantined and _is_cut(raw, sheet.quarantined[-1], sheet.rows_in, len(columns)):
        raise RefusedFile(f"« {raw.name} » s'arrête au milieu de sa dernière ligne : il est incomplet.")
    _check_day(raw, day, sheet)
    return [sheet]


def _check_day(raw: RawFile, day: date, sheet: Sheet) -> None:
    """A photograph holds nothing later than itself. Raises ``RefusedFile`` when many of its lines do."""
    later = [row for row in sheet.rows if row.get(UPDATED) and row[UPDATED] > day]
    if len(later) >= LEAST_LATER and 100 * len(later) >= len(sheet.rows):
        first = later[0]
        raise RefusedFile(
            f"« {raw.name} » : {thousands(len(later))} lignes mises à jour après le {day:%d/%m/%Y}, jour de la photographie (ligne"
            f" {first['line']}, le {first[UPDATED]:%d/%m/%Y}). {RENAME}"
        )


def _published(name: str) -> re.Match[str]:
    match = PUBLISHED_NAME.fullmatch(name)
    if match is None:
        raise RefusedFile(f"Nom de fichier illisible : « {name} ».")
    return match


def _table(name: str) -> Table:
    published = _published(name)["name"].casefold()
    for table in tables(SOURCE.key).values():
        if table.sheet.casefold() == published:
            return table
    raise RefusedFile(
        f"« {name} » n'est pas un fichier attendu de la BDPM. Noms attendus, précédés ou non d'une date"
        f" (2026-01-02_) : {', '.join(FILES)}."
    )


def _row(sheet: Sheet, columns: tuple[Field, ...], line: int, cells: Sequence[object]) -> Row | None:
    """The typed row, or ``None`` when it is quarantined. Columns added at the end are accepted while empty."""
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        reason = f"{len(columns)} colonnes attendues, {len(cells)} trouvées"
        sheet.quarantined.append(RowIssue(sheet.name, line, "", "\t".join(map(str, cells))[:200], reason, kept(cells)))
        return None
    row: Row = {}
    for column, cell in zip(columns, cells, strict=False):
        try:
            read = noting_parser(column, ALONE)(_day_as_written(cell) if column.kind == "date" else cell)
            row[column.name] = value_of(read)
            if isinstance(read, Noted) and read.value is None:
                sheet.notes.append(RowIssue(sheet.name, line, column.headers[0][0], read.written, read.note))
        except BadValue as error:
            issue = RowIssue(sheet.name, line, column.headers[0][0], str(cell), error.reason, kept(cells))
            if column.required or column.kind in CODES:
                sheet.quarantined.append(issue)
                return None
            sheet.notes.append(issue)
            row[column.name] = None
    return row


def _day_as_written(cell: object) -> object:
    """« 20260114 » as the other files write it."""
    compact = COMPACT_DAY.fullmatch(str(cell).strip())
    return "/".join(reversed(compact.groups())) if compact else cell


def _is_cut(raw: RawFile, last: RowIssue, lines: int, width: int) -> bool:
    """True when the last line lacks columns and its line end: a truncated answer."""
    if last.line != lines or last.column or len(last.cells) >= width:
        return False
    with raw.path.open("rb") as handle:
        handle.seek(-1, os.SEEK_END)
        return handle.read() != b"\n"


def _misfit(raw: RawFile, columns: tuple[Field, ...], sheet: Sheet) -> str:
    if not sheet.quarantined:
        return f"« {raw.name} » est vide."
    first = sheet.quarantined[0]
    found = f"ligne {first.line}, {first.column or 'colonnes'} : {first.reason}"
    return f"Aucune ligne de « {raw.name} » n'a les {len(columns)} colonnes attendues ({found})."
