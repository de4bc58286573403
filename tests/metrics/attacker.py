"""An attacker with shared artefacts and the public referential: every published figure is an equation, all are solved.

Knows which presentations belong to which laboratory and to which subject, how figures are made (``docs`` are public),
and every shared artefact published so far. Does not know the rule that hides: nothing of it is used here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import linprog

WEEK = timedelta(weeks=1)
SERIES = {"exploitants": ("stock", "ventes"), "grossistes": ("stock grossistes", "ventes grossistes")}
TINY = 1e-7
Row = dict[str, Any]
Key = tuple[str, date, str]  # series, week, presentation
Sums = Mapping[Key, float]


@dataclass(frozen=True)
class Published:
    """One shared artefact, the public referential of its day, and the truth, used to keep scores only."""

    subjects: Mapping[str, frozenset[str]]
    owner: Mapping[str, str]
    coverage: Sequence[Row]
    sales: Sequence[Row]
    truth: Mapping[Key, float]
    links: Sequence[Row] = ()
    since: date = date.min  # figures of earlier weeks are left out, which windows still sum
    excluded: Mapping[str, frozenset[date]] = field(
        default_factory=dict
    )  # by subject, weeks that no yearly demand counts

    def total(self, series: str, subject: str, week: date) -> dict[Key, float]:
        keys = ((series, week, cip13) for cip13 in self.subjects[subject])
        return {key: 1.0 for key in keys if key in self.truth}

    def left_out(self, subject: str) -> frozenset[date]:
        """Weeks that its yearly demand does not count; ``*`` stands for every subject."""
        return self.excluded.get(subject, frozenset()) | self.excluded.get("*", frozenset())

    def only(self, subjects: Collection[str]) -> Published:
        """What it says of some subjects and of their presentations."""
        kept = {name: self.subjects[name] for name in subjects}
        boxes = frozenset().union(*kept.values())
        return Published(
            kept,
            {cip13: name for cip13, name in self.owner.items() if cip13 in boxes},
            [row for row in self.coverage if row["subject_id"] in kept],
            [row for row in self.sales if row["subject_id"] in kept],
            {key: value for key, value in self.truth.items() if key[2] in boxes},
            [row for row in self.links if row["subject_id"] in kept],
            self.since,
            self.excluded,
        )

    def components(self) -> list[Published]:
        """Subjects that share no presentation have nothing to say of one another."""
        groups: list[tuple[set[str], set[str]]] = []
        for name, boxes in self.subjects.items():
            joined = [group for group in groups if group[1] & boxes]
            groups = [group for group in groups if not group[1] & boxes]
            names = {name}.union(*(group[0] for group in joined))
            groups.append((names, set(boxes).union(*(group[1] for group in joined))))
        return [self.only(names) for names, _ in groups]


@dataclass(frozen=True)
class Equation:
    """``sums`` · boxes = ``value``; ``is_total`` when it is a published total, not a ratio or a window."""

    sums: Sums
    value: float
    is_total: bool = False


def equations(shown: Published) -> Iterator[Equation]:
    """Everything the artefact says of boxes: totals, demands over windows, stock = days × demand, also from sparks."""
    weeks: dict[tuple[str, str], set[date]] = defaultdict(set)
    for row in shown.coverage:
        weeks[row["subject_id"], row["link"]].add(row["week"])
    for row in [*shown.coverage, *_from_links(shown.links)]:
        if row["link"] in SERIES and row["week"] and row["week"] >= shown.since:
            yield from _of_link(shown, row, sorted(weeks[row["subject_id"], row["link"]]))
    for row in (row for row in shown.sales if row["week"] >= shown.since):
        for name, week in (("boxes", row["week"]), ("last_season_boxes", row["week"] - 52 * WEEK)):
            if row[name] is not None:
                yield Equation(shown.total("dispensation", row["subject_id"], week), row[name], is_total=True)


def _from_links(links: Iterable[Row]) -> Iterator[Row]:
    """Days of earlier weeks, from the spark and from the variation over four weeks."""
    for row in links:
        yield row
        common = {"subject_id": row["subject_id"], "link": row["link"]}
        if row["delta_4w_days"] is not None:
            days = row["coverage_days"] - row["delta_4w_days"]
            yield {**common, "week": row["week"] - 4 * WEEK, "coverage_days": days, "denominator": row["denominator"]}
        for back, days in enumerate(reversed(row["spark"] or [])):
            newest = row.get("newest_week") or row["week"]
            yield {**common, "week": newest - back * WEEK, "coverage_days": days, "denominator": row["denominator"]}


def _of_link(shown: Published, row: Row, weeks: Sequence[date]) -> Iterator[Equation]:
    stock_series, sales_series = SERIES[row["link"]]
    subject, week = row["subject_id"], row["week"]
    stock = shown.total(stock_series, subject, week)
    if row.get("stock_boxes") is not None:
        yield Equation(stock, row["stock_boxes"], is_total=True)
    if row.get("sales_boxes") is not None:
        yield Equation(shown.total(sales_series, subject, week), row["sales_boxes"], is_total=True)
    for name, length in (("current", 4), ("legal", 52)):
        window = [day for day in weeks if timedelta(0) <= week - day < length * WEEK]
        if name == "legal":
            window = [day for day in window if day not in shown.left_out(subject)]
        demand = _demand(shown, sales_series, shown.total(sales_series, subject, week), window)
        if name == "legal" and row.get("legal_origin") != "ventes des 12 mois glissants":
            continue
        if row.get(f"{name}_daily_boxes") is not None:
            yield Equation(demand, row[f"{name}_daily_boxes"])
        days = row.get(f"coverage_{name}_days")
        days = row.get("coverage_days") if days is None and row.get("denominator", "current") == name else days
        if days is not None:
            yield Equation(stock | {key: -days * each for key, each in demand.items()}, 0.0)


def _demand(shown: Published, series: str, held: Iterable[Key], window: Sequence[date]) -> dict[Key, float]:
    """Boxes a day: of each presentation held, the mean of the weeks in which it was reported."""
    reported = {box: [key for day in window if (key := (series, day, box)) in shown.truth] for _, _, box in held}
    return {key: 1 / (7 * len(keys)) for keys in reported.values() for key in keys}


@dataclass
class Attack:
    """The linear system of some artefacts; a presentation whose week was corrected in between has two unknowns."""

    artefacts: Sequence[Published]
    ratios: bool = True
    _unknowns: dict[tuple[Key, float], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        every = [(shown, each) for shown in self.artefacts for each in equations(shown)]
        self.totals = [(shown, each) for shown, each in every if each.is_total]
        kept = [(shown, each) for shown, each in every if self.ratios or each.value]
        lines = [self._line(shown, each.sums) for shown, each in kept if each.sums]
        values = np.array([each.value for _, each in kept if each.sums])
        self.matrix = np.zeros((len(lines), len(self._unknowns)))
        for number, line in enumerate(lines):
            for column, each in line.items():
                self.matrix[number, column] = each
        sizes = np.maximum(np.linalg.norm(self.matrix, axis=1), 1e-300)
        self.matrix, self.values = self.matrix / sizes[:, None], values / sizes

    def _line(self, shown: Published, sums: Sums) -> dict[int, float]:
        return {self._unknown(shown, key): each for key, each in sums.items()}

    def _unknown(self, shown: Published, key: Key) -> int:
        return self._unknowns.setdefault((key, shown.truth[key]), len(self._unknowns))

    @cached_property
    def basis(self) -> np.ndarray[Any, Any]:
        """Orthonormal combinations of what is published: whatever can be computed is one of them."""
        if not self.matrix.size:
            return np.zeros((0, len(self._unknowns)))
        _, sizes, combined = np.linalg.svd(self.matrix, full_matrices=False)
        return np.asarray(combined[sizes > TINY * max(1.0, sizes[0])])

    def recovered(self, shown: Published, wanted: Sums) -> float | None:
        """The value of a total that is not published, when some combination of what is published gives it."""
        target = np.zeros(self.matrix.shape[1])
        for key, each in wanted.items():
            column = self._unknowns.get((key, shown.truth[key]))
            if column is None:
                return None
            target[column] = each
        rest = target - self.basis.T @ (self.basis @ target)
        if not wanted or np.linalg.norm(rest) > TINY * np.linalg.norm(target):
            return None
        solution = np.linalg.lstsq(self.matrix, self.values, rcond=None)[0]
        return float(target @ solution)

    def isolates(self, laboratories: Iterable[str]) -> bool:
        """Whether some combination is about these laboratories alone: none other can be hidden behind."""
        names = set(laboratories)
        owner = self.artefacts[-1].owner
        others = [column for (key, _), column in self._unknowns.items() if owner[key[2]] not in names]
        if len(others) < len(self.basis) or not len(self.basis):
            return len(self.basis) > 0
        return bool(np.linalg.svd(self.basis[:, others], compute_uv=False)[-1] < TINY)

    def interval(self, shown: Published, wanted: Sums) -> tuple[float, float]:
        """The least and the most that a total can be, no box being negative."""
        columns = [self._unknowns.get((key, shown.truth[key])) for key in wanted]
        if None in columns:
            return 0.0, float("inf")
        cost = np.zeros(self.matrix.shape[1])
        cost[[column for column in columns if column is not None]] = 1.0
        ends = [linprog(sign * cost, A_eq=self.matrix, b_eq=self.values, bounds=(0, None)) for sign in (1, -1)]
        low, high = (
            sign * end.fun if end.status == 0 else float("nan") for sign, end in zip((1, -1), ends, strict=True)
        )
        return low, float("inf") if np.isnan(high) else high

    def dominated(self, least: int, largest_pct: float) -> list[tuple[Key, ...]]:
        """Published totals, and differences of two or three of them, that stand on too few laboratories."""
        return [
            tuple(sorted(sums)) for shown, sums in self._differences() if stands_on_few(shown, sums, least, largest_pct)
        ]

    def _differences(self) -> Iterator[tuple[Published, frozenset[Key]]]:
        by_week: dict[tuple[int, str, date], set[frozenset[Key]]] = defaultdict(set)
        shown_by = {id(shown): shown for shown, _ in self.totals}
        for shown, each in self.totals:
            for key in list(each.sums)[:1]:
                by_week[id(shown), key[0], key[1]].add(frozenset(each.sums))
        for (number, _, _), totals in by_week.items():
            pairs = {a - b for a in totals for b in totals if b < a}
            triples = {a - b - c for a in totals for b, c in combinations(totals, 2) if b <= a and c <= a and not b & c}
            for sums in totals | pairs | triples:
                if sums:
                    yield shown_by[number], sums


def stands_on_few(shown: Published, sums: Iterable[Key], least: int, largest_pct: float) -> bool:
    held: dict[str, float] = defaultdict(float)
    for key in sums:
        held[shown.owner[key[2]]] += shown.truth[key]
    boxes = [each for each in held.values() if each > 0]
    return len(boxes) < least or 100 * max(boxes) > largest_pct * sum(boxes) * (1 + 1e-9)


def laboratories_of(artefact: Published) -> list[str]:
    return sorted(set(artefact.owner.values()))


def secrets(shown: Published) -> Iterator[tuple[str, dict[Key, float]]]:
    """Totals nobody may know: every one that the artefact leaves out, and the part of each laboratory in each.

    That wholesalers have none left is no secret: their days are shown, and nought days is nought boxes.
    """
    for row in (row for row in shown.coverage if row["week"] >= shown.since):
        for series, column in zip(SERIES.get(row["link"], ()), ("stock_boxes", "sales_boxes"), strict=False):
            for name, sums in _parts(shown, series, row, row[column]):
                if row["link"] != "grossistes" or any(shown.truth[key] for key in sums):
                    yield name, sums
    for row in (row for row in shown.sales if row["week"] >= shown.since):
        yield from _parts(shown, "dispensation", row, row["boxes"])


def _parts(shown: Published, series: str, row: Row, value: float | None) -> Iterator[tuple[str, dict[Key, float]]]:
    total = shown.total(series, row["subject_id"], row["week"])
    name = f"{series} {row['subject_id']} {row['week']}"
    if value is None and total:
        yield name, total
    for laboratory in {shown.owner[cip13] for _, _, cip13 in total}:
        yield f"{name} {laboratory}", {key: 1.0 for key in total if shown.owner[key[2]] == laboratory}
