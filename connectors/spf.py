"""Santé publique France, Odissé: weekly emergency visits and SOS Médecins acts, regional winter alerts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from connectors.base import (
    Download,
    FetchSettings,
    RawFile,
    RefusedFile,
    Row,
    RowIssue,
    Sheet,
    Source,
    Table,
    tables,
)
from connectors.reading.documents import read_json, scalar, shown
from connectors.reading.http import Http, download_all
from connectors.reading.values import BadValue, parse

SOURCE = Source(
    key="spf",
    title="Santé publique France – Odissé",
    producer="Santé publique France (réseau OSCOUR® et SOS Médecins)",
    licence="Licence Ouverte 2.0",
    tier="O",
    rhythm_days=7,
    form="Interface HTTP, chaque semaine (mercredi)",
    limits=(
        "Taux pour 100 000 passages ou actes codés, et non pour 100 000 habitants",
        "Vide n'est pas zéro : certains départements n'ont pas d'association SOS Médecins",
        "Taux bruts : le codage varie d'un établissement à l'autre",
    ),
    base_url="https://odisse.santepubliquefrance.fr/api/explore/v2.1/catalog/datasets",
    patterns=("*.json",),
    periods=("spf_activity.week",),
    period_lag_days=7,
)

WEEKS_BACK = 160  # three seasons and a few weeks
VISITS = "passages-aux-urgences-et-actes-sos-medecins"
THEMES = ("grippe", "bronchiolite", "covid-19", "infections-respiratoires-aigues-ira", "gastro-enterite-aigue")
ALERTS = "ma_region_epidemies_hivernales_alertes"
DATASETS = {  # published name → its field that holds the Monday of the week
    **{f"{theme}-{VISITS}-{area}": "date_complet" for theme in THEMES for area in ("departement", "france")},
    **{f"asthme-{VISITS}-{area}": "date_complet" for area in ("dep", "france")},  # its own ending, for departments
    ALERTS: "date",
}
NATION, ALL_AGES = "FR", "Tous âges"
RATE = re.compile(r"taux_(?P<measure>passages|hospit|actes)_(?P<theme>.+)_(?P<network>sau|sos)")
COLUMNS = {"passages": "er_rate", "hospit": "hospital_rate", "actes": "sos_rate"}
INDICATORS = {  # beginning of the word used in the field names → indicator
    "grippe": "grippe",
    "bronchio": "bronchiolite",
    "covid": "covid",
    "ira": "ira",
    "gastro": "gastro",
    "gea": "gastro",
    "asthme": "asthme",
    "allergi": "allergie",
}
AGE = "sursaud_cl_age_gene"
DIMENSIONS = frozenset(("semaine", "date_complet", "dep", "libgeo", AGE))
LONGEST, LONGEST_MESSAGE = 40, 200  # characters of a bad value or of a message repeated in a sentence
ALERT_FIELDS = frozenset(("theme", "reg", "valeur"))
DEPARTMENT = re.compile(r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97\d")  # 975, 977, 978: published, not departments

Record = Mapping[str, Any]


def fetch(http: Http, settings: FetchSettings) -> Iterator[Download]:
    """The last three seasons of every dataset that answers; then ``SourceUnavailable`` names the others."""
    base, since = settings.base_url.rstrip("/"), (settings.today - timedelta(weeks=WEEKS_BACK)).isoformat()
    yield from download_all(
        http,
        [
            (f"{dataset}.json", f"{base}/{dataset}/exports/json", {"where": f"{day}>=date'{since}'"})
            for dataset, day in DATASETS.items()
        ],
    )


def read(raw: RawFile) -> list[Sheet]:
    """One sheet per list of records, recognised by its field names. Raises ``RefusedFile``."""
    parts = _parts(read_json(raw), raw.name.removesuffix(".json"))
    return [_sheet(name.strip() or f"liste {rank}", parts[name]) for rank, name in enumerate(parts, start=1)]


def _parts(document: Any, name: str) -> dict[str, list[Record]]:
    """Lists of records by name: a bare list, the ``results`` of a page, or an object of lists."""
    if isinstance(document, dict) and "error_code" in document:
        message = str(document.get("message") or document["error_code"])
        raise RefusedFile(f"Odissé a répondu par une erreur : « {message[:LONGEST_MESSAGE]} ».")
    if isinstance(document, dict) and "results" in document:
        _refuse_partial(document)
        document = document["results"]
    parts: dict[str, list[Record]] = document if isinstance(document, dict) else {name: document}
    for part in parts.values():
        if not (isinstance(part, list) and part and all(isinstance(record, dict) for record in part)):
            raise RefusedFile("Une liste d'enregistrements non vide est attendue.")
    if not parts:
        raise RefusedFile("Le fichier ne contient aucun enregistrement.")
    return parts


def _refuse_partial(page: dict[str, Any]) -> None:
    """A page of the interface holds at most a hundred records: it must be all there is."""
    total, records = page.get("total_count"), page["results"]
    if isinstance(total, int) and isinstance(records, list) and total > len(records):
        raise RefusedFile(
            f"Page incomplète d'Odissé : {len(records)} sur {total} enregistrements annoncés. Téléchargez l'export entier"
            " (exports/json)."
        )


def _sheet(name: str, records: list[Record]) -> Sheet:
    fields = frozenset(key for record in records for key in record)
    if fields >= ALERT_FIELDS:
        return _filled(name, records, tables(SOURCE.key)["spf_regional_alert"], {})
    _check_schema(fields)
    shared = {"indicator": _indicator(fields), "level": _level(fields)}
    sheet = _filled(name, records, tables(SOURCE.key)["spf_activity"], shared)
    _check_distinct(sheet)
    return sheet


def _check_schema(fields: frozenset[str]) -> None:
    """A field renamed by the producer would pass for an absent one: departments for the nation, one age for all."""
    rates = {field for field in fields if RATE.fullmatch(field)}
    unknown = sorted(fields - rates - DIMENSIONS)
    if unknown and (len(rates) < len(COLUMNS) or not fields >= {AGE, "libgeo"}) and "reg" not in fields:
        listed = ", ".join(f"« {field[:LONGEST]} »" for field in unknown[:10])
        raise RefusedFile(f"Champs inconnus : {listed}. La source a sans doute changé le nom de ses champs.")


def _check_distinct(sheet: Sheet) -> None:
    """Two conflicting records of one week, territory and age: a field that distinguished them is no longer read."""
    rates_by_key: dict[tuple[object, ...], tuple[object, ...]] = {}
    for row in sheet.rows:
        key = (row["week"], row["territory"], row["age_class"])
        rates = tuple(row[name] for name in COLUMNS.values())
        if rates_by_key.setdefault(key, rates) != rates:
            raise RefusedFile(
                f"Plusieurs valeurs pour la même semaine, le même territoire et la même classe d'âge (enregistrement"
                f" {row['line']}) : la source a sans doute changé le nom de ses champs."
            )


def _indicator(fields: frozenset[str]) -> str:
    themes = {match["theme"] for field in fields if (match := RATE.fullmatch(field))}
    indicators = {INDICATORS.get(start, "") for theme in themes for start in _starts(theme)}
    if len(indicators) != 1 or "" in indicators:
        listed = ", ".join(theme[:LONGEST] for theme in sorted(themes)[:10]) or "aucun"
        raise RefusedFile(
            f"Indicateur non reconnu : un seul jeu de champs « taux_passages_…_sau » est attendu (trouvé : {listed})."
        )
    return indicators.pop()


def _starts(theme: str) -> list[str]:
    return [start for start in INDICATORS if theme.startswith(start)] or [""]


def _level(fields: frozenset[str]) -> str:
    if "dep" in fields:
        return "departement"
    if fields & {"reg", "libgeo"}:
        raise RefusedFile(
            "Données régionales, ou sans code de département : seules les échelles nationale et départementale sont lues."
        )
    return "national"


def _filled(name: str, records: list[Record], table: Table, shared: dict[str, str]) -> Sheet:
    sheet = Sheet(name, table.name, rows_in=len(records))
    for number, record in enumerate(records, start=1):
        cells = _cells(table, record, shared)
        try:
            sheet.rows.append(_row(table, cells, number))
        except BadValue as error:
            column = table.field(error.field).headers[0][0]
            sheet.quarantined.append(RowIssue(name, number, column, shown(cells.get(error.field)), error.reason))
    return sheet


def _cells(table: Table, record: Record, shared: dict[str, str]) -> dict[str, object]:
    """Values of a record by field of the table."""
    if table.name == "spf_regional_alert":
        return {"day": record.get("date"), **{f.name: record.get(f.headers[0][0]) for f in table.fields}}
    cells: dict[str, object] = {**shared, "day": record.get("date_complet"), "week": record.get("semaine")}
    cells["territory"] = record.get("dep") if shared["level"] == "departement" else NATION
    cells["age_class"] = record.get(AGE) or ALL_AGES
    rates = {COLUMNS[m["measure"]]: value for key, value in record.items() if (m := RATE.fullmatch(key))}
    return {**cells, **rates}


def _row(table: Table, cells: Mapping[str, object], number: int) -> Row:
    row: Row = {"line": number}
    for field in table.fields:
        try:
            row[field.name] = parse(field, scalar(cells.get(field.name)))
        except BadValue as error:
            raise BadValue(error.reason, field.name) from None
    _check_territory(row)
    _check_monday(row["week"], cells.get("day"))
    return row


def _check_territory(row: Row) -> None:
    if row.get("level") == "departement" and not DEPARTMENT.fullmatch(row["territory"]):
        raise BadValue("code de département inconnu", "territory")


def _check_monday(week: date, day: object) -> None:
    """The record gives its week twice: when both disagree, the row is quarantined."""
    if day is not None and str(day)[:10] != week.isoformat():
        written = f"« {str(day)[:LONGEST]} »"
        raise BadValue(f"la date {written} n'est pas le lundi de cette semaine ({week:%d/%m/%Y})", "week")
