"""What changed since the snapshot compared with: one tab per kind of movement, the first that has some open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from metrics import methods
from metrics.declarations import queries as declarations
from metrics.field import queries as field
from metrics.review import queries as review
from metrics.signals import queries as signals
from metrics.sources import queries as sources
from metrics.territory import queries as territory
from pages.components import lists, signal_words, states, tables, templating
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.revue import declaration_lines, hint_lines, movement_lines, reception_lines
from pages.revue.movement_lines import Section

NOW = (
    "sources",
    "confirmations",
    "basculements",
    "liste",
    "signaux",
    "terrain",
)  # the state of the day, or words that say their own dates
FIRST_SNAPSHOT = "Premier instantané : les changements se liront dès le prochain rafraîchissement."
HIDDEN = f"Dates promises et basculements : {movement_lines.MASKED[:1].lower()}{movement_lines.MASKED[1:]}"


class Asked(NamedTuple):
    """What the tabs depend on: snapshot compared with, words for it, region put first, errors of the last refresh."""

    reference: str | None
    since: str
    region: str
    errors: tuple[tuple[str, str], ...]
    note: str = ""


def last_errors() -> tuple[tuple[str, str], ...]:
    """Errors of the last refresh by source, published or not."""
    found = session.last_run().get("sources", [])
    return tuple((str(line["key"]), str(line["error"])) for line in found if line.get("error"))


@block
def panel(asked: Asked, tab: str, most: int, here: Here) -> Markup:
    """Tabs, and the rows of the one chosen."""
    found = sections(asked)
    current = chosen(found, tab)
    rows = figures.records(current.rows.head(most))
    visible = session.load(declarations.is_visible)
    first = "" if asked.reference else FIRST_SNAPSHOT
    late = states.of("declaration", "promise", "public_shortage")
    return templating.macro(
        "revue/changes",
        "panel",
        here,
        f"Ce qui a changé depuis {asked.since}" if asked.reference else "À savoir",
        asked.since if asked.reference and current.key not in NOW else "",
        found,
        current,
        [movement_lines.drawn(current, row) for row in rows],
        lists.Cut(len(rows), len(current.rows)),
        [first, late, "" if visible else HIDDEN, asked.note],
    )


def table(asked: Asked, tab: str, context: Mapping[str, str]) -> None:
    """All the rows of the tab, with their files."""
    current = chosen(sections(asked), tab)
    tables.table_with_downloads(current.table, current.columns, f"revue-{current.key}", context)


def chosen(found: Sequence[Section], tab: str) -> Section:
    """The tab asked for; without one, the first that has movements."""
    asked = next((section for section in found if section.key == tab), None)
    return asked or next((section for section in found if section.count), found[0])


def sections(asked: Asked) -> list[Section]:
    """Kinds of movement, in the order in which they call for an action; that of the region first for its agency."""
    visible = session.load(declarations.is_visible)
    moved = session.load(review.review, reference=asked.reference)
    known = session.load(sources.states)
    bound = float(session.load(methods.thresholds).set_index("name")["value"].get("tipping_uncovered_pct", 0))
    compared = asked.reference is not None
    tips = moved.tipping if compared else session.load(declarations.tipping_all)
    by_department = movement_lines.departments(moved.departments, asked.region)
    found = [
        *([by_department] if asked.region else []),
        movement_lines.statuses(moved.status),
        declaration_lines.declarations(moved.declarations, moved.summary, visible=visible),
        *([declaration_lines.promises(moved.promises, visible=visible)] if visible else []),
        declaration_lines.public(moved.public, session.load(review.last_public_events), visible=visible),
        *([] if asked.region else [by_department]),
        *([declaration_lines.tipping(tips, bound, compared=compared, visible=visible)] if visible else []),
        *hints(),
        *reported(asked.region),
        *([reception_lines.to_confirm(known)] if visible else []),
        reception_lines.sources(known, dict(asked.errors), visible=visible),
    ]
    since_nothing = ("statuts", "declarations", "promesses", "departements")
    return found if compared else [section for section in found if section.key not in since_nothing]


def hints() -> list[Section]:
    """Weak signals, where a source of them was ever received."""
    known = session.load(sources.received)
    received = {str(row["source_key"]) for row in known}
    return [hint_lines.hints(session.load(signals.worsened))] if received & signal_words.NAMES.keys() else []


def reported(region: str) -> list[Section]:
    """What pharmacies and agencies report, where an alert or a signal was ever received."""
    if not session.load(sources.reporting):
        return []
    days = int(session.load(methods.thresholds).set_index("name")["value"]["field_days"])
    return [
        hint_lines.field(
            session.load(field.news, region),
            days,
            session.load(territory.regions).set_index("region")["region_name"].get(region, ""),
        )
    ]
