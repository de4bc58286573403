"""Declared to the European platform and not to TrustMed: the specialities, or their count by DCI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.european import queries as european
from metrics.sources import queries as sources
from pages.components import european_rows, lists, states, tables
from pages.components import format as fr
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render

MOST = 10
SOURCE = "esmp"
_COUNTS = {"dci": "DCI", "absent_here": "Déclarées à l'ESMP, pas à TrustMed", "european_declarations": "Déclarations européennes ouvertes",
           "other_states": "Autres États touchés", "last_updated_on": "Dernière mise à jour"}  # fmt: skip


def draw(as_of: date) -> None:
    """Nothing where the platform's extract was never received."""
    if not is_received():
        return
    beside.show()
    context = {"Contenu": "déclarations ouvertes à la plateforme européenne", "Données au": fr.day(as_of)}
    if session.load(european.is_visible):
        tables.table_twin(partial(_opened), european_rows.TWIN, "esmp", context, source="european_declaration",
                          label="Plateforme européenne : table et téléchargement")  # fmt: skip
    elif _counts():
        table = partial(pd.DataFrame, _counts())
        tables.table_twin(table, _COUNTS, "esmp-par-dci", context, source="european_dci",
                          label="Plateforme européenne par DCI : table et téléchargement")  # fmt: skip


@kept
def is_received() -> bool:
    return SOURCE in {row["source_key"] for row in session.load(sources.received)}


@kept
def _counts() -> list[dict[str, Any]]:
    return session.load(european.by_dci)


def _opened() -> pd.DataFrame:
    return european_rows.named(session.load(european.opened))


@block
def beside() -> Markup:
    """What TrustMed lacks: line by line, or by DCI where specialities are not shown."""
    may_see, counts = session.load(european.is_visible), _counts()
    lacking = [row for row in figures.records(session.load(european.opened)) if row["trustmed_presence"] == "absente"]
    by_dci = [] if may_see else [row for row in counts if row["absent_here"]]
    shown, cut = lists.cut(lacking or by_dci, MOST, MOST)
    return render(
        "declarations/european",
        sentence=sentence(counts, lacking if may_see else None),
        limit=european_rows.LIMIT,
        state=states.of("european_dci"),
        table=european_rows.table(shown, "Déclarées à l'ESMP et pas à TrustMed") if may_see else Markup(),
        counts=[] if may_see else shown,
        cut=cut,
    )


def sentence(counts: Sequence[Mapping[str, Any]], lacking: Sequence[Mapping[str, Any]] | None) -> str:
    """lacking: the declarations that TrustMed lacks, None where they may not be seen."""
    whole = sum(int(row["european_declarations"]) for row in counts)
    absent = sum(int(row["absent_here"]) for row in counts)
    if not absent:
        return f"Aucune, sur {fr.plural(whole, 'déclaration européenne ouverte', 'déclarations européennes ouvertes')}."
    due = "" if lacking is None else f" ; {_due(sum(bool(row['is_mitm']) for row in lacking))}"
    lead = fr.plural(absent, "déclaration européenne ouverte touche", "déclarations européennes ouvertes touchent")
    return f"{lead} la France sans déclaration TrustMed, sur {fr.number(whole)}{due}."


def _due(count: int) -> str:
    """TrustMed receives only what is on the list of MITM."""
    if not count:
        return "aucune ne porte sur un MITM, seul dû à TrustMed"
    return fr.plural(count, "porte sur un MITM, et y était due", "portent sur des MITM, et y étaient dues")
