"""Account of reception in words: answer, order of gravity, errors of the last refresh, what each source gave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from data.settings import PARIS
from pages.components import format as fr
from pages.components import tokens
from pages.components.templating import macro, render

Row = Mapping[str, Any]
STATE = tokens.SOURCE_STATE_LABEL
_GRAVITY = {"en_retard": 0, "absent": 1, "a_jour": 3}
_NAMED = 3  # late sources named in the answer; the tab has them all


def errors(run: Mapping[str, Any]) -> dict[str, str]:
    """Error of each source in the last refresh, by key."""
    return {str(item["key"]): str(item["error"]) for item in run.get("sources", []) if item.get("error")}


def has_failed(row: Row, failed: Iterable[str]) -> bool:
    """The last refresh could not read it, or refused one of its files."""
    return bool(row["refused_files"]) or str(row["source_key"]) in failed


def gravest_first(states: Iterable[Row], failed: Iterable[str]) -> list[dict[str, Any]]:
    """Late, absent, in error or refused, with quarantined rows, then the others in their own order."""
    rows, known = [dict(row) for row in states], set(failed)
    return sorted(rows, key=lambda row: (_gravity(row, known), -int(row["rows_quarantined"] or 0), row["order_no"]))


def _gravity(row: Row, failed: Iterable[str]) -> int:
    own = _GRAVITY[str(row["state"])]
    return min(own, 2) if has_failed(row, failed) else own


def answer(states: Sequence[Row], failed: int) -> tuple[str, str]:
    """Its head: how many are up to date, which are late; then what failed and what waits for somebody."""
    if not any(row["files"] for row in states):
        return "", "Aucune source n'est encore arrivée."
    fresh = sum(row["state"] == "a_jour" for row in states)
    verb = "est à jour" if fresh < 2 else "sont à jour"
    head = [f"{fr.plural(fresh, 'source', 'sources')} sur {len(states)} {verb}", _late(states), _absent(states)]
    clauses = [f"{fr.plural(failed, 'source', 'sources')} en erreur au dernier rafraîchissement"] if failed else []
    quarantined, read = (int(sum(row[name] or 0 for row in states)) for name in ("rows_waiting", "rows_in"))
    waiting = "aucune ligne" if quarantined == 0 else fr.plural(quarantined, "ligne", "lignes")
    wait = "n'attend" if quarantined == 0 else "attend" if quarantined < 2 else "attendent"
    clauses.append(f"{waiting} sur {fr.number(read)} {wait} une correction")
    clauses.append(_to_confirm(int(sum(row["rows_to_confirm"] or 0 for row in states))))
    clauses.append(_without_effect(int(sum(row.get("rows_without_effect") or 0 for row in states))))
    return f"{' ; '.join(filter(None, head))}.", f"{_capital(' ; '.join(filter(None, clauses)))}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _to_confirm(rows: int) -> str:
    return "" if not rows else fr.plural(rows, "ligne attend d'être confirmée", "lignes attendent d'être confirmées")


def _without_effect(rows: int) -> str:
    return "" if not rows else fr.plural(rows, "ligne lue est sans effet", "lignes lues sont sans effet")


def _late(states: Iterable[Row]) -> str:
    late = [short(row) for row in states if row["state"] == "en_retard"]
    if not late:
        return "aucune en retard"
    others = len(late) - _NAMED
    more = f" et {fr.plural(others, 'autre', 'autres')}" if others > 0 else ""
    return f"{len(late)} en retard ({', '.join(late[:_NAMED])}{more})"


def _absent(states: Iterable[Row]) -> str:
    absent = sum(row["state"] == "absent" for row in states)
    return "" if not absent else fr.plural(absent, "jamais reçue", "jamais reçues")


def short(row: Row) -> str:
    """« TracStocks : stocks des laboratoires » is called TracStocks."""
    return re.split(r"\s[:–]\s", str(row["title"]), maxsplit=1)[0]


def last_run_html(run: Mapping[str, Any], states: Iterable[Row], *, details: bool) -> Markup:
    """When the last refresh ended, what it could not read and what stays. ``details``: messages, which may name a file."""
    known = {str(row["source_key"]): row for row in states}
    failed = [
        (str(known[key]["title"]) if key in known else key, message, _kept(known.get(key)))
        for key, message in errors(run).items()
    ]
    if run.get("error"):
        failed.insert(0, ("Publication", str(run["error"]), ""))
    failures = [(name, _sentence(message if details else "lecture incomplète"), kept) for name, message, kept in failed]
    misplaced = list(run.get("misplaced") or ())
    if misplaced and not details:
        misplaced = [f"{len(misplaced)} dépôt(s) à déplacer."]
    is_new = bool(run.get("published") and run.get("changed", True))
    return render(
        "sources/last_run",
        ended=fr.moment(datetime.fromisoformat(str(run["finished_at"])).astimezone(PARIS)) if run else "",
        is_new=is_new,
        notes=list(run.get("notes") or ()),
        misplaced=misplaced,
        failed=failures,
    )


def _sentence(message: str) -> str:
    return message if message.endswith(".") else f"{message}."


def _kept(row: Row | None) -> str:
    """The last good data stay: their day and their age."""
    if row is None or fr.missing(row["last_received_at"]):
        return ""
    looked = "" if fr.missing(row["last_looked_on"]) else f", inchangées au {fr.day(row['last_looked_on'])}"
    return (
        f"Dernières données gardées : reçues le {fr.day(row['last_received_at'])}{looked} ({fr.age(row['age_days'])})."
    )


def count(value: Any) -> str:
    """Number of rows; unknown stays unknown."""
    return fr.number(None if fr.missing(value) else value)


def state_sign(row: Row, failed: Iterable[str]) -> Markup:
    """Word of the state, with a clock when late; refused files, or a last reading that failed, stand beside."""
    has_error = str(row["source_key"]) in failed
    return macro("sources/state", "state", {**row, "word": STATE[str(row["state"])], "has_error": has_error})
