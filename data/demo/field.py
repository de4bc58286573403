"""What comes from the field: alerts and stocks of DP-Ruptures, signals of the regional agencies (SISAC)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from data.demo import stories
from data.demo.files import Cell, Page, flat, header, workbook
from data.demo.timeline import Span
from data.demo.world import Department, Presentation, World

ALERT_DAYS, SIGNAL_DAYS = 63, 70  # both open with the season
AFTER_DAYS = 50  # and go on after the anchor
OPEN_DAYS = 26  # a younger alert of a story is open
TITLES = {
    "Alertes": ("DP-Ruptures – alertes – données fictives", ""),
    "Stocks": ("DP-Ruptures – stocks – données fictives", ""),
}
STOCK_OFFSETS = (-2, -1)  # weeks whose Sunday is given
PHARMACY_DAYS = 4.0
TEXTS = {
    "Inconnue des autorités": (
        "Plusieurs officines sans livraison depuis une semaine.",
        "Aucune boîte chez deux répartiteurs, pas d'alerte connue.",
        "Établissement sans solution de remplacement à ce jour.",
    ),
    "Persistance malgré remise à disposition": (
        "Annoncé de nouveau disponible, toujours absent des officines.",
        "Livraisons partielles seulement depuis la remise à disposition.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Alert:
    """One alert of a pharmacy."""

    number: str
    on: date
    item: Presentation
    place: Department
    closed_on: date | None
    asked: int


def write_dpruptures(folder: Path, world: World, span: Span) -> list[Path]:
    """``dpruptures_<day>.xlsx`` with every alert up to the day, and the stocks of two Sundays, when something moved."""
    known = [alert for alert in alerts(world) if alert.on <= span.day]
    moved = any(span.covers(day) for alert in known for day in (alert.on, alert.closed_on) if day)
    stocks = [row for day in _stock_days(world) if span.covers(day + timedelta(days=1)) for row in _stocks(world, day)]
    if not (moved or stocks):
        return []
    pages = [
        Page(
            "Alertes",
            TITLES["Alertes"],
            header("dpruptures", "dpruptures_alert"),
            [_alert(a, world, span) for a in known],
        )
    ]
    if stocks:
        pages.append(Page("Stocks", TITLES["Stocks"], header("dpruptures", "dpruptures_stock"), stocks))
    return [workbook(folder / f"dpruptures_{span.day.isoformat()}.xlsx", pages)]


def alerts(world: World) -> tuple[Alert, ...]:
    """Alerts of each story's medicine, in the departments drawn for it, in order of number."""
    drawn = [alert for key, count in stories.FIELD_ALERTS.items() for alert in _of_medicine(world, key, count)]
    drawn.sort(key=lambda alert: (alert.on, alert.item.cip13, alert.place.code))
    return tuple(
        Alert(f"DP-{alert.on.year}-{rank:06d}", alert.on, alert.item, alert.place, alert.closed_on, alert.asked)
        for rank, alert in enumerate(drawn, start=1)
    )


def _of_medicine(world: World, key: str, count: int) -> Iterator[Alert]:
    rng = world.rng(f"dpruptures {key}")
    boxes = [item for item in world.tracked if item.molecule.key == key]
    for place in _places(world, f"dpruptures {key}", count):
        for _ in range(int(rng.integers(2, 8)) if boxes else 0):
            age = int(rng.integers(-AFTER_DAYS, ALERT_DAYS))
            on = world.timeline.anchor - timedelta(days=age)
            closed_on = on + timedelta(days=int(rng.integers(3, 20))) if age > OPEN_DAYS else None
            item = boxes[int(rng.integers(0, len(boxes)))]
            yield Alert("", on, item, place, closed_on, int(rng.integers(2, 4)))


def _places(world: World, name: str, count: int) -> list[Department]:
    order = world.rng(f"places {name}").permutation(len(world.departments))
    drawn = [world.departments[place] for place in order]
    return [place for place in drawn if place.code != stories.FIELD_SILENT_DEPARTMENT][:count]


def _alert(alert: Alert, world: World, span: Span) -> list[Cell]:
    closed_on = alert.closed_on if alert.closed_on and alert.closed_on <= span.day else None
    return [
        alert.number,
        alert.on,
        alert.item.cip13,
        alert.place.code,
        closed_on,
        alert.asked,
        _connected(world, alert.place),
    ]


def _connected(world: World, place: Department) -> int | None:
    """One pharmacy for 3,300 people, of which most are connected; one department of ten does not give its number."""
    rank = world.departments.index(place)
    return None if rank % 10 == 0 else max(4, round(place.population / 3300 * 0.93))


def _stock_days(world: World) -> list[date]:
    return [world.timeline.monday(world.timeline.index(offset)) + timedelta(days=6) for offset in STOCK_OFFSETS]


def _stocks(world: World, day: date) -> Iterator[list[Cell]]:
    """Pharmacies of each department together, laboratories for the country; the medicines of the stories only."""
    for item in world.tracked:
        if item.molecule.key not in stories.FIELD_ALERTS:
            continue
        daily = item.weekly_boxes / 7
        yield [day, item.laboratory, "Exploitant", "FR", item.cip13, round(daily * 11), None]
        people = sum(place.population for place in world.departments)
        rng = world.rng(f"dpruptures stock {item.cip13} {day}")
        for place in world.departments:
            sold = daily * place.population / people
            if sold >= 1:
                boxes = round(sold * PHARMACY_DAYS * float(rng.uniform(0.5, 1.5)))
                yield [day, "Officines", "Pharmacie", place.code, item.cip13, boxes, round(sold)]


def write_sisac(folder: Path, world: World, span: Span) -> list[Path]:
    """``sisac_<day>.csv`` with every signal up to the day, when one was received, sent on or answered."""
    known = [signal for signal in signals(world) if signal.on <= span.day]
    if not any(span.covers(day) for signal in known for day in (signal.on, signal.sent_on, signal.answered_on) if day):
        return []
    columns = ";".join(header("sisac", "sisac_signal"))
    return [
        flat(
            folder / f"sisac_{span.day.isoformat()}.csv",
            (columns, *(_signal(s, span) for s in known)),
            encoding="utf-8-sig",
        )
    ]


@dataclass(frozen=True)
class Signal:
    """One signal of an agency. ``place`` None: of the region only. ``item`` None: the DCI alone is named."""

    number: str
    on: date
    region: str
    place: Department | None
    item: Presentation | None
    dci: str
    nature: str
    text: str
    sent_on: date
    answered_on: date | None


def signals(world: World) -> tuple[Signal, ...]:
    """Signals of each story's medicine, in order of number."""
    drawn = [signal for key, count in stories.FIELD_SIGNALS.items() for signal in _signals_of(world, key, count)]
    drawn.sort(key=lambda signal: (signal.on, signal.dci, signal.region))
    return tuple(
        Signal(
            f"SIG-{s.on.year}-{rank:04d}",
            s.on,
            s.region,
            s.place,
            s.item,
            s.dci,
            s.nature,
            s.text,
            s.sent_on,
            s.answered_on,
        )
        for rank, s in enumerate(drawn, start=1)
    )


def _signals_of(world: World, key: str, count: int) -> Iterator[Signal]:
    """Two of three within four weeks before the anchor, then as many after it."""
    rng = world.rng(f"sisac {key}")
    boxes = [item for item in world.tracked if item.molecule.key == key]
    for rank, place in enumerate(_places(world, f"sisac {key}", 2 * count) if boxes else ()):
        age = int(rng.integers(0, 24)) if rank % 3 else int(rng.integers(24, SIGNAL_DAYS))
        age = age if rank < count else -1 - int(rng.integers(0, AFTER_DAYS))
        on = world.timeline.anchor - timedelta(days=age)
        natures = list(TEXTS)
        nature = natures[1] if rank % 4 == 3 else natures[0]
        text = TEXTS[nature][int(rng.integers(0, len(TEXTS[nature])))]
        answered_on = on + timedelta(days=int(rng.integers(4, 12))) if age > 14 else None
        yield Signal(
            "", on, place.region, None if rank % 5 == 4 else place, boxes[0] if rank % 2 else None, boxes[0].molecule.dci,
            nature, text, on + timedelta(days=1), answered_on,
        )  # fmt: skip


def _signal(signal: Signal, span: Span) -> str:
    def known(day: date | None) -> str:
        return f"{day:%d/%m/%Y}" if day and day <= span.day else ""

    answered = known(signal.answered_on)
    cells = [
        signal.number, known(signal.on), signal.region, signal.place.code if signal.place else "", "",
        signal.item.cip13 if signal.item else "", "" if signal.item else signal.dci, "Ville", signal.nature, signal.text, "Oui", "",
        known(signal.sent_on), answered, "Transmis à l'exploitant." if answered else "",
    ]  # fmt: skip
    return ";".join(cells)
