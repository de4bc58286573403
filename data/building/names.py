"""« Le même ? »: names that may be one participant wait for the steward, and nothing is counted twice meanwhile.

Asked of a name close to a known one, of a name that appears the week another goes missing, of a name written with
letters of several alphabets, and of a laboratory that the public referential does not know: the last is counted in the
figures, and in none that is shared (``firms.py``). The answer is in the journal; ``identity.py`` applies it
at the next refresh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import combinations

import pyarrow as pa

from connectors.language.names import identity_key, in_latin, is_mixed_script, is_probably_same
from connectors.language.typography import french
from data.building.firms import Firm
from data.building.identity import HOLDERS, PUBLIC, Identity
from data.journal.decisions import NameAnswer
from data.reference.thresholds import plausibility, thresholds
from data.warehouse import Writer

UNKNOWN = "inconnu"
ASKED_KINDS = ("grossiste", "laboratoire")
# Tables whose boxes are summed over participants: by kind, those that show who reports when, and their name column.
REPORTS = {
    "grossiste": (("pointstock_stock", "grossistes_stock"), "wholesaler"),
    "laboratoire": (("tracstocks_stock",), "laboratory"),
}
# Rows that wait with a name, by kind.
HELD = {
    "grossiste": (("pointstock_stock", "wholesaler"), ("grossistes_stock", "wholesaler")),
    "laboratoire": (("tracstocks_stock", "laboratory"), ("tracstocks_supply", "laboratory")),
}
QUESTIONS = pa.schema(
    [
        *((name, pa.string()) for name in ("kind", "key", "other_key", "name", "other_name", "why", "reason")),
        ("is_held", pa.bool_()),
        ("load_id", pa.string()),
    ]
)


@dataclass(frozen=True)
class Span:
    """First and last week in which a participant reports, and its presentations in each."""

    first: date
    last: date
    first_boxes: frozenset[str]
    last_boxes: frozenset[str]


@dataclass(frozen=True)
class Question:
    """``one`` is the name that waits; ``other`` the one it may be, None when it only looks wrong."""

    one: Identity
    other: Identity | None
    why: str

    def reason(self) -> str:
        """The question, in French."""
        one, other = f"« {self.one.name} »", f"« {self.other.name} »" if self.other else ""
        if self.why == "alphabet":
            head = f"{one} mêle des lettres de plusieurs alphabets"
            return french(f"{head} et se lit comme {other} : le même ?" if other else f"{head} : est-ce bien son nom ?")
        if self.why == "relais":
            return french(f"{one} apparaît la semaine où {other} n'envoie rien : le même ?")
        if self.why == UNKNOWN:
            head = f"{one} n'est titulaire d'aucune spécialité du référentiel et ne compte pas pour le secret"
            return french(f"{head} ; proche de {other} : le même ?" if other else f"{head} : est-ce bien son nom ?")
        return french(f"{one} est proche de {other} : le même ?")


def ask(
    writer: Writer,
    views: dict[str, str],
    identities: Sequence[Identity],
    answers: Sequence[NameAnswer],
    firms: Mapping[tuple[str, str], Firm],
) -> set[tuple[str, str]]:
    """The tables ``asked_name`` (a question per name) and ``name_held`` (the rows that wait with it); names that wait."""
    common_pct, expected_weeks = plausibility()["name_common_pct"].value, thresholds()["expected_weeks"].value
    rows = []
    for kind in ASKED_KINDS:
        participants = [item for item in identities if item.kind == kind and not _is_public(item)]
        spans, weeks = _spans(writer, views, kind), _weeks(writer, views, kind)
        asked = questions(participants, spans, weeks, answers, common_pct, expected_weeks)
        if kind == "laboratoire":
            seen = {question.one.key for question in asked}
            asked += [each for each in _unknown(identities, spans, firms) if each.one.key not in seen]
        for question in asked:
            other = question.other
            rows.append(
                {
                    "kind": kind,
                    "key": question.one.key,
                    "other_key": other.key if other else "",
                    "name": question.one.name,
                    "other_name": other.name if other else "",
                    "why": question.why,
                    "reason": question.reason(),
                    "is_held": question.why != UNKNOWN
                    and question.one.name in spans
                    and (other is None or other.name in spans),
                    "load_id": _first_report(question.one),
                }
            )
    writer.table("asked_name", pa.Table.from_pylist(rows, schema=QUESTIONS), temporary=True)
    writer.run(f"CREATE TEMP TABLE name_held AS {' UNION ALL '.join(_held_rows(views))}")
    return {(str(row["kind"]), str(row["name"])) for row in rows}


def _is_public(identity: Identity) -> bool:
    return all(spelling.lake_table in PUBLIC for spelling in identity.spellings)


def _first_report(identity: Identity) -> str:
    return next(s.order[1] for s in identity.spellings if s.lake_table not in PUBLIC)


def _held_rows(views: dict[str, str]) -> Iterator[str]:
    for kind, places in HELD.items():
        for table, column in places:
            yield f"""
                SELECT '{table}' AS lake_table, q.kind, q.name, r.load_id, r.line, r.cip13 AS item, r.week,
                    COALESCE(NULLIF(q.other_name, ''), q.name) AS reporter, q.reason
                FROM {views[table]} AS r
                INNER JOIN asked_name AS q ON q.kind = '{kind}' AND q.is_held AND q.name = r.{column}"""


def _spans(writer: Writer, views: dict[str, str], kind: str) -> dict[str, Span]:
    reports = _reports(views, kind)
    rows = writer.rows(f"""
        SELECT r.name, s.first, s.last,
            LIST(DISTINCT r.cip13) FILTER (WHERE r.week = s.first) AS first_boxes,
            LIST(DISTINCT r.cip13) FILTER (WHERE r.week = s.last) AS last_boxes
        FROM ({reports}) AS r
        INNER JOIN (
            SELECT name, MIN(week) AS first, MAX(week) AS last FROM ({reports}) AS report GROUP BY name
        ) AS s ON s.name = r.name AND r.week IN (s.first, s.last)
        GROUP BY r.name, s.first, s.last""")
    return {
        row["name"]: Span(row["first"], row["last"], frozenset(row["first_boxes"]), frozenset(row["last_boxes"]))
        for row in rows
    }


def _reports(views: dict[str, str], kind: str) -> str:
    tables, column = REPORTS[kind]
    return " UNION ALL ".join(f"SELECT {column} AS name, cip13, week FROM {views[table]}" for table in tables)


def _weeks(writer: Writer, views: dict[str, str], kind: str) -> list[date]:
    return [
        row["week"]
        for row in writer.rows(f"SELECT DISTINCT week FROM ({_reports(views, kind)}) AS report ORDER BY week")
    ]


def questions(
    participants: Sequence[Identity],
    spans: dict[str, Span],
    weeks: Sequence[date],
    answers: Sequence[NameAnswer],
    common_pct: float,
    expected_weeks: float,
) -> list[Question]:
    """At most one per name. ``weeks``: those reported, in order. ``common_pct``: of a newcomer's presentations that the one gone missing reported too."""
    different = {frozenset((answer.key, answer.other_key)) for answer in answers if not answer.is_same}
    own = {answer.key for answer in answers if not answer.other_key and not answer.is_same}
    asked: dict[str, Question] = {}
    candidates = [
        *_mixed(participants, own),
        *_close(participants),
        *_relieved(participants, spans, weeks, common_pct, expected_weeks),
    ]
    for question in candidates:
        if not _answered(question, different):
            asked.setdefault(question.one.key, question)
    return list(asked.values())


def _answered(question: Question, different: set[frozenset[str]]) -> bool:
    if question.other is None:
        return False
    mine, theirs = ({item.key, *(s.key for s in item.spellings)} for item in (question.one, question.other))
    return any(frozenset((key, other)) in different for key in mine for other in theirs)


def _mixed(participants: Sequence[Identity], own: set[str]) -> Iterator[Question]:
    """Names in several alphabets, with the one that they look like."""
    for one in participants:
        if is_mixed_script(one.name) and one.key not in own:
            look = in_latin(one.name)
            alike = (
                o
                for o in participants
                if o is not one and (o.key == identity_key(look) or is_probably_same(look, o.name))
            )
            yield Question(one, next(alike, None), "alphabet")


def _close(participants: Sequence[Identity]) -> Iterator[Question]:
    """Of two close names, the one received later waits."""
    in_order = sorted(participants, key=lambda item: (item.spellings[0].order, item.name))
    for other, one in combinations(in_order, 2):
        if is_probably_same(one.name, other.name):
            yield Question(one, other, "proche")


def _relieved(
    participants: Sequence[Identity],
    spans: dict[str, Span],
    weeks: Sequence[date],
    common_pct: float,
    expected_weeks: float,
) -> Iterator[Question]:
    """A name that appears in the first week without another, for the same presentations, while that one is still expected.

    Later the one gone is in no sum any more: a presentation handed over long ago is not counted twice.
    """
    since = weeks[-1] - timedelta(weeks=expected_weeks) if weeks else date.max
    by_name = {item.name: item for item in participants}
    for name, span in sorted(spans.items(), key=lambda item: (item[1].first, item[0])):
        before = [week for week in weeks if week < span.first]
        gone = [
            other
            for other, its in spans.items()
            if before
            and span.first > since
            and its.last == before[-1]
            and 100 * _common(span, its) >= common_pct * len(span.first_boxes)
        ]
        if gone and name in by_name:
            likely = max(sorted(gone), key=lambda other: SequenceMatcher(None, name, other).ratio())
            yield Question(by_name[name], by_name[likely], "relais")


def _unknown(
    identities: Sequence[Identity],
    spans: Mapping[str, Span],
    firms: Mapping[tuple[str, str], Firm],
) -> Iterator[Question]:
    """Laboratories that report and are not recognised yet, with the holder they resemble. None without a referential."""
    holders = [item for item in identities if any(s.lake_table == HOLDERS for s in item.spellings)]
    for one in identities if holders else ():
        if one.kind == "laboratoire" and one.name in spans and firms[one.kind, one.name].key is None:
            alike = (o for o in holders if o is not one and is_probably_same(one.name, o.name))
            yield Question(one, next(alike, None), UNKNOWN)


def _common(newcomer: Span, gone: Span) -> int:
    return len(newcomer.first_boxes & gone.last_boxes)
