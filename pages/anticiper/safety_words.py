"""What the page of safety stocks says in words, and the columns it gives away."""

from __future__ import annotations

import pandas as pd

from pages.components import format as fr

MASKED = "Les stocks d'un laboratoire sont masqués sur cet écran (secret des affaires)."
CAUTION = (
    "Stocks et ventes saisis par les laboratoires, relevés une fois par semaine : ces écarts désignent où demander, ils ne "
    "constatent pas un manquement. Un dossier ouvert, rupture ou risque de rupture, n'exonère pas et ne retire aucune ligne."
)
GROUPS = {
    "dessous": "Sous le seuil",
    "tenu": "Au seuil ou au-dessus",
    "retard": "Relevé en retard",
    "inconnu": "Sans relevé ou sans vente",
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
    "non_pertinente": "Non pertinent (aucune vente)",
    "absent": "Aucun relevé",
}
TWIN = {
    "cip13": "CIP13",
    "cis": "CIS",
    "denomination": "Spécialité",
    "presentation_label": "Présentation",
    "laboratory": "Laboratoire",
    "dci": "DCI",
    "duty_label": "Obligation",
    "duty_months": "Stock dû (mois de ventes)",
    "months": "Stock détenu (mois de ventes)",
    "stock_boxes": "Stock (boîtes)",
    "monthly_boxes": "Ventes mensuelles de référence (boîtes)",
    "reference_origin": "Origine de la référence",
    "reference_weeks": "Semaines de ventes lues",
    "excluded_weeks": "Semaines exclues (mois exceptionnels)",
    "missing_boxes": "Boîtes manquantes",
    "days_under": "Jours sous le seuil",
    "days_known": "Jours connus sur la période",
    "days_unknown": "Jours sans relevé sur la période",
    "lowest_months": "Plus bas sur la période (mois)",
    "under_since_on": "Sous le seuil depuis la semaine du",
    "measured_on": "Relevé du",
    "state_label": "État du chiffre",
    "state_reason": "Motif de l'état",
    "declaration_nos": "Déclarations ouvertes (n'exonèrent pas)",
    "manual_reason": "Référence manuelle du sujet (non appliquée ici)",
}
WEEKS = {
    "cip13": "CIP13",
    "denomination": "Spécialité",
    "presentation_label": "Présentation",
    "week": "Semaine du",
    "stock_boxes": "Stock (boîtes)",
    "monthly_boxes": "Ventes mensuelles de référence (boîtes)",
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


def sentence(table: pd.DataFrame) -> str:
    """How many are under, of how many known, how far; then how many nobody knows."""
    if table.empty:
        return "Aucune présentation soumise à un stock de sécurité n'est connue."
    under, held = ((table["group"] == name) for name in ("dessous", "tenu"))
    known, unknown = int((under | held).sum()), int((~under & ~held).sum())
    others = f"{fr.plural(unknown, 'autre est', 'autres sont')} sans relevé à jour : ni tenues ni manquées"
    if not known:
        return f"Aucun stock de sécurité ne peut être vérifié : {fr.plural(unknown, 'présentation est', 'présentations sont')} sans relevé à jour."
    count = int(under.sum())
    whose = "sont sous leur" if count > 1 else "est sous son"
    far = int((under & (table["months"] < 1)).sum())
    deep = f", dont {fr.number(far)} à moins d'un mois de ventes" if far else ""
    told = f"Sur {fr.plural(known, 'présentation relevée', 'présentations relevées')}, {fr.number(count)} {whose} stock de sécurité{deep}"
    return f"{told} ; {others}." if unknown else f"{told}."
