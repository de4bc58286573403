"""Names of the epidemics that Santé publique France follows."""

from __future__ import annotations

EPIDEMIC_LABEL = {
    "grippe": "Grippe",
    "bronchiolite": "Bronchiolite",
    "covid": "Covid-19",
    "ira": "Infections respiratoires aiguës",
    "gastro": "Gastro-entérite",
    "asthme": "Asthme",
}
