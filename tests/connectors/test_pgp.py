"""Reading sheets of management plans: what a sheet leaves out is unknown, what it writes wrong waits."""

from __future__ import annotations

from datetime import date

import pytest

from connectors import pgp
from connectors.base import RefusedFile
from tests.connectors.partner_files import MakeWorkbook, sample


def test_sample() -> None:
    (sheet,) = pgp.read(sample("pgp", "pgp_2025.xlsx"))
    names = ("cis", "year", "received_on", "has_risk_by_step", "patient_risk", "safety_stock_months", "verdict")
    assert [tuple(row[name] for name in names) for row in sheet.rows] == [
        ("60000019", 2025, date(2025, 12, 18), "oui", "perte de chance", 2.5, "satisfaisant"),
        ("60000027", 2025, date(2025, 12, 19), None, None, None, "illisible"),
        ("60000035", 2025, None, None, None, None, None),  # received and not read yet
    ]
    assert [(issue.line, issue.column) for issue in sheet.quarantined] == [
        (6, "Date de réception"),
        (7, "Risque patient"),
        (8, "Année du plan"),
        (9, "Stock de sécurité (mois)"),
    ]
    reasons = [issue.reason for issue in sheet.quarantined]
    assert reasons[0] == "date après la réception du fichier (16/11/2026)"
    assert reasons[1] == "valeur inconnue (attendu : vital court terme, vital moyen terme, perte de chance)"
    assert reasons[2] == "année trop loin de la réception du fichier (2026)"
    assert sheet.balanced


def test_another_file_is_refused(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(RefusedFile, match="absente ou vide"):
        pgp.read(make_workbook("pgp", {"Synthèse": [["x"]]}))
