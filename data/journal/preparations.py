"""What a week of préparations magistrales may say: whole counts of a week that is over, by those who may type them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.access.roles import SEES_LABORATORIES, Identity
from data.journal.columns import JournalRefused

FIRST_WEEK = date(2000, 1, 3)  # a Monday; before it, a year is mistyped
MOST_PREPARATIONS = 1_000_000
MOST_PHARMACIES = 30_000  # there are about twenty thousand in France
_REFUSED = "Rien n'a été enregistré."


@dataclass(frozen=True)
class Counted:
    """A subject and a week (its Monday). ``pharmacies`` and ``recommendation_on``: None when unknown."""

    subject_id: str
    week: date
    preparations: int
    pharmacies: int | None = None
    recommendation_on: date | None = None
    reason: str = ""


def check(who: Identity, counted: Counted, today: date) -> None:
    """Raises JournalRefused for a role that may not, ValueError with a sentence for a count that cannot be."""
    check_role(who)
    faults = [
        _fault_of_week(counted.week, today),
        _fault_of_count("de préparations", counted.preparations, MOST_PREPARATIONS),
        _fault_of_count("d'officines", counted.pharmacies, MOST_PHARMACIES) if counted.pharmacies is not None else "",
        _fault_of_recommendation(counted.recommendation_on, counted.week),
    ]
    if not counted.subject_id.strip():
        faults.insert(0, "Un groupe suivi ou une DCI est attendu.")
    found = " ".join(fault for fault in faults if fault)
    if found:
        raise ValueError(f"{found} {_REFUSED}")


def check_role(who: Identity) -> None:
    """Agents of the ANSM count; others read."""
    if who.role not in SEES_LABORATORIES:
        raise JournalRefused(f"Les préparations magistrales ne sont saisies que par l'ANSM. {_REFUSED}")


def _fault_of_week(week: date, today: date) -> str:
    if week.weekday() != 0:
        return f"Une semaine commence un lundi, pas le {week:%d/%m/%Y}."
    if week < FIRST_WEEK:
        return f"La semaine du {week:%d/%m/%Y} est trop ancienne."
    last = week + timedelta(days=6)
    if last > today:
        return f"La semaine du {week:%d/%m/%Y} n'est pas finie : elle peut être saisie à partir du {last:%d/%m/%Y}."
    return ""


def _fault_of_count(what: str, count: int, most: int) -> str:
    if isinstance(count, bool) or not isinstance(count, int):
        return f"Le nombre {what} est un nombre entier, pas « {count} »."
    if not 0 <= count <= most:
        return f"Le nombre {what} va de 0 à {most}, pas {count}."
    return ""


def _fault_of_recommendation(day: date | None, week: date) -> str:
    """Preparations follow a recommendation: one made after the week recommended none of them."""
    if day is None:
        return ""
    if day < FIRST_WEEK:
        return f"La recommandation du {day:%d/%m/%Y} est trop ancienne."
    if day > week + timedelta(days=6):
        return f"La recommandation du {day:%d/%m/%Y} est après la semaine du {week:%d/%m/%Y}."
    return ""
