"""Lines of the review about weak signals: DCI outside the plans whose hint worsened most."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from pages.components import format as fr
from pages.components import signal_words as words
from pages.components.charts import figures
from pages.components.links import href
from pages.revue.movement_lines import Link, Row, Section, muted, strong


def hints(table: pd.DataFrame) -> Section:
    """``table``: signals beyond their bound, the most worsened first."""
    columns = {"label": "DCI hors plans", "signal": "Signal", "value": "Dernier relevé", "movement": "Évolution",
               "read_on": "Relevé du", "before_on": "Comparé au", "figure_state": "État"}  # fmt: skip
    rows = figures.records(table)
    named = table.assign(
        signal=[words.NAMES[row["source_key"]] for row in rows],
        value=[words.value(row) for row in rows],
        movement=[words.movement(row) for row in rows],
    )
    return Section(
        "signaux", "Signaux faibles", int(table["dci_key"].nunique()) if rows else 0,
        "Aucun signal faible dégradé sur une DCI hors plans, parmi ceux qui ont été reçus.",
        note=f"DCI hors plans dont un signal s'est le plus dégradé ; {words.HINT}.",
        table=named, rows=named, columns=columns, line=_line,
    )  # fmt: skip


def _line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    link = Link(str(row["label"]), href("molecules/molecule", sujet=row["subject_id"]))
    when = f"relevé du {fr.day(row['read_on'])}"
    return link, (muted(row["signal"]), strong(fr.capital(row["value"])), muted(row["movement"]), muted(when))
