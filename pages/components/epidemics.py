"""Names of the epidemics that Santé publique France and the Sentinelles network follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.components import format as fr

EPIDEMIC_LABEL = {
    "grippe": "Grippe",
    "bronchiolite": "Bronchiolite",
    "covid": "Covid-19",
    "ira": "Infections respiratoires aiguës",
    "gastro": "Gastro-entérite",
    "asthme": "Asthme",
}
INCIDENCE_LABEL = {"grippe": "Syndromes grippaux", "ira": "Infections respiratoires aiguës", "diarrhee": "Diarrhée aiguë",
                   "varicelle": "Varicelle"}  # fmt: skip

Row = Mapping[str, Any]


def words(row: Row) -> str:
    """« 380 cas pour 100 000 habitants (de 350 à 410), S47 »; « non publié » is not zero."""
    if fr.missing(row["incidence"]):
        return f"estimation non publiée, {fr.week(row['week'])}"
    interval = shown(row)["interval"]
    return f"{fr.number(row['incidence'])} cas pour 100 000 habitants{f' ({interval})' if interval else ''}, {fr.week(row['week'])}"


def shown(row: Row) -> dict[str, str]:
    """Figure and interval of a territory."""
    if fr.missing(row["incidence"]):
        return {"figure": "non publié", "interval": ""}
    interval = f"de {fr.number(row['incidence_low'])} à {fr.number(row['incidence_high'])}"
    return {"figure": fr.number(row["incidence"]), "interval": "" if fr.missing(row["incidence_low"]) else interval}
