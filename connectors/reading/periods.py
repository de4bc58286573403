"""Weeks that are something else: months, a label of the wrong year, a Monday that opens the week after the count."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from connectors.language.folding import fold_words
from connectors.reading.french import MONTHS, MONTHS_SHOWN, SIX_DIGITS, both_periods, last_of, week_or_month

NAMES_WEEKS = re.compile(r"\b(?:s|sem|semaines?|w|week) ?\d{1,2}\b|\bhebdo|\bsemaines?\b")  # in the name of a file
NAMES_MONTHS = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b|\bmensuel|\bmois\b")  # « 2026-10 » leaves the question open
WEEK = timedelta(weeks=1)
OLD, OLDER = (
    timedelta(weeks=3),
    timedelta(weeks=5),
)  # a label that is a week so old is a month that is over, or has begun
YEAR_AWAY, NEARBY = 45, 3  # weeks: the label of another year is that far from the others, the right one that near
FAR_AWAY = 104  # weeks from every other week of the file
TURN = (6, 52)  # the year of a label is mistaken in the first weeks of a year, and in the last
FEW, MANY = 6, 2_000  # distinct weeks: a file of few is compared with its reception, of many with nothing
LATE_DAYS = 1  # after a Sunday count, the file comes on Monday or Tuesday


@dataclass
class Weeks:
    """Distinct cells of a column of weeks: Mondays by label, days typed instead of a label.

    ``unread``: some cells are neither.
    """

    labels: dict[str, date] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)
    unread: bool = False

    @property
    def mondays(self) -> list[date]:
        """Every week of the column, in order."""
        return sorted({*self.labels.values(), *(day - timedelta(days=day.weekday()) for day in self.days)})


def label(monday: date) -> str:
    """``2026-S46``."""
    year, week, _ = monday.isocalendar()
    return f"{year}-S{week:02}"


def misread(weeks: Weeks, received: date | None, *, counted: bool, file: str = "") -> str:
    """Why the whole column cannot be weeks, with its probable reading; empty otherwise.

    ``counted``: days of counting are given, which confirm the weeks of their lines. ``file``: its name.
    """
    return _months_as_numbers(weeks, received, file) or (
        "" if counted else _firsts(weeks) or _not_over(weeks, received)
    )


def _months_as_numbers(weeks: Weeks, received: date | None, file: str) -> str:
    """``202601``…``202611``: weeks 1 to 11, long past, or months that have all begun; nothing settles it, and a person must.

    The name of the file decides, then the reading without a gap, then the day of reception.
    """
    found = [week_or_month(text) for text in weeks.labels]
    pairs = sorted(pair for pair in found if pair)
    named = _named_in(file)
    if received is None or not pairs or weeks.days or len(pairs) < len(found) or named == "week":
        return ""
    year, month = pairs[-1]
    if date(year, month, 1) > received:
        return ""
    age = received - (max(weeks.labels.values()) + WEEK)
    is_over = last_of(year, month) <= received
    labels = sorted(weeks.labels)
    limit = OLD if is_over or named == "month" else OLDER
    if age > limit or _follow_as_months(weeks, pairs):
        reading = f"{labels[-1]} lu comme la semaine {month} de {year}"
        sentence = _months(f"donne {_span(labels)} ({reading})", pairs)
        return f"{sentence} Si ce sont bien des semaines, l'écrire ainsi : {label(max(weeks.labels.values()))}."
    if age > OLD:
        return f"est ambigu : {both_periods(labels[-1])} Écrire la semaine ainsi : {label(max(weeks.labels.values()))}."
    return ""


def _follow_as_months(weeks: Weeks, pairs: list[tuple[int, int]]) -> bool:
    """``202512`` and ``202601``: neighbours as months, forty weeks apart as weeks."""
    months = [12 * year + month for year, month in pairs]
    mondays = weeks.mondays
    return all(b - a == 1 for a, b in pairwise(months)) and any(b - a > WEEK for a, b in pairwise(mondays))


def _named_in(file: str) -> str:
    """``week`` or ``month``, when the name of the file says one and not the other: « stocks_octobre_2026.xlsx »."""
    words = re.sub(r"[_.]+", " ", fold_words(file))
    found = {kind for kind, pattern in (("week", NAMES_WEEKS), ("month", NAMES_MONTHS)) if pattern.search(words)}
    return found.pop() if len(found) == 1 else ""


def _firsts(weeks: Weeks) -> str:
    """01/10/2026, 01/11/2026…: weeks never all begin on the first of a month."""
    if weeks.labels or weeks.unread or not weeks.days or any(day.day != 1 for day in weeks.days):
        return ""
    days = sorted(weeks.days)
    if len(days) == 1 and days[0].weekday() in (0, 6):
        return ""
    shown = [f"{day:%d/%m/%Y}" for day in days]
    return _months(f"donne le premier jour d'un mois ({_span(shown)})", [(day.year, day.month) for day in days])


def _months(what: str, pairs: list[tuple[int, int]]) -> str:
    first, last = pairs[0], pairs[-1]
    named = _named(*last) if first == last else f"{_named(*first)} à {_named(*last)}"
    example = last_of(*last)
    return (
        f"{what} : ce sont sans doute des mois ({named}) et non des semaines. Écrire la semaine du comptage"
        f" ({label(example - timedelta(days=example.weekday()))})."
    )


def _named(year: int, month: int) -> str:
    return f"{MONTHS_SHOWN[month - 1]} {year}"


def _span(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{texts[0]} à {texts[-1]}"


def _not_over(weeks: Weeks, received: date | None) -> str:
    """Mondays, the last of which opens the week in which the file came: they follow the counts of Sunday evening."""
    if received is None or weeks.labels or not weeks.days or any(day.weekday() for day in weeks.days):
        return ""
    newest = max(weeks.days)
    if not 0 <= (received - newest).days <= LATE_DAYS:
        return ""
    return (
        f"donne le lundi {newest:%d/%m/%Y}, et la semaine {label(newest)} n'était pas finie à la réception"
        f" ({received:%d/%m/%Y}). Le stock compté le dimanche {newest - timedelta(days=1):%d/%m/%Y} est celui de la"
        f" semaine {label(newest - WEEK)} : l'écrire ainsi."
    )


def doubtful(weeks: Weeks, received: date | None, file: str = "") -> dict[str, str]:
    """Labels of the column that are probably another week, or a month, with the reason."""
    mondays = weeks.mondays
    if len(mondays) > MANY:
        return {}
    reasons = {text: _doubt(text, monday, mondays, received) for text, monday in weeks.labels.items()}
    return {text: reason for text, reason in {**reasons, **_months_beside_weeks(weeks, file)}.items() if reason}


def _months_beside_weeks(weeks: Weeks, file: str) -> dict[str, str]:
    """``202610`` beside ``2026-S45``: week 10 is far from it, October ends the week before. ``202645`` beside it settles."""
    open_ = [text for text in weeks.labels if week_or_month(text)]
    sure = {monday for text, monday in weeks.labels.items() if text not in open_}
    sure |= {day - timedelta(days=day.weekday()) for day in weeks.days}
    is_form_of_weeks = any(SIX_DIGITS.fullmatch(text) for text in weeks.labels if text not in open_)
    if not sure or is_form_of_weeks or _named_in(file) == "week":
        return {}
    return {text: reason for text in open_ if (reason := _month_beside(text, weeks.labels[text], sorted(sure)))}


def _month_beside(text: str, monday: date, sure: list[date]) -> str:
    year, month = week_or_month(text) or (monday.year, 1)
    ends = last_of(year, month)
    as_month = _distance(ends - timedelta(days=ends.weekday()), sure)
    if _distance(monday, sure) <= as_month:
        return ""
    return (
        f"semaine ou mois : {both_periods(text)} Les semaines écrites autrement dans le fichier sont plus près du mois."
        f" Écrire la semaine ainsi : {label(monday)}, ou celle du comptage"
    )


def _doubt(text: str, monday: date, mondays: list[date], received: date | None) -> str:
    others = [other for other in mondays if other != monday]
    away = _distance(monday, others)
    probable = [other for other in _other_years(monday) if other not in mondays]
    of_file = [other for other in probable if away >= YEAR_AWAY and _distance(other, others) <= NEARBY]
    came = [] if received is None or len(mondays) > FEW or not _all_at_turn(monday, mondays) else [received]
    of_reception = [
        other for other in probable if _distance(monday, came) >= YEAR_AWAY and _distance(other, came) <= NEARBY
    ]
    for other in (*of_file, *of_reception):
        near = "des autres semaines du fichier" if other in of_file else "de la réception du fichier"
        return (
            f"semaine « {text} » : elle commence le {monday:%d/%m/%Y}, loin {near} ; sans doute {label(other)}"
            f" ({other:%d/%m/%Y}). Écrire la bonne semaine, ou la date de son lundi"
        )
    if len(others) > 1 and away >= FAR_AWAY:
        return (
            f"semaine « {text} » : elle commence le {monday:%d/%m/%Y}, à plus de {int(away * 7 / 365.25)} ans des autres"
            " semaines du fichier. Écrire la bonne semaine, ou la date de son lundi"
        )
    return ""


def _all_at_turn(monday: date, mondays: list[date]) -> bool:
    """Whether the weeks around it straddle the new year: a series that begins earlier is last winter's, sent late."""
    at = mondays.index(monday)
    series = [monday]
    for others in (mondays[at + 1 :], mondays[:at][::-1]):
        near = monday
        for other in others:
            if abs(other - near) > NEARBY * WEEK:
                break
            series.append(near := other)
    return all(map(_at_turn, series))


def _at_turn(monday: date) -> bool:
    week = monday.isocalendar().week
    return week <= TURN[0] or week >= TURN[1]


def _other_years(monday: date) -> list[date]:
    """The same week number one year later and one year earlier."""
    year, week, _ = monday.isocalendar()
    found = []
    for other in (year + 1, year - 1):
        try:
            found.append(date.fromisocalendar(other, week, 1))
        except ValueError:  # no week 53 that year
            continue
    return found


def _distance(day: date, others: list[date]) -> float:
    """Weeks to the nearest of ``others``, which are sorted; endless when there is none."""
    at = bisect_left(others, day)
    near = others[max(0, at - 1) : at + 1]
    return min((abs((day - other).days) / 7 for other in near), default=float("inf"))
