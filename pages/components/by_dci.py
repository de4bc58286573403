"""What a reader who may not see laboratories sees of a page of laboratories: lines by DCI, and why no more."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd

from metrics.referential import queries as referential
from pages.components import format as fr
from pages.components import markup, tables
from pages.components.shell import frame, session

REASON = (
    "Lignes par DCI, sans laboratoire, spécialité ni volume (secret des affaires) : le détail est réservé à l'ANSM. "
    "Une ligne peut ne tenir qu'à un laboratoire : elle n'est pas publique."
)


def draw(question: str, told: str, table: pd.DataFrame, columns: Mapping[str, str], source: str) -> None:
    """The sentence, then the table, open; ``source`` is the shared table it comes from."""
    as_of = session.load(referential.snapshot)["as_of"]
    frame.title_answer(question, told, as_of)
    markup.show(f'<p class="vs-note" role="note">{escape(REASON)}</p>')
    if table.empty:
        frame.empty_state("Aucune ligne à montrer.", "Rien n'a été reçu, ou rien n'est en cours.")
        return
    context = {"Données au": fr.day(as_of), "Réserve": REASON}
    tables.table_twin(table, columns, source.replace("_", "-"), context, source=source, opened=True)
