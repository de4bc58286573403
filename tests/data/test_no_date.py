"""Days put for an unknown one in lists, references, wholesalers' files and the public release: no date, with a reason."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.conftest import Home
from tests.referential import files, simple

ONE = simple("90000001", "FICTIVIR 100 mg", "FICTIVIR")
READ, ASKED = "lu sans date", "une date est attendue"


@pytest.fixture
def market(home: Home) -> Home:
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True)
    for name, content in files([ONE]).items():
        (folder / name).write_bytes(content)
    return home


def reasons_for(home: Home, source: str, table: str, *lines: Sequence[object]) -> list[str]:
    """What the reader notes of the dates of these lines, remarks then quarantined rows."""
    home.drop(source, "f.xlsx", {table: list(lines)})
    report = home.refresh()
    assert report.published, report.error
    reader = home.reader()
    return [
        row["reason"].replace("\u00a0", " ")
        for table in ("noted_value", "quarantine")
        for row in reader.rows(f"SELECT line, reason FROM {table} WHERE source_key = '{source}' ORDER BY line")
    ]


def test_a_decision_without_a_true_date_holds_since_ever(market: Home) -> None:
    reasons = reasons_for(market, "listes", "listes_member", ["Décision de stock", ONE.cis, None, None, 3, "01/01/1900"],
                ["Essentiel", ONE.cis, None, None, None, "31/12/2099"])  # fmt: skip
    assert reasons == [f"« {day} » est mis pour une date inconnue : {READ}" for day in ("01/01/1900", "31/12/2099")]
    rows = market.reader().rows("SELECT list, since_on FROM speciality_list ORDER BY list")
    assert [(row["list"], row["since_on"]) for row in rows] == [("décision de stock", None), ("essentiel", None)]
    (row,) = market.reader().rows("SELECT duty_months, duty_origin FROM safety_stock")
    assert (row["duty_months"], row["duty_origin"]) == (3, "décision")


def test_a_reference_that_ends_in_2099_has_no_end(market: Home) -> None:
    line = ["dci:fictivir", "Exploitants", 1200, "01/01/2026", "31/12/2099", "Campagne", "Équipe"]
    reasons = reasons_for(market, "references", "references_manual", line, [*line[:3], "01/01/1970", None, *line[5:]])
    assert reasons == [
        f"« 31/12/2099 » est mis pour une date inconnue : {READ}",
        f"« 01/01/1970 » est mis pour une date inconnue : {ASKED}",
    ]
    (row,) = market.reader().rows("SELECT until FROM manual_reference")
    assert row["until"] is None


def test_an_excluded_month_needs_a_date(market: Home) -> None:
    reasons = reasons_for(market, "references", "references_excluded", ["*", "31/12/9999", "Épidémie"])
    assert reasons == [f"« 31/12/9999 » est mis pour une date inconnue : {ASKED}"]


def test_a_period_without_a_true_end_is_refused_with_its_sales(market: Home) -> None:
    line = ["2026-S46", "Grossiste A", ONE.cip13, None, 100, 10, None, 900, "01/10/2025", "31/12/2099"]
    reasons = reasons_for(market, "grossistes", "grossistes_stock", line)
    assert reasons == ["ventes de référence, début et fin de leur période vont ensemble : remplir les trois, ou aucune"]


def test_a_public_declaration_needs_its_day(market: Home) -> None:
    line = [ONE.cis, "fictivir", "Autre", "rupture", "2099-12-31", None, None, "labo un", None]
    reasons = reasons_for(market, "historique", "historique_declaration", line)
    assert reasons == [f"« 31/12/2099 » est mis pour une date inconnue : {ASKED}"]
