"""Declarations that belong to a story line: the national tension, the postponer, the small ones, the stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from data.demo import stories
from data.demo.declared import Declaration, Measure, Supply, Version, circuits
from data.demo.world import Presentation, World


def story_declarations(world: World) -> Iterator[Declaration]:
    """Declarations of stories 1, 5, 6 and 7, where the world holds their molecules."""
    yield from _national(world)
    yield from _postponing(world)
    yield from _tipping(world)
    yield from _stopped(world)


def added_declarations(world: World) -> Iterator[Declaration]:
    """Declarations of stories 18 to 20, in place of the ordinary ones of their presentations."""
    yield from _withdrawn(world)
    yield from _untold(world)
    yield from _repeated(world)


def _items(world: World, key: str) -> list[Presentation]:
    return [item for item in world.tracked if item.molecule.key == key]


def _declaration(
    item: Presentation, kind: str, causes: tuple[str, ...], start: date, versions: list[Version]
) -> Declaration:
    return Declaration(item, kind, causes, circuits(item), start, "Site fictif 7 (UE)", tuple(versions))


def _quota(start: date) -> Measure:
    return Measure("Contingentement quantitatif", "En place", start, None, 60.0, 80.0)


def _national(world: World) -> Iterator[Declaration]:
    """Story 1: one shortage and one risk on the group, each with an update and a slipping supply."""
    anchor = world.timeline.anchor
    causes = (("Augmentation du volume de vente", "Capacité de production insuffisante"), ("Incident de production",))
    kinds = ("Rupture de stock", "Risque de rupture")
    for rank, item in enumerate(_items(world, stories.NATIONAL)[:2]):
        declared, updated = anchor - timedelta(days=26 - 9 * rank), anchor - timedelta(days=1 + 4 * rank)
        boxes = round(item.weekly_boxes * 2, -2)
        first = Supply(1, declared + timedelta(days=20), int(boxes), "Prévu")
        # The first laboratory postpones its delivery and announces one more; the second gives up its delivery for another.
        second = Supply(1 + rank, anchor + timedelta(days=2 + 9 * rank), int(boxes), "Prévu")
        more = () if rank else (Supply(2, anchor + timedelta(days=20), int(boxes), "Prévu"),)
        return_on = declared + timedelta(days=45)
        yield _declaration(
            item,
            kinds[rank],
            causes[rank],
            declared - timedelta(days=2),
            [
                Version(1, declared, "Ouverte", return_on, int(item.weekly_boxes), "Demande en forte hausse.", (first,)),
                Version(
                    2, updated, "Ouverte", return_on + timedelta(days=21), int(item.weekly_boxes / 3),
                    "Livraison décalée, contingentement mis en place.", (second, *more), (_quota(updated),),
                ),
            ],
        )  # fmt: skip


def _postponing(world: World) -> Iterator[Declaration]:
    """Story 5: five versions, each pushing the return and the supply."""
    anchor = world.timeline.anchor
    mine = [i for i in _items(world, stories.POSTPONING_GROUP) if i.laboratory == stories.POSTPONING_LABORATORY]
    for item in mine[:1]:
        boxes = int(round(item.weekly_boxes * 5, -2))
        versions = [
            Version(
                number, anchor - timedelta(days=age), "Ouverte", anchor - timedelta(days=back),
                int(item.weekly_boxes * (6 - number) / 2), "Transfert de la ligne de granulation retardé.",
                (Supply(1, anchor - timedelta(days=supply), boxes, "Prévu"),),
                (_quota(anchor - timedelta(days=100)),) if number > 1 else (),
            )
            for number, (age, supply, back) in enumerate(POSTPONEMENTS, start=1)
        ]  # fmt: skip
        yield _declaration(
            item, "Risque de rupture", ("Transfert de site",), versions[0].on + timedelta(days=14), versions
        )


def _withdrawn(world: World) -> Iterator[Declaration]:
    """Story 18: the second version promises neither the return nor the second delivery."""
    anchor = world.timeline.anchor
    first, last = (anchor - timedelta(days=age) for age in stories.WITHDRAWN_AGES)
    for item in _items(world, stories.WITHDRAWN_GROUP)[stories.WITHDRAWN_PRESENTATION :][:1]:
        boxes = int(round(item.weekly_boxes * 3, -1))
        near = Supply(1, anchor + timedelta(days=12), boxes, "Prévu")
        far = Supply(2, anchor + timedelta(days=47), 2 * boxes, "Prévu")
        versions = [
            Version(1, first, "Ouverte", anchor + timedelta(days=50), int(item.weekly_boxes), "", (near, far)),
            Version(2, last, "Ouverte", None, int(item.weekly_boxes / 2), "Calendrier en révision.", (near,)),
        ]
        yield _declaration(item, "Risque de rupture", ("Incident de production",), first, versions)


def _untold(world: World) -> Iterator[Declaration]:
    """Story 19: two risks on one DCI, one of them without its share."""
    anchor = world.timeline.anchor
    mine = _items(world, stories.UNSTATED_GROUP)
    chosen = [mine[rank] for rank in stories.UNSTATED_PRESENTATIONS if rank < len(mine)]
    for rank, (item, age) in enumerate(zip(chosen, stories.UNSTATED_AGES, strict=True)):
        declared = anchor - timedelta(days=age)
        version = Version(1, declared, "Ouverte", anchor + timedelta(days=40), int(item.weekly_boxes), "")
        made = _declaration(item, "Risque de rupture", ("Transfert de site",), declared, [version])
        yield replace(made, tells_shares=rank == 0)


def _repeated(world: World) -> Iterator[Declaration]:
    """Story 20: two closed declarations of one presentation, in two months of the civil year before."""
    year = world.timeline.anchor.year - 1
    for item in [box for box in world.presentations if box.molecule.key == stories.REPEATED_DCI][
        stories.REPEATED_PRESENTATION :
    ][:1]:
        for month, day in stories.REPEATED_ON:
            declared = date(year, month, day)
            closed = declared + timedelta(days=stories.REPEATED_DAYS)
            versions = [
                Version(1, declared, "Ouverte", closed, int(item.weekly_boxes), ""),
                Version(2, closed, "Clôturée", closed, int(item.weekly_boxes * 4), "Remise à disposition confirmée."),
            ]
            yield _declaration(item, "Rupture de stock", ("Capacité de production insuffisante",), declared, versions)


POSTPONEMENTS = tuple((age, supply, back) for age, back, supply in stories.POSTPONING_VERSIONS)


def _tipping(world: World) -> Iterator[Declaration]:
    """Story 6: five small risks on one DCI."""
    anchor = world.timeline.anchor
    for item, age in zip(_items(world, stories.TIPPING_DCI), stories.TIPPING_AGES, strict=False):
        declared = anchor - timedelta(days=age)
        version = Version(
            1, declared, "Ouverte", anchor + timedelta(days=70 - age), int(item.weekly_boxes * 2),
            "Tension sur la substance active.",
            (Supply(1, anchor + timedelta(days=20 + age // 2), int(item.weekly_boxes * 3), "Prévu"),),
        )  # fmt: skip
        causes = ("Défaut d'approvisionnement en Matière Première",)
        yield _declaration(item, "Risque de rupture", causes, declared + timedelta(days=21), [version])


def _stopped(world: World) -> Iterator[Declaration]:
    """Story 7: the first presentation stops for good; no supply is promised."""
    anchor = world.timeline.anchor
    for item in _items(world, stories.STOPPED_DCI)[:1]:
        declared = anchor + timedelta(weeks=stories.STOPPED_FROM_OFFSET - 3)
        stopped = anchor + timedelta(weeks=stories.STOPPED_AT_OFFSET)
        far = anchor + timedelta(days=365)
        yield _declaration(
            item,
            "Rupture de stock",
            ("Arrêt de commercialisation",),
            stopped,
            [
                Version(1, declared, "Ouverte", far, int(item.weekly_boxes * 9), "Arrêt annoncé, écoulement du stock."),
                Version(2, stopped, "Ouverte", far, 0, "Stock épuisé, arrêt définitif."),
            ],
        )
