"""Files of the Sentinelles network: weekly incidence seen by general practitioners, for the country and its regions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from data.demo.files import flat
from data.demo.timeline import SPF_DELAY, Span
from data.demo.world import World

TITLES = "week,indicator,inc,inc_low,inc_up,inc100,inc100_low,inc100_up,geo_insee,geo_name"
COMMENT = {"name": "Données fictives de démonstration", "format": "csv"}
# Indicator: usual rate, height of its winter wave, day of its top, width in weeks; per 100 000 inhabitants.
SYNDROMES = {"3": (18, 380, (1, 12), 4.0), "6": (90, 160, (1, 20), 5.0)}
NOT_FOLLOWED = frozenset(("01", "02", "03", "04", "06"))  # overseas
NOT_PUBLISHED_EVERY = 47  # weeks of a region: « - » stands for an estimate that is not given
INTERVAL = {"PAY": 0.08, "RDD": 0.35}


def write_sentinelles(folder: Path, world: World, span: Span) -> list[Path]:
    """The whole series again, each week that one more is published: one file per syndrome and scale."""
    weeks = [week for batch in span.batches(SPF_DELAY) for week in batch]
    if not weeks:
        return []
    return [
        flat(
            folder / f"incidence-{area}-{syndrome}_{world.timeline.label(weeks[-1])}.csv",
            _lines(world, area, syndrome, weeks[-1]),
        )
        for area in INTERVAL
        for syndrome in SYNDROMES
    ]


def _lines(world: World, area: str, syndrome: str, last: int) -> Iterator[str]:
    yield f"# {json.dumps(COMMENT, ensure_ascii=False)}"
    yield TITLES
    people = _people(world, area)
    noise = world.rng(f"sentinelles {area} {syndrome}").uniform(0.8, 1.2, (world.timeline.weeks, len(people)))
    for week in range(last, -1, -1):
        monday = world.timeline.monday(week)
        year, number, _ = monday.isocalendar()
        for place, ((code, name), count) in enumerate(people.items()):
            rate = _rate(syndrome, monday) * float(noise[week, place])
            hidden = area == "RDD" and (week + place) % NOT_PUBLISHED_EVERY == 0
            yield f"{year}{number:02d},{syndrome},{_estimates(rate, count, INTERVAL[area], hidden=hidden)},{code},{name}"


def _people(world: World, area: str) -> dict[tuple[str, str], float]:
    if area == "PAY":
        return {("FR", "France"): float(sum(item.population for item in world.departments))}
    people: dict[tuple[str, str], float] = {}
    for item in world.departments:
        if item.region not in NOT_FOLLOWED:
            key = (item.region, f"REGION {item.region}")
            people[key] = people.get(key, 0.0) + item.population
    return people


def _rate(syndrome: str, monday: date) -> float:
    usual, height, top, width = SYNDROMES[syndrome]
    gaps = [(monday - date(year, *top)) / timedelta(weeks=1) for year in (monday.year, monday.year + 1)]
    return usual + height * sum(float(np.exp(-((gap / width) ** 2))) for gap in gaps)


def _estimates(rate: float, people: float, spread: float, *, hidden: bool) -> str:
    if hidden:
        return "-,,,-,,"
    bounds = (rate, rate * (1 - spread), rate * (1 + spread))
    return ",".join([*(f"{value * people / 100_000:.0f}" for value in bounds), *(f"{value:.0f}" for value in bounds)])
