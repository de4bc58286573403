"""What public records add to a molecule: closed declarations made public, generic groups, conditions of prescription."""

from __future__ import annotations

from functools import partial

import pandas as pd
from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from pages.components import format as fr
from pages.components import lists, states, tables, tokens
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

_PAST = {"event_on": "Date", "kind_label": "Type", "denomination": "Spécialité", "cis": "CIS", "laboratory": "Laboratoire",
         "causes": "Causes", "is_copy": "Ligne identique à une autre"}  # fmt: skip
_PRESENTATIONS = {"cip13": "CIP13", "cis": "CIS", "denomination": "Spécialité", "label": "Présentation",
                  "holder": "Titulaire", "atc": "ATC", "is_mitm": "MITM", "marketing_state": "Commercialisation"}  # fmt: skip
_CONDITIONS = {"condition": "Condition", "specialities": "Spécialités", "dci_specialities": "sur"}


@block
def past(subject_id: str) -> Markup:
    """Closed declarations of the DCI in ANSM's public release, by year."""
    seen = view.known(subject_id)
    years = figures.records(session.load(declarations.past_years, seen.dci_key))
    return render("molecules/past", rows=years, state=states.of("past_dci"))


@block
def rules(subject_id: str) -> Markup:
    """Generic groups, conditions of prescription and dispensing, of the whole DCI; presentations of the subject."""
    dci_key = view.known(subject_id).dci_key
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
        presentations=_counted(session.load(referential.presentations, subject_id)),
    )


def _counted(found: pd.DataFrame) -> str:
    mitm = int(found["is_mitm"].fillna(value=False).sum()) if len(found) else 0
    counts = [
        fr.plural(len(found), "présentation", "présentations"),
        fr.plural(found["cis"].nunique(), "spécialité", "spécialités"),
        *([fr.plural(found["holder"].nunique(), "titulaire", "titulaires")] if "holder" in found else []),
        f"{fr.plural(mitm, 'présentation', 'présentations')} de MITM",
    ]
    return " · ".join(counts)


@kept
def _counts(subject_id: str, dci_key: str) -> tuple[int, int, int]:
    """Closed declarations made public, conditions, presentations."""
    years = session.load(declarations.past_years, dci_key)
    conditions, presentations = (
        session.load(referential.conditions, dci_key),
        session.load(referential.presentations, subject_id),
    )
    return int(years["lines"].sum()) if len(years) else 0, len(conditions), len(presentations)


def past_twin(seen: View) -> None:
    """Line by line, for who may see laboratories."""
    count = _counts(seen.id, seen.dci_key)[0]
    if not seen.may_see or not count:
        return
    context = {"DCI": str(seen.facts["dci"]), "Producteur": "ANSM, déclarations closes rendues publiques"}
    label = f"{fr.plural(count, 'déclaration', 'déclarations')}, une par ligne : table et téléchargement"
    name = f"declarations-publiques-{seen.dci_key}"
    tables.table_twin(partial(_past_lines, seen), _PAST, name, context, source="past_declaration", label=label)


def _past_lines(seen: View) -> pd.DataFrame:
    lines = session.load(declarations.past_lines, seen.dci_key)
    return lines.assign(
        kind_label=lines["kind"].map(tokens.KIND_LABEL), denomination=lines["denomination"].fillna(lines["name"])
    )


def twins(seen: View) -> None:
    """Conditions, and presentations line by line for who may see laboratories."""
    _, conditions, presentations = _counts(seen.id, seen.dci_key)
    day = {"Données au": fr.day(seen.as_of)}
    rules = partial(session.load, referential.conditions, seen.dci_key)
    rows = partial(session.load, referential.presentations, seen.id)
    known = (
        (conditions, tables.Twin("Conditions", rules, _CONDITIONS, f"conditions-{seen.dci_key}",
                                 {"DCI": str(seen.facts["dci"]), **day}, "dispensing_condition")),
        (presentations and seen.may_see, tables.Twin("Présentations", rows, _PRESENTATIONS, f"presentations-{seen.key}",
                                                     {"Sujet": str(seen.facts["label"]), **day}, "presentation")),
    )  # fmt: skip
    tables.twins([twin for is_known, twin in known if is_known])
