"""Did a declaration keep its word? The sentence, and the promises that moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tokens


def sentence(row: Mapping[str, Any], as_of: date) -> str:
    """What became of the promise; then kind, since when, presentation, laboratory."""
    return " ".join(answer(row, as_of))


def answer(row: Mapping[str, Any], as_of: date) -> tuple[str, str]:
    """The same in two: the answer to the question, then what the declaration is about."""
    outcome = _closed(row) if row["status"] == "close" else _open(row, as_of)
    return f"{fr.capital(outcome)}.", f"{_subject(row, as_of)}."


def _subject(row: Mapping[str, Any], as_of: date) -> str:
    kind = tokens.KIND_LABEL.get(str(row["kind"]), str(row["kind"]))
    name = row["cip13"] if fr.missing(row["denomination"]) else row["denomination"]
    since = f"depuis le {fr.day(row['start_on'])}"
    if row["status"] == "ouverte" and (fr.as_date(row["start_on"]) or as_of) > as_of:
        since = f"à partir du {fr.day(row['start_on'])}"
    return f"{kind} {since} : {name} ({row['laboratory']})"


def _open(row: Mapping[str, Any], as_of: date) -> str:
    planned = fr.as_date(row["expected_return_on"])
    versions = fr.plural(row["versions"], "version", "versions")
    if planned is None and not fr.missing(row["first_expected_return_on"]):
        first = fr.day(row["first_expected_return_on"])
        return f"date de retour retirée : promise d'abord pour le {first}, elle n'est plus dite, en {versions}"
    if planned is None:
        return f"aucune date de retour n'est promise, en {versions}"
    slip = 0 if fr.missing(row["return_slip_days"]) else int(row["return_slip_days"])
    moved = f"jamais reporté en {versions}"
    if not slip and row["return_moves"]:
        moves = fr.plural(row["return_moves"], "changement", "changements")
        moved = f"revenu à la première date promise après {moves}, en {versions}"
    if slip:
        direction = "reporté" if slip > 0 else "avancé"
        moved = f"{direction} de {fr.number(abs(slip))} jours depuis la première promesse, en {versions}"
    past = (as_of - planned).days
    verb = "était promis" if past > 0 else "est promis"
    late = f" ; cette date est dépassée de {fr.plural(past, 'jour', 'jours')} sans clôture" if past > 0 else ""
    return f"le retour {verb} pour le {fr.day(planned)}, {moved}{late}"


def _closed(row: Mapping[str, Any]) -> str:
    closed, first = fr.as_date(row["closed_on"]), fr.as_date(row["first_expected_return_on"])
    if closed is None or first is None:
        return f"close le {fr.day(closed)}, sans date de retour promise au départ"
    gap = (closed - first).days
    if gap <= 0:
        return f"parole tenue, close le {fr.day(closed)} pour un retour promis au départ le {fr.day(first)}"
    return f"close le {fr.day(closed)}, {fr.plural(gap, 'jour', 'jours')} après le retour promis au départ ({fr.day(first)})"


def moves(promises: pd.DataFrame) -> pd.DataFrame:
    """First statement of each promise and those that change its date; the last one kept is the one in force."""
    if promises.empty:
        return promises
    kept = promises[promises["previous_planned_on"].isna() | (promises["slip_days"].fillna(0) != 0)]
    rank = kept.groupby(["promise", "promise_no"]).cumcount(ascending=False)
    withdrawn = promises[promises["withdrawn_on"].notna()]
    gone = set(zip(withdrawn["promise"], withdrawn["promise_no"], strict=True))
    is_gone = [pair in gone for pair in zip(kept["promise"], kept["promise_no"], strict=True)]
    return kept.assign(is_latest=(rank == 0) & ~pd.Series(is_gone, index=kept.index, dtype=bool))


def title(kept: pd.DataFrame) -> str:
    """The message of the figure: how often the return moved, and to when."""
    returns = kept[kept["promise"] == "retour"] if not kept.empty else kept
    if returns.empty:
        return "Aucun retour promis"
    last = fr.day(returns.iloc[-1]["planned_on"])
    moved = len(returns) - 1
    if not returns["is_latest"].any():
        return f"Retour promis le {last}, date retirée depuis"
    if moved == 0:
        return f"Retour promis le {last}, date inchangée"
    total = int(returns["slip_days"].fillna(0).sum())
    return (
        f"Retour promis le {last} après {fr.plural(moved, 'changement', 'changements')} ({fr.change(total, digits=0)})"
    )
