"""Account of reception in words: sentence, order of gravity, errors of the last refresh, cells of one source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import Any

import pandas as pd

from pages.components import badges, tokens
from pages.components import format as fr

Row = Mapping[str, Any]
STATE = tokens.SOURCE_STATE_LABEL
_GRAVITY = {"en_retard": 0, "absent": 1, "a_jour": 3}


def errors(run: Mapping[str, Any]) -> dict[str, str]:
    """Error of each source in the last refresh, by key."""
    return {str(item["key"]): str(item["error"]) for item in run.get("sources", []) if item.get("error")}


def gravest_first(states: Iterable[Row], failed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Late, absent, in error or refused, with rows set aside, then the others in their own order."""
    rows = [dict(row) for row in states]
    return sorted(rows, key=lambda row: (_gravity(row, failed), -int(row["rows_quarantined"] or 0), row["order_no"]))


def _gravity(row: Row, failed: Mapping[str, str]) -> int:
    if row["source_key"] in failed or row["refused_files"]:
        return min(_GRAVITY[str(row["state"])], 2)
    return _GRAVITY[str(row["state"])]


def sentence(states: list[dict[str, Any]], failed: int) -> str:
    """How many are up to date, which are late, how many rows wait to be corrected."""
    if not any(row["files"] for row in states):
        return "Aucune source n'est encore arrivée."
    fresh = sum(row["state"] == "a_jour" for row in states)
    verb = "est à jour" if fresh < 2 else "sont à jour"
    parts = [f"{fr.plural(fresh, 'source', 'sources')} sur {len(states)} {verb}", _late(states), _absent(states)]
    if failed:
        parts.append(f"{fr.plural(failed, 'source', 'sources')} en erreur au dernier rafraîchissement")
    aside, read = (int(sum(row[name] or 0 for row in states)) for name in ("rows_waiting", "rows_in"))
    waiting = "aucune ligne" if aside == 0 else fr.plural(aside, "ligne", "lignes")
    wait = "n'attend" if aside == 0 else "attend" if aside < 2 else "attendent"
    parts.append(f"{waiting} sur {fr.number(read)} {wait} une correction")
    parts.append(_to_confirm(int(sum(row["rows_to_confirm"] or 0 for row in states))))
    parts.append(_without_effect(int(sum(row.get("rows_without_effect") or 0 for row in states))))
    return " ; ".join(filter(None, parts)) + "."


def _to_confirm(rows: int) -> str:
    return "" if not rows else fr.plural(rows, "ligne attend d'être confirmée", "lignes attendent d'être confirmées")


def _without_effect(rows: int) -> str:
    return "" if not rows else fr.plural(rows, "ligne lue est sans effet", "lignes lues sont sans effet")


def _late(states: Iterable[Row]) -> str:
    late = [row for row in states if row["state"] == "en_retard"]
    if not late:
        return "aucune en retard"
    return f"{len(late)} en retard ({', '.join(short(row) for row in late)})"


def _absent(states: Iterable[Row]) -> str:
    absent = sum(row["state"] == "absent" for row in states)
    return "" if not absent else fr.plural(absent, "jamais reçue", "jamais reçues")


def short(row: Row) -> str:
    """« TracStocks : stocks des laboratoires » is called TracStocks."""
    return str(row["title"]).split(" : ")[0].split(" – ")[0]


def last_run_html(run: Mapping[str, Any], states: Iterable[Row], *, details: bool) -> str:
    """When the last refresh ended, what it could not read and what stays. ``details``: messages, which may name a file."""
    if not run:
        return '<p class="vs-note">Aucun rafraîchissement connu.</p>'
    ended = pd.Timestamp(run["finished_at"]).tz_convert("Europe/Paris")
    is_new = run.get("published") and run.get("changed", True)
    said = "nouvel instantané publié" if is_new else "aucun nouvel instantané"
    head = f'<p class="vs-note">Dernier rafraîchissement terminé le {fr.moment(ended)} : {said}.</p>'
    head += "".join(f'<p class="vs-note">{escape(str(note))}</p>' for note in run.get("notes") or ())
    head += _misplaced(run.get("misplaced") or (), details=details)
    known = {str(row["source_key"]): row for row in states}
    failed = [
        (str(known[key]["title"]) if key in known else key, message, _kept(known.get(key)))
        for key, message in errors(run).items()
    ]
    if run.get("error"):
        failed.insert(0, ("Publication", str(run["error"]), ""))
    if not failed:
        return head
    lines = "".join(
        _failure(name, message if details else "lecture incomplète", kept) for name, message, kept in failed
    )
    return f'{head}<div class="vs-empty" role="alert"><b>Le dernier rafraîchissement a rencontré des erreurs</b>{lines}</div>'


def _misplaced(sentences: Collection[str], *, details: bool) -> str:
    """Files in no folder that is read: their names only for those who may see them."""
    if not sentences:
        return ""
    lines = sentences if details else [f"{len(sentences)} dépôt(s) à déplacer."]
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in lines)
    return f'<div class="vs-empty" role="alert"><b>Des fichiers ont été déposés hors des dossiers lus</b>{told}</div>'


def _failure(name: str, message: str, kept: str) -> str:
    said = message if message.endswith(".") else f"{message}."
    return f"<p><b>{escape(name)}</b> : {escape(said)} {kept}</p>"


def _kept(row: Row | None) -> str:
    """The last good data stay: their day and their age."""
    if row is None or fr.missing(row["last_received_at"]):
        return ""
    return f"Dernières données gardées : reçues le {fr.day(row['last_received_at'])} ({fr.age(row['age_days'])})."


def cells(row: Row, failed: Mapping[str, str]) -> tuple[str, ...]:
    """State, reception, period, then the four counts of rows. ``failed``: errors of the last refresh, by source."""
    received = "jamais"
    if not fr.missing(row["last_received_at"]):
        received = f'{fr.day(row["last_received_at"])} <span class="vs-note">{fr.age(row["age_days"])}</span>'
    period = "" if fr.missing(row["last_period_on"]) else f"au {fr.day(row['last_period_on'])}"
    aside = count(row["rows_quarantined"])
    return (
        state_sign(row, failed),
        received,
        period,
        _right(count(row["rows_in"])),
        _right(count(row["rows_loaded"])),
        _right(f"<b>{aside}</b>" if row["rows_quarantined"] else aside),
        _right(count(row["rows_ignored"])),
    )


def count(value: Any) -> str:
    """Number of rows; unknown stays unknown."""
    return fr.number(None if fr.missing(value) else value)


def _right(text: str) -> str:
    return f'<span class="vs-num" style="width:100%;text-align:right">{text}</span>'


def state_sign(row: Row, failed: Mapping[str, str]) -> str:
    """Word of the state, with a clock when late; refused files, or a last reading that failed, are said beside."""
    word = STATE[str(row["state"])]
    if row["state"] == "en_retard":
        sign = f'<span class="vs-tag">{badges.symbol("clock")}<span>{word}</span></span>'
    elif row["state"] == "absent":
        sign = f'<span class="vs-tag">{badges.symbol("outline")}<span>Jamais reçue</span></span>'
    else:
        sign = f"<span>{word}</span>"
    if not row["refused_files"]:
        return f'{sign} <b class="vs-late">lecture en échec</b>' if row["source_key"] in failed else sign
    return f'{sign} <b class="vs-late">{fr.plural(row["refused_files"], "fichier refusé", "fichiers refusés")}</b>'
