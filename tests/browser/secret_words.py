"""Words that nobody may receive without the right to see laboratories, read in the restricted artefact of a home."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus

from tests.conftest import Home

# Columns made to name a laboratory, a wholesaler, a file, a person or a declaration, or to hold what one of them typed.
NAMES = ("laboratory", "holder", "reporter", "missing_names", "held_names")
OTHERS = (
    "site_name", "prevention_measures", "shortage_measures", "file_name", "file_kept", "file_replaced", "load_id", "row_ref", "raw_path", "sender", "declaration_no", "stop_no",
    "sites", "comment", "alternatives", "detail", "message", "author", "accepted_by", "accept_reason", "answered_by",
)  # fmt: skip
SHORTEST = 8


def laboratories(home: Path) -> dict[str, frozenset[bytes]]:
    """Each laboratory, and the wholesalers whose report is missing, under every spelling that bytes may give them."""
    return {word: spellings(word, is_name=True) for word in words(home, NAMES)}


def other_secrets(home: Path) -> dict[str, frozenset[bytes]]:
    """Files at the level of a laboratory, numbers of declarations, texts typed in them. Files of open data are public."""
    open_data = _values(Home(home), "SELECT DISTINCT file_name FROM source_file WHERE source_key IN ('bdpm', 'medicam', 'openmedic', 'retrocedam', 'sentinelles', 'spf', 'vigilance')")  # fmt: skip
    return {word: spellings(word) for word in words(home, OTHERS) - open_data}


def words(home: Path, columns: Iterable[str]) -> set[str]:
    """Every value of these columns, in whatever table of the restricted artefact they stand today or tomorrow."""
    named = ", ".join(f"'{column}'" for column in columns)
    found: set[str] = set()
    places = (
        Home(home)
        .reader()
        .rows(
            "SELECT table_name, column_name FROM duckdb_columns()"
            f" WHERE database_name = current_database() AND data_type = 'VARCHAR' AND column_name IN ({named})"
        )
    )
    for place in places:
        found |= _values(Home(home), f'SELECT DISTINCT "{place["column_name"]}" FROM "{place["table_name"]}"')
    return {word for word in found if len(word) >= SHORTEST}


def _values(home: Home, sql: str) -> set[str]:
    return {str(value) for row in home.reader().rows(sql) for value in row.values() if value}


def spellings(word: str, *, is_name: bool = False) -> frozenset[bytes]:
    """As text, in JSON, in HTML; a name also as it may be written in an address, and its usual digests."""
    forms = {word, json.dumps(word)[1:-1], escape(word)}
    if is_name:
        forms |= {word.title(), quote(word), quote_plus(word), *(word.lower().replace(" ", sign) for sign in "-_")}
        forms |= {hashlib.new(name, word.encode()).hexdigest() for name in ("md5", "sha1", "sha256")}
    return frozenset(form.encode() for form in forms)


def heard(secrets: dict[str, frozenset[bytes]], received: bytes) -> list[str]:
    """Which of these words are in what a browser received."""
    return sorted(word for word, forms in secrets.items() if any(form in received for form in forms))
