"""Stocks de sécurité: the sentence recounted, filters, what stands beside a line, one file per company, who may open it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pandas as pd
import pytest

from metrics.safety_stock import queries as safety
from pages.anticiper import campaign, safety_rows
from pages.anticiper import safety_words as words
from pages.components import lists
from pages.components.charts import figures
from tests.conftest import Home
from tests.pages.conftest import Opener, links, sentence, texts
from tests.typography import TYPED

PAGE = "pages/anticiper/stocks_de_securite.py"


@pytest.fixture
def lines(demo_home: Home) -> list[dict[str, Any]]:
    return demo_home.reader().rows("SELECT * FROM safety_stock")


def shown(at: Any) -> list[str]:
    return [label for label, target in links(at) if target.startswith("molecule?sujet=")]


def known(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in lines if row["figure_state"] in ("a_jour", "estime")]


def test_the_sentence_counts_what_is_known_and_leaves_the_rest_apart(
    lines: list[dict[str, Any]], open_page: Opener
) -> None:
    at = open_page(PAGE)
    assert not at.exception
    under = [row for row in known(lines) if row["months"] < row["duty_months"]]
    deep = sum(row["months"] < 1 for row in under)
    answer = sentence(at)
    assert answer.startswith(
        f"Sur {len(known(lines))} spécialités relevées, {len(under)} sont sous leur stock de sécurité"
    )
    assert deep == 0 or f"dont {deep} à moins d'un mois" in answer
    rest = len(lines) - len(known(lines))
    assert rest == 0 or f"{rest} autre" in answer


def test_the_rows_shown_are_those_under_the_furthest_first(lines: list[dict[str, Any]], open_page: Opener) -> None:
    under = [row for row in known(lines) if row["is_under"]]
    under.sort(key=lambda row: row["months"] / row["duty_months"])
    at = open_page(PAGE)
    assert shown(at)[0] == under[0]["denomination"]
    assert len(shown(at)) == min(len(under), lists.FIRST)
    assert len(shown(open_page(PAGE, lignes="200"))) == len(under)
    longest = max(under, key=lambda row: row["days_under"])
    first = shown(open_page(PAGE, tri="-jours"))[0]
    assert longest["days_under"] in {row["days_under"] for row in under if row["denomination"] == first}


def test_filters_are_in_the_address(lines: list[dict[str, Any]], open_page: Opener) -> None:
    one = next(row for row in known(lines) if row["is_under"])
    at = open_page(PAGE, etat="toutes", laboratoire=one["laboratory"], lignes="200")
    mine = [row for row in lines if row["laboratory"] == one["laboratory"]]
    assert len(shown(at)) == len(mine)
    rows = [row for row in known(lines) if row["laboratory"] == one["laboratory"]]
    assert re.match(rf"Sur {len(rows)} spécialités? relevées?, {sum(row['is_under'] for row in rows)} ", sentence(at))
    assert f"Relevés semaine après semaine de {one['laboratory']}" in [box.label for box in at.expander]
    four = [row for row in lines if row["duty_origin"] == "liste 4 mois"]
    at = open_page(PAGE, etat="toutes", obligation="liste 4 mois", lignes="200")
    assert len(shown(at)) == len(four) > 0


@pytest.mark.parametrize("crossing", list(words.CROSSINGS))
def test_a_crossing_keeps_its_lines_and_says_how_many(demo_home: Home, open_page: Opener, crossing: str) -> None:
    table = safety.lines(demo_home.reader())
    mine = table[table[words.CROSSINGS[crossing][0]]]
    at = open_page(PAGE, croisement=crossing, lignes="200")
    assert sorted(shown(at)) == sorted(mine["denomination"])
    assert sentence(at).startswith(f"{len(mine)} spécialité" if len(mine) else "Aucune spécialité :")


def test_a_line_opens_on_its_presentations(lines: list[dict[str, Any]], demo_home: Home, open_page: Opener) -> None:
    one = min((row for row in known(lines) if row["is_under"]), key=lambda row: row["months"] / row["duty_months"])
    boxes = safety.boxes(demo_home.reader())
    codes = boxes[(boxes["cis"] == one["cis"]) & (boxes["laboratory"] == one["laboratory"])]["cip13"]
    assert len(codes)
    closed, opened = open_page(PAGE), open_page(PAGE, cis=one["cis"])
    assert not [code for code in codes if code in texts(closed)]
    assert [code for code in codes if code in texts(opened)] == list(codes)
    assert any(f"cis={one['cis']}" in target for _, target in links(closed))
    assert 'class="vs-under"' in texts(opened)
    assert 'class="vs-under"' not in texts(open_page(PAGE, cis="x"))


def test_an_unknown_filter_opens_the_usual_page(demo_home: Home, open_page: Opener) -> None:
    assert sentence(open_page(PAGE, etat="x", laboratoire="PERSONNE")).startswith("Sur ")


def test_the_summary_adds_up(demo_home: Home) -> None:
    table = safety.lines(demo_home.reader())
    *parts, whole = [line["counts"] for line in safety_rows.duties(figures.records(table))]
    assert len(parts) == table["duty_origin"].nunique() > 1
    assert [sum(column) for column in zip(*parts, strict=True)] == whole
    assert len(whole) == 1 + len(words.GROUPS)
    assert sum(whole[1:]) == whole[0] == len(table)


def test_an_open_file_stands_beside_its_line(lines: list[dict[str, Any]], open_page: Opener) -> None:
    declared = [row for row in known(lines) if row["is_under"] and row["open_declarations"]]
    assert declared
    written = texts(open_page(PAGE))
    assert declared[0]["declaration_nos"] in written
    assert "n'exonère pas" in written.replace("&#x27;", "'")


def test_a_campaign_is_one_file_a_company_and_none_shows_another(demo_home: Home) -> None:
    table = safety.lines(demo_home.reader())
    chosen = table[table["group"] == "dessous"]
    detail = safety.boxes(demo_home.reader())
    archive = zipfile.ZipFile(io.BytesIO(campaign.archive(chosen, detail, {"Données au": "22/11/2026"})))
    assert len(archive.namelist()) == chosen["laboratory"].nunique() > 1
    rows = 0
    for name in archive.namelist():
        book = openpyxl.load_workbook(io.BytesIO(archive.read(name)))
        head, *body = book["Écarts"].iter_rows(values_only=True)
        (laboratory,) = {line[head.index("Laboratoire")] for line in body}
        text = " ".join(str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line)
        others = set(table["laboratory"]) - {laboratory}
        assert not [other for other in others if f"{other} " in f"{text} "]
        assert head[-2:] == campaign.ANSWERS
        rows += len(body)
    assert rows == len(chosen)


def test_companies_of_almost_the_same_name_keep_two_files() -> None:
    table = pd.DataFrame({"laboratory": ["LABO A", "LABO-A", "LABO B", "—"]})
    assert sorted(campaign.parts(table)) == ["labo-a.xlsx", "labo-a_2.xlsx", "labo-b.xlsx", "laboratoire.xlsx"]


@pytest.mark.parametrize(("value", "written"), [(1.96, "1,9 mois"), (2.0, "2,0 mois"), (None, "—"), (0.0, "0,0 mois")])
def test_months_are_never_rounded_up_to_their_duty(value: float | None, written: str) -> None:
    assert words.months(value).translate(TYPED) == written


def test_nothing_is_shown_on_a_shared_screen_nor_to_other_roles(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, projection="1")
    assert not at.exception
    assert "masqués" in sentence(at)
    assert "LABORATOIRE" not in texts(at)
    for role in ("cap", "dgs", "ars-53"):
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            open_page("", role=role).switch_page(PAGE)


def test_without_data_the_page_says_what_to_deposit(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert "Aucune spécialité soumise" in sentence(at)
