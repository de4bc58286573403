"""All declarations of the world: those of the stories, and ordinary ones drawn around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from data.demo import stories
from data.demo.declared import Declaration, Measure, Supply, Version, circuits
from data.demo.declared_stories import added_declarations, story_declarations
from data.demo.timeline import HORIZON_WEEKS
from data.demo.world import Presentation, World

OPEN_DECLARATIONS, CLOSED_DECLARATIONS, COMING_DECLARATIONS = 180, 250, 34
HISTORY_DAYS = 730
LARGE_SHARE = 0.3  # outside the stories, a declared presentation weighs less than this in its molecule
DECLARED_SHARE_PCT = 22  # and those declared together weigh less than this in their DCI

CAUSES = (
    ("Capacité de production insuffisante", 24),
    ("Augmentation du volume de vente", 17),
    ("Défaut d'approvisionnement en Matière Première", 16),
    ("Incident de production", 11),
    ("Défaut d'approvisionnement en Article de Conditionnement", 8),
    ("Analyses de libération non conformes", 6),
    ("Défaut qualité produit fini", 5),
    ("Transfert de site", 5),
    ("Problème de transport/logistique", 4),
    ("Difficulté réglementaire", 3),
    ("Autre", 1),
)
MEASURES = (
    ("Contingentement quantitatif", 46),
    ("Contingentement qualitatif", 12),
    ("Importation", 12),
    ("Mise à disposition", 8),
    ("Restriction du circuit de distribution", 8),
    ("Mise en place d'un stock de dépannage", 7),
    ("Dispensation à l'unité", 3),
    ("Préparations magistrales", 2),
    ("Flexibilité réglementaire", 2),
    ("Sites de production alternatifs", 2),
    ("Alternatives recommandées", 2),
    ("Solidarité européenne", 1),
    ("Préparations hospitalières spéciales", 1),
    ("Préparations officinales spéciales", 1),
)
CONTEXTS = (
    "Ligne de remplissage arrêtée pour maintenance.",
    "Report de commandes depuis une spécialité concurrente.",
    "Lot en cours d'analyse, libération attendue.",
    "Livraison de substance active retardée par le fournisseur.",
    "Demande supérieure aux prévisions depuis la rentrée.",
    "",
)


@dataclass(frozen=True)
class Course:
    """Ages, in days before the anchor, of the stages of a declaration; None: drawn, or never."""

    declared: int
    closed: int | None = None
    touched: int | None = None
    promised_in: int | None = None


def build_declarations(world: World) -> tuple[Declaration, ...]:
    """All declarations of the world, after the anchor included, numbered by year in order of date."""
    from_stories = list(story_declarations(world))
    added = list(added_declarations(world))
    taken = {item.item.cip13 for item in added}
    drawn = [
        item
        for item in _drawn(world, from_stories)
        if item.item.cip13 not in taken and item.item.molecule.key != stories.UNSTATED_GROUP
    ]
    built = [*from_stories, *added, *drawn]
    built.sort(key=lambda item: (item.declared_on, item.item.cip13))
    ranks: dict[int, int] = {}
    numbered = []
    for item in built:
        year = item.declared_on.year
        ranks[year] = ranks.get(year, 0) + 1
        numbered.append(replace(item, number=f"D-{year}-{ranks[year]:05d}"))
    return tuple(numbered)


def _drawn(world: World, from_stories: list[Declaration]) -> Iterator[Declaration]:
    """Ordinary declarations: at most one open on a presentation, closed ones before it."""
    rng = world.rng("declarations")
    free = [item for item in world.presentations if _may_declare(item)]
    order = [free[i] for i in rng.permutation(len(free))]
    opened = _within_share(world, order, [item.item for item in from_stories])[
        : min(OPEN_DECLARATIONS, len(order) // 2)
    ]
    for item, course in zip(opened, _open_courses(rng, len(opened)), strict=True):
        yield draw(world, rng, item, course)
    codes = {item.cip13 for item in opened}
    others = [item for item in order if item.cip13 not in codes]
    for item in others[:COMING_DECLARATIONS]:
        yield draw(world, rng, item, Course(-int(rng.integers(1, 7 * HORIZON_WEEKS))))
    closed = others[-CLOSED_DECLARATIONS:]
    for item, course in zip(closed, _closed_courses(rng, len(closed)), strict=True):
        yield draw(world, rng, item, course)


def _within_share(world: World, items: list[Presentation], reserved: list[Presentation]) -> list[Presentation]:
    """Presentations taken in order while their DCI keeps enough other medicines: tipping over is for story 6."""
    taken: dict[str, float] = {}
    for item in reserved:
        taken[item.molecule.dci] = taken.get(item.molecule.dci, 0.0) + world.share_pct(item)
    kept = []
    for item in items:
        total = taken.get(item.molecule.dci, 0.0) + world.share_pct(item)
        if total <= DECLARED_SHARE_PCT:
            taken[item.molecule.dci] = total
            kept.append(item)
    return kept


def _may_declare(item: Presentation) -> bool:
    reserved = {stories.NATIONAL, stories.POSTPONING_GROUP, stories.TIPPING_DCI, stories.STOPPED_DCI}
    return item.molecule.mitm and item.share < LARGE_SHARE and item.molecule.key not in reserved


def _open_courses(rng: np.random.Generator, count: int) -> Iterator[Course]:
    """Recent arrivals, recent updates and near promises first, then declarations of all ages; a fifth will close later."""
    for rank in range(count):
        new = rank - len(stories.UPDATED_AGES)
        if rank < len(stories.UPDATED_AGES):
            promised = stories.PROMISED_IN_DAYS[rank] if rank < len(stories.PROMISED_IN_DAYS) else None
            yield Course(40 + int(rng.integers(0, 260)), None, stories.UPDATED_AGES[rank], promised)
        elif new < len(stories.NEW_AGES):
            yield Course(stories.NEW_AGES[new])
        else:
            closed = -int(rng.integers(1, 7 * HORIZON_WEEKS)) if rng.random() < 0.2 else None
            yield Course(30 + int(min(rng.exponential(130), HISTORY_DAYS - 31)), closed)


def _closed_courses(rng: np.random.Generator, count: int) -> Iterator[Course]:
    for rank in range(count):
        recent = rank < len(stories.CLOSED_AGES)
        closed = stories.CLOSED_AGES[rank] if recent else int(rng.integers(30, 600))
        yield Course(min(closed + 15 + int(rng.exponential(80)), HISTORY_DAYS), closed)


def draw(world: World, rng: np.random.Generator, item: Presentation, course: Course) -> Declaration:
    """A plausible declaration following a course."""
    anchor = world.timeline.anchor
    kind = "Rupture de stock" if rng.random() < 0.35 else "Risque de rupture"
    declared = anchor - timedelta(days=course.declared)
    start = declared + timedelta(days=int(rng.integers(-4, 3) if kind.startswith("Rupture") else rng.integers(5, 30)))
    return Declaration(
        item=item,
        kind=kind,
        causes=tuple(dict.fromkeys(weighted(rng, CAUSES) for _ in range(1 + (rng.random() < 0.3)))),
        circuits=circuits(item),
        start_on=start,
        site=f"Site fictif {int(rng.integers(1, 40))} ({('France', 'UE', 'hors UE')[int(rng.integers(0, 3))]})",
        versions=tuple(_versions(rng, item, course, anchor, start)),
    )


def _versions(
    rng: np.random.Generator, item: Presentation, course: Course, anchor: date, start: date
) -> Iterator[Version]:
    """The promised return slips about every other update; supplies are confirmed, postponed or forgotten."""
    ages = _ages(rng, course)
    promise = anchor - timedelta(days=ages[0]) + timedelta(days=int(rng.integers(30, 150)))
    stock = int(item.weekly_boxes * rng.uniform(0.2, 5))
    boxes = max(int(item.weekly_boxes * rng.uniform(2, 8) / 10) * 10, 10)
    supply = anchor - timedelta(days=ages[0]) + timedelta(days=int(rng.integers(8, 60)))
    has_supply = rng.random() < 0.75 or course.promised_in is not None
    measure = _measure(rng, anchor - timedelta(days=ages[0])) if rng.random() < 0.48 else None
    supplies: list[Supply] = [Supply(1, supply, boxes, "Prévu")] if has_supply else []
    for rank, age in enumerate(ages):
        on, is_close = anchor - timedelta(days=age), age == course.closed
        if rank:
            stock = int(stock * rng.uniform(0.4, 1.2))
            promise = max(_slipped(rng, promise, on), start)  # never before what it ends
            supplies = [_followed(rng, line, on, is_close=is_close) for line in supplies]
        if course.promised_in is not None and age == course.touched:
            # What was received keeps its rank: the next delivery is another one.
            received = [line for line in supplies if line.state == "Reçu"]
            near = anchor + timedelta(days=course.promised_in)
            supplies = [*received, Supply(len(received) + 1, near, boxes, "Prévu")]
        yield Version(
            number=rank + 1,
            on=on,
            status="Clôturée" if is_close else "Ouverte",
            return_on=on if is_close else promise,
            stock_boxes=stock,
            comment="Remise à disposition confirmée." if is_close else CONTEXTS[int(rng.integers(0, len(CONTEXTS)))],
            supplies=tuple(supplies),
            measures=(_ended(measure, on) if is_close else measure,) if measure else (),
        )


def _ages(rng: np.random.Generator, course: Course) -> list[int]:
    """Ages of the versions, oldest first; none between the imposed update and the anchor."""
    end = course.closed if course.closed is not None else course.touched if course.touched is not None else -20
    drawn = rng.integers(end, course.declared + 1, int(rng.poisson(1.4))).tolist() if course.declared > end else []
    imposed = [age for age in (course.declared, course.closed, course.touched) if age is not None]
    return sorted({*imposed, *(int(age) for age in drawn if age < course.declared)}, reverse=True)


def _slipped(rng: np.random.Generator, promise: date, on: date) -> date:
    pushed = promise + timedelta(days=int(rng.choice([0, 0, 0, 7, 14, 21, 35, -7])))
    return max(pushed, on + timedelta(days=int(rng.integers(10, 40))))


def _followed(rng: np.random.Generator, line: Supply, on: date, *, is_close: bool) -> Supply:
    if line.state != "Prévu":
        return line
    if is_close or (line.planned_on <= on and rng.random() < 0.6):
        return replace(line, state="Reçu", planned_on=min(line.planned_on, on))
    if line.planned_on <= on or rng.random() < 0.25:
        return replace(line, planned_on=max(line.planned_on, on) + timedelta(days=int(rng.integers(5, 25))))
    return line


def _measure(rng: np.random.Generator, declared: date) -> Measure:
    name = weighted(rng, MEASURES)
    quota = name == "Contingentement quantitatif"
    town, hospital = (float(5 * rng.integers(6, 19)) for _ in range(2))
    state = ("Demandée", "Prévue", "En place", "En place", "En place")[int(rng.integers(0, 5))]
    start = declared + timedelta(days=int(rng.integers(0, 12)))
    return Measure(name, state, start, None, town if quota else None, hospital if quota else None)


def _ended(measure: Measure, on: date) -> Measure:
    return replace(measure, state="Terminée", end_on=max(on, measure.start_on))


def weighted(rng: np.random.Generator, choices: tuple[tuple[str, int], ...]) -> str:
    """One of the choices, drawn by its weight."""
    weights = np.array([weight for _, weight in choices], dtype=float)
    return choices[int(rng.choice(len(choices), p=weights / weights.sum()))][0]
