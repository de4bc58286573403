"""A molecule on one sheet: what it says, to whom, and that it stays one sheet."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import pypdf
import pytest

from pages.components.charts import simple
from pages.components.exports import one_page
from pages.components.exports.one_page import Link, OnePage, Table
from pages.components.exports.stamp import INVENTED, PUBLIC, Stamp
from tests.conftest import Home
from tests.pages.conftest import Opener
from tests.pages.exports_walk import collected
from tests.typography import TYPED

PAGE = "pages/molecules/molecule.py"
DAY = date(2026, 11, 29)
SOURCES = [{"source_key": "trustmed", "title": "TrustMed : déclarations", "producer": "ANSM", "state": "a_jour",
            "last_period_on": DAY, "last_received_at": None}]  # fmt: skip
STAMP = Stamp(INVENTED, DAY, None, "Molécules", "/molecule?sujet=amoxicilline", lambda: SOURCES)
SHEET = OnePage(
    "Amoxicilline susp. buv. 500 mg/5 ml",
    "Difficile : 11 j chez les exploitants.",
    [("Où", "Partout", "92 départements sur 97"), ("Depuis", "S44 2026", ""), ("Mesures", "", "")],
    [Link("Exploitants", "insatisfaisante", "a_jour", "11 j", "22/11/2026", "−4,8 j", ""),
     Link("Grossistes-répartiteurs", None, "absent", "—", "—", "—", "")],
    None,
    "Jours de couverture",
    Table("3 déclarations ouvertes", ("Déclaration", "Laboratoire"), (40, 100), [("D-1", "LABORATOIRE A")] * 3),
)  # fmt: skip


def text_of(content: bytes) -> str:
    """Of the one sheet, spaces as typed."""
    (page,) = pypdf.PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", page.extract_text().translate(TYPED).replace("ﬃ", "ffi").replace("ﬀ", "ff"))


def test_the_sheet_says_verdict_facts_links_declarations_sources_and_mark() -> None:
    text = text_of(one_page.write(SHEET, STAMP))
    for words in (INVENTED.name, "Données au 29/11/2026", "Amoxicilline susp. buv. 500 mg/5 ml", "11 j chez les exploitants",
                  "Où", "Partout", "92 départements sur 97", "Exploitants", "Insatisfaisante", "−4,8 j", "Aucune donnée",
                  "LABORATOIRE A", "TrustMed (ANSM), 29/11/2026", "/molecule?sujet=amoxicilline"):  # fmt: skip
        assert words in text, words
    assert "Mesures" not in text  # a fact without a value is not drawn


def test_public_data_are_marked_public_and_reserved_ones_are_not_marked() -> None:
    """Above the title, and again in the foot."""
    public = text_of(one_page.write(SHEET, replace(STAMP, kind=PUBLIC)))
    assert public.count(PUBLIC.name) == 2
    assert INVENTED.name not in public
    none = text_of(one_page.write(SHEET, replace(STAMP, kind=None)))
    assert not any(mark.name in none for mark in (INVENTED, PUBLIC))


def test_a_long_list_is_counted_and_stays_on_the_sheet() -> None:
    rows = [(f"D-{place}", f"LABORATOIRE {place}") for place in range(200)]
    text = text_of(one_page.write(replace(SHEET, declarations=replace(SHEET.declarations, rows=rows)), STAMP))
    shown = len(re.findall(r"LABORATOIRE \d", text))
    left = re.search(r"Et (\d+) autres, dans Vigistock", text)
    assert left is not None
    assert 20 < shown < 200
    assert shown + int(left[1]) == 200


def test_the_same_figures_give_the_same_bytes() -> None:
    assert one_page.write(SHEET, STAMP) == one_page.write(SHEET, STAMP)


@pytest.fixture
def figure(demo_home: Home) -> go.Figure:
    from metrics.coverage import queries as coverage

    reader = demo_home.reader()
    subject = "amoxicilline-susp-500"
    return simple.coverage_panels(
        coverage.weekly(reader, subject), coverage.links(reader, subject), as_of=DAY, sales=coverage.sales(reader, subject),
        supplies=coverage.supplies(reader, subject),
    )  # fmt: skip


def test_curves_are_lines_with_their_names(figure: go.Figure) -> None:
    drawn = one_page.write(replace(SHEET, figure=figure), STAMP)
    text = text_of(drawn)
    for words in ("Insatisfaisante < 15 j", "demande courante", "référence légale", "boîtes par semaine"):
        assert words in text, words
    (page,) = pypdf.PdfReader(io.BytesIO(drawn)).pages
    assert not list(page.images)  # nothing is a picture: it is sharp at any size
    paths = page.get_contents()
    assert paths is not None
    assert paths.get_data().count(b" l") > 100


@pytest.mark.parametrize(
    ("parameters", "sees"), [({}, True), ({"projection": "1"}, False), ({"role": "ars-53"}, False)]
)
def test_a_role_that_may_not_see_laboratories_has_none_on_its_sheet(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch, parameters: dict[str, str], sees: bool
) -> None:
    with collected(monkeypatch) as found:
        open_page(PAGE, sujet="amoxicilline-susp-500", **parameters)
    (sheet,) = {offered.name: offered for offered in found if offered.name.endswith(".pdf")}.values()
    text = text_of(sheet.content())
    assert ("LABORATOIRE" in text) is sees
    assert ("masqué" in text) is not sees
    assert "déclarations ouvertes sur la DCI" in text
