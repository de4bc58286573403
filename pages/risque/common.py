"""What the pages on the declared risk share: a closed page, links to a declaration, the sources."""

from __future__ import annotations

from typing import Any

import pandas as pd

from metrics.risk import queries as risk
from metrics.sources import queries as sources
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.shell import frame, session

MASKED = "Les déclarations d'un laboratoire sont masquées sur cet écran (secret des affaires)."
NOTHING_TO_DO = (
    "Déposer l'export TrustMed dans « inbox/trustmed » (modèle : « make templates »), puis « make refresh »."
)
DECLARATION, MOLECULE = "pages/declarations/declaration.py", "pages/molecules/molecule.py"


def is_closed(question: str) -> bool:
    """Show a sentence and nothing else where laboratories may not be seen."""
    if session.load(risk.is_visible):
        return False
    frame.title_answer(question, MASKED)
    frame.empty_state("Cette page est réservée à l'ANSM.")
    return True


def name(dci: Any, otherwise: Any = "") -> str:
    """DCI with a capital; the speciality when the referential does not know its DCI."""
    text = str(dci or otherwise or "")
    return text[:1].upper() + text[1:]


def footer(keys: list[str], *methods: tuple[str, str]) -> None:
    """Sources of the page, then the methods of its figures."""
    frame.footer(_received(tuple(keys)), methods=methods)


@kept
def _received(keys: tuple[str, ...]) -> list[dict[str, Any]]:
    known: pd.DataFrame = session.load(sources.states)
    return figures.records(known[known["source_key"].isin(keys) & (known["files"] > 0)])
