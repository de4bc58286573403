"""Versions of a declaration as a vertical time line: each says what it changed, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pages.components import format as fr
from pages.components import tokens

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One field of a version: its text before (empty at first), after, and a remark (a slip in days)."""

    label: str
    before: str
    after: str
    remark: str = ""


def _kind(value: object) -> str:
    return tokens.KIND_LABEL.get(str(value), str(value))


def _share(value: float | None) -> str:
    return fr.share(value)


def _length(value: float | None) -> str:
    return fr.plural(value, "jour", "jours")


def _words(value: object) -> str:
    return fr.UNKNOWN if fr.missing(value) or not str(value).strip() else str(value)


# Field of a version, its name on screen, how it is written. In the order of reading.
_FIELDS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("status", "Statut", lambda v: str(v).capitalize()),
    ("kind", "Type", _kind),
    ("expected_return_on", "Retour promis", fr.day),
    ("start_on", "Début", fr.day),
    ("duration_days", "Durée prévue", _length),
    ("stock_boxes", "Stock disponible", fr.boxes),
    ("causes", "Causes", fr.listing),
    ("circuits", "Circuits", fr.listing),
    ("share_town_pct", "Part de marché en ville", _share),
    ("share_hospital_pct", "Part de marché à l'hôpital", _share),
    ("sales_town_boxes", "Ventes par mois en ville", fr.boxes),
    ("sales_hospital_boxes", "Ventes par mois à l'hôpital", fr.boxes),
    ("laboratory", "Laboratoire", _words),
    ("cip13", "CIP13", _words),
    ("sites", "Sites", _words),
    ("alternatives", "Alternatives", _words),
    ("comment", "Commentaire", _words),
)
_AT_FIRST = ("kind", "expected_return_on", "start_on", "stock_boxes", "causes", "share_town_pct", "share_hospital_pct",
             "comment")  # fmt: skip
_DATES = ("expected_return_on", "start_on")


def changes(before: Row | None, after: Row) -> list[Change]:
    """What a version changes from the one before; the first one states its main fields."""
    return list(_first(after) if before is None else _differences(before, after))


def _first(version: Row) -> Iterator[Change]:
    for field, label, write in _FIELDS:
        if field in _AT_FIRST and (text := write(version.get(field))) != fr.UNKNOWN:
            yield Change(label, "", text)


def _differences(before: Row, after: Row) -> Iterator[Change]:
    for field, label, write in _FIELDS:
        old, new = write(before.get(field)), write(after.get(field))
        if old != new:
            yield Change(label, old, new, _slip(before, after, field))


def _slip(before: Row, after: Row, field: str) -> str:
    if field not in _DATES:
        return ""
    old, new = fr.as_date(before.get(field)), fr.as_date(after.get(field))
    return "" if old is None or new is None else fr.change((new - old).days, digits=0)


def supplies(promises: Sequence[Row], version_no: int) -> list[Change]:
    """Supplies that a version announces, moves, receives or cancels."""
    supplied = [row for row in promises if row["promise"] == "approvisionnement"]
    return [
        change
        for row in supplied
        if row["version_no"] == version_no and (change := _supply(_previous(supplied, row), row)) is not None
    ]


def _previous(supplied: Sequence[Row], row: Row) -> Row | None:
    """The same delivery in an earlier version, whatever its rank; None for one that takes the place of another."""
    if not fr.missing(row["replaced_supply_no"]):
        return None
    mine = [
        line for line in supplied if line["promise_no"] == row["promise_no"] and line["version_no"] < row["version_no"]
    ]
    return max(mine, key=lambda line: line["version_no"], default=None)


def withdrawn(promises: Sequence[Row], version: Row) -> list[Change]:
    """Supplies planned before that a version no longer states."""
    return [
        Change(f"Approvisionnement n° {row['supply_no']}", _supply_text(row), "date retirée")
        for row in promises
        if row["promise"] == "approvisionnement"
        and not fr.missing(row["withdrawn_on"])
        and fr.as_date(row["withdrawn_on"]) == fr.as_date(version["version_on"])
    ]


def _supply(before: Row | None, after: Row) -> Change | None:
    label = f"Approvisionnement n° {after['supply_no']}"
    new = _supply_text(after)
    if before is None:
        return Change(_named(label, after), "", new)
    old = _supply_text(before)
    if old == new:
        return None
    slip = after["slip_days"]
    return Change(label, old, new, "" if fr.missing(slip) or int(slip) == 0 else fr.change(slip, digits=0))


def _named(label: str, row: Row) -> str:
    """A new rank is one delivery more, or takes the place of another."""
    if row["nature"] == "supplément":
        return f"{label}, supplémentaire"
    if not fr.missing(row["replaced_supply_no"]):
        return f"{label}, à la place du n° {int(row['replaced_supply_no'])}"
    return label


def _supply_text(row: Row) -> str:
    return f"{fr.day(row['planned_on'])}, {fr.boxes(row['boxes'])}, {_words(row['state'])}"


def measures(stated: Sequence[Row], version_no: int) -> list[Change]:
    """Measures that a version adds, whose state it changes, or that it no longer states."""
    now = {str(row["measure"]): str(row["state"]) for row in stated if row["version_no"] == version_no}
    versions = [int(row["version_no"]) for row in stated if row["version_no"] < version_no]
    last = max(versions, default=0)
    old = {str(row["measure"]): str(row["state"]) for row in stated if row["version_no"] == last}
    if not now:
        return []
    return [
        Change(f"Mesure : {name}", old.get(name, ""), now.get(name, fr.UNKNOWN))
        for name in sorted({*now, *old})
        if old.get(name) != now.get(name)
    ]


def versions(
    stated: Sequence[Row], promises: Sequence[Row], measured: Sequence[Row]
) -> list[tuple[Row, bool, list[Change]]]:
    """The time line, the newest version on top: each version, whether it is the first, what it changed."""
    pairs = list(zip([None, *stated], stated, strict=False))
    return [(after, before is None, _changes(before, after, promises, measured)) for before, after in reversed(pairs)]


def _changes(before: Row | None, after: Row, promises: Sequence[Row], measured: Sequence[Row]) -> list[Change]:
    number = int(after["version_no"])
    return [
        *changes(before, after),
        *supplies(promises, number),
        *withdrawn(promises, after),
        *measures(measured, number),
    ]
