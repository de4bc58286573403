"""JSON files: strict reading, with refusals in French."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from connectors.base import RawFile, RefusedFile
from connectors.reading.text import check_size


def read_json(raw: RawFile) -> Any:
    """The document of the file; raises ``RefusedFile`` when it is not UTF-8 JSON, NaN and Infinity included."""
    check_size(raw.path)
    try:
        return json.loads(raw.path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise RefusedFile(f"« {raw.name} » n'est pas un fichier JSON lisible.") from error


def scalar(value: object) -> object:
    """``value`` as a cell: a list or an object, which no column expects, becomes its text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def shown(value: object) -> str:
    """``value`` as it is written in the document, for a person to find it again; nothing for ``null``."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, bool) else str(scalar(value))


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)
