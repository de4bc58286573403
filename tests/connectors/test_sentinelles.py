"""Sentinelles: incidence with its interval; the scale is recognised by the codes of the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from connectors import sentinelles
from connectors.base import RawFile, RefusedFile, Sheet
from tests.connectors.partner_files import SAMPLES, sample

MakeText = Callable[..., RawFile]
TEXT = (SAMPLES / "sentinelles" / "incidence-RDD-3.csv").read_text(encoding="utf-8")
TITLES = TEXT.splitlines()[1]


def read(raw: RawFile) -> Sheet:
    (sheet,) = sentinelles.read(raw)
    assert sheet.balanced
    return sheet


def test_the_comment_line_is_skipped_and_an_unpublished_estimate_is_not_zero() -> None:
    sheet = read(sample("sentinelles", "incidence-RDD-3.csv"))
    seen = [(r["week"], r["level"], r["region"], r["cases"], r["incidence"], r["incidence_high"]) for r in sheet.rows]
    assert seen == [
        (date(2026, 11, 9), "region", "11", 1200, 15, 20),
        (date(2026, 11, 9), "region", "84", None, None, None),
        (date(2020, 12, 28), "region", "84", 0, 0, 11),  # week 53 exists in 2020
    ]


def test_what_contradicts_itself_is_quarantined() -> None:
    sheet = read(sample("sentinelles", "incidence-RDD-3.csv"))
    assert [(i.line, i.column, i.value, i.reason) for i in sheet.quarantined] == [
        (6, "week", "202153", "l'année 2021 n'a pas de semaine 53"),
        (7, "inc", "50", "hors de son intervalle : bornes et valeur se contredisent"),
        (8, "geo_insee", "98", "code de région inconnu"),
    ]


def test_the_scale_is_read_in_the_codes(make_text: MakeText) -> None:
    def level(*codes: str) -> set[str]:
        lines = [f"202646,3,1,0,2,1,0,2,{code},X" for code in codes]
        return {row["level"] for row in read(make_text("sentinelles", "\n".join([TITLES, *lines, ""]))).rows}

    assert level("FR") == {"national"}
    assert level("11", "84") == {"region"}
    assert level("11", "82") == {"ancienne_region"}  # 11 is a region of both cuts, 82 of the former one only


def test_the_same_records_in_json(make_text: MakeText) -> None:
    record = dict(zip(TITLES.split(","), TEXT.splitlines()[2].split(","), strict=True))
    found = read(make_text("sentinelles", json.dumps({"data": [record]}), name="incidence-RDD-3.json")).rows
    expected = read(sample("sentinelles", "incidence-RDD-3.csv")).rows[:1]
    assert [{**row, "line": 0} for row in found] == [{**row, "line": 0} for row in expected]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TEXT.replace("inc100,", "taux,"), "colonne « inc100 » absente (trouvé : « week »"),
        (TEXT.replace("inc_low,", "bas,"), "colonne inconnue, « bas », et colonne absente, « inc_low »"),
        ("# seulement\n", "n'a pas de ligne de titres"),
        (TEXT + "202646,3,1\n", "Ligne 9 : 10 colonnes attendues, 3 trouvées"),
        ("<!doctype html><p>Trop de requêtes</p>", "Page web ou XML"),
        (f"{TITLES}\n202646,99,1,0,2,1,0,2,FR,France\n", "aucune semaine lisible (ligne 2, colonne « indicator »"),
        ('{"data": []}', "une liste « data » d'enregistrements est attendue"),
        ('{"data": [', "n'est pas un fichier JSON lisible"),
    ],
)
def test_another_file_is_refused_with_a_sentence(make_text: MakeText, text: str, sentence: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        read(make_text("sentinelles", text))
    assert sentence in str(caught.value)
