"""The answer of the review in one sentence, computed: which molecules call for an action, where and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from metrics.review.answers import Answers, LocalAnswers
from metrics.review.answers import insufficient as insufficient_departments
from pages.components import answers, tension
from pages.components import format as fr

WHERE = {
    "exploitants": "chez les exploitants",
    "grossistes": "chez les grossistes-répartiteurs",
    "officines": "dans les officines",
    "pui": "dans les pharmacies hospitalières",
}
NAMED = 3
_LOW = "insatisfaisante"
_NUMBERS = ("", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_EVENTS = (
    ("entrée", "entrée", "entrées"),
    ("sortie", "sortie", "sorties"),
    ("changement", "changement", "changements"),
)


class Clause(NamedTuple):
    """Names in bold, then the rest of the clause."""

    names: str
    words: str


def verdict(found: Sequence[Answers]) -> list[Clause]:
    """« Amoxicilline … manque à tous les maillons, partout, depuis quatre semaines », « lévétiracétam bascule »."""
    low = [item for item in found if is_low(item)]
    tips = [lower(item.subject["label"]) for item in found if item.is_tipping and not is_low(item)]
    clauses = [Clause(str(low[0].subject["label"]), f" manque {_how(low[0])}")] if low else []
    if others := [lower(item.subject["label"]) for item in low[1:]]:
        clauses.append(Clause(_named(others), " manque aussi" if len(others) == 1 else " manquent aussi"))
    if tips:
        clauses.append(Clause(_named(tips), " bascule" if len(tips) == 1 else " basculent"))
    return clauses


def verdict_in(found: Sequence[LocalAnswers], region: str) -> list[Clause]:
    """The same of a region: « Bretagne : », « amoxicilline … manque (2,4 j) depuis deux semaines, France 2,6 j »."""
    low = [item for item in found if _is_low_in(item)]
    if not low:
        clauses = [
            Clause(f"{region} :", " aucune molécule suivie n'est insatisfaisante dans l'ensemble de ses officines")
        ]
        some: dict[str, list[str]] = {}
        for item in found:
            if insufficient_departments(item.neighbours):
                some.setdefault(_extent_in(item), []).append(lower(item.subject["label"]))
        return clauses + [Clause(_named(names), f" {where}") for where, names in some.items()]
    first = low[0]
    days = fr.days(first.here.now["coverage_days"]) if first.here.now else fr.UNKNOWN
    country = first.country.now
    beside = f" ; France {fr.days(country['coverage_days'])}" if country else ""
    label = lower(first.subject["label"])
    clauses = [Clause(f"{region} : {label}", f" manque dans les officines ({days}{beside}){_since(first.here.spell)}")]
    if others := [lower(item.subject["label"]) for item in low[1:]]:
        clauses.append(Clause(_named(others), " aussi"))
    return clauses


def elsewhere(country: Sequence[Answers], local: Sequence[LocalAnswers]) -> list[Clause]:
    """The gravest of the country after the region: « en France, à tous les maillons, partout »."""
    low = next((item for item in country if is_low(item)), None)
    if low is None:
        return []
    first = next((item for item in local if _is_low_in(item)), None)
    is_same = first is not None and first.subject["subject_id"] == low.subject["subject_id"]
    if is_same:
        return [Clause("", f"en France, {_how(low)}")]
    return [Clause(f"en France, {lower(low.subject['label'])}", f" manque {_how(low)}")]


def _extent_in(found: LocalAnswers) -> str:
    """« dans la plupart des départements »: as far as the departments of the region measured say."""
    measured = sum(1 for row in found.neighbours if row["is_measured"])
    return lower(answers.extent(None, insufficient_departments(found.neighbours), measured))


def _is_low_in(found: LocalAnswers) -> bool:
    return found.here.now is not None and found.here.now["status"] == _LOW


def is_low(found: Answers) -> bool:
    return found.status is not None and found.weakest is not None and found.weakest["status"] == _LOW


def _how(found: Answers) -> str:
    """« à tous les maillons, dans la plupart des départements, depuis quatre semaines »."""
    measured = [row for row in found.links if not fr.missing(row["status"]) and row["status"] in answers.WEEKS]
    low = [row for row in measured if row["status"] == _LOW]
    whole = found.status is not None and fr.missing(found.status["unknown_links"])
    if len(low) == len(measured) > 1:
        where = "à tous les maillons" if whole else "à tous les maillons mesurés"
    else:
        where = " et ".join(WHERE.get(str(row["link"]), f"au maillon {row['label']}") for row in low)
    is_in_pharmacies = any(row["link"] == "officines" for row in low)
    extent = lower(answers.where(found).value) if is_in_pharmacies and found.status else ""
    breadth = "" if extent.startswith("aucun") or not extent else f", {extent}"
    return f"{where}{breadth}{_since(found.spell, ',')}"


def _since(spell: Mapping[str, Any] | None, comma: str = "") -> str:
    """« depuis quatre semaines »; « depuis au moins » when nothing says that it began then."""
    if spell is None or not spell["is_current"]:
        return ""
    weeks = int(spell["weeks"])
    number = _NUMBERS[weeks] if weeks < len(_NUMBERS) else fr.number(weeks)
    is_sure = not fr.missing(spell["before_status"]) and not spell["gap_weeks"]
    return f"{comma} depuis {'' if is_sure else 'au moins '}{number} semaine{'s' if weeks > 1 else ''}"


def _named(names: Sequence[str]) -> str:
    """« a, b et c », « a, b, c et 4 autres »."""
    if len(names) > NAMED + 1:
        return f"{', '.join(names[:NAMED])} et {len(names) - NAMED} autres"
    return " et ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def lower(text: object) -> str:
    """As inside a sentence; an acronym keeps its capitals."""
    written = str(text)
    return written if written[1:2].isupper() else written[:1].lower() + written[1:]


def count(followed: pd.DataFrame) -> str:
    """« 1 molécule suivie sur 14 est insatisfaisante (plan hivernal ; 2 sans mesure) », of the plans in season."""
    measured = followed[followed["weakest_status"].notna()] if not followed.empty else followed
    if measured.empty:
        return "Aucune molécule suivie n'est encore mesurée"
    low, total = insufficient(measured), len(measured)
    titles = ", ".join(lower(title) for title in dict.fromkeys(followed["title"]))
    unknown, partly = len(followed) - total, tension.with_unknown(measured)
    notes = [titles, f"{unknown} sans mesure" if unknown else ""]
    notes.append(f"{partly} avec un maillon sans chiffre" if partly else "")
    remarks = f" ({' ; '.join(filter(None, notes))})"
    if low.empty and total == 1:
        return f"La seule molécule mesurée n'est pas insatisfaisante{remarks}"
    if low.empty:
        return f"Aucune des {total} molécules mesurées n'est insatisfaisante{remarks}"
    verb = (
        "molécule suivie sur {0} est insatisfaisante"
        if len(low) == 1
        else "molécules suivies sur {0} sont insatisfaisantes"
    )
    return f"{len(low)} {verb.format(total)}{remarks}"


def in_season(followed: pd.DataFrame) -> pd.DataFrame:
    """Groups of the plans in season, or of every plan when none is."""
    current = followed[followed["in_season"]] if not followed.empty else followed
    return followed if current.empty else current


def insufficient(followed: pd.DataFrame) -> pd.DataFrame:
    """Groups whose weakest link is insatisfaisant, the furthest under its own bound first."""
    return followed[followed["weakest_status"] == _LOW].sort_values("weakest_bound_pct", kind="stable")


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


def public_words(public: pd.DataFrame) -> str:
    """« 3 entrées, 2 sorties et 2 changements de situation du 15/11/2026 au 22/11/2026 »; empty when nothing is known."""
    if public.empty:
        return ""
    counts = public["event"].value_counts()
    words = [fr.plural(int(counts.get(event, 0)), one, many) for event, one, many in _EVENTS]
    since, until = public["previous_at"].min(), public["photograph_at"].max()
    return f"{words[0]}, {words[1]} et {words[2]} de situation du {fr.day(since)} au {fr.day(until)}"
