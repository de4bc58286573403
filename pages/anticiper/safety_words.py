"""What the page of safety stocks says in words, and the columns it gives away."""

from __future__ import annotations

import pandas as pd

from pages.components import format as fr

MASKED = "Les stocks d'un laboratoire sont masqués sur cet écran (secret des affaires)."
CAUTION = (
    "Stock dû par spécialité : ses boîtes sont additionnées dans l'unité que partagent leurs tailles. Stocks et ventes saisis par "
    "les laboratoires : ces écarts désignent où demander, ils ne constatent pas un manquement. Une déclaration ouverte, rupture "
    "ou risque de rupture, n'exonère pas et ne retire aucune ligne."
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


def sentence(table: pd.DataFrame) -> str:
    """How many are under, of how many known, how far; then how many nobody knows."""
    if table.empty:
        return "Aucune spécialité soumise à un stock de sécurité n'est connue."
    under, held = ((table["group"] == name) for name in ("dessous", "tenu"))
    known, unknown = int((under | held).sum()), int((~under & ~held).sum())
    others = f"{fr.plural(unknown, 'autre est', 'autres sont')} sans chiffre à jour : ni tenues ni manquées"
    if not known:
        return f"Aucun stock de sécurité ne peut être vérifié : {fr.plural(unknown, 'spécialité est', 'spécialités sont')} sans chiffre à jour."
    count = int(under.sum())
    whose = "sont sous leur" if count > 1 else "est sous son"
    far = int((under & (table["months"] < 1)).sum())
    deep = f", dont {fr.number(far)} à moins d'un mois de ventes" if far else ""
    told = f"Sur {fr.plural(known, 'spécialité relevée', 'spécialités relevées')}, {fr.number(count)} {whose} stock de sécurité{deep}"
    crossed = _crossed(table)
    return f"{told}{f' ; {others}' if unknown else ''}.{f' {crossed}' if crossed else ''}"


def _crossed(table: pd.DataFrame) -> str:
    """What declarations add to stocks: those that lack one, those that keep one."""
    undeclared, back = int(table["is_undeclared"].sum()), int(table["is_back"].sum())
    parts = []
    if undeclared:
        parts.append(f"{fr.plural(undeclared, 'est sous son seuil', 'sont sous leur seuil')} sans déclaration ouverte")
    if back:
        kept = fr.plural(back, "garde une déclaration ouverte", "gardent une déclaration ouverte")
        parts.append(f"{kept} alors que le stock est revenu")
    return f"{' ; '.join(parts)}." if parts else ""
