"""The answer of the review in one sentence, computed: how many followed molecules, and the gravest movement."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tension
from pages.components.charts import figures
from pages.components.shell.session import Reference

WHERE = {
    "exploitants": "chez les exploitants",
    "grossistes": "chez les grossistes-répartiteurs",
    "officines": "dans les officines",
}
_EVENTS = (
    ("entrée", "entrée", "entrées"),
    ("sortie", "sortie", "sorties"),
    ("changement", "changement", "changements"),
)


def answer(followed: pd.DataFrame, status: pd.DataFrame, reference: Reference | None, public: pd.DataFrame) -> str:
    """``followed``: groups of the plans in season. ``status``, ``public``: movements since the reference."""
    measured = followed[followed["weakest_status"].notna()] if not followed.empty else followed
    if measured.empty:
        told = public_words(public)
        return "Aucune molécule suivie n'est encore mesurée." + (f" Liste publique de l'ANSM : {told}." if told else "")
    return f"{_count(followed, measured)}{_movement(status, reference)}."


def in_season(followed: pd.DataFrame) -> pd.DataFrame:
    """Groups of the plans in season, or of every plan when none is."""
    current = followed[followed["in_season"]] if not followed.empty else followed
    return followed if current.empty else current


def insufficient(followed: pd.DataFrame) -> pd.DataFrame:
    """Groups whose weakest link is insatisfaisant, the furthest under its own bound first."""
    return followed[followed["weakest_status"] == "insatisfaisante"].sort_values("weakest_bound_pct", kind="stable")


def gravest(status: pd.DataFrame) -> pd.DataFrame:
    """Links whose status changed: those that got worse first, then by gravity and share of the bound; changes of state only are out."""
    if status.empty:
        return status
    moved = status[status["status"].fillna("") != status["status_before"].fillna("")]
    worse = moved["gravity"] < moved["gravity_before"]
    # From « unknown » to satisfaisante is not a worsening, whatever the ranks say.
    worse &= ~((moved["gravity_before"] == 3) & (moved["gravity"] == 2))
    order = moved.assign(is_worse=worse)
    return order.sort_values(["is_worse", "gravity", "bound_share_pct"], ascending=[False, True, True])


def passage(row: dict[str, Any]) -> str:
    """« passe d'acceptable à insatisfaisante chez les grossistes-répartiteurs (3,9 j → 2,3 j, mesure du 15/11/2026) »."""
    where = WHERE.get(str(row["link"]), f"au maillon {row['link_label']}")
    before, after = _word(row["status_before"]), _word(row["status"])
    days = f"{fr.days(row['days_before'])} → {fr.days(row['coverage_days'])}"
    change = f"passe {_from(before)} à {after}" if before else f"devient {after}"
    return f"{change} {where} ({days}, mesure du {fr.day(row['measured_on'])})"


def public_words(public: pd.DataFrame) -> str:
    """« 3 entrées, 2 sorties et 2 changements de situation du 15/11/2026 au 22/11/2026 »; empty when nothing is known."""
    if public.empty:
        return ""
    counts = public["event"].value_counts()
    words = [fr.plural(int(counts.get(event, 0)), one, many) for event, one, many in _EVENTS]
    since, until = public["previous_at"].min(), public["photograph_at"].max()
    return f"{words[0]}, {words[1]} et {words[2]} de situation du {fr.day(since)} au {fr.day(until)}"


def _count(followed: pd.DataFrame, measured: pd.DataFrame) -> str:
    low, total = insufficient(measured), len(measured)
    titles = ", ".join(str(t)[:1].lower() + str(t)[1:] for t in dict.fromkeys(followed["title"]))
    unknown, partly = len(followed) - total, tension.with_unknown(measured)
    notes = [titles, f"{unknown} sans mesure" if unknown else ""]
    notes.append(f"{partly} avec un maillon sans chiffre" if partly else "")
    aside = f" ({' ; '.join(filter(None, notes))})"
    if low.empty and total == 1:
        return f"La seule molécule mesurée n'est pas insatisfaisante{aside}"
    if low.empty:
        return f"Aucune des {total} molécules mesurées n'est insatisfaisante{aside}"
    verb = (
        "molécule suivie sur {0} est insatisfaisante"
        if len(low) == 1
        else "molécules suivies sur {0} sont insatisfaisantes"
    )
    return f"{len(low)} {verb.format(total)}{aside}"


def _movement(status: pd.DataFrame, reference: Reference | None) -> str:
    if reference is None:
        return ", sans instantané antérieur auquel comparer"
    moved = gravest(status)
    if moved.empty:
        return f" ; aucun statut n'a changé depuis {reference.label} ({fr.day(reference.as_of)})"
    first = figures.records(moved.head(1))[0]
    kind = "mouvement le plus grave" if first["is_worse"] else "aucune dégradation, principal mouvement"
    return f" ; {kind} depuis {reference.label} ({fr.day(reference.as_of)}) : {first['label']} {passage(first)}"


def _word(status: object) -> str:
    text = "" if fr.missing(status) else str(status)
    return "non pertinente" if text == "non_pertinente" else text


def _from(word: str) -> str:
    return f"d'{word}" if word[:1] in "aeiou" else f"de {word}"
