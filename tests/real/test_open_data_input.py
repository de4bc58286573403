"""The command on what Odissé and Météo-France really answered. Skipped without it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.real.serving import Operator, served

pytestmark = pytest.mark.long  # whole refreshes of the public files; their readers stay in the short run


@pytest.fixture(scope="module")
def open_data(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """Odissé at the paths of its interface, Météo-France as a mirror keeps it."""
    folder = tmp_path_factory.mktemp("open")
    theme = "infections-respiratoires-aigues-ira-passages-aux-urgences-et-actes-sos-medecins"
    for dataset, name in {
        f"{theme}-departement": "odisse_departement_ira_bronchio_S39_extrait.json",
        f"{theme}-france": "odisse_france_ira_tous_ages_extrait.json",
        "ma_region_epidemies_hivernales_alertes": "odisse_ma_region_epidemies_hivernales_alertes_extrait.json",
    }.items():
        path = folder / "odisse" / dataset / "exports" / "json"
        path.parent.mkdir(parents=True)
        shutil.copy(real / "epidemio" / name, path)
    (folder / "meteo").mkdir()
    card = "CDP_CARTE_EXTERNE_2026-08-26T040028Z_extrait_periodeJ.json"
    shutil.copy(real / "vigilance" / card, folder / "meteo" / "CDP_CARTE_EXTERNE.json")
    operator = Operator(folder / "home")
    with served(folder) as address:
        addresses = {"spf": f"{address}/odisse", "vigilance": f"{address}/meteo"}
        operator.build("--sources", "spf,vigilance", now="2026-10-01T08:00:00+02:00", addresses=addresses)
    return operator


def test_odisse_reaches_the_screen(open_data: Operator, real: Path) -> None:
    document = json.loads((real / "epidemio/odisse_departement_ira_bronchio_S39_extrait.json").read_bytes())
    nation = json.loads((real / "epidemio/odisse_france_ira_tous_ages_extrait.json").read_bytes())
    expected = {
        (indicator, record["dep"], record["date_complet"]): _rates(record)
        for indicator, records in (("ira", document["ira"]), ("bronchiolite", _other(document)))
        for record in records
    } | {("ira", "FR", record["date_complet"]): _rates(record) for record in nation}
    rows = open_data.reader().rows("SELECT * FROM epidemic_weekly")
    found = {
        (row["indicator"], row["territory"], str(row["week"])): (row["er_rate"], row["hospital_rate"], row["sos_rate"])
        for row in rows
    }
    assert len(rows) == 12 + 12 + 15
    assert found == expected
    assert any(rates[2] is None for rates in found.values())  # no SOS Médecins there: unknown, not zero


def _other(document: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    (name,) = document.keys() - {"ira"}
    return document[name]


def _rates(record: dict[str, object]) -> tuple[object, object, object]:
    """Emergency visits, hospital stays, SOS Médecins acts."""
    found = {name.split("_")[1]: value for name, value in record.items() if name.startswith("taux_")}
    return found["passages"], found["hospit"], found["actes"]


def test_odisse_accounts_for_every_record(open_data: Operator) -> None:
    line = open_data.source("spf")
    assert (line["files"], line["rows_in"], line["rows_loaded"], line["rows_quarantined"]) == (3, 65, 65, 0)
    assert "grippe" in line["error"]  # the sets that are not served are named, the others are read


def test_vigilance_reaches_the_screen(open_data: Operator) -> None:
    rows = open_data.reader().rows("SELECT day, department, horizon, colour_id FROM vigilance_daily ORDER BY ALL")
    day = date(2026, 8, 26)
    assert [tuple(row.values()) for row in rows] == [
        (day, "10", "J", 1),
        (day, "14", "J", 1),
        (day, "2A", "J", 2),
        (day, "35", "J", 1),
    ]
    line = open_data.source("vigilance")
    assert (line["error"], line["rows_in"], line["rows_loaded"], line["rows_ignored"]) == (None, 32, 24, 8)
