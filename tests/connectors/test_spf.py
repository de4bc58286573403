"""Odissé: what a record says is recognised by its fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from connectors import spf
from connectors.base import FetchSettings, RawFile, RefusedFile, Sheet, SourceUnavailable
from tests.connectors.partner_files import sample

MakeText = Callable[..., RawFile]
RECORD = {"semaine": "2026-S46", "date_complet": "2026-11-09", "dep": "13", "taux_passages_grippe_sau": 12.5}


def read_one(make_text: MakeText, document: object) -> Sheet:
    (sheet,) = spf.read(make_text("spf", json.dumps(document), name="jeu.json"))
    assert sheet.balanced
    return sheet


def test_departments_by_week_53_included() -> None:
    (sheet,) = spf.read(sample("spf", "grippe-passages-aux-urgences-et-actes-sos-medecins-departement.json"))
    assert (sheet.table, len(sheet.rows), sheet.quarantined) == ("spf_activity", 6, [])
    assert sheet.rows[0] == {
        "line": 1,
        "week": date(2026, 12, 28),
        "indicator": "grippe",
        "level": "departement",
        "territory": "2A",
        "age_class": "Tous âges",
        "er_rate": 210.5,
        "hospital_rate": 80.0,
        "sos_rate": 905.25,
    }


def test_zero_is_a_rate_and_null_is_none() -> None:
    (sheet,) = spf.read(sample("spf", "grippe-passages-aux-urgences-et-actes-sos-medecins-departement.json"))
    lozere, reunion = sheet.rows[1:3]
    assert (lozere["er_rate"], lozere["sos_rate"]) == (0, None)
    assert (reunion["territory"], reunion["hospital_rate"]) == ("974", None)


def test_a_page_of_national_results_by_age() -> None:
    (sheet,) = spf.read(sample("spf", "covid-19-passages-aux-urgences-et-actes-sos-medecins-france.json"))
    values = [(r["indicator"], r["level"], r["territory"], r["age_class"], r["er_rate"]) for r in sheet.rows]
    assert values == [
        ("covid", "national", "FR", "Tous âges", 12.25),
        ("covid", "national", "FR", "65 ans ou plus", 31.5),
    ]


def test_a_page_that_is_not_whole_is_refused(make_text: MakeText) -> None:
    # The interface announces 250 records and gives 1 in this page.
    with pytest.raises(RefusedFile) as caught:
        read_one(make_text, {"total_count": 250, "results": [RECORD]})
    assert str(caught.value) == (
        "Page incomplète d'Odissé : 1 sur 250 enregistrements annoncés. Téléchargez l'export entier (exports/json)."
    )
    assert len(read_one(make_text, {"total_count": 1, "results": [RECORD]}).rows) == 1


def test_an_object_of_lists_gives_one_sheet_each() -> None:
    sheets = spf.read(sample("spf", "plusieurs_indicateurs.json"))
    assert [(s.name, s.rows[0]["indicator"], s.rows[0]["age_class"]) for s in sheets] == [
        ("ira", "ira", "Tous âges"),
        ("bronchio", "bronchiolite", "Tous âges"),
    ]


def test_a_list_without_a_name_has_one_where_its_rows_are_corrected(make_text: MakeText) -> None:
    record = json.loads(sample("spf", "plusieurs_indicateurs.json").path.read_text())["ira"][0]
    raw = make_text("spf", json.dumps({"": [record, {**record, "semaine": None}], " ": [record]}))
    assert [(s.name, s.rows_loaded, [issue.sheet for issue in s.quarantined]) for s in spf.read(raw)] == [
        ("liste 1", 1, ["liste 1"]), ("liste 2", 1, []),
    ]  # fmt: skip


def test_regional_alerts() -> None:
    (sheet,) = spf.read(sample("spf", "ma_region_epidemies_hivernales_alertes.json"))
    assert sheet.table == "spf_regional_alert"
    assert [(r["theme"], r["region"], r["alert_level"], r["week"]) for r in sheet.rows] == [
        ("Grippe", "06", 2, date(2026, 11, 9)),
        ("Bronchiolite", "94", 4, date(2026, 11, 9)),
    ]


def test_an_error_answer_is_refused_with_its_message() -> None:
    with pytest.raises(RefusedFile, match="Invalid value for limit"):
        spf.read(sample("spf", "erreur.json"))


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"date_complet": "2026-11-10"}, "semaine", "n'est pas le lundi de cette semaine"),
        ({"semaine": "2025-S53"}, "semaine", "n'a pas de semaine 53"),
        ({"semaine": None}, "semaine", "obligatoire"),
        ({"dep": "20"}, "dep", "code de département inconnu"),
        ({"dep": None}, "dep", "obligatoire"),
        ({"dep": ["13"]}, "dep", "code de département inconnu"),
        ({"taux_passages_grippe_sau": -1}, "taux_passages_sau", "négative"),
        ({"taux_passages_grippe_sau": {"a": 1}}, "taux_passages_sau", "illisible"),
    ],
)
def test_a_faulty_record_is_quarantined(make_text: MakeText, change: dict[str, Any], column: str, reason: str) -> None:
    sheet = read_one(make_text, [RECORD, RECORD | change])
    (issue,) = sheet.quarantined
    assert (len(sheet.rows), issue.line, issue.column) == (1, 2, column)
    assert reason in issue.reason


def test_an_alert_level_out_of_bounds_is_quarantined(make_text: MakeText) -> None:
    alert = {"theme": "Grippe", "reg": "06", "date_lib": "2026-S46", "date": "2026-11-09", "valeur": 5}
    sheet = read_one(make_text, [alert])
    assert (sheet.rows, sheet.quarantined[0].column) == ([], "valeur")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ([], "non vide"),
        ({}, "aucun enregistrement"),
        ("texte", "non vide"),
        ([RECORD, 3], "non vide"),
        ([{"semaine": "2026-S46", "dep": "13"}], "Indicateur non reconnu"),
        ([RECORD | {"taux_passages_covid_sau": 1}], "Indicateur non reconnu"),
        ([{"semaine": "2026-S46", "taux_passages_rougeole_sau": 1}], "Indicateur non reconnu"),
        ([{"semaine": "2026-S46", "reg": "11", "taux_passages_grippe_sau": 1}], "Données régionales"),
    ],
)
def test_what_is_not_a_known_set_is_refused(make_text: MakeText, document: object, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        read_one(make_text, document)


@pytest.mark.parametrize("text", ["<html></html>", '[{"taux_passages_grippe_sau": NaN}]', '[{"semaine"'])
def test_what_is_not_json_is_refused(make_text: MakeText, text: str) -> None:
    with pytest.raises(RefusedFile, match="JSON"):
        spf.read(make_text("spf", text, name="jeu.json"))


class Shelf:
    """Stands for ``Http``: keeps what was asked, fails on national flu."""

    def __init__(self) -> None:
        self.asked: dict[str, dict[str, str]] = {}

    def get(self, url: str, params: dict[str, str], **_: object) -> bytes:
        self.asked[url] = params
        if "/grippe-" in url and "-france/" in url:
            raise SourceUnavailable("absent")
        return b"[]"


def test_fetch_asks_three_seasons_of_every_set() -> None:
    shelf = Shelf()
    downloads = spf.fetch(shelf, FetchSettings("http://miroir/", date(2026, 11, 22)))  # type: ignore[arg-type]
    values = {next(downloads).name for _ in range(len(spf.DATASETS) - 1)}
    with pytest.raises(SourceUnavailable, match="grippe-passages-aux-urgences-et-actes-sos-medecins-france"):
        next(downloads)
    assert len(values) == 12
    asthma = "http://miroir/asthme-passages-aux-urgences-et-actes-sos-medecins-dep/exports/json"
    assert shelf.asked[asthma] == {"where": "date_complet>=date'2023-10-29'"}
    assert shelf.asked["http://miroir/ma_region_epidemies_hivernales_alertes/exports/json"] == {
        "where": "date>=date'2023-10-29'"
    }
    url = "http://miroir/covid-19-passages-aux-urgences-et-actes-sos-medecins-departement/exports/json"
    assert shelf.asked[url] == {"where": "date_complet>=date'2023-10-29'"}
