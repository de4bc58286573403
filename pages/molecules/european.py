"""What the European platform holds on the DCI: declarations of its specialities, and the other States hit."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.european import queries as european
from pages.components import european_rows, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block, kept
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View


@block
def declared(subject_id: str) -> Markup:
    """Nothing when the DCI was never declared there: most need not be."""
    dci_key = view.known(subject_id).dci_key
    counts, rows = session.load(european.one_dci, dci_key), _rows(dci_key)
    if counts is None and not rows:
        return Markup()
    shown, cut = lists.cut(rows, lists.FIRST)
    return render(
        "molecules/european",
        sentence=sentence(counts),
        limit=european_rows.LIMIT,
        state=states.of("european_dci"),
        table=european_rows.table(shown, "Déclarations à la plateforme européenne"),
        cut=cut,
    )


def sentence(counts: dict[str, Any] | None) -> str:
    """« 2 déclarations ouvertes, dont 1 absente de TrustMed ; autres États touchés : Belgique, Espagne »."""
    if counts is None:
        return "Aucune déclaration ouverte à la plateforme européenne."
    opened = fr.plural(counts["european_declarations"], "déclaration ouverte", "déclarations ouvertes")
    absent = int(counts["absent_here"])
    lacking = f", dont {fr.plural(absent, 'absente', 'absentes')} de TrustMed" if absent else ""
    others = counts["other_states"]
    where = "aucun autre État cité" if fr.missing(others) else f"autres États touchés : {others}"
    return f"{opened}{lacking} ; {where}."


@kept
def _rows(dci_key: str) -> list[dict[str, Any]]:
    return session.load(european.of_dci, dci_key)


def declared_twin(seen: View) -> None:
    """Every one of them, for who may see specialities."""
    if _rows(seen.dci_key):
        context = {"DCI": str(seen.facts["dci"]), "Données au": fr.day(seen.as_of)}
        tables.table_twin(partial(_table, seen.dci_key), european_rows.TWIN, f"esmp-{seen.dci_key}", context,
                          source="european_declaration", label="Plateforme européenne : table et téléchargement")  # fmt: skip


def _table(dci_key: str) -> pd.DataFrame:
    return european_rows.named(pd.DataFrame(_rows(dci_key)))
