"""Files of Santé publique France: emergency visits for winter infections, by department, and regional alerts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from data.demo.files import flat
from data.demo.series import Array, drift
from data.demo.timeline import SPF_DELAY, Span
from data.demo.world import World

# Departments without SOS Médecins: their rate is null, which is not zero.
WITHOUT_SOS = frozenset(
    [
        "01",
        "02",
        "03",
        "04",
        "05",
        "07",
        "08",
        "09",
        "11",
        "12",
        "15",
        "16",
        "19",
        "23",
        "24",
        "26",
        "27",
        "32",
        "36",
        "39",
        "40",
        "42",
        "43",
        "46",
        "47",
        "48",
        "50",
        "52",
        "53",
        "55",
        "58",
        "61",
        "65",
        "70",
        "73",
        "79",
        "81",
        "82",
        "88",
        "971",
        "973",
        "974",
        "976",
    ]
)
SOUTHERN = ("974", "976")  # their winter is in July
AGES = (("Tous âges", 1.0), ("0-4 ans", 2.9), ("5-14 ans", 1.5), ("15-64 ans", 0.8), ("65 ans ou plus", 0.7))
ALERT_DATASET = "ma_region_epidemies_hivernales_alertes"


@dataclass(frozen=True)
class Wave:
    """An infection: its dataset, the word used in its fields, and its curve (rates per 100 000 coded visits)."""

    dataset: str
    word: str
    theme: str
    base: float
    peak: float
    peak_month_day: tuple[int, int]
    shifts_weeks: tuple[float, float, float]
    width_weeks: float
    alert_bounds: tuple[float, ...]


WAVES = (
    Wave("grippe", "grippe", "Grippe", 22, 3600, (1, 1), (3.0, 0.0, 4.5), 4.3, (60, 300, 1200)),
    Wave("bronchiolite", "bronchio", "Bronchiolite", 90, 2700, (12, 4), (0.5, 0.0, -1.5), 4.1, (250, 700, 1500)),
    Wave("covid-19", "covid", "", 95, 520, (9, 28), (-2.0, 0.0, 1.5), 4.8, ()),
)


def write_spf(folder: Path, world: World, span: Span) -> list[Path]:
    """For each infection, a departmental and a national file, as the service's exports; and the alerts."""
    rates = [(wave, _rates(world, wave)) for wave in WAVES]
    written = []
    for weeks in span.batches(SPF_DELAY):
        for wave, values in rates:
            name = f"{wave.dataset}-passages-aux-urgences-et-actes-sos-medecins"
            records = {"departement": _departments, "france": _national}
            written += [
                _export(folder, span, f"{name}-{area}", weeks, make(world, wave, values, weeks))
                for area, make in records.items()
            ]
        written.append(_export(folder, span, ALERT_DATASET, weeks, _alerts(world, rates, weeks)))
    return written


def _export(folder: Path, span: Span, dataset: str, weeks: list[int], records: list[dict[str, object]]) -> Path:
    text = json.dumps(records, ensure_ascii=False, separators=(",", ":"))
    return flat(folder / f"{dataset}_{span.title(weeks)}.json", [text])


def _rates(world: World, wave: Wave) -> Array:
    """Departments × weeks: emergency visits per 100 000 coded visits."""
    rng = world.rng(wave.word)
    count = len(world.departments)
    late = rng.normal(0, 0.8, count)
    level = np.exp(rng.normal(0, 0.22, count))
    mondays = [world.timeline.monday(week) for week in range(world.timeline.weeks)]
    curves = []
    for row, item in enumerate(world.departments):
        delay = timedelta(weeks=float(late[row]) + (26 if item.code in SOUTHERN else 0))
        curves.append([_curve(wave, monday - delay) for monday in mondays])
    return np.asarray(np.array(curves) * level[:, None] * drift(rng, (count, len(mondays)), 0.13, 0.5))


def _curve(wave: Wave, day: date) -> float:
    """The rate of a day: a base and the nearest seasonal waves."""
    month, monthday = wave.peak_month_day
    total = wave.base
    for year in (day.year - 1, day.year, day.year + 1):
        winter = year - 1 if month < 7 else year
        peak = date(year, month, monthday) + timedelta(weeks=wave.shifts_weeks[winter % 3])
        total += wave.peak * float(np.exp(-(((day - peak).days / 7 / wave.width_weeks) ** 2)))
    return total


def _departments(world: World, wave: Wave, rates: Array, weeks: list[int]) -> list[dict[str, object]]:
    return [
        {
            "semaine": world.timeline.label(week),
            "date_complet": world.timeline.monday(week).isoformat(),
            "dep": item.code,
            "libgeo": item.name,
            "sursaud_cl_age_gene": "Tous âges",
            **_measures(wave, float(rates[row, week]), has_sos=item.code not in WITHOUT_SOS),
        }
        for week in weeks
        for row, item in enumerate(world.departments)
    ]


def _national(world: World, wave: Wave, rates: Array, weeks: list[int]) -> list[dict[str, object]]:
    population = np.array([item.population for item in world.departments], dtype=float)
    national = (rates * population[:, None]).sum(axis=0) / population.sum()
    return [
        {
            "semaine": world.timeline.label(week),
            "date_complet": world.timeline.monday(week).isoformat(),
            "sursaud_cl_age_gene": age,
            **_measures(wave, float(national[week]) * factor, has_sos=True),
        }
        for week in weeks
        for age, factor in AGES
    ]


def _measures(wave: Wave, rate: float, *, has_sos: bool) -> dict[str, object]:
    return {
        f"taux_passages_{wave.word}_sau": round(rate, 4),
        f"taux_hospit_{wave.word}_sau": round(rate * 1.35, 4),
        f"taux_actes_{wave.word}_sos": round(rate * 2.6, 4) if has_sos else None,
    }


def _alerts(world: World, rates: list[tuple[Wave, Array]], weeks: list[int]) -> list[dict[str, object]]:
    """Level 1 to 4 of each region, from the mean of its departments."""
    regions = sorted({item.region for item in world.departments})
    rows = {region: [k for k, item in enumerate(world.departments) if item.region == region] for region in regions}
    return [
        {
            "theme": wave.theme,
            "reg": region,
            "date_lib": world.timeline.label(week),
            "date": world.timeline.monday(week).isoformat(),
            "valeur": 1 + int(np.searchsorted(wave.alert_bounds, values[rows[region], week].mean())),
        }
        for week in weeks
        for wave, values in rates
        if wave.theme
        for region in regions
    ]
