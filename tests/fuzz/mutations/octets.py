"""The file as bytes: cut, flipped, glued, in another encoding; the zip of a workbook taken apart."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

from hypothesis import strategies as st

from tests.fuzz.documents import packed
from tests.fuzz.mutations.cells import Draw

ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252", "latin-1", "mac-roman", "cp037", "utf-7")
PIECES = (
    *(
        b"\0",
        b"\0" * 100,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n",
        b"\r\n",
        b";",
        b"\t",
        b'"',
        b'""',
        b"\x1a",
        b"\x81",
    ),
    *(
        b"PK\x03\x04",
        b"PK\x05\x06" + b"\0" * 18,
        b"<html>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-1.7",
        b"{",
        b"]",
    ),
)
PAGES = (
    *(b"", b" \r\n", b"<html><body>Session expir\xe9e</body></html>", b"<?xml version='1.0'?><Workbook/>", b"null"),
    *(b"[]", b"{}", b"PK", b"\0" * 5000, b"PK\x05\x06" + b"\0" * 18, b'{"error_code": 1, "message": null}', b"1e999"),
    *(b"[" * 100_000, b'{"a":' * 3000, b"-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"[[]]", b'[{"a": 1}]'),
)
Parts = list[tuple[str, bytes]]


def truncate(draw: Draw, content: bytes) -> bytes:
    return content[: draw(st.integers(0, len(content)))]


def flip(draw: Draw, content: bytes) -> bytes:
    """A few bytes changed."""
    body = bytearray(content)
    for _ in range(draw(st.sampled_from([1, 1, 2, 10]))):
        if body:
            body[draw(st.integers(0, len(body) - 1))] = draw(st.integers(0, 255))
    return bytes(body)


def insert(draw: Draw, content: bytes) -> bytes:
    at = draw(st.integers(0, len(content)))
    return content[:at] + draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8))) + content[at:]


def remove(draw: Draw, content: bytes) -> bytes:
    at = draw(st.integers(0, len(content)))
    return content[:at] + content[at + draw(st.sampled_from([1, 2, 16, 500])) :]


def glue(draw: Draw, content: bytes) -> bytes:
    """Twice the same file, or another thing before or after."""
    piece = draw(st.sampled_from([content, *PIECES]))
    return draw(st.sampled_from([content + piece, piece + content]))


def reencode(draw: Draw, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(draw(st.sampled_from(ENCODINGS)), "replace")


def doubly_encoded(_: Draw, content: bytes) -> bytes:
    """UTF-8 taken for Latin-1 and written again: Ã©."""
    return content.decode("latin-1").encode()


def end_lines(draw: Draw, content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(
        b"\n", draw(st.sampled_from([b"\r", b"\n", b"\r\n", b"\r\r\n", b"\n\r"]))
    )


def other_content(draw: Draw, _: bytes) -> bytes:
    """Something else altogether under that name."""
    return draw(st.sampled_from(PAGES))


def zipped(_: Draw, content: bytes) -> bytes:
    """The file inside an archive, as mail programs send it."""
    return packed([("envoi/fichier.xlsx", content), ("__MACOSX/._fichier.xlsx", b"")])


BYTES: tuple[Callable[[Draw, bytes], bytes], ...] = (
    *(truncate, truncate, flip, flip, flip, insert, insert, remove, glue, reencode, doubly_encoded, end_lines),
    *(other_content, zipped),
)


def parts_of(content: bytes) -> Parts:
    """Parts of a workbook; none when it is no longer a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        return []


def lose_part(draw: Draw, parts: Parts) -> Parts:
    index = draw(st.integers(0, len(parts) - 1))
    return parts[:index] + parts[index + 1 :]


def double_part(draw: Draw, parts: Parts) -> Parts:
    """The same name twice in the zip, with another content or the same."""
    name, content = draw(st.sampled_from(parts))
    return [*parts, (name, draw(st.sampled_from([content, b"", b"<x/>"])))]


def rename_part(draw: Draw, parts: Parts) -> Parts:
    index = draw(st.integers(0, len(parts) - 1))
    names = [
        "../../evil.xml",
        "/xl/workbook.xml",
        parts[index][0].upper(),
        parts[index][0].replace("/", "\\"),
        "x" * 300,
    ]
    return [*parts[:index], (draw(st.sampled_from(names)), parts[index][1]), *parts[index + 1 :]]


def break_part(draw: Draw, parts: Parts) -> Parts:
    """One part damaged inside an archive that is not."""
    index = draw(st.integers(0, len(parts) - 1))
    change = draw(st.sampled_from((truncate, flip, insert, remove, reencode, other_content)))
    return [*parts[:index], (parts[index][0], change(draw, parts[index][1])), *parts[index + 1 :]]


SWAPS = (
    (b"worksheet+xml", b"chartsheet+xml"),
    (b"sheet.main+xml", b"template.main+xml"),
    (b"sheet.main+xml", b"document.main+xml"),
    (b"inlineStr", b"s"),
    (b' t="inlineStr"', b' t="b"'),
    (b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'),
    (b'r="A2"', b'r="XFD1048576"'),
    (b'r="A2"', b'r="A0"'),
    (b'r="B2"', b'r="A99999999999"'),
    (b'r="B2"', b'r="A1"'),
    (b' r="', b' x="'),
    (b"<v>", b"<v>9"),
    (b'numFmtId="14"', b'numFmtId="9999"'),
    (b'sheetId="1"', b'sheetId="-1"'),
    (b"rId1", b"rId9"),
    (b"worksheets/sheet1.xml", b"../../../etc/passwd"),
    (b"worksheets/sheet1.xml", b"http://127.0.0.1:9/sheet1.xml"),
    (b"<sheets>", b"<sheets><!--"),
    (b"</row>", b""),
    (b"UTF-8", b"UTF-16"),
)


def swap_in_part(draw: Draw, parts: Parts) -> Parts:
    """Valid XML that means something else: other types, references far away, no reference at all."""
    before, after = draw(st.sampled_from(SWAPS))
    return [(name, content.replace(before, after)) for name, content in parts]


def expand_in_part(draw: Draw, parts: Parts) -> Parts:
    """Entities that expand, a part of zeros, a zip in the zip, a thousand sheets declared."""
    kind = draw(st.sampled_from(["entities", "zeros", "nested", "sheets", "strings"]))
    if kind == "entities":
        levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
        doctype = f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>'.encode()
        return [(n, c.replace(b"?>", b"?>" + doctype, 1).replace(b"<t ", b"<t>&e9;</t><t ")) for n, c in parts]
    if kind == "zeros":
        return [*parts, ("xl/media/image1.bin", bytes(11_000_000))]
    if kind == "nested":
        return [*parts, ("xl/embeddings/w.xlsx", packed([("a", bytes(2_000_000))]))]
    if kind == "sheets":
        listed = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(2, 1002))
        return [(n, c.replace(b"</sheets>", listed + b"</sheets>")) for n, c in parts]
    return [*parts, ("xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>" * 200_000 + b"</sst>")]


CONTAINERS: tuple[Callable[[Draw, Parts], Parts], ...] = (
    *(lose_part, double_part, rename_part, break_part, break_part, break_part, swap_in_part, swap_in_part),
    expand_in_part,
)
NAMES = (
    *(
        "../../../etc/passwd",
        "..\\..\\x.xlsx",
        "a\nb.xlsx",
        "x" * 240 + ".xlsx",
        "éàü 💊.xlsx",
        "'; DROP TABLE load;--.xlsx",
    ),
    *("fichier", "fichier.xls", "fichier.csv", "fichier.pdf", "fichier.xlsx.exe", ".xlsx", "2026-13-45_CIS_bdpm.txt"),
    *(
        "2026-01-02_CIS_bdpm.txt",
        "CIS_bdpm.TXT",
        "cis_mitm.txt",
        "CON.xlsx",
        "a%00b.xlsx",
        "\u202excod.xlsx",
        "a\tb.json",
    ),
)
