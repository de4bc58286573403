"""What every file says of itself: invented, public alone or neither, of which day, from which sources, seen where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any

from connectors.language.typography import french
from data.settings import PARIS
from pages.components import format as fr


@dataclass(frozen=True)
class Mark:
    """What data are, when whoever receives a file must know it; ``suffix``: of the names of files."""

    name: str
    words: str
    suffix: str

    def __str__(self) -> str:
        return french(f"{self.name} : {self.words}")


INVENTED = Mark("Données fictives", "laboratoires, stocks, ventes et déclarations inventés", "-donnees-fictives")
PUBLIC = Mark(
    "Données ouvertes",
    "fichiers publics seuls : ni stocks, ni ventes des laboratoires, ni déclarations en cours",
    "-donnees-ouvertes",
)
STATES = {"en_retard": " (en retard)", "absent": " (absente)"}


@dataclass(frozen=True)
class Stamp:
    """What travels with a file. An empty one is that of real data whose day is not known.

    receive: gives the rows of *source_state*, asked when a file is written. chosen: keys of those the page stands on by then.
    """

    kind: Mark | None = None
    as_of: date | None = None
    built_at: Any = None
    page: str = ""
    address: str = ""
    receive: Callable[[], Sequence[Mapping[str, Any]]] = list
    chosen: Sequence[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """« Données fictives : laboratoires, stocks… inventés », « Données ouvertes : … », or nothing."""
        return str(self.kind or "")

    def sources(self) -> list[str]:
        """« TrustMed (ANSM), 28/11/2026 », those of the page, or all that were received."""
        received = self.receive()
        kept = [row for row in received if row["source_key"] in self.chosen] or received
        return [french(_source(row)) for row in kept]

    def lines(self) -> list[tuple[str, str]]:
        """What precedes the reader's choices: label, words."""
        entries = [("Vigistock", self.page or "export de la table affichée")]
        entries += [("Données au", fr.day(self.as_of))] if self.as_of else []
        entries += [] if fr.missing(self.built_at) else [("Instantané publié le", _paris(self.built_at))]
        entries += [("Adresse de la vue", self.address)] if self.address else []
        return entries

    def file_name(self, name: str) -> str:
        """``plan-hivernal.xlsx`` → ``plan-hivernal-2026-11-29-donnees-fictives.xlsx``."""
        path = PurePath(name)
        day = f"-{self.as_of:%Y-%m-%d}" if self.as_of else ""
        return f"{path.stem}{day}{self.kind.suffix if self.kind else ''}{path.suffix}"


def kind_of(info: Mapping[str, Any] | None) -> Mark | None:
    """Of a row of *snapshot_info*."""
    if not info:
        return None
    return INVENTED if info["is_demo"] else PUBLIC if info.get("is_open") else None


def _paris(moment: Any) -> str:
    return fr.moment(moment.astimezone(PARIS) if moment.tzinfo else moment)


def _source(row: Mapping[str, Any]) -> str:
    when = row["last_received_at"] if fr.missing(row["last_period_on"]) else row["last_period_on"]
    name, producer = fr.short_title(row["title"]), str(row.get("producer") or "")
    known = f" ({producer})" if producer and not producer.startswith(name) else ""
    return f"{name}{known}, {fr.day(when)}{STATES.get(str(row['state']), '')}"


NONE = Stamp()
_CARRIED: ContextVar[Stamp] = ContextVar("vigistock-stamp", default=NONE)


def current() -> Stamp:
    """The stamp of the file being written: whatever writes it, none leaves without."""
    return _CARRIED.get()


@contextmanager
def carried(stamp: Stamp) -> Iterator[Stamp]:
    """All files written inside carry ``stamp``."""
    token = _CARRIED.set(stamp)
    try:
        yield stamp
    finally:
        _CARRIED.reset(token)
