"""The molecule on one sheet of paper, to hand round: the main facts of the page, in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from connectors.language.folding import slug
from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from pages.components import declaration_rows, tables, tokens
from pages.components import format as fr
from pages.components.charts import figures, simple
from pages.components.exports import one_page
from pages.components.exports.one_page import Link, OnePage, Table
from pages.components.exports.stamp import current
from pages.components.shell import session
from pages.molecules.chain import reliable
from pages.molecules.view import View

BACK_WEEKS, AHEAD_WEEKS = 52, 11
_HEADS = ("Déclaration", "Laboratoire et présentation", "Type", "Début", "Retour promis")
_WIDTHS = (27.0, 85.0, 30.0, 22.0, 22.0)


def offer(seen: View, verdict: str, facts: Sequence[tuple[str, str, str]]) -> None:
    """One button. ``verdict`` and ``facts`` (label, value, words): those at the head of the page."""
    reader = session.reader()

    def written() -> bytes:
        weekly = coverage.weekly(reader, seen.id)
        linked = declarations.of_dci(reader, seen.dci_key) if seen.may_see else pd.DataFrame()
        return one_page.write(content(seen, verdict, facts, weekly, linked), current())

    with st.container(key="vs-sheet"):  # placed by the style sheet beside the way back, above the fold
        tables.download_file("Une page (PDF)", f"molecule-{slug(seen.id)}.pdf", one_page.MIME, written)


def content(
    seen: View, verdict: str, facts: Sequence[tuple[str, str, str]], weekly: pd.DataFrame, linked: pd.DataFrame
) -> OnePage:
    """The page as figures and words; a role that may not see laboratories gets the count alone."""
    drawn = None
    if seen.is_measured:
        drawn = simple.coverage_panels(
            reliable(weekly), seen.links, as_of=seen.as_of, back_weeks=BACK_WEEKS, ahead_weeks=AHEAD_WEEKS
        )
    return OnePage(
        seen.short,
        verdict,
        facts,
        [_link(row) for row in figures.records(seen.links)] if seen.is_measured else [],
        drawn,
        "Jours de couverture par maillon, douze mois (saison précédente en gris)",
        _declarations(seen, linked),
    )


def _link(row: dict[str, Any]) -> Link:
    state = str(row["figure_state"])
    reserve = f"{tokens.QUALIFYING[state][0]}" if state in tokens.QUALIFYING else ""
    known = state not in tokens.REPLACING
    return Link(
        str(row["label"]),
        None if fr.missing(row["status"]) else str(row["status"]),
        state,
        fr.days(row["coverage_days"]) if known else fr.UNKNOWN,
        fr.day(row["measured_on"]),
        fr.change(row["delta_4w_days"]) if known else fr.UNKNOWN,
        reserve,
    )


def _declarations(seen: View, linked: pd.DataFrame) -> Table:
    count = seen.facts["open_declarations"]
    whole = 0 if fr.missing(count) else int(count)
    title = (
        f"{fr.plural(whole, 'déclaration ouverte', 'déclarations ouvertes')} sur la DCI" if whole else "Déclarations"
    )
    if not whole:
        return Table(title, note="Aucune déclaration ouverte sur la DCI.")
    if not seen.may_see:
        return Table(title, note=declaration_rows.MASKED)
    is_open = linked[linked["status"] == "ouverte"]
    return Table(title, _HEADS, _WIDTHS, [_row(row) for row in figures.records(is_open)])


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    names = [str(row[c]) for c in ("laboratory", "denomination") if not fr.missing(row.get(c))]
    return (
        str(row["declaration_no"]),
        ", ".join(names),
        tokens.KIND_LABEL.get(str(row["kind"]), ""),
        fr.day(row["start_on"]),
        fr.day(row["expected_return_on"]),
    )
