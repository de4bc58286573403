"""What this session reads: which artefact, which snapshot, compared with which one; one cached load for every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from data import warehouse
from data.access.roles import Identity
from data.files import read_json
from data.settings import Settings
from data.warehouse import Artefact, InForce, Reader
from pages.components import this_run
from pages.components.access import identity
from pages.components.once import Once
from pages.components.shell import served

T = TypeVar("T")

_PLANS = "vigistock-plans"
_MOMENTS = (("veille", "la veille", 1), ("semaine", "la semaine dernière", 7))
_COMMITTEE = "le dernier comité"
_WHO = "vigistock-who"
_KEPT_ACROSS = ("vigistock-entry", "vigistock-back")
_PREVIOUS = "le relevé précédent"
_IN_FORCE = "vigistock-in-force"
_PROJECTED = "vigistock-projected"
_PAGE_SOURCES = "vigistock-page-sources"


_RESULTS: Once[Any] = Once(2000)


@dataclass(frozen=True)
class Reference:
    """A snapshot to compare with: its name in the URL and in the menu, its identifier, its day."""

    key: str
    label: str
    snapshot: str
    as_of: date


_REFERENCES: Once[list[Reference]] = Once(8)
_MEASURED: Once[Reference | None] = Once(8)


def settings() -> Settings:
    return served.settings()


def start_over_when_changed(who: Identity) -> None:
    """A tab whose person or role changes forgets what the previous one chose and read."""
    mine = (who.login, who.role, who.region)
    if st.session_state.get(_WHO, mine) != mine:
        kept = {key: st.session_state[key] for key in _KEPT_ACROSS if key in st.session_state}
        st.session_state.clear()
        st.session_state.update(kept)
    st.session_state[_WHO] = mine


def projected() -> bool:
    """The address asks for the shared screen; links carry it along."""
    kept = this_run.kept()
    if _PROJECTED not in kept:
        kept[_PROJECTED] = st.query_params.get("projection") == "1"
    return bool(kept[_PROJECTED])


def artefact() -> Artefact:
    """That of the person's role; a projected screen opens the one that holds nothing of one laboratory.

    Asked at each load. Raises NoAccess for somebody who has no right any more.
    """
    allowed = identity.identity().artefact
    if projected():
        return "shared"
    return allowed


def begin() -> InForce:
    """Once at the start of a run, and of a fragment: the snapshot it shows from start to end."""
    found = warehouse.in_force(settings().snapshots, artefact())
    st.session_state[_IN_FORCE] = this_run.kept()[_IN_FORCE] = found, artefact()
    return found


def snapshot() -> str | None:
    """The published snapshot, looked up once a run so that a whole page shows one moment."""
    return in_force().snapshot


def in_force() -> InForce:
    """The snapshot this session may open, and the one it stands in for when that one is damaged."""
    found: InForce | None
    opened: Artefact | None
    found, opened = this_run.kept().get(_IN_FORCE) or st.session_state.get(_IN_FORCE, (None, None))
    if found is None or opened != artefact():
        found = begin()
    if found.snapshot:
        identity.may_read(found.snapshot)
    return found


def view() -> tuple[str, str, bool]:
    """What decides how a part of a page looks: snapshot, artefact, projection. Raises LookupError without snapshot."""
    current = snapshot()
    if current is None:
        raise LookupError("Aucun instantané publié.")
    return current, artefact(), projected()


def reader(reference: str | None = None) -> Reader:
    """The reader of this run. Raises LookupError when nothing was ever published."""
    current = snapshot()
    if current is None:
        raise LookupError("Aucun instantané publié.")
    return _open(current, artefact(), reference)


def load(function: Callable[..., T], *arguments: Any, reference: str | None = None) -> T:
    """``function(reader, *arguments)``, computed once by snapshot, artefact and arguments for all sessions.

    A table is the caller's own, its cells are copied when it changes one. Rows and lists are everybody's.
    """
    current, kind = view()[0], artefact()
    asked = tuple(tuple(value) if isinstance(value, list) else value for value in arguments)
    key = function.__module__, function.__qualname__, current, kind, reference, asked
    found = _RESULTS.get(key, lambda: function(_open(current, kind, reference), *arguments))
    return found.copy(deep=False) if isinstance(found, pd.DataFrame) else found  # type: ignore[return-value]


def is_of_another_version() -> bool:
    """Whether the snapshot was published by another version, whose tables these pages cannot read."""
    current = snapshot()
    return current is not None and not warehouse.has_shape_of_pages(settings().snapshots, current)


def is_open() -> bool:
    """Whether this run shows a snapshot made of public data only: pages then answer from those, and write nothing."""
    current = snapshot()
    return current is not None and served.holds_open(settings().snapshots, current)


def last_run() -> dict[str, Any]:
    """Account of the last refresh, published or not: errors of sources show even when nothing new was published.

    Beside an open snapshot, without what a refresh that could not be published may have met of reserved files.
    """
    found = read_json(settings().snapshots / "last_run.json") or {}
    if not found or not is_open():
        return found
    public = [line for line in found.get("sources", []) if line.get("is_open") is True]
    hidden: dict[str, Any] = {} if found.get("snapshot") == snapshot() and found.get("published") else {"notes": []}
    return {**found, "error": None, "misplaced": [], "sources": public, **hidden}


def references(current: str) -> list[Reference]:
    """Snapshots one may compare with: the last of an earlier day, of a week ago, of the day of the last committee."""
    mine = warehouse.describe(settings().snapshots, current)
    met = settings().committee.last_before(date.fromisoformat(mine["as_of"])) if mine else None
    kind = artefact()
    return _REFERENCES.get((current, kind, met), lambda: _references(current, kind, met))


def before_measurement(current: str, week: Callable[[Reader], date | None]) -> Reference | None:
    """The last snapshot before the measurements shown were published: those of an earlier week. ``week``: its last week."""
    kind = artefact()
    return _MEASURED.get((current, kind), lambda: _before_measurement(week, current, kind))


def comparable_days(current: str) -> list[date]:
    """Days of the earlier snapshots one may compare with, oldest first."""
    return sorted({as_of for _, as_of in _earlier(current, artefact())})


def reference_on(current: str, day: date) -> Reference | None:
    """What was in force on ``day``: the last snapshot published for it or before."""
    found = _last_by(_earlier(current, artefact()), day, artefact())
    return Reference("date", f"le {day:%d/%m/%Y}", *found) if found else None


def _references(current: str, kind: Artefact, met: date | None) -> list[Reference]:
    mine = warehouse.describe(settings().snapshots, current)
    if not mine:
        return []
    today = date.fromisoformat(mine["as_of"])
    same, found = _earlier(current, kind), {}
    moments = [(key, label, today - timedelta(days=back)) for key, label, back in _MOMENTS]
    moments += [("comite", _COMMITTEE, met)] if met else []
    # A snapshot that answers several moments is called by the farthest one it reaches.
    for key, label, day in sorted(moments, key=lambda moment: moment[2], reverse=True):
        if chosen := _last_by(same, day, kind):
            name, as_of = chosen
            is_named = as_of == today - timedelta(days=1) or key != "veille"
            found[name] = Reference(key, label if is_named else _PREVIOUS, name, as_of)
    return list(found.values())


def _before_measurement(week: Callable[[Reader], date | None], current: str, kind: Artefact) -> Reference | None:
    shown = week(_open(current, kind, None))
    for name, as_of in sorted(_earlier(current, kind), key=lambda item: (item[1], item[0]), reverse=True):
        if shown is None or not warehouse.is_usable(settings().snapshots, name, kind):
            continue
        earlier = week(_open(name, kind, None))
        if earlier is not None and earlier < shown:
            return Reference("mesure", f"la mesure S{earlier.isocalendar().week:02d}", name, as_of)
    return None


def _earlier(current: str, kind: Artefact) -> list[tuple[str, date]]:
    """Snapshots of an earlier day that have the same shape, demo or real as this one is; open ones only beside an open one."""
    folder = settings().snapshots
    mine = warehouse.describe(folder, current)
    described = [(name, warehouse.describe(folder, name)) for name in warehouse.published(folder, kind)] if mine else []
    return [
        (name, as_of)
        for name, entry in described
        if entry.get("schema_version") == mine["schema_version"] and entry["is_demo"] == mine["is_demo"]
        if entry["is_open"] or not mine["is_open"]
        if (as_of := date.fromisoformat(entry["as_of"])) < date.fromisoformat(mine["as_of"])
    ]


def _last_by(known: list[tuple[str, date]], day: date, kind: Artefact) -> tuple[str, date] | None:
    newest_first = sorted((item for item in known if item[1] <= day), key=lambda item: (item[1], item[0]), reverse=True)
    return next((item for item in newest_first if warehouse.is_usable(settings().snapshots, item[0], kind)), None)


def _open(current: str, kind: Artefact, reference: str | None) -> Reader:
    chosen = settings()
    return warehouse.reader(chosen.snapshots, current, kind, reference, chosen.serve_memory_mb, chosen.serve_threads)


def remember_page(url_path: str, title: str) -> None:
    """Kept by the frame so that a script that serves several entries of the menu knows which one is open."""
    st.session_state["vigistock-page-title"] = title
    st.session_state["vigistock-page"] = url_path


def page() -> str:
    """Path of the page in the address bar, without slash."""
    return str(st.session_state.get("vigistock-page", ""))


def page_title() -> str:
    """Name of the page in the menu."""
    return str(st.session_state.get("vigistock-page-title", ""))


def keep_plans(titles: Mapping[str, str]) -> None:
    """Kept by the frame: the plans of the menu, since all are served by one script."""
    st.session_state[_PLANS] = dict(titles)


def has_page(plan_id: str) -> bool:
    """Whether a plan is in the menu, so that a link to it opens."""
    return plan_id in st.session_state.get(_PLANS, {})


def page_sources() -> list[str]:
    """Keys of the sources the page stands on, which its footer puts in this list: a file written later names them."""
    known: dict[str, list[str]] = st.session_state.setdefault(_PAGE_SOURCES, {})
    return known.setdefault(page(), [])
