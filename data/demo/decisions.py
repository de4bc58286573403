"""Workbook of the agency's decisions on sales references, called for by the campaign of story 8."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from data.building.box_size import box_size
from data.building.substances import dci_key
from data.demo import stories
from data.demo.files import Cell, Page, header, workbook
from data.demo.timeline import Span
from data.demo.world import World

DECIDED_BEFORE_ANCHOR = timedelta(days=20)
MANUAL_REASON = "Campagne de vaccination : les ventes passées sont sans rapport avec la demande"
EXCLUDED_GROUP = "amoxicilline-susp-250"
EXCLUDED_REASON = "Épidémie exceptionnelle : ventes hors de toute proportion"
SIZE_REASON = "Libellé relu sur la boîte"
AUTHOR = "Équipe plan hivernal (fictif)"


def write_references(folder: Path, world: World, span: Span) -> list[Path]:
    """One workbook, on the day of the decisions."""
    decided = world.timeline.anchor - DECIDED_BEFORE_ANCHOR
    if not span.covers(decided):
        return []
    titles = ("Références de ventes – données fictives", "")
    pages = (
        Page("Références", titles, header("references", "references_manual"), list(_manual(world))),
        Page("Mois exclus", titles, header("references", "references_excluded"), list(_excluded(world))),
        Page("Tailles de boîte", titles, header("references", "references_size"), list(_sizes(world))),
    )
    return [workbook(folder / f"references_{decided.isoformat()}.xlsx", pages)]


def _manual(world: World) -> Iterator[list[Cell]]:
    """The usual sales multiplied as the campaign did, for both links, from its first week."""
    usual = world.dci_boxes.get(stories.CAMPAIGN_DCI)
    if usual:
        since = world.timeline.monday(world.timeline.index(stories.CAMPAIGN_FROM_OFFSET))
        monthly = round(usual * stories.CAMPAIGN_FACTOR * 52 / 12, -2)
        for link in ("Exploitants", "Grossistes"):
            yield [f"dci:{dci_key(stories.CAMPAIGN_DCI)}", link, monthly, since, None, MANUAL_REASON, AUTHOR]


def _excluded(world: World) -> Iterator[list[Cell]]:
    """January of the last winter, for one group."""
    if any(molecule.key == EXCLUDED_GROUP for molecule in world.molecules):
        yield [EXCLUDED_GROUP, date(world.timeline.anchor.year, 1, 1), EXCLUDED_REASON]


def _sizes(world: World) -> Iterator[list[Cell]]:
    """One box sized by hand, as its label says: the screen shows who typed it, no figure moves."""
    known = ((item, box_size(item.label)) for item in world.presentations if item.tracked)
    item, size = next(((item, size) for item, size in known if size), (None, None))
    if item and size:
        yield [item.cip13, size.units, size.unit_word, SIZE_REASON, AUTHOR]
