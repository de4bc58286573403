"""Weak signals on the subject, followed by a plan or not: value, day, source and what each cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.signals import queries as signals
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import signal_words as words
from pages.components import states, tables
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules.view import View

MOST_PLACES = 5
_TWIN = {"source": "Source", "denomination": "Spécialité", "presentation_label": "Présentation", "cip13": "CIP13",
         "territory": "Territoire", "read_on": "Relevé du", "presence_pct": "Agences avec une boîte (%)",
         "presence_before_pct": "La même, avant (%)", "tension": "Niveau de tension", "coverage_days": "Couverture (jours)",
         "days_before": "La même, avant (jours)", "before_on": "Comparé au"}  # fmt: skip

Row = dict[str, Any]


@block
def hints(subject_id: str) -> Markup:
    """One line per source; nothing at all where neither source ever sent a file."""
    known = {row["source_key"]: row for row in figures.records(session.load(sources.states))}
    received = {key for key in words.NAMES if key in known and known[key]["files"]}
    if not received:
        return Markup()
    found = session.load(signals.of_subject, subject_id)
    return render(
        "molecules/hints",
        hint=words.HINT,
        state=states.of("weak_signal"),
        rows=[_line(row, known[row["source_key"]]) for row in found if row["level"] == "national"],
        places=places([row for row in found if row["level"] != "national"]),
    )


def _line(row: Mapping[str, Any], source: Mapping[str, Any]) -> Row:
    return {
        **row,
        "name": words.NAMES[row["source_key"]],
        "source": fr.short_title(source["title"]),
        "value": words.value(row),
        "spread": words.spread(row),
        "movement": words.movement(row),
        "reserve": next(iter(source["limits"]), ""),
    }


def places(rows: Sequence[Mapping[str, Any]]) -> str:
    """The territories worst served, when the source gives any."""
    known = [row for row in rows if not fr.missing(row["presence_pct"])]
    if not known:
        return ""
    worst = [f"{row['territory_name']} {fr.percent(row['presence_pct'])}" for row in known[:MOST_PLACES]]
    count = fr.plural(len(known), "territoire transmis", "territoires transmis")
    return f"Par territoire ({count}), les moins bien servis : {', '.join(worst)}."


@kept
def _count(dci_key: str) -> int:
    return len(session.load(signals.presentations, dci_key))


def hints_twin(seen: View) -> None:
    """Presentation by presentation, for who may see laboratories."""
    if seen.may_see and _count(seen.dci_key):
        context = {"DCI": str(seen.facts["dci"]), "Données au": fr.day(seen.as_of), "Réserve": words.HINT}
        tables.table_twin(partial(_lines, seen.dci_key), _TWIN, f"signaux-{seen.dci_key}", context,
                          source="weak_signal_presentation",
                          label="Signaux faibles, par présentation : table et téléchargement")  # fmt: skip


def _lines(dci_key: str) -> pd.DataFrame:
    found = session.load(signals.presentations, dci_key)
    return found.assign(source=found["source_key"].map(words.NAMES), tension=found["tension_rank"].map(_level))


def _level(rank: float) -> str:
    return "" if fr.missing(rank) else words.level(rank)
