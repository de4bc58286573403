"""Annual statements of sites: every speciality, step by step, in the spellings of workbooks typed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from data.demo import stories
from data.demo.files import Cell, Page, header, workbook
from data.demo.timeline import Span
from data.demo.world import Presentation, World

TITLES = ("États des lieux réunis – données fictives", "")
PUBLISHED = (3, 31)
# Invented names, in places that do not exist.
SUBSTANCE_SITES = tuple(
    (f"SYNTHÈSE FICTIVE {place}", country)
    for place, country in (
        *(("KADAMPUR", "Inde"), ("TIANLUO", "Chine"), ("SARVAPET", "Inde"), ("VALDORGE", "France")),
        *(("ROCAVERDE", "Espagne"), ("OSTERBRUCK", "Allemagne"), ("HEXI", "Chine"), ("LAKEMONT", "États-Unis")),
    )
)
MAKING_SITES = tuple(
    (f"ATELIER FICTIF {place}", country)
    for place, country in (
        *(("VALMONT", "France"), ("BRISECOURT", "France"), ("TERRALBA", "Italie"), ("MONTEALTO", "Portugal")),
        *(("NIEDERAU", "Allemagne"), ("ZWANENDIJK", "Pays-Bas"), ("KILDRUM", "Irlande"), ("SARVAPET", "Inde")),
        *(("DRAGAVAR", "Roumanie"), ("ALPENROD", "Suisse"), ("VESTERHOLM", "Danemark"), ("CLAIREFOND", "France")),
    )
)
RELEASE_SITES = tuple(
    (f"CENTRE FICTIF DE LIBÉRATION {place}", "France")
    for place in ("AUBRAC", "ERMONDE", "SAUVIGNAC", "LOUVIGNE", "MORNAC", "TREMEUR", "VAUBELLE", "ORSENNE")
)
NOWHERE = ("CONDITIONNEMENT FICTIF DE L'OUEST", "Fance")  # a country that is none, wherever the site is written
# Typing habits of statements: another language, the code instead of the name, nothing; names in lower case.
COUNTRIES = {
    "Inde": ("Inde", "India", "IN"),
    "France": ("France", "FR", "FRANCE"),
    "Allemagne": ("Allemagne", "Germany"),
}
SECOND_SITE = {"Substance active": 0.8, "Fabrication": 0.75, "Conditionnement": 0.85}
UNANSWERED = 0.12  # of the cells « MITM » and « Pays »


def write_edl(folder: Path, world: World, span: Span) -> list[Path]:
    """The last statement published by the day, those of all laboratories put together by hand."""
    anchor = world.timeline.anchor
    years = [year for year in (anchor.year - 1, anchor.year) if span.covers(date(year, *PUBLISHED))]
    return [
        workbook(
            folder / f"edl_{year}.xlsx", [Page("Sites", TITLES, header("edl", "edl_site"), list(_rows(world, year)))]
        )
        for year in years[-1:]
    ]


def _rows(world: World, year: int) -> Iterator[list[Cell]]:
    rng = world.rng("edl")
    for rank, item in enumerate({item.cis: item for item in world.presentations}.values()):
        said = _said_mitm(item, rank, rng)
        for step, site in _steps(item, rng):
            yield _line(year, item, step, site, said, rank)
    first = world.presentations[0]
    # Story 32: a site of no known country, a step that is none of the six, a code that no referential knows.
    yield [year, first.laboratory, first.cis, first.denomination, "Conditionnement", *NOWHERE, "Oui", "Oui", None]
    yield [year, first.laboratory, first.cis, first.denomination, "Sérialisation", *MAKING_SITES[0], "Non", "Oui", None]
    yield [year, first.laboratory, "99999991", "CODE MAL TAPÉ", "Fabrication", *MAKING_SITES[0], "Non", "Oui", None]


def _line(year: int, item: Presentation, step: str, site: tuple[str, str], said: Cell, rank: int) -> list[Cell]:
    name, country = site
    is_outside = rank % 4 == 1
    return [
        year,
        item.laboratory,
        item.cis,
        item.denomination,
        step,
        name if rank % 9 != 4 else name.title().replace(" ", "-", 1),
        None if rank % 29 == 7 else _spelt(country, rank),
        "Oui" if is_outside else "Non",
        said,
        "Grossistes-répartiteurs" if item.molecule.hospital_pct < 50 else "Vente directe aux hôpitaux",
    ]


def _spelt(country: str, rank: int) -> str:
    spellings = COUNTRIES.get(country, (country,))
    return spellings[rank % len(spellings)] if rank % 5 == 0 else country


def _said_mitm(item: Presentation, rank: int, rng: np.random.Generator) -> Cell:
    """Story 32: some say what the public list does not."""
    if rng.random() < UNANSWERED:
        return None
    is_wrong = rank % 17 == 3
    return "Oui" if item.molecule.mitm is not is_wrong else "Non"


def _steps(item: Presentation, rng: np.random.Generator) -> Iterator[tuple[str, tuple[str, str]]]:
    """A substance comes from few sites, whatever the laboratory; making and packing are each laboratory's own."""
    of_dci = sum(map(ord, item.molecule.dci)) % len(SUBSTANCE_SITES)
    own = (sum(map(ord, item.laboratory)) + of_dci) % len(MAKING_SITES)
    crowded = item.molecule.dci in stories.ONE_SITE_DCI
    substance = [SUBSTANCE_SITES[0]] if crowded else _some(SUBSTANCE_SITES, of_dci, rng, "Substance active")
    for site in substance:
        yield "Substance active", site
        if site[1] in ("Inde", "Chine", "États-Unis"):
            yield "Importation", RELEASE_SITES[own % len(RELEASE_SITES)]
    for step in ("Fabrication", "Conditionnement"):
        for site in _some(MAKING_SITES, own, rng, step):
            yield step, site
    yield "Contrôle qualité", MAKING_SITES[own]
    yield "Libération des lots", RELEASE_SITES[own % len(RELEASE_SITES)]


def _some(
    sites: tuple[tuple[str, str], ...], first: int, rng: np.random.Generator, step: str
) -> Iterator[tuple[str, str]]:
    yield sites[first]
    if rng.random() < SECOND_SITE[step]:
        yield sites[(first + 3) % len(sites)]
