"""Molecules that call for an action, one card each: weakest link, where, since when, what is done, when does it end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from data.departments import regions
from data.warehouse import Reader
from metrics import methods
from metrics.review import answers as reading
from metrics.review import queries as review
from metrics.review.answers import Answers, LocalAnswers
from pages.components import answers, badges, templating, tension, tipping, tokens
from pages.components import format as fr
from pages.components.answers import Fact
from pages.components.blocks import block
from pages.components.links import Here, href
from pages.components.shell import session
from pages.components.templating import render
from pages.revue import sentence

QUESTION = "Quelles molécules demandent une action ce matin ?"
LEAST, MOST, OTHERS = 3, 4, 8
NAMED = 5
TEMPLATE = "revue/cards"


class Call(NamedTuple):
    """A molecule of the list: its subject, its DCI, and whether it has a card or a place among the others."""

    subject_id: str
    dci_key: str
    has_card: bool


# ---- which ones


def listed(reader: Reader, region: str) -> tuple[Call, ...]:
    """Cards then others; of a region first what calls there, then what calls in the country."""
    country = _ranked(reading.needing_action(reader))
    local = reading.needing_action_in(reader, region) if region else []
    calling = sum(map(_acts, country)) if not region else sum(map(_acts_in, local))
    rows = [*(item.subject for item in local), *(item.subject for item in country)]
    known = {row["subject_id"]: row["dci_key"] for row in rows}
    most = min(MOST, max(LEAST, calling))
    return tuple(Call(name, dci, position < most) for position, (name, dci) in enumerate(known.items()))


def _ranked(found: Sequence[Answers]) -> list[Answers]:
    """The order of ``needing_action``; among acceptables, those that some departments lack come first."""
    return sorted(found, key=lambda item: (not (sentence.is_low(item) or item.is_tipping), -_departments(item)))


def _acts(item: Answers) -> bool:
    return sentence.is_low(item) or item.is_tipping or _departments(item) > 0


def _acts_in(item: LocalAnswers) -> bool:
    return reading.insufficient(item.neighbours) > 0


def _departments(item: Answers) -> int:
    return int(item.status["departments_insufficient"]) if item.status else 0


# ---- the sentence


@block
def head(here: Here, options: tuple[tuple[str, str], ...], current: str, region: str) -> Markup:
    """Question, choices of the period, sentence."""
    found = _ranked(session.load(reading.needing_action))
    followed = sentence.in_season(session.load(review.followed))
    clauses, note = sentence.verdict(found), _measured(found)
    if region:
        name = regions().get(region, region)
        local = session.load(reading.needing_action_in, region)
        clauses = [*sentence.verdict_in(local, name), *sentence.elsewhere(found, local)]
    if followed.empty or not followed["weakest_status"].notna().any():
        last = sentence.public_words(session.load(review.last_public_events))
        clauses, note = [], f"Liste publique de l'ANSM : {last}." if last else ""
    if not options:
        note = f"{note} Sans instantané antérieur auquel comparer.".strip()
    return render(
        "revue/head",
        question=QUESTION,
        here=here,
        options=options,
        current=current,
        clauses=clauses,
        count=sentence.count(followed),
        note=note,
    )


def _measured(found: Sequence[Answers]) -> str:
    """« Mesures S47 (22/11/2026). », the last ones."""
    last = session.load(review.last_week)
    days = [item.weakest["measured_on"] for item in found if item.weakest and item.weakest["week"] == last]
    if last is None:
        return ""
    return f"Mesures {fr.week(last)} ({fr.day(max(days))})." if days else f"Mesures {fr.week(last)}."


# ---- the cards


@block
def body(subject_id: str, region: str) -> Markup:
    """What a card says of the snapshot; alerts, which change with those who saw them, are put beside it."""
    local = session.load(reading.answers_in, subject_id, reading.REGION, region) if region else None
    found = session.load(reading.answers_of, subject_id)
    if found is None:
        raise LookupError(subject_id)
    card = _local(local, found) if local else _tipping(found) if found.status is None else _group(found)
    return templating.macro(TEMPLATE, "body", card)


def _group(found: Answers) -> dict[str, Any]:
    weakest = found.weakest or {"status": None, "figure_state": "absent", "link": "", "label": ""}
    plan = sentence.lower(found.subject["plan_title"] or "")
    beneath = [plan, answers.declarations(found.declared), "la DCI bascule" if found.is_tipping else ""]
    return {
        **_named(found, beneath, str(weakest["link"])),
        "colour": tokens.look(weakest["status"], weakest["figure_state"]).colour,
        "pill": badges.pill(weakest["status"], weakest["figure_state"]),
        "tag": badges.state_tag(weakest["figure_state"]),
        "link": sentence.lower(weakest["label"]),
        "figure": fr.days(weakest.get("coverage_days")),
        "curve": badges.of_link(weakest)["curve"],
        "facts": answers.lines(_facts(found)),
    }


def _tipping(found: Answers) -> dict[str, Any]:
    worst = max(found.tipping, key=lambda row: float(row["uncovered_pct"] or 0), default=None)
    limits = session.load(methods.thresholds).set_index("name")["value"].to_dict()
    return {
        **_named(found, ["DCI", answers.declarations(found.declared)], ""),
        "chart": href("risque/basculement", calcul=f"{found.subject['dci_key']}|{worst['circuit']}" if worst else None),
        "colour": tokens.STATUS["insatisfaisante"].colour,
        "pill": templating.macro(TEMPLATE, "tips"),
        "tag": "",
        "link": f"non couvert {tipping.where(worst['circuit'])}" if worst else "",
        "figure": tipping.uncovered(worst, limits) if worst else fr.UNKNOWN,
        "curve": "",
        "facts": answers.lines(_facts(found)),
    }


def _facts(found: Answers) -> list[Fact]:
    """The four facts, short enough for a card; the molecule's page names the departments that did not answer."""
    where, since, measures, end = answers.facts_of(found)
    return [_short(where, found), since, measures, end._replace(label="Fin")]


def _short(where: Fact, found: Answers) -> Fact:
    silent = tension.silent_of(found.status) if found.status else ""
    return where._replace(words=where.words.removesuffix(silent).removesuffix(" ; ")) if silent else where


def _local(local: LocalAnswers, found: Answers) -> dict[str, Any]:
    """The region, its departments, then the country."""
    now = local.here.now or {"status": None, "figure_state": "absent", "coverage_days": None}
    _, since, measures, end, _ = answers.facts_in(local)
    facts = [_departments_of(local), since, measures, end._replace(label="Fin"), _country(found)]
    return {
        **_named(found, [sentence.lower(found.subject["plan_title"] or ""), answers.declarations(found.declared)], ""),
        "chart": href("territoires/territoires", plan=found.subject["plan"], sujet=found.subject["subject_id"]),
        "colour": tokens.look(now["status"], now["figure_state"]).colour,
        "pill": badges.pill(now["status"], now["figure_state"]),
        "tag": badges.state_tag(now["figure_state"]),
        "link": f"officines, {local.here.name}",
        "figure": fr.days(now["coverage_days"]),
        "curve": "",
        "facts": answers.lines(facts),
    }


def _departments_of(local: LocalAnswers) -> Fact:
    """« 1 département insatisfaisant sur 4 mesurés : Finistère 2,0 j · Morbihan 3,4 j », the lowest first."""
    known = sorted(
        (row for row in local.neighbours if row["is_measured"]), key=lambda row: (row["coverage_days"], row["name"])
    )
    if not known:
        return Fact("Ici", "Aucun département mesuré")
    figures = [f"{row['name']} {fr.days(row['coverage_days'])}" for row in known[:NAMED]]
    more = len(known) - len(figures)
    figures += [fr.plural(more, "autre", "autres")] if more else []
    counted = tension.counted(reading.insufficient(local.neighbours), len(known))
    silent = len(local.neighbours) - len(known)
    unmeasured = f" ; {fr.plural(silent, 'non mesuré', 'non mesurés')}" if silent else ""
    return Fact("Ici", counted[:1].upper() + counted[1:], f"{' · '.join(figures)}{unmeasured}")


def _country(found: Answers) -> Fact:
    """« Insatisfaisante chez les exploitants, 11 j », then its departments."""
    low, measured = (
        int(found.status[f"departments_{name}"]) if found.status else 0 for name in ("insufficient", "measured")
    )
    counted = tension.counted(low, measured) if measured else "aucun département mesuré"
    if found.weakest is None:
        return Fact("France", "", counted)
    weakest = f"{found.weakest['status']} {sentence.WHERE.get(found.weakest['link'], '')}".strip()
    value = f"{weakest}, {fr.days(found.weakest['coverage_days'])}"
    return Fact("France", value[:1].upper() + value[1:], counted)


def _named(found: Answers, beneath: Sequence[str], link: str) -> dict[str, Any]:
    name = found.subject["subject_id"]
    label = str(found.subject["label"])
    return {
        "label": label[:1].upper() + label[1:],
        "beneath": " · ".join(filter(None, beneath)),
        "address": href("molecules/molecule", sujet=name),
        "chart": href("molecules/molecule", sujet=name, maillon=link),
    }


@block
def others(names: tuple[str, ...], region: str) -> Markup:
    """Those that have no card, in one line."""
    local = session.load(reading.needing_action_in, region) if region else []
    lines = {item.subject["subject_id"]: _other(item.subject, _days_in(item)) for item in local}
    for item in session.load(reading.needing_action):
        lines.setdefault(item.subject["subject_id"], _other(item.subject, _days(item)))
    return templating.macro(TEMPLATE, "others", [lines[name] for name in names if name in lines][:OTHERS])


def _other(subject: Mapping[str, Any], words: str) -> dict[str, str]:
    label = str(subject["label"])
    address = href("molecules/molecule", sujet=subject["subject_id"])
    return {"label": label[:1].upper() + label[1:], "address": address, "words": words}


def _days(item: Answers) -> str:
    if item.status is None or item.weakest is None:
        return "bascule"
    return f"{fr.days(item.weakest['coverage_days'])} {sentence.WHERE.get(item.weakest['link'], '')}".strip()


def _days_in(item: LocalAnswers) -> str:
    days = item.here.now["coverage_days"] if item.here.now else None
    return f"{fr.days(days)} ({item.here.name})"
