"""Encodings and line ends met in public and partner files; texts that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.base import RefusedFile
from connectors.reading.text import TextLimits, csv_lines, delimiter_of, encoding_of, tsv_lines


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "depot.csv"
        path.write_bytes(content)
        return path

    return write


def refusal(path: Path, limits: TextLimits | None = None) -> str:
    with pytest.raises(RefusedFile) as caught:
        list(csv_lines(path, limits=limits or TextLimits()))
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(file: Callable[[bytes], Path], encoding: str) -> None:
    assert list(csv_lines(file("l\u2019œuvre – déjà".encode(encoding)))) == [(1, ["l\u2019œuvre – déjà"])]


def test_an_accent_cut_between_two_chunks_is_still_utf8(file: Callable[[bytes], Path]) -> None:
    content = b"a" * ((1 << 20) - 1) + "é".encode()
    assert encoding_of(file(content)) == "utf-8-sig"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Semaine;Région\n".encode("utf-16"), "UTF-16"),
        ("Semaine;Région\n".encode("utf-16-le"), "octets nuls"),
        (b"Semaine;Stock\n2026-S46;3\0\n", "octets nuls"),
        (b"\x81\xff", "Encodage du fichier inconnu"),
        ("Région;".encode() + "Libellé\n".encode("cp1252"), "Encodage mélangé"),
        ("Région;Cœur\n".encode() + b"\x81", "Encodage mélangé"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><table><tr><td>2026-S46", "Page web"),
        (b"", "vide"),
    ],
)
def test_what_is_no_text_is_reported(file: Callable[[bytes], Path], content: bytes, sentence: str) -> None:
    assert sentence in refusal(file(content))


def test_an_accent_before_a_quotation_mark_is_not_a_mixture(file: Callable[[bytes], Path]) -> None:
    """« É\u00bb » in cp1252 are two bytes that UTF-8 would also know."""
    assert list(csv_lines(file("CAFÉ»;à\u00a0b".encode("cp1252")))) == [(1, ["CAFÉ»", "à\u00a0b"])]


def test_lines_are_those_of_the_file_and_can_be_read_again(file: Callable[[bytes], Path]) -> None:
    lines = csv_lines(file(b'a;"deux\r\nlignes"\r\n\r\nb;"guillemet "" et ;"\r\n'))
    expected = [(1, ["a", "deux\r\nlignes"]), (3, []), (4, ["b", 'guillemet " et ;'])]
    assert list(lines) == list(lines) == expected


def test_broken_quoting_is_refused_rather_than_swallowing_the_file(file: Callable[[bytes], Path]) -> None:
    assert "ligne 2" in refusal(file(b'a;b\n"c;d\ne;f\n'))
    assert "ligne 1" in refusal(file(b'"a;b\n' + b"c;d\n" * 100_000))


def test_a_file_cut_in_its_last_line_is_refused(file: Callable[[bytes], Path]) -> None:
    assert "coupé au milieu de sa dernière ligne (3)" in refusal(file(b"a;b;c\n1;2;3\n4;5"))
    whole = [(1, ["a", "b"]), (2, ["1", "2"])]
    assert list(csv_lines(file(b"a;b\n1;2"))) == list(csv_lines(file(b"a;b\n1;2\n"))) == whole


def test_a_line_without_end_is_refused_before_it_fills_the_memory(file: Callable[[bytes], Path]) -> None:
    path = file(b"Semaine;Stock\n" + b"1;" * 5_000_000)
    assert refusal(path) == "Ligne 2 trop longue : plus de 200000 caractères."


def test_a_file_too_big_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as handle:
        handle.truncate(2_000_000_000)  # no byte of it is on the disk
    assert refusal(path) == "Fichier trop gros : 2000 Mo, 50 au plus. Découpez-le par période."


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        ("code;nom\n1;2\n", ";", ";"),
        ("Titre, édité le 12\ncode;nom;prix\n1;2;3\n", ",", ";"),  # two commas above do not make titles
        ("code\tnom\n1\t2\n", ";", "\t"),
        ("code|nom\n1|2\n", ";", "|"),
        ("code,nom\n1,2\n", ";", ","),
        ("code\n1\n", ";,", ";"),  # one title proves nothing: the first expected
        ("", ";", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_separates_titles(
    file: Callable[[bytes], Path], text: str, expected: str, found: str
) -> None:
    path = file((text or "x").encode())
    assert delimiter_of(path, expected, lambda cell: cell in ("code", "nom", "prix"), 20) == found


def test_tsv_ends_lines_at_lf_only_and_keeps_quotes(file: Callable[[bytes], Path]) -> None:
    path = file(' a\t"b"\r\nc\rd\te\u2028f\n\ng\t\n'.encode())
    assert list(tsv_lines(path)) == [(1, ["a", '"b"']), (2, ["c\rd", "e\u2028f"]), (3, [""]), (4, ["g", ""])]


def test_last_line_without_end(file: Callable[[bytes], Path]) -> None:
    assert list(tsv_lines(file(b"a\nb"))) == [(1, ["a"]), (2, ["b"])]
