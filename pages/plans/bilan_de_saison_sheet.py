"""The report of a season on one sheet of paper, in the words of the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import format as fr
from pages.components import tables
from pages.components.charts import figures
from pages.components.exports import one_page
from pages.components.exports.one_page import OnePage, Table
from pages.components.exports.stamp import current
from pages.components.shell import session
from pages.plans import season, season_chart

_HEADS = ("Médicament suivi", "Maillon", "Sous la borne", "Acceptable", "Satisfaisant", "Sans chiffre")
_WIDTHS = (70.0, 44.0, 20.0, 18.0, 18.0, 16.0)


def offer(plan_id: str, name: str) -> None:
    """One button."""
    reader = session.reader()

    def load(query: Any, *arguments: Any) -> Any:
        return query(reader, *arguments)

    def written() -> bytes:
        return one_page.write(sheet(load, plan_id, name), current())

    with st.container(key="vs-sheet"):
        tables.download_file("Une page (PDF)", f"bilan-{plan_id}-{name}.pdf", one_page.MIME, written)


def sheet(load: season.Load, plan_id: str, name: str) -> OnePage:
    """Answer, facts, time axis and days of each medicine."""
    found = season.read(load, plan_id, name)
    figure, *_ = season_chart.draw(load, found, scale=1.0)
    lines = [
        (str(row["medicine"]), str(row["label"]), *(fr.number(row[key]) for key in season.COUNTED))
        for row in figures.records(season.gravest(found.links))
    ]
    return OnePage(
        f"Bilan de saison : {found.plan['title']}, {season.named(found)}",
        " ".join(season.answer(found)),
        season.facts(found),
        [],
        figure,
        "Niveaux, médicaments sous leur borne et pression extérieure",
        Table("Jours par médicament et par maillon, les plus longs sous la borne d'abord", _HEADS, _WIDTHS, lines),
        [season.CAUTION],
    )
