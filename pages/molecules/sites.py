"""Sites that make the DCI, step by step, as its laboratories state them each year; a step of a single site is named."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.sites import queries as sites
from pages.components import format as fr
from pages.components import states, tables
from pages.components.blocks import block, kept
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

MOST = 4  # of a step, the sites on which most specialities depend
TWIN = {"step": "Étape", "site_name": "Site", "country": "Pays", "specialities": "Spécialités de la DCI",
        "only_specialities": "Sans autre site", "sites_of_step": "Sites de l'étape", "year": "État des lieux"}  # fmt: skip
Row = dict[str, Any]


@block
def made(subject_id: str) -> Markup:
    """Nothing where no statement names the DCI, or where laboratories are not shown."""
    dci_key = view.known(subject_id).dci_key
    rows = _rows(dci_key)
    if not rows:
        return Markup()
    counted = session.load(sites.stated, dci_key)
    return render(
        "molecules/sites",
        sentence=sentence(rows),
        note=f"DCI entière ; {years(rows)}, {_described(counted)}",
        state=states.of("site_step"),
        steps=[_step(step, [row for row in rows if row["step"] == step]) for step in steps(rows)],
    )


@kept
def _rows(dci_key: str) -> list[Row]:
    return session.load(sites.of_dci, dci_key)


def years(rows: list[Row]) -> str:
    """« état des lieux de 2026 », or from which year to which: a speciality keeps its last statement."""
    first, last = min(int(row["first_year"]) for row in rows), max(int(row["year"]) for row in rows)
    return f"état des lieux de {last}" if first == last else f"états des lieux de {first} à {last}"


def steps(rows: list[Row]) -> list[str]:
    """Steps of the DCI, in the order in which a medicine is made."""
    return [step for step in sites.STEPS if any(row["step"] == step for row in rows)]


def sentence(rows: list[Row]) -> str:
    """« Site unique pour toute la DCI : substance active (SYNTHÈSE FICTIVE, Inde). »."""
    alone = [row for row in rows if row["sites_of_step"] == 1]
    count = fr.plural(len({row["site_key"] for row in rows}), "site cité", "sites cités")
    if not alone:
        return f"{count} ; aucune étape ne tient à un seul site."
    named = " ; ".join(f"{row['step']} ({row['site_name']}, {_where(row)})" for row in alone)
    return f"{count} ; {fr.plural(len(alone), 'étape tient', 'étapes tiennent')} à un seul site pour toute la DCI : {named}."


def _described(counted: Row) -> str:
    return f"{fr.number(counted['stated'])} des {fr.plural(counted['specialities'], 'spécialité commercialisée décrite', 'spécialités commercialisées décrites')}"


def _step(step: str, rows: list[Row]) -> Row:
    return {
        "step": step,
        "is_alone": len(rows) == 1,
        "only": sum(int(row["only_specialities"]) for row in rows),
        "sites": [{**row, "where": _where(row)} for row in rows[:MOST]],
        "more": max(len(rows) - MOST, 0),
    }


def _where(row: Row) -> str:
    return "pays inconnu" if fr.missing(row["country"]) else str(row["country"])


def made_twin(seen: View) -> None:
    """Every site, for who may see laboratories."""
    if _rows(seen.dci_key):
        context = {"DCI": str(seen.facts["dci"]), "Données au": fr.day(seen.as_of)}
        tables.table_twin(partial(_table, seen.dci_key), TWIN, f"sites-{seen.dci_key}", context, source="site_step",
                          label="Sites : table et téléchargement")  # fmt: skip


def _table(dci_key: str) -> pd.DataFrame:
    return pd.DataFrame(_rows(dci_key))
