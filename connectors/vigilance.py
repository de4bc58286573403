"""Météo-France vigilance: colour by department and phenomenon, for the day and the next one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
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
    SourceUnavailable,
    tables,
)
from connectors.reading.documents import read_json, scalar, shown
from connectors.reading.http import Http
from connectors.reading.values import BadValue, parse

SOURCE = Source(
    key="vigilance",
    title="Vigilance météorologique",
    producer="Météo-France",
    licence="Licence Ouverte 2.0",
    tier="O",
    rhythm_days=1,
    form="Interface HTTP, plusieurs cartes par jour",
    limits=(
        "Hexagone et Corse seulement : les départements d'outre-mer ont leurs propres dispositifs",
        "La canicule est absente des cartes hors saison : « hors saison » n'est pas « vert »",
    ),
    base_url="https://files.data.gouv.fr/meteofrance/data/vigilance",
    patterns=("*.json",),
    periods=("vigilance_level.issued_at",),
    period_lag_days=0,
)

CARD = "CDP_CARTE_EXTERNE.json"
INDEX = "vigilance-hexagone-tree.json"
LIVE_URL = "https://public-api.meteofrance.fr/public/DPVigilance/v1/cartevigilance/encours"
TREE_DEPTH = 4  # year, month, day, time
# FRA is the whole country, 99 Andorra, 4-character codes are coasts: none is a department.
DEPARTMENTS = frozenset((*(f"{n:02}" for n in range(1, 96) if n != 20), "2A", "2B"))
TABLE = "vigilance_level"
Item = dict[str, object]


def fetch(http: Http, settings: FetchSettings) -> Iterator[Download]:
    """The latest map: from a mirror, from the live service with a key, else from the public archive."""
    base, headers = settings.base_url.rstrip("/"), {}
    if settings.is_mirror:
        url = f"{base}/{CARD}"
    elif settings.api_key:
        url, headers = LIVE_URL, {"apikey": settings.api_key}
    else:
        url = f"{base}/metropole/{_latest(http.get(f'{base}/{INDEX}'))}/{CARD}"
    yield Download(CARD, url, http.get(url, headers=headers, name=CARD))


def _latest(index: bytes) -> str:
    try:
        path = _newest(json.loads(index), TREE_DEPTH)
    except (ValueError, RecursionError):
        path = None
    if path is None:
        raise SourceUnavailable("L'index des cartes de vigilance n'est pas lisible.")
    return "/".join(path)


def _newest(tree: object, depth: int) -> tuple[str, ...] | None:
    """Path of the newest leaf at ``depth``; an empty day is skipped for the one before."""
    if depth == 0:
        return ()
    if not isinstance(tree, Mapping | Sequence) or isinstance(tree, str):
        return None
    for name in sorted((str(name) for name in tree if str(name).isdigit()), reverse=True):
        below = _newest(tree[name] if isinstance(tree, Mapping) else {}, depth - 1)
        if below is not None:
            return (name, *below)
    return None


def read(raw: RawFile) -> list[Sheet]:
    """One row by period, department and phenomenon. Raises ``RefusedFile`` on anything but a map by domain."""
    try:
        items = list(_items(read_json(raw)))
    except (KeyError, TypeError, AttributeError) as error:
        raise RefusedFile(
            f"« {raw.name} » n'est pas une carte de vigilance par département (product.periods.timelaps"
            ".domain_ids attendu)."
        ) from error
    if not items:
        raise RefusedFile(f"« {raw.name} » ne contient aucun phénomène.")
    return [_sheet(items)]


def _items(document: Any) -> Iterator[Item]:
    """Cells by field of the table, one for each phenomenon of each domain of each period."""
    product = document["product"]
    for period in product["periods"]:
        shared = {
            "issued_at": product["update_time"],
            "horizon": period["echeance"],
            "valid_from": period["begin_validity_time"],
            "valid_to": period["end_validity_time"],
        }
        for domain in period["timelaps"]["domain_ids"]:
            for item in domain["phenomenon_items"]:
                own = {
                    "department": domain["domain_id"],
                    "phenomenon": item["phenomenon_id"],
                    "colour_id": item.get("phenomenon_max_color_id"),
                }
                yield {name: scalar(value) for name, value in (shared | own).items()}


def _sheet(items: list[Item]) -> Sheet:
    sheet = Sheet("Vigilance", TABLE, rows_in=len(items))
    for number, item in enumerate(items, start=1):
        if item["department"] not in DEPARTMENTS:
            sheet.rows_ignored += 1
            continue
        row = _row(sheet, item, number)
        if row is not None:
            sheet.rows.append(row)
    return sheet


def _row(sheet: Sheet, item: Item, number: int) -> Row | None:
    row: Row = {"line": number}
    for field in tables(SOURCE.key)[TABLE].fields:
        value = item[field.name]
        try:
            row[field.name] = parse(field, value)
        except BadValue as error:
            phenomenon = shown(item["phenomenon"]) or "non précisé"
            reason = f"{error.reason} (département {item['department']}, phénomène {phenomenon})"
            sheet.quarantined.append(RowIssue(sheet.name, number, field.headers[0][0], shown(value), reason))
            return None
    return row
