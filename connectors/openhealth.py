"""OpenHealth: boxes dispensed by pharmacies, by presentation, region and week."""

from __future__ import annotations

import re

from connectors.base import RawFile, RefusedFile, Row, RowIssue, Sheet, Source, tables
from connectors.language.folding import fold
from connectors.reading.partner import read_partner_table
from connectors.reading.territory import MAINLAND_REGIONS, region
from connectors.reading.values import BadValue

SOURCE = Source(
    key="openhealth",
    title="OpenHealth : dispensations des officines",
    producer="OpenHealth Company",
    licence="Données sous contrat, réservées aux agents de l'ANSM",
    tier="R",
    rhythm_days=7,
    form="Fichier CSV ou classeur Excel, chaque semaine",
    limits=(
        "Panel de 14 000 officines, extrapolé.",
        "Métropole hors Corse : ni outre-mer, ni Corse.",
        "Une ligne sans âge, sexe ni origine est un total : il n'est jamais ajouté aux lignes qui le détaillent.",
    ),
    periods=("openhealth_sales.week",),
    period_lag_days=7,
)

NOT_AVAILABLE = "NA"
AGES = re.compile(r"(\d{1,3}) ?(?:-|–|à|a) ?(\d{1,3})(?: ?ans)?")
AND_MORE = re.compile(r"(\d{1,3}) ?(?:ans )?(?:et plus|et \+|ou plus|\+)(?: ?ans)?")
UNDER = re.compile(r"(?:moins de|<) ?(\d{1,3})(?: ?ans)?")
OLDEST = 130
UNKNOWN_AGES = ("inconnu", "inconnue", "nr")
WHOLE = "ensemble"  # what the choices of the header table read « Tous » and « Total » as
ALL_AGES = frozenset(("tous", "toutes", "ensemble", "total", "tousages", "touslesages", "toutage"))  # folded
NO_DETAIL = "« Tous », « Ensemble » ou « Total » lu comme une cellule vide : la ligne n'est pas détaillée ainsi"
FINER = 3  # rows per key: two are a repetition or a conflict, more are days, ages or origins


def read(raw: RawFile) -> list[Sheet]:
    """Sales by week, presentation and region, detailed or not; raises ``RefusedFile`` if a file has finer lines."""
    whole: dict[str, Row] = {}  # by column, the first row without detail

    def check_and_note(row: Row) -> None:
        names = _without_detail(row)
        check(row)
        for name in names:
            whole.setdefault(name, row)

    sheet, *others = read_partner_table(raw, check_and_note, NOT_AVAILABLE)
    sheet.notes += [
        RowIssue(sheet.name, row["line"], _title(sheet, name), "", NO_DETAIL) for name, row in whole.items()
    ]
    if sheet.most_alike >= FINER:
        raise RefusedFile(
            "Fichier plus fin que la semaine : plusieurs lignes pour la même semaine, la même présentation et la "
            "même région. Une ligne par semaine, présentation et région (et, si elles sont données, tranche d'âge, sexe et "
            "origine) est attendue."
        )
    return [sheet, *others]


def _without_detail(row: Row) -> list[str]:
    """The details that name all of their classes, emptied."""
    found = [name for name in ("sex", "origin") if row[name] == WHOLE]
    if row["age"] is not None and fold(row["age"]) in ALL_AGES:
        found.append("age")
    row.update(dict.fromkeys(found))
    return found


def _title(sheet: Sheet, name: str) -> str:
    known = {fold(header) for header, _ in tables("openhealth")["openhealth_sales"].field(name).headers}
    return next(title for title in sheet.titles if fold(title) in known)


def check(row: Row) -> None:
    """The region is one the source covers; a class of age is written in one way."""
    row["region"] = region(row["region"], "region", MAINLAND_REGIONS)
    if row["age"] is not None:
        row["age"] = ages(row["age"])


def ages(written: str) -> str:
    """« 0 à 19 ans » → ``0-19``, « 80 ans et + » → ``80 et plus``, « Moins de 20 ans » → ``0-19``."""
    words = " ".join(written.casefold().split())
    if words in UNKNOWN_AGES:
        return "inconnu"
    if found := AGES.fullmatch(words):
        first, last = int(found[1]), int(found[2])
        if first <= last <= OLDEST:
            return f"{first}-{last}"
    elif (found := AND_MORE.fullmatch(words)) and int(found[1]) <= OLDEST:
        return f"{int(found[1])} et plus"
    elif (found := UNDER.fullmatch(words)) and 0 < int(found[1]) <= OLDEST:
        return f"0-{int(found[1]) - 1}"
    raise BadValue("tranche d'âge attendue, comme « 0-19 », « 65 et plus » ou « Inconnu »", "age")
