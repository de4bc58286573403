"""Sentinelles as published, and every code that Open Medic names."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

from connectors import openmedic, sentinelles
from tests.connectors.partner_files import raw_file

SERIES = "epidemio/sentinelles_incidence-PAY-3_2021-01-19.csv"
TITLES = "CIP13;l_cip13;age;sexe;BEN_REG;PSP_SPE;BOITES;REM;BSE"


def test_every_week_of_the_national_series_is_read(real: Path) -> None:
    (sheet,) = sentinelles.read(raw_file("sentinelles", real / SERIES))
    with (real / SERIES).open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle))
    assert (sheet.rows_in, len(sheet.rows), sheet.quarantined) == (len(lines), len(lines), [])
    assert {(row["level"], row["region"], row["indicator"]) for row in sheet.rows} == {("national", "FR", "grippe")}
    cases = [float(line["inc"]) if line["inc"] not in ("", "-") else None for line in lines]
    assert [row["cases"] for row in sheet.rows] == cases
    assert sheet.rows[0]["week"] == date(2021, 1, 4)


def test_every_code_of_the_published_list_is_one(real: Path, tmp_path: Path) -> None:
    with (real / "ventes" / "openmedic_nomenclature_CIP13_2019.csv").open(encoding="utf-8", newline="") as handle:
        codes = [(line["CIP13"], line["NOM COURT"]) for line in csv.DictReader(handle)]
    lines = [f"{code};{name.replace(';', ',')};0;1;11;1;1.000;1,00;1,00" for code, name in codes]
    path = tmp_path / "OPEN_MEDIC_2019.CSV.gz"
    path.write_bytes(gzip.compress("\r\n".join([TITLES, *lines, ""]).encode("cp1252")))
    (sheet,) = openmedic.read(raw_file("openmedic", path))
    assert (sheet.rows_in, sheet.rows_kept, sheet.quarantined) == (len(codes), len(codes), [])
    assert sum(sheet.columns["boxes"]) == 1000 * len(codes)
