"""Tableau de bord mensuel: figures recounted from the partners' files, ways down, shared version, sheet, workbook."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import date
from importlib import import_module
from typing import Any

import openpyxl
import pandas as pd
import pytest

from data.intake import raw
from metrics.monthly import queries as monthly
from metrics.monthly.queries import Monthly
from pages.components import format as fr
from pages.mensuel import columns, words, workbook
from tests.conftest import Home
from tests.metrics.monthly_compare import differences
from tests.metrics.monthly_naive import Dashboard, Fact
from tests.pages.conftest import DAY, Opener, links, sentence, texts
from tests.typography import TYPED

PAGE = "pages/mensuel/tableau_mensuel.py"
LIST = "pages/declarations/declarations.py"
OCTOBER, MARCH_2023 = date(2026, 10, 1), date(2023, 3, 1)


def read(home: Home, source: str) -> list[tuple[str, dict[str, Any]]]:
    """(table, typed row) of every file received from a source, the oldest first."""
    module = import_module(f"connectors.{source}")
    files = raw.received(home.path / "raw", source)
    return [
        (sheet.table, row) for path, known in files for sheet in module.read(known.raw_file(path)) for row in sheet.rows
    ]


def facts_of(home: Home) -> list[Fact]:
    """Declarations as the files say them; DCI and classes are those of the referential."""
    boxes = {row["cip13"]: row for row in home.reader().rows("SELECT * FROM presentation")}
    specialities = {row["cis"]: row for row in home.reader().rows("SELECT * FROM speciality")}
    versions: dict[str, dict[int, dict[str, Any]]] = {}
    for table, row in read(home, "trustmed"):
        if table == "trustmed_version":
            versions.setdefault(row["declaration_no"], {})[row["version_no"]] = row
    facts = [_declared([versions_of[rank] for rank in sorted(versions_of)], boxes) for versions_of in versions.values()]
    seen = Counter[str]()
    for _, row in read(home, "historique"):
        line = str({name: value for name, value in row.items() if name != "line"})
        seen[line] += 1
        dci = specialities[row["cis"]]["dci_key"]
        group = row["atc"][:1] if row["atc"] else None
        facts.append(
            Fact("historique", row["event_on"], row["kind"], row["cis"], dci, group, row["laboratory"].upper(),
                 is_copy=seen[line] > 1)
        )  # fmt: skip
    return facts


def _declared(versions: list[dict[str, Any]], boxes: dict[str, dict[str, Any]]) -> Fact:
    """The first word gives day and kind; the last closed run gives the day of closing."""
    closed = None
    for version in versions:
        closed = (closed or version["version_on"]) if version["status"] == "close" else None
    first, last = versions[0], versions[-1]
    box = boxes[last["cip13"]]
    on = min(version["version_on"] for version in versions)
    group = box["atc"][:1] if box["atc"] else None
    return Fact("trustmed", on, first["kind"], box["cis"], box["dci_key"], group, last["laboratory"], closed)


@pytest.fixture
def naive(demo_home: Home) -> Dashboard:
    return Dashboard(facts_of(demo_home), DAY)


@pytest.fixture
def shown(demo_home: Home) -> Monthly:
    return monthly.dashboard(demo_home.reader(), OCTOBER)


def test_every_month_every_block_is_what_the_files_say(demo_home: Home, naive: Dashboard) -> None:
    assert {naive.sources[month[0]] for month in naive.months} == {"trustmed", "historique"}
    assert differences(demo_home.reader(), naive) == []


def test_the_sentence_says_the_month_and_the_year(naive: Dashboard, open_page: Opener) -> None:
    at = open_page(PAGE, mois="2026-10")
    assert not at.exception
    month, year = (naive.counts((2026, 10), span) for span in ("mois", "cumul"))
    answer = sentence(at)
    assert answer.startswith(f"En octobre 2026, {month['declarations']} déclarations ({month['ruptures']} rupture")
    assert (
        f"portent sur {month['specialities']} spécialités ; depuis janvier, {year['declarations']} déclarations"
        in answer
    )
    closings = fr.plural(month["closed"], "dossier a été clos", "dossiers ont été clos").translate(TYPED)
    assert closings in answer


def test_the_verdict_is_short_and_stands_first(open_page: Opener) -> None:
    text = texts(open_page(PAGE, mois="2026-10")).split('class="vs-answer"><b>')[1]
    verdict, rest = text.split("</b>")[:2]
    assert len(verdict.split()) <= 20
    assert rest.translate(TYPED).startswith(" ; depuis janvier, ")


@pytest.mark.parametrize(
    ("month", "written"),
    [(OCTOBER, "d'octobre 2026"), (MARCH_2023, "de mars 2023"), (date(2026, 4, 1), "d'avril 2026"),
     (date(2026, 8, 1), "d'août 2026")],
)  # fmt: skip
def test_a_month_is_elided_as_it_is_spoken(month: date, written: str) -> None:
    assert words.of_month(month) == written


@pytest.mark.parametrize("parameters", [{}, {"impression": "1"}, {"projection": "1"}])
def test_the_page_is_light(demo_home: Home, open_page: Opener, parameters: dict[str, str]) -> None:
    at = open_page(PAGE, mois="2026-10", **parameters)
    written = [str(element.proto.body) for element in at.get("html")]
    drawn = [element for element in at.main if not hasattr(element, "children")]
    assert 0 < len(drawn) <= 40
    assert 3_000 < sum(len(body.encode()) for body in written if not body.startswith("<style>")) < 120_000


def test_the_choice_of_a_ranking_keeps_the_month(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, mois="2026-09")
    assert ("depuis janvier", "tableau-mensuel?mois=2026-09&classement=cumul") in links(at)
    assert ("Version à imprimer (une page A4)", "tableau-mensuel?mois=2026-09&classement=mois&impression=1") in links(
        at
    )


def test_the_last_whole_month_opens_first(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert sentence(at).startswith("En octobre 2026")
    assert "novembre 2026 (en cours)" in at.selectbox(key="choix-mois").options
    assert "en cours" in sentence(open_page(PAGE, mois="2026-11"))


def test_the_public_release_says_what_it_does_not_hold(naive: Dashboard, open_page: Opener) -> None:
    at = open_page(PAGE, mois="2023-03")
    month = naive.counts((2023, 3), "mois")
    assert sentence(at).startswith(f"En mars 2023, {month['declarations']} déclaration")
    assert "les clôtures ne sont pas connues" in sentence(at)
    written = texts(at)
    assert "Diffusion publique des déclarations closes" in written
    assert words.NOT_SCORED in written
    assert not [target for _, target in links(at) if target.startswith("declarations?")]  # they are not in the list


def test_a_link_opens_as_many_declarations_as_are_counted(naive: Dashboard, open_page: Opener) -> None:
    at = open_page(PAGE, mois="2026-10")
    opened = {target for _, target in links(at)}
    assert "declarations?statut=toutes&mois=2026-10" in opened
    listed = open_page(LIST, statut="toutes", mois="2026-10")
    assert sentence(listed).startswith(f"{naive.counts((2026, 10), 'mois')['declarations']} déclarations")
    whole = open_page(LIST, statut="toutes", mois="2026", atc="N")
    wanted = [f for f in naive.all if f.on.year == 2026 and f.group == "N" and f.source == "trustmed"]
    assert len(wanted) > 1
    assert sentence(whole).startswith(f"{len(wanted)} déclarations")


def test_the_year_may_rank_dci_and_laboratories(demo_home: Home, open_page: Opener) -> None:
    month, year = (open_page(PAGE, mois="2026-10", classement=span) for span in monthly.SPANS)
    assert any("laboratoire=" in target and "mois=2026-10" in target for _, target in links(month))
    assert any("laboratoire=" in target and target.endswith("mois=2026") for _, target in links(year))


def test_an_unknown_month_opens_the_usual_one(demo_home: Home, open_page: Opener) -> None:
    assert sentence(open_page(PAGE, mois="1999-01")).startswith("En octobre 2026")


def test_the_shared_version_counts_laboratories_and_names_none(demo_home: Home, open_page: Opener) -> None:
    for parameters in ({"projection": "1"}, {"projection": "1", "impression": "1"}):
        at = open_page(PAGE, mois="2026-10", **parameters)
        assert not at.exception
        written = texts(at)
        assert "LABORATOIRE" not in written
        assert "au moins un MITM commercialisé" in written
    assert "LABORATOIRE" in texts(open_page(PAGE, mois="2026-10"))


@pytest.mark.parametrize(("role", "names"), [("ansm", True), ("ansm_steward", True), ("dgs", False), ("ars-53", False)])
def test_roles_that_open_it(demo_home: Home, open_page: Opener, role: str, names: bool) -> None:
    written = texts(open_page(PAGE, role=role))
    assert "Laboratoires déclarants" in written
    assert ("LABORATOIRE " in written) is names


def test_the_sheet_to_print_holds_the_seven_blocks(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, mois="2026-10", impression="1")
    assert not at.exception
    written = texts(at)
    for block in ("Déclarations", "Spécialités déclarées", "par niveau de risque", "par classe ATC", "Principales DCI",
                  "Laboratoires déclarants", "Dossiers clos", "Mouvements du mois"):  # fmt: skip
        assert block in written, block
    assert "Données fictives" in written


def test_an_empty_home_says_what_to_deposit(empty_home: Home, open_page: Opener) -> None:
    for parameters in ({}, {"impression": "1"}):
        at = open_page(PAGE, **parameters)
        assert not at.exception
        assert "inbox/historique" in texts(at)


def test_the_workbook_has_seven_sheets_and_its_notice(shown: Monthly) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.content(shown, {"Mois": "octobre 2026", "Source": "=1+1"})))
    assert book.sheetnames == ["1 Déclarations", "2 Niveaux", "3 Classes ATC", "4 DCI", "5 Laboratoires", "6 Clôtures",
                               "7 Mouvements", "Notice"]  # fmt: skip
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    last = list(book["1 Déclarations"].iter_rows(values_only=True))[-1]
    assert (last[0], last[2]) == ("octobre 2026", shown.month["declarations"])
    whole = list(book["2 Niveaux"].iter_rows(values_only=True))[-1]
    assert whole[:3] == ("Ensemble", shown.month["specialities"], shown.month["declarations"])
    notice = {row[0]: row[1] for row in book["Notice"].iter_rows(values_only=True)}
    assert notice["Mois"] == "octobre 2026"
    assert notice["Source"] == "'=1+1"


def test_the_workbook_of_the_shared_version_names_no_laboratory(demo_home: Home, shown: Monthly) -> None:
    partial = monthly.dashboard(demo_home.reader("shared"), OCTOBER)
    sheets = {name: str(table.to_numpy().tolist()) for name, table in workbook.sheets(partial).items()}
    assert "LABORATOIRE" not in "".join(sheets.values())
    assert "LABORATOIRE" in str(workbook.sheets(shown)["5 Laboratoires"].to_numpy().tolist())
    assert [row[0] for row in workbook.sheets(partial)["5 Laboratoires"].to_numpy().tolist()] == [
        "Laboratoires déclarants (exploitants)",
        "Titulaires d'une spécialité déclarée, parmi les suivants",
        "Titulaires d'au moins un MITM commercialisé",
    ]


def test_a_name_that_looks_like_a_formula_is_only_text(shown: Monthly) -> None:
    assert shown.laboratories is not None
    wicked = shown.laboratories.assign(laboratory='=HYPERLINK("http://exemple.invalid")')
    content = workbook.content(Monthly(**{**shown.__dict__, "laboratories": wicked}), {})
    sheet = openpyxl.load_workbook(io.BytesIO(content))["5 Laboratoires"]
    assert str(sheet["A2"].value).startswith("'=HYPERLINK")


def rise(**values: object) -> dict[str, object]:
    row = {"scope": "dci", "subject_key": "x", "subject": "ramipril", "declarations": 10, "declarants": 4,
           "usual_declarations": 2.34, "usual_declarants": 1.7, "known_months": 6}  # fmt: skip
    return {**row, **values}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (rise(), "DCI ramipril : 10 déclarations de 4 laboratoires, contre 2,3 et 1,7 par mois en moyenne sur les 6 mois précédents."),
        (rise(scope="classe", subject_key="J"), "Classe J – Anti-infectieux à usage systémique : 10 déclarations de 4 laboratoires"),
        (rise(declarants=1, usual_declarations=0.0), "10 déclarations d'un seul laboratoire, contre aucune sur les 6 mois"),
        (rise(scope="specialite", subject="RAMIPRIL A"), "RAMIPRIL A : 10 déclarations, contre 2,3 par mois"),
    ],
)  # fmt: skip
def test_a_rise_is_put_in_a_sentence(row: dict[str, object], text: str) -> None:
    assert text in words.rise(row).translate(TYPED)


def test_the_month_is_compared_with_the_one_before_and_a_year_ago(naive: Dashboard, demo_home: Home) -> None:
    dashboard = monthly.dashboard(demo_home.reader(), date(2022, 9, 1))
    text = words.overall(dashboard).translate(TYPED)
    for month, name in (((2022, 8), "août 2022"), ((2021, 9), "septembre 2021")):
        assert f"en {name} ({naive.counts(month, 'mois')['declarations']})" in text


def test_published_totals_are_shown_for_real_releases_only(demo_home: Home) -> None:
    release = monthly.dashboard(demo_home.reader(), MARCH_2023)
    real, invented = (" ".join(words.reserves(release, is_demo=demo)) for demo in (False, True))
    assert re.search(r"a publié 4.925 déclarations pour 2023 : ce total compte aussi les dossiers encore ouverts", real)
    assert "publié" not in invented


def test_levels_of_the_table_add_up(shown: Monthly) -> None:
    table = columns.levels(shown)
    assert (
        table["situations_month"].iloc[:-1].sum() == table["situations_month"].iloc[-1] == shown.month["specialities"]
    )
    assert pd.notna(table["ratio_year"].iloc[-1])


def test_cards_without_referential_say_so(shown: Monthly) -> None:
    alone = Monthly(**{**shown.__dict__, "month": {**shown.month, "liable_holders": None}})
    assert f"base de l'année {shown.month['month']:%Y} non reçue" in words.declarants(alone)
