"""Files of Météo-France vigilance: one map per day at 06h, with the heat phenomenon in summer only."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from data.demo.files import flat
from data.demo.timeline import Span
from data.demo.world import World

HEAT, STORMS, WIND, AVALANCHES = "6", "3", "1", "8"
SUMMER_STARTS, SUMMER_ENDS = (6, 1), (9, 15)
SMALL_STARTS, SMALL_ENDS = (8, 1), (8, 20)
# Two heat waves a summer: first day (month, day), length in days, regions in the order they are reached.
HEAT_WAVES = (
    ((6, 27), 8, ("93", "76", "84", "75")),
    ((8, 6), 11, ("76", "93", "84", "75", "27", "52", "24", "11", "44")),
)
RED_REGIONS = ("76", "84")
NOT_DEPARTMENTS = ("FRA", "99", "3010")  # country, groups and coastal strips are published beside departments


def write_vigilance(folder: Path, world: World, span: Span) -> list[Path]:
    """The summer's maps, then the map of the day; the phenomenon is absent out of season, not green."""
    days = {day for day in _summer(world) if span.covers(day)} | {span.day}
    return [flat(folder / f"CDP_CARTE_EXTERNE_{day}T040005Z.json", [_map(world, day)]) for day in sorted(days)]


def _summer(world: World) -> list[date]:
    """Days of the last summer begun by the anchor and of the one the horizon may reach."""
    starts, ends = (SUMMER_STARTS, SUMMER_ENDS) if world.scale == "full" else (SMALL_STARTS, SMALL_ENDS)
    anchor = world.timeline.anchor
    last = anchor.year if anchor >= date(anchor.year, *starts) else anchor.year - 1
    days = []
    for year in (last, last + 1):
        first, count = date(year, *starts), (date(year, *ends) - date(year, *starts)).days + 1
        days += [first + timedelta(days=k) for k in range(count)]
    return days


def _in_season(day: date) -> bool:
    return SUMMER_STARTS <= (day.month, day.day) <= SUMMER_ENDS


def _map(world: World, day: date) -> str:
    tomorrow = day + timedelta(days=1)
    periods = [_period(world, day, "J", f"{day}T04:00:00Z"), _period(world, tomorrow, "J1", f"{day}T22:00:00Z")]
    highest = max(colour for moment in (day, tomorrow) for colour in (1, *_colours(world, moment).values()))
    product = {
        "warning_type": "vigilance",
        "type_cdp": "cdp_carte_externe",
        "version_vigilance": "V6",
        "version_cdp": "1.0.0",
        "update_time": f"{day}T04:00:05Z",
        "domain_id": "FRA",
        "global_max_color_id": str(highest),
        "periods": periods,
    }
    return json.dumps({"product": product}, ensure_ascii=False, separators=(",", ":"))


def _period(world: World, day: date, name: str, begin: str) -> dict[str, object]:
    """The colours of a day, as forecast from ``begin``."""
    colours = _colours(world, day)
    hexagon = [(item.code, item.region) for item in world.departments if len(item.code) == 2]
    domains = [_domain(code, region, colours.get(code, 1), day, begin) for code, region in hexagon]
    highest = max((1, *colours.values()))
    domains += [_domain(code, "", highest, day, begin) for code in NOT_DEPARTMENTS]
    return {
        "echeance": name,
        "begin_validity_time": begin,
        "end_validity_time": _end(day),
        "timelaps": {"domain_ids": domains},
    }


def _end(day: date) -> str:
    """Like on the real map, a day ends at 22h UTC."""
    return f"{day}T22:00:00Z"


def _domain(code: str, region: str, heat: int, day: date, begin: str) -> dict[str, object]:
    """One domain with its phenomena; the heat is absent out of season."""
    phenomena = [(HEAT, heat)] if _in_season(day) else [(AVALANCHES, 1)] if region in ("84", "93") else []
    phenomena += [(STORMS, 1), (WIND, 1)]
    return {
        "domain_id": code,
        "max_color_id": max(colour for _, colour in phenomena),
        "phenomenon_items": [
            {
                "phenomenon_id": phenomenon,
                "phenomenon_max_color_id": colour,
                "timelaps_items": [{"begin_time": begin, "end_time": _end(day), "color_id": colour}],
            }
            for phenomenon, colour in phenomena
        ],
    }


def _colours(world: World, day: date) -> dict[str, int]:
    """Heat colour by department: yellow on the edges of a wave, orange inside, red at its heart."""
    colours: dict[str, int] = {}
    for (month, monthday), length, regions in HEAT_WAVES:
        rank = (day - date(day.year, month, monthday)).days
        if not 0 <= rank < length:
            continue
        strength = 1 - abs(rank - (length - 1) / 2) / (length / 2)
        local = world.rng(f"heat {day.year} {month}").uniform(-0.25, 0.25, len(world.departments))
        for item, noise in zip(world.departments, local, strict=True):
            if item.region in regions and len(item.code) == 2:
                felt = strength + float(noise) - 0.06 * regions.index(item.region)
                red = 4 if item.region in RED_REGIONS and felt > 0.95 else 3
                colours[item.code] = int(np.select([felt > 0.55, felt > 0.15], [red, 2], 1))
    return colours
