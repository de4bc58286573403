"""Alerts of pharmacies and stocks by territory: two sheets, of which one is enough."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import dpruptures
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample, titles

ALERTS, STOCKS = titles("dpruptures", "dpruptures_alert"), titles("dpruptures", "dpruptures_stock")
A, B = "3400930000014", "3400930000021"


def test_sample() -> None:
    alerts, stocks = dpruptures.read(sample("dpruptures", "dpruptures_2026-S46.xlsx"))
    seen = [
        (r["alert_no"], r["cip13"], r["department"], r["closed_on"], r["connected_pharmacies"]) for r in alerts.rows
    ]
    assert seen == [
        ("DP-2026-004217", A, "35", None, 310),
        ("DP-2026-004217", B, "35", date(2026, 11, 12), 310),
        ("DP-2026-004218", A, "2A", None, None),
        ("DP-2026-004219", A, None, None, None),
    ]
    assert [(r.line, r.column, r.reason) for r in alerts.quarantined] == [
        (7, "Dpt", "code de département inconnu"),
        (8, "Clôturée le", "clôture avant la déclaration de l'alerte"),
    ]
    kept = [(r["actor_kind"], r["territory"], r["stock_boxes"], r["sales_boxes"]) for r in stocks.rows]
    assert kept == [("officines", "35", 1250, 85), ("exploitants", "FR", 42000, None), ("pui", "2A", 12, 0)]
    assert [(r.line, r.value) for r in stocks.quarantined] == [(5, "Bretagne")]
    assert (alerts.rows_in, stocks.rows_in) == (6, 4)
    assert alerts.balanced
    assert stocks.balanced


@pytest.mark.parametrize(("sheet", "table"), [("Alertes", "dpruptures_alert"), ("Stocks", "dpruptures_stock")])
def test_one_sheet_is_enough(make_workbook: MakeWorkbook, sheet: str, table: str) -> None:
    lines = {
        "Alertes": [ALERTS, ["DP-1", date(2026, 11, 9), A, "35", None, 2, None]],
        "Stocks": [STOCKS, [date(2026, 11, 9), "Officines", "Officine", 1, A, 10, 2]],
    }
    (read,) = dpruptures.read(make_workbook("dpruptures", {sheet: lines[sheet]}))
    assert (read.table, len(read.rows), read.quarantined) == (table, 1, [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["DP-1", date(2026, 11, 20), A, "35", None, 2, None], "date après la réception du fichier (16/11/2026)"),
        (
            ["DP-1", date(2026, 11, 9), A, "35", date(2026, 11, 20), 2, None],
            "date après la réception du fichier (16/11/2026)",
        ),
        (["DP-1", date(2026, 11, 9), A, "Rennes", None, 2, None], "code de département inconnu"),
    ],
)
def test_an_alert_of_no_past_day_or_of_no_place_waits(
    make_workbook: MakeWorkbook, line: list[object], reason: str
) -> None:
    (sheet,) = dpruptures.read(make_workbook("dpruptures", {"Alertes": [ALERTS, line]}))
    assert [issue.reason for issue in sheet.quarantined] == [reason]


@pytest.mark.parametrize(
    ("actor", "is_total"),
    [
        *(
            (name, True)
            for name in ("Total", "TOTAL GÉNÉRAL", "Ensemble", "Ensemble des grossistes", "Total officines")
        ),
        *((name, False) for name in ("Officines", "TOTAL CARE PHARMA", "Grossiste A", "Ensemble Santé")),
    ],
)
def test_a_total_is_no_actor(make_workbook: MakeWorkbook, actor: str, is_total: bool) -> None:
    line = [date(2026, 11, 9), actor, "Grossiste", 35, A, 10, 2]
    (sheet,) = dpruptures.read(make_workbook("dpruptures", {"Stocks": [STOCKS, line]}))
    assert (len(sheet.rows), len(sheet.quarantined)) == ((0, 1) if is_total else (1, 0))
    assert all(
        (issue.column, issue.reason.split(" :")[0]) == ("Acteur", "ligne de total") for issue in sheet.quarantined
    )


def test_a_workbook_with_neither_sheet_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="Feuille « Alertes » ou « Stocks » attendue"):
        dpruptures.read(make_workbook("dpruptures", {"Synthèse": [["x"]]}))
