"""Réseau Sentinelles: weekly incidence seen by general practitioners, for the country and its regions, with its interval."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.base import Download, FetchSettings, RawFile, RefusedFile, Row, RowIssue, Sheet, Source, tables
from connectors.reading.documents import scalar
from connectors.reading.header import listed
from connectors.reading.http import Http, Wanted, download_changed
from connectors.reading.packed import published_lines
from connectors.reading.territory import REGIONS
from connectors.reading.to_come import check_not_to_come
from connectors.reading.values import BadValue, parse

SOURCE = Source(
    key="sentinelles",
    title="Réseau Sentinelles",
    producer="Inserm, Sorbonne Université (réseau Sentinelles)",
    licence="Licence Ouverte 2.0",
    tier="O",
    rhythm_days=7,
    form="Interface HTTP, chaque semaine (mercredi)",
    limits=(
        "Estimations d'un réseau de médecins généralistes, avec leur intervalle à 95 %",
        "Deux régions dont les intervalles se recouvrent ne se classent pas",
        "Pour 100 000 habitants, et non pour 100 000 passages comme Odissé : les deux ne s'ajoutent pas",
        "Régions seulement, sans département ni outre-mer",
        "La dernière semaine est provisoire",
    ),
    base_url="https://www.sentiweb.fr/api/v1/datasets/rest",
    patterns=("incidence-*",),
    periods=("sentinelles_incidence.week",),
    period_lag_days=7,
)

INDICATORS = ("3", "25", "6", "7")
AREAS = ("PAY", "RDD")  # the country, the regions of 2016; those before (REG) are read when dropped
TABLE = "sentinelles_incidence"
NATION = "FR"
COMMENT = "#"
PROVIDED = tuple(f.headers[0][0] for f in tables(SOURCE.key)[TABLE].fields if f.name != "level")
NEEDED = ("week", "indicator", "inc", "inc100", "geo_insee")
UNKNOWN = "-"  # written for an estimate that is not published
LEAST_PCT = 90.0  # the series only grows
# Regions of before 2016 that are none of those of today.
FORMER = frozenset(("21", "22", "23", "25", "26", "31", "41", "42", "43", "54", "72", "73", "74", "82", "83", "91"))


def fetch(http: Http, settings: FetchSettings) -> Iterator[Download]:
    """Whole series of each syndrome, for the country and its regions."""
    base = settings.base_url.rstrip("/")
    wanted = []
    for area in AREAS:
        for indicator in INDICATORS:
            name = f"incidence-{area}-{indicator}.csv"
            params = {} if settings.is_mirror else {"indicator": indicator, "geo": area, "span": "all"}
            url = f"{base}/{name}" if settings.is_mirror else f"{base}/incidence"
            wanted.append(Wanted(name, url, f"{base}/{name}", params, LEAST_PCT))
    yield from download_changed(http, wanted, settings)


def read(raw: RawFile) -> list[Sheet]:
    """The incidence of a file, in CSV or in JSON as the interface gives it. Raises ``RefusedFile``."""
    records = list(_json_records(raw) if _is_json(raw) else _csv_records(raw))
    sheet = Sheet("Incidence", TABLE, rows_in=len(records), titles=PROVIDED)
    level = _level(records)
    for number, record in records:
        try:
            row = _row(record, number, level)
            check_not_to_come(raw, row["week"], "week")
            sheet.rows.append(row)
        except BadValue as error:
            column = tables(SOURCE.key)[TABLE].field(error.field).headers[0][0] if error.field else ""
            value = str(record.get(column, ""))[:200]
            sheet.quarantined.append(RowIssue(sheet.name, number, column, value, error.reason))
    if not sheet.rows:
        first = sheet.quarantined[0] if sheet.quarantined else None
        why = f" (ligne {first.line}, colonne « {first.column} » : {first.reason})" if first else ""
        raise RefusedFile(f"« {raw.name} » ne contient aucune semaine lisible{why}.")
    return [sheet]


def _is_json(raw: RawFile) -> bool:
    with raw.path.open("rb") as handle:
        return handle.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _json_records(raw: RawFile) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        document = json.loads(raw.path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RefusedFile(f"« {raw.name} » n'est pas un fichier JSON lisible.") from error
    records = document.get("data") if isinstance(document, dict) else document
    if not (isinstance(records, list) and records and all(isinstance(record, dict) for record in records)):
        raise RefusedFile(f"« {raw.name} » : une liste « data » d'enregistrements est attendue.")
    _check(list(dict.fromkeys(key for record in records for key in record)), 1)
    return enumerate(({key: scalar(value) for key, value in record.items()} for record in records), start=1)


def _csv_records(raw: RawFile) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Records below the titles; a line that begins with « # » is a comment."""
    titles: list[str] = []
    for number, cells in published_lines(raw.path, ","):
        if not any(cells) or cells[0].lstrip().startswith(COMMENT):
            continue
        if not titles:
            titles = [cell.strip().lower() for cell in cells]
            _check(titles, number)
        elif len(cells) != len(titles):
            raise RefusedFile(
                f"Ligne {number} : {len(titles)} colonnes attendues, {len(cells)} trouvées. Redéposez le fichier entier."
            )
        else:
            yield number, dict(zip(titles, cells, strict=True))
    if not titles:
        raise RefusedFile(f"« {raw.name} » n'a pas de ligne de titres « {','.join(NEEDED)} ».")


def _check(titles: list[str], line: int) -> None:
    absent = [title for title in NEEDED if title not in titles]
    if absent:
        raise RefusedFile(
            f"Ligne {line} : colonne{'s' * (len(absent) > 1)} {listed(absent)} absente{'s' * (len(absent) > 1)} (trouvé :"
            f" {listed(titles)}). Le producteur a sans doute changé ses colonnes : à signaler."
        )
    unknown = [title for title in titles if title not in PROVIDED]
    missing = [title for title in PROVIDED if title not in titles]
    if unknown and missing:  # a renamed column is both
        raise RefusedFile(
            f"Ligne {line} : colonne inconnue, {listed(unknown)}, et colonne absente, {listed(missing)}. Le producteur a"
            " sans doute changé ses colonnes : à signaler."
        )


def _level(records: Iterable[tuple[int, Mapping[str, Any]]]) -> str:
    """Of a file: some codes name a region of before 2016 and one of today, so the others decide."""
    codes = {str(record.get("geo_insee")).strip() for _, record in records}
    if codes == {NATION}:
        return "national"
    return "ancienne_region" if codes & FORMER else "region"


def _row(record: Mapping[str, Any], number: int, level: str) -> Row:
    row: Row = {"line": number, "level": level}
    for item in tables(SOURCE.key)[TABLE].fields:
        if item.name == "level":
            continue
        cell = record.get(item.headers[0][0])
        try:
            row[item.name] = parse(item, None if isinstance(cell, str) and cell.strip() == UNKNOWN else cell)
        except BadValue as error:
            raise BadValue(error.reason, item.name) from None
    accepted = {"national": {NATION}, "region": REGIONS, "ancienne_region": REGIONS | FORMER}[level]
    if row["region"] not in accepted:
        raise BadValue("code de région inconnu", "region")
    _check_interval(row)
    return row


def _check_interval(row: Row) -> None:
    for name in ("cases", "incidence"):
        low, value, high = row[f"{name}_low"], row[name], row[f"{name}_high"]
        if value is not None and ((low is not None and low > value) or (high is not None and high < value)):
            raise BadValue("hors de son intervalle : bornes et valeur se contredisent", name)
