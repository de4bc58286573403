"""Odissé and Météo-France samples as published."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from connectors import spf, vigilance
from connectors.base import RefusedFile
from tests.connectors.partner_files import raw_file

CARD = "vigilance/CDP_CARTE_EXTERNE_2026-08-26T040028Z_extrait_periodeJ.json"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "odisse_departement_ira_bronchio_S39_extrait.json",
            {("ira", "departement"): 12, ("bronchiolite", "departement"): 12},
        ),
        ("odisse_france_ira_tous_ages_extrait.json", {("ira", "national"): 15}),
        ("odisse_ma_region_epidemies_hivernales_alertes_extrait.json", {(None, None): 26}),
    ],
)
def test_odisse(real: Path, name: str, expected: dict[tuple[str | None, str | None], int]) -> None:
    sheets = spf.read(raw_file("spf", real / "epidemio" / name))
    assert all(sheet.balanced and not sheet.quarantined for sheet in sheets)
    found = Counter((row.get("indicator"), row.get("level")) for sheet in sheets for row in sheet.rows)
    assert found == expected


def test_odisse_null_is_not_zero(real: Path) -> None:
    sheets = spf.read(raw_file("spf", real / "epidemio/odisse_departement_ira_bronchio_S39_extrait.json"))
    without_sos = {row["territory"] for sheet in sheets for row in sheet.rows if row["sos_rate"] is None}
    assert {"48", "974", "976"} <= without_sos


def test_odisse_error(real: Path) -> None:
    with pytest.raises(RefusedFile, match="limit"):
        spf.read(raw_file("spf", real / "epidemio/odisse_erreur_400.json"))


def test_vigilance(real: Path) -> None:
    (sheet,) = vigilance.read(raw_file("vigilance", real / CARD))
    assert (len(sheet.rows), sheet.rows_ignored, sheet.quarantined, sheet.balanced) == (24, 8, [], True)
    assert {row["department"] for row in sheet.rows} <= vigilance.DEPARTMENTS


def test_vigilance_summaries_are_refused(real: Path) -> None:
    with pytest.raises(RefusedFile, match="par département"):
        vigilance.read(raw_file("vigilance", real / "vigilance/archive-cartes-extrait_2026-10-02_04.json"))
