"""Every threshold and every setting has bounds: whatever is outside is refused in a sentence that tells them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from data.reference import bounds
from data.reference.alert_rules import rules
from data.reference.grid import grid
from data.reference.plans import plans
from data.reference.ranking import open_ranking, ranking
from data.reference.thresholds import plausibility, thresholds
from data.settings import Settings, Values
from data.strict import BrokenReference, reading
from data.strict.bounds import Bounds

FILES = {"thresholds.toml": (bounds.THRESHOLDS, thresholds), "plausibility.toml": (bounds.PLAUSIBILITY, plausibility)}
NAMES = [(file, name) for file, (known, _) in FILES.items() for name in known]
NOT_NUMBERS = ("nan", "inf", "-inf", "true", '"12"', "[1]", "{ un = 1 }", "1979-05-27", "1e300", "1" + "0" * 40)


def _wrong(limits: Bounds) -> Iterator[str]:
    """Values as they are written in a file, each of another kind of mistake."""
    yield from NOT_NUMBERS
    yield from (f"{limits.minimum - 1:.0f}", f"{limits.maximum + 1:.0f}", "-3", "1000000000")
    if limits.whole:
        yield from (f"{limits.minimum + 0.5:g}", f"{limits.minimum:.1f}")


@pytest.mark.parametrize(("file", "name"), NAMES)
def test_a_threshold_out_of_its_bounds_is_refused_with_them(reference: Path, file: str, name: str) -> None:
    known, read = FILES[file]
    text = (reference / file).read_text(encoding="utf-8")
    head, rest = text.split(f"[{name}]\n", 1)
    for value in _wrong(known[name]):
        changed, times = re.subn(r"(?m)^value = .*$", f"value = {value}", rest, count=1)
        assert times == 1
        (reference / file).write_text(f"{head}[{name}]\n{changed}", encoding="utf-8")
        with pytest.raises(BrokenReference) as refused:
            read()
        sentence = str(refused.value)
        assert f"({file}) : " in sentence
        assert f"[{name}], clé « value »" in sentence
        assert f"(attendu : {known[name].accepted})" in sentence, value
        assert f"refusée (attendu : {known[name].accepted})" in sentence


@pytest.mark.parametrize("file", FILES)
def test_a_threshold_without_bounds_is_not_read(reference: Path, file: str) -> None:
    """A name is read once its bounds are written; nothing in the file can widen them."""
    known, read = FILES[file]
    written = tomllib.loads((reference / file).read_text(encoding="utf-8"))
    assert written.keys() == known.keys()
    for limits in known.values():
        assert limits.minimum < limits.maximum < 10**7
    text = (reference / file).read_text(encoding="utf-8")
    entry = '[nouveau]\nvalue = 1\nunit = "jours"\nlabel = "x"\norigin = "x"\nto_validate = true\n'
    for change in (f"{text}\n{entry}", text.replace("value = ", "minimum = 0\nvalue = ", 1)):
        (reference / file).write_text(change, encoding="utf-8")
        with pytest.raises(BrokenReference, match=r"« (nouveau|minimum) ».* : clé inconnue"):
            read()


@pytest.mark.parametrize(
    "line",
    [
        *("value = 0x2", "value = 0b10", "value = -0", "value = 3e0", "value.x = 3", "VALUE = 2", "'value' = 2"),
        *("value = 07:00:00", "value = '3'", 'value = 3\n"val\\u0075e" = 2', 'value = 3\n"value " = 2', ""),
    ],
)
def test_no_other_way_to_write_loosens_secrecy(reference: Path, line: str) -> None:
    """Another base, type, case or spelling of the key, the key twice or absent."""
    file = reference / "thresholds.toml"
    head, rest = file.read_text(encoding="utf-8").split("[secrecy_min_laboratories]\n", 1)
    changed = re.sub(r"(?m)^value = .*$", lambda _: line, rest, count=1)
    file.write_text(f"{head}[secrecy_min_laboratories]\n{changed}", encoding="utf-8")
    with pytest.raises(BrokenReference, match=r"secrecy_min_laboratories|ligne \d+"):
        thresholds()


def test_secrecy_is_only_made_stricter(reference: Path) -> None:
    """At least three laboratories and at most 85 %: the usual bounds of public statistics are the floor."""
    file = reference / "thresholds.toml"
    text = file.read_text(encoding="utf-8")
    for before, after, accepted in (
        ("value = 3", "value = 4", True),
        ("value = 3", "value = 2", False),
        ("value = 3", "value = 0", False),
        ("value = 85", "value = 75.5", True),
        ("value = 85", "value = 85.1", False),
        ("value = 85", "value = 1e9", False),
    ):
        start = text.index("[secrecy_min_laboratories]")
        file.write_text(text[:start] + text[start:].replace(before, after, 1), encoding="utf-8")
        if accepted:
            assert thresholds()
        else:
            with pytest.raises(BrokenReference, match="secrecy_m"):
                thresholds()


@pytest.mark.parametrize(
    ("low", "high", "limit"), [(*pair, 1) for pair in bounds.AT_MOST] + [(*p, 0) for p in bounds.BELOW]
)
def test_two_thresholds_in_the_wrong_order_are_refused(reference: Path, low: str, high: str, limit: int) -> None:
    """``limit``: how far above the other is the first value refused (1 where both may be equal)."""
    file = "plausibility.toml" if low in bounds.PLAUSIBILITY else "thresholds.toml"
    known, read = FILES[file]
    text = (reference / file).read_text(encoding="utf-8")
    top = tomllib.loads(text)[high]["value"]
    value = max(top + limit, known[low].minimum)
    if value > known[low].maximum:
        pytest.fail(f"{low} never reaches {high}: the order says nothing")
    head, rest = text.split(f"[{low}]\n", 1)
    (reference / file).write_text(
        f"{head}[{low}]\n{re.sub('value = .*', f'value = {value}', rest, count=1)}", encoding="utf-8"
    )
    with pytest.raises(BrokenReference) as refused:
        read()
    assert f"[{low}], clé « value » : valeur {value} refusée (attendu : " in str(refused.value)
    assert f"[{high}], {top}" in str(refused.value)


# Other numbers of the reference files: file, text, wrong text, what the sentence holds.
OTHERS = [
    ("plans/hivernal.toml", "acceptable_days = 15", "acceptable_days = 30", "moins que la borne « satisfaisante », 30"),
    ("plans/hivernal.toml", "acceptable_days = 15", "acceptable_days = -1", "un nombre de 0 à 3660"),
    ("plans/hivernal.toml", "satisfactory_days = 30", "satisfactory_days = 1e9", "un nombre de 0 à 3660"),
    ("plans/hivernal.toml", "level = 1 ", "level = 4 ", "de 0 à 3, rang dans « levels »"),
    ("plans/hivernal.toml", "order = 1", "order = 1.5", "un nombre entier de 0 à 1000"),
    ("alerts.toml", "at_least = 25", "at_least = 101", "un pourcentage de 0 à 100"),
    ("alerts.toml", "at_least = -2", "at_least = -1e9", "un nombre de -3660 à 1000000"),
    ("alerts.toml", "window_days = 21", "window_days = 0", "un nombre entier de 1 à 3660"),
    ("alerts.toml", "level = 3", "level = 4", "un nombre entier de 1 à 3"),
    ("risk_grid.toml", "at_least = 50, points = 3", "at_least = 101, points = 3", "un pourcentage de 0 à 100"),
    ("risk_grid.toml", "points = 3", "points = 1e9", "un nombre entier de 0 à 1000"),
    ("risk_grid.toml", "unknown_points = 1", "unknown_points = -1", "un nombre entier de 0 à 1000"),
    ("anticipation.toml", "weight = 40", "weight = inf", "un nombre de 0 à 1000"),
    ("anticipation.toml", "weight = 40", "weight = 1001", "un nombre de 0 à 1000"),
    ("anticipation_open.toml", "weight = 40", "weight = 1001", "un nombre de 0 à 1000"),
]
READERS = {
    "plans": plans,
    "alerts": rules,
    "risk_grid": grid,
    "anticipation": ranking,
    "anticipation_open": open_ranking,
}


@pytest.mark.parametrize(("file", "before", "after", "sentence"), OTHERS, ids=[f"{o[0]} {o[2]}" for o in OTHERS])
def test_other_numbers_have_bounds_too(reference: Path, file: str, before: str, after: str, sentence: str) -> None:
    text = (reference / file).read_text(encoding="utf-8")
    assert before in text
    (reference / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BrokenReference) as refused:
        READERS[re.split(r"[/.]", file)[0]]()
    assert sentence in str(refused.value)


def test_every_number_of_a_reference_file_is_bounded() -> None:
    """No field of a model is a bare number: a new one without bounds is seen here."""
    for read in READERS.values():
        found = read()
        for model in found if isinstance(found, tuple) else (found,):
            for owner, name, field in _fields(type(model)):
                if "int" in str(field.annotation) or "float" in str(field.annotation):
                    assert field.metadata, f"{owner}.{name}"


def _fields(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, str, Any]]:
    for name, field in model.model_fields.items():
        inner = next((kind for kind in _kinds(field.annotation) if issubclass(kind, BaseModel)), None)
        if inner:
            yield from _fields(inner, f"{above}{name}.")
        else:
            yield above, name, field


def _kinds(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _kinds(part)


SETTINGS = {f"{above}{name}": field for above, name, field in _fields(Values) if name != "sources"}
NUMBERS = [name for name, field in SETTINGS.items() if {int, float} & set(_kinds(field.annotation))]
WRONG = {
    int: ("nan", "inf", "-1e300", "true", "douze", "", "-1", "0.5", "9" * 30),
    float: ("nan", "inf", "true", "x", "", "-1", "9" * 30),
}


def test_every_setting_has_bounds_a_shape_or_a_list() -> None:
    """Only what is free text takes anything: a new setting is given one of these, or is named here."""
    free = {
        "alerts.smtp_host",
        "alerts.smtp_user",
        "alerts.sender",
        "alerts.recipients",
        "sources.api_key",
    }  # the last: a validator
    for name, field in SETTINGS.items():
        kinds = set(_kinds(field.annotation))
        has_shape = bool(field.metadata) or "Literal" in str(field.annotation) or "Annotated" in str(field.annotation)
        assert has_shape or name in free or kinds & {bool, SecretStr, dict}, name


@pytest.mark.parametrize("name", NUMBERS)
def test_a_setting_out_of_its_bounds_is_refused_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In the environment, then in the file, where text and true are not numbers either."""
    variable = f"VIGISTOCK_{name.replace('.', '__').upper()}"
    kind = int if int in set(_kinds(SETTINGS[name].annotation)) else float
    for value in WRONG[kind]:
        monkeypatch.setenv(variable, value)
        with pytest.raises(BrokenReference) as refused:
            Settings()
        assert re.search(
            rf"{variable} : valeur .*refusée \(attendu : un nombre (entier )?de \S+ à \d+\)", str(refused.value)
        ), value
    monkeypatch.delenv(variable)
    monkeypatch.setenv("VIGISTOCK_CONFIG", str(tmp_path / "reglages.toml"))
    table, _, key = name.rpartition(".")
    for value in ("nan", "inf", "true", '"12"', "-1", "[1]", "1e300", *(["1.5", "2.0"] if kind is int else [])):
        text = f"[{table}]\n{key} = {value}\n" if table else f"{key} = {value}\n"
        (tmp_path / "reglages.toml").write_text(text, encoding="utf-8")
        with pytest.raises(BrokenReference) as refused:
            Settings()
        assert re.search(
            rf"^Réglages \(reglages.toml\) : (\[{table}\], )?clé « {key} » \(ligne \d\) : valeur .*refusée \(attendu : un nombre (entier )?de",
            str(refused.value),
        ), value


def test_numbers_of_the_environment_are_read_from_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGISTOCK_READERS", "3")
    monkeypatch.setenv("VIGISTOCK_ALERTS", json.dumps({"smtp_port": 25, "smtp_seconds": 2.5}))
    monkeypatch.setenv("VIGISTOCK_SESSION_HOURS", "0.5")
    settings = Settings()
    assert (settings.readers, settings.alerts.smtp_port, settings.alerts.smtp_seconds, settings.session_hours) == (
        3,
        25,
        2.5,
        0.5,
    )


def test_files_of_the_project_are_within_bounds() -> None:
    assert reading.REFERENCE.is_dir()
    for _, read in FILES.values():
        assert read()
