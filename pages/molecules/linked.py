"""Every declaration of the DCI and its measures, what the public list says."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.review import answers as reading
from pages.components import declaration_rows, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

_PUBLIC = {"status_label": "Statut", "denomination": "Spécialité", "cis": "CIS", "cip13": "CIP13 (vide : toutes)",
           "started_on": "Début", "updated_on": "Mise à jour", "returned_on": "Remise à disposition",
           "first_seen_on": "Première photographie", "last_seen_on": "Dernière photographie",
           "is_current": "En cours", "url": "Fiche publique"}  # fmt: skip


# Shown once, in place of the declarations: it also covers the shares and the lists below.
MASKED = "Détail par laboratoire masqué sur toute la page (secret des affaires)."

# ---- declarations and measures


@block
def declared(subject_id: str, here: Here, most: int) -> Markup:
    """Measures, then open declarations as links; only counted where laboratories are not shown."""
    seen = view.known(subject_id)
    answers = session.load(reading.answers_of, seen.id)
    rows = _linked(seen.dci_key)
    opened = [row for row in rows if row["status"] == "ouverte"]
    shown, cut = lists.cut(opened, most)
    return render(
        "molecules/declared",
        seen=seen,
        state=states.of("declaration"),
        masked=MASKED,
        measures=answers.declared.measures if answers else (),
        of_whole="DCI entière" if (answers and answers.declared.of_group is None) or not seen.may_see else "groupe",
        is_any=bool(rows),
        table=declaration_rows.table(shown, seen.as_of, mine=_mine(seen), caption="Déclarations ouvertes"),
        here=here,
        cut=cut,
    ) + _closed(seen)


def _closed(seen: View) -> Markup:
    """Closed declarations, folded."""
    rows = [row for row in _linked(seen.dci_key) if row["status"] != "ouverte"]
    shown, cut = lists.cut(rows, lists.FIRST)
    drawn = declaration_rows.table(shown, seen.as_of, mine=_mine(seen), caption="Déclarations closes")
    return render("molecules/closed", table=drawn, cut=cut) if rows else Markup()


@kept
def _linked(dci_key: str) -> list[dict[str, Any]]:
    """Open ones first; none in the shared artefact."""
    return figures.records(session.load(declarations.of_dci, dci_key)) if session.load(declarations.is_visible) else []


def _mine(seen: View) -> set[str] | None:
    """Presentations of a group: a declaration on another one of the DCI says so."""
    return set(session.load(referential.presentations, seen.id)["cip13"]) if seen.is_group else None


def declared_twin(seen: View) -> None:
    """Every one of them, open and closed."""
    if count := len(_linked(seen.dci_key)):
        context = {"DCI": str(seen.facts["dci"]), "Données au": fr.day(seen.as_of)}
        label = f"Toutes les déclarations ({fr.number(count)}) : table et téléchargement"
        tables.table_twin(
            partial(_linked_table, seen), declaration_rows.TWIN, f"declarations-{seen.dci_key}", context, label=label
        )


def _linked_table(seen: View) -> pd.DataFrame:
    return declaration_rows.named(session.load(declarations.of_dci, seen.dci_key))


# ---- the public list


@block
def listed(subject_id: str) -> Markup:
    """Lines of the last photograph by status, then those that left the list."""
    seen = view.known(subject_id)
    lines = [_line(row) for row in figures.records(session.load(declarations.public_lines, seen.dci_key))]
    current, past = ([row for row in lines if bool(row["is_current"]) is wanted] for wanted in (True, False))
    counts: dict[tuple[str, str], int] = {}
    for row in current:
        counts[row["code"], row["status_label"]] = counts.get((row["code"], row["status_label"]), 0) + 1
    return render(
        "molecules/listed",
        state=states.of("public_shortage"),
        only=declaration_rows.ONLY_WITHOUT_ALTERNATIVE,
        may_see=seen.may_see,
        counts=[(label, lines_, code in ("1", "2")) for (code, label), lines_ in sorted(counts.items())],
        seen_on=max((row["last_seen_on"] for row in current), default=None),
        current=lists.cut(current, lists.STEPS[1]),
        past=lists.cut(past, lists.STEPS[1]),
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    name = f"CIS {row['cis']}, hors référentiel" if fr.missing(row.get("denomination")) else str(row["denomination"])
    scope = "toutes présentations" if fr.missing(row.get("cip13")) else f"CIP13 {row['cip13']}"
    sheet = declaration_rows.sheet_link(row.get("url"), "Ouvrir")
    return {**row, "code": str(row["code"]), "name": name, "scope": scope, "sheet": sheet}


@kept
def _count_listed(dci_key: str) -> int:
    return len(session.load(declarations.public_lines, dci_key))


def listed_twin(seen: View) -> None:
    if seen.may_see and _count_listed(seen.dci_key):
        context = {"DCI": str(seen.facts["dci"]), "Producteur": "ANSM, Base de données publique des médicaments"}
        tables.table_twin(partial(_public_table, seen), _PUBLIC, f"liste-publique-{seen.dci_key}", context,
                          source="public_shortage_history", label="Liste publique : table et téléchargement")  # fmt: skip


def _public_table(seen: View) -> pd.DataFrame:
    public = session.load(declarations.public_lines, seen.dci_key)
    return public.assign(url=public["url"].map(declaration_rows.web))
