"""``python -m bench.heavy``: what the biggest and the most hostile files cost a whole refresh, for ``docs/reliability.md``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from stdnum import ean

from connectors.base import tables
from data.settings import PROJECT

PAGE = os.sysconf("SC_PAGE_SIZE")
SAMPLE_S = 0.05
WIDE = {"VIGISTOCK_MAX_FILE_MB": "4000"}
REGIONS = ("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93")
CODES = [code + ean.calc_check_digit(code) for code in (f"34009{number:07d}" for number in range(2_000_000, 2_015_000))]


@dataclass(frozen=True)
class Case:
    """A file to make and drop; ``environment``: settings of the refresh that meets it."""

    name: str
    source: str
    file_name: str
    make: Callable[[Path], None]
    environment: dict[str, str]


def csv_of(megabytes: int) -> Callable[[Path], None]:
    """Distinct lines of weekly sales; the same again beyond a year."""

    def make(path: Path) -> None:
        lines = (
            f"2026-S{week:02};{code};{region};{week * 7},5;1\n"
            for week in range(1, 53)
            for code in CODES
            for region in REGIONS
        )
        with path.open("w", encoding="ascii") as handle:
            handle.write("PERIODE;CODE_CIP13;CODE_REGION;NB_BOITES;BOITES_PRESCRITES\n")
            while handle.tell() < megabytes * 1_000_000 and (line := next(lines, "")):
                handle.write(line)
        if path.stat().st_size < megabytes * 1_000_000:
            block = path.read_bytes()[-50_000_000:]
            with path.open("ab") as more:
                while more.tell() < megabytes * 1_000_000:
                    more.write(block)

    return make


def workbook_of(rows: int) -> Callable[[Path], None]:
    """Stocks of laboratories, every row its own."""

    def make(path: Path) -> None:
        titles = [field.headers[0][0] for field in tables("tracstocks")["tracstocks_stock"].fields]
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            sheet = book.add_worksheet("Stocks")
            sheet.write_row(0, 0, titles)
            for row in range(1, rows + 1):
                week, code = 1 + row // len(CODES) % 52, CODES[row % len(CODES)]
                sheet.write_row(
                    row, 0, [f"2026-S{week:02}", f"LABORATOIRE {row // 780_000}", code, "", row, 9, 9, row % 997]
                )

    return make


def hostile(**parts: bytes) -> Callable[[Path], None]:
    """An honest workbook with parts replaced: ``sheet`` and ``strings``."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}

    def make(path: Path) -> None:
        honest = path.with_suffix(".honest")
        with xlsxwriter.Workbook(str(honest)) as book:
            book.add_worksheet("Stocks").write_row(0, 0, ["Semaine", "Grossiste"])
        given = {names[name]: content for name, content in parts.items()}
        with zipfile.ZipFile(honest) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
            for name in old.namelist():
                new.writestr(name, given.get(name) or old.read(name))
        honest.unlink()

    return make


def _sheet(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


def _cases() -> Iterator[Case]:
    far = _sheet(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    shared = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 500_001))
    text = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    yield Case("nothing much", "openhealth", "v.csv", csv_of(0), {})
    yield Case("CSV, 2 GB", "openhealth", "v.csv", csv_of(2_000), {})
    yield Case("CSV, 2 GB, let in", "openhealth", "v.csv", csv_of(2_000), WIDE)
    yield Case("CSV, 49 MB", "openhealth", "v.csv", csv_of(49), {})
    yield Case("workbook, 385,000 rows", "tracstocks", "t.xlsx", workbook_of(385_000), {})
    yield Case("workbook, 550,000 rows", "tracstocks", "t.xlsx", workbook_of(550_000), {})
    yield Case("zip bomb, 1 GB of zeros", "pointstock", "z.xlsx", hostile(sheet=bytes(1_000_000_000)), {})
    yield Case(
        "shared-string bomb", "pointstock", "s.xlsx", hostile(strings=text % (b"a" * 32_767), sheet=_sheet(shared)), {}
    )
    yield Case("A1 and XFD1048576", "pointstock", "f.xlsx", hostile(sheet=far), {})


def _tree(pid: int) -> Iterator[int]:
    """The process and all that descend from it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _resident_mb(pid: int) -> list[float]:
    found = []
    for one in _tree(pid):
        try:
            pages = int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1])
        except OSError:
            continue
        found.append(pages * PAGE / 1e6)
    return found


def measured(case: Case) -> str:
    """One line: processor seconds of the refresh and its readers, peak of its largest process and of all together, outcome."""
    with tempfile.TemporaryDirectory(prefix="vigistock-heavy-") as folder:
        path = Path(folder) / "inbox" / case.source / case.file_name
        path.parent.mkdir(parents=True)
        case.make(path)
        size = path.stat().st_size / 1e6
        command = [sys.executable, "-m", "data.build", "--offline", "--json"]
        environment = {**os.environ, **case.environment, "VIGISTOCK_HOME": folder}
        largest = together = 0.0
        with (Path(folder) / "printed").open("w+b") as printed:
            process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=printed, stderr=subprocess.DEVNULL)
            while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
                held = _resident_mb(process.pid) or [0.0]
                largest, together = max(largest, *held), max(together, sum(held))
                time.sleep(SAMPLE_S)
            seconds = ended[2].ru_utime + ended[2].ru_stime
            printed.seek(0)
            (line,) = (s for s in json.loads(printed.read().splitlines()[-1])["sources"] if s["key"] == case.source)
    outcome = line["error"] or f"{line['rows_loaded']} rows loaded, {line['rows_quarantined']} quarantined"
    return (
        f"{case.name:28} {size:8.1f} MB {seconds:7.1f} s  largest {largest:6.0f} MB  all {together:6.0f} MB  {outcome}"
    )


def main() -> None:
    """Print one line per case; names given on the command line choose some."""
    for case in _cases():
        if not sys.argv[1:] or any(word in case.name for word in sys.argv[1:]):
            print(measured(case), flush=True)


if __name__ == "__main__":
    main()
