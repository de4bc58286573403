"""Read a TOML, CSV or JSON file into strict models. Every mistake is a ``BrokenReference`` with one French sentence."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from connectors.language.visible import HIDDEN, visible
from data.files import PROJECT, disk_sentence
from data.strict import sentences

REFERENCE = PROJECT / "data" / "reference"
LARGEST_BYTES = 50_000_000  # of a file that people maintain; the map has 0.5 million
HIDES = "caractère invisible ou illisible refusé"
M = TypeVar("M", bound=BaseModel)
Stamp = tuple[int, int, int]


class BrokenReference(ValueError):
    """A file that cannot be used: its title, its path, the place, the value and what is accepted, in French."""

    @classmethod
    def of(cls, path: Path, title: str, *mistakes: str) -> BrokenReference:
        return cls(sentences.whole(title, _shown(path), mistakes))


def reference_file(name: str) -> Path:
    """A file or folder of ``data/reference``."""
    return REFERENCE / name


def read_toml(path: Path, model: type[M], title: str) -> M:
    """A whole TOML file as one model, read again when the file changes."""
    return _toml(path, _stamp(path, title), model, title)  # type: ignore[return-value]


def read_json(path: Path, model: type[M], title: str) -> M:
    """A whole JSON file as one model, read again when the file changes."""
    return _json(path, _stamp(path, title), model, title)  # type: ignore[return-value]


def read_csv(path: Path, model: type[M], title: str, *, unique: tuple[str, ...]) -> tuple[M, ...]:
    """One model per line of a CSV file with a heading. ``unique``: columns that together name a line.

    An empty cell is an absent value.
    """
    return _csv(path, _stamp(path, title), model, title, unique)  # type: ignore[return-value]


def read_settings(path: Path, model: type[BaseModel], title: str) -> dict[str, Any]:
    """A TOML file as it is written, once each value has the type of its field; it may be empty.

    Types are those of the file: ``"2"`` and ``true`` are not numbers, whatever the environment may write as text.
    """
    text = _text(path, title, may_be_empty=True)
    data = _parsed(path, title, text)
    try:
        model.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        raise _refused(path, title, error, data, model, text) from error
    return data


@lru_cache(maxsize=64)
def _toml(path: Path, _: Stamp, model: type[BaseModel], title: str) -> BaseModel:
    text = _text(path, title)
    return _validated(path, model, title, _frozen(_parsed(path, title, text)), text)


def _parsed(path: Path, title: str, text: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
        hidden = next(filter(hides, _texts(data)), None)
    except (ValueError, RecursionError) as error:
        raise BrokenReference.of(path, title, sentences.of_toml(str(error))) from error
    if hidden is not None:
        raise BrokenReference.of(path, title, f"{sentences.shown(visible(hidden))} : {HIDES}")
    return data


def hides(text: str) -> bool:
    """Whether it holds characters that its author cannot see, line feeds and tabs excepted."""
    return HIDDEN.search(re.sub(r"[\n\t]", "", text)) is not None


def _texts(value: object) -> Iterator[str]:
    match value:
        case dict():
            for name, item in value.items():
                yield name
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
        case str():
            yield value


@lru_cache(maxsize=16)
def _json(path: Path, _: Stamp, model: type[BaseModel], title: str) -> BaseModel:
    try:
        data = _frozen(json.loads(_text(path, title), parse_constant=_refuse, object_pairs_hook=_once_each))
    except json.JSONDecodeError as error:
        mistake = f"ligne {error.lineno}, caractère {error.colno} : écriture JSON invalide"
        raise BrokenReference.of(path, title, mistake) from error
    except _Refused as error:
        raise BrokenReference.of(path, title, str(error)) from error
    return _validated(path, model, title, data, "")


@lru_cache(maxsize=16)
def _csv(path: Path, _: Stamp, model: type[BaseModel], title: str, unique: tuple[str, ...]) -> tuple[BaseModel, ...]:
    lines = _lines(path, title)
    heads = next(lines)[1]
    mistakes = _wrong_heads(heads, sentences.keys(model))
    if mistakes:
        raise BrokenReference.of(path, title, *mistakes)
    rows: list[BaseModel] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in lines:
        content = dict(zip(heads, cells, strict=False))
        name = tuple(content.get(column, "") for column in unique)
        if len(cells) != len(heads):
            mistakes.append(f"ligne {line} : {len(heads)} valeurs attendues, trouvées : {len(cells)}")
        elif seen.setdefault(name, line) != line:
            columns = ", ".join(f"« {column} »" for column in unique)
            values = " ".join(map(sentences.shown, name))
            mistakes.append(f"ligne {line}, {columns} : {values} déjà donné ligne {seen[name]}")
        else:
            mistakes += _add_row(rows, content, model, line)
    if not rows and not mistakes:
        mistakes.append("aucune ligne sous les titres")
    if mistakes:
        raise BrokenReference.of(path, title, *mistakes)
    return tuple(rows)


def _wrong_heads(heads: list[str], accepted: list[str]) -> list[str]:
    unknown = [head for head in heads if head not in accepted]
    return [
        *(f"ligne 1, « {head} » : {sentences.unknown('colonne', head, accepted)}" for head in unknown),
        *(f"ligne 1 : colonne « {name} » absente" for name in accepted if name not in heads),
        *(f"ligne 1 : colonne « {name} » donnée deux fois" for name in accepted if heads.count(name) > 1),
    ]


def _add_row(rows: list[BaseModel], content: dict[str, str], model: type[BaseModel], line: int) -> list[str]:
    """The mistakes of a line, or none once it is in ``rows``."""
    try:
        rows.append(model.model_validate_strings({head: cell for head, cell in content.items() if cell}))
    except ValidationError as error:
        return [sentences.of_cell(item, model, line) for item in error.errors()]
    return []


def _lines(path: Path, title: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line that is not blank."""
    reader = csv.reader(io.StringIO(_text(path, title), newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise BrokenReference.of(path, title, f"ligne {reader.line_num} : écriture CSV invalide") from error


def _validated(path: Path, model: type[BaseModel], title: str, data: object, text: str) -> BaseModel:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _refused(path, title, error, data, model, text) from error


def _refused(
    path: Path, title: str, error: ValidationError, data: object, model: type[BaseModel], text: str
) -> BrokenReference:
    mistakes = [sentences.of_entry(item, data, model, text) for item in sorted(error.errors(), key=_cause_first)]
    return BrokenReference.of(path, title, *mistakes)


def _cause_first(error: ErrorDetails) -> bool:
    """A misspelt key is reported before the key it leaves absent."""
    return error["type"] != "extra_forbidden"


def _text(path: Path, title: str, *, may_be_empty: bool = False) -> str:
    """The text of a file, without the mark that spreadsheets put in front of it."""
    content = _content(path, title)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BrokenReference.of(path, title, f"ligne {line} : texte qui n'est pas en UTF-8") from error
    if not text.strip() and not may_be_empty:
        raise BrokenReference.of(path, title, "fichier vide")
    return text


def _content(path: Path, title: str) -> bytes:
    """Of an ordinary file: a pipe would be waited for, and a device read, for ever."""
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as handle:
            status = os.fstat(handle.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST_BYTES:
                return handle.read()
    except OSError as error:
        raise _unreadable(path, title, error) from error
    raise BrokenReference.of(
        path, title, f"ce n'est pas un fichier ordinaire de moins de {LARGEST_BYTES // 1_000_000} Mo"
    )


def _stamp(path: Path, title: str) -> Stamp:
    """Changes when the file does."""
    try:
        found = path.stat()
    except OSError as error:
        raise _unreadable(path, title, error) from error
    return found.st_mtime_ns, found.st_size, found.st_ino


def _unreadable(path: Path, title: str, error: OSError) -> BrokenReference:
    if isinstance(error, FileNotFoundError):
        return BrokenReference.of(path, title, "fichier introuvable")
    return BrokenReference.of(path, title, disk_sentence(error, path).rstrip("."))


def _shown(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else path.name


def _frozen(value: Any) -> Any:
    """Lists as tuples, which frozen models hold."""
    match value:
        case dict():
            return {key: _frozen(item) for key, item in value.items()}
        case list():
            return tuple(map(_frozen, value))
        case _:
            return value


class _Refused(Exception):
    """JSON that Python reads but that has no meaning: a number that is none, a key given twice."""


def _refuse(name: str) -> Any:
    raise _Refused(sentences.refused(name, "un nombre fini"))


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Refused(f"clé « {next(name for name in names if names.count(name) > 1)} » donnée deux fois")
    return found
