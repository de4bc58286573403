"""Où (ou Ici) · Depuis · Mesures · Fin annoncée: the same four facts, in the same words, wherever a subject is shown.

Pure functions of the rows of ``metrics.review.answers``. A fact says no more than its figures: what is unknown, late,
estimated or not communicated is shown as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup

from metrics.review import answers as reading
from metrics.review.answers import Answers, Declared, LocalAnswers, Place
from pages.components import format as fr
from pages.components import tension, tipping, tokens
from pages.components.templating import macro

Row = Mapping[str, Any]
WEEKS = {
    "satisfaisante": ("semaine satisfaisante", "semaines satisfaisantes"),
    "acceptable": ("semaine acceptable", "semaines acceptables"),
    "insatisfaisante": ("semaine insatisfaisante", "semaines insatisfaisantes"),
}
NAMED_REGIONS, NAMED_NEIGHBOURS = 2, 4
SILENT = "Pas de réponse"


class Fact(NamedTuple):
    """A label, what matters (bold), what explains it. A triplet that ``parts.facts`` draws as it is."""

    label: str
    value: str
    words: str = ""

    @property
    def joint(self) -> str:
        """Between both on one line."""
        if self.words.startswith(("(", "sur ")):
            return " "
        return " : " if self.label in ("Où", "Mesures") else ", "


def lines(facts: Sequence[Fact]) -> Markup:
    """Facts one under the other, for the block of a page that made them itself."""
    return macro("components/answers", "lines", tuple(facts))


def facts_of(found: Answers) -> tuple[Fact, ...]:
    """Of a subject in the country."""
    return where(found), since(found), measures(found.declared), end(found.declared)


def facts_in(local: LocalAnswers) -> tuple[Fact, ...]:
    """Of a followed group in a department or region."""
    return here(local), since_in(local), measures(local.declared), end(local.declared), neighbours(local)


# ---- where


def where(found: Answers) -> Fact:
    """« Dans la plupart des départements : 92 insatisfaisants sur 97 mesurés »."""
    if found.status is None:
        circuits = [row["circuit"] for row in found.tipping if row["is_tipping"]]
        return Fact("Où", _capital(tipping.places(circuits)) or "En France", "pas de mesure par département")
    low, measured = int(found.status["departments_insufficient"]), int(found.status["departments_measured"])
    silent = tension.silent_of(found.status)
    if not measured:
        return Fact("Où", "Aucun département mesuré", silent)
    value = extent(found.status["tension"], low, measured, int(found.status["departments_silent"]))
    counted = f"{fr.plural(low, 'insatisfaisant', 'insatisfaisants')} sur {fr.plural(measured, 'mesuré', 'mesurés')}"
    base = f"sur {fr.plural(measured, 'mesuré', 'mesurés')}, en officine" if not low else counted
    most = _most(found) if 0 < 2 * low <= measured else ""
    return Fact("Où", value, " ; ".join(filter(None, [base, most, silent])))


def extent(kind: object, low: int, measured: int, silent: int = 0) -> str:
    """How far a medicine is short, as a phrase of its own: never more than the counts allow (``measured``: at least one)."""
    words = (
        (low == 0, "Aucun département insatisfaisant"),
        (low == measured == 1, "Dans le seul département mesuré"),
        (low == measured and kind == "nationale" and not silent, "Partout"),
        (low == measured, "Dans tous les départements mesurés"),
        (low == 1, "Dans un seul département"),
        (2 * low > measured, "Dans la plupart des départements"),
        (2 * low == measured, "Dans la moitié des départements"),
    )
    return next((phrase for is_so, phrase in words if is_so), "Par endroits")


def _most(found: Answers) -> str:
    """« surtout Île-de-France (8 sur 8), Grand Est (9 sur 10) »."""
    names = [f"{row['region_name']} ({row['insufficient']} sur {row['measured']})" for row in found.regions]
    return f"surtout {', '.join(names[:NAMED_REGIONS])}" if names else ""


def here(local: LocalAnswers) -> Fact:
    """« Insatisfaisante, 2,0 j », against the region and the country; the reason when there is no figure."""
    beside = [_beside(place) for place in (local.region, local.country) if place.scope != local.here.scope]
    against = " ; ".join(filter(None, beside))
    now = local.here.now
    if now is None or not _is_measured(local.here):
        reason = "" if now is None else str(now.get("state_reason") or "")
        last = _last_words(local.here.spell)
        word = _state_word(local.here)
        if word == SILENT:
            reason = reason.removeprefix("N'a pas répondu ")
        detail = " ; ".join(filter(None, [reason.rstrip("."), last, against]))
        return Fact("Ici", word, detail)
    word = tokens.look(now["status"], now["figure_state"]).word
    late = f"en retard, mesure du {fr.day(_measured_on(local.here))}" if _is_late(local) else ""
    panel = fr.plural(now["pharmacies"], "officine du panel", "officines du panel")
    counted = _departments(local) if local.here.scope == reading.REGION else ""
    return Fact(
        "Ici", f"{word}, {fr.days(now['coverage_days'])}", " ; ".join(filter(None, [late, counted, panel, against]))
    )


def headline(local: LocalAnswers) -> str:
    """« Finistère : 2,0 j, insatisfaisante depuis S45 ; Bretagne 2,4 j ; France 2,6 j (S47, 22/11/2026). », in one sentence."""
    place = local.here
    beside = [_beside(other) for other in (local.region, local.country) if other.scope != place.scope]
    if place.now is None or place.spell is None or not _is_measured(place):
        own = f"{place.name} : {_state_word(place).lower()}"
        return " ; ".join(filter(None, [own, *beside])) + "."
    own = f"{place.name} : {fr.days(place.now['coverage_days'])}, {place.spell['status']} depuis {onset(place.spell)}"
    week = _week(place.spell["last_week"], place.spell["last_week"])
    late = ", en retard" if _is_late(local) else ""
    return " ; ".join(filter(None, [own, *beside])) + f" ({week}, {fr.day(place.spell['measured_on'])}{late})."


def _departments(local: LocalAnswers) -> str:
    """« 2 départements insatisfaisants sur 4 mesurés »."""
    measured = [row for row in local.neighbours if row["is_measured"]]
    low = [row for row in measured if row["status"] == "insatisfaisante"]
    return tension.counted(len(low), len(measured)) if measured else "aucun département mesuré"


def _beside(place: Place) -> str:
    """« France 2,6 j »; what is not measured is not compared."""
    return f"{place.name} {fr.days(place.now['coverage_days'])}" if _is_measured(place) and place.now else ""


def _is_measured(place: Place) -> bool:
    """A figure of the last week of the panel, and not one of before."""
    is_current = place.spell is not None and bool(place.spell["is_current"])
    return place.now is not None and is_current and not fr.missing(place.now["coverage_days"])


def _is_late(local: LocalAnswers) -> bool:
    """A region has the lateness of the panel, read on the country."""
    place = local.country if local.here.scope == reading.REGION else local.here
    return place.now is not None and place.now["figure_state"] == "en_retard"


def _measured_on(place: Place) -> object:
    return None if place.spell is None else place.spell["measured_on"]


def _state_word(place: Place) -> str:
    if place.now is None or place.scope == reading.REGION:
        return "Non mesuré"
    if place.now["figure_state"] == "en_retard":
        return SILENT
    return str(tokens.look(place.now["status"], place.now["figure_state"]).word)


def _last_words(spell: Row | None) -> str:
    if spell is None:
        return ""
    last = f"dernier chiffre {fr.days(spell['coverage_days'])}, {spell['status']}"
    return f"{last}, {_week(spell['last_week'], spell['last_week'])} ({fr.day(spell['measured_on'])})"


def neighbours(local: LocalAnswers) -> Fact:
    """Other departments of the region that have a figure, the lowest first; none for a region."""
    if local.here.scope == reading.REGION:
        return Fact("Région", "")
    known = [row for row in local.neighbours if row["is_measured"]]
    known.sort(key=lambda row: (row["coverage_days"], row["name"]))
    shown = [f"{row['name']} {fr.days(row['coverage_days'])}" for row in known[:NAMED_NEIGHBOURS]]
    more = len(known) - len(shown)
    return Fact("Région", "", " · ".join([*shown, *([f"{fr.plural(more, 'autre', 'autres')}"] if more else [])]))


# ---- since when


def since(found: Answers) -> Fact:
    """« S44 (4 semaines), après 26 semaines satisfaisantes », of the weakest link; of a DCI that tips, its last file."""
    if found.is_tipping and found.status is None and found.declared.last_on is not None:
        last = "dernière des " + fr.plural(found.declared.of_dci, "déclaration ouverte", "déclarations ouvertes")
        return Fact(
            "Depuis", fr.day(found.declared.last_on), last if found.declared.of_dci > 1 else "seule déclaration ouverte"
        )
    if found.weakest is None or found.spell is None or not found.spell["is_current"]:
        return Fact("Depuis", "Inconnu", "aucun maillon mesuré" if found.weakest is None else "début non connu")
    late = found.weakest["figure_state"] == "en_retard"
    return Fact("Depuis", onset(found.spell), spell_words(found.spell, is_late=late))


def since_in(local: LocalAnswers) -> Fact:
    """The same of a territory, then against the country."""
    spell = local.here.spell
    if spell is None:
        return Fact("Depuis", "Inconnu", "aucun relevé fiable")
    if not spell["is_current"]:
        return Fact(
            "Depuis", "Inconnu", f"sans chiffre depuis la semaine {_week(spell['last_week'], spell['last_week'])}"
        )
    words = [spell_words(spell, is_late=_is_late(local)), against_country(spell, local.country.spell)]
    return Fact("Depuis", onset(spell), " ; ".join(filter(None, words)))


def onset(spell: Row) -> str:
    """« S44 »; « S44 ou avant » when no figure of the week before says that it began then."""
    week = _week(spell["onset_week"], spell["last_week"])
    is_sure = not fr.missing(spell["before_status"]) and not spell["gap_weeks"]
    return week if is_sure else f"{week} ou avant"


def spell_words(spell: Row, *, is_late: bool = False) -> str:
    """« (4 semaines), après 26 semaines satisfaisantes », with what is not sure about it."""
    sides = [fr.plural(spell["weeks"], "semaine", "semaines")]
    if spell["readings"] < spell["weeks"]:
        sides.append(fr.plural(spell["readings"], "relevé", "relevés"))
    if spell["doubtful_readings"]:
        sides.append("dont " + fr.plural(spell["doubtful_readings"], "estimé ou incomplet", "estimés ou incomplets"))
    parts = [f"({', '.join(sides)}){_before(spell)}"]
    if is_late:
        parts.append(f"en retard, dernier relevé au {fr.day(spell['measured_on'])}")
    return " ; ".join(parts)


def _before(spell: Row) -> str:
    if fr.missing(spell["before_status"]):
        return f", {spell['status']} depuis le premier relevé connu"
    least = "au moins " if spell["before_is_first"] else ""
    after = f", après {least}{fr.plural(spell['before_weeks'], *WEEKS[str(spell['before_status'])])}"
    gap = fr.plural(spell["gap_weeks"], "semaine sans chiffre", "semaines sans chiffre")
    apart = f" et {gap}" if spell["gap_weeks"] else ""
    first = spell["below_onset_week"]
    is_older = not fr.missing(first) and first < spell["before_onset_week"]
    low = f" ; sous la borne satisfaisante depuis {_week(first, spell['last_week'])}" if is_older else ""
    return f"{after}{apart}{low}"


def against_country(spell: Row, country: Row | None) -> str:
    """« 2 semaines après la France (S44) », when both have the same status now and both beginnings are known."""
    if country is None or not country["is_current"] or country["status"] != spell["status"]:
        return ""
    if any(fr.missing(one["before_status"]) or one["gap_weeks"] for one in (spell, country)):
        return ""
    weeks = (spell["onset_week"] - country["onset_week"]).days // 7
    if not weeks:
        return "en même temps que la France"
    side = "après" if weeks > 0 else "avant"
    week = _week(country["onset_week"], country["last_week"])
    return f"{fr.plural(abs(weeks), 'semaine', 'semaines')} {side} la France ({week})"


def _week(week: date, last: date) -> str:
    """« S44 », with its year when it is not that of the last reading."""
    return fr.week(week, year=week.isocalendar().year != last.isocalendar().year)


# ---- measures


def measures(declared: Declared) -> Fact:
    """« 1 en vigueur : contingentement quantitatif depuis le 28/11/2026 »; « aucune » when nothing is declared."""
    if declared.measures is None:
        return Fact("Mesures", "Inconnues", "relevé publié avant que les mesures ne soient comptées")
    of_phase = {
        phase: [row for row in declared.measures if row["phase"] == phase] for phase in ("en vigueur", "à venir")
    }
    now, later = of_phase["en vigueur"], of_phase["à venir"]
    over = len(declared.measures) - len(now) - len(later)
    words = [*(_measure(row, declared) for row in now), *(_to_come(row, declared) for row in later)]
    if now and not any(row["measure"] == "importation" for row in [*now, *later]):
        words.append("aucune importation déclarée")
    if not declared.measures:
        return Fact("Mesures", "Aucune déclarée", "" if declared.of_dci else "aucune déclaration ouverte")
    if not now and over:
        words.append(fr.plural(over, "terminée", "terminées"))
    whole = "sur la DCI" if declared.of_group is not None and not declared.is_detailed else ""
    value = f"{fr.number(len(now))} en vigueur" if now else "Aucune en vigueur"
    return Fact("Mesures", " ".join(filter(None, [value, whole])), " ; ".join(words))


def _measure(row: Row, declared: Declared) -> str:
    """« contingentement quantitatif depuis le 28/11/2026 », from its month where the day is not shared."""
    since_on, until_on = row["since_on"], row["until_on"]
    until = "" if fr.missing(until_on) else f" jusqu'au {fr.day(until_on)}"
    if fr.missing(since_on):
        return f"{row['measure']}{until}"
    begun = f" depuis le {fr.day(since_on)}" if declared.is_detailed else f" depuis {fr.long_month(since_on)}"
    return f"{row['measure']}{begun}{until}"


def _to_come(row: Row, declared: Declared) -> str:
    """« importation à venir, début le 20/12/2026 »; when that day has passed, nothing says that it is in place."""
    since_on = row["since_on"]
    if fr.missing(since_on):
        return f"{row['measure']} à venir, début non écrit"
    of_when = f"le {fr.day(since_on)}" if declared.is_detailed else f"en {fr.long_month(since_on)}"
    if _is_past(since_on, declared):
        return f"{row['measure']}, début annoncé {of_when}, pas en place"
    return f"{row['measure']} à venir, début {of_when}"


def _is_past(since_on: date, declared: Declared) -> bool:
    """A day before that of the figures, or a month where only the month is known."""
    as_of = declared.as_of if declared.is_detailed else declared.as_of.replace(day=1)
    return since_on < as_of


# ---- end


def end(declared: Declared) -> Fact:
    """« 08/01 à 17/01/2027, 2 reports »; « non annoncée » is what laboratories did, « non communiquée » what we may say."""
    label, announced = "Fin annoncée", declared.end
    if not declared.of_dci:
        return Fact(label, "Non annoncée", "aucune déclaration ouverte")
    if not declared.is_detailed:
        return Fact(label, "Non communiquée", declarations(declared))
    if announced is None:
        return Fact(label, "Non annoncée", declarations(declared))
    records = _kept(declared.promises)
    if not announced["dated"]:
        words = (
            fr.plural(announced["open_declarations"], "déclaration ouverte", "déclarations ouvertes")
            + " sans date de retour"
        )
        return Fact(label, "Non annoncée", " ; ".join(filter(None, [words, records])))
    undated = announced["open_declarations"] - announced["dated"]
    sides = [
        _passed(announced),
        _postponed(announced),
        fr.plural(undated, "déclaration sans date", "déclarations sans date") if undated else "",
        records,
    ]
    return Fact(label, span(announced["earliest_on"], announced["latest_on"]), " ; ".join(filter(None, sides)))


def span(first: object, last: object) -> str:
    """« 08/01 à 17/01/2027 »."""
    one, other = fr.as_date(first), fr.as_date(last)
    if one == other or one is None or other is None:
        return fr.day(last)
    return f"{fr.short_day(one) if one.year == other.year else fr.day(one)} à {fr.day(other)}"


def _passed(end: Row) -> str:
    if not end["passed"]:
        return ""
    return "date passée" if end["dated"] == 1 else fr.plural(end["passed"], "date passée", "dates passées")


def _postponed(end: Row) -> str:
    if not end["postponed"]:
        return ""
    if end["open_declarations"] == 1:
        return f"repoussée {fr.number(end['postponed'])} fois"
    return fr.plural(end["postponed"], "report", "reports") + " en tout"


def _kept(record: Row | None) -> str:
    """« 1 promesse sur 3 tenue sur la DCI »: supplies due, of every declaration of the DCI."""
    if record is None or not record["due"]:
        return ""
    kept = fr.plural(record["kept"], "promesse", "promesses")
    return f"{kept} sur {fr.number(record['due'])} {'tenue' if record['kept'] < 2 else 'tenues'} sur la DCI"


def declarations(declared: Declared) -> str:
    """« 2 déclarations ouvertes (3 sur la DCI) »; of a whole DCI, its own."""
    if declared.of_group is None:
        return fr.plural(declared.of_dci, "déclaration ouverte", "déclarations ouvertes")
    if not declared.of_group:
        return f"aucune déclaration ouverte sur le groupe ({fr.number(declared.of_dci)} sur la DCI)"
    own = fr.plural(declared.of_group, "déclaration ouverte", "déclarations ouvertes")
    return own if declared.of_group == declared.of_dci else f"{own} ({fr.number(declared.of_dci)} sur la DCI)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
