"""Week after week: demand, sales and stocks of laboratories and wholesalers, coverage of pharmacies by department."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo import stories
from data.demo.catalogue import Molecule
from data.demo.lists import owed_months
from data.demo.timeline import SEASON_WEEKS
from data.demo.world import WHOLESALERS, World

Array = NDArray[np.float64]

CURRENT_WEEKS = 4  # window of the current demand: coverage targets are expressed against it
GROWTH_PER_YEAR = 0.02
SEASON_STRENGTH = (1.0, 0.8, 1.25, 1.1)  # winters differ; the first one is the season three years back
WEEKS_PER_MONTH = 52 / 12
GENERAL_MONTHS = 2  # stock owed by a MITM; who owes more holds more


@dataclass(frozen=True)
class Series:
    """Arrays of the tracked presentations (P), wholesalers (J) and weeks (W); boxes, whole numbers.

    ``demand`` P×W national; ``lab_sales``, ``lab_stock``, ``usual_monthly`` P×W; ``house_sales``, ``house_stock`` P×J×W.
    """

    demand: Array
    lab_sales: Array
    lab_stock: Array
    usual_monthly: Array
    house_sales: Array
    house_stock: Array


def build_series(world: World) -> Series:
    """Stocks follow demand: a coverage in days is drawn, then multiplied by the sales of the last weeks."""
    demand = _demand(world)
    lab_sales = np.rint(demand * _noise(world.rng("lab sales"), demand.shape, 0.07))
    house_sales = _house_sales(world, demand)
    return Series(
        demand=demand,
        lab_sales=lab_sales,
        lab_stock=_lab_stock(world, lab_sales),
        usual_monthly=_usual_monthly(world, lab_sales),
        house_sales=house_sales,
        house_stock=_house_stock(world, house_sales),
    )


def trailing_mean(values: Array, window: int) -> Array:
    """Mean of the last ``window`` weeks on the last axis, or of those there are."""
    total = np.cumsum(values, axis=-1)
    before = np.zeros_like(total)
    before[..., window:] = total[..., :-window]
    count = np.minimum(np.arange(values.shape[-1]) + 1, window)
    return np.asarray((total - before) / count)


def drift(rng: np.random.Generator, shape: tuple[int, ...], spread: float, persistence: float = 0.8) -> Array:
    """Positive factors around 1 that wander slowly along the last axis; ``spread`` is their relative deviation."""
    shocks = rng.standard_normal(shape) * spread * np.sqrt(1 - persistence**2)
    state = np.empty(shape)
    state[..., 0] = rng.standard_normal(shape[:-1]) * spread
    for week in range(1, shape[-1]):
        state[..., week] = persistence * state[..., week - 1] + shocks[..., week]
    return np.asarray(np.exp(state))


def winterness(world: World) -> Array:
    """W values 0–1: how much each week belongs to the heart of winter, S48 to S06."""
    numbers = np.array([world.timeline.monday(week).isocalendar().week for week in range(world.timeline.weeks)])
    distance = np.minimum(abs(numbers - 1), SEASON_WEEKS + 1 - abs(numbers - 1))
    return np.asarray(np.exp(-((distance / 6.5) ** 2)))


def season_factor(world: World, molecule: Molecule) -> Array:
    """W multipliers of the usual weekly boxes."""
    winter = winterness(world)
    if molecule.season == "stable":
        return np.asarray(1 + 0.03 * winter)
    if molecule.season == "ete":
        numbers = np.array([world.timeline.monday(week).isocalendar().week for week in range(world.timeline.weeks)])
        return np.asarray(1 + 0.18 * np.exp(-(((numbers - 29) / 6) ** 2)))
    return np.asarray(0.68 + 1.15 * winter * _strength(world))


def coverage_path(world: World, molecule: Molecule, link: str, usual: float) -> Array:
    """W days: the national coverage of a link, dipping in winter, or following its story."""
    dip = 0.2 * winterness(world) * _strength(world) if molecule.season == "hiver" else 0.0
    path = usual * (1 - dip) * np.ones(world.timeline.weeks)
    points = stories.TARGETS.get((molecule.key, link))
    if points:
        offsets = np.arange(world.timeline.weeks) - world.timeline.index(0)
        target = np.interp(offsets, [point[0] for point in points], [point[1] for point in points])
        path = np.where(offsets >= points[0][0], target, path)
    return np.asarray(path)


def members(world: World, key: str) -> NDArray[np.intp]:
    """Rows of the tracked presentations of a group or of a DCI outside the plans."""
    return np.array([row for row, item in enumerate(world.tracked) if item.molecule.key == key], dtype=np.intp)


def _strength(world: World) -> Array:
    """W multipliers: a hard winter, a mild one, a hard one again."""
    seasons = (np.arange(world.timeline.weeks) - world.timeline.index(0) + 20) // SEASON_WEEKS
    return np.array([SEASON_STRENGTH[int(season) % len(SEASON_STRENGTH)] for season in seasons])


def _noise(rng: np.random.Generator, shape: tuple[int, ...], spread: float) -> Array:
    return np.asarray(np.exp(rng.standard_normal(shape) * spread))


def _demand(world: World) -> Array:
    weeks = np.arange(world.timeline.weeks)
    growth = (1 + GROWTH_PER_YEAR) ** ((weeks - world.timeline.index(0)) / SEASON_WEEKS)
    noise = _noise(world.rng("demand"), (len(world.tracked), len(weeks)), 0.05)
    usual = {molecule: season_factor(world, molecule) for molecule in world.molecules}
    demand = np.array([item.weekly_boxes * usual[item.molecule] for item in world.tracked]) * growth * noise
    _apply_discontinuation(world, demand)
    _apply_campaign(world, demand)
    return demand


def _apply_discontinuation(world: World, demand: Array) -> None:
    """Story 7: the sales of the presentation that stops go to the others."""
    rows = members(world, stories.STOPPED_DCI)
    if rows.size:
        left = _left(world)
        demand[rows[0]] *= left
        demand[rows[1:]] *= 1 + stories.STOPPED_TRANSFER * (1 - left)


def _left(world: World) -> Array:
    """W values from 1 (before) to 0 (stopped)."""
    offsets = np.arange(world.timeline.weeks) - world.timeline.index(0)
    return np.interp(offsets, [stories.STOPPED_FROM_OFFSET, stories.STOPPED_AT_OFFSET], [1.0, 0.0])


def _apply_campaign(world: World, demand: Array) -> None:
    """Story 8: six times the usual sales from one week to the next."""
    demand[members(world, stories.CAMPAIGN_DCI), world.timeline.index(stories.CAMPAIGN_FROM_OFFSET) :] *= (
        stories.CAMPAIGN_FACTOR
    )


def _usual_monthly(world: World, lab_sales: Array) -> Array:
    """Usual monthly sales as laboratories declare them: 12 rolling months, except where a campaign made them void."""
    usual = trailing_mean(lab_sales, SEASON_WEEKS) * WEEKS_PER_MONTH
    for row in members(world, stories.CAMPAIGN_DCI):
        usual[row] = world.tracked[row].weekly_boxes * WEEKS_PER_MONTH
    return np.asarray(np.rint(usual / 10) * 10)


def _lab_stock(world: World, lab_sales: Array) -> Array:
    rng = world.rng("lab stock")
    weeks = np.arange(world.timeline.weeks)
    period = rng.integers(4, 9, (len(world.tracked), 1))
    phase = rng.integers(0, 8, (len(world.tracked), 1))
    deliveries = 1.18 - 0.36 * ((weeks + phase) % period) / period  # a saw tooth: full after a delivery, then used up
    factor = drift(rng, lab_sales.shape, 0.16) * deliveries
    daily = trailing_mean(lab_sales, CURRENT_WEEKS) / 7
    paths = {m: coverage_path(world, m, "exploitants", m.lab_days) for m in world.molecules}
    owed = owed_months(world)
    duty = np.array([owed.get(item.cis, GENERAL_MONTHS) / GENERAL_MONTHS for item in world.tracked])[:, None]
    stock = np.array([paths[item.molecule] for item in world.tracked]) * factor * duty * daily
    _reach_targets(world, "exploitants", stock, daily, paths)
    rows = members(world, stories.STOPPED_DCI)
    stock[rows[:1]] *= _left(world) ** 2  # sold off: the last boxes go one by one
    return np.asarray(np.rint(stock))


def _reach_targets(world: World, link: str, stock: Array, daily: Array, paths: dict[Molecule, Array]) -> None:
    """Scale the stocks of a group that has a story so that its coverage is the target, to the box."""
    for molecule in world.molecules:
        points = stories.TARGETS.get((molecule.key, link))
        if points:
            rows = members(world, molecule.key)
            first = world.timeline.index(points[0][0])
            axes = tuple(range(stock.ndim - 1))
            real = stock[rows].sum(axis=axes) / daily[rows].sum(axis=axes)
            scale = np.where(np.arange(len(real)) >= first, paths[molecule] / real, 1.0)
            stock[rows] *= scale


def _house_sales(world: World, demand: Array) -> Array:
    shares = np.array(list(WHOLESALERS.values()), dtype=float)[:, None] / 100
    town = np.array([1 - item.molecule.hospital_pct / 100 for item in world.tracked])[:, None]
    flow = (demand * np.maximum(town, 0.05))[:, None, :] * shares
    return np.asarray(np.rint(flow * _noise(world.rng("house sales"), flow.shape, 0.06)))


def _house_stock(world: World, house_sales: Array) -> Array:
    daily = trailing_mean(house_sales, CURRENT_WEEKS) / 7
    paths = {m: coverage_path(world, m, "grossistes", m.house_days) for m in world.molecules}
    stock = np.array([paths[item.molecule] for item in world.tracked])[:, None, :] * daily
    stock *= drift(world.rng("house stock"), house_sales.shape, 0.17)
    _reach_targets(world, "grossistes", stock, daily, paths)
    _apply_missing_wholesaler(world, stock, daily)
    rows = members(world, stories.STOPPED_DCI)
    stock[rows[:1]] *= _left(world)
    return np.asarray(np.rint(stock))


def _apply_missing_wholesaler(world: World, stock: Array, daily: Array) -> None:
    """Story 4: the week before its delivery is missing, the wholesaler is already short of the tense group."""
    rows = members(world, stories.NATIONAL)
    if not rows.size:
        return
    house = list(WHOLESALERS).index(stories.MISSING_WHOLESALER)
    week = world.timeline.index(stories.MISSING_OFFSET) - 1
    before = stock[rows, house, week].sum()
    stock[rows, house, week] = stories.NATIONAL_MISSING_DAYS * daily[rows, house, week]
    others = np.array([j for j in range(len(WHOLESALERS)) if j != house], dtype=np.intp)
    block = np.ix_(rows, others, np.array([week]))
    given = before - stock[rows, house, week].sum()
    stock[block] *= 1 + given / stock[block].sum()
