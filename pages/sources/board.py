"""One row per source, gravest first, under tabs that count what is late, what failed and what waits for somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from metrics.sources import queries as sources
from pages.components import lists
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render
from pages.sources import account

Row = Mapping[str, Any]
EVERY = ""
ALL_SOURCES = 40  # they are few, and looked for by their absence: a tab shows all of its own at once
ORDERS = {"source": "title", "reception": "last_received_at", "lues": "rows_in", "cote": "rows_quarantined"}
# Tab of the address → its words, which sources it shows, the column it counts (sources when none), tab of the source it
# opens (its own choice when none), and what it says when it is empty.
VIEWS: dict[str, tuple[str, Callable[[Row], bool], str, str, str]] = {
    EVERY: ("Toutes", lambda _: True, "", "", "Aucune source connue."),
    "retard": ("En retard", lambda row: row["state"] == "en_retard", "", "", "Aucune source n'est en retard."),
    "echec": ("En échec", lambda row: row["has_failed"], "", "", "Aucune source n'a échoué, aucun fichier n'est refusé."),
    "jamais": ("Jamais reçues", lambda row: row["state"] == "absent", "", "", "Toutes les sources ont été reçues."),
    "corriger": ("Lignes à corriger", lambda row: bool(row["rows_waiting"]), "rows_waiting", "cote",
                 "Aucune ligne n'attend de correction."),
    "sans-effet": ("Sans effet", lambda row: row["rows_without_effect"] > 0, "rows_without_effect", "sans-effet",
                   "Toutes les lignes lues entrent dans un chiffre."),
}  # fmt: skip


@block
def board(
    here: Here, view: str, order: str, most: int, failed: tuple[str, ...], asked: tuple[tuple[str, str, int], ...]
) -> Markup:
    """Tabs, then the sources of the tab. failed: sources in error. asked: tabs of what the steward decides, with counts."""
    rows = known(failed)
    tabs = [(key, words, counted(rows, key)) for key, (words, *_) in VIEWS.items()]
    if view not in VIEWS:
        return render("sources/board", here=here, tabs=[*tabs, *asked], view=view, rows=None)
    _, keep, _, opens, nothing = VIEWS[view]
    kept = [row for row in rows if keep(row)]
    if order:
        kept, order = lists.sorted_by(kept, order, ORDERS, "source")
    shown, cut = lists.cut(kept, max(most, ALL_SOURCES))
    return render("sources/board", here=here, tabs=[*tabs, *asked], view=view, order=order, rows=shown, cut=cut,
                  nothing=nothing, opens=opens)  # fmt: skip


def known(failed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Sources, gravest first, as the rows of the list say them."""
    states = account.gravest_first(figures.records(session.load(sources.states)), failed)
    return [row | _displayed(row, failed) for row in states]


def counted(rows: list[dict[str, Any]], view: str) -> int:
    _, keep, column, _, _ = VIEWS[view]
    kept = [row for row in rows if keep(row)]
    return int(sum(row[column] or 0 for row in kept)) if column else len(kept)


def _displayed(row: Row, failed: tuple[str, ...]) -> dict[str, Any]:
    return {
        "has_failed": account.has_failed(row, failed),
        "sign": account.state_sign(row, failed),
        "rows_without_effect": row.get("rows_without_effect") or 0,
    }
