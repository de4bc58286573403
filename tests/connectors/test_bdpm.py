"""Text files of the BDPM: names, encodings, columns, photographs, download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors import bdpm
from connectors.base import FetchSettings, RawFile, RefusedFile, SourceUnavailable, tables
from tests.connectors.partner_files import sample

MakeText = Callable[..., RawFile]
RUPTURE = "60990001\t\t1\tRupture de stock\t05/11/2025\t29/12/2025\t\thttps://exemple.invalid/1"
PRESENTATION = (
    "60990001\t4990001\tflacon\tactive\tdéclarée\t16/03/2011\t3400949900015\toui\t65%\t{price}\t3,36\t1,02\t\n"
)


def rows(name: str) -> list[dict[str, Any]]:
    (sheet,) = bdpm.read(sample("bdpm", name))
    assert sheet.balanced
    assert not sheet.quarantined
    return sheet.rows


@pytest.mark.parametrize(
    ("name", "table", "number"),
    [
        ("CIS_bdpm.txt", "bdpm_speciality", 3),
        ("CIS_CIP_bdpm.txt", "bdpm_presentation", 3),
        ("CIS_COMPO_bdpm.txt", "bdpm_composition", 6),
        ("CIS_GENER_bdpm.txt", "bdpm_generic", 2),
        ("CIS_CPD_bdpm.txt", "bdpm_dispensing", 3),
        ("CIS_MITM.txt", "bdpm_mitm", 2),
        ("CIS_HAS_SMR_bdpm.txt", "bdpm_opinion", 3),
        ("HAS_LiensPageCT_bdpm.txt", "bdpm_opinion_link", 2),
        ("CIS_CIP_Dispo_Spec.txt", "bdpm_availability", 2),
        ("2026-01-02_CIS_CIP_Dispo_Spec.txt", "bdpm_availability", 3),
    ],
)
def test_every_file_is_known_by_its_name(name: str, table: str, number: int) -> None:
    (sheet,) = bdpm.read(sample("bdpm", name))
    assert (sheet.table, len(sheet.rows), sheet.quarantined, sheet.balanced) == (table, number, [], True)
    columns = {field.name for field in tables("bdpm")[table].fields}
    assert all(set(row) == columns | {"line"} for row in sheet.rows)


def test_windows_characters_and_leading_spaces() -> None:
    first, second, third = rows("CIS_bdpm.txt")
    assert first["holder"] == "LABORATOIRE A"
    assert second["denomination"].endswith("sachet’dose")
    assert "cœur" in third["denomination"]


def test_opinions_write_their_days_without_slashes() -> None:
    assert [row["opinion_on"] for row in rows("CIS_HAS_SMR_bdpm.txt")] == [date(2025, 11, 12), date(2019, 3, 5), None]


def test_authorisations_of_the_last_century_are_kept() -> None:
    assert rows("CIS_bdpm.txt")[0]["amm_on"] == date(1984, 3, 12)


def test_prices_and_rates_as_published() -> None:
    first, second, third = rows("CIS_CIP_bdpm.txt")
    assert (first["rate_pct"], first["price_eur"]) == (65, 2.34)
    assert (second["rate_pct"], second["price_eur"]) == (30, 1466.29)
    assert (third["rate_pct"], third["price_eur"]) == (None, None)
    assert second["indications"] == "Remboursé <br>selon l’âge : enfants"


def test_an_impossible_date_is_left_empty_and_noted() -> None:
    (sheet,) = bdpm.read(sample("bdpm", "CIS_CIP_bdpm.txt"))
    assert sheet.rows[2]["declared_on"] is None
    (note,) = sheet.notes
    assert (note.line, note.column, note.value) == (3, "Date de la déclaration de commercialisation", "29/11/2924")


def test_an_unreadable_price_does_not_lose_the_presentation(make_text: MakeText) -> None:
    (sheet,) = bdpm.read(make_text("bdpm", PRESENTATION.format(price="gratuit"), name="CIS_CIP_bdpm.txt"))
    assert [(row["cip13"], row["price_eur"]) for row in sheet.rows] == [("3400949900015", None)]
    assert [note.value for note in sheet.notes] == ["gratuit"]


def test_stray_lines_are_counted_not_loaded() -> None:
    (sheet,) = bdpm.read(sample("bdpm", "CIS_CPD_bdpm.txt"))
    assert (sheet.rows_in, sheet.rows_ignored, len(sheet.rows)) == (4, 1, 3)
    assert sheet.rows[1]["condition"] == "prescription réservée à l'hôpital"
    assert [row["line"] for row in sheet.rows] == [1, 2, 4]


def test_photograph_is_dated_by_its_name_else_by_reception() -> None:
    dated, today = sample("bdpm", "2026-01-02_CIS_CIP_Dispo_Spec.txt"), sample("bdpm", "CIS_CIP_Dispo_Spec.txt")
    today = replace(today, received_at=datetime(2026, 5, 26, 22, 30, tzinfo=UTC))  # already the 27th in Paris
    assert {row["photograph_on"] for row in bdpm.read(dated)[0].rows} == {date(2026, 1, 2)}
    assert {row["photograph_on"] for row in bdpm.read(today)[0].rows} == {date(2026, 5, 27)}


def test_the_code_is_kept_beside_a_label_that_contradicts_it() -> None:
    first, second, _ = rows("2026-01-02_CIS_CIP_Dispo_Spec.txt")
    assert (first["code"], first["label"], first["cip13"]) == ("4", "tension d'approvisionnement", None)
    assert second["cip13"] == "3400949900022"


def test_name_is_read_without_case(make_text: MakeText) -> None:
    (sheet,) = bdpm.read(make_text("bdpm", RUPTURE, name="cis_cip_dispo_spec.TXT"))
    assert len(sheet.rows) == 1


@pytest.mark.parametrize("name", ["CIS_HAS_ASMR_bdpm.txt", "CIS_InfoImportantes_20260526_bdpm.txt", "liste.txt"])
def test_other_names_are_refused(make_text: MakeText, name: str) -> None:
    with pytest.raises(RefusedFile, match="n'est pas un fichier attendu"):
        bdpm.read(make_text("bdpm", RUPTURE, name=name))


def test_a_date_that_does_not_exist_is_refused(make_text: MakeText) -> None:
    with pytest.raises(RefusedFile, match="date qui n'existe pas"):
        bdpm.read(make_text("bdpm", RUPTURE, name="2026-02-30_CIS_CIP_Dispo_Spec.txt"))


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (RUPTURE.replace("60990001", "6099"), "Code CIS", "code CIS : 8 chiffres attendus"),
        (RUPTURE.replace("\t\t1", "\t3400949900016\t1", 1), "Code CIP13", "code CIP13 : clé de contrôle fausse"),
        (RUPTURE.replace("\t1\t", "\t7\t"), "Code statut", "valeur inconnue (attendu : 1, 2, 3, 4)"),
        (RUPTURE + "\tsurplus", "", "8 colonnes attendues, 9 trouvées"),
        ("60990001\t\t1", "", "8 colonnes attendues, 3 trouvées"),
    ],
)
def test_a_faulty_row_is_quarantined(make_text: MakeText, line: str, column: str, reason: str) -> None:
    (sheet,) = bdpm.read(make_text("bdpm", f"{RUPTURE}\n{line}\n", name="CIS_CIP_Dispo_Spec.txt"))
    (issue,) = sheet.quarantined
    assert (issue.line, issue.column, issue.reason) == (2, column, reason)
    assert (len(sheet.rows), sheet.balanced) == (1, True)


@pytest.mark.parametrize("empty", ["\t", "\t\t"])
def test_empty_columns_added_at_the_end_are_accepted(make_text: MakeText, empty: str) -> None:
    (sheet,) = bdpm.read(make_text("bdpm", RUPTURE + empty, name="CIS_CIP_Dispo_Spec.txt"))
    assert (len(sheet.rows), sheet.quarantined) == (1, [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE html>\n<html><body>Maintenance</body></html>\n", "Page web"),
        ("60990001\tliste I\n60990002\tliste II\n", "Aucune ligne"),
        ("\n\r\n", "est vide"),
        ("", "Fichier vide"),
    ],
)
def test_a_file_that_is_something_else_is_refused_whole(make_text: MakeText, text: str, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        bdpm.read(make_text("bdpm", text, name="CIS_CIP_Dispo_Spec.txt"))


class Shelf:
    """Stands for ``Http``: serves what it holds."""

    def __init__(self, missing: tuple[str, ...] = ()) -> None:
        self.missing = missing

    def get(self, url: str, **_: object) -> bytes:
        if url.endswith(self.missing):
            raise SourceUnavailable(f"absent : {url}")
        return url.encode()


def test_fetch_appends_the_published_names() -> None:
    fetched = list(bdpm.fetch(Shelf(), FetchSettings("http://miroir/bdpm/", date(2026, 5, 26))))  # type: ignore[arg-type]
    assert [download.name for download in fetched] == list(bdpm.FILES)
    assert fetched[0].url == "http://miroir/bdpm/CIS_bdpm.txt"


def test_fetch_gives_what_it_can_then_names_what_failed() -> None:
    downloads = bdpm.fetch(Shelf(("CIS_MITM.txt",)), FetchSettings("http://m", date(2026, 5, 26)))  # type: ignore[arg-type]
    fetched = [next(downloads).name for _ in bdpm.FILES[:-1]]
    with pytest.raises(SourceUnavailable, match=r"CIS_MITM\.txt"):
        next(downloads)
    assert fetched == [name for name in bdpm.FILES if name != "CIS_MITM.txt"]


def test_a_file_cut_in_the_middle_of_a_line_is_refused(make_text: MakeText) -> None:
    """Half a body that nothing announces as such: the lines before the cut are right, and the others are gone."""
    whole = sample("bdpm", "CIS_CIP_Dispo_Spec.txt").path.read_bytes().decode("cp1252")
    cut = whole[: whole.rindex("\t") - 3]
    with pytest.raises(RefusedFile, match="s'arrête au milieu de sa dernière ligne"):
        bdpm.read(make_text("bdpm", cut, name="CIS_CIP_Dispo_Spec.txt"))


def listed(make_text: MakeText, name: str, *updates: str) -> RawFile:
    """A list of shortages received on 16/11/2026, one line an update."""
    lines = [RUPTURE.replace("29/12/2025", update) for update in updates]
    return make_text("bdpm", "".join(f"{line}\r\n" for line in lines), name=name)


def test_a_photograph_of_a_day_to_come_is_refused(make_text: MakeText) -> None:
    with pytest.raises(RefusedFile) as caught:
        bdpm.read(listed(make_text, "2027-03-01_CIS_CIP_Dispo_Spec.txt", "29/12/2025"))
    assert "le 01/03/2027 écrit devant son nom vient après sa réception, le 16/11/2026. Redéposez" in str(caught.value)
    assert bdpm.read(listed(make_text, "2026-11-16_CIS_CIP_Dispo_Spec.txt", "29/12/2025"))


def test_a_photograph_dated_before_what_it_says_is_refused(make_text: MakeText) -> None:
    later = ("20/05/2026", "21/05/2026", "22/05/2026")
    with pytest.raises(RefusedFile) as caught:
        bdpm.read(listed(make_text, "2026-01-02_CIS_CIP_Dispo_Spec.txt", "29/12/2025", *later))
    assert "3 lignes mises à jour après le 02/01/2026, jour de la photographie (ligne 2, le 20/05/2026)" in str(
        caught.value
    )
    # One or two mistyped dates are those of lines.
    (kept,) = bdpm.read(listed(make_text, "2026-01-02_CIS_CIP_Dispo_Spec.txt", "29/12/2025", *later[:2]))
    assert len(kept.rows) == 3
