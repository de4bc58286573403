"""What the page answers for a choice: of the place chosen first, else of the country."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import pandas as pd

from metrics import methods
from metrics.plans import queries as plans
from metrics.review import answers as reading
from metrics.territory import queries as territory
from pages.components import answers
from pages.components import format as fr
from pages.components.blocks import kept
from pages.components.charts import figures, maps
from pages.components.shell import session
from pages.territoires import answer, field_words, layers
from pages.territoires.choices import FIELD, Choice
from pages.territoires.views import ranked

OUTSIDE = ("epidemie", "vigilance")


class Answer(NamedTuple):
    """A word for how far (« Partout. »), the sentence, its date when it does not say it; and what it leaves out."""

    lead: str
    sentence: str
    measured_on: object
    rest: str


@kept
def of(choice: Choice) -> Answer:
    """The answer of a choice."""
    groups = session.load(plans.groups, choice.plan)
    if choice.layer in FIELD:
        return Answer(*field_words.answer(choice), "")
    if choice.layer in OUTSIDE:
        return _of_outside(choice)
    if choice.subject is None:
        return _of_plan(choice, groups)
    table = session.load(territory.departments, choice.subject)
    row = figures.records(groups[groups["group_id"] == choice.subject])[0]
    parts = answer.of_group(row, table, choice.region_name, _bounds())
    local, lead = _local(choice), _lead(row)
    if local is not None:
        return Answer(lead, answers.headline(local), None, _rest(parts))
    if not lead:
        return Answer("", answer.written(parts[:1]), _measured_on(table), _rest(parts[1:]))
    return Answer(lead, answer.in_short(row, _week_of(table)), None, _rest(parts))


def _of_outside(choice: Choice) -> Answer:
    """What the map of an epidemic or of the heat shows: the place chosen, else where it is highest."""
    shown = layers.view(choice)
    rows = figures.records(ranked(shown, choice.region))
    known = [row for row in rows if not fr.missing(row[shown.known])]
    if choice.layer == "vigilance" or not known:
        return Answer(f"{shown.title} :", f"{shown.note}.", None, "")
    own = [row for row in known if row["department"] == choice.department]
    row = (own or known)[0]
    place = row["name"] if own else f"{row['name']} d'abord"
    change = shown.mark(row).note
    figure = f"{shown.title} : {fr.number(row[shown.known])} passages pour 100 000{f', {change}' if change else ''}"
    return Answer(f"{place}.", f"{figure} ({_week_of(shown.table)}).", None, "")


def _of_plan(choice: Choice, groups: pd.DataFrame) -> Answer:
    counts = session.load(territory.counts, choice.plan)
    parts = answer.of_plan(groups, counts, choice.region_name)
    if choice.department and not counts.empty:
        name = maps.department_names()[choice.department]
        own = figures.records(counts[counts["department"] == choice.department])
        parts = [*(answer.of_department(name, row) for row in own), *parts]
    elif choice.region and not counts.empty:
        parts = [answer.of_region(choice.region_name, counts[counts["region"] == choice.region]), *parts]
    lead, sentence = fr.headed(answer.written(parts[:1]))
    return Answer(lead, sentence.strip(), _measured_on(counts), _rest(parts[1:]))


def _local(choice: Choice) -> reading.LocalAnswers | None:
    if choice.department:
        return session.load(reading.answers_in, choice.subject, reading.DEPARTMENT, choice.department)
    if choice.region:
        return session.load(reading.answers_in, choice.subject, reading.REGION, choice.region)
    return None


def _lead(row: dict[str, Any]) -> str:
    """« Partout. », « Par endroits. », never more than the counts allow."""
    low, measured, silent = (int(row[f"departments_{key}"] or 0) for key in ("insufficient", "measured", "silent"))
    return f"{answers.extent(row['tension'], low, measured, silent)}." if measured else ""


def _bounds() -> list[float]:
    limits = session.load(methods.thresholds).set_index("name")["value"]
    return [float(limits.get("diffuse_share_pct", 0))]


def _rest(parts: list[str]) -> str:
    words = answer.written(parts)
    return words[:1].upper() + words[1:]


def _week_of(table: pd.DataFrame) -> str:
    """« S47, 22/11/2026 », as the sentence of a place says it."""
    last = _measured_on(table)
    return "" if last is None else f"{fr.week(last)}, {fr.day(last)}"


def _measured_on(table: pd.DataFrame) -> object:
    """Last day of the latest week of the panel."""
    week = table["week"].max() if not table.empty else None
    return None if week is None or pd.isna(week) else week + timedelta(days=6)
