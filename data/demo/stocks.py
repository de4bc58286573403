"""Stock files: one workbook per wholesaler (weekly file, Point Stock on demand), one for all laboratories (TracStocks)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from data.demo import stories
from data.demo.files import Cell, Page, header, plain_header, slug, workbook
from data.demo.series import CURRENT_WEEKS, Array, Series, members, trailing_mean
from data.demo.timeline import POINTSTOCK_DELAY, TRACSTOCKS_DELAY, WHOLESALERS_DELAY, Span
from data.demo.world import WHOLESALERS, Presentation, World
from data.reference.plans import plans

# DCI outside the plans are followed for this many weeks only: enough for a reference over twelve months.
RECENT_WEEKS = 60
SUPPLY_WEEKS = 13  # laboratories announce about three months ahead
SUPPLY_HISTORY_WEEKS = 56

# Habits of some wholesalers: other header spellings, codes typed as numbers.
OTHER_HEADERS = {"GROSSISTE D": 1, "GROSSISTE F": 2}
NUMERIC_CODES = "GROSSISTE E"
CARELESS_WHOLESALER = "GROSSISTE B"
CARELESS_WEEKS = 6  # mistyped lines are only in what was sent lately
WITH_NAMES = ("GROSSISTE A", "GROSSISTE G")  # the others leave the optional name of the product empty


def write_grossistes(folder: Path, world: World, series: Series, span: Span) -> list[Path]:
    """The weekly file: one workbook per wholesaler and season (or week); a wholesaler may be missing one week."""
    written = []
    references = _references(world, series)
    for number, house in enumerate(WHOLESALERS):
        for batch in span.batches(WHOLESALERS_DELAY):
            weeks = [week for week in batch if not _is_missing(world, house, week)]
            if weeks:
                path = folder / f"hebdo_{slug(house)}_{span.title(weeks)}.xlsx"
                written.append(workbook(path, [_house_page(world, series, house, number, weeks, references)]))
    return written


def write_pointstock(folder: Path, world: World, series: Series, span: Span) -> list[Path]:
    """Story 14: each wholesaler answers a request, once, on some presentations; the week it does is not sent again."""
    written = []
    for offset, key in stories.POINTSTOCK_REQUESTS:
        week = world.timeline.index(offset)
        if not span.covers(span.published(week, POINTSTOCK_DELAY)):
            continue
        for number, house in enumerate(WHOLESALERS):
            stock, sales = (values[:, number, week] for values in (series.house_stock, series.house_sales))
            rows: list[list[Cell]] = [
                [
                    world.timeline.label(week),
                    house,
                    world.tracked[row].cip13,
                    None,
                    float(stock[row]),
                    float(sales[row]),
                ]
                for row in members(world, key)
            ]
            if rows:
                page = Page(
                    "Stocks",
                    (f"Point Stock {house} – données fictives", ""),
                    header("pointstock", "pointstock_stock"),
                    rows,
                )
                written.append(workbook(folder / f"pointstock_{slug(key)}_{slug(house)}.xlsx", [page]))
    return written


Reference = tuple[float, date, date]


def _references(world: World, series: Series) -> dict[str, Reference]:
    """What all wholesalers sold of each presentation of the summer plan over the last whole summer, with its days."""
    anchor = world.timeline.anchor
    year = anchor.year if anchor >= date(anchor.year, *stories.SUMMER_ENDS) else anchor.year - 1
    first, last = date(year, *stories.SUMMER_STARTS), date(year, *stories.SUMMER_ENDS)
    weeks = [w for w in range(world.timeline.weeks) if first <= world.timeline.monday(w) <= last - timedelta(days=6)]
    followed = {group.id for plan in plans() if plan.denominator_of("grossistes") == "members" for group in plan.groups}
    if not weeks:
        return {}
    days = world.timeline.monday(weeks[0]), world.timeline.monday(weeks[-1]) + timedelta(days=6)
    sold = series.house_sales[:, :, weeks].sum(axis=(1, 2)).tolist()
    return {item.cip13: (sold[row], *days) for row, item in enumerate(world.tracked) if item.molecule.group in followed}


def _is_missing(world: World, house: str, week: int) -> bool:
    return house == stories.MISSING_WHOLESALER and world.timeline.offset(week) == stories.MISSING_OFFSET


def _house_page(
    world: World, series: Series, house: str, number: int, weeks: list[int], references: dict[str, Reference]
) -> Page:
    rows = list(_house_rows(world, series, house, number, weeks, references))
    if house == CARELESS_WHOLESALER:
        rows += _careless_house_rows(world, house, weeks)
    return Page(
        "Stocks",
        (f"Stocks hebdomadaires {house} – données fictives", ""),
        plain_header("grossistes", "grossistes_stock", OTHER_HEADERS.get(house, 0)),
        rows,
        _totals(rows, (4, 5)),
    )


def _totals(rows: list[list[Cell]], columns: tuple[int, ...]) -> list[Cell]:
    """A line partners like to add, and that must not be counted as a product."""
    sums = [sum(cell for row in rows if isinstance(cell := row[k], float)) for k in columns]
    return ["Total", *[None] * (columns[0] - 1), *sums]


def _house_rows(
    world: World, series: Series, house: str, number: int, weeks: list[int], references: dict[str, Reference]
) -> Iterator[list[Cell]]:
    items, named = list(enumerate(world.tracked)), house in WITH_NAMES
    for week in weeks:
        label, offset = world.timeline.label(week), world.timeline.offset(week)
        stock, sales = (values[:, number, week].tolist() for values in (series.house_stock, series.house_sales))
        for row, item in items:
            if _is_listed(house, item, offset):
                code = float(item.cip13) if house == NUMERIC_CODES else item.cip13
                line: list[Cell] = [label, house, code, item.denomination if named else None, stock[row], sales[row]]
                reference = references.get(item.cip13)
                if reference and reference[2] < world.timeline.monday(week):
                    line += [None, *reference]
                yield line


def _is_listed(house: str, item: Presentation, offset: int) -> bool:
    group = item.molecule.group
    if not item.molecule.house_days:  # what laboratories sell to hospitals directly
        return False
    if item.molecule.key == stories.FLASH_DCI or (not group and offset <= -RECENT_WEEKS):
        return False
    unlisted = house == stories.UNLISTED_WHOLESALER and group == stories.UNLISTED_GROUP
    return not (unlisted and offset >= stories.UNLISTED_FROM_OFFSET)


def _careless_house_rows(world: World, house: str, weeks: list[int]) -> list[list[Cell]]:
    """Story 10: three rows to be quarantined in the last file of the history, one in each later file."""
    offset = world.timeline.offset(weeks[-1])
    if offset < -CARELESS_WEEKS:
        return []
    label, item = world.timeline.label(weeks[-1]), world.tracked[0]
    wrong: list[list[Cell]] = [
        [label, house, stories.WRONG_CIP13, "Référence à vérifier", 120.0, 14.0],
        [label, house, item.cip13, item.denomination, -35.0, 12.0],
        [f"{stories.WRONG_YEAR}-S02", house, item.cip13, item.denomination, 410.0, 55.0],
    ]
    return wrong if len(weeks) > 1 else wrong[:1]


def write_tracstocks(folder: Path, world: World, series: Series, span: Span) -> list[Path]:
    """One workbook for all laboratories, sent by the trusted third party, a season or a week at a time."""
    written = []
    for weeks in span.batches(TRACSTOCKS_DELAY):
        rows = [*_lab_rows(world, series, weeks), *_careless_lab_rows(world, weeks)]
        titles, supplies = ("TracStocks – données fictives", ""), _supplies(world, series, weeks)
        pages = (
            Page("Stocks", titles, header("tracstocks", "tracstocks_stock"), rows, _totals(rows, (4,))),
            Page("Approvisionnements", titles, header("tracstocks", "tracstocks_supply"), supplies),
        )
        written.append(workbook(folder / f"tracstocks_{span.title(weeks)}.xlsx", pages))
    return written


def _lab_rows(world: World, series: Series, weeks: list[int]) -> Iterator[list[Cell]]:
    four_weeks = np.rint(trailing_mean(series.lab_sales, CURRENT_WEEKS) * CURRENT_WEEKS)
    columns = (series.lab_stock, series.usual_monthly, four_weeks, series.lab_sales)
    silent = _silent(world)
    for week in weeks:
        label, offset = world.timeline.label(week), world.timeline.offset(week)
        figures = np.stack([values[:, week] for values in columns], axis=1)
        _mistype_stock(world, figures, offset)
        monthly = _monthly(world)
        for item, numbers in zip(world.tracked, figures.tolist(), strict=True):
            if (
                item.cip13 != silent
                and _is_reported(world, item, week, monthly)
                and (item.molecule.group or offset > -RECENT_WEEKS)
            ):
                yield [label, item.laboratory, item.cip13, item.denomination, *numbers]


def _monthly(world: World) -> str:
    """Story 13: the presentation whose laboratory sends one stock per month; empty when it is not in this world."""
    rows = members(world, stories.MONTHLY_GROUP)
    return world.tracked[rows[stories.MONTHLY_PRESENTATION]].cip13 if rows.size else ""


def _is_reported(world: World, item: Presentation, week: int, monthly: str) -> bool:
    """Whether a laboratory reports this week: every week, the last Sunday of a month, or once when it was asked."""
    if item.molecule.key == stories.FLASH_DCI:
        return world.timeline.offset(week) == stories.FLASH_OFFSET
    sunday = world.timeline.monday(week) + timedelta(days=6)
    return item.cip13 != monthly or (sunday + timedelta(days=7)).month != sunday.month


def _silent(world: World) -> str | None:
    """Story 4: the presentation that its laboratory has never reported."""
    rows = members(world, stories.SILENT_GROUP)
    return world.tracked[int(rows[stories.SILENT_PRESENTATION])].cip13 if rows.size else None


def _mistype_stock(world: World, figures: Array, offset: int) -> None:
    """Story 11: one laboratory writes its stock in thousands of boxes."""
    rows = members(world, stories.MISTYPED_GROUP)
    if offset == stories.MISTYPED_OFFSET and rows.size > stories.MISTYPED_PRESENTATION:
        figures[rows[stories.MISTYPED_PRESENTATION], 0] /= stories.MISTYPED_DIVISOR


def _careless_lab_rows(world: World, weeks: list[int]) -> list[list[Cell]]:
    """Story 10: rows to be quarantined at the end of the history's last file."""
    if world.timeline.offset(weeks[-1]) < -CARELESS_WEEKS or len(weeks) == 1:
        return []
    label, item = world.timeline.label(weeks[-1]), world.tracked[1]
    start: list[Cell] = [label, item.laboratory]
    return [
        [*start, stories.WRONG_CIP13, "Référence à vérifier", 4200.0, 3900.0, 3600.0, 900.0],
        [*start, item.cip13, item.denomination, -1800.0, 3900.0, 3600.0, 900.0],
        [*start, item.cip13, item.denomination, "n.c.", 3900.0, 3600.0, 900.0],
    ]


def _supplies(world: World, series: Series, weeks: list[int]) -> Iterator[Sequence[Cell]]:
    """Next supplies of each presentation as announced each week; far ones come later than announced."""
    rng = world.rng("supplies")
    period = rng.integers(4, 9, len(world.tracked)).tolist()
    phase = rng.integers(0, 8, len(world.tracked)).tolist()
    slip = rng.integers(0, 3, (len(world.tracked), world.timeline.weeks + 40)).tolist()
    silent = _silent(world)
    for week in weeks:
        if world.timeline.offset(week) <= -SUPPLY_HISTORY_WEEKS:
            continue
        label, monday = world.timeline.label(week), world.timeline.monday(week)
        usual, monthly = series.usual_monthly[:, week].tolist(), _monthly(world)
        for row, item in enumerate(world.tracked):
            if series.lab_stock[row, week] == 0 or item.cip13 == silent or not _is_reported(world, item, week, monthly):
                continue  # discontinued, or not reported this week
            first = period[row] - (week + phase[row]) % period[row]
            for ahead in range(first, SUPPLY_WEEKS + 1, period[row]):
                announced = max(ahead - (slip[row][week + ahead] if ahead > 4 else 0), 1)
                planned = monday + timedelta(weeks=announced, days=row % 5)
                boxes = round(usual[row] * period[row] * 12 / 52 / 10) * 10.0
                yield label, item.laboratory, item.cip13, planned, max(boxes, 10.0)
    if world.timeline.offset(weeks[-1]) >= -CARELESS_WEEKS and len(weeks) > 1:
        item = world.tracked[2]
        yield world.timeline.label(weeks[-1]), item.laboratory, item.cip13, "31/02/2027", 1500.0
