"""What answers the page: a verdict of at most twenty words, then where, since when, what is done, when does it end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.review import answers as reading
from metrics.review.answers import Answers
from metrics.sources import queries as sources
from pages.components import answers, tipping
from pages.components import format as fr
from pages.components.answers import Fact
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

PLACES = {
    "exploitants": "chez les exploitants",
    "grossistes": "chez les grossistes-répartiteurs",
    "officines": "en officine",
    "pui": "dans les pharmacies hospitalières",
}
_RESERVES = {"en_retard": ", en retard", "estime": ", estimée", "incomplet": ", incomplète"}
MEASURED = ("satisfaisante", "acceptable", "insatisfaisante")
_SHORT_OF = ("1", "2")  # codes of the public list: rupture, tension

Row = Mapping[str, Any]


@block
def head(subject_id: str, crumbs: tuple[tuple[str, str], ...], scope: str, code: str) -> Markup:
    """Way back, question, verdict, facts; those of a department or region come first when one is given (groups alone)."""
    seen = view.known(subject_id)
    lead, measured = verdict(seen, answers_of(seen))
    return render(
        "molecules/head",
        crumbs=crumbs,
        here=seen.short,
        question=f"{seen.short} : disponible, et jusqu'à quand ?",
        lead=lead,
        measured=measured,
        headline=_headline(seen, scope, code),
        facts=[fact for fact in facts(seen, scope, code) if fact.value or fact.words],
        silence="" if seen.weakest() else f"{fr.capital(public_words(_public(seen), _photographed()))}.",
    )


@kept
def in_short(subject_id: str, scope: str, code: str) -> tuple[str, tuple[Fact, ...]]:
    """Verdict and facts, for the sheet of paper."""
    seen = view.known(subject_id)
    return " ".join(verdict(seen, answers_of(seen))).strip(), tuple(
        fact for fact in facts(seen, scope, code) if fact.value
    )


def answers_of(seen: View) -> Answers:
    found = session.load(reading.answers_of, seen.id)
    if found is None:
        raise LookupError(seen.id)
    return found


# ---- the verdict


def verdict(seen: View, found: Answers) -> tuple[str, str]:
    """Whether it is available, agreeing with the alerts; then the day it was measured, with its caveat."""
    weakest = seen.weakest()
    if weakest is None:
        return _unmeasured(seen), ""
    is_of_day = found.is_tipping and weakest["status"] != "insatisfaisante"
    return f"{_verdict(seen, found, weakest)}.", f"Données au {fr.day(seen.as_of)}." if is_of_day else _measured(
        weakest
    )


def _verdict(seen: View, found: Answers, weakest: Row) -> str:
    days = f"{fr.days(weakest['coverage_days'])} {_place(weakest)}"
    tips, may = _circuits(found, "is_tipping"), _circuits(found, "may_tip")
    if weakest["status"] == "insatisfaisante":
        return f"Difficilement : {days}{f', et la DCI bascule {tips}' if tips else _where(seen, weakest)}"
    if tips:
        # A link that holds today does not carry a need that the other laboratories cannot cover.
        return f"Difficilement : la DCI bascule {tips}, {_uncovered(found)} de la demande non couverts"
    unknown = seen.unknown()
    verb = "Oui" if weakest["status"] == "satisfaisante" else "Oui, mais de justesse"
    if not seen.may_see and _open(seen):
        # Declarations may tip the DCI over, which this reader is not given: what was measured, without a verdict on the whole.
        verb = f"Couverture {weakest['status']}"
    if unknown:
        verb += ", aux maillons mesurés"  # « Oui » would speak for the links nobody measured
    if may:
        return f"{verb} : {days} ; basculement possible{f' {may}' if ' et ' not in may else ''}"
    return f"{verb} : {days}{_without(unknown) or _where(seen, weakest) or _declared(seen)}"


def _place(weakest: Row) -> str:
    return PLACES.get(str(weakest["link"]), f"au maillon {str(weakest['label']).lower()}")


def _circuits(found: Answers, column: str) -> str:
    return tipping.places([row["circuit"] for row in found.tipping if row[column]])


def _uncovered(found: Answers) -> str:
    """The largest need left uncovered; « jusqu'à » when circuits, or unknown shares, leave room."""
    tips = [row for row in found.tipping if row["is_tipping"]]
    least = {fr.percent(row["uncovered_pct"]) for row in tips if not fr.missing(row["uncovered_pct"])}
    uppers = [row["upper_uncovered_pct"] for row in tips if not fr.missing(row["upper_uncovered_pct"])]
    known = [float(row["uncovered_pct"]) for row in tips if not fr.missing(row["uncovered_pct"])]
    most = max([*known, *uppers], default=None)
    return fr.percent(most) if least == {fr.percent(most)} else f"jusqu'à {fr.percent(most)}"


def _where(seen: View, weakest: Row) -> str:
    """« ; officines insatisfaisantes par endroits », when some department is."""
    status = seen.status
    if status is None or not int(status["departments_insufficient"]):
        return ""
    low, measured, silent = (int(status[f"departments_{name}"]) for name in ("insufficient", "measured", "silent"))
    where = answers.extent(status["tension"], low, measured, silent)
    head = "insatisfaisantes" if weakest["link"] == "officines" else "officines insatisfaisantes"
    return f" ; {head} {where[:1].lower()}{where[1:]}"


def _without(unknown: list[str]) -> str:
    return f" ; sans chiffre : {', '.join(unknown).lower()}" if unknown else ""


def _declared(seen: View) -> str:
    count = _open(seen)
    return f" ; {fr.plural(count, 'déclaration ouverte', 'déclarations ouvertes')} sur la DCI" if count else ""


def _open(seen: View) -> int:
    count = seen.facts["open_declarations"]
    return 0 if fr.missing(count) else int(count)


def _measured(weakest: Row) -> str:
    reserve = _RESERVES.get(str(weakest["figure_state"]), "")
    return f"Mesure du {fr.day(weakest['measured_on'])}{reserve}."


def _unmeasured(seen: View) -> str:
    """Without any stock, what was declared and what the public list shows short."""
    whole = "ce groupe" if seen.is_group else "cette DCI"
    head = f"Aucun chiffre fiable pour {whole}" if seen.is_measured else f"Aucun stock reçu pour {whole}"
    parts = [fr.plural(_open(seen), "déclaration ouverte", "déclarations ouvertes") if _open(seen) else ""]
    parts += [listed_short(_public(seen))]
    return f"{' ; '.join(filter(None, [head, *parts]))}."


def listed_short(public: pd.DataFrame) -> str:
    """« 2 spécialités en rupture ou en tension (ANSM) », empty when the list has none."""
    current = public[public["is_current"]] if not public.empty else public
    if current.empty:
        return ""
    short = current[current["code"].isin(_SHORT_OF)]["cis"].nunique()
    return f"{fr.plural(short, 'spécialité', 'spécialités')} en rupture ou en tension sur la liste publique"


def public_words(public: pd.DataFrame, photograph_on: object = None) -> str:
    """Specialities that ANSM's public list shows short today, and the date of its photograph."""
    if fr.missing(photograph_on):
        return "liste publique de l'ANSM non reçue"
    when = f"photographie du {fr.day(photograph_on)}"
    words = listed_short(public)
    if not words:
        past = ", " + fr.plural(len(public), "ligne l'a quittée", "lignes l'ont quittée") if len(public) else ""
        return (
            f"la liste publique de l'ANSM n'en dit rien ({when}{past}), ce qui ne veut pas dire disponible : "
            "seuls les MITM sans alternative y sont publiés"
        )
    return f"{words} de l'ANSM ({when})"


def _public(seen: View) -> pd.DataFrame:
    return session.load(declarations.public_lines, seen.dci_key)


def _photographed() -> object:
    """Day of the last photograph of the public list."""
    photographs = session.load(sources.photographs)
    return photographs["photograph_on"].max() if len(photographs) else None


# ---- the facts


def facts(seen: View, scope: str = "", code: str = "") -> list[Fact]:
    """Those that every page gives of a subject, then how long the stock lasts if nothing arrives."""
    local = session.load(reading.answers_in, seen.id, scope, code) if scope else None
    shared = answers.facts_in(local) if local else answers.facts_of(answers_of(seen))
    supplies = session.load(coverage.supplies, seen.id)
    return [*shared, *filter(None, [without_supply(seen, next_supply(supplies, seen.as_of))])]


def _headline(seen: View, scope: str, code: str) -> str:
    local = session.load(reading.answers_in, seen.id, scope, code) if scope else None
    return answers.headline(local) if local else ""


def without_supply(seen: View, coming: date | None) -> Fact | None:
    """Day the makers' stock runs out at today's demand if nothing comes: the only stock that feeds all the others."""
    promised = f"prochain apport annoncé le {fr.day(coming)}" if coming else ""
    end = _runs_out(seen)
    if end is None:
        return Fact("Prochain apport", fr.day(coming), "annoncé par un laboratoire") if coming else None
    verb = "fin du stock des exploitants" if end >= seen.as_of else "fin, déjà passée, du stock des exploitants"
    return Fact("Sans apport", fr.day(end), " ; ".join(filter(None, [verb, promised])))


def _runs_out(seen: View) -> date | None:
    makers = [r for r in figures.records(seen.links) if r["link"] == "exploitants" and r["status"] in MEASURED]
    if not makers or fr.missing(makers[0]["coverage_days"]):
        return None
    start = fr.as_date(makers[0]["measured_on"])
    return start + timedelta(days=int(makers[0]["coverage_days"])) if start else None


def next_supply(supplies: pd.DataFrame, as_of: date) -> date | None:
    """First day from today on which a laboratory announced boxes."""
    coming = supplies[pd.to_datetime(supplies["planned_on"]) >= pd.Timestamp(as_of)] if not supplies.empty else supplies
    return None if coming.empty else fr.as_date(coming["planned_on"].min())
