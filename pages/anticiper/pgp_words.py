"""Sentences of the page about management plans, and the columns it exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.components import format as fr

Row = Mapping[str, Any]

MASKED = "Les plans de gestion d'un laboratoire sont masqués sur cet écran (secret des affaires)."
CAUTION = (
    "Fiches remplies par un lecteur sur des plans sans forme imposée : un plan reçu et sans fiche compte comme absent. Le stock "
    "dû est celui de la page « Stocks de sécurité »."
)
GROUPS = {
    "aucun": "Aucun plan",
    "ancien": "D'une année d'avant",
    "illisible": "Illisible",
    "insuffisant": "Insuffisant",
    "non_lu": "Non lu",
    "satisfaisant": "Satisfaisant",
}
# What a plan that was read promises or leaves out, by the key of the address.
CROSSINGS = {
    "sous-le-du": ("is_under_duty", "Stock sous le dû"),
    "stock-tu": ("is_stock_unsaid", "Stock non écrit"),
    "sans-mesure": ("is_without_measure", "Sans mesure"),
}
SAID = {"oui": "risque analysé par étape", "non": "risque par étape absent"}
TWIN = {
    "state_label": "Plan",
    "cis": "CIS",
    "denomination": "Spécialité",
    "dci": "DCI",
    "laboratory": "Laboratoire",
    "is_mitm": "MITM",
    "lists": "Listes",
    "year": "Année du plan",
    "received_on": "Reçu le",
    "verdict": "Avis",
    "has_risk_by_step": "Risque par étape",
    "patient_risk": "Risque pour le patient",
    "safety_stock_months": "Stock promis (mois)",
    "duty_months": "Stock dû (mois)",
    "held_months": "Stock détenu (mois)",
    "held_on": "Relevé du",
    "is_under_duty": "Promis sous le dû",
    "prevention_measures": "Prévention",
    "shortage_measures": "Mesures en cas de pénurie",
    "active_manufacturing_sites": "Sites de substance active",
    "release_sites": "Sites de libération",
    "review_system": "Revue du plan",
    "open_declarations": "Déclarations ouvertes",
    "declaration_nos": "Numéros",
}


def sentence(rows: Sequence[Row], *, is_filtered: bool = False) -> tuple[str, str]:
    """How many have no plan of the last campaign, of how many due; then what those received lack.

    rows: specialities that owe a plan and pass the words typed.
    """
    if not rows:
        return (
            "",
            "Aucune spécialité ne passe ces filtres."
            if is_filtered
            else "Aucune fiche de lecture n'a été reçue pour une spécialité qui doit un plan.",
        )
    if fr.missing(rows[0]["campaign"]):
        to_come = fr.plural(len(rows), "plan reçu est d'une année", "plans reçus sont d'une année")
        return f"{to_come} à venir : aucun n'est dit manquant.", promised(rows)
    campaign = int(rows[0]["campaign"])
    lacking = [row for row in rows if row["plan_state"] in ("aucun", "ancien")]
    due = fr.plural(len(rows), "spécialité qui en doit un", "spécialités qui en doivent un")
    how = "n'a pas de plan" if len(lacking) == 1 else "n'ont pas de plan"
    old = sum(row["plan_state"] == "ancien" for row in lacking)
    earlier = f", dont {fr.plural(old, 'en a un plus ancien', 'en ont un plus ancien')}" if old else ""
    lead = f"Sur {due}, {fr.number(len(lacking))} {how} de {campaign}{earlier}."
    return lead, promised([row for row in rows if row["plan_state"] not in ("aucun", "ancien")])


def promised(received: Sequence[Row]) -> str:
    """« Des 690 reçus, 15 sont illisibles, 80 insuffisants, 12 non lus ; 40 promettent un stock sous le dû, 22 n'annoncent aucune mesure. »."""
    if not received:
        return ""
    count = {key: sum(row["plan_state"] == key for row in received) for key in GROUPS}
    judged = [
        fr.plural(count["illisible"], "est illisible", "sont illisibles"),
        fr.plural(count["insuffisant"], "insuffisant", "insuffisants"),
        fr.plural(count["non_lu"], "non lu", "non lus"),
    ]
    under = sum(row["is_under_duty"] is True for row in received)
    silent = sum(row["is_without_measure"] is True for row in received)
    lacks = [
        fr.plural(under, "promet un stock sous le dû", "promettent un stock sous le dû"),
        fr.plural(silent, "n'annonce aucune mesure", "n'annoncent aucune mesure"),
    ]
    whole = "Du plan reçu" if len(received) == 1 else f"Des {fr.number(len(received))} reçus"
    return f"{whole}, {', '.join(judged)} ; {', '.join(lacks)}."


def months(value: float | None) -> str:
    """``2 mois``, ``1,5 mois``; empty when nothing is written."""
    if value is None or fr.missing(value):
        return ""
    return f"{fr.number(value, 0 if float(value).is_integer() else 1)} mois"


def stock(row: Row) -> str:
    """What is promised against what is due: « 1 mois promis, 2 dus »."""
    said = months(row["safety_stock_months"])
    due = "aucun stock dû" if fr.missing(row["duty_months"]) else f"{months(row['duty_months'])} dus"
    return f"{said} promis, {due}" if said else due
