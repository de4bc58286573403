"""The board of a plan: one followed medicine a row, its links side by side, the weakest one marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.plans import queries as plans
from pages.components import badges, denominators, tables, tension, tokens
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.plans import words

SURVEILLANCE_SOURCES = {"epidemic": ["spf", "sentinelles"], "vigilance": ["vigilance"]}

_CANDIDATES = {"group_label": "Groupe", "outcome": "Règle", "reason": "Ce qui écarte", "denomination": "Spécialité",
               "cis": "CIS", "strengths": "Dosages lus", "form": "Forme", "dci": "DCI", "presentations": "Présentations",
               "marketing_state": "Commercialisation"}  # fmt: skip
_TWIN = {"medicine": "Médicament suivi", "label": "Maillon", "status": "Statut", "coverage_days": "Couverture (jours)",
         "measured_on": "Mesure du", "figure_state": "État", "state_reason": "Raison", "delta_4w_days": "Écart en 4 semaines (jours)",
         "coverage_legal_days": "Couverture, référence légale (jours)", "coverage_current_days": "Couverture, demande courante (jours)",
         "coverage_members_days": "Couverture, ventes de tous les adhérents (jours)", "denominator_label": "Dénominateur",
         "rhythm": "Rythme constaté", "weakest_label": "Maillon le plus faible", "tension": "Tension",
         "unknown_links": "Maillons sans chiffre",
         "departments_insufficient": "Départements insatisfaisants", "departments_measured": "Départements mesurés",
         "departments_silent": "Départements sans réponse", "insufficient_sales_pct": "Leur part des ventes (%)",
         "departments_mean_days": "Couverture moyenne pondérée par les ventes (jours)",
         "open_declarations": "Déclarations ouvertes (DCI)"}  # fmt: skip

Row = dict[str, Any]


@block
def board(plan_id: str) -> Markup:
    """Title, answer and the rows, gravest medicine first; only the names where nothing was measured."""
    plan, groups, links = _loaded(plan_id)
    if not links["coverage_days"].notna().any():
        return render("plans/names", plan=plan, answer=words.answer(groups)[1], rows=figures.records(groups))
    order = figures.records(session.load(plans.bands, plan_id))
    cells = {(row["subject_id"], row["link"]): row for row in figures.records(links)}
    columns = [_column(band, [row for (_, link), row in cells.items() if link == band["link"]]) for band in order]
    lead, answer = words.answer(groups)
    followed = figures.records(groups)
    everywhere = Counter(words.measured(group) for group in followed).most_common(1)[0][0]
    return render(
        "plans/board",
        plan=plan,
        lead=lead,
        answer=answer,
        week=links["week"].max(),
        everywhere=", ".join(part for part in everywhere if part),
        columns=columns,
        has_places=any(column["link"] == "officines" for column in columns),  # departments are those of the panel
        rows=[
            _row(group, [cells.get((group["group_id"], c["link"]), {}) for c in columns], columns, everywhere)
            for group in followed
        ],
    )


@block
def legend(plan_id: str) -> Markup:
    """Bands of each link in days with their origin, and what the days are counted against."""
    plan = session.load(plans.plan, plan_id)
    bands = figures.records(session.load(plans.bands, plan_id))
    of = {str(row["label"]): str(row["denominator"]) for row in bands if row["link"] not in denominators.GIVEN}
    counted = f"Jours de couverture = stock ÷ {denominators.of_links(of)} ; pour les officines, {denominators.PANEL}"
    if any(row["link"] == "pui" for row in bands):
        counted += f" ; pour les pharmacies hospitalières, {denominators.HOSPITALS}"
    return render("plans/legend", bands=bands, counted=f"{counted}.", origin=plan["origin"] if plan else "")


def _loaded(plan_id: str) -> tuple[Mapping[str, Any], pd.DataFrame, pd.DataFrame]:
    plan = session.load(plans.plan, plan_id)
    if plan is None:
        raise LookupError(plan_id)
    return plan, session.load(plans.groups, plan_id), session.load(plans.links, plan_id)


def _column(band: Row, cells: Sequence[Row]) -> Row:
    """A link, and what most of its cells share: the day measured and the state."""
    known = [cell for cell in cells if cell["figure_state"] not in tokens.REPLACING]
    shared = Counter((_day(cell), str(cell["figure_state"]), _reason(cell)) for cell in known).most_common(1)
    day, state, reason = shared[0][0] if shared else ("", "a_jour", "")
    return {"link": band["link"], "label": band["label"], "day": day, "state": state, "reason": reason,
            "common": " · ".join(part for part in (day, _state_words(state, reason)) if part)}  # fmt: skip


def _day(cell: Row) -> str:
    return "" if fr.missing(cell["measured_on"]) else f"{fr.week(cell['week'])}, {fr.short_day(cell['measured_on'])}"


def _reason(cell: Row) -> str:
    return "" if fr.missing(cell["state_reason"]) else str(cell["state_reason"])


def _state_words(state: str, reason: str) -> str:
    word = tokens.QUALIFYING[state][0].lower() if state in tokens.QUALIFYING else ""
    return f"{word} : {reason[:1].lower()}{reason[1:]}" if word and reason else word


def _row(group: Row, cells: Sequence[Row], columns: Sequence[Row], everywhere: tuple[str, str]) -> Row:
    low, measured = int(group["departments_insufficient"] or 0), int(group["departments_measured"] or 0)
    answered = words.measured(group)
    own = [mine for mine, shared in zip(answered, everywhere, strict=True) if mine != shared]
    own.append(tension.label(group).removeprefix("tension "))
    return group | {
        "cells": [_cell(cell, column, group["weakest_link"]) for cell, column in zip(cells, columns, strict=True)],
        "unknown": tension.unknown(group),
        "low": low,
        "measured": measured,
        "counted": tension.counted_of(group) if measured else "",
        "share": round(100 * low / measured) if measured else 0,
        "where": ", ".join(part for part in own if part),
        "own": group.get("group_declarations"),
    }


def _cell(cell: Row, column: Row, weakest: object) -> Row:
    """What a cell says that the head of its column does not."""
    if not cell:
        return {
            "status": None,
            "figure_state": None,
            "is_weakest": False,
            "is_shared": False,
            "label": column["label"],
            "reason": "",
        }
    drawn = badges.of_link(cell)
    return drawn | {
        "label": column["label"],
        "is_weakest": cell["link"] == weakest,
        "is_shared": str(cell["figure_state"]) == column["state"] != "a_jour",
        "exception": "" if drawn["is_hidden"] else _exception(cell, column),
    }


def _exception(cell: Row, column: Row) -> str:
    """State or day when it is not that of the column."""
    day, state = _day(cell), str(cell["figure_state"])
    if (day, state, _reason(cell)) == (column["day"], column["state"], column["reason"]):
        return ""
    word = tokens.QUALIFYING[state][0].lower() if state in tokens.QUALIFYING else ""
    if state == "en_retard" and not fr.missing(cell["age_days"]):
        word += f" ({fr.number(cell['age_days'])} j)"
    elif word and state == column["state"]:
        word = ""
    return " : ".join(part for part in (word, day if day != column["day"] else "") if part)


def twin(plan_id: str, context: Mapping[str, str]) -> None:
    """One line per medicine and link, with what the rows show."""
    plan = _loaded(plan_id)[0]
    tables.table_twin(partial(_lines, plan_id), _TWIN, f"plan-{plan['plan']}", context, source="plan_status")


def _lines(plan_id: str) -> pd.DataFrame:
    _, groups, links = _loaded(plan_id)
    mine = [name for name in _TWIN if name in groups and name not in links and name != "medicine"]
    named = links.assign(denominator_label=[denominators.used(row) for row in figures.records(links)])
    kept = groups[["group_id", "label", *mine]].rename(columns={"label": "medicine"})
    return named.merge(kept, left_on="subject_id", right_on="group_id")


def taken(plan: Mapping[str, Any], as_of: object) -> None:
    """Specialities that each group takes or leaves, to read after a change of rule; nothing in the shared artefact."""
    candidates = session.load(plans.candidates, str(plan["plan"]))
    if candidates.empty:
        return
    label = f"Ce que chaque groupe prend au référentiel ({fr.number(candidates['is_taken'].sum())}) et laisse de peu"
    context = {"Plan": str(plan["title"]), "Données au": fr.day(as_of)}
    tables.table_twin(
        candidates, _CANDIDATES, f"groupes-{plan['plan']}", context, source="group_candidate", label=label
    )


def sources_of(plan: Mapping[str, Any]) -> list[str]:
    """Sources behind the page: those of the links, the declarations, the surveillance beside them."""
    links = session.load(plans.links, str(plan["plan"]))
    return [*dict.fromkeys(links["source_key"]), "trustmed", *SURVEILLANCE_SOURCES.get(str(plan["surveillance"]), [])]
