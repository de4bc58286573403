"""Reading sheets of management plans: two campaigns, of uneven quality, with plans that nobody sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from data.demo.files import Cell, Page, header, workbook
from data.demo.timeline import Span
from data.demo.world import Presentation, World

TITLES = ("Fiches de lecture des plans de gestion – données fictives", "")
PUBLISHED = (12, 20)
READER = "Cellule des plans"
PREVENTION = (
    "Deux fournisseurs de substance active",
    "Stock tampon de substance active de six mois",
    "Second site qualifié",
)
SHORTAGE = (
    "Contingentement quantitatif",
    "Importation d'une spécialité équivalente",
    "Stock de dépannage pour l'hôpital",
    "Information des prescripteurs",
)
RISKS = ("Vital à court terme", "Vital à moyen terme", "Perte de chance")
VERDICTS = (
    ("Satisfaisant", 0.72),
    ("Insuffisant", 0.9),
    ("Illisible", 0.96),
)  # share reached by each; the rest is unread
NONE, LAST_ONE_LATE = 0.08, 0.12  # of the specialities: without any plan; whose last one is of the campaign before


def write_pgp(folder: Path, world: World, span: Span) -> list[Path]:
    """A workbook for each of the last two campaigns."""
    anchor = world.timeline.anchor
    years = [year for year in (anchor.year - 2, anchor.year - 1, anchor.year) if span.covers(date(year, *PUBLISHED))]
    return [
        workbook(
            folder / f"pgp_{year}.xlsx", [Page("Plans", TITLES, header("pgp", "pgp_plan"), list(_rows(world, year)))]
        )
        for year in years
    ]


def _rows(world: World, year: int) -> Iterator[list[Cell]]:
    """Story 33. What a speciality gives is drawn once: its two sheets differ by their year and date."""
    rng = world.rng("pgp")
    is_last = year >= world.timeline.anchor.year - 1
    for item in {item.cis: item for item in world.presentations if item.molecule.mitm}.values():
        place, quality, stock, words = rng.random(4)
        if place < NONE or (is_last and place < LAST_ONE_LATE):
            continue
        yield _sheet(item, year, quality, stock, words)
    yield ["90000001", year, "FICHE MAL REMPLIE", None, None, None, None, None, "Faible", *[None] * 6]


def _sheet(item: Presentation, year: int, quality: float, stock: float, words: float) -> list[Cell]:
    verdict = next((name for name, most in VERDICTS if quality < most), None)
    pick = int(words * 1000)
    about: list[Cell] = [
        item.cis,
        year,
        item.denomination,
        item.laboratory,
        date(year, 12, 20) - timedelta(days=pick % 19),
    ]
    if verdict in ("Illisible", None):
        return [*about, *[None] * 8, READER if verdict else None, verdict]
    has_measures = words > 0.05
    months = None if stock < 0.06 else 1 if stock < 0.14 else 4 if stock > 0.85 else 2
    return [
        *about,
        "Oui" if verdict == "Satisfaisant" else "Non",
        None,
        None,
        RISKS[pick % 3],
        PREVENTION[pick % 3] if has_measures and pick % 7 else None,
        " ; ".join((SHORTAGE[pick % 4], SHORTAGE[(pick + 1) % 4])) if has_measures else None,
        months,
        "Revue annuelle" if pick % 2 else None,
        READER,
        verdict,
    ]
