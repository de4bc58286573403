"""Sentences of the page of discontinuations, and the columns it exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pages.components import format as fr

Row = Mapping[str, Any]

NONE_TO_COME = "Aucun arrêt de commercialisation à venir n'est annoncé."
NONE = "Aucun arrêt de commercialisation n'est connu."
_COUNTED = {"a-venir": ("arrêt à venir", "arrêts à venir"), "effectifs": ("arrêt effectif", "arrêts effectifs"),
            "tous": ("arrêt annoncé", "arrêts annoncés")}  # fmt: skip
WHEN = {"a-venir": "À venir", "effectifs": "Effectifs", "tous": "Tous"}
VIEWS = {
    "tous": "Tous les arrêts",
    "mitm": "MITM",
    "a-transmettre": "À soumettre à la direction médicale, pas encore examinés",
    "preavis-court": "MITM, préavis de moins d'un an",
    "autres-courts": "Couverture des autres dégradée",
}
# The same, short enough to stand side by side above the list.
SHORT_VIEWS = {"tous": "Tous", "mitm": "MITM", "a-transmettre": "À examiner", "preavis-court": "Préavis court (MITM)",
               "autres-courts": "Autres dégradées"}  # fmt: skip
REASON = {
    "commerciale": "raison commerciale",
    "industrielle": "raison industrielle",
    "réglementaire": "raison réglementaire",
    "qualité": "défaut qualité",
    "autre": "autre raison",
}
TWIN = {
    "stop_no": "Dossier",
    "denomination": "Spécialité",
    "presentation_label": "Présentation (vide : toute la spécialité)",
    "cis": "CIS",
    "cip13": "CIP13",
    "dci": "DCI",
    "laboratory": "Laboratoire",
    "declared_on": "Déclaré le",
    "stop_on": "Arrêt le",
    "first_stop_on": "Date annoncée d'abord",
    "notice_days": "Préavis (j)",
    "days_left": "Jours restants",
    "is_short_notice": "MITM, préavis de moins d'un an",
    "reason": "Motif",
    "is_mitm": "MITM",
    "lists": "Listes",
    "is_to_refer": "À soumettre à la direction médicale",
    "review_rule": "Règle (IGAS, § 293–294)",
    "review": "Examen",
    "share_town_pct": "Part déclarée en ville (%)",
    "share_hospital_pct": "Part déclarée à l'hôpital (%)",
    "sales_share_pct": "Part calculée, 52 semaines (%)",
    "open_declarations": "Déclarations ouvertes sur la DCI",
    "open_ruptures": "dont ruptures",
    "other_stops": "Autres arrêts sur la DCI",
    "others": "Présentations restantes",
    "others_reported": "dont relevées",
    "others_before_days": "Couverture des autres avant (j)",
    "others_after_days": "Couverture des autres après (j)",
    "alternatives": "Alternatives selon le laboratoire",
}
TRANSFER = {
    "denomination": "Spécialité",
    "presentation_label": "Présentation",
    "cip13": "CIP13",
    "laboratory": "Laboratoire",
    "form_kind": "Forme",
    "stock_boxes": "Stock (boîtes)",
    "daily_boxes": "Ventes avant (boîtes par jour)",
    "share_pct": "Part des ventes restantes (%)",
    "units_per_box": "Unités par boîte",
    "unit_word": "Unité commune",
    "moved_daily_boxes": "Report (boîtes par jour)",
    "daily_after_boxes": "Ventes après (boîtes par jour)",
    "coverage_before_days": "Couverture avant (j)",
    "coverage_after_days": "Couverture après (j)",
    "declaration_nos": "Déclarations ouvertes",
    "stops_on": "S'arrête aussi le",
}


BY_DCI = {
    "dci": "DCI",
    "when_label": "Quand",
    "first_month": "Premier arrêt (mois du)",
    "stops": "Arrêts annoncés",
    "is_mitm": "MITM",
    "to_refer": "À soumettre à la direction médicale",
    "short_notices": "MITM, préavis de moins d'un an",
    "share_band": "Plus grande part de marché d'un arrêt, écrite ou calculée",
}


def by_dci(table: pd.DataFrame) -> pd.DataFrame:
    """Lines for readers who may not see laboratories, with words for what is over."""
    return (
        table
        if table.empty
        else table.assign(when_label=table["is_effective"].map({True: "effectif", False: "à venir"}))
    )


def by_dci_sentence(table: pd.DataFrame) -> str:
    """How many DCI lose something, and how many of them are MITM."""
    coming = table[~table["is_effective"].astype(bool)] if not table.empty else table
    if coming.empty:
        return NONE_TO_COME
    listed = fr.plural(int(coming["is_mitm"].sum()), "concerne un MITM", "concernent un MITM")
    return f"{fr.plural(len(coming), 'DCI a un arrêt à venir', 'DCI ont un arrêt à venir')} ; {listed}."


def name(row: Row) -> str:
    """What stops, by its name or by its code when the referential does not know it."""
    if not fr.missing(row["denomination"]):
        return str(row["denomination"])
    code = row["cip13"] if not fr.missing(row["cip13"]) else row["cis"]
    return f"{code}, hors référentiel"


def sentence(rows: Sequence[Row], when: str, whole: int | None = None) -> str:
    """How many, on what, how many wait for an examination; of ``whole`` when filters keep a part of them."""
    if not rows:
        return "Aucun arrêt ne passe ces filtres." if whole else NONE_TO_COME if when == "a-venir" else NONE
    one, many = _COUNTED[when]
    among = "" if whole is None else f" sur {fr.number(whole)}"
    mitm = sum(bool(row["is_mitm"]) for row in rows)
    head = f"{fr.plural(len(rows), one, many)}{among}, dont {fr.number(mitm)} de MITM"
    waiting = sum(is_waiting(row) for row in rows if not row["is_effective"])
    return (
        f"{head} ; {fr.plural(waiting, 'attend', 'attendent')} un examen par la direction médicale."
        if waiting
        else f"{head}."
    )


def heaviest(rows: Sequence[Row]) -> str:
    """The stop that weighs most on its DCI; empty when no share is calculated."""
    known = [row for row in rows if not fr.missing(row["sales_share_pct"])]
    if not known:
        return ""
    first = max(known, key=lambda row: float(row["sales_share_pct"]))
    share = f"{fr.percent(first['sales_share_pct'], bounds=[float(first['stop_share_pct'])])} des ventes de sa DCI"
    outcome = "" if first["is_effective"] else after(first)
    return (
        f"Le plus lourd : {name(first)} ({share}), le {fr.day(first['stop_on'])}{f' ; {outcome}' if outcome else ''}."
    )


def after(row: Row) -> str:
    """What the others go from and to, when both are known."""
    if fr.missing(row["others_before_days"]) or fr.missing(row["others_after_days"]):
        return ""
    return f"les autres passeraient de {fr.days(row['others_before_days'])} à {fr.days(row['others_after_days'])} de couverture"


def answer(row: Row) -> tuple[str, str]:
    """What becomes of the demand of one stop; then what stops, and when."""
    when = "s'est arrêté" if row["is_effective"] else "doit s'arrêter"
    return f"{_capital(_outcome(row))}.", f"{name(row)} ({row['laboratory']}) {when} le {fr.day(row['stop_on'])}."


def _outcome(row: Row) -> str:
    if not row["is_known"]:
        return "code inconnu du référentiel, rien ne peut être croisé"
    if not row["others"]:
        return "aucune autre présentation de même DCI, voie et forme ne resterait"
    if fr.missing(row["load_daily_units"]):
        return "ses ventes ne sont pas relevées, le report ne se calcule pas"
    if not row["load_daily_units"]:
        return "ses ventes sont déjà à zéro, il ne reste rien à reporter"
    if not row["others_reported"]:
        return "aucune des présentations restantes n'est relevée, le report ne se calcule pas"
    load = _counted(row["load_daily_units"], str(row["unit_word"]))
    others = fr.plural(row["others_reported"], "présentation relevée", "présentations relevées")
    transfer = f"{load} par jour iraient à {others}"
    return " ; ".join(part for part in (transfer, after(row)) if part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def arithmetic(row: Row) -> str:
    """The calculation of the whole, figure by figure."""
    if fr.missing(row["others_after_days"]) or not row["load_daily_units"]:
        return ""
    stock, sold, load = (row[key] for key in ("others_stock_units", "others_daily_units", "load_daily_units"))
    return (
        f"Les autres ensemble : {_counted(stock, str(row['unit_word']))} ÷ {fr.number(sold)} par jour = {fr.days(row['others_before_days'])} ; "
        f"après : {fr.number(stock)} ÷ ({fr.number(sold)} + {fr.number(load)}) = {fr.days(row['others_after_days'])}."
    )


def _counted(value: float, unit: str) -> str:
    """« 12 450 comprimés ou gélules »."""
    return fr.plural(value, unit, _plural(unit))


def _plural(unit: str) -> str:
    """A unit of measure has none."""
    return " ou ".join(word if word in ("ml", "g", "UI", "MBq") else f"{word}s" for word in unit.split(" ou "))


def reserves(unreported: int, unit: str) -> str:
    """What the figures of the transfer do not know."""
    sizes = "de tailles différentes : une boîte vaut une boîte" if unit == "boîte" else f"comptées en {_plural(unit)}"
    known = f"Boîtes {sizes} ; le dosage ne compte pas. Chaque arrêt est calculé seul."
    if not unreported:
        return known
    count = fr.plural(unreported, "autre présentation commercialisée n'a", "autres présentations commercialisées n'ont")
    whom = "lui" if unreported == 1 else "leur"
    return f"{count} pas de relevé à jour : rien ne {whom} est attribué, le report des autres est donc un majorant. {known}"


def is_waiting(row: Row) -> bool:
    """To be examined by the medical direction, and not yet."""
    return bool(row["is_to_refer"]) and row["review"] != "examiné"


def is_viewed(row: Row, when: str, view: str) -> bool:
    """Whether a stop is in one of ``WHEN`` and one of ``VIEWS``."""
    if when != "tous" and bool(row["is_effective"]) != (when == "effectifs"):
        return False
    if view == "autres-courts":
        return not fr.missing(row["others_worse"]) and row["others_worse"] > 0
    column = {"mitm": "is_mitm", "preavis-court": "is_short_notice"}.get(view)
    return bool(row[column]) if column else view == "tous" or is_waiting(row)
