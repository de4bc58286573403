"""What days of coverage are counted against, in words: always beside the figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.components import format as fr

NAMES = {
    "current": "demande courante (4 dernières semaines)",
    "legal": "référence légale (12 mois glissants)",
    "members": "ventes de tous les adhérents sur leur période de référence",
}
SHORT = {"current": "demande courante", "legal": "référence légale", "members": "ventes de tous les adhérents"}
PANEL = "valeur donnée par le panel IQVIA"
HOSPITALS = "consommation quotidienne donnée par les PUI qui répondent"
GIVEN = ("officines", "pui")  # links whose days are not counted against the denominators of the plan
DAYS = {"current": "coverage_current_days", "legal": "coverage_legal_days", "members": "coverage_members_days"}
ORIGINS = {"current": "current_origin", "legal": "legal_origin", "members": "members_origin"}


def used(row: Mapping[str, Any]) -> str:
    """« demande courante : ventes des 4 dernières semaines déclarées », of one row of *link_status*."""
    if row["link"] == "officines":
        return PANEL
    if row["link"] == "pui":
        return HOSPITALS if fr.missing(row["current_origin"]) else str(row["current_origin"])
    name = str(row["denominator"])
    origin = row.get(ORIGINS.get(name, ""))
    short = SHORT.get(name, "")
    if fr.missing(origin):
        return short
    return str(origin) if str(origin).startswith(short) else f"{short} : {origin}"


def others(row: Mapping[str, Any]) -> list[str]:
    """Days against the denominators that the status does not stand on, when they are known."""
    if row["link"] in GIVEN:
        return []
    figures = [(name, row.get(DAYS[name])) for name in SHORT if name != row["denominator"]]
    return [f"{SHORT[name]} {fr.days(days)}" for name, days in figures if not fr.missing(days)]


def of_links(names: Mapping[str, str]) -> str:
    """« demande courante (4 dernières semaines) ; grossistes-répartiteurs : … », from the denominator of each link's label."""
    common = max(
        set(names.values()), key=lambda name: (list(names.values()).count(name), name != "members"), default=""
    )
    others_ = [f"{label.lower()} : {NAMES.get(name, '')}" for label, name in names.items() if name != common]
    return " ; ".join([NAMES.get(common, ""), *others_])
