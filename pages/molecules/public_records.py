"""What public records add to a molecule: closed declarations made public, generic groups, conditions of prescription."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from pages.components import declaration_rows, markup, states, tables, tokens
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.molecules.view import View

MOST_LINES = 20
_PAST = {"event_on": "Date", "kind_label": "Type", "denomination": "Spécialité", "cis": "CIS", "laboratory": "Laboratoire",
         "causes": "Causes", "is_copy": "Ligne identique à une autre"}  # fmt: skip
_GROUPS = {"generic_group": "Groupe", "label": "Libellé", "references_count": "Princeps", "generics": "Génériques",
           "unlisted": "Absentes du référentiel"}  # fmt: skip
_CONDITIONS = {"condition": "Condition", "specialities": "Spécialités", "dci_specialities": "sur"}


def past(seen: View) -> None:
    """Closed declarations of the DCI in ANSM's public release, by year; line by line for who may see laboratories."""
    frame.section(
        "Déclarations closes rendues publiques",
        "DCI entière ; diffusion de l'ANSM, déclarations closes seulement, sans date de clôture",
    )
    states.note("past_dci")
    years = session.load(declarations.past_years, seen.dci_key)
    if years.empty:
        markup.show('<p class="vs-empty-line">Aucune ligne sur cette DCI dans la diffusion reçue.</p>')
        return
    rows = "".join(f"<tr>{_year(row)}</tr>" for row in figures.records(years))
    head = "".join(f"<th>{name}</th>" for name in ("Année", "Déclarations", "Spécialités", "Laboratoires", "Dernière"))
    markup.show(f'<table class="vs-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>')
    if not seen.may_see:
        markup.show(f'<p class="vs-note">{declaration_rows.MASKED}</p>')
        return
    total = int(years["lines"].sum())
    with st.expander(fr.plural(total, "déclaration", "déclarations, une par ligne")):
        _past_lines(seen)


def _year(row: Mapping[str, Any]) -> str:
    kinds = [fr.plural(row["ruptures"], "rupture", "ruptures"), fr.plural(row["risks"], "risque", "risques")]
    copies = int(row["copies"])
    if copies:
        kinds.append(fr.plural(copies, "ligne identique à une autre", "lignes identiques à d'autres"))
    cells = (
        str(row["year"]),
        f"{fr.number(row['lines'])} {declaration_rows.note(', '.join(kinds))}",
        *(fr.number(row[name]) for name in ("specialities", "laboratories")),
        fr.day(row["last_event_on"]),
    )
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _past_lines(seen: View) -> None:
    lines = session.load(declarations.past_lines, seen.dci_key)
    named = lines.assign(
        kind_label=lines["kind"].map(tokens.KIND_LABEL), denomination=lines["denomination"].fillna(lines["name"])
    )
    context = {"DCI": str(seen.facts["dci"]), "Producteur": "ANSM, déclarations closes rendues publiques"}
    tables.table_twin(named, _PAST, f"declarations-publiques-{seen.dci_key}", context, source="past_declaration")


def rules(seen: View) -> None:
    """Generic groups, then conditions of prescription and dispensing, of the whole DCI."""
    frame.section(
        "Groupes génériques, prescription et délivrance", "DCI entière ; Base de données publique des médicaments"
    )
    states.note("generic_group")
    markup.show(_groups(session.load(referential.generic_groups, seen.dci_key)))
    conditions = session.load(referential.conditions, seen.dci_key)
    markup.show(_conditions(conditions))
    if len(conditions):
        context = {"DCI": str(seen.facts["dci"]), "Données au": fr.day(seen.as_of)}
        tables.table_twin(conditions, _CONDITIONS, f"conditions-{seen.dci_key}", context, source="dispensing_condition")


def _groups(groups: pd.DataFrame) -> str:
    if groups.empty:
        return '<p class="vs-empty-line">Aucun groupe générique publié pour cette DCI.</p>'
    counts = ", ".join(
        (
            fr.plural(len(groups), "groupe générique", "groupes génériques"),
            f"{fr.number(groups['references_count'].sum())} princeps",
            fr.plural(groups["generics"].sum(), "générique au référentiel", "génériques au référentiel"),
        )
    )
    if "label" not in groups:
        return f'<p style="margin:0">{counts}.</p>'
    shown = "".join(f"<li>{_group(row)}</li>" for row in figures.records(groups.head(MOST_LINES)))
    more = f" ; {fr.number(len(groups) - MOST_LINES)} autres" if len(groups) > MOST_LINES else ""
    return f'<p style="margin:0">{counts}{more} :</p><ul style="margin:.2rem 0 .4rem">{shown}</ul>'


def _group(row: Mapping[str, Any]) -> str:
    told = [f"{fr.number(row['references_count'])} princeps", fr.plural(row["generics"], "générique", "génériques")]
    label = str(row["label"]).rstrip(". ")
    return f"{escape(label)} {declaration_rows.note(', '.join(told))}"


def _conditions(conditions: pd.DataFrame) -> str:
    if conditions.empty:
        return '<p class="vs-empty-line">Aucune condition de prescription ni de délivrance publiée pour cette DCI.</p>'
    shown = " ; ".join(_condition(row) for row in figures.records(conditions.head(MOST_LINES)))
    return f'<p style="margin:0">Prescription et délivrance : {shown}.</p>'


def _condition(row: Mapping[str, Any]) -> str:
    """How many of its specialities, when not all of them."""
    count, total = int(row["specialities"]), int(row["dci_specialities"])
    part = (
        ""
        if count == total
        else f" {declaration_rows.note(f'({fr.number(count)} spécialités sur {fr.number(total)})')}"
    )
    return f"{escape(str(row['condition']))}{part}"
