"""State of figures that have no status of their own (declarations, sales, epidemics…): said wherever they are not up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from metrics.sources import queries as sources
from pages.components import badges, markup
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.shell import session


def note(*indicators: str) -> None:
    """One line under a heading: what is late and since when, by source. Nothing is drawn when all is up to date."""
    written = html(figures.records(session.load(sources.figure_states)), indicators)
    if written:
        markup.show(written)


def html(states: Iterable[Mapping[str, Any]], indicators: Iterable[str]) -> str:
    """The line as HTML, escaped; a source that feeds several indicators is told once."""
    wanted = set(indicators)
    late = {
        str(row["source_key"]): row
        for row in states
        if row["indicator"] in wanted and row["figure_state"] in ("en_retard", "absent")
    }
    parts = [_part(row) for row in late.values()]
    return f'<p class="vs-note vs-states" role="status" style="margin:0">{" · ".join(parts)}</p>' if parts else ""


def _part(row: Mapping[str, Any]) -> str:
    name = fr.short_title(row["title"])
    if row["figure_state"] == "absent":
        return f"{badges.pill(None, 'absent')} {escape(name)}"
    tag = badges.state_tag("en_retard", row["period_age_days"])
    return f"{tag} {escape(name)} : {escape(_decapital(str(row['state_reason'])))}"


def _decapital(text: str) -> str:
    return text[:1].lower() + text[1:]
