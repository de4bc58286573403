"""Lines of the review about receptions: late sources, errors of the last refresh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from pages.components import format as fr
from pages.components import tokens
from pages.components.links import href
from pages.revue.movement_lines import Link, Row, Section, muted, strong

ERROR_LENGTH = 140


def sources(states: pd.DataFrame, errors: Mapping[str, str], *, visible: bool) -> Section:
    """Late sources and errors of the last refresh; a source never received is named, without alarm."""
    reported = states.assign(error=states["source_key"].map(errors)) if not states.empty else states
    if reported.empty:
        return Section("sources", "Sources", 0, "Aucune source connue.")
    rows = reported[(reported["state"] == "en_retard") | reported["error"].notna()].assign(visible=visible)
    absent = list(reported.loc[reported["state"] == "absent", "title"])
    after = f"Jamais reçues : {', '.join(absent)}." if absent else ""
    columns = {"title": "Source", "state": "État", "last_received_at": "Dernière réception", "age_days": "Âge (jours)"}
    note = fr.plural(len(rows), "source en retard ou en erreur", "sources en retard ou en erreur")
    return Section(
        "sources", "Sources", len(rows), f"Sources : toutes celles reçues sont à l'heure. {after}".strip(), note=note,
        table=rows, rows=rows, columns=columns, line=_source_line, after=after,
    )  # fmt: skip


def _source_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
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
    return Link(str(row["title"]), href("sources/sources", source=row["source_key"])), (
        strong(state),
        muted(f"{received}. {short}"),
    )


def to_confirm(states: pd.DataFrame) -> Section:
    """Rows that wait for the data steward: their figures are estimated meanwhile."""
    rows = states[states["rows_to_confirm"] > 0] if not states.empty else states
    waiting = int(rows["rows_to_confirm"].sum()) if not rows.empty else 0
    note = fr.plural(waiting, "ligne attend d'être confirmée", "lignes attendent d'être confirmées")
    columns = {"title": "Source", "rows_to_confirm": "Lignes à confirmer", "last_received_at": "Dernière réception"}
    return Section(
        "confirmations", "À confirmer", waiting, "Aucune ligne n'attend d'être confirmée.", note=f"{note} ; elles n'entrent dans aucun chiffre",
        table=rows, rows=rows, columns=columns, line=_waiting_line,
    )  # fmt: skip


def _waiting_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    count = fr.plural(row["rows_to_confirm"], "ligne", "lignes")
    return Link(str(row["title"]), href("sources/sources", source=row["source_key"])), (
        strong(count),
        muted("écart, unité ou date à vérifier ; le dernier relevé accepté les remplace"),
    )
