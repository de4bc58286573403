"""What the page of discontinuations says in words, and the columns it gives away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components.charts import figures

WHEN = {"a-venir": "À venir", "effectifs": "Effectifs", "tous": "Tous"}
VIEWS = {
    "tous": "Tous les arrêts",
    "mitm": "MITM",
    "a-transmettre": "À soumettre à la direction médicale, pas encore examinés",
    "preavis-court": "MITM, préavis de moins d'un an",
    "autres-courts": "Couverture des autres dégradée",
}
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
    "others_told": "dont relevées",
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
        return "Aucun arrêt de commercialisation à venir n'est annoncé."
    listed = fr.plural(int(coming["is_mitm"].sum()), "concerne un MITM", "concernent un MITM")
    return f"{fr.plural(len(coming), 'DCI a un arrêt à venir', 'DCI ont un arrêt à venir')} ; {listed}."


def name(row: Mapping[str, Any]) -> str:
    """What stops, by its name or by its code when the referential does not know it."""
    if not fr.missing(row["denomination"]):
        return str(row["denomination"])
    code = row["cip13"] if not fr.missing(row["cip13"]) else row["cis"]
    return f"{code}, hors référentiel"


def sentence(table: pd.DataFrame) -> str:
    """How many are to come, on what; then the one that weighs most."""
    coming = table[~table["is_effective"].astype(bool)] if len(table) else table
    if coming.empty:
        return "Aucun arrêt de commercialisation à venir n'est annoncé."
    mitm = int(coming["is_mitm"].sum())
    told = f"{fr.plural(len(coming), 'arrêt à venir', 'arrêts à venir')}, dont {fr.number(mitm)} de MITM"
    waiting = int((coming["is_to_refer"] & (coming["review"] != "examiné")).sum())
    told += f" ; {fr.plural(waiting, 'attend', 'attendent')} un examen par la direction médicale" if waiting else ""
    known = coming.dropna(subset=["sales_share_pct"])
    if known.empty:
        return f"{told}."
    first = figures.records(known.sort_values("sales_share_pct", ascending=False).head(1))[0]
    share = f"{fr.percent(first['sales_share_pct'], bounds=[float(first['stop_share_pct'])])} des ventes de sa DCI"
    return f"{told}. Le plus lourd : {first['denomination']} ({share}), le {fr.day(first['stop_on'])}{after(first)}."


def after(row: Mapping[str, Any]) -> str:
    """What the others go from and to, when both are known."""
    if fr.missing(row["others_before_days"]) or fr.missing(row["others_after_days"]):
        return ""
    return f" ; les autres passeraient de {fr.days(row['others_before_days'])} à {fr.days(row['others_after_days'])} de couverture"


def answer(row: Mapping[str, Any]) -> str:
    """One stop in a sentence: when, and what becomes of its demand."""
    when = (
        f"s'est arrêté le {fr.day(row['stop_on'])}"
        if row["is_effective"]
        else f"doit s'arrêter le {fr.day(row['stop_on'])}"
    )
    told = f"{name(row)} ({row['laboratory']}) {when}"
    if not row["is_known"]:
        return f"{told} : code inconnu du référentiel, rien ne peut être croisé."
    if not row["others"]:
        return f"{told} : aucune autre présentation de même DCI, voie et forme ne resterait."
    if fr.missing(row["load_daily_units"]):
        return f"{told} : ses ventes ne sont pas relevées, le report ne se calcule pas."
    if not row["load_daily_units"]:
        return f"{told} : ses ventes sont déjà à zéro, il ne reste rien à reporter."
    if not row["others_told"]:
        return f"{told} : aucune des présentations restantes n'est relevée, le report ne se calcule pas."
    load = _counted(row["load_daily_units"], str(row["unit_word"]))
    others = fr.plural(row["others_told"], "présentation relevée", "présentations relevées")
    return f"{told} : {load} par jour iraient à {others}{after(row)}."


def arithmetic(row: Mapping[str, Any]) -> str:
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


def reserves(untold: int, unit: str) -> str:
    """What the figures of the transfer do not know."""
    sizes = "de tailles différentes : une boîte vaut une boîte" if unit == "boîte" else f"comptées en {_plural(unit)}"
    known = f"Boîtes {sizes} ; le dosage ne compte pas. Chaque arrêt est calculé seul."
    if not untold:
        return known
    count = fr.plural(untold, "autre présentation commercialisée n'a", "autres présentations commercialisées n'ont")
    whom = "lui" if untold == 1 else "leur"
    return f"{count} pas de relevé à jour : rien ne {whom} est attribué, le report des autres est donc un majorant. {known}"


def viewed(table: pd.DataFrame, when: str, view: str) -> pd.DataFrame:
    """Rows of one of ``WHEN`` and one of ``VIEWS``."""
    kept = table if when == "tous" else table[table["is_effective"].astype(bool) == (when == "effectifs")]
    if view == "mitm":
        return kept[kept["is_mitm"]]
    if view == "a-transmettre":
        return kept[kept["is_to_refer"] & (kept["review"] != "examiné")]
    if view == "preavis-court":
        return kept[kept["is_short_notice"]]
    return kept[kept["others_worse"] > 0] if view == "autres-courts" else kept
