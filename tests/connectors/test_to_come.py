"""Figures of a period that has not begun when their file is received are refused, or their row is set aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors import historique, medicam, openmedic, retrocedam, sentinelles
from connectors.base import RawFile, RefusedFile
from tests.connectors.partner_files import SAMPLES, raw_file, write_workbook

MakeText = Callable[..., RawFile]  # received on 16/11/2026
CIP = 3400921600506
RELEASE = "cis,nom_medicament,cause,classification,date_evenement,code_atc,molecule,laboratoire,nb_patients_ville\n"
WEEKS = "week,indicator,inc,inc_low,inc_up,inc100,inc100_low,inc100_up,geo_insee,geo_name\n"


@pytest.mark.parametrize(
    ("source", "name", "sheet", "titles", "period"),
    [
        (medicam, "2026-01-a-12_medic-am.xlsx", "tous_presc", ["CIP13", "Nom", "Nombre de boites remboursées 2026-12"], "2026-12"),
        (retrocedam, "retroced-am.xlsx", "UCD", ["Code UCD", "Nom", "Nombre d'unités 2035"], "2035"),
    ],
)  # fmt: skip
def test_a_column_of_a_period_to_come_is_refused(
    tmp_path: Path, source: object, name: str, sheet: str, titles: list[str], period: str
) -> None:
    code = CIP if source is medicam else 9400001
    path = write_workbook(tmp_path / name, {sheet: [titles, [code, "A", 10]]})
    with pytest.raises(RefusedFile) as caught:
        source.read(raw_file(name, path))  # type: ignore[attr-defined]
    assert f"la période {period} n'avait pas commencé à la réception du fichier, le 16/11/2026" in str(caught.value)


def test_a_year_to_come_of_open_medic_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "OPEN_MEDIC_2031.CSV"
    path.write_bytes((SAMPLES / "openmedic" / "OPEN_MEDIC_2024.CSV").read_bytes())
    with pytest.raises(RefusedFile, match="la période 2031 n'avait pas commencé"):
        openmedic.read(raw_file("openmedic", path))


def test_a_name_without_a_year_is_refused_in_french(tmp_path: Path) -> None:
    path = tmp_path / "OPEN_MEDIC.CSV"
    path.write_bytes(b"CIP13;BOITES\r\n")
    with pytest.raises(RefusedFile, match="et aucune n'y est lisible"):
        openmedic.read(raw_file("openmedic", path))


def test_a_row_of_a_day_to_come_is_quarantined(make_text: MakeText) -> None:
    row = "60000001,alpha,Autre,rupture,{},J01AA01,Alpha,labo,1\n"
    text = RELEASE + row.format("2029-03-02") + row.format("2021-03-02")
    (sheet,) = historique.read(make_text("historique", text))
    assert (sheet.rows_loaded, [(i.line, i.column, i.value, i.reason) for i in sheet.quarantined]) == (
        1,
        [(2, "date_evenement", "2029-03-02", "date après la réception du fichier (16/11/2026)")],
    )
    week = "{},3,5,1,9,5,1,9,FR,France\n"
    (sheet,) = sentinelles.read(make_text("sentinelles", WEEKS + week.format(202945) + week.format(202645)))
    assert [(i.line, i.column, i.value) for i in sheet.quarantined] == [(2, "week", "202945")]
    assert sheet.rows_loaded == 1
