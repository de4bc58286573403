"""Lists beside and under the map: departments or regions from the most to the least affected, then all of them by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from pages.components import lists
from pages.components.blocks import block
from pages.components.charts import figures, maps
from pages.components.templating import render
from pages.territoires.choices import RANKINGS, Choice
from pages.territoires.layers import view
from pages.territoires.views import Mark, View, ranked


@block
def ranking(choice: Choice, most: int) -> Markup:
    """Departments of the place shown, or regions, gravest first."""
    shown, here = view(choice), choice.here
    is_regions = choice.ranking == "regions" and bool(shown.regions) and choice.region is None
    rows = [] if shown.is_empty else _regions(shown, choice) if is_regions else _departments(shown, choice)
    shown_rows, left = lists.cut(rows, most, lists.BESIDE)
    return render(
        "territoires/ranking",
        where=choice.region_name,
        counted=shown.counted or shown.title,
        here=here,
        nothing=shown.nothing,
        rankings=list(RANKINGS.items()) if shown.regions and choice.region is None and not shown.is_empty else [],
        ranking="regions" if is_regions else "departements",
        rows=shown_rows,
        left=left,
        nouns=_nouns(choice, is_regions=is_regions),
    )


def _nouns(choice: Choice, *, is_regions: bool) -> tuple[str, str]:
    """Of what is ranked: of the country, only the departments measured."""
    if is_regions:
        return "région", "régions"
    return ("département", "départements") if choice.region else ("département mesuré", "départements mesurés")


def _departments(shown: View, choice: Choice) -> list[dict[str, Any]]:
    rows = figures.records(ranked(shown, choice.region))
    return [_line(row["name"], choice.here.but(**{maps.PARAMETER: row["department"]}), shown.mark(row)) for row in rows]


def _regions(shown: View, choice: Choice) -> list[dict[str, Any]]:
    here = choice.here
    return [_line(row["region_name"], here.but(**{maps.REGION: row["region"]}), mark) for row, mark in shown.regions]


def _line(name: str, address: str, mark: Mark) -> dict[str, Any]:
    return {"name": name, "href": address, "mark": mark}


@block
def places(choice: Choice) -> Markup:
    """Every department by name, with what the map shows of it: the map by keyboard. A map that shows nothing has none."""
    shown = view(choice)
    if shown.is_empty:
        return Markup()
    table = shown.table if choice.region is None else shown.table[shown.table["region"] == choice.region]
    rows = sorted(figures.records(table), key=_by_name)
    links = [
        {
            **_line(row["name"], choice.near.but(**{maps.PARAMETER: row["department"]}), shown.mark(row)),
            "code": row["department"],
        }
        for row in rows
    ]
    return render("territoires/places", rows=links, title=shown.title, where=choice.region_name)


def _by_name(row: Mapping[str, Any]) -> str:
    return unicodedata.normalize("NFD", str(row["name"])).encode("ascii", "ignore").decode().lower()
