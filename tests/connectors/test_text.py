"""Encodings and line ends met in public and partner files."""

from __future__ import annotations

import pytest

from connectors.base import RefusedFile
from connectors.reading.text import csv_rows, decode, tsv_rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_decode(encoding: str) -> None:
    assert decode("l\u2019œuvre – déjà".encode(encoding)) == "l\u2019œuvre – déjà"


@pytest.mark.parametrize("content", ["texte".encode("utf-16"), b"a\0b", b"\x81\xff"])
def test_undecodable(content: bytes) -> None:
    with pytest.raises(RefusedFile):
        decode(content)


def test_csv_lines_are_those_of_the_file() -> None:
    text = 'a;"deux\r\nlignes"\r\n\r\nb;"guillemet "" et ;"\r\n'
    assert list(csv_rows(text)) == [(1, ["a", "deux\r\nlignes"]), (3, []), (4, ["b", 'guillemet " et ;'])]


def test_broken_quoting_is_refused_rather_than_swallowing_the_file() -> None:
    with pytest.raises(RefusedFile, match="ligne 2"):
        list(csv_rows('a;b\n"c;d\ne;f\n'))


def test_tsv_ends_lines_at_lf_only_and_keeps_quotes() -> None:
    text = ' a\t"b"\r\nc\rd\te\u2028f\n\ng\t\n'
    assert list(tsv_rows(text)) == [(1, ["a", '"b"']), (2, ["c\rd", "e\u2028f"]), (3, [""]), (4, ["g", ""])]


def test_last_line_without_end() -> None:
    assert list(tsv_rows("a\nb")) == [(1, ["a"]), (2, ["b"])]
