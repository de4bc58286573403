"""Under the figure: every declaration of the DCI, what the public list says, the presentations."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from pages.components import badges, declaration_rows, markup, states, tables
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.shell import frame, session
from pages.molecules import public_records
from pages.molecules.view import View

MOST_ROWS = 20
MOST_LINES = 40
_PUBLIC = {"status_label": "Statut", "denomination": "Spécialité", "cis": "CIS", "cip13": "CIP13 (vide : toutes)",
           "started_on": "Début", "updated_on": "Mise à jour", "returned_on": "Remise à disposition",
           "first_seen_on": "Première photographie", "last_seen_on": "Dernière photographie",
           "is_current": "En cours", "url": "Fiche publique"}  # fmt: skip
_PRESENTATIONS = {"cip13": "CIP13", "cis": "CIS", "denomination": "Spécialité", "label": "Présentation",
                  "holder": "Titulaire", "atc": "ATC", "is_mitm": "MITM", "marketing_state": "Commercialisation"}  # fmt: skip


def draw(seen: View, public: pd.DataFrame) -> None:
    """Declarations first, closed ones made public, then public lines, presentations and how they are prescribed."""
    presentations = session.load(referential.presentations, seen.id)
    _declarations(seen, set(presentations["cip13"]))
    public_records.past(seen)
    _public(seen, public)
    _presentations(seen, presentations)
    public_records.rules(seen)


def _declarations(seen: View, mine: set[str]) -> None:
    frame.section("Déclarations liées à la DCI", "toutes présentations, tous laboratoires ; ouvertes d'abord")
    states.note("declaration")
    if not seen.may_see:
        count = fr.plural(seen.facts["open_declarations"], "déclaration ouverte", "déclarations ouvertes")
        markup.show(
            f'<p style="margin:0"><b>{count}</b> sur la DCI. {declaration_rows.note(declaration_rows.MASKED)}</p>'
        )
        return
    linked = session.load(declarations.of_dci, seen.dci_key)
    if linked.empty:
        markup.show('<p class="vs-empty-line">Aucune déclaration reçue sur cette DCI.</p>')
        return
    is_open = linked["status"] == "ouverte"
    outside = mine if seen.is_group else None
    if is_open.any():
        declaration_rows.draw("ouvertes", linked[is_open].head(MOST_ROWS), seen.as_of, mine=outside)
    else:
        markup.show('<p class="vs-empty-line">Aucune déclaration ouverte.</p>')
    _closed(linked[~is_open], seen, outside)
    context = {"DCI": str(seen.facts["dci"]), "Données au": fr.day(seen.as_of)}
    label = f"Toutes les déclarations ({fr.number(len(linked))}) : table et téléchargement"
    tables.table_twin(
        declaration_rows.named(linked), declaration_rows.TWIN, f"declarations-{seen.dci_key}", context, label=label
    )


def _closed(closed: pd.DataFrame, seen: View, mine: set[str] | None) -> None:
    """Drawn only when opened: a DCI may have dozens."""
    if closed.empty:
        return
    box = st.expander(
        fr.plural(len(closed), "déclaration close", "déclarations closes"), key="closes", on_change="rerun"
    )
    if box.open:
        with box:
            declaration_rows.draw("closes", closed.head(MOST_ROWS), seen.as_of, mine=mine)


def _public(seen: View, public: pd.DataFrame) -> None:
    frame.section(
        "Liste publique de l'ANSM",
        "DCI entière ; ruptures, tensions, arrêts et remises à disposition des MITM sans alternative, seuls publiés",
    )
    states.note("public_shortage")
    if public.empty:
        markup.show(
            f'<p class="vs-empty-line">Aucune ligne dans les photographies reçues. {declaration_rows.ONLY_WITHOUT_ALTERNATIVE}</p>'
        )
        return
    current, past = public[public["is_current"]], public[~public["is_current"]]
    markup.show(_counts(current, past))
    if not seen.may_see:
        markup.show(f'<p class="vs-note">{declaration_rows.MASKED}</p>')
        return
    if len(current):
        markup.show(_lines(current))
    if len(past):
        label = fr.plural(len(past), "ligne a quitté la liste", "lignes ont quitté la liste")
        box = st.expander(label, expanded=current.empty, key="publiques-passees", on_change="rerun")
        if box.open:
            markup.show(_lines(past), box=box)
    safe = public.assign(url=public["url"].map(declaration_rows.web))
    context = {"DCI": str(seen.facts["dci"]), "Producteur": "ANSM, Base de données publique des médicaments"}
    tables.table_twin(safe, _PUBLIC, f"liste-publique-{seen.dci_key}", context, source="public_shortage_history")


def _counts(current: pd.DataFrame, past: pd.DataFrame) -> str:
    """Lines of the last photograph by status, then how many left the list."""
    counted = figures.records(current.groupby(["code", "status_label"], as_index=False).agg(lines=("cis", "size")))
    chips = [
        badges.chip(f"{r['status_label']} : {fr.number(r['lines'])}", strong=r["code"] in ("1", "2")) for r in counted
    ]
    when = f"photographie du {fr.day(current['last_seen_on'].max())}" if len(current) else "aucune ligne en cours"
    gone = f" ; {fr.plural(len(past), 'ligne sortie', 'lignes sorties')} de la liste" if len(past) else ""
    return f'<p style="margin:0">{" ".join(chips)} {declaration_rows.note(when + gone)}</p>'


def _lines(lines: pd.DataFrame) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("Statut", "Spécialité", "Début", "Mise à jour", "Remise à disposition",
                                                   "Vue du", "au", "Fiche"))  # fmt: skip
    body = "".join(f"<tr>{_line(row)}</tr>" for row in figures.records(lines.head(MOST_LINES)))
    more = (
        f"{MOST_LINES} premières lignes sur {fr.number(len(lines))}, toutes dans la table."
        if len(lines) > MOST_LINES
        else ""
    )
    return f'<table class="vs-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{declaration_rows.note(more)}'


def _line(row: dict[str, Any]) -> str:
    name = f"CIS {row['cis']}, hors référentiel" if fr.missing(row["denomination"]) else str(row["denomination"])
    scope = "toutes présentations" if fr.missing(row["cip13"]) else f"CIP13 {row['cip13']}"
    cells = [
        badges.chip(str(row["status_label"]), strong=row["code"] in ("1", "2")),
        f"{escape(name)} {declaration_rows.note(scope)}",
        *(fr.day(row[c]) for c in ("started_on", "updated_on", "returned_on", "first_seen_on", "last_seen_on")),
        declaration_rows.sheet_link(row["url"], "Ouvrir"),
    ]
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _presentations(seen: View, presentations: pd.DataFrame) -> None:
    mitm = int(presentations["is_mitm"].fillna(value=False).sum()) if len(presentations) else 0
    frame.section("Présentations", "référentiel de la Base de données publique des médicaments")
    counts = [
        fr.plural(len(presentations), "présentation", "présentations"),
        fr.plural(presentations["cis"].nunique(), "spécialité", "spécialités"),
        *(
            [fr.plural(presentations["holder"].nunique(), "titulaire", "titulaires")]
            if "holder" in presentations
            else []
        ),
        f"{fr.plural(mitm, 'présentation', 'présentations')} de MITM",
    ]
    markup.show(f'<p style="margin:0">{" · ".join(counts)}</p>')
    if seen.may_see and len(presentations):
        context = {"Sujet": str(seen.facts["label"]), "Données au": fr.day(seen.as_of)}
        tables.table_twin(
            presentations, _PRESENTATIONS, f"presentations-{seen.id.replace(':', '-')}", context, source="presentation"
        )
