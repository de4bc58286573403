"""What public records add to a molecule: closed declarations made public, generic groups, conditions of prescription."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from pages.components import declaration_rows, lists, states, tables, tokens
from pages.components import format as fr
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

_PAST = {"event_on": "Date", "kind_label": "Type", "denomination": "Spécialité", "cis": "CIS", "laboratory": "Laboratoire",
         "causes": "Causes", "is_copy": "Ligne identique à une autre"}  # fmt: skip
_CONDITIONS = {"condition": "Condition", "specialities": "Spécialités", "dci_specialities": "sur"}


@block
def past(subject_id: str) -> Markup:
    """Closed declarations of the DCI in ANSM's public release, by year."""
    seen = view.known(subject_id)
    years = figures.records(session.load(declarations.past_years, seen.dci_key))
    masked = "" if seen.may_see else declaration_rows.MASKED
    return render("molecules/past", rows=years, state=states.of("past_dci"), masked=masked)


@block
def rules(dci_key: str) -> Markup:
    """Generic groups, then conditions of prescription and dispensing, of the whole DCI."""
    groups = figures.records(session.load(referential.generic_groups, dci_key))
    conditions = figures.records(session.load(referential.conditions, dci_key))
    return render(
        "molecules/rules",
        state=states.of("generic_group"),
        groups=lists.cut(groups, lists.FIRST),
        references=sum(int(row["references_count"]) for row in groups),
        generics=sum(int(row["generics"]) for row in groups),
        is_named=bool(groups) and "label" in groups[0],
        conditions=conditions[: lists.FIRST],
    )


@kept
def _past_lines(dci_key: str) -> pd.DataFrame:
    lines = session.load(declarations.past_lines, dci_key)
    return lines.assign(
        kind_label=lines["kind"].map(tokens.KIND_LABEL), denomination=lines["denomination"].fillna(lines["name"])
    )


@kept
def _conditions(dci_key: str) -> pd.DataFrame:
    return session.load(referential.conditions, dci_key)


def past_twin(seen: View) -> None:
    """Line by line, for who may see laboratories."""
    if not seen.may_see or session.load(declarations.past_years, seen.dci_key).empty:
        return
    lines = _past_lines(seen.dci_key)
    context = {"DCI": str(seen.facts["dci"]), "Producteur": "ANSM, déclarations closes rendues publiques"}
    label = f"{fr.plural(len(lines), 'déclaration', 'déclarations')}, une par ligne : table et téléchargement"
    tables.table_twin(
        lines, _PAST, f"declarations-publiques-{seen.dci_key}", context, source="past_declaration", label=label
    )


def conditions_twin(seen: View) -> None:
    found = _conditions(seen.dci_key)
    if len(found):
        context = {"DCI": str(seen.facts["dci"]), "Données au": fr.day(seen.as_of)}
        tables.table_twin(found, _CONDITIONS, f"conditions-{seen.dci_key}", context, source="dispensing_condition",
                          label="Conditions : table et téléchargement")  # fmt: skip
