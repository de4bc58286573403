"""What may be said of declarations without naming a laboratory: counts by DCI."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pages.components import declaration_rows, filters, markup, tables
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.grid import Grid
from pages.components.shell import frame

MOST_ROWS = 25
_TWIN = {
    "dci": "DCI",
    "open_declarations": "Déclarations ouvertes",
    "open_ruptures": "dont ruptures",
    "open_risks": "dont risques",
    "last_updated_on": "Dernière mise à jour",
}


def sentence(counted: pd.DataFrame, as_of: date | None) -> str:
    """Open declarations of the country by kind, and over how many DCI."""
    total = int(counted["open_declarations"].sum())
    if total == 0:
        return f"Aucune déclaration n'est ouverte au {fr.day(as_of)}."
    return (
        f"Au {fr.day(as_of)}, {fr.plural(total, 'déclaration est ouverte', 'déclarations sont ouvertes')} : "
        f"{fr.plural(int(counted['open_ruptures'].sum()), 'rupture', 'ruptures')} et "
        f"{fr.plural(int(counted['open_risks'].sum()), 'risque de rupture', 'risques de rupture')}, sur "
        f"{fr.number((counted['open_declarations'] > 0).sum())} DCI."
    )


def draw(counted: pd.DataFrame, as_of: date | None) -> None:
    """Counts by DCI, the most declared first; each opens its molecule."""
    markup.show(f'<p class="vs-note">{declaration_rows.MASKED} Nombre de déclarations par DCI.</p>')
    typed = filters.search("Rechercher une DCI", placeholder="amoxicilline")
    opened = counted[counted["open_declarations"] > 0]
    chosen = opened[opened["dci"].map(lambda dci: filters.matching(typed, dci))] if typed else opened
    if chosen.empty:
        frame.empty_state("Aucune DCI ne correspond.", "Raccourcir la recherche.")
        return
    grid = Grid("declarations-dci", "minmax(16rem,2fr) 1fr 1fr 1fr 1.4fr",
                ("DCI", "Ouvertes", "Ruptures", "Risques", "Dernière mise à jour"))  # fmt: skip
    for row in figures.records(chosen.head(MOST_ROWS)):
        name = str(row["dci"])
        grid.link(name[:1].upper() + name[1:], "pages/molecules/molecule.py", {"sujet": f"dci:{row['dci_key']}"})
        counts = [fr.number(row[column]) for column in ("open_declarations", "open_ruptures", "open_risks")]
        grid.cells(f"<b>{counts[0]}</b>", counts[1], counts[2], fr.day(row["last_updated_on"]))
    if len(chosen) > MOST_ROWS:
        markup.show(f'<p class="vs-note">{MOST_ROWS} premières DCI sur {fr.number(len(chosen))}.</p>')
    context = {"Contenu": "comptes par DCI, sans laboratoire", "Données au": fr.day(as_of)}
    tables.table_twin(chosen, _TWIN, "declarations-par-dci", context, source="declaration_summary")
