"""Where settings come from: the file, and variables; a wrong name or value is refused in French."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsError

from data.strict import BrokenReference, read_settings, sentences
from data.strict.reading import HIDES, hides

PREFIX = "VIGISTOCK_"
OF_SCRIPTS = frozenset({"VIGISTOCK_PYTHON"})  # docs/deploy/backup.sh
ALIKE = 0.85  # of another prefix: VIGISTOK_HOME
TITLE = "Réglages"


class SettingsFile(PydanticBaseSettingsSource):
    """``vigistock.toml``, checked by itself: what the environment overrides in it may not be wrong either."""

    def __init__(self, settings: type[BaseSettings], path: str, model: type[BaseModel]) -> None:
        super().__init__(settings)
        if not path.strip():
            raise BrokenReference(
                "VIGISTOCK_CONFIG : valeur vide refusée (attendu : le chemin d'un fichier de réglages)."
            )
        self._values = read_settings(Path(path), model, TITLE)
        if "config" in self._values:
            raise BrokenReference.of(
                Path(path), TITLE, "clé « config » sans effet ici : elle se donne par VIGISTOCK_CONFIG"
            )

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 – the library's signature
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return self._values


def check_names(model: type[BaseModel]) -> None:
    """Raises BrokenReference for variables that name no setting, without effect, and for values that hide something."""
    _check_names(tuple((name.upper(), hides(value)) for name, value in os.environ.items()), model)


@lru_cache(maxsize=16)  # settings are read at each click, under the same names
def _check_names(names: tuple[tuple[str, bool], ...], model: type[BaseModel]) -> None:
    known, accepted = _variables(model), set(OF_SCRIPTS)
    mistakes = []
    for name, is_hiding in names:
        if name in accepted or _names_a_setting(name, model):
            mistakes += [f"{name} : {HIDES}"] if is_hiding else []
            continue
        near = get_close_matches(name, known, n=1, cutoff=0.6 if name.startswith(PREFIX) else ALIKE)
        if near or name.startswith(PREFIX):
            mistakes.append(f"{name} ne règle rien" + (f", sans doute {near[0]}" if near else ""))
    if mistakes:
        raise BrokenReference(_whole(mistakes))


def refusal(error: ValidationError | SettingsError | RecursionError, model: type[BaseModel]) -> BrokenReference:
    """What is wrong in the environment, by the name of each variable."""
    if isinstance(error, ValidationError):
        return BrokenReference(_whole([_mistake(item, model) for item in error.errors()]))
    field = re.search(r'field "(\w+)"', str(error))
    ours = [name for name in os.environ if name.upper().startswith(PREFIX)]
    longest = max(ours, key=lambda name: len(os.environ[name]))  # brackets in brackets, by the thousand
    name = f"{PREFIX}{field[1].upper()}" if field else longest.upper()
    return BrokenReference(_whole([f"{name} : écriture JSON invalide"]))


def _whole(mistakes: Sequence[str]) -> str:
    return sentences.whole(TITLE, "variables d'environnement", mistakes)


def _mistake(error: ErrorDetails, model: type[BaseModel]) -> str:
    location = error["loc"]
    names = {name.upper() for name in os.environ}
    words = [str(part) for part in location if not isinstance(part, int)]
    spelt = (f"{PREFIX}{'__'.join(words[:length]).upper()}" for length in range(len(words), 0, -1))
    name = next((name for name in spelt if name in names), f"clé « {'.'.join(words)} »")
    return f"{name} : {sentences.reason(error, model)}"


def _names_a_setting(name: str, model: type[BaseModel]) -> bool:
    if not name.startswith(PREFIX):
        return False
    kind: Any = model
    for part in name.removeprefix(PREFIX).lower().split("__"):
        if get_origin(kind) is dict and part:
            kind = get_args(kind)[1]
        elif _is_table(kind) and part in kind.model_fields:
            kind = kind.model_fields[part].annotation
        else:
            return False
    return True


def _variables(model: type[BaseModel]) -> list[str]:
    return [f"{PREFIX}{name}" for name in _named(model)]


def _named(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name.upper()
        if _is_table(field.annotation):
            yield from (f"{name.upper()}__{inner}" for inner in _named(field.annotation))  # type: ignore[arg-type]


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
