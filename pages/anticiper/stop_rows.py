"""Discontinuations on screen: the list, and the cells that it shares with the page of one stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from pages.anticiper import stop_choice
from pages.anticiper import stop_words as words
from pages.anticiper.stop_choice import Choice
from pages.components import lists, templating
from pages.components.blocks import block
from pages.components.links import Here
from pages.components.templating import render

CELLS = "anticiper/stop_cells"
SOONEST = "proche"
ORDERS = {SOONEST: "place", "dossier": "stop_no", "nom": "folded_name", "arret": "stop_on", "part": "share",
          "declarations": "open_declarations", "couverture": "others_after_days"}  # fmt: skip

Row = Mapping[str, Any]


def order(wanted: str) -> str:
    """The order of the address, when the list knows it."""
    return wanted if wanted.removeprefix("-") in ORDERS else SOONEST


@block
def board(chosen: Choice, here: Here, wanted: str, most: int) -> Markup:
    """Tabs with their counts, views, then the first stops in the order asked for."""
    ordered, current = lists.sorted_by(stop_choice.rows(chosen), wanted, ORDERS, SOONEST)
    shown, cut = lists.cut(ordered, most, lists.HEAVY)
    return render(
        "anticiper/stops",
        here=here,
        chosen=chosen,
        tabs=[(when, label, stop_choice.count(chosen, when=when)) for when, label in words.WHEN.items()],
        views=[
            (view, label, words.VIEWS[view], stop_choice.count(chosen, view=view))
            for view, label in words.SHORT_VIEWS.items()
        ],
        order=current,
        rows=displayed(shown),
        cut=cut,
    )


def displayed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Stops with their name in words."""
    return [{**row, "name": words.name(row)} for row in rows]


def shares(row: Row) -> Markup:
    """What the laboratory says, and what its sales say."""
    return templating.macro(CELLS, "shares", row)
