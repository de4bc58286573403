"""Sentences of the page of safety stocks, and the columns it exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pages.components import format as fr

Row = Mapping[str, Any]

MASKED = "Les stocks d'un laboratoire sont masqués sur cet écran (secret des affaires)."
CAUTION = (
    "Stock dû par spécialité : ses boîtes sont additionnées dans l'unité que partagent leurs tailles. Stocks et ventes saisis par "
    "les laboratoires : ces écarts désignent où demander, ils ne constatent pas un manquement. Une déclaration ouverte, rupture "
    "ou risque de rupture, n'exonère pas et ne retire aucune ligne."
)
SHORT_CAUTION = (
    "Saisi par les laboratoires : ces écarts désignent où demander, ils ne constatent pas un manquement ; une déclaration "
    "ouverte n'exonère pas."
)
GROUPS = {
    "dessous": "Sous le seuil",
    "tenu": "Au seuil ou au-dessus",
    "retard": "Relevé en retard",
    "inconnu": "Non calculable",
}
DUTIES = {
    "règle générale": "Règle générale",
    "liste 4 mois": "Liste « 4 mois »",
    "décision": "Décision de l'ANSM",
}
STATES = {
    "a_jour": "À jour",
    "estime": "Estimé",
    "en_retard": "En retard",
    "non_pertinente": "Non calculable (ventes ou tailles de boîte)",
    "absent": "Aucun relevé",
}
# What crosses stocks with declarations, by the key of the address.
CROSSINGS = {
    "non-declare": ("is_undeclared", "Sous le seuil, non déclarée"),
    "revenu": ("is_back", "Déclarée, stock revenu"),
    "quatre-mois": ("is_candidate", "Candidate à quatre mois"),
}
# The same, short enough to stand beside the states.
SHORT_CROSSINGS = {"non-declare": "Non déclarée", "revenu": "Stock revenu", "quatre-mois": "Candidate à 4 mois"}
_SENTENCES = {
    "non-declare": (
        "spécialité est sous son stock de sécurité sans déclaration ouverte",
        "spécialités sont sous leur stock de sécurité sans déclaration ouverte",
    ),
    "revenu": (
        "spécialité garde une déclaration ouverte alors que le stock est revenu",
        "spécialités gardent une déclaration ouverte alors que le stock est revenu",
    ),
    "quatre-mois": (
        "spécialité est candidate à un stock de quatre mois",
        "spécialités sont candidates à un stock de quatre mois",
    ),
}
TWIN = {
    "cis": "CIS",
    "denomination": "Spécialité",
    "laboratory": "Laboratoire",
    "dci": "DCI",
    "duty_label": "Obligation",
    "duty_months": "Stock dû (mois de ventes)",
    "months": "Stock détenu (mois de ventes)",
    "unit_word": "Unité commune aux boîtes",
    "stock_units": "Stock (dans cette unité)",
    "monthly_units": "Ventes mensuelles de référence (dans cette unité)",
    "boxes": "Présentations relevées",
    "boxes_marketed": "Présentations commercialisées",
    "reference_origin": "Origine de la référence",
    "reference_weeks": "Semaines de ventes lues",
    "excluded_weeks": "Semaines exclues (mois exceptionnels)",
    "missing_units": "Unités manquantes",
    "days_under": "Jours sous le seuil",
    "days_known": "Jours connus sur la période",
    "days_unknown": "Jours sans relevé sur la période",
    "lowest_months": "Plus bas sur la période (mois)",
    "under_since_on": "Sous le seuil depuis la semaine du",
    "measured_on": "Relevé du",
    "state_label": "État du chiffre",
    "state_reason": "Motif de l'état",
    "declaration_nos": "Déclarations ouvertes (n'exonèrent pas)",
    "back_nos": "Ouvertes alors que le stock est revenu",
    "back_weeks": "Semaines au seuil depuis le retour",
    "declared_months": "Mois avec une déclaration (deux années civiles précédentes)",
    "known_months": "Mois connus de ces deux années (sur 24)",
    "manual_reason": "Référence manuelle du sujet (non appliquée ici)",
}
BOXES = {
    "cip13": "CIP13",
    "denomination": "Spécialité",
    "presentation_label": "Présentation",
    "laboratory": "Laboratoire",
    "units": "Unités par boîte",
    "unit_word": "Unité",
    "size_origin": "Origine de la taille",
    "size_reason": "Motif de la taille saisie",
    "size_author": "Saisie par",
    "stock_boxes": "Stock (boîtes)",
    "monthly_boxes": "Ventes mensuelles de référence (boîtes)",
    "months": "Stock de la présentation seule (mois de ventes)",
    "measured_on": "Relevé du",
    "state_label": "État",
}
WEEKS = {
    "cis": "CIS",
    "denomination": "Spécialité",
    "week": "Semaine du",
    "unit_word": "Unité commune aux boîtes",
    "stock_units": "Stock (dans cette unité)",
    "monthly_units": "Ventes mensuelles de référence (dans cette unité)",
    "months": "Stock (mois de ventes)",
    "duty_months": "Stock dû (mois)",
    "state_label": "État",
}


def months(value: float | None) -> str:
    """``1.96`` → ``1,9 mois``: rounded downwards, so that a stock under its duty is never written at it."""
    if value is None or fr.missing(value):
        return fr.UNKNOWN
    return f"{fr.number(int(float(value) * 10 + 1e-9) / 10, 1)} mois"


def owed(value: float) -> str:
    """``2 mois``; a decision may say half a month."""
    return f"{fr.number(value, 0 if float(value).is_integer() else 1)} mois"


def labelled(table: pd.DataFrame) -> pd.DataFrame:
    """Same rows with duty and state in French words."""
    named = table.assign(state_label=table["figure_state"].map(STATES))
    return named.assign(duty_label=named["duty_origin"].map(DUTIES)) if "duty_origin" in named else named


def sentence(rows: Sequence[Row], crossing: str = "", *, is_filtered: bool = False) -> tuple[str, str]:
    """How many are under, of how many known, how far; then how many nobody knows.

    crossing: one of ``CROSSINGS``, whose lines are then what the answer counts. is_filtered: the reader keeps a part.
    """
    if not rows:
        found = "ne passe ces filtres" if is_filtered else "soumise à un stock de sécurité n'est connue"
        return "", f"Aucune spécialité {found}."
    if crossing:
        return _crossing(rows, crossing), ""
    under = [row for row in rows if row["group"] == "dessous"]
    known = len(under) + sum(row["group"] == "tenu" for row in rows)
    unknown = len(rows) - known
    if not known:
        silent = fr.plural(unknown, "spécialité est", "spécialités sont")
        return "", f"Aucun stock de sécurité ne peut être vérifié : {silent} sans chiffre à jour."
    whose = "sont sous leur" if len(under) > 1 else "est sous son"
    far = sum(row["months"] < 1 for row in under)
    deep = f", dont {fr.number(far)} à moins d'un mois de ventes" if far else ""
    lead = f"Sur {fr.plural(known, 'spécialité relevée', 'spécialités relevées')}, {fr.number(len(under))} {whose} stock de sécurité{deep}."
    others = (
        f"{fr.plural(unknown, 'autre est', 'autres sont')} sans chiffre à jour : ni tenues ni manquées."
        if unknown
        else ""
    )
    return lead, others


def _crossing(rows: Sequence[Row], crossing: str) -> str:
    """Lines of one crossing, counted among those that pass the other filters."""
    column, _ = CROSSINGS[crossing]
    count = sum(bool(row[column]) for row in rows)
    return (
        f"{fr.plural(count, *_SENTENCES[crossing])}."
        if count
        else f"Aucune spécialité : {CROSSINGS[crossing][1].lower()}."
    )
