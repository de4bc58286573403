"""State of figures that have no status of their own (declarations, sales, epidemics…), shown wherever they are not up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import markup, templating
from pages.components.charts import figures
from pages.components.shell import session


def note(*indicators: str) -> None:
    """One line under a heading: what is late and since when, by source. Nothing is drawn when all is up to date."""
    if written := of(*indicators):
        markup.show(written)


def of(*indicators: str) -> Markup:
    """The line, for a block; empty when all is up to date."""
    return html(figures.records(session.load(sources.figure_states)), indicators)


def html(states: Iterable[Mapping[str, Any]], indicators: Iterable[str]) -> Markup:
    """The line; a source that feeds several indicators appears once."""
    wanted = set(indicators)
    late = {
        str(row["source_key"]): _displayed(row)
        for row in states
        if row["indicator"] in wanted and row["figure_state"] in ("en_retard", "absent")
    }
    return templating.macro("components/templates/parts", "states", list(late.values()))


def _displayed(row: Mapping[str, Any]) -> dict[str, Any]:
    reason = str(row["state_reason"])
    return {**row, "name": fr.short_title(row["title"]), "reason": reason[:1].lower() + reason[1:]}
