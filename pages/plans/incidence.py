"""What general practitioners see of the epidemics of a plan: by region, each with its interval (Sentinelles network)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.surveillance import queries as surveillance
from pages.components import epidemics, states, tables
from pages.components.blocks import block, kept
from pages.components.charts import figures
from pages.components.epidemics import INCIDENCE_LABEL
from pages.components.shell import session
from pages.components.templating import render

Row = Mapping[str, Any]
RESPIRATORY = "ira"  # beside flu: every acute respiratory infection
COLUMNS = {
    "indicator": "Syndrome",
    "place": "Territoire",
    "week": "Semaine du",
    "incidence": "Cas pour 100 000 habitants",
    "incidence_low": "Borne basse (95 %)",
    "incidence_high": "Borne haute (95 %)",
}


def followed(indicators: Sequence[str]) -> tuple[str, ...]:
    """Syndromes that go with the epidemics of a plan."""
    return tuple(dict.fromkeys((*indicators, RESPIRATORY))) if indicators else ()


def show(plan: str, indicators: tuple[str, ...]) -> None:
    """Nothing where nothing of it was ever received."""
    if not _received(indicators):
        return
    regions.show(indicators)
    context = {"Réserve": "Deux territoires dont les intervalles se recouvrent ne se classent pas"}
    tables.table_twin(partial(_table, indicators), COLUMNS, f"incidence-{plan}", context, source="incidence_weekly")


@kept
def _received(indicators: tuple[str, ...]) -> bool:
    return bool(indicators) and not session.load(surveillance.incidence, indicators).empty


@block
def regions(indicators: tuple[str, ...]) -> Markup:
    """The country, then each region, the highest first."""
    rows = figures.records(session.load(surveillance.incidence, indicators))
    known = [key for key in INCIDENCE_LABEL if any(row["indicator"] == key for row in rows)]
    return render(
        "plans/incidence",
        state=states.of("incidence_weekly"),
        syndromes=[_syndrome(key, [row for row in rows if row["indicator"] == key]) for key in known],
    )


def _syndrome(key: str, rows: Sequence[Row]) -> dict[str, Any]:
    nation = next((row for row in rows if row["level"] == "national"), None)
    local = [row for row in rows if row["level"] == "region"]
    return {
        "name": INCIDENCE_LABEL[key],
        "nation": epidemics.words(nation) if nation else "",
        "week": max(row["week"] for row in rows),
        "regions": [{"name": row["region_name"], **epidemics.shown(row)} for row in local],
    }


def _table(indicators: tuple[str, ...]) -> pd.DataFrame:
    found = session.load(surveillance.incidence, indicators)
    return found.assign(
        indicator=found["indicator"].map(INCIDENCE_LABEL),
        place=[
            "France" if level == "national" else name
            for level, name in zip(found["level"], found["region_name"], strict=True)
        ],
    )
