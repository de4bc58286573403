"""The BDPM as published: not one row lost."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from connectors import bdpm
from connectors.base import RefusedFile, Row, Sheet, tables
from connectors.reading.values import parse
from data.building.substances import dci_key, dci_label, dci_name, names_a_dci
from tests.connectors.partner_files import raw_file

FULL_SET = "bdpm/2026-05-26"


def read_one(path: Path) -> Sheet:
    (sheet,) = bdpm.read(raw_file("bdpm", path))
    assert sheet.balanced
    assert sheet.quarantined == []
    return sheet


@pytest.mark.parametrize(
    ("name", "rows", "ignored", "notes"),
    [
        ("CIS_bdpm.txt", 15_848, 0, 0),
        ("CIS_CIP_bdpm.txt", 20_903, 0, 1),  # one declaration of 2924
        ("CIS_COMPO_bdpm.txt", 32_389, 0, 0),
        ("CIS_GENER_bdpm.txt", 10_704, 0, 0),
        ("CIS_CPD_bdpm.txt", 28_151, 3, 0),  # three stray blank lines
        ("CIS_MITM.txt", 7_711, 0, 0),
        ("CIS_CIP_Dispo_Spec.txt", 766, 0, 0),
        ("HAS_LiensPageCT_bdpm.txt", 10_342, 0, 0),
    ],
)
def test_full_set(real: Path, name: str, rows: int, ignored: int, notes: int) -> None:
    sheet = read_one(real / FULL_SET / name)
    assert (len(sheet.rows), sheet.rows_ignored, len(sheet.notes)) == (rows, ignored, notes)


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2025, 7, 7), {"1": 78, "2": 597, "3": 48, "4": 234}),
        (date(2026, 1, 2), {"1": 69, "2": 446, "3": 44, "4": 423}),
        (date(2026, 5, 26), {"1": 66, "2": 421, "3": 15, "4": 264}),
    ],
)
def test_photographs(real: Path, day: date, codes: dict[str, int]) -> None:
    sheet = read_one(real / f"bdpm/dispo/{day}_CIS_CIP_Dispo_Spec.txt")
    assert Counter(row["code"] for row in sheet.rows) == codes
    assert {row["photograph_on"] for row in sheet.rows} == {day}


def test_every_price_is_read(real: Path) -> None:
    rows = read_one(real / FULL_SET / "CIS_CIP_bdpm.txt").rows
    assert sum(row["price_eur"] is not None for row in rows) == 13_546
    assert sum(row["rate_pct"] is not None for row in rows) == 13_546
    assert max(row["price_eur"] or 0 for row in rows) > 1_000  # 1,466,29 and the like


def test_other_published_files_are_refused(real: Path, tmp_path: Path) -> None:
    other = shutil.copy(real / FULL_SET / "HAS_LiensPageCT_bdpm.txt", tmp_path / "CIS_HAS_ASMR_bdpm.txt")
    with pytest.raises(RefusedFile):
        read_one(Path(other))


def naive_names(rows: list[Row]) -> dict[str, set[str]]:
    """DCI of each speciality: the therapeutic fraction of a link where it names one, else the substance."""
    links: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        links.setdefault((row["cis"], row["link_no"]), []).append(row)
    found: dict[str, set[str]] = {}
    for (cis, _), lines in links.items():
        fractions = [line for line in lines if line["nature"] == "FT" and names_a_dci(line["substance"])]
        chosen = fractions or [line for line in lines if line["nature"] == "SA"]
        found.setdefault(cis, set()).update(dci_name(line["substance"]) for line in chosen)
    return found


def test_salts_do_not_split_a_dci(real: Path) -> None:
    rows = read_one(real / FULL_SET / "CIS_COMPO_bdpm.txt").rows
    labels = Counter(dci_label(names) for names in naive_names(rows).values())
    assert len({dci_key(label) for label in labels}) == len(labels)
    assert {label for label in labels if "amoxicilline" in label} == {
        "amoxicilline",
        "acide clavulanique / amoxicilline",
    }
    assert labels["chlorure de sodium"] == 25  # alone; the electrolyte mixtures are associations
    assert "sodium" not in labels
    assert all(dci_name(name) == name for label in labels for name in label.split(" / "))


def test_contrast_agents_stay_apart(real: Path) -> None:
    rows = read_one(real / FULL_SET / "CIS_COMPO_bdpm.txt").rows
    labels = {dci_label(names) for names in naive_names(rows).values()}
    assert {"iopromide", "iohexol", "ioméprol"} <= labels
    assert "iode" not in labels


def test_an_old_code_completed_is_the_code_published_beside_it(real: Path) -> None:
    """Every presentation has both codes: ``34009``, the CIP7, the EAN key give the CIP13 in all 20 903 cases."""
    field = tables("pointstock")["pointstock_stock"].field("cip13")
    rows = read_one(real / FULL_SET / "CIS_CIP_bdpm.txt").rows
    assert sum(parse(field, row["cip7"]) == row["cip13"] for row in rows) == len(rows) == 20_903
    assert not any(row["cip13"].endswith("00000") for row in rows)  # a rounded code cannot be taken for a published one
