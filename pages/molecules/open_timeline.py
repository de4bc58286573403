"""Open data: the stays of each line in the public list on a time axis, one photograph after the other."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.public_list import subject as public
from pages.components import declaration_rows, lists, tables
from pages.components import format as fr
from pages.components.blocks import Drawn, block, chart, kept
from pages.components.charts import figures, legend, public_list
from pages.components.charts.legend import Legend
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.open_answer import ONLY
from pages.molecules.view import View

MOST_ROWS = 8
SPELLS = {"status_label": "Dernier statut", "denomination": "Spécialité", "cis": "CIS", "cip13": "CIP13 (vide : toutes)",
          "started_on": "Début publié", "duration_days": "Durée (jours)", "duration_is_minimum": "Durée au moins égale",
          "return_first_on": "Premier retour annoncé", "return_last_on": "Dernier retour annoncé",
          "times_put_off": "Reports", "days_put_off": "Report (jours)", "first_seen_on": "Première photographie",
          "last_seen_on": "Dernière photographie", "left_on": "Absente depuis la photographie du", "url": "Fiche publique"}  # fmt: skip

Line = dict[str, Any]


@block
def head(subject_id: str) -> Markup:
    """Title, key of the bars, photographs and gaps; says in words that the subject was never listed."""
    photographs, lines = session.load(public.photographs), _lines(subject_id)
    days = [row["photograph_on"] for row in photographs]
    gaps = session.load(public.gaps)
    return render(
        "molecules/open_timeline",
        days=days,
        count=len(lines),
        shown=min(len(lines), MOST_ROWS),
        only=ONLY,
        longest=max((int(row["days"]) for row in gaps), default=0),
        gaps=len(gaps),
    )


@chart
def drawing(subject_id: str, scale: float) -> Drawn:
    """One row per line of the list, those of today first."""
    seen, days = view.known(subject_id), [row["photograph_on"] for row in session.load(public.photographs)]
    lines = _lines(subject_id)
    figure = public_list.timeline(
        lines[:MOST_ROWS], [figures.as_day(day, seen.as_of) for day in days], seen.as_of, scale
    )
    words = f"Passages dans la liste publique : {seen.short}, {fr.plural(len(lines), 'ligne', 'lignes')}"
    return figure, words, Legend("", (*public_list.KEY, *legend.on(figure)) if lines and days else ())


@block
def stays(subject_id: str) -> Markup:
    """Each stay with how long it lasted and the dates of return put off, folded."""
    found = figures.records(session.load(public.spells, subject_id))
    rows = [row | {"sheet": declaration_rows.sheet_link(row.get("url"), "Ouvrir")} for row in found]
    return render("molecules/open_spells", rows=lists.cut(rows, lists.STEPS[1])) if rows else Markup()


@kept
def is_listed(subject_id: str) -> bool:
    return bool(_lines(subject_id))


def twin(seen: View) -> None:
    if is_listed(seen.id):
        context = {
            "Médicament": str(seen.facts["label"]),
            "Producteur": "ANSM, Base de données publique des médicaments",
        }
        tables.table_twin(partial(_table, seen.id), SPELLS, f"liste-publique-{seen.key}", context, source="public_spell",
                          label="Passages dans la liste : table et téléchargement")  # fmt: skip


def _table(subject_id: str) -> pd.DataFrame:
    found = session.load(public.spells, subject_id)
    return found.assign(url=found["url"].map(declaration_rows.web))


def _lines(subject_id: str) -> list[list[Line]]:
    """Stretches by line of the list; lines of today first, then the gravest, then the last seen."""
    found: dict[tuple[str, str], list[Line]] = {}
    for row in session.load(public.stretches, subject_id):
        found.setdefault((str(row["cis"]), str(row["cip13"] or "")), []).append(row)
    order = sorted(
        found.values(), key=lambda line: (public_list.published_start(line) or date.max, str(line[-1]["denomination"]))
    )
    order.sort(key=lambda line: figures.as_day(line[-1]["last_seen_on"], date.min), reverse=True)
    return sorted(order, key=lambda line: (not line[-1]["is_current"], str(line[-1]["code"])))
