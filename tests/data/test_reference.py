"""Reference files: whatever is wrong in one, a French sentence names the file, the place and what is accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.language.typography import ordinary
from data import build, warehouse
from data.departments import region_names
from data.reference import control
from data.strict import BrokenReference
from tests.conftest import Home
from tests.data.conftest import FILES, ORIGINALS

TOML = [name for name in FILES if name.endswith(".toml")]
# Words of pydantic, of the parsers and of Python: none may be read on screen.
ENGLISH = re.compile(
    r"\b(input|should|be|required|field|extra|permitted|validation|error|value error|valid|invalid|expected|type|must|"
    r"unable|parse|line|column|after|cannot|not|and|or|out of range|unterminated|duplicate|none|true or)\b(?! »)",
    re.IGNORECASE,
)
OPTIONAL = {
    "wholesalers_denominator",
    *("digits", "unknown", "secret", "window_days", "typed", "indicators"),
    *("form", "form_out"),
}
OPTIONAL_IN_PLANS = {"level", "surveillance"}  # a dated change gives the level; a plan may be without surveillance
MAY_BE_NEGATIVE = {("alerts.toml", "at_least")}  # a gravity: days before a date are negative
KEY = re.compile(r"(?:(?<=\n)|(?<=[{,] ))(\w+)( = )(\"[^\"\n]*\"|'[^'\n]*'|\d{4}-\d\d-\d\d|-?[\d.]+|true|false)")
DATED = ("plans/hivernal.toml", "plans/canicule.toml")

Change = tuple[str, str, str, str]


def _values(name: str) -> Iterator[re.Match[str]]:
    """The first place of each key of a TOML file that holds a scalar."""
    seen = set()
    for match in KEY.finditer((ORIGINALS / name).read_text(encoding="utf-8")):
        if match[1] not in seen:
            seen.add(match[1])
            yield match


def _toml_changes() -> Iterator[Change]:
    """Name of the file, kind of mistake, text after it, what the sentence must hold."""
    for name in TOML:
        text = (ORIGINALS / name).read_text(encoding="utf-8")
        for match in _values(name):
            before, after, key = text[: match.start()], text[match.end() :], match[1]
            named = f"« {key} »"
            yield name, f"misspelt {key}", f"{before}{key}x = {match[3]}{after}", f"« {key}x »"
            yield name, f"wrong type of {key}", f"{before}{key} = {{ un = 1 }}{after}", named
            yield name, f"empty {key}", f"{before}{key} = {after}", "ligne"
            if key not in OPTIONAL and not (name in DATED and key in OPTIONAL_IN_PLANS):
                line = re.escape(f"{key} = {match[3]}")
                without = re.sub(rf"{line}(, ?|[ \t]*(#.*)?\n)|, {line}(?= \}})", "", text[match.start() :], count=1)
                yield name, f"missing {key}", before + without, named
            if re.fullmatch(r"-?[\d.]+", match[3]):
                for value in ("nan", "inf", "-inf", '"12"', "true", "1" + "0" * 30, "1e300"):
                    yield name, f"{key} = {value}", f"{before}{key} = {value}{after}", named
                if (name, key) not in MAY_BE_NEGATIVE:
                    yield name, f"{key} = -1", f"{before}{key} = -1{after}", named
        yield name, "key given twice", re.sub(r"(?m)^(\w+ = .*\n)", r"\1\1", text, count=1), "deux fois"
        yield name, "unknown table", f"{text}\n[inconnue]\nx = 1\n", "« inconnue »"
        yield name, "unclosed list", f"{text}\nliste = [1\n", "fin du fichier : liste non fermée"


def _entry(name: str, head: str, key: str) -> Change:
    """The first entry of a list comes again at its end: its name is given twice."""
    text = (ORIGINALS / name).read_text(encoding="utf-8")
    first = re.search(rf"\[\[{head}\]\]\n.*?\n(?=\n)", text, re.DOTALL)
    found = first and re.search(rf'{key} = "([^"]*)"', first[0])
    assert first
    assert found
    return name, f"{head} given twice", f"{text}\n{first[0]}", found[1] if name != "risk_grid.toml" else "A à M"


DUPLICATES = [
    _entry("plans/hivernal.toml", "groups", "id"),
    _entry("plans/canicule.toml", "links", "link"),
    _entry("alerts.toml", "rule", "key"),
    _entry("risk_grid.toml", "criteria", "code"),
    _entry("anticipation.toml", "indicators", "indicator"),
    _entry("anticipation_open.toml", "indicators", "indicator"),
]
CSV: list[tuple[str, str, str, str, str]] = [
    ("departements.csv", "misspelt title", "nom,", "nm,", "« nm »"),
    ("departements.csv", "missing column", ",population\n", "\n", "« population »"),
    ("departements.csv", "title given twice", "code,nom", "code,code", "« code »"),
    ("departements.csv", "wrong type", "643350", "643 mille", "ligne 2, colonne « population »"),
    ("departements.csv", "negative", "643350", "-1", "ligne 2, colonne « population »"),
    ("departements.csv", "nan", "643350", "nan", "ligne 2, colonne « population »"),
    ("departements.csv", "code", "01,Ain", "1,Ain", "ligne 2, colonne « code »"),
    ("departements.csv", "given twice", "02,Aisne", "01,Aisne", "ligne 3, « code »"),
    ("departements.csv", "missing value", "01,Ain", "01,", "ligne 2, colonne « nom »"),
    ("departements.csv", "one cell more", "643350", "643350,1", "ligne 2"),
    ("salts.csv", "misspelt title", "kind,", "kinds,", "« kinds »"),
    ("salts.csv", "kind", "\ncarrier,", "\ncarier,", "colonne « kind »"),
    ("salts.csv", "given twice", "salt,dichlorhydrate", "salt,chlorhydrate", "ligne 3, « kind », « name »"),
    ("salts.csv", "synonym of nothing", "clavulanate,acide clavulanique", "clavulanate,", "« dci »"),
    ("salts.csv", "salt with a name", "salt,chlorhydrate,", "salt,chlorhydrate,x", "« dci »"),
    ("dci_synonyms.csv", "misspelt title", "reason,", "raison,", "« raison »"),
    ("dci_synonyms.csv", "match", "\nbeginning,", "\ndebut,", "colonne « match »"),
    ("dci_synonyms.csv", "to validate", "(ATC A10AB01),non", "(ATC A10AB01),peut-être", "« oui » ou « non »"),
    (
        "dci_synonyms.csv",
        "given twice",
        "recombinante soluble,",
        "recombinante neutre,",
        "ligne 3, « match », « name »",
    ),
    ("dci_synonyms.csv", "renamed again", ",calcitonine de saumon,", ",mitomycine c,", "« mitomycine c »"),
    ("stop_rules.csv", "effect", "paracetamol,soumis", "paracetamol,peut-être", "colonne « effect »"),
    (
        "stop_rules.csv",
        "words of a fact without",
        "presentation_restante,,",
        "presentation_restante,boîte,",
        "« words »",
    ),
    ("stop_rules.csv", "no words", "procedure,homéo,", "procedure,,", "« words »"),
    ("stop_rules.csv", "given twice", "aspirine,", "generique,", "« key »"),
    ("published_totals.csv", "misspelt title", "year", "annee", "« annee »"),
    ("published_totals.csv", "wrong type", "2014,436", "2014,beaucoup", "ligne 2, colonne « declarations »"),
    ("published_totals.csv", "negative", "2014,436", "2014,-436", "ligne 2, colonne « declarations »"),
    ("published_totals.csv", "too large", "2014,436", f"2014,{'9' * 5000}", "ligne 2, colonne « declarations »"),
    ("published_totals.csv", "given twice", "2015,", "2014,", "ligne 3, « year »"),
    ("published_totals.csv", "open quote", "2014,436", '2014,"436', "écriture CSV"),
    ("published_totals.csv", "other separator", "year,declarations", "year;declarations", "ligne 1"),
    ("carte_departements.geojson", "misspelt", '"nom"', '"nm"', "« nm »"),
    ("carte_departements.geojson", "missing", '"region_code":"84",', "", "« region_code »"),
    ("carte_departements.geojson", "wrong type", '"lon":5.282', '"lon":"est"', "« lon »"),
    ("carte_departements.geojson", "not a number", '"lon":5.282', '"lon":NaN', "nombre fini"),
    ("carte_departements.geojson", "shape", '"Polygon"', '"Polgon"', "features n° 1 « 01 »"),
    ("carte_departements.geojson", "no shape", '"type":"Polygon",', "", "features n° 1 « 01 »"),
    ("carte_departements.geojson", "given twice", '"id":"01"', '"id":"02"', "« id »"),
    ("carte_departements.geojson", "key given twice", '"id":"01"', '"id":"01","id":"01"', "« id »"),
    ("carte_departements.geojson", "not JSON", '"id":"01"', '"id"="01"', "ligne 1, caractère"),
]
SECRECY_3 = "[secrecy_min_laboratories]\nvalue = 3\n"
OTHERS: list[tuple[str, str, str, str, str]] = [
    ("risk_grid.toml", "bands go down", "at_least = 20, points = 2", "at_least = 3, points = 2", "bandes"),
    ("risk_grid.toml", "unknown level", 'level = "moyen"', 'level = "modéré"', "quatre niveaux"),
    ("alerts.toml", "open brace", "{place} : {value}", "{place : {value}", "« sentence »"),
    ("alerts.toml", "format", "{place} : {value}", "{place} : {value:z}", "« sentence »"),
    ("alerts.toml", "rule without query", 'key = "link"', 'key = "liens"', "liens"),
    ("alerts.toml", "unknown page", 'page = "molecule"', 'page = "molecules"', "« molecule »"),
    ("plans/hivernal.toml", "look-ahead", 'form = "inhalation"', 'form = "(?=5)"', "« form »"),
    ("plans/hivernal.toml", "no unit", '["5 mg"]', '["5"]', "dosage illisible, « 5 »"),
    ("plans/hivernal.toml", "empty strength", '["5 mg"]', '[""]', "strengths n° 1"),
    ("plans/hivernal.toml", "no such day", '"10-01"', '"02-31"', "« starts »"),
    ("plans/hivernal.toml", "bands cross", "acceptable_days = 15", "acceptable_days = 45", "« exploitants »"),
    ("plans/hivernal.toml", "plan of another file", 'id = "hivernal"', 'id = "canicule"', "« canicule »"),
    ("thresholds.toml", "below its minimum", SECRECY_3, SECRECY_3.replace("3", "2"), "un nombre entier de 3 à 100"),
    ("thresholds.toml", "above its maximum", "value = 85", "value = 86", "un nombre de 1 à 85"),
]


def _written(name: str, before: str, after: str) -> str:
    text = (ORIGINALS / name).read_text(encoding="utf-8")
    assert before in text
    return text.replace(before, after, 1)


CHANGES: list[Change] = [
    *_toml_changes(),
    *DUPLICATES,
    *((name, kind, _written(name, before, after), named) for name, kind, before, after, named in (*CSV, *OTHERS)),
]


def _sentence(name: str, *named: str) -> str:
    """What the check says, which must be about that file alone, in French, in one sentence."""
    with pytest.raises(BrokenReference) as refused:
        control.check()
    sentence = str(refused.value)
    assert f"({Path(name).name}) : " in sentence
    assert all(part in sentence for part in named), sentence
    assert not ENGLISH.search(sentence), sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [pytest.param(name, text, named, id=f"{name}: {kind}") for name, kind, text, named in CHANGES],
)
def test_a_mistake_is_named_with_its_place(reference: Path, name: str, text: str, named: str) -> None:
    (reference / name).write_text(text, encoding="utf-8")
    _sentence(name, named)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_text_is_named_with_its_line(reference: Path, name: str) -> None:
    content = (reference / name).read_bytes()
    (reference / name).write_bytes(content[:40] + b"\xe9" + content[40:])
    line = content[:40].count(b"\n") + 1
    _sentence(name, f"ligne {line} : texte qui n'est pas en UTF-8")
    (reference / name).write_bytes(b"\n")
    _sentence(name, "fichier vide")
    (reference / name).unlink()
    (reference / name).mkdir()
    _sentence(name, str(reference / name))


@pytest.mark.parametrize("name", [name for name in FILES if "/" not in name])
def test_an_absent_file_is_named(reference: Path, name: str) -> None:
    (reference / name).unlink()
    _sentence(name, "introuvable")


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".csv")])
def test_a_table_without_rows_is_named(reference: Path, name: str) -> None:
    (reference / name).write_text(
        f"{(reference / name).read_text(encoding='utf-8').splitlines()[0]}\n", encoding="utf-8"
    )
    _sentence(name, "aucune ligne")


def test_the_mark_of_a_spreadsheet_is_not_a_mistake(reference: Path) -> None:
    for name in FILES:
        (reference / name).write_bytes(b"\xef\xbb\xbf" + (ORIGINALS / name).read_bytes())
    control.check()


def test_every_broken_file_is_named_and_many_mistakes_are_counted(reference: Path) -> None:
    text = (reference / "thresholds.toml").read_text(encoding="utf-8")
    (reference / "thresholds.toml").write_text(text.replace("unit =", "unite ="), encoding="utf-8")
    (reference / "salts.csv").unlink()
    sentence = _sentence("thresholds.toml", "[current_weeks], clé « unite » (ligne 7)", "Sels et synonymes (salts.csv)")
    assert re.search(r"et \d+ autres erreurs\.", sentence)


def test_labels_do_without_a_broken_list_of_regions(reference: Path) -> None:
    (reference / "departements.csv").unlink()
    assert region_names() == {}


@pytest.mark.parametrize("name", ["risk_grid.toml", "anticipation.toml", "thresholds.toml"])
def test_a_refresh_on_a_broken_file_keeps_the_snapshot_and_says_why(
    home: Home, reference: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert home.refresh().published
    before = warehouse.current(home.path / "snapshots")
    text = (reference / name).read_text(encoding="utf-8")
    (reference / name).write_text(text.replace("to_validate = true", "to_validat = true", 1), encoding="utf-8")
    monkeypatch.setenv("VIGISTOCK_NOW", "2026-11-23T06:10")
    assert build.main(["--offline"]) == 1
    assert warehouse.current(home.path / "snapshots") == before
    run = json.loads(ordinary((home.path / "snapshots" / "last_run.json").read_text(encoding="utf-8")))
    assert run["published"] is False
    assert "« to_validat »" in run["error"]
    assert name in run["error"]
    printed = capsys.readouterr()
    assert "to_validat" in printed.err
    assert "Traceback" not in printed.out + printed.err


def test_a_demo_on_a_broken_plan_is_refused_with_its_reason(
    home: Home, reference: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The demo reads plans before there is anything to refresh."""
    (reference / "plans" / "hivernal.toml").write_text("id = 3\n", encoding="utf-8")
    assert build.main(["--demo"]) == 1
    assert warehouse.current(home.path / "snapshots") is None
    run = json.loads(ordinary((home.path / "snapshots" / "last_run.json").read_text(encoding="utf-8")))
    assert run["error"].startswith("Plan (hivernal.toml) : ")
