"""What the search finds: the entries of the snapshot that the session may read, the pages of its menu, and the ATC groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from data.warehouse import Artefact, Reader
from metrics.declarations import queries as declarations
from metrics.referential import matching
from metrics.referential import queries as referential
from metrics.referential.matching import Entry, Found, Index
from pages.components import atc, links
from pages.components import format as fr
from pages.components.once import Once
from pages.components.shell import menu, session

SHOWN = 10
_STORE: Once[Index] = Once(4)  # some 30 MB each on the whole referential: two snapshots of two artefacts
KINDS = {
    "groupe": "Groupe suivi",
    "dci": "DCI",
    "page": "Page",
    "atc": "Classe ATC",
    "departement": "Département",
    "region": "Région",
    "laboratoire": "Laboratoire",
    "specialite": "Spécialité",
    "declaration": "Déclaration",
    "presentation": "Présentation",
}
_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}
_MEDICINES = frozenset(("groupe", "dci", "specialite", "presentation"))
_KNOWN_BY_CODE = frozenset(("atc",))  # the letters of a class are not words


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the list: what it is, the page it opens, the state of what that page shows."""

    kind: str
    label: str
    page: str
    variant: str = ""
    parameter: str = ""
    asked: str = ""
    beside: str = ""
    code: str = ""
    subject: str = ""
    status: str | None = None
    figure_state: str | None = None
    days: float | None = None
    note: str = ""

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def address(self) -> str:
        return links.href(self.page, self.variant, **{self.parameter: self.asked} if self.parameter else {})

    @property
    def has_state(self) -> bool:
        """A followed group has a state even when nothing was measured; a substance only when it is measured."""
        return self.status is not None or self.kind == "groupe"


def find(typed: str, entries: Sequence[menu.Entry], most: int = SHOWN) -> Found:
    """Answers to what was typed. entries: pages that the role may open."""
    return matching.search(
        [of_snapshot(), of_menu(tuple(entries), sees_declarations=_sees_declarations())], typed, most
    )


def subjects(typed: str) -> tuple[list[str], Found]:
    """Subjects that answer, by themselves, by a brand or by a code; groups first, then DCI, each once."""
    every = of_snapshot()
    found = matching.search([every], typed, len(every.entries))
    opened = dict.fromkeys(entry.row.subject for entry in found.entries if entry.row.subject)
    return sorted(opened, key=lambda subject: subject.startswith("dci:")), found


def of_snapshot() -> Index:
    """Made once for every session that reads the same artefact of the same snapshot."""
    snapshot, artefact, *_ = session.view()
    return prepared(session.reader(), snapshot, cast("Artefact", artefact))


def prepared(reader: Reader, snapshot: str, artefact: Artefact) -> Index:
    """The same, for whoever comes first (``ready``)."""
    return _STORE.get((snapshot, artefact), lambda: _made(reader))


@lru_cache(maxsize=32)
def of_menu(entries: tuple[menu.Entry, ...], *, sees_declarations: bool) -> Index:
    """Pages of a role, and the groups of the ATC classification where declarations can be listed by them."""
    pages = [
        Entry(entry.title, words=f"page {entry.section}", rank=_RANKS["page"], row=_page(entry))
        for entry in entries
        if not entry.hidden
    ]
    groups = [
        Entry(name, words="classe atc", code=code, rank=_RANKS["atc"], row=_group(code, name))
        for code, name in atc.GROUPS.items()
        if sees_declarations
    ]
    return Index([*pages, *groups])


def _page(entry: menu.Entry) -> Answer:
    return Answer("page", entry.title, entry.page, entry.variant, beside=entry.section)


def _group(code: str, name: str) -> Answer:
    return Answer(
        "atc", name, "declarations/declarations", parameter="atc", asked=code, code=code, beside="déclarations"
    )


def _sees_declarations() -> bool:
    return bool(session.load(declarations.is_visible))


def _made(reader: Reader) -> Index:
    rows = sorted(referential.answers(reader), key=lambda row: _RANKS[row["kind"]])
    return Index([_entry(row) for row in rows])


def _entry(row: Mapping[str, Any]) -> Entry:
    kind, words = row["kind"], row["words"] or ""
    is_named = kind in ("groupe", "dci")
    return Entry(
        "" if kind in _KNOWN_BY_CODE else row["label"],
        names=words if is_named else "",
        words="" if is_named else words,
        code=row["code"] or "",
        other_codes=row["other_codes"] or "",
        rank=_RANKS[kind],
        row=_answer(row),
    )


def _answer(row: Mapping[str, Any]) -> Answer:
    kind = row["kind"]
    return Answer(
        kind,
        row["label"],
        row["page"],
        parameter=row["parameter"],
        asked=row["asked"],
        beside=row["beside"] or "",
        code=(row["code"] or "").split(" ")[0] if kind in ("specialite", "presentation") else "",
        subject=(row["subject_id"] or "") if kind in _MEDICINES else "",
        status=row["status"],
        figure_state=row["figure_state"],
        days=row["coverage_days"],
        note=_note(row),
    )


def _note(row: Mapping[str, Any]) -> str:
    if row["kind"] == "declaration":
        return "ouverte" if not row["order_no"] else "close"
    # A substance has a state of its own, which is not that of the groups it holds: each is told apart.
    counts = [f"le plus faible : {row['link_label'].lower()}" if row["status"] else ""]
    counts += [_counted(row, *words) for words in _COUNTS]
    if row["public_status"]:
        counts.append(f"{row['public_status']} (liste publique)")
    return " · ".join(part for part in counts if part)


_COUNTS = (
    ("open_declarations", "déclaration ouverte", "déclarations ouvertes"),
    ("insufficient_groups", "groupe suivi insatisfaisant", "groupes suivis insatisfaisants"),
    ("insufficient", "médicament insatisfaisant", "médicaments insatisfaisants"),
    ("touched", "département touché", "départements touchés"),
)


def _counted(row: Mapping[str, Any], column: str, one: str, many: str) -> str:
    count = row[column]
    if count is None or (not count and column == "open_declarations"):
        return ""
    return fr.plural(int(count), one, many) if count else f"aucun {one}"
