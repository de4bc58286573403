"""The four questions asked of any subject: where, since when, what is done, when does it end.

Two readings: a subject in the country (``answers_of``, and ``needing_action`` for all that call for one), and a followed
group in one department or region (``answers_in``). Rows are those of the tables named beside each field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.warehouse import Reader

Row = Mapping[str, Any]
DEPARTMENT, REGION = "departement", "region"


@dataclass(frozen=True)
class Declared:
    """What laboratories declared about a subject: declarations, measures, promised return."""

    of_dci: int  # open declarations of the whole DCI
    of_group: int | None  # of the presentations of the followed group; None for a whole DCI
    measures: tuple[Row, ...] | None  # subject_measure; of the DCI, from its month, when shared; None: older snapshot
    end: Row | None  # announced_end; None without open declaration, and in the shared artefact
    promises: Row | None  # promise_record of the DCI; restricted artefact
    last_on: date | None  # the most recent of the open declarations of the DCI; restricted artefact
    is_detailed: bool  # measures to the day and promised dates are in the artefact
    as_of: date  # day of the figures


@dataclass(frozen=True)
class Answers:
    """A subject in the whole country."""

    subject: Row  # subject, with title, in_season and is_watched of its plan (None for a DCI)
    links: tuple[Row, ...]  # link_status in the order of the chain: status, days, bounds, spark, delta_4w_days, state
    weakest: Row | None  # that of rank 1
    status: Row | None  # plan_status: tension, departments, unknown links; None for a whole DCI
    regions: tuple[Row, ...]  # region, region_name, insufficient, measured: the most insufficient first
    spell: Row | None  # spell of the weakest link
    declared: Declared
    tipping: tuple[Row, ...]  # tipping of its DCI, circuits that tip or may; town first; restricted artefact

    @property
    def is_tipping(self) -> bool:
        return any(row["is_tipping"] for row in self.tipping)


@dataclass(frozen=True)
class Place:
    """One territory: its standing and the spell of its last status."""

    scope: str  # departement, region or maillon (the country, pharmacies)
    code: str
    name: str
    now: Row | None  # department_status, region_coverage (last week) or link_status
    spell: Row | None


@dataclass(frozen=True)
class LocalAnswers:
    """A followed group in one department or region, against its region and the country."""

    subject: Row
    here: Place
    region: Place  # that of the department; itself for a region
    country: Place
    status: Row | None  # plan_status
    neighbours: tuple[Row, ...]  # department_status of the other departments of the region (all for a region)
    declared: Declared


def needing_action(reader: Reader) -> list[Answers]:
    """Followed groups whose weakest link is not satisfaisant, and DCI that tip over; the gravest first.

    Groups are those that alerts watch: of the plans in season, of every plan when none is. A DCI that tips over is counted
    with its group when that group is listed.
    """
    groups = reader.rows(
        """
        SELECT s.group_id AS subject_id, s.dci_key
        FROM plan_status AS s
        INNER JOIN plan AS p ON p.plan = s.plan
        WHERE p.is_watched AND s.weakest_status IN ('insatisfaisante', 'acceptable')
        """
    )
    grouped = {row["dci_key"] for row in groups}
    tips = [f"dci:{key}" for key in _tipping_dci(reader) if key not in grouped]
    found = _answers(reader, [*(row["subject_id"] for row in groups), *tips])
    return sorted(found, key=_gravity)


def answers_of(reader: Reader, subject_id: str) -> Answers | None:
    """One subject in the country; None when it is unknown."""
    return next(iter(_answers(reader, [subject_id])), None)


def needing_action_in(reader: Reader, region: str) -> list[LocalAnswers]:
    """Followed groups that some department of the region lacks, or nearly; those of most departments first."""
    rows = reader.rows(
        """
        SELECT
            s.subject_id, COUNT(CASE WHEN s.status = 'insatisfaisante' THEN 1 END) AS insufficient,
            COUNT(*) AS low, MIN(s.coverage_days) AS lowest
        FROM department_status AS s
        INNER JOIN tracked_group AS g ON g.group_id = s.subject_id
        INNER JOIN plan AS p ON p.plan = g.plan
        WHERE s.region = $region AND p.is_watched AND s.status IN ('insatisfaisante', 'acceptable')
        GROUP BY s.subject_id
        ORDER BY insufficient DESC, low DESC, lowest, s.subject_id
        """,
        region=region,
    )
    found = (answers_in(reader, row["subject_id"], REGION, region) for row in rows)
    return [local for local in found if local is not None]


def answers_in(reader: Reader, subject_id: str, scope: str, code: str) -> LocalAnswers | None:
    """A followed group in one department (``departement``, "29") or region (``region``, "53"); None when one is unknown."""
    subject = next(iter(_subjects(reader, [subject_id])), None)
    place = _place(reader, scope, code)
    if subject is None or subject["kind"] != "groupe" or place is None:
        return None
    rows = _departments(reader, subject_id, place["region"])
    region = _region(reader, subject_id, place)
    mine = next((row for row in rows if scope == DEPARTMENT and row["department"] == code), None)
    status = _by_subject(reader, "plan_status", [subject_id], "group_id").get(subject_id, [None])[0]
    return LocalAnswers(
        subject=subject,
        here=Place(DEPARTMENT, code, place["name"], mine, _spell(reader, subject_id, DEPARTMENT, code))
        if scope == DEPARTMENT
        else region,
        region=region,
        country=_country(reader, subject_id),
        status=status,
        neighbours=tuple(row for row in rows if row is not mine),
        declared=_declared(reader, [subject], {subject_id: status})[subject_id],
    )


def insufficient(departments: Sequence[Row]) -> int:
    """Departments measured and insatisfaisants."""
    return sum(1 for row in departments if row["is_measured"] and row["status"] == "insatisfaisante")


def _place(reader: Reader, scope: str, code: str) -> Row | None:
    """The department, or one of the region."""
    return reader.row(
        """
        SELECT * FROM department
        WHERE CASE $scope WHEN 'departement' THEN department WHEN 'region' THEN region END = $code
        ORDER BY department LIMIT 1
        """,
        scope=scope,
        code=code,
    )


def _gravity(answers: Answers) -> tuple[int, float, str]:
    """Insatisfaisante, then a DCI that tips over, then acceptable; the furthest under its own bound first."""
    weakest = answers.weakest
    label = str(answers.subject["label"])
    share = 0.0 if weakest is None or weakest["bound_share_pct"] is None else float(weakest["bound_share_pct"])
    if answers.status is not None and weakest is not None and weakest["status"] == "insatisfaisante":
        return 0, share, label
    if answers.is_tipping:
        return 1, -max(float(row["uncovered_pct"] or 0) for row in answers.tipping), label
    return 2, share, label


def _answers(reader: Reader, wanted: Sequence[str]) -> list[Answers]:
    subjects = _subjects(reader, wanted)
    links = _by_subject(reader, "link_status", wanted, order="order_no")
    statuses = {name: rows[0] for name, rows in _by_subject(reader, "plan_status", wanted, "group_id").items()}
    spells = _by_subject(reader, "spell", wanted)
    regions = _low_regions(reader, wanted)
    declared = _declared(reader, subjects, statuses)
    found = []
    for subject in subjects:
        name = subject["subject_id"]
        chain = tuple(links.get(name, ()))
        weakest = next((row for row in chain if row["weakness_rank"] == 1), None)
        found.append(
            Answers(
                subject=subject,
                links=chain,
                weakest=weakest,
                status=statuses.get(name),
                regions=tuple(regions.get(name, ())),
                spell=_of_link(spells.get(name, ()), weakest),
                declared=declared[name],
                tipping=tuple(_tipping(reader, subject["dci_key"])),
            )
        )
    return found


def _subjects(reader: Reader, wanted: Sequence[str]) -> list[Row]:
    return list(
        reader.rows(
            """
            SELECT s.*, p.title AS plan_title, p.in_season, p.is_watched
            FROM subject AS s
            LEFT JOIN plan AS p ON p.plan = s.plan
            WHERE list_contains($wanted, s.subject_id)
            ORDER BY list_position($wanted, s.subject_id)
            """,
            wanted=list(wanted),
        )
    )


def _by_subject(
    reader: Reader, table: str, wanted: Sequence[str], key: str = "subject_id", order: str = "1"
) -> dict[str, list[Row]]:
    """Rows of a table of ours by subject; empty when the artefact, or an older snapshot, has no such table."""
    if not reader.has(table):
        return {}
    found: dict[str, list[Row]] = {}
    for row in reader.rows(
        f"SELECT * FROM {table} WHERE list_contains($wanted, {key}) ORDER BY {key}, {order}",
        wanted=list(wanted),
    ):
        found.setdefault(row[key], []).append(row)
    return found


def _of_link(spells: Sequence[Row], weakest: Row | None) -> Row | None:
    return next(
        (row for row in spells if weakest and row["scope"] == "maillon" and row["place"] == weakest["link"]), None
    )


def _low_regions(reader: Reader, wanted: Sequence[str]) -> dict[str, list[Row]]:
    """Regions with departments insatisfaisants, those with the largest part of them first."""
    found: dict[str, list[Row]] = {}
    for row in reader.rows(
        """
        SELECT
            subject_id, region, MIN(region_name) AS region_name,
            COUNT(CASE WHEN status = 'insatisfaisante' THEN 1 END) AS insufficient,
            COUNT(CASE WHEN is_measured THEN 1 END) AS measured
        FROM department_status
        WHERE list_contains($wanted, subject_id)
        GROUP BY subject_id, region
        HAVING insufficient > 0
        ORDER BY subject_id, 1.0 * insufficient / measured DESC, insufficient DESC, region_name
        """,
        wanted=list(wanted),
    ):
        found.setdefault(row["subject_id"], []).append(row)
    return found


def _declared(reader: Reader, subjects: Sequence[Row], statuses: Mapping[str, Row | None]) -> dict[str, Declared]:
    names, keys = [row["subject_id"] for row in subjects], [row["dci_key"] for row in subjects]
    is_detailed = reader.has("subject_measure")
    counts = _by_subject(reader, "declaration_summary", keys, "dci_key")
    ends = _by_subject(reader, "announced_end", names)
    records = _by_subject(reader, "promise_record", keys, "dci_key")
    measures = _by_subject(reader, "subject_measure", names) if is_detailed else _shared_measures(reader, keys)
    last = _last_declared(reader, keys)
    as_of = reader.rows("SELECT as_of FROM snapshot_info")[0]["as_of"]
    found = {}
    for subject in subjects:
        name, dci = subject["subject_id"], subject["dci_key"]
        status = statuses.get(name)
        found[name] = Declared(
            of_dci=counts[dci][0]["open_declarations"] if dci in counts else 0,
            of_group=status.get("group_declarations") if status else None,
            measures=None if measures is None else tuple(measures.get(name if is_detailed else dci, ())),
            end=next(iter(ends.get(name, ())), None),
            promises=next(iter(records.get(dci, ())), None),
            last_on=last.get(dci),
            is_detailed=is_detailed,
            as_of=as_of,
        )
    return found


def _last_declared(reader: Reader, keys: Sequence[str]) -> dict[str, date]:
    if not reader.has("declaration"):
        return {}
    rows = reader.rows(
        """
        SELECT dci_key, MAX(declared_on) AS last_on FROM declaration
        WHERE status = 'ouverte' AND list_contains($keys, dci_key) GROUP BY dci_key
        """,
        keys=list(keys),
    )
    return {row["dci_key"]: row["last_on"] for row in rows}


def _shared_measures(reader: Reader, keys: Sequence[str]) -> dict[str, list[Row]] | None:
    """Those counted by DCI, with the month of the first: neither a day nor an end is shared."""
    if not reader.has("dci_measure"):
        return None
    found: dict[str, list[Row]] = {}
    for dci, rows in _by_subject(reader, "dci_measure", keys, "dci_key", order="phase, measure").items():
        found[dci] = [{**row, "since_on": row["first_month"], "until_on": None} for row in rows]
    return found


def _tipping_dci(reader: Reader) -> list[str]:
    if not reader.has("tipping"):
        return []
    return [row["dci_key"] for row in reader.rows("SELECT DISTINCT dci_key FROM tipping WHERE is_tipping ORDER BY 1")]


def _tipping(reader: Reader, dci_key: str) -> list[Row]:
    if not reader.has("tipping"):
        return []
    return list(
        reader.rows(
            "SELECT * FROM tipping WHERE dci_key = $dci_key AND (is_tipping OR may_tip) ORDER BY circuit DESC",
            dci_key=dci_key,
        )
    )


def _departments(reader: Reader, subject_id: str, region: str) -> list[Row]:
    return list(
        reader.rows(
            "SELECT * FROM department_status WHERE subject_id = $subject_id AND region = $region ORDER BY department",
            subject_id=subject_id,
            region=region,
        )
    )


def _spell(reader: Reader, subject_id: str, scope: str, code: str) -> Row | None:
    if not reader.has("spell"):
        return None
    return reader.row(
        "SELECT * FROM spell WHERE subject_id = $subject_id AND scope = $scope AND place = $code",
        subject_id=subject_id,
        scope=scope,
        code=code,
    )


def _region(reader: Reader, subject_id: str, place: Row) -> Place:
    """The region as the panel measures it, at its last week."""
    code, name = place["region"], place["region_name"]
    if not reader.has("region_coverage"):
        return Place(REGION, code, name, None, None)
    now = reader.row(
        """
        SELECT *, week + 6 AS measured_on FROM region_coverage
        WHERE subject_id = $subject_id AND region = $region
        ORDER BY week DESC LIMIT 1
        """,
        subject_id=subject_id,
        region=code,
    )
    return Place(REGION, code, name, now, _spell(reader, subject_id, REGION, code))


def _country(reader: Reader, subject_id: str) -> Place:
    """Pharmacies of the whole country: what a department is read against."""
    now = reader.row(
        "SELECT * FROM link_status WHERE subject_id = $subject_id AND link = 'officines'", subject_id=subject_id
    )
    return Place("maillon", "officines", "France", now, _spell(reader, subject_id, "maillon", "officines"))
