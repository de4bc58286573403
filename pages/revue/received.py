"""Lines of the review about what came in: late sources, errors of the last refresh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tokens
from pages.revue.lines import SOURCE, Link, Row, Section, muted, strong

ERROR_LENGTH = 140


def sources(states: pd.DataFrame, run: Mapping[str, Any], *, visible: bool) -> Section:
    """Late sources and errors of the last refresh; a source never received is named, without alarm."""
    errors = {line["key"]: str(line["error"]) for line in run.get("sources", []) if line.get("error")}
    told = states.assign(error=states["source_key"].map(errors)) if not states.empty else states
    if told.empty:
        return Section("sources", "Sources", 3, "Aucune source connue.")
    rows = told[(told["state"] == "en_retard") | told["error"].notna()].assign(visible=visible)
    absent = list(told.loc[told["state"] == "absente", "title"])
    after = f"Jamais reçues : {', '.join(absent)}." if absent else ""
    columns = {"title": "Source", "state": "État", "last_received_at": "Dernière réception", "age_days": "Âge (jours)"}
    note = fr.plural(len(rows), "source en retard ou en erreur", "sources en retard ou en erreur")
    return Section(
        "sources", "Sources", 2, f"Sources : toutes celles reçues sont à l'heure. {after}".strip(), note=note,
        table=rows, rows=rows, columns=columns, line=_source_line, widths="minmax(16rem,2fr) auto minmax(0,3fr)", after=after,
    )  # fmt: skip


def _source_line(row: Row) -> tuple[Link, Sequence[str]]:
    state = tokens.SOURCE_STATE_LABEL.get(str(row["state"]), "")
    received = f"dernière réception {fr.age(row['age_days'])}" if not fr.missing(row["age_days"]) else "jamais reçue"
    error = (
        ""
        if fr.missing(row["error"])
        else str(row["error"])
        if row["visible"]
        else "erreur au dernier rafraîchissement"
    )
    short = error if len(error) <= ERROR_LENGTH else f"{error[:ERROR_LENGTH].rsplit(' ', 1)[0]}…"
    return Link(str(row["title"]), SOURCE, {"source": str(row["source_key"])}), (
        strong(state),
        muted(f"{received}. {short}"),
    )
