"""Files of the pharmacy panels: coverage by territory (IQVIA) and dispensed sales by region (OpenHealth)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from connectors.base import tables
from data.demo import stories
from data.demo.catalogue import Molecule
from data.demo.files import flat, french, header
from data.demo.series import Array, Series, coverage_path, drift, members
from data.demo.stocks import RECENT_WEEKS
from data.demo.timeline import IQVIA_DELAY, OPENHEALTH_DELAY, Span
from data.demo.world import World

OFF_PANEL = ("973", "976")
PANEL_SHARE = 0.7  # of the sales of the country's pharmacies
PANEL_PHARMACIES = 9000
SPREAD_BETWEEN_PHARMACIES = 0.75  # of the logarithm of their coverage
CORSICA = "94"
DETAILED_WEEKS = 8
# Age, sex and origin of parts of the boxes.
DETAILS = (
    *((f"{age};{sex};", part / 2) for age, part in (("0-19 ans", 0.7), ("20 à 64 ans", 0.2), ("65 et +", 0.1))
      for sex in ("Femme", "Homme")),
    (";;Ville", 0.88), (";;Hôpital", 0.09), (";;Inconnue", 0.03),
)  # fmt: skip
TENTHS = [french(k / 10) for k in range(4000)]


def write_iqvia(folder: Path, world: World, series: Series, span: Span) -> list[Path]:
    """One CSV per season (or week): groups the panel follows × (country, regions, departments of the panel)."""
    columns = ";".join(header("iqvia", "iqvia_coverage"))
    followed = [molecule for molecule in world.groups if molecule.pharmacy_days]
    panel = list(zip(followed, (_coverage(world, series, molecule) for molecule in followed), strict=True))
    written = []
    for weeks in span.batches(IQVIA_DELAY):
        lines = (columns, *_coverage_lines(world, panel, weeks))
        path = folder / f"iqvia_couverture_{span.title(weeks)}.csv"
        written.append(flat(path, lines, encoding="utf-8-sig", end="\r\n"))
    return written


def _coverage(world: World, series: Series, molecule: Molecule) -> tuple[Array, Array]:
    """Sales (whole boxes of the panel) and coverage (days) of a group, both departments × weeks."""
    rng = world.rng(f"panel {molecule.key}")
    population = np.array([item.population if _on_panel(item.code) else 0.0 for item in world.departments])
    national = series.demand[members(world, molecule.key)].sum(axis=0) * (1 - molecule.hospital_pct / 100) * PANEL_SHARE
    share = population / population.sum()
    sales = np.rint(share[:, None] * national * drift(rng, (len(share), len(national)), 0.06, 0.3))
    path = coverage_path(world, molecule, "officines", molecule.pharmacy_days)
    days = path * drift(rng, sales.shape, 0.08) * np.exp(rng.standard_normal((len(share), 1)) * 0.06)
    if (molecule.key, "officines") in stories.TARGETS:
        days *= path / _weighted(days, sales)
    _apply_territory_stories(world, molecule, days, sales, path)
    return sales, np.round(days, 1)


def _on_panel(code: str) -> bool:
    return code not in OFF_PANEL


def _weighted(days: Array, sales: Array) -> Array:
    return np.asarray((days * sales).sum(axis=0) / np.maximum(sales.sum(axis=0), 1))


def _apply_territory_stories(world: World, molecule: Molecule, days: Array, sales: Array, path: Array) -> None:
    """Stories 2 and 3: some departments fall; the others keep the national figure at its target."""
    story = {
        stories.DIFFUSE: (stories.DIFFUSE_DEPARTMENTS, stories.DIFFUSE_DAYS),
        stories.LOCAL: (stories.LOCAL_DEPARTMENTS, stories.LOCAL_DAYS),
    }.get(molecule.key)
    if story is None:
        return
    codes, points = story
    low = np.array([item.code in codes for item in world.departments])
    offsets = np.arange(days.shape[1]) - world.timeline.index(0)
    since = offsets >= points[0][0]
    target = np.interp(offsets, [point[0] for point in points], [point[1] for point in points])
    days[low] = np.where(since, target * (days[low] / path) ** 0.5, days[low])
    total = sales.sum(axis=0)
    fallen = (days[low] * sales[low]).sum(axis=0)
    others = (days[~low] * sales[~low]).sum(axis=0)
    days[~low] *= np.where(since, (path * total - fallen) / others, 1.0)


def _coverage_lines(world: World, panel: list[tuple[Molecule, tuple[Array, Array]]], weeks: list[int]) -> Iterator[str]:
    territories = list(_territories(world))
    pharmacies = _pharmacies(world)
    for molecule, (sales, days) in panel:
        for level, code, rows in territories:
            boxes = sales[rows].sum(axis=0)
            cover = np.round(_weighted(days[rows], sales[rows]), 1)
            before = np.concatenate([[0.0], boxes[:-1]])
            trend = np.round(100 * (boxes / np.maximum(before, 1) - 1), 1)
            start = f";{molecule.group};{level};{code};{int(pharmacies[rows].sum())};"
            shares = _levels(cover)
            for week in _answered(world, code, weeks):
                yield (
                    f"{world.timeline.label(week)}{start}{int(boxes[week])};"
                    f"{french(trend[week]) if before[week] else ''};"
                    f"{TENTHS[int(cover[week] * 10 + 0.5)] if boxes[week] else ''};{shares[week]}"
                )


def _answered(world: World, code: str, weeks: list[int]) -> list[int]:
    """Story 16: a department that stops answering leaves the figures of its region and of the country unchanged."""
    last = stories.SILENT_DEPARTMENTS.get(code)
    return weeks if last is None else [week for week in weeks if week <= world.timeline.index(last)]


def _territories(world: World) -> Iterator[tuple[str, str, list[int]]]:
    """Level, code and rows of the departments behind it."""
    on_panel = [row for row, item in enumerate(world.departments) if _on_panel(item.code)]
    yield "National", "FR", on_panel
    for region in sorted({world.departments[row].region for row in on_panel}):
        yield "Région", region, [row for row in on_panel if world.departments[row].region == region]
    for row in on_panel:
        yield "Département", world.departments[row].code, [row]


def _pharmacies(world: World) -> Array:
    population = np.array([item.population for item in world.departments], dtype=float)
    return np.asarray(np.rint(population / population.sum() * PANEL_PHARMACIES))


def _levels(cover: Array) -> list[str]:
    """Percentages of pharmacies by level (none, under 3 days, 3 to 7, 7 and more), a hundred together."""
    median = np.log(np.maximum(cover, 0.1)) - SPREAD_BETWEEN_PHARMACIES**2 / 2
    under3, under7 = (1 / (1 + np.exp(-1.702 * (np.log(d) - median) / SPREAD_BETWEEN_PHARMACIES)) for d in (3, 7))
    none = np.rint(under3 * 300).astype(int)
    low = np.rint(under3 * 1000).astype(int) - none
    medium = np.rint(under7 * 1000).astype(int) - none - low
    high = 1000 - none - low - medium
    parts = zip(none.tolist(), low.tolist(), medium.tolist(), high.tolist(), strict=True)
    return [f"{TENTHS[a]};{TENTHS[b]};{TENTHS[c]};{TENTHS[d]}" for a, b, c, d in parts]


def write_openhealth(folder: Path, world: World, series: Series, span: Span) -> list[Path]:
    """One CSV per season (or week): presentation × region of mainland France; the source stops early (story 9)."""
    columns = ";".join(field.headers[0][0] for field in tables("openhealth")["openhealth_sales"].fields)
    last = world.timeline.index(stories.LATE_SOURCE_LAST_OFFSET)
    written = []
    for batch in span.batches(OPENHEALTH_DELAY):
        weeks = [week for week in batch if week <= last]
        if weeks:
            path = folder / f"openhealth_ventes_{span.title(weeks)}.csv"
            lines = (columns, *_sales_lines(world, series, weeks), *_detailed(world, series, weeks))
            written.append(flat(path, lines, encoding="cp1252", end="\r\n"))
    return written


def _sales_lines(world: World, series: Series, weeks: list[int]) -> Iterator[str]:
    regions = _mainland(world)
    total = sum(item.population for item in world.departments)
    share = np.array([sum(d.population for d in world.departments if d.region == region) for region in regions]) / total
    rng = world.rng("openhealth")
    noise = np.exp(rng.standard_normal((len(regions), world.timeline.weeks)) * 0.03)
    prescribed = rng.uniform(0.82, 0.99, len(world.tracked))
    for row, item in enumerate(world.tracked):
        town = series.demand[row] * max(1 - item.molecule.hospital_pct / 100, 0.02)
        boxes = np.round(share[:, None] * town * noise, 1)
        first = 0 if item.molecule.group else world.timeline.index(1 - RECENT_WEEKS)
        kept = [week for week in weeks if week >= first]
        for number, region in enumerate(regions):
            values = boxes[number].tolist()
            for week in kept:
                yield (
                    f"{world.timeline.label(week)};{item.cip13};{region};{values[week]:.1f};"
                    f"{values[week] * prescribed[row]:.1f};;;"
                ).replace(".", ",")


def _detailed(world: World, series: Series, weeks: list[int]) -> Iterator[str]:
    """The same boxes again, of the national tension in one region, cut by age and sex, then by origin."""
    first, region = world.timeline.index(1 - DETAILED_WEEKS), _mainland(world)[0]
    for row, item in enumerate(world.tracked):
        if item.molecule.group != stories.NATIONAL:
            continue
        for week in (week for week in weeks if week >= first):
            boxes = float(series.demand[row][week]) / 10
            for cells, part in DETAILS:
                line = f"{world.timeline.label(week)};{item.cip13};{region};{boxes * part:.1f};"
                yield f"{line.replace('.', ',')};{cells}"


def _mainland(world: World) -> list[str]:
    """Codes of the mainland regions; overseas ones start with a zero."""
    return sorted({item.region for item in world.departments if not item.region.startswith("0")} - {CORSICA})
