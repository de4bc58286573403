"""Files of the health insurance: boxes reimbursed by month (Medic'AM) and by year (Open Medic), units of hospital pharmacies."""

from __future__ import annotations

import gzip
import io
import math
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from data.demo.catalogue import Molecule
from data.demo.files import Cell, Page, binary, workbook
from data.demo.old_workbook import old_workbook
from data.demo.timeline import Span
from data.demo.world import Presentation, World, cip13

MONTHS, SMALL_MONTHS = 37, 26  # of history: a year compared with the one before, and its season
MONTH_DELAY = 4  # months between a month and its publication, on the 15th
YEARS, YEAR_PUBLISHED = 2, (6, 20)  # Open Medic of a year comes out in June
UNITS_YEARS, UNITS_PUBLISHED = 3, (9, 10)
HALF_YEAR = "medic-am-par-type-de-prescripteur_serie-mensuelle"
MEASURES = ("Nombre de boites remboursées", "Base de remboursement", "Montant remboursé")
OPEN_MEDIC = (
    "ATC1;l_ATC1;ATC2;L_ATC2;ATC3;L_ATC3;ATC4;L_ATC4;ATC5;L_ATC5;CIP13;l_cip13;TOP_GEN;GEN_NUM;age;sexe;BEN_REG;PSP_SPE;"
    "BOITES;REM;BSE"
)
REGIONS = ("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93")
OVERSEAS, UNKNOWN = "5", "99"
AGES = {"0": 0.22, "20": 0.38, "60": 0.40}
SEXES = {"1": 0.46, "2": 0.54}
WITHDRAWN = cip13(9_800_001)  # reimbursed, and no longer in the referential
WITHDRAWN_LABEL = "ANCIEN MEDICAMENT 10MG CPR 30"
STILL = (1980, 1, 1, 0, 0, 0)  # date of the files of an archive: the same content gives the same bytes
REIMBURSED, RATE = 0.9, 0.65
HOSPITAL_UNITS_FROM_PCT = 15.0


def write_medicam(folder: Path, world: World, span: Span) -> list[Path]:
    """One archive per half-year, written again with each month that is published."""
    months = [
        _month(span.timeline.anchor, -back) for back in range(MONTHS if world.scale == "full" else SMALL_MONTHS, -3, -1)
    ]
    out = [month for month in months if _published(month) <= span.day]
    halves = sorted({(month.year, (month.month - 1) // 6) for month in out if span.covers(_published(month))})
    return [_half(folder, world, [m for m in out if (m.year, (m.month - 1) // 6) == half]) for half in halves]


def _month(day: date, shift: int) -> date:
    number = day.year * 12 + day.month - 1 + shift
    return date(number // 12, number % 12 + 1, 1)


def _published(month: date) -> date:
    return _month(month, MONTH_DELAY).replace(day=15)


def _half(folder: Path, world: World, months: list[date]) -> Path:
    first, last = months[0], months[-1]
    parts = {"tous": 1.0, "ville": 0.78, "hopital": 0.22}
    sheets: dict[str, Iterable[list[str | float | int | None]]] = {
        "A lire": [["Données fictives de démonstration"]],
        **{f"MedicAM_{first.year}mois_{who}_presc": _lines(world, months, part) for who, part in parts.items()},
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"Medic_AM_{first.year}.xls", STILL), old_workbook(sheets))
    return binary(folder / f"{first:%Y-%m}-a-{last:%m}_{HALF_YEAR}.zip", content.getvalue())


def _lines(world: World, months: list[date], part: float) -> Iterator[list[str | float | int | None]]:
    yield ["Médicaments remboursés, prescriptions fictives"]
    yield []
    yield [
        "CIP13",
        "NOM COURT",
        "Code ATC 2",
        "Taux",
        *(f"{words}\n{month:%Y-%m}" for words in MEASURES for month in months),
    ]
    sums = np.zeros(3 * len(months))
    for item in _reimbursed(world):
        boxes = [round(part * count) for count in _boxes(world, item, months)]
        price = _price(item)
        values = [*boxes, *(count * price for count in boxes), *(count * price * RATE for count in boxes)]
        sums += values
        yield [float(item.cip13), _short(item), item.molecule.atc[:3], 65.0, *(round(value, 2) for value in values)]
    yield ["Homéopathie", None, None, None, *[100.0] * len(sums)]
    yield ["Total", None, None, None, *(round(float(value), 2) for value in sums)]


def _reimbursed(world: World) -> list[Presentation]:
    return [item for item in world.presentations if item.molecule.hospital_pct < 100]


def _boxes(world: World, item: Presentation, months: list[date]) -> list[float]:
    """Boxes of each month: usual sales in town, their season, and a little noise that is the same at each writing."""
    usual = item.weekly_boxes * 52 / 12 * (1 - item.molecule.hospital_pct / 100) * REIMBURSED
    return [usual * _season(item.molecule, month.month) * _noise(world, item, month) for month in months]


def _season(molecule: Molecule, month: int) -> float:
    strength = {"hiver": 0.45, "ete": -0.3}.get(molecule.season, 0.0)
    return 1 + strength * math.cos((month - 1) * math.pi / 6)


def _noise(world: World, item: Presentation, month: date) -> float:
    drawn = (
        zlib.crc32(f"{world.seed} {item.cip13} {month:%Y-%m}".encode()) / 2**32
    )  # a generator costs a hundred times more
    return 0.94 + 0.12 * drawn


def _price(item: Presentation) -> float:
    return 1.2 + int(item.cip13[7:12]) * 7 % 60


def _short(item: Presentation) -> str:
    return f"{item.molecule.name} {item.laboratory} {item.strength}".upper()


def write_openmedic(folder: Path, world: World, span: Span) -> list[Path]:
    """Each year: the whole base, then beneficiaries for the country and by region."""
    anchor = span.timeline.anchor
    written = []
    for year in range(anchor.year - YEARS - 1, anchor.year + 1):
        out = date(year + 1, *YEAR_PUBLISHED)
        if not span.covers(out) or year < _last_year(anchor) - YEARS + 1:
            continue
        content = {
            f"OPEN_MEDIC_{year}.CSV.gz": _open_medic(world, year),
            f"NB_{year}_cip13.CSV.gz": _beneficiaries(world, year),
            f"NB_{year}_cip13_reg.CSV.gz": _regional_beneficiaries(world, year),
        }
        written += [_packed(folder / name, lines) for name, lines in content.items()]
    return written


def _last_year(day: date) -> int:
    return day.year - (1 if day >= date(day.year, *YEAR_PUBLISHED) else 2)


def _packed(path: Path, lines: Iterable[str]) -> Path:
    return binary(path, gzip.compress("".join(f"{line}\r\n" for line in lines).encode("latin-1"), mtime=0))


def _open_medic(world: World, year: int) -> Iterator[str]:
    yield OPEN_MEDIC
    for item in _reimbursed(world):
        atc = item.molecule.atc
        classes = ";".join(f"{atc[:width]};CLASSE {atc[:width]}" for width in (1, 3, 4, 5, 7))
        for region, age, sex, boxes in _split(world, item, year):
            base = boxes * _price(item)
            codes = f"{item.cip13};{_short(item)};1;0;{age};{sex};{region};1"
            yield f"{classes};{codes};{_thousands(boxes, 0)};{_thousands(base * RATE)};{_thousands(base)}"
    old = f"N;SYSTEME NERVEUX;N02;ANALGESIQUES;N02B;AUTRES;N02BE;ANILIDES;N02BE01;PARACETAMOL;{WITHDRAWN};{WITHDRAWN_LABEL}"
    yield f"{old};0;0;60;2;11;1;1.250;1.234,56;1.899,32"


def _split(world: World, item: Presentation, year: int) -> Iterator[tuple[str, str, str, int]]:
    """Boxes of a year by region, age and sex; the parts of a presentation differ a little from its neighbours'."""
    yearly = sum(_boxes(world, item, [date(year, month, 1) for month in range(1, 13)]))
    noise = world.rng(f"openmedic {item.cip13} {year}").uniform(0.7, 1.3, (len(REGIONS) + 2, len(AGES), len(SEXES)))
    for row, (region, weight) in enumerate(_weights(world).items()):
        for column, (age, old) in enumerate(AGES.items()):
            for depth, (sex, part) in enumerate(SEXES.items()):
                boxes = round(yearly * weight * old * part * float(noise[row, column, depth]))
                if boxes:
                    yield region, age, sex, boxes


def _weights(world: World) -> dict[str, float]:
    """Part of each region: its population; Corsica is counted with Provence, overseas as one."""
    people: dict[str, float] = dict.fromkeys((*REGIONS, OVERSEAS), 0.0)
    for item in world.departments:
        people[{"94": "93"}.get(item.region, item.region) if item.region in (*REGIONS, "94") else OVERSEAS] += (
            item.population
        )
    total = sum(people.values())
    return {**{region: count / total for region, count in people.items()}, UNKNOWN: 0.002}


def _beneficiaries(world: World, year: int) -> Iterator[str]:
    yield "CIP13;l_cip13;nbc;REM;BSE;BOITES"
    for item in _reimbursed(world):
        boxes = sum(count for *_, count in _split(world, item, year))
        yield f"{item.cip13};{_short(item)};{_persons(boxes, item)}"


def _regional_beneficiaries(world: World, year: int) -> Iterator[str]:
    yield "CIP13;l_cip13;BEN_REG;nbc;REM;BSE;BOITES"
    for item in _reimbursed(world):
        counted: dict[str, int] = {}
        for region, _, _, boxes in _split(world, item, year):
            counted[region] = counted.get(region, 0) + boxes
        for region, boxes in counted.items():
            yield f"{item.cip13};{_short(item)};{region};{_persons(boxes, item)}"


def _persons(boxes: int, item: Presentation) -> str:
    base = boxes * _price(item)
    return f"{_thousands(max(1, boxes / 3.4), 0)};{_thousands(base * RATE)};{_thousands(base)};{_thousands(boxes, 0)}"


def _thousands(value: float, decimals: int = 2) -> str:
    """``1.234,56``."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def write_retrocedam(folder: Path, world: World, span: Span) -> list[Path]:
    """One workbook of three years, each September."""
    anchor = span.timeline.anchor
    last = anchor.year - (1 if anchor >= date(anchor.year, *UNITS_PUBLISHED) else 2)
    return [_units(folder, world, year) for year in (last, last + 1) if span.covers(date(year + 1, *UNITS_PUBLISHED))]


def _units(folder: Path, world: World, last: int) -> Path:
    years = range(last - UNITS_YEARS + 1, last + 1)
    titles = ("Code UCD", "Nom", *(f"{words} {year}" for words in ("Nombre d'unités remboursées", "Base de remboursement",
        "Montant remboursé") for year in years))  # fmt: skip
    rows: list[Sequence[Cell]] = []
    totals = np.zeros(3 * UNITS_YEARS)
    hospital = [m for m in world.molecules if m.hospital_pct >= HOSPITAL_UNITS_FROM_PCT]
    for number, molecule in enumerate(hospital, start=1):
        usual = molecule.weekly_boxes * 52 * molecule.hospital_pct / 100
        units = [round(usual * float(world.rng(f"ucd {molecule.key} {year}").uniform(0.9, 1.1))) for year in years]
        values = [*units, *(count * 2.5 for count in units), *(count * 2.4 for count in units)]
        totals += values
        rows.append([9_900_000 + number, f"{molecule.name} {molecule.strengths[0]}".upper(), *values])
    rows.append([None, "Préparations hospitalières, sans code UCD", *[1000] * len(totals)])
    pages = [
        Page("Lisez-moi", ("Données fictives de démonstration",), ("Champ",), [("régime général, métropole",)]),
        Page("UCD", (), titles, rows, ("Total", None, *map(float, totals))),
    ]
    return workbook(folder / f"{years[0]}-a-{years[-1]}_retroced-am_serie-annuelle.xlsx", pages)
