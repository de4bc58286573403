"""Open Medic: sums of a year by presentation, region, age and sex; what is not a year of Open Medic is refused."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors import openmedic
from connectors.base import RawFile, RefusedFile, Sheet
from connectors.reading import progress
from tests.connectors.partner_files import SAMPLES, raw_file, sample

MakeText = Callable[..., RawFile]
AMOX, SYRUP = "3400921600506", "3400921601916"
CONTENT = (SAMPLES / "openmedic" / "OPEN_MEDIC_2024.CSV").read_bytes()
TITLES, FIRST = CONTENT.decode("latin-1").splitlines()[:2]


def read(raw: RawFile) -> Sheet:
    (sheet,) = openmedic.read(raw)
    assert sheet.balanced
    return sheet


def rows(sheet: Sheet) -> list[dict[str, Any]]:
    return [dict(zip(sheet.columns, cells, strict=True)) for cells in zip(*sheet.columns.values(), strict=True)]


def refusal(raw: RawFile) -> str:
    with pytest.raises(RefusedFile) as caught:
        openmedic.read(raw)
    return str(caught.value)


def kept_as(folder: Path, name: str, content: bytes) -> RawFile:
    (folder / name).write_bytes(content)
    return raw_file("openmedic", folder / name)


def test_prescribers_are_added_and_every_line_is_accounted_for() -> None:
    sheet = read(sample("openmedic", "OPEN_MEDIC_2024.CSV"))
    assert (sheet.rows_in, sheet.rows_loaded, sheet.rows_kept, len(sheet.quarantined)) == (8, 5, 4, 3)
    first = rows(sheet)[0]
    # Two prescribers: 1 250 + 250 boxes, 1 234.56 + 65.44 euros, 1 899.32 + 100.68 euros.
    assert (first["cip13"], first["year"], first["region"], first["age"], first["sex"]) == (AMOX, 2024, "11", "60", "2")
    assert (first["boxes"], first["reimbursed_eur"], first["base_eur"], first["line"]) == (1500, 1300.0, 2000.0, 2)
    assert (first["label"], first["atc"]) == ("AMOXICILLINE A 1 G CPR 14", "J01CA04")


def test_unknown_age_sex_and_region_are_kept() -> None:
    unknown = [row for row in rows(read(sample("openmedic", "OPEN_MEDIC_2024.CSV"))) if row["region"] == "99"]
    assert [(row["cip13"], row["age"], row["sex"], row["boxes"]) for row in unknown] == [(SYRUP, "99", "9", 7)]


def test_each_bad_line_names_its_column_and_value() -> None:
    issues = read(sample("openmedic", "OPEN_MEDIC_2024.CSV")).quarantined
    assert [(i.line, i.column, i.value) for i in issues] == [
        (7, "CIP13", "3400921601917"),
        (8, "BEN_REG", "77"),
        (9, "REM", "1234.56"),
    ]
    assert issues[0].reason == "code CIP13 : clé de contrôle fausse"
    assert issues[1].reason.startswith("code de région inconnu (attendu : 5, 11, 24")
    assert issues[2].reason == "nombre illisible (1.234,56 attendu)"


def zipped(content: bytes, **names: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OPEN_MEDIC_2024.CSV", content)
        for name, other in names.items():
            archive.writestr(name.replace("_", "."), other)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("OPEN_MEDIC_2024.CSV.gz", gzip.compress(CONTENT)),
        ("OPEN_MEDIC_2024.zip", zipped(CONTENT)),
        ("OPEN_MEDIC_2024.csv", CONTENT.decode("latin-1").encode("utf-8")),
        ("OPEN_MEDIC_2024.csv", CONTENT.decode("latin-1").encode("utf-8-sig").replace(b"\r\n", b"\n")),
    ],
)
def test_packed_or_not_in_either_encoding_the_sums_are_the_same(tmp_path: Path, name: str, content: bytes) -> None:
    expected = read(sample("openmedic", "OPEN_MEDIC_2024.CSV"))
    found = read(kept_as(tmp_path, name, content))
    assert rows(found) == rows(expected)
    assert len(found.quarantined) == len(expected.quarantined)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("OPEN_MEDIC.CSV", CONTENT, "l'année n'est écrite que dans le nom du fichier, et aucune"),
        ("OPEN_MEDIC_2023_2024.CSV", CONTENT, "deux y sont lisibles"),
        ("OPEN_MEDIC_2024.CSV", b"", "Fichier vide."),
        ("OPEN_MEDIC_2024.CSV", b"<html><body>Maintenance</body></html>", "Page web ou XML"),
        ("OPEN_MEDIC_2024.CSV", CONTENT[:-60], "Fichier coupé au milieu de sa dernière ligne (9)"),
        ("OPEN_MEDIC_2024.CSV.gz", gzip.compress(CONTENT)[:-40], "Archive coupée ou abîmée"),
        ("OPEN_MEDIC_2024.zip", zipped(CONTENT)[:-40], "Archive coupée ou abîmée"),
        ("OPEN_MEDIC_2024.zip", zipped(CONTENT, autre_csv=b"x"), "Archive .zip d'un seul fichier .csv ou .txt attendue"),
        ("OPEN_MEDIC_2024.CSV", CONTENT.replace(b"BOITES", b"QTE"), "colonne « BOITES » absente (trouvé : « ATC1 »"),
        ("OPEN_MEDIC_2024.CSV", CONTENT.replace(b"CIP13;l_cip13", b"CIP;libelle"), "colonne « CIP13 » absente"),
        ("OPEN_MEDIC_2024.CSV", CONTENT.replace(b";", b","), "colonne « CIP13 » absente"),
        ("OPEN_MEDIC_2024.CSV", CONTENT + "é;à\r\n".encode(), "Ligne 10 : encodage mélangé"),
        ("OPEN_MEDIC_2024.CSV", (TITLES + "\r\n").encode(), "n'a aucune ligne"),
        ("OPEN_MEDIC_2024.CSV", f"{TITLES}\r\n{FIRST.replace('1.250', '1250.5')}\r\n".encode(), "La première : ligne 2, colonne « BOITES », valeur « 1250.5 »"),
        ("OPEN_MEDIC_2024.CSV", b"\xd0\xcf\x11\xe0" + b"x" * 600, "Classeur au lieu d'un fichier texte"),
    ],
)  # fmt: skip
def test_what_is_not_a_year_of_open_medic_is_refused(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    assert sentence in refusal(kept_as(tmp_path, name, content)).replace("\u202f", " ").replace("\xa0", " ")


def test_a_file_of_unreadable_lines_is_refused_before_it_fills_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openmedic, "MOST_QUARANTINED", 3)
    bad = FIRST.replace(AMOX, "3400921600507")
    content = "\r\n".join([TITLES, FIRST, *[bad] * 5, ""]).encode("latin-1")
    assert refusal(kept_as(tmp_path, "OPEN_MEDIC_2024.CSV", content)).startswith("Plus de 3 lignes illisibles.")


def test_beneficiaries_are_read_and_never_added() -> None:
    sheet = read(sample("openmedic", "NB_2024_cip13_reg.CSV"))
    assert [(r["cip13"], r["region"], r["age"], r["beneficiaries"], r["boxes"]) for r in sheet.rows] == [
        (AMOX, "11", None, 1310, 1500),
        (SYRUP, "5", None, 2, 3),
    ]
    assert [(i.line, i.reason) for i in sheet.quarantined] == [
        (4, "déjà lue ligne 2 : les bénéficiaires ne s'ajoutent pas")
    ]


def test_a_renamed_column_is_not_a_column_that_is_not_there(make_text: MakeText) -> None:
    """Without its region, a line of one region would count for the whole country."""
    text = f"CIP13;l_cip13;REGION;nbc;REM;BSE;BOITES\n{AMOX};X;11;4;1;1;1\n"
    sentence = refusal(make_text("openmedic", text, name="NB_2024_cip13_reg.CSV"))
    assert sentence.startswith("Ligne 1 : colonne inconnue, « REGION », et colonne absente, « BEN_REG »")
    whole = f"CIP13;nbc;REM;BSE;BOITES\n{AMOX};4;1;1;1\n"
    assert [row["beneficiaries"] for row in read(make_text("openmedic", whole, name="NB_2024_cip13.CSV")).rows] == [4]


def test_beneficiaries_by_prescriber_are_refused(make_text: MakeText) -> None:
    text = f"CIP13;PSP_SPE;nbc;REM;BSE;BOITES\n{AMOX};1;4;1;1;1\n"
    assert "NB_<année>_cip13_reg" in refusal(make_text("openmedic", text, name="NB_2024_cip13_spe.CSV"))


@pytest.fixture
def parts() -> Iterator[list[float]]:
    seen: list[float] = []
    progress.watch(seen.append)
    yield seen
    progress.watch(None)


def test_a_long_file_says_how_far_it_is_read(tmp_path: Path, parts: list[float]) -> None:
    lines = [FIRST.replace("1.250", str(number)) for number in range(60_000)]
    content = "\r\n".join([TITLES, *lines, ""]).encode("latin-1")
    sheet = read(kept_as(tmp_path, "OPEN_MEDIC_2024.CSV", content))
    assert (sheet.rows_in, sheet.rows_kept, rows(sheet)[0]["boxes"]) == (60_000, 1, sum(range(60_000)))
    assert len(parts) == 3
    assert parts == sorted(parts)
    assert parts[-1] > 0.9
