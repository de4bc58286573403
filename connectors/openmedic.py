"""Open Medic: boxes reimbursed in town in a year, by presentation, region, age and sex; beneficiaries in the NB files."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from connectors.base import (
    Download,
    FetchSettings,
    RawFile,
    RefusedFile,
    Row,
    RowIssue,
    Sheet,
    Source,
    SourceUnavailable,
    tables,
)
from connectors.language.folding import fold
from connectors.reading.header import listed, quoted
from connectors.reading.http import Http, Wanted, download_changed
from connectors.reading.lines import kept
from connectors.reading.listing import Link, links
from connectors.reading.packed import columns_of, published_lines
from connectors.reading.to_come import refuse_to_come
from connectors.reading.values import BadValue, parse

SOURCE = Source(
    key="openmedic",
    title="Open Medic : médicaments remboursés, par région",
    producer="Assurance maladie (CNAM)",
    licence="Licence Ouverte 2.0",
    tier="O",
    rhythm_days=400,
    form="Fichier CSV d'environ 2 millions de lignes, une fois par an",
    limits=(
        "Médicaments remboursés, délivrés en ville : ni automédication, ni hôpital",
        "Publié une fois par an, plusieurs mois après la fin de l'année",
        "L'outre-mer est réuni en une seule région ; une part des bénéficiaires a une région inconnue",
        "Un bénéficiaire compte une fois par ligne : les bénéficiaires ne s'ajoutent pas",
        "Prescripteurs réunis à la lecture : leur détail reste dans le fichier reçu",
    ),
    base_url="https://open-data-assurance-maladie.ameli.fr/medicaments",
    patterns=("OPEN_MEDIC_*", "NB_*"),
    file_mb=1_000,
)

MANY_YEARS, NO_YEAR = "et deux y sont lisibles", "et aucune n'y est lisible"
YEARS_BACK = 3  # of those published: a trend and its year before; older files may be dropped
ASKED_EVERY_DAYS = 30  # the producer gives nothing to tell whether a file of a hundred megabytes changed
YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
PUBLISHED = re.compile(r"(OPEN_MEDIC_20\d\d|NB_20\d\d_cip13(_reg)?)(\.CSV)?(\.gz|\.zip)?", re.IGNORECASE)
LARGE_PCT = 60.0
# A number in the French way: 1.234,56. « 1234.56 » fits neither branch.
NUMBER = re.compile(r"(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")
TITLES: dict[str, tuple[str, ...]] = {
    "cip13": ("CIP13",),
    "label": ("l_cip13",),
    "atc": ("ATC5",),
    "region": ("BEN_REG",),
    "age": ("age",),
    "sex": ("sexe",),
    "boxes": ("BOITES",),
    "reimbursed_eur": ("REM",),
    "base_eur": ("BSE",),
    "beneficiaries": ("nbc",),
    "prescriber": ("PSP_SPE",),
}
# The other columns of the format, read by nobody here.
OTHERS = ("TOP_GEN", "GEN_NUM", *(f"{start}ATC{level}" for level in range(1, 6) for start in ("", "l_")))
SALES, BENEFICIARIES = "openmedic_sales", "openmedic_beneficiary"
NEEDED = {
    SALES: ("cip13", "region", "age", "sex", "boxes", "reimbursed_eur", "base_eur"),
    BENEFICIARIES: ("cip13", "beneficiaries", "boxes"),
}
OPTIONAL = {SALES: ("label", "atc"), BENEFICIARIES: ("label", "region", "age", "sex")}
REGIONS = ("5", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94", "99")
AGES, SEXES = ("0", "20", "60", "99"), ("1", "2", "9")
REGION_SPELLINGS = {"05": "5", "0": "99", "00": "99"}
MOST_QUARANTINED = 20_000  # lines; beyond, the file is not what it claims


def fetch(http: Http, settings: FetchSettings) -> Iterator[Download]:
    """The last years published, from the producer's pages or from the folder of a mirror that lists its files."""
    base = settings.base_url.rstrip("/")
    years = range(settings.today.year - 1, settings.today.year - 1 - YEARS_BACK, -1)
    pages = [f"{base}/"] if settings.is_mirror else [page for year in years for page in _pages(base, year)]
    wanted, failures = [], []
    for page in pages:
        try:
            found = links(http, page)
        except SourceUnavailable as error:
            failures.append(str(error))
            continue
        wanted += [
            _wanted(link, base) for link in found if PUBLISHED.fullmatch(link.name) and _year(link.name) in years
        ]
    if not wanted:
        raise SourceUnavailable(_nothing_found(failures, base))
    yield from download_changed(http, _one_of_each(wanted), settings)
    if failures:
        raise SourceUnavailable(" ; ".join(dict.fromkeys(failures)))


def _one_of_each(wanted: list[Wanted]) -> list[Wanted]:
    """A mirror may keep the archive and what came out of it: the first, compressed ones before."""
    wanted.sort(key=lambda item: item.name.lower().endswith(".csv"))
    return list({item.name.partition(".")[0].upper(): item for item in reversed(wanted)}.values())


def _pages(base: str, year: int) -> tuple[str, str]:
    return (
        f"{base}/download.php?Dir_Rep=Open_MEDIC_Base_Complete&Annee={year}",
        f"{base}/download2.php?Dir_Rep={year}_CIP13",
    )


def _wanted(link: Link, base: str) -> Wanted:
    return Wanted(link.name, link.url, f"{base}/{link.name}", least_pct=LARGE_PCT, every_days=ASKED_EVERY_DAYS)


def _nothing_found(failures: list[str], base: str) -> str:
    if failures:
        return " ; ".join(dict.fromkeys(failures))
    return f"Aucun fichier OPEN_MEDIC_<année> sur cette page, qui doit lister ses fichiers : {base}"


def _year(name: str) -> int:
    """The year of a file is in its name only. Raises ``RefusedFile``."""
    found = set(YEAR.findall(name))
    if len(found) != 1:
        raise RefusedFile(
            f"« {name} » : l'année n'est écrite que dans le nom du fichier, {MANY_YEARS if found else NO_YEAR}. Redéposez-le sous son nom publié, OPEN_MEDIC_2024.CSV.gz."
        )
    return int(found.pop())


def read(raw: RawFile) -> list[Sheet]:
    """The sums of the file by presentation, region, age and sex, or the beneficiaries of a NB file. Raises ``RefusedFile``."""
    year, lines = _year(raw.name), published_lines(raw.path, ";")
    refuse_to_come(raw, date(year, 1, 1), str(year))
    places, titles = _header(next(lines, (1, []))[1], raw.name)
    table = BENEFICIARIES if "beneficiaries" in places else SALES
    _check_header(places, titles, table)
    sheet = Sheet(tables(SOURCE.key)[table].sheet, table, titles=tuple(titles))
    reader = _Beneficiaries(places, year) if table == BENEFICIARIES else _Sales(places, year)
    for number, cells in lines:
        if not any(cells):
            continue
        sheet.rows_in += 1
        try:
            reader.add(_whole(cells, len(titles)), number)
        except BadValue as error:
            _quarantine(sheet, error, cells, number, places, titles)
    if not sheet.rows_in or sheet.rows_in == len(sheet.quarantined):
        raise RefusedFile(_empty(raw.name, sheet))
    reader.give(sheet)
    return [sheet]


def _whole(cells: list[str], width: int) -> list[str]:
    if len(cells) != width:
        raise BadValue(f"{width} colonnes attendues, {len(cells)} trouvées")
    return cells


def _header(cells: list[str], name: str) -> tuple[dict[str, int], list[str]]:
    places = columns_of(cells, TITLES)
    if "cip13" not in places:
        found = listed([cell for cell in cells if cell.strip()]) or "aucun titre"
        raise RefusedFile(
            f"« {name} » : ligne 1, colonne « CIP13 » absente (trouvé : {found}). Un fichier OPEN_MEDIC_<année> ou"
            " NB_<année>_cip13, à séparateur « ; », est attendu."
        )
    return places, [cell.strip() for cell in cells]


def _check_header(places: Mapping[str, int], titles: list[str], table: str) -> None:
    absent = [TITLES[name][0] for name in NEEDED[table] if name not in places]
    if absent:
        raise RefusedFile(
            f"Ligne 1 : colonne{'s' * (len(absent) > 1)} {listed(absent)} absente{'s' * (len(absent) > 1)} (trouvé :"
            f" {listed(titles)}). Le producteur a sans doute changé ses colonnes : à signaler."
        )
    known = {fold(title) for title in (*OTHERS, *(title for spellings in TITLES.values() for title in spellings))}
    unknown = [title for title in titles if fold(title) not in known]
    missing = [TITLES[name][0] for name in OPTIONAL[table] if name not in places]
    if unknown and missing:  # a renamed column is both: without its region, a line would count for the whole country
        raise RefusedFile(
            f"Ligne 1 : colonne inconnue, {listed(unknown)}, et colonne absente, {listed(missing)}. Le producteur a sans"
            " doute changé ses colonnes : à signaler."
        )
    if table == BENEFICIARIES and "prescriber" in places:
        raise RefusedFile(
            "Bénéficiaires par prescripteur (colonne « PSP_SPE ») : ils ne s'ajoutent pas d'une ligne à l'autre. Déposez"
            " NB_<année>_cip13 ou NB_<année>_cip13_reg."
        )


def _quarantine(
    sheet: Sheet, error: BadValue, cells: list[str], number: int, places: Mapping[str, int], titles: list[str]
) -> None:
    place = places.get(error.field)
    column, value = ("", ";".join(cells)[:200]) if place is None else (titles[place], cells[place])
    sheet.quarantined.append(RowIssue(sheet.name, number, column, value, error.reason, kept(cells)))
    if len(sheet.quarantined) > MOST_QUARANTINED:
        raise RefusedFile(
            f"Plus de {MOST_QUARANTINED} lignes illisibles. {_first(sheet)} Le fichier n'est pas utilisé."
        )


def _first(sheet: Sheet) -> str:
    first = sheet.quarantined[0]
    column = f", colonne « {first.column} »" if first.column else ""
    return f"La première : ligne {first.line}{column}, valeur {quoted(first.value)}, {first.reason}."


def _empty(name: str, sheet: Sheet) -> str:
    return (
        f"Aucune ligne lisible dans « {name} ». {_first(sheet)}"
        if sheet.quarantined
        else f"« {name} » n'a aucune ligne."
    )


class _Cells:
    """Typed values of a line; codes are the same a thousand times, and are read once."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places
        self._codes: dict[str, int] = {}
        self.cip13: list[str] = []
        self.label: list[str | None] = []
        self.atc: list[str | None] = []
        self._field = tables(SOURCE.key)[SALES].field("cip13")

    def presentation(self, cells: list[str]) -> int:
        """Rank of the presentation among those met."""
        written = cells[self._places["cip13"]]
        rank = self._codes.get(written)
        if rank is not None:
            return rank
        try:
            code = str(parse(self._field, written))
        except BadValue as error:
            raise BadValue(error.reason, "cip13") from None
        self._codes[written] = len(self.cip13)
        self.cip13.append(code)
        self.label.append(self._text(cells, "label") or None)
        self.atc.append(self._text(cells, "atc") or None)
        return self._codes[written]

    def _text(self, cells: list[str], name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else cells[place].strip()

    def code(self, cells: list[str], name: str, accepted: Mapping[str, int], words: str) -> int:
        written = cells[self._places[name]].strip()
        rank = accepted.get(written)
        if rank is None:
            raise BadValue(f"{words} (attendu : {', '.join(accepted)})", name)
        return rank

    def number(self, cells: list[str], name: str) -> float:
        written = cells[self._places[name]]
        if written.isdigit() and written.isascii():
            return int(written)
        match = NUMBER.fullmatch(written.strip())
        if match is None:
            reason = "valeur obligatoire absente" if not written.strip() else "nombre illisible (1.234,56 attendu)"
            raise BadValue(reason, name)
        sign, whole, decimals = match.groups()
        value = float(f"{whole.replace('.', '')}.{decimals or 0}")
        return -value if sign else value


def _ranks(codes: tuple[str, ...], spellings: Mapping[str, str] = MappingProxyType({})) -> dict[str, int]:
    ranks = {code: rank for rank, code in enumerate(codes)}
    return ranks | {written: ranks[code] for written, code in spellings.items()}


class _Sales:
    """Sums by presentation, region, age and sex, prescribers together: 150 bytes for each of a million combinations."""

    def __init__(self, places: Mapping[str, int], year: int) -> None:
        self._cells, self._year = _Cells(places), year
        self._rows: dict[int, int] = {}
        self._keys, self._lines = array("q"), array("q")
        self._sums = {name: array("d") for name in ("boxes", "reimbursed_eur", "base_eur")}
        self._added = 0
        self._accepted = _ranks(REGIONS, REGION_SPELLINGS), _ranks(AGES), _ranks(SEXES)

    def add(self, cells: list[str], line: int) -> None:
        read = self._cells
        regions, ages, sexes = self._accepted
        key = read.presentation(cells) * len(REGIONS) + read.code(cells, "region", regions, "code de région inconnu")
        key = key * len(AGES) + read.code(cells, "age", ages, "classe d'âge inconnue")
        key = key * len(SEXES) + read.code(cells, "sex", sexes, "sexe inconnu")
        values = [read.number(cells, name) for name in self._sums]
        row = self._rows.setdefault(key, len(self._keys))
        if row == len(self._keys):
            self._keys.append(key)
            self._lines.append(line)
            for column, value in zip(self._sums.values(), values, strict=True):
                column.append(value)
        else:
            for column, value in zip(self._sums.values(), values, strict=True):
                column[row] += value
        self._added += 1

    def give(self, sheet: Sheet) -> None:
        products = [key // (len(REGIONS) * len(AGES) * len(SEXES)) for key in self._keys]
        sheet.columns = {
            "year": [self._year] * len(self._keys),
            **{name: [getattr(self._cells, name)[rank] for rank in products] for name in ("cip13", "label", "atc")},
            "region": [REGIONS[key // (len(AGES) * len(SEXES)) % len(REGIONS)] for key in self._keys],
            "age": [AGES[key // len(SEXES) % len(AGES)] for key in self._keys],
            "sex": [SEXES[key % len(SEXES)] for key in self._keys],
            "boxes": self._sums["boxes"],
            # Sums of cents: the error of a million of them is far under one.
            **{name: [round(value, 2) for value in self._sums[name]] for name in ("reimbursed_eur", "base_eur")},
            "line": self._lines,
        }
        sheet.lines_loaded = self._added


class _Beneficiaries:
    """One row per line: persons are never added."""

    def __init__(self, places: Mapping[str, int], year: int) -> None:
        self._cells, self._year, self._rows = _Cells(places), year, list[Row]()
        self._seen: dict[tuple[object, ...], int] = {}
        axes = {
            "region": (REGIONS, _ranks(REGIONS, REGION_SPELLINGS), "code de région inconnu"),
            "age": (AGES, _ranks(AGES), "classe d'âge inconnue"),
            "sex": (SEXES, _ranks(SEXES), "sexe inconnu"),
        }
        self._axes = {name: axes[name] for name in axes if name in places}

    def add(self, cells: list[str], line: int) -> None:
        read = self._cells
        rank = read.presentation(cells)
        row: Row = {"year": self._year, "cip13": read.cip13[rank], "label": read.label[rank], "line": line}
        for name in ("region", "age", "sex"):
            row[name] = None
            if name in self._axes:
                codes, accepted, words = self._axes[name]
                row[name] = codes[read.code(cells, name, accepted, words)]
        before = self._seen.setdefault((rank, row["region"], row["age"], row["sex"]), line)
        if before != line:
            raise BadValue(f"déjà lue ligne {before} : les bénéficiaires ne s'ajoutent pas", "cip13")
        for name in ("beneficiaries", "boxes"):
            row[name] = read.number(cells, name)
        self._rows.append(row)

    def give(self, sheet: Sheet) -> None:
        sheet.rows = self._rows
